"""The JSON export: everything the file says of a case, and the schema that describes it.

`format` and `version` name the promise to scripts: within one version a field is always there (null when
empty), and fields are added, never removed or renamed. Sums are decimal strings with two places. The schema is made
from the same values as the export, so that the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Literal

import msgspec
from msgspec import Struct

from pddtui.domain.case import Case, Turn
from pddtui.domain.fields import CASE, value_of, with_values
from pddtui.domain.ladder import current_rung
from pddtui.domain.mask import MaskLevel
from pddtui.domain.rules import Rules
from pddtui.domain.silence import silences
from pddtui.domain.text import inert_json
from pddtui.domain.threads import case_turn, threads_of
from pddtui.domain.workdays import Calendar
from pddtui.services.json_rows import CaseRow, DueRow, PhraseAnswer, ThreadRow, thread_rows

__all__ = ["FORMAT", "LINE", "VERSION", "Export", "Layout", "exported", "json_pieces", "schema", "to_json"]

FORMAT: Literal["pddtui.export"] = "pddtui.export"
LINE: Literal["pddtui.case"] = "pddtui.case"
VERSION: Literal[2] = 2

_CENT = Decimal("0.01")
_SUMS = tuple(field for field in CASE if field.kind == "sum")

_PIECE = 1 << 18
"""Bytes that are gathered before they are handed on."""


class ExportedCase(Case, frozen=True, kw_only=True):
    """A case as it leaves the file: as stored, with what follows from it."""

    turn: Turn
    rung: str | None
    """Rung id: the highest rung the case was taken to."""
    threads: tuple[ThreadRow, ...]
    """Each addressee that was asked, as it stood when the export was made."""


class ErasedCase(Struct, frozen=True, kw_only=True):
    """What is left of a case that was erased for good."""

    id: str
    ref: str


class Export(Struct, frozen=True, kw_only=True):
    """A whole export."""

    format: Literal["pddtui.export"] = FORMAT
    version: Literal[2] = VERSION
    exported_at: datetime
    mask: MaskLevel = "none"
    """How much is hidden. What is hidden is gone: only an export at `none` can be taken in again."""
    erased: tuple[ErasedCase, ...] = ()
    """In an export of everything that hides nothing: the cases that were erased for good, as no copy brings back."""
    cases: tuple[ExportedCase, ...]


class _Label(Struct, frozen=True, kw_only=True):
    """What a case says of itself that is exported on a line of its own."""

    format: Literal["pddtui.case"] = LINE
    version: Literal[2] = VERSION
    exported_at: datetime
    mask: MaskLevel


class _Follows(Struct, frozen=True):
    """What an exported case says more than the stored one, behind everything else."""

    turn: Turn
    rung: str | None
    threads: tuple[ThreadRow, ...]


def exported(case: Case, rules: Rules, at: datetime, calendar: Calendar) -> ExportedCase:
    """The case as it leaves the file at that moment."""
    tidy, more = _tidied(case), _follows(case, rules, at, calendar)
    fields = {name: getattr(tidy, name) for name in tidy.__struct_fields__}
    return ExportedCase(**fields, turn=more.turn, rung=more.rung, threads=more.threads)


def to_json(
    cases: Iterable[Case],
    rules: Rules,
    at: datetime,
    mask: MaskLevel = "none",
    *,
    calendar: Calendar,
    erased: Mapping[str, str] = MappingProxyType({}),
) -> bytes:
    """The export of `cases`, masked at `mask`, made at `at`, as UTF-8 JSON. `erased`: id and number of what is gone."""
    return b"".join(_envelope(cases, _Making(rules, at, mask, calendar), erased))


Layout = Literal["compact", "pretty", "lines"]
"""All on one line; every value on a line of its own; every case on one, without anything around them."""


def json_pieces(
    cases: Iterable[Case],
    rules: Rules,
    at: datetime,
    mask: MaskLevel = "none",
    *,
    calendar: Calendar,
    erased: Mapping[str, str] = MappingProxyType({}),
    layout: Layout = "compact",
) -> Iterator[bytes]:
    """The text of an export piece by piece, without ever making an `Export`; it ends with a line's end."""
    making = _Making(rules, at, mask, calendar)
    match layout:
        case "compact":
            yield from _envelope(cases, making, erased)
            yield b"\n"
        case "pretty":
            yield msgspec.json.format(b"".join(_envelope(cases, making, erased)), indent=2)
            yield b"\n"
        case "lines":
            for case in cases:
                yield b"%s,%s\n" % (making.document(case)[:-1], making.label)


class _Making:
    """Makes the JSON of single cases, all in the same way."""

    def __init__(self, rules: Rules, at: datetime, mask: MaskLevel, calendar: Calendar) -> None:
        self.at = at
        self.mask: MaskLevel = mask
        self._rules = rules
        self._calendar = calendar
        self._encoder = msgspec.json.Encoder()
        self.label = self._encoder.encode(_Label(exported_at=at, mask=mask))[1:]
        """What a case says of itself that stands alone, from behind the opening brace."""

    def document(self, case: Case) -> bytes:
        follows = self._encoder.encode(_follows(case, self._rules, self.at, self._calendar))
        return inert_json(self._encoder.encode(_tidied(case))[:-1] + b"," + follows[1:])


def _envelope(cases: Iterable[Case], making: _Making, erased: Mapping[str, str]) -> Iterator[bytes]:
    gone = tuple(ErasedCase(id=case_id, ref=ref) for case_id, ref in sorted(erased.items()))
    empty = msgspec.json.encode(Export(exported_at=making.at, mask=making.mask, erased=gone, cases=()))
    end = b"]}"
    piece = bytearray(empty.removesuffix(end))
    comma = b""
    for case in cases:
        piece += comma + making.document(case)
        comma = b","
        if len(piece) >= _PIECE:
            yield bytes(piece)
            piece.clear()
    yield bytes(piece) + end


def _follows(case: Case, rules: Rules, at: datetime, calendar: Calendar) -> _Follows:
    rung, threads = current_rung(case, rules), threads_of(case, rules)
    silent = silences(case, threads, at, rules=rules, calendar=calendar, resting=True)
    return _Follows(case_turn(case, threads), rung.id if rung else None, thread_rows(threads, silent, at.tzinfo))


def _tidied(case: Case) -> Case:
    """The case with its sums to the cent; itself when they are so already."""
    odd: dict[str, object] = {}
    for field in _SUMS:
        amount = value_of(field, case)
        if isinstance(amount, Decimal) and amount.as_tuple().exponent != _CENT.as_tuple().exponent:
            odd[field.name] = amount.quantize(_CENT)
    return with_values((field for field in _SUMS if field.name in odd), case, odd) if odd else case


_ROOTS = (Export, CaseRow, DueRow, PhraseAnswer)


def schema() -> dict[str, Any]:
    """The schema of the export; its `$defs` also hold `CaseRow`, `DueRow` and `PhraseAnswer`."""
    (export, *_), components = msgspec.json.schema_components(
        _ROOTS, schema_hook=_anything, ref_template="#/$defs/{name}"
    )
    for component in components.values():
        if "properties" in component:
            component["required"] = list(component["properties"])  # every field is always written
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:pddtui:export:{VERSION}",
        "title": "pddtui export",
        **export,
        "$defs": components,
    }


def _anything(kind: type) -> dict[str, Any]:
    """A patch of the history holds whatever stood there."""
    if kind is object:
        return {"description": "any JSON value"}
    raise NotImplementedError
