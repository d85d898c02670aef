"""Taking an export in: new cases are added, known ones united with ours, all in one save or none of it.

What comes in is a set of changes, and so is what is here: both together are the case, see `pddtui.domain.union`. No
change is made of it, so taking the same file in twice changes nothing the second time, and there is nothing of it to
undo. What both sides changed to something else is a clash, which a person settles; a number that was given twice is
given anew to the younger case, on every machine to the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import difference, holds, tree_of
from pddtui.domain.numbers import renumbered
from pddtui.domain.ports import CaseStore
from pddtui.domain.sequence import out_of_order
from pddtui.domain.union import NoCase, on_record, unite
from pddtui.errors import BadInput
from pddtui.handbook.book import Handbook
from pddtui.message import Message, Words, msg
from pddtui.services.clashes import clash_words, replaced_words
from pddtui.services.words import CHANGE_WORDS, place_words

__all__ = ["Arrival", "take_in"]


class Arrival(Struct, frozen=True, kw_only=True):
    """What an import did to one case, or would do."""

    ref: str
    """Its number here."""
    title: str
    kind: Literal["new", "changed", "unchanged", "erased", "gone"]
    """`erased`: it was erased here for good, and an old copy does not bring it back; `gone`: it was erased there."""
    was: str | None = None
    """Its number before, where that was given twice."""
    places: tuple[Words, ...] = ()
    """Which parts of it changed."""
    replaced: tuple[Message, ...] = ()
    """What stands in it otherwise than before: what it was and what it is."""
    conflicts: tuple[Message, ...] = ()
    """What is to be settled in it: what stands on each side."""
    trashed: bool = False
    """It lies in the trash here now, whatever came."""
    out_of_order: tuple[Message, ...] = ()
    """What stands in it before that of which it is the result, and stood so in no copy that was here. It is kept."""


def take_in(
    store: CaseStore,
    cases: Iterable[Case],
    erased: Iterable[str] = (),
    *,
    handbook: Handbook | None = None,
    dry_run: bool = False,
) -> tuple[Arrival, ...]:
    """Unite `cases` with those of the store; what became of each. A dry run saves nothing and needs no lock.

    `erased` are the ids of those that were erased for good where it came from, and are so here then.

    Raises `BadInput`, with nothing taken, where a change that came is not the one of that id here.
    """
    book = handbook or Handbook()
    if dry_run:
        here = store.cases()
        coming = united_with(here, store.erased(), cases)
        return (*_arrivals(here, coming, book), *_gone(here, erased))
    with store.transaction() as box:
        here = box.cases()
        coming = united_with(here, box.erased(), cases)
        for each in sorted(coming, key=lambda each: each.was is None):  # who gives a number up goes first
            if each.case is not here.get(each.case.id) and not each.erased:
                box.put(each.case)
        gone = tuple(_gone(here, erased))
        for case_id in erased:
            if case_id in here:
                box.erase(case_id)
    return (*_arrivals(here, coming, book), *gone)


def _gone(here: Mapping[str, Case], erased: Iterable[str]) -> Iterator[Arrival]:
    for case_id in erased:
        case = here.get(case_id)
        if case is not None:
            yield Arrival(ref=case.ref, title=case.title, kind="gone")


class _Coming(Struct, frozen=True, kw_only=True):
    """One case after the union."""

    case: Case
    erased: bool = False
    was: str | None = None


def united_with(here: Mapping[str, Case], erased: Mapping[str, str], cases: Iterable[Case]) -> list[_Coming]:
    """The cases that came, united with ours, and those of ours that need another number now."""
    found: dict[str, Case] = {}
    gone: list[Case] = []
    for theirs in sorted(cases, key=lambda case: (case.ref, case.id)):
        ours = here.get(theirs.id)
        if theirs.id in erased:
            gone.append(theirs)
            continue
        if ours is not None and not holds(theirs.history, ours.history):
            raise BadInput(
                msg("The history of {ref} is not the one that is here: somebody changed it. Nothing was imported.",
                    ref=ours.ref)
            )  # fmt: skip
        try:
            found[theirs.id] = on_record(theirs) if ours is None else unite(ours, theirs)
        except NoCase as error:
            raise BadInput(
                msg("The history of {ref} leads to no case: somebody changed it. Nothing was imported.", ref=theirs.ref)
            ) from error
    among = {case.ref for case in found.values()}
    everyone = {**here, **found}
    sharing = {case_id: case for case_id, case in everyone.items() if case.ref in among}
    others = (case.ref for case in everyone.values() if case.ref not in among)
    numbered = renumbered(sharing, erased.values(), others)
    coming = [_Coming(case=numbered.get(case_id, case), was=case.ref if case_id in numbered else None)
              for case_id, case in found.items()]  # fmt: skip
    coming += [_Coming(case=case, was=here[case_id].ref) for case_id, case in numbered.items() if case_id not in found]
    return [*coming, *(_Coming(case=case, erased=True) for case in gone)]


def _arrivals(here: Mapping[str, Case], coming: Iterable[_Coming], book: Handbook) -> Iterator[Arrival]:
    for each in coming:
        case, ours = each.case, here.get(each.case.id)
        if each.erased:
            yield Arrival(ref=case.ref, title=case.title, kind="erased")
            continue
        known = {clash.id for clash in ours.clashes} if ours is not None else set()
        stood = tuple(out_of_order(ours)) if ours is not None else ()
        names: dict[str, None] = {}
        if ours is not None and ours is not case:
            names = dict.fromkeys(patch.path[0] for patch in difference(tree_of(ours), tree_of(case)))
        conflicts = tuple(
            clash_words(clash, case, ours or case, book) for clash in case.clashes if clash.id not in known
        )
        places: tuple[Words, ...] = tuple(place_words((name,), book)[0] for name in names)
        if known - {clash.id for clash in case.clashes} and not conflicts:
            places = (*places, CHANGE_WORDS["settle_clash"])
        yield Arrival(
            ref=case.ref,
            title=case.title,
            kind="new" if ours is None else "changed" if places or conflicts else "unchanged",
            was=each.was,
            trashed=case.trashed_at is not None,
            places=places,
            replaced=tuple(replaced_words(ours, case, book)) if ours is not None and ours is not case else (),
            conflicts=conflicts,
            out_of_order=tuple(wrong for wrong in out_of_order(case) if wrong not in stood),
        )
