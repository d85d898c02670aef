"""Taking an export in: new cases are added, known ones merged, all in one save or none of it.

Taking the same file in twice changes nothing the second time. A case whose number is taken here gets the next
free one. A field that both sides changed keeps our words; theirs become a follow-up, so that the clash is settled
like anything else that is due.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct, structs

from pddtui.domain import history
from pddtui.domain.case import Case
from pddtui.domain.duetime import END_OF_DAY
from pddtui.domain.history import Change, Patch
from pddtui.domain.ports import CaseStore
from pddtui.domain.task import FollowUp
from pddtui.domain.text import one_line
from pddtui.message import Label, msg
from pddtui.services.exchange.merge import IMPORT, Clash, brought_in, merge
from pddtui.services.ids import IdSource
from pddtui.services.report import Say

__all__ = ["Arrival", "take_in"]

_SHOWN = 80
"""How much of a value is quoted in a clash, in characters."""

_PLACES: Mapping[str, Label] = {
    "title": Label("标题", "title"),
    "problem": Label("问题类型", "problem"),
    "description": Label("经过", "description"),
    "merchant": Label("商家", "merchant"),
    "operator": Label("经营者", "operator"),
    "order": Label("订单", "order"),
    "demand": Label("诉求", "demand"),
    "status": Label("状态", "status"),
    "closed_at": Label("结案时间", "closing time"),
    "outcome": Label("结果", "outcome"),
    "tags": Label("标签", "tags"),
    "filings": Label("投诉单", "filing"),
    "contacts": Label("沟通", "contact"),
    "follow_ups": Label("跟进", "follow-up"),
    "evidence": Label("证据", "evidence"),
    "milestones": Label("节点", "milestone"),
    "steps": Label("步骤", "step"),
    "quiet": Label("无进展期限", "silence limit"),
    "trashed_at": Label("回收站", "trash"),
    "opened_at": Label("立案时间", "opening time"),
}


class Arrival(Struct, frozen=True, kw_only=True):
    """What an import did to one case, or would do."""

    ref: str
    """Its number here."""
    title: str
    kind: Literal["new", "changed", "unchanged"]
    was: str | None = None
    """Its number in the export, where that one was taken here."""
    places: tuple[Label, ...] = ()
    """What of it changed."""
    clashes: tuple[str, ...] = ()
    """What is to be settled, in the words of the follow-ups that say so."""


def take_in(
    store: CaseStore, cases: Iterable[Case], *, now: datetime, ids: IdSource, say: Say, dry_run: bool = False
) -> tuple[Arrival, ...]:
    """Merge `cases` into the store at `now`; what became of each. A dry run saves nothing and needs no lock."""
    if dry_run:
        return _Customs(store.cases(), now, ids, say).admit(cases)[0]
    with store.transaction() as box:
        arrivals, admitted = _Customs(box.cases(), now, ids, say).admit(cases)
        for case in admitted:
            box.put(case)
    return arrivals


class _Customs:
    """Looks at each case that wants in."""

    def __init__(self, here: Mapping[str, Case], now: datetime, ids: IdSource, say: Say) -> None:
        self._here = here
        self._refs = {case.ref for case in here.values()}
        self._now = now
        self._ids = ids
        self._say = say

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
        return Arrival(ref=ref, title=case.title, kind="new", was=theirs.ref if ref != theirs.ref else None), case

    def _known(self, ours: Case, theirs: Case) -> tuple[Arrival, Case]:
        merged = merge(ours, theirs)
        tasks = [self._task(ours, clash) for clash in merged.clashes]
        here = {task.id for task in merged.case.follow_ups}
        fresh = tuple(task for task in tasks if task.id not in here)
        if merged.case is ours and not fresh:
            return Arrival(ref=ours.ref, title=ours.title, kind="unchanged"), ours
        case = structs.replace(merged.case, follow_ups=(*merged.case.follow_ups, *fresh))
        if not merged.adopted:
            case = brought_in(ours, case, theirs, change_id=self._ids.new(self._now), at=self._now)
        arrival = Arrival(
            ref=case.ref,
            title=case.title,
            kind="changed",
            places=tuple(dict.fromkeys(_place(path) for path in merged.places)),
            clashes=tuple(task.text for task in fresh),
        )
        return arrival, case

    def _task(self, ours: Case, clash: Clash) -> FollowUp:
        """The same clash is the same follow-up, however often it is met."""
        text = self._say(
            msg(
                "Settle the import: {place} is “{ours}” here and “{theirs}” there.",
                place=_place(clash.path),
                ours=_quoted(clash.ours),
                theirs=_quoted(clash.theirs),
            )
        )
        seed = msgspec.json.encode((ours.id, clash.path, clash.ours, clash.theirs), order="sorted")
        return FollowUp(
            id=f"clash-{hashlib.sha256(seed).hexdigest()[:20]}",
            text=text,
            due=datetime.combine(self._now.date(), END_OF_DAY, self._now.tzinfo),
            created_at=self._now,
        )

    def _free_ref(self, ref: str) -> str:
        if ref not in self._refs:
            return ref
        year = ref[: ref.rindex("-") + 1]
        last = max(int(taken.removeprefix(year)) for taken in self._refs if taken.startswith(year))
        return f"{year}{last + 1:04d}"


def _place(path: tuple[str, ...]) -> Label:
    return _PLACES.get(path[0]) or Label(path[0], path[0])


def _quoted(value: object) -> str:
    if value is None:
        return "–"
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    text = one_line(text)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
