"""What is selected on a screen, and the record as plain text for the clipboard."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct, structs

from pddtui.domain.attention import AgendaLine
from pddtui.domain.case import Case, Contact, Evidence, Filing, FollowUp, Promise
from pddtui.domain.flags import Flag
from pddtui.domain.threads import Thread
from pddtui.message import Message, Words
from pddtui.services.facts import facts
from pddtui.speech import Speech
from pddtui.ui.actions import Action, Need
from pddtui.ui.context import Context
from pddtui.ui.show import person_words

__all__ = ["Selection", "met", "of_due", "of_flags", "reasons", "record_text", "why_not"]


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
    thread: Thread | None = None
    """The thread that is to be looked at."""
    verify: bool = False
    """The thing is the question whether what was agreed has arrived."""

    @property
    def chosen_contact(self) -> Contact | None:
        """The contact whose row is selected, or a promise of it: not the one behind a line of the agenda."""
        return self.contact if self.flag is None and not self.flags else None

    @property
    def settleable(self) -> bool:
        """Whether there is something that Space can settle."""
        return self.promise is not None or self.task is not None or self.thread is not None or self.verify

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
            return Selection(case=case, task=task, flag=flag)
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
        return why_flag(context.casebook, on.case, on.flag, context.handbook)
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
