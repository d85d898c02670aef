"""What is selected on a screen, and the record as plain text for the clipboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from msgspec import Struct, structs

from pddtui.domain.acts import Step
from pddtui.domain.attention import AgendaLine
from pddtui.domain.case import Case, Clash, Contact, Evidence, Filing, FollowUp, Promise
from pddtui.domain.flags import Flag
from pddtui.domain.history import Change
from pddtui.domain.table import Moment
from pddtui.domain.threads import Thread
from pddtui.domain.todo import ToDo
from pddtui.message import Message, Words
from pddtui.services.facts import facts
from pddtui.speech import Speech
from pddtui.ui.actions import DEED_ACTIONS, Action, Need
from pddtui.ui.context import Context
from pddtui.ui.show import person_words

__all__ = ["Selection", "Spot", "met", "of_act", "of_due", "of_flags", "reasons", "record_text", "why_not"]


class Spot(Struct, frozen=True):
    """A row of the case page."""

    section: Literal["facts", "log", "promises", "evidence", "clocks"]
    key: str | None = None


class Selection(Struct, frozen=True, kw_only=True):
    """A case, and at most one thing of it."""

    case: Case
    contact: Contact | None = None
    promise: Promise | None = None
    task: FollowUp | None = None
    filing: Filing | None = None
    evidence: Evidence | None = None
    flag: Flag | None = None
    flags: tuple[Flag, ...] = ()
    """All flags of the case, where the case itself is chosen and not one thing of it."""
    change: Change | None = None
    """A line of the history."""
    clash: Clash | None = None
    """What machines changed apart."""
    thread: Thread | None = None
    """The thread that is to be looked at."""
    step: Step | None = None
    """The act that was chosen in Due: its key does it, with everything that it says filled in."""
    shared: tuple[Flag, ...] = ()
    """The other flags that come to the same act."""
    verify: bool = False
    """The thing is the question whether what was agreed has arrived."""
    marked: tuple[Case, ...] = ()
    """The cases that are marked, where the keys are on the list of cases."""

    @property
    def chosen_contact(self) -> Contact | None:
        """The contact whose row is selected, or a promise of it: not the one behind a line of the agenda."""
        return self.contact if self.flag is None and not self.flags else None

    @property
    def settleable(self) -> bool:
        """Whether there is something that Space can settle."""
        things = (self.promise, self.task, self.clash, self.thread)
        return self.verify or any(each is not None for each in things)

    def step_of(self, action_id: str) -> Step | None:
        """The chosen act, where this action does it."""
        return self.step if self.step is not None and DEED_ACTIONS.get(self.step.act.deed) == action_id else None

    @property
    def channel(self) -> str | None:
        """Through which channel the chosen act is done: the one that it names, else that of its thread."""
        if self.step is not None and self.step.act.channel is not None:
            return self.step.act.channel
        thread = self.flag.situation.thread if self.flag is not None else None
        return thread.through if thread is not None else None

    @property
    def asked_in(self) -> Filing | None:
        """The filing that the chosen act is about."""
        thread = self.flag.situation.thread if self.flag is not None else None
        return thread.filing if thread is not None else None

    @property
    def spot(self) -> Spot:
        """Where the case page has the thing that is meant."""
        if self.promise is not None:
            return Spot("promises", self.promise.id)
        if self.task is not None:
            return Spot("promises", self.task.id)
        if self.step is not None and self.step.act.deed == "evidence":
            return Spot("evidence", f"missing:{self.step.act.evidence[0]}" if self.step.act.evidence else None)
        if self.contact is not None:
            return Spot("log", self.contact.id)
        if self.flag is None or self.flags:
            return Spot("facts", _DATES.get(self.step.row.moment[0]) if self.step is not None else None)
        situation = self.flag.situation
        if situation.clock is not None:
            return Spot("clocks", f"clock:{situation.clock.key}")
        thread = situation.thread
        if thread is None:
            return Spot("facts")
        filing = thread.filing
        return Spot("facts", f"filing:{filing.id}" if filing is not None else f"thread:{thread.id}")

    def has(self, need: Need) -> bool:
        """Whether there is what an action needs."""
        match need:
            case Need.CASE:
                return True
            case Need.SETTLEABLE:
                return self.settleable
            case Need.PROMISE:
                return self.promise is not None
            case Need.FOLLOW_UP:
                return self.task is not None
            case Need.FILING:
                return bool(self.case.filings)
        return False


_DATES: Mapping[Moment, str] = {"receipt_unknown": "received_at", "delivery_unknown": "delivered_at"}
"""The facts in which a day is missing."""


def of_act(item: ToDo) -> Selection:
    """What stands behind an act."""
    flag = item.flag
    if flag is None:
        return Selection(case=item.case, step=item.step)
    chosen = structs.replace(of_due(AgendaLine(item.case, flag)), step=item.step, shared=item.flags[1:])
    if item.deed == "look" and chosen.thread is None:
        return structs.replace(chosen, thread=flag.situation.thread)
    return chosen


def of_due(line: AgendaLine) -> Selection:
    """What stands behind a line of the agenda."""
    case, flag = line.case, line.flag
    match flag.kind:
        case "promise":
            made = next((entry for entry in case.promises if entry[1].id == flag.thing), None)
            if made is not None:
                return Selection(case=case, contact=made[0], promise=made[1], flag=flag)
        case "follow_up":
            task = next((task for task in case.follow_ups if task.id == flag.thing), None)
            clash = next((clash for clash in case.clashes if clash.id == flag.thing), None)
            return Selection(case=case, task=task, clash=clash, flag=flag)
        case "verify":
            return Selection(case=case, flag=flag, verify=True)
        case "look" | "turn":
            return Selection(case=case, flag=flag, thread=flag.situation.thread)
    return Selection(case=case, flag=flag)


def of_flags(case: Case, flags: tuple[Flag, ...]) -> Selection:
    """The most urgent thing of a case that can be settled, or the case alone with its first flag."""
    urgent = sorted(
        (flag for flag in flags if flag.level is not None), key=lambda flag: (flag.level != "red", flag.due)
    )
    for flag in urgent:
        chosen = of_due(AgendaLine(case, flag))
        if chosen.settleable:
            return structs.replace(chosen, flags=flags)
    first = urgent[0] if urgent else flags[0] if flags else None
    return Selection(case=case, flag=first, flags=flags)


def why_not(action: Action, on: Selection | None) -> Message | None:
    """Why an action cannot be done on this; None when it can. Without a case that comes before all else."""
    need = action.needs
    if need is None:
        return None
    if on is None:
        return Need.CASE.value
    return None if on.has(need) else need.value


def met(on: Selection | None) -> frozenset[Need]:
    """All that is there for an action to act on."""
    return frozenset(need for need in Need if on is not None and on.has(need))


def reasons(on: Selection, context: Context) -> tuple[Words, ...]:
    """What there is to say behind the chosen flag or promise; nothing where no date was computed."""
    from pddtui.services.explain import why_flag, why_promise  # 20 ms that the first picture need not wait for

    if on.flags:
        raised = [flag for flag in on.flags if flag.level is not None] or on.flags[:1]
        lines: list[Words] = []
        for flag in raised:
            lines += ["", *why_flag(context.casebook, on.case, flag, context.handbook)]
        return tuple(lines[1:])
    if on.flag is not None:
        told: list[Words] = []
        for flag in (on.flag, *on.shared):
            told += ["", *why_flag(context.casebook, on.case, flag, context.handbook)]
        return tuple(told[1:])
    if on.promise is not None and on.contact is not None:
        return why_promise(context.casebook, on.contact, on.promise)
    return ()


_PASTED = ("merchant", "order", "amount", "description")
"""The facts that go with a case."""


def record_text(selection: Selection, speech: Speech) -> str:
    """The chosen promise, contact or follow-up; without one the case in a few lines."""
    if selection.promise is not None and selection.contact is not None:
        return _promise(selection.contact, selection.promise, speech)
    if selection.contact is not None:
        return _contact(selection.contact, speech)
    if selection.task is not None:
        return f"{speech.moment(selection.task.due)}  {selection.task.text}"
    return "\n".join(_case(selection, speech))


def _contact(contact: Contact, speech: Speech) -> str:
    head = "  ".join(
        part for part in (speech.moment(contact.at, full=True), person_words(contact.person, speech)) if part
    )
    return "\n".join([head, contact.summary, *(_promise(contact, promise, speech) for promise in contact.promises)])


def _promise(contact: Contact, promise: Promise, speech: Speech) -> str:
    due = speech.moment(promise.due, full=True) if promise.due is not None else speech("no date")
    who = person_words(contact.person, speech)
    return "  ".join(part for part in (speech("promise"), due, who, promise.text) if part)


def _case(selection: Selection, speech: Speech) -> Iterator[str]:
    case = selection.case
    yield f"{case.ref}  {case.title}"
    known = {fact.id: speech.render(fact.value) for fact in facts(case, lambda *_: None)}
    yield from (known[name] for name in _PASTED if name in known)
