"""What deserves attention: in one case its state and the one thing to do now, in all cases the agenda.

A shortcut that wants taking at once is named from the first day on: it is the step itself where it skips rungs
or leads away from the ladder, and a remark where it is a way of its own beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.deadlines import deadlines
from pddtui.domain.flags import Flag, flags
from pddtui.domain.ladder import at_once, before_all, next_step, step_words, straight
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Level, Silence, measure
from pddtui.domain.turn import done_for
from pddtui.domain.workdays import Calendar
from pddtui.message import Message, msg

__all__ = ["Attention", "Due", "Section", "agenda", "attention", "by_section", "is_due", "section"]

_LEVELS: dict[Level | None, int] = {"red": 0, "amber": 1, None: 2}


def headline(case: Case, silence: Silence, found: tuple[Flag, ...], rules: Rules) -> Message:
    """What to do now. `found` are the flags of the case, soonest first."""
    urgent = min((flag for flag in found if flag.level), key=_urgency, default=None)
    step = _step(case, silence, found, rules, urgent)
    shortcuts = at_once(case, rules)
    if not shortcuts:
        return step
    skip = straight(case, rules)
    if urgent is not None and urgent.kind == "quiet":
        goes_up = skip is not None or (silence.exhausted and next_step(case, rules) is not None)
        if goes_up:
            return step  # it says itself which shortcuts apply
    if skip is not None:
        over = step_words(skip)
        return over if urgent is None else msg("{first} {then}", first=over, then=step)
    for short in shortcuts:
        if rules.rung_of(short.to) is None:
            step = before_all(short, step)
        else:
            step = msg("{step} Mind: {remarks}.", step=step, remarks=short.label)
    return step


def _step(case: Case, silence: Silence, found: tuple[Flag, ...], rules: Rules, urgent: Flag | None) -> Message:
    if urgent is not None:
        if urgent.kind == "follow_up":
            return msg("Do “{text}” and tick it off, or snooze it.", text=urgent.text)
        return urgent.next_step
    if silence.standing.turn == "nobody":
        return msg("Nothing: the case is closed.")
    promised = next((flag.due for flag in found if flag.kind == "promise"), None)
    if promised is not None:
        return msg("Wait until {due}; their time is running.", due=promised)
    if silence.standing.turn == "theirs":
        return msg("Wait; it is their turn.")
    return _mine(case, silence.standing.since, rules)


def _mine(case: Case, since: datetime | None, rules: Rules) -> Message:
    """It is my turn and nothing is due: it is said to be done, the app waits, they answered, or nobody was asked."""
    if since is not None and _has_come(case, since):
        return msg("Look whether the money is really in your account or the goods are right; then resolve the case.")
    shown = [filing.aftersale_state for filing in case.filings if filing.awaits_me and not done_for(case, filing)]
    hint = next((state.hint for code in shown if code is not None and (state := rules.aftersales.get(code))), None)
    if hint is not None:
        return msg("Your turn in the app: {hint}.", hint=hint)
    asked = bool(case.filings) or any(contact.demand for contact in case.contacts)
    return msg("Your turn: answer them.") if asked else msg("Tell them what happened and what you demand.")


def _has_come(case: Case, since: datetime) -> bool:
    """Whether the last that was heard is that it is done: the app says so, or the refund was noted."""
    refunded = case.milestones.get("refunded")
    return (refunded is not None and refunded >= since) or any(
        filing.state == "answered" and filing.aftersale_at is not None and filing.aftersale_at >= since
        for filing in case.filings
    )


def _urgency(flag: Flag) -> tuple[int, int, datetime]:
    """The worst first; of those an overdue promise, for what comes next depends on what became of it.

    A duty they missed comes last: it is cited in what the others ask for.
    """
    place = 0 if flag.kind == "promise" else 2 if flag.kind == "deadline" else 1
    return _LEVELS[flag.level], place, flag.due


class Attention(Struct, frozen=True, kw_only=True):
    """Everything about one case that a list, a status line or a person asks for."""

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
        levels = {flag.level for flag in self.flags}
        return "red" if "red" in levels else "amber" if "amber" in levels else None

    @property
    def next_due(self) -> datetime | None:
        """The soonest date of all, overdue ones included."""
        return self.flags[0].due if self.flags else None


def attention(case: Case, now: datetime, rules: Rules, calendar: Calendar) -> Attention:
    """What deserves attention in `case` at `now`."""
    clocks = deadlines(case, now, rules, calendar, near=True) if case.active else ()
    silence = measure(case, now, rules, calendar, clocks)
    found = flags(case, silence, clocks, now, rules=rules, calendar=calendar)
    return Attention(case=case, silence=silence, flags=found, rules=rules)


Section = Literal["overdue", "today", "week", "later"]
SECTIONS: tuple[Section, ...] = ("overdue", "today", "week", "later")
"""In the order in which a person plans."""


class Due(Struct, frozen=True):
    """One line of the agenda."""

    case: Case
    flag: Flag

    @property
    def key(self) -> str:
        """What identifies the line while its texts change: the case, the kind and the thing."""
        return f"{self.case.id}/{self.flag.kind}/{self.flag.thing}"


def agenda(attentions: Iterable[Attention]) -> tuple[Due, ...]:
    """Every flag of every case, soonest first."""
    return tuple(sorted(_lines(attentions), key=lambda due: (due.flag.due, due.case.ref, due.flag.kind)))


def _lines(attentions: Iterable[Attention]) -> Iterator[Due]:
    for entry in attentions:
        for flag in entry.flags:
            yield Due(entry.case, flag)


def section(flag: Flag, now: datetime) -> Section:
    """Where the flag stands: already over, today, within the next seven days, or later."""
    if flag.overdue:
        return "overdue"
    if flag.due.astimezone(now.tzinfo).date() <= now.date():
        return "today"
    return "week" if flag.due <= now + timedelta(days=7) else "later"


def by_section(lines: Iterable[Due], now: datetime) -> dict[Section, Sequence[Due]]:
    """The lines of each section in the order they came in, the sections as one plans; none is there without lines.

    Lines that lie one behind the other may change between two sections: what is past need not be overdue.
    """
    found: dict[Section, list[Due]] = {name: [] for name in SECTIONS}
    for line in lines:
        found[section(line.flag, now)].append(line)
    return {name: members for name, members in found.items() if members}


def is_due(flag: Flag, now: datetime) -> bool:
    """Whether a prompt or cron job should say that something is due: overdue, or due today."""
    return section(flag, now) in ("overdue", "today")
