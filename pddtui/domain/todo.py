"""What is to be done in all cases, act by act: grouped by when, each act once, and apart what only runs.

An act is done with the key of its deed. Flags that come to the same act in a case share it. A clock of theirs that
runs, a promise whose day has not come, and a thread that is only to be looked at wait for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Literal

from msgspec import Struct

from pddtui.domain.acts import Situation, Step, steps_in_turn
from pddtui.domain.attention import Attention, section, urgency
from pddtui.domain.case import Case
from pddtui.domain.deadlines import delivery_wanted, receipt_wanted
from pddtui.domain.duetime import END_OF_DAY
from pddtui.domain.flags import Flag
from pddtui.domain.silence import Level
from pddtui.domain.subjects import PromisedSubject, UndatedSubject
from pddtui.domain.table import Deed, Moment
from pddtui.message import Filled, Label, Message, Value, Words, msg

__all__ = ["TODO_GROUPS", "ToDo", "TodoGroup", "by_group", "day_of", "done_about", "of_flag", "todo"]

TodoGroup = Literal["now", "week", "later", "waiting"]
TODO_GROUPS: Mapping[TodoGroup, Message] = {
    "now": msg("Now"),
    "week": msg("This week"),
    "later": msg("Later"),
    "waiting": msg("Waiting for them"),
}
"""The headings, in the order in which a person plans."""

_SAID_OF_IT: frozenset[Deed] = frozenset({"letter", "log", "tell"})
"""How something is said to somebody: then it is named what it is about."""


class ToDo(Struct, frozen=True, kw_only=True, gc=False):
    """One act of one case, or one thing that only runs."""

    case: Case
    group: TodoGroup
    flags: tuple[Flag, ...] = ()
    """What raises it, the most pressing first; none where the case itself asks for it."""
    step: Step | None = None
    """The leading act; None for what only runs or is only to be looked at."""
    due: datetime | None = None

    @property
    def flag(self) -> Flag | None:
        """The flag that presses hardest."""
        return self.flags[0] if self.flags else None

    @property
    def key(self) -> str:
        """What identifies it while its words change: the case, and the thing or the act."""
        flag = self.flag
        if flag is None:
            return "/".join((self.case.id, "act", self.step.act.id if self.step is not None else ""))
        whose = flag.thread if flag.kind == "quiet" else None
        return "/".join(filter(None, (self.case.id, flag.kind, flag.thing, whose)))

    @property
    def level(self) -> Level | None:
        return self.flag.level if self.flag is not None else None

    @property
    def overdue(self) -> bool:
        return any(flag.overdue for flag in self.flags)

    @property
    def estimated(self) -> bool:
        return any(flag.estimated for flag in self.flags)

    @property
    def deed(self) -> Deed:
        """How it is done."""
        if self.step is not None:
            return self.step.act.deed
        return "look" if self.flag is not None and self.flag.kind == "look" else "wait"

    def words(self, now: datetime) -> Words:
        """What to do, as short as it can be said and still be understood, with the day it is about.

        Outside of `now` the day stands before the words, see `day_of`.
        """
        flag, step = self.flag, self.step
        if step is None and self.deed == "look" and flag is not None:
            step = flag.first_step  # of a thousand threads to look at few are seen
        if step is None:
            return flag.text if flag is not None else ""
        if flag is None:
            return done_about(step)
        day = _day_words(flag.due, now) if self.group == "now" else None
        match flag.kind:
            case "follow_up":
                return msg("{what}, {when}", what=flag.text, when=day) if day is not None else flag.text
            case "promise" if step.act.deed == "settle":
                if day is None:
                    return msg("Kept or broken? {what}", what=_promised(flag))
                return msg("Kept or broken? {what}, {when}", what=_promised(flag), when=day)
            case "promise":
                return msg("{act}: {what}", act=done_about(step), what=_promised(flag))
            case "deadline" if step.act.deed in _SAID_OF_IT and day is not None:
                return msg("{act}: {what}, {when}", act=done_about(step), what=flag.text, when=day)
        return done_about(step, self.due if self.group != "now" else None)


def done_about(step: Step, shown: datetime | None = None) -> Words:
    """The act in few words; what a rung still needs its form says.

    With the day by which it has to be done, unless that is the one that stands there already.
    """
    said = step.words.values["act"]
    short = step.act.short
    if short is not None:
        said = Filled(short, said.values) if isinstance(said, Filled) else short
    words: Words = said if isinstance(said, Label | Filled) else str(said)
    until = step.until if step.until != shown else None
    return msg("{act}, by {until}", act=words, until=until) if until is not None else words


def todo(entry: Attention) -> tuple[ToDo, ...]:
    """Everything there is to do or to wait for in a case, what presses hardest first; each act once."""
    scene = entry.scene
    acts: dict[object, ToDo] = {}
    waiting: list[ToDo] = []
    for flag in sorted(entry.flags, key=urgency):
        found = of_flag(flag, scene.now)
        if found.step is None or found.group == "waiting":
            waiting.append(found)
            continue
        same = _same(found.step, flag)
        first = acts.get(same)
        acts[same] = found if first is None else _shared(first, found)
    for moment, group in _asked_by_case(entry):
        for step in islice(steps_in_turn(scene, Situation(moment=moment)), 1):
            same = _same(step, None)
            if same not in acts:
                found = ToDo(case=entry.case, group=group, step=step, due=step.until)
                acts = {same: found, **acts} if moment == "first" else {**acts, same: found}
    return (*acts.values(), *waiting)


def of_flag(flag: Flag, now: datetime) -> ToDo:
    """What one flag asks for."""
    case = flag.scene.case
    if flag.kind == "look" or _only_runs(flag):
        return ToDo(case=case, group="waiting", flags=(flag,), due=flag.due)
    step = flag.first_step
    if step is None or step.act.deed == "wait":
        return ToDo(case=case, group="waiting", flags=(flag,), step=step, due=flag.due)
    when = section(flag, now)
    group: TodoGroup = "now" if when in ("overdue", "today") else "week" if when == "week" else "later"
    return ToDo(case=case, group=group, flags=(flag,), step=step, due=flag.due)


def by_group(entries: Iterable[Sequence[ToDo]]) -> dict[TodoGroup, list[ToDo]]:
    """The acts of all cases, given case by case in their order, in the groups that have any.

    In each, the acts of one case stand together: now in the order of the cases, later by the day of the first of them.
    """
    found: dict[TodoGroup, list[list[ToDo]]] = {name: [] for name in TODO_GROUPS}
    for acts in entries:
        mine: dict[TodoGroup, list[ToDo]] = {}
        for act in acts:
            mine.setdefault(act.group, []).append(act)
        for name, members in mine.items():
            found[name].append(members)
    for name in ("week", "later", "waiting"):
        for members in found[name]:
            members.sort(key=_soonest)
        found[name].sort(key=lambda members: _soonest(members[0]))
    return {name: [act for members in cases for act in members] for name, cases in found.items() if cases}


def day_of(item: ToDo, now: datetime) -> date | None:
    """The day to be named before the words: not that of what is to be done now, which is in them."""
    if item.due is None or item.group == "now":
        return None
    return item.due.astimezone(now.tzinfo).date()


def _soonest(item: ToDo) -> tuple[float, str]:
    return (item.due.timestamp() if item.due is not None else float("inf")), item.case.ref


def _only_runs(flag: Flag) -> bool:
    """Whether nothing can be done about it yet. Of ten thousand cases this is asked before their acts are looked up."""
    match flag.kind:
        case "deadline":
            return not flag.overdue and flag.level is None
        case "promise":
            return not flag.overdue and flag.level is None
    return False


def _asked_by_case(entry: Attention) -> Iterator[tuple[Moment, TodoGroup]]:
    """What the case itself asks for, beside its flags: what goes before all else, and a day that a clock needs."""
    case, rules = entry.case, entry.rules
    if not case.active:
        return
    if any(not row.problems or case.problem in row.problems for row in rules.rows_at.get("first", ())):
        yield "first", "now"
    if receipt_wanted(case, rules):
        yield "receipt_unknown", "week"
    elif delivery_wanted(case, rules):
        yield "delivery_unknown", "week"


def _promised(flag: Flag) -> Words:
    """Who promised what, as short as one can be told from another."""
    subject = flag.subject
    if not isinstance(subject, PromisedSubject | UndatedSubject):
        return flag.text
    person = subject.contact.person
    who = " ".join(part for part in (person.role, person.name, person.staff_no) if part)
    return msg("{who}: {text}", who=who, text=subject.promise.text) if who else subject.promise.text


def _same(step: Step, flag: Flag | None) -> object:
    """What two flags have in common that come to one act. What is settled is never the same thing twice."""
    if step.act.deed == "settle" and flag is not None:
        return flag.kind, flag.thing, id(flag)
    if step.act.deed == "file":
        return step.act.way
    return step.act.id, step.thread


def _shared(first: ToDo, other: ToDo) -> ToDo:
    order = list(TODO_GROUPS)
    return ToDo(
        case=first.case,
        group=min(first.group, other.group, key=order.index),
        flags=(*first.flags, *other.flags),
        step=first.step,
        due=min((due for due in (first.due, other.due) if due is not None), default=None),
    )


def _day_words(due: datetime, now: datetime) -> Value | None:
    """The day of something past, the time of something today; None where it is due on this day at no time."""
    due = due.astimezone(now.tzinfo)
    if due.date() != now.date():
        return due.date()
    return None if (due.hour, due.minute) == (END_OF_DAY.hour, END_OF_DAY.minute) else f"{due:%H:%M}"
