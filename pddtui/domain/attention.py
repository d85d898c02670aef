"""What deserves attention: the state of one case and the one thing to do now, and the agenda of all cases.

Whatever shows or finds a case by its state reads `Attention.state`, so that a new state is one more row of `STATES`,
one more branch there, and its translation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, structs

from pddtui.domain.case import OVERDUE, STATUSES, TURNS, Case, Status
from pddtui.domain.deadlines import deadlines
from pddtui.domain.flags import FLAG_KINDS, Flag, flags
from pddtui.domain.ladder import at_once, before_all, next_step, step_words, straight
from pddtui.domain.rules import Rules
from pddtui.domain.silence import URGENCY, Level, Silence, measure
from pddtui.domain.turn import awaits_me, done_for, overtaken
from pddtui.domain.workdays import Calendar
from pddtui.message import Mark, Message, msg

__all__ = [
    "AGENDA_SECTIONS",
    "STATES",
    "AgendaLine",
    "AgendaSection",
    "Attention",
    "StateId",
    "agenda",
    "attention",
    "by_section",
    "is_due",
    "section",
]

StateId = Literal["overdue", "quiet", "due", "mine", "waiting"] | Status
"""How an open case stands, or how an ended one ended; never `open`."""


class State(Mark, frozen=True, kw_only=True):
    """The one thing to know of a case in a list."""

    id: StateId


_OPEN = (
    State(OVERDUE.glyph, OVERDUE.word, "red", id="overdue"),
    State("~", FLAG_KINDS["quiet"], "amber", id="quiet"),
    State("!", msg("due"), "amber", id="due"),
    State("›", TURNS["mine"], "accent", id="mine"),
    State("·", msg("waiting"), "quiet", id="waiting"),
)
"""The states of an open case, the most pressing first."""

_ENDED = tuple(
    State(mark.glyph, mark.word, mark.tone, id=status) for status, mark in STATUSES.items() if status != "open"
)

STATES: Mapping[StateId, State] = {state.id: state for state in (*_OPEN, *_ENDED)}

AgendaSection = Literal["overdue", "today", "week", "later"]
AGENDA_SECTIONS: Mapping[AgendaSection, Message] = {
    "overdue": msg("Overdue"),
    "today": msg("Today"),
    "week": msg("Within a week"),
    "later": msg("Later"),
}
"""The headings of the agenda, in the order in which a person plans."""


class Attention(Struct, frozen=True, kw_only=True):
    """Everything about one case that a list or a status line shows."""

    case: Case
    silence: Silence
    flags: tuple[Flag, ...]
    """Soonest first."""
    rules: Rules

    @property
    def next_step(self) -> Message:
        """The one thing to do now."""
        return headline(self.case, self.silence, self.flags, self.rules)

    @property
    def level(self) -> Level | None:
        """The worst level of all flags."""
        return _worst(self.flags)

    @property
    def state(self) -> State:
        """Ended, overdue, quiet, due, or else whose turn it is. The tone of an open case with a level is that level."""
        if self.case.status != "open":
            return STATES[self.case.status]
        level = self.level
        if level is None:
            return STATES["mine" if self.silence.standing.turn == "mine" else "waiting"]
        return structs.replace(STATES[_pressing(self.flags)], tone=level)

    @property
    def next_due(self) -> datetime | None:
        """The soonest date of all, overdue ones included."""
        return self.flags[0].due if self.flags else None


class AgendaLine(Struct, frozen=True):
    """One line of the agenda."""

    case: Case
    flag: Flag

    @property
    def key(self) -> str:
        """What identifies the line while its words change: the case, the kind and the thing."""
        return f"{self.case.id}/{self.flag.kind}/{self.flag.thing}"


def attention(case: Case, now: datetime, rules: Rules, calendar: Calendar) -> Attention:
    """What deserves attention in `case` at `now`."""
    clocks = deadlines(case, now, rules, calendar, near=True) if case.active else ()
    silence = measure(case, now, rules, calendar, clocks)
    found = flags(case, silence, clocks, now, rules=rules, calendar=calendar)
    return Attention(case=case, silence=silence, flags=found, rules=rules)


def agenda(attentions: Iterable[Attention]) -> tuple[AgendaLine, ...]:
    """Every flag of every case, soonest first."""
    return tuple(sorted(_lines(attentions), key=lambda due: (due.flag.due, due.case.ref, due.flag.kind)))


def by_section(lines: Iterable[AgendaLine], now: datetime) -> dict[AgendaSection, Sequence[AgendaLine]]:
    """The lines of each section that has any, in the order in which they came.

    Neighbouring lines may alternate between two sections: what is past need not be overdue.
    """
    found: dict[AgendaSection, list[AgendaLine]] = {name: [] for name in AGENDA_SECTIONS}
    for line in lines:
        found[section(line.flag, now)].append(line)
    return {name: members for name, members in found.items() if members}


def section(flag: Flag, now: datetime) -> AgendaSection:
    """The section of the flag: overdue, today, within the next seven days, or later."""
    if flag.overdue:
        return "overdue"
    if flag.due.astimezone(now.tzinfo).date() <= now.date():
        return "today"
    return "week" if flag.due <= now + timedelta(days=7) else "later"


def is_due(flag: Flag, now: datetime) -> bool:
    """Whether the flag is overdue or due today, so that a prompt or a cron job should report it."""
    return section(flag, now) in ("overdue", "today")


def _lines(attentions: Iterable[Attention]) -> Iterator[AgendaLine]:
    for entry in attentions:
        for flag in entry.flags:
            yield AgendaLine(entry.case, flag)


def headline(case: Case, silence: Silence, found: tuple[Flag, ...], rules: Rules) -> Message:
    """What to do now. `found` are the flags of the case, soonest first.

    A shortcut to be taken at once is named from the first day on: it is the step itself where it skips rungs or
    leads away from the ladder, and a remark where it is a way of its own beside it.
    """
    urgent = min((flag for flag in found if flag.level), key=_urgency, default=None)
    step = _step(case, silence, found, rules, urgent)
    shortcuts = at_once(case, rules)
    if not shortcuts:
        return step
    skip = straight(case, rules)
    if urgent is not None and urgent.kind == "quiet":
        goes_up = skip is not None or (silence.exhausted and next_step(case, rules) is not None)
        if goes_up:
            return step  # which names the shortcuts itself
    if skip is not None:
        over = step_words(skip)
        return over if urgent is None else msg("{first} {then}", first=over, then=step)
    for short in shortcuts:
        if rules.rung_of(short.to) is None:
            step = before_all(short, step)
        else:
            step = msg("{step} Note: {remarks}.", step=step, remarks=short.label)
    return step


def _step(case: Case, silence: Silence, found: tuple[Flag, ...], rules: Rules, urgent: Flag | None) -> Message:
    if urgent is not None:
        if urgent.kind == "follow_up":
            return msg("Do “{text}” and mark it done, or snooze it.", text=urgent.text)
        return urgent.next_step
    if silence.standing.turn == "nobody":
        return msg("Nothing to do: the case is closed.")
    promised = next((flag.due for flag in found if flag.kind == "promise"), None)
    if promised is not None:
        return msg("Wait until {due}; their time is running.", due=promised)
    if silence.standing.turn == "theirs":
        return msg("It is their turn; wait.")
    return _mine(case, silence.standing.since, rules)


def _mine(case: Case, since: datetime | None, rules: Rules) -> Message:
    """What to do when it is my turn and nothing is due: look whether it has come, act in the app, answer, or ask."""
    if since is not None and _has_come(case, since, rules):
        return msg("Check that the money has arrived or the goods are right, then resolve the case.")
    shown = [
        filing.aftersale_state
        for filing in case.filings
        if awaits_me(filing, rules) and not done_for(case, filing, rules) and not overtaken(case, filing, rules)
    ]
    hint = next((state.hint for code in shown if code is not None and (state := rules.aftersales.get(code))), None)
    if hint is not None:
        return msg("Your turn in the app: {hint}.", hint=hint)
    asked = bool(case.filings) or any(contact.demand for contact in case.contacts)
    return msg("Your turn: answer them.") if asked else msg("Tell them what happened and what you demand.")


def _has_come(case: Case, since: datetime, rules: Rules) -> bool:
    """Whether the last thing heard is that it is done: the app says so, or the refund was noted."""
    noted = (case.milestones.get(name) for name in rules.arrivals)
    return any(at is not None and at >= since for at in noted) or any(
        filing.state == "answered" and filing.aftersale_at is not None and filing.aftersale_at >= since
        for filing in case.filings
    )


def _urgency(flag: Flag) -> tuple[int, int, datetime]:
    """The worst first; among equals an overdue promise, for what comes next depends on what became of it.

    A duty that they missed comes last: it is cited in what the others ask for.
    """
    place = 0 if flag.kind == "promise" else 2 if flag.kind == "deadline" else 1
    return URGENCY[flag.level], place, flag.due


def _worst(found: Iterable[Flag]) -> Level | None:
    return min((flag.level for flag in found), key=URGENCY.__getitem__, default=None)


def _pressing(found: Iterable[Flag]) -> StateId:
    """The state of an open case with a level.

    A promise, a follow-up or a deadline of mine that is past goes before all. A clock that they have missed is shown
    as their silence where there is one, since the silence says what to do about it. Something of mine that presses
    harder than their silence, because it lapses soon, goes before it.
    """
    pressing = [flag for flag in found if flag.level is not None]
    late = {flag.kind for flag in pressing if flag.overdue}
    if late - {"quiet", "deadline"}:
        return "overdue"
    if "quiet" in late:
        silence = _worst(flag for flag in pressing if flag.kind == "quiet")
        mine = _worst(flag for flag in pressing if flag.kind not in ("quiet", "deadline"))
        return "quiet" if URGENCY[silence] <= URGENCY[mine] else "due"
    return "overdue" if late else "due"
