"""Taking an export in: new cases are added, known ones merged, clashes worded, all in one save or none of it.

Taking the same file in twice changes nothing the second time. A case whose number is taken here gets the next
free one. A field that both sides changed keeps what stands here; the clash becomes a follow-up, the same one on both
sides, so that it is settled like anything else that is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import reduce
from typing import Literal

import msgspec
from msgspec import Struct, structs

from pddtui.domain import history
from pddtui.domain.case import Case, Contact, FollowUp
from pddtui.domain.duetime import END_OF_DAY
from pddtui.domain.history import Change, Patch
from pddtui.domain.ports import CaseStore
from pddtui.domain.sequence import out_of_order
from pddtui.domain.text import one_line
from pddtui.handbook.book import Handbook
from pddtui.message import Message, Render, Value, Words, msg
from pddtui.services.casebook import IdSource
from pddtui.services.import_.merge import (
    IMPORT,
    CaseMerge,
    Clash,
    Path,
    brought_in,
    is_clash,
    is_thing,
    lesser,
    mark,
    merge_case,
    open_about,
    task_id,
)
from pddtui.services.words import place_words, value_words

__all__ = ["Arrival", "take_in"]

_HIGHEST = 9_999_999
"""A case with a higher number gets another one, so that counting on from the highest never ends."""


class Arrival(Struct, frozen=True, kw_only=True):
    """What an import did to one case, or would do."""

    ref: str
    """Its number here."""
    title: str
    kind: Literal["new", "changed", "unchanged"]
    was: str | None = None
    """Its number in the export, where that one was taken here."""
    places: tuple[Words, ...] = ()
    """Which parts of it changed."""
    clashes: tuple[str, ...] = ()
    """What is to be settled, in the words of the follow-ups that say so."""
    conflicts: tuple[Message, ...] = ()
    """The same for who took it in: what stands here, and what there."""
    out_of_order: tuple[Message, ...] = ()
    """What stands in it before that of which it is the result, and stood so in no copy that was here. It is kept."""


def take_in(
    store: CaseStore,
    cases: Iterable[Case],
    *,
    now: datetime,
    ids: IdSource,
    say: Render,
    handbook: Handbook | None = None,
    dry_run: bool = False,
) -> tuple[Arrival, ...]:
    """Merge `cases` into the store at `now`; what became of each. A dry run saves nothing and needs no lock."""
    book = handbook or Handbook()
    if dry_run:
        return _Admission(store.cases(), now, ids, say, book).admit(cases)[0]
    with store.transaction() as box:
        arrivals, admitted = _Admission(box.cases(), now, ids, say, book).admit(cases)
        for case in admitted:
            box.put(case)
    return arrivals


class _Admission:
    """Looks at each case that wants in."""

    def __init__(self, here: Mapping[str, Case], now: datetime, ids: IdSource, say: Render, book: Handbook) -> None:
        self._here = here
        self._refs = {case.ref for case in here.values()}
        self._now = now
        self._ids = ids
        self._say = say
        self._handbook = book

    def admit(self, cases: Iterable[Case]) -> tuple[tuple[Arrival, ...], list[Case]]:
        arrivals: list[Arrival] = []
        admitted: list[Case] = []
        for theirs in sorted(cases, key=lambda case: (case.ref, case.id)):
            ours = self._here.get(theirs.id)
            arrival, case = self._new(theirs) if ours is None else self._known(ours, theirs)
            arrivals.append(arrival)
            if case is not ours:
                admitted.append(case)
        return tuple(arrivals), admitted

    def _new(self, theirs: Case) -> tuple[Arrival, Case]:
        ref = self._free_ref(theirs.ref)
        self._refs.add(ref)
        case = structs.replace(theirs, ref=ref)
        # On record as brought out of nowhere, so that taking the import back puts the case into the trash.
        seen = theirs.history[-1].id if theirs.history else None
        patches = (Patch(("trashed_at",), msgspec.to_builtins(self._now), None),) if theirs.trashed_at is None else ()
        change = Change(id=self._ids.new(self._now), at=self._now, action=IMPORT, patches=patches, target=seen)
        case = structs.replace(
            case, history=(*case.history, history.chain(case.history, change)), revision=case.revision + 1
        )
        arrival = Arrival(
            ref=ref,
            title=case.title,
            kind="new",
            was=theirs.ref if ref != theirs.ref else None,
            out_of_order=tuple(out_of_order(case)),
        )
        return arrival, case

    def _known(self, ours: Case, theirs: Case) -> tuple[Arrival, Case]:
        merged = merge_case(ours, theirs)
        tasks, conflicts = self._to_settle(ours, theirs, merged)
        known, there = ({task.id for task in case.follow_ups} for case in (ours, merged.case))
        fresh = tuple(task for task in tasks if task.id not in there)
        if merged.case is ours and not fresh and not any(clash.unheard for clash in merged.clashes):
            return Arrival(ref=ours.ref, title=ours.title, kind="unchanged"), ours
        settled = self._with_settled(merged)
        case = structs.replace(settled, follow_ups=(*settled.follow_ups, *fresh))
        if not merged.adopted:
            case = brought_in(ours, case, theirs, change_id=self._ids.new(self._now), at=self._now)
        stood = tuple(out_of_order(ours))
        arrival = Arrival(
            ref=case.ref,
            title=case.title,
            kind="unchanged" if merged.case is ours and not fresh else "changed",
            places=self._changed(merged),
            clashes=tuple(task.text for task in tasks if task.id not in known),
            conflicts=tuple(words for task, words in zip(tasks, conflicts, strict=True) if task.id not in known),
            out_of_order=tuple(wrong for wrong in out_of_order(case) if wrong not in stood),
        )
        return arrival, case

    def _to_settle(self, ours: Case, theirs: Case, merged: CaseMerge) -> tuple[list[FollowUp], list[Message]]:
        """The follow-up of each clash, and what is said of it here."""
        tasks, conflicts = [], []
        for clash in merged.clashes:
            words = clash_words(clash, ours, theirs, self._say, self._handbook)
            conflicts.append(words.report)
            tasks.append(
                FollowUp(
                    id=task_id(ours.id, clash, merged.case, theirs),
                    text=self._say(words.task),
                    due=datetime.combine(self._now.date(), END_OF_DAY, self._now.tzinfo),
                    created_at=self._now,
                )
            )
        return tasks, conflicts

    def _changed(self, merged: CaseMerge) -> tuple[Words, ...]:
        names = dict.fromkeys(path[0] for path in merged.places if not _is_new_clash(path))
        return tuple(place_words((name,), self._handbook)[0] for name in names)

    def _with_settled(self, merged: CaseMerge) -> Case:
        """With what was settled on the other side done here too, where nobody has ticked it."""
        case = merged.case
        done = {task.id for task in open_about(case.follow_ups, [mark(case.id, unit) for unit in merged.settled])}
        return structs.replace(
            case,
            follow_ups=tuple(
                structs.replace(task, state="done", settled_at=self._now) if task.id in done else task
                for task in case.follow_ups
            ),
        )

    def _free_ref(self, ref: str) -> str:
        year, _, number = ref.rpartition("-")
        if ref not in self._refs and int(number) <= _HIGHEST:
            return ref
        last = max((int(taken.rpartition("-")[2]) for taken in self._refs if taken.startswith(f"{year}-")), default=0)
        return f"{year}-{last + 1:04d}"


def _is_new_clash(path: Path) -> bool:
    """Whether it is a follow-up about a clash that came with the other copy: it is reported as the clash that it is."""
    return len(path) == 2 and path[0] == "follow_ups" and is_clash(path[1])


_SHOWN = 80
"""How much of a value is quoted, in characters."""


class Wording(Struct, frozen=True, kw_only=True):
    """A clash in words."""

    report: Message
    """For who took the import in: what stands here and what there."""
    task: Message
    """For the follow-up, which is read on both sides and so knows no here."""


def clash_words(clash: Clash, ours: Case, theirs: Case, say: Render, handbook: Handbook) -> Wording:
    """The clash in words that hold on either side."""
    here, there = (_quoted(" · ".join(_values(clash, case, (ours, theirs), say, handbook))) for case in (ours, theirs))
    place = _place(clash, (ours, theirs), handbook)
    one, other = (here, there) if lesser(clash.patches) == "ours" else (there, here)
    return Wording(
        report=msg("{place}: “{ours}” here, “{theirs}” there.", place=place, ours=here, theirs=there),
        task=msg(
            "Settle the import: {place} is “{one}” on one side and “{other}” on the other. Correct it "
            "here, then mark this done.",
            place=place,
            one=one,
            other=other,
        ),
    )


def _quoted(text: str) -> str:
    text = one_line(text) or "–"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _place(clash: Clash, cases: Sequence[Case], handbook: Handbook) -> Value:
    path = clash.unit.parent + _fields(clash)[0]
    depth = max((n for n in range(2, len(path) + 1, 2) if is_thing(path[:n])), default=0)
    thing = next((name for case in cases if (name := _thing(path[:depth], case, handbook)) is not None), None)
    words: list[Value] = [] if thing is None else [thing]
    if path[depth:]:
        words += [word if isinstance(word, Message) else msg("{label}", label=word)
                  for word in place_words(path, handbook, depth)]  # fmt: skip
    return reduce(lambda thing, field: msg("{thing}, {field}", thing=thing, field=field), words)


def _fields(clash: Clash) -> list[Path]:
    """The fields of the unit in which the two differ; nothing where it is all of a thing."""
    depth = len(clash.unit.parent)
    return list(dict.fromkeys(patch.path[depth : depth + 1] for patch in clash.patches))


def _thing(path: Path, case: Case, handbook: Handbook) -> Message | None:
    """The thing by the words that a person knows it by."""
    if not path:
        return None
    if path[0] == "contacts":
        contact = next((each for each in case.contacts if each.id == path[1]), None)
        return _said(contact, path[3] if path[3:] else None) if contact is not None else None
    if path[0] == "follow_ups":
        task = next((each for each in case.follow_ups if each.id == path[1]), None)
        return msg("follow-up “{text}”", text=_quoted(task.text)) if task is not None else None
    if path[0] == "filings":
        filing = next((each for each in case.filings if each.id == path[1]), None)
        rung = handbook.ladder.get(filing.rung) if filing is not None else None
        return msg("filing “{rung}”", rung=rung.label if rung else filing.rung) if filing is not None else None
    record = next((each for each in case.evidence if each.id == path[1]), None)
    if record is None:
        return None
    kind = handbook.evidence_types.get(record.kind)
    name: Value = record.original_name or record.place or (kind.label if kind is not None else "–")
    return msg("evidence “{name}”", name=_quoted(name) if isinstance(name, str) else name)


def _said(contact: Contact, promise_id: str | None) -> Message | None:
    who = contact.person.short
    if promise_id is None:
        said = msg("what was said on {at}", at=contact.at)
        return msg("what {who} said on {at}", who=who, at=contact.at) if who and contact.direction == "in" else said
    promise = next((each for each in contact.promises if each.id == promise_id), None)
    if promise is None:
        return None
    text = _quoted(promise.text)
    return msg("promise “{text}” of {who}", text=text, who=who) if who else msg("promise “{text}”", text=text)


def _values(clash: Clash, case: Case, cases: Sequence[Case], say: Render, handbook: Handbook) -> Iterator[str]:
    tree = history.tree_of(case)
    for field in _fields(clash):
        path = clash.unit.parent + field
        value = history.value_at(tree, path)
        if is_thing(path):
            yield say(msg("removed")) if value is None else say(msg("there", context="side of a clash"))
        elif path[-1] == "filing" and isinstance(value, str):
            name = next((name for each in cases if (name := _thing(("filings", value), each, handbook))), None)
            yield say(name) if name is not None else ""
        else:
            yield value_words(path, value, say, handbook) or _parts(value)


def _parts(value: object) -> str:
    """All that stands in a value that has no name."""
    parts = value.values() if isinstance(value, dict) else ()
    return " · ".join(part for part in parts if isinstance(part, str))
