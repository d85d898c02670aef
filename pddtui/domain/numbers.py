"""The numbers of cases: one that was given twice, on two machines, is settled once and the same everywhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import structs

from pddtui.domain.case import Case
from pddtui.domain.history import Change, Patch, fingerprint, heads, link
from pddtui.domain.union import on_record

__all__ = ["numbered", "renumbered"]

_HIGHEST = 9_999_999
"""A case with a higher number gets another one, so that counting on from the highest never ends."""


def renumbered(cases: Mapping[str, Case], gone: Iterable[str], others: Iterable[str] = ()) -> dict[str, Case]:
    """The cases, by id, that need another number than they have, with it.

    `gone` are the numbers of cases that were erased, which nobody may have, `others` those of all other cases. Who was
    typed in first keeps the number.
    """
    erased = set(gone)
    taken = {*erased, *others, *(case.ref for case in cases.values())}
    sharing: dict[str, list[Case]] = {}
    for case in cases.values():
        sharing.setdefault(case.ref, []).append(case)
    found: dict[str, Case] = {}
    for ref, owners in sorted(sharing.items()):
        nobody = ref in erased or _number(ref) > _HIGHEST
        for case in sorted(owners, key=lambda case: (case.recorded_at, case.id))[0 if nobody else 1 :]:
            free = _free(ref, taken)
            taken.add(free)
            found[case.id] = numbered(case, free)
    return found


def numbered(case: Case, ref: str) -> Case:
    """The case with that number, which is on record as what any machine would have done that knows as much of it."""
    case = on_record(case)
    known = heads(case.history)
    change = Change(
        id=f"N{fingerprint([case.id, known, ref])[:25].upper()}",
        at=max(each.at for each in case.history),
        action="number",
        patches=(Patch(("ref",), case.ref, ref),),
    )
    history = (*case.history, link(case.history, change))
    return structs.replace(case, ref=ref, history=history, revision=max(case.revision + 1, len(history)))


def _number(ref: str) -> int:
    last = ref.rpartition("-")[2]
    return int(last) if last.isdecimal() else 0


def _free(ref: str, taken: Collection[str]) -> str:
    year, _, _ = ref.rpartition("-")
    used = (_number(each) for each in taken if each.startswith(f"{year}-"))
    return f"{year}-{max((each for each in used if each <= _HIGHEST), default=0) + 1:04d}"
