"""The JSON export: everything the file says of a case, and who has to act at which rung.

`format` and `version` name the promise to scripts: within one version a field is always there (null when
empty), and fields are added, never removed or renamed. Sums are decimal strings with two places.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec import Struct, structs

from pddtui.domain.case import Case
from pddtui.domain.contact import Turn
from pddtui.domain.ladder import current_rung
from pddtui.domain.mask import Level
from pddtui.domain.rules import Rules
from pddtui.domain.turn import standing

__all__ = ["FORMAT", "VERSION", "Export", "ExportedCase", "exported", "to_json"]

FORMAT: Literal["pddtui.export"] = "pddtui.export"
VERSION: Literal[1] = 1

_CENT = Decimal("0.01")


class ExportedCase(Case, frozen=True, kw_only=True):
    """A case as it leaves the file: as stored, with what follows from it."""

    turn: Turn
    rung: str | None
    """Rung id: the highest rung the case was taken to."""


class Export(Struct, frozen=True, kw_only=True):
    """A whole export."""

    format: Literal["pddtui.export"] = FORMAT
    version: Literal[1] = VERSION
    exported_at: datetime
    mask: Level = "none"
    """How much is hidden. What is hidden is gone: only an export at `none` can be taken in again."""
    cases: tuple[ExportedCase, ...]


def exported(case: Case, rules: Rules) -> ExportedCase:
    """The case as it leaves the file."""
    fields = {name: getattr(case, name) for name in case.__struct_fields__}
    fields["order"] = structs.replace(case.order, amount=_to_the_cent(case.order.amount))
    fields["demand"] = structs.replace(case.demand, amount=_to_the_cent(case.demand.amount))
    if case.outcome is not None:
        fields["outcome"] = structs.replace(case.outcome, recovered=_to_the_cent(case.outcome.recovered))
    rung = current_rung(case, rules)
    return ExportedCase(**fields, turn=standing(case).turn, rung=rung.id if rung else None)


def to_json(cases: Iterable[Case], rules: Rules, at: datetime, mask: Level = "none") -> bytes:
    """The export of `cases`, masked at `mask`, made at `at`, as UTF-8 JSON."""
    return msgspec.json.encode(Export(exported_at=at, mask=mask, cases=tuple(exported(case, rules) for case in cases)))


def _to_the_cent(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else amount.quantize(_CENT)
