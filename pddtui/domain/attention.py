"""What deserves attention: the state of one case and the one thing to do now, and the agenda of all cases.

Whatever shows or finds a case by its state reads `Attention.state`, so that a new state is one more row of `STATES`,
one more branch there, and its translation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, structs

from pddtui.domain.acts import Scene, Situation, Step, lead, steps, steps_in_turn, way_up
from pddtui.domain.case import OVERDUE, STATUSES, TURNS, Case, Status, Turn
from pddtui.domain.deadlines import deadlines, delivery_wanted, receipt_wanted
from pddtui.domain.flags import FLAG_KINDS, Flag, FlagKind, flags
from pddtui.domain.ladder import RungStep
from pddtui.domain.rules import Rules
from pddtui.domain.silence import URGENCY, Level, Silence, silences, worst
from pddtui.domain.threads import Thread, case_turn, threads_of
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
    "urgency",
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


class Attention(Struct, frozen=True, kw_only=True, gc=False):
    """Everything about one case that a list or a status line shows."""

    scene: Scene
    flags: tuple[Flag, ...]
    """Soonest first."""

    @property
    def case(self) -> Case:
        return self.scene.case

    @property
    def rules(self) -> Rules:
        return self.scene.rules

    @property
    def threads(self) -> tuple[Thread, ...]:
        return self.scene.threads

    @property
    def silence(self) -> Silence:
        """The silence that counts; an empty one while nobody owes an answer."""
        return worst(self.scene.silences)

    @property
    def turn(self) -> Turn:
        """Whose turn it is: mine where any thread waits for me."""
        return case_turn(self.case, self.threads)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What to do now, the leading act first."""
        return tuple(next_steps(self.scene, self.flags))

    @property
    def way_up(self) -> RungStep | None:
        """Where to lodge the case next, and what that needs; None at the top."""
        return way_up(self.steps, self.scene)

    @property
    def first_step(self) -> Step | None:
        """The leading act; None where there is nothing to do."""
        return next(next_steps(self.scene, self.flags), None)

    @property
    def next_step(self) -> Message:
        """The one thing to do now, in words."""
        step = self.first_step
        return lead((step,) if step is not None else ())

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
            return STATES["mine" if self.turn == "mine" else "waiting"]
        return structs.replace(STATES[_pressing(self.flags)], tone=level)

    @property
    def next_flag(self) -> Flag | None:
        """What falls due first, overdue things included; that I merely look is none of them."""
        return next((flag for flag in self.flags if flag.level or flag.kind not in ("look", "turn")), None)

    @property
    def next_due(self) -> datetime | None:
        """The date of `next_flag`."""
        flag = self.next_flag
        return flag.due if flag is not None else None


class AgendaLine(Struct, frozen=True, gc=False):
    """One line of the agenda."""

    case: Case
    flag: Flag

    @property
    def key(self) -> str:
        """What identifies the line while its words change: the case, the kind, the thing and whose silence it is."""
        flag = self.flag
        whose = flag.thread if flag.kind == "quiet" else None
        return "/".join(filter(None, (self.case.id, flag.kind, flag.thing, whose)))


def attention(case: Case, now: datetime, rules: Rules, calendar: Calendar) -> Attention:
    """What deserves attention in `case` at `now`."""
    clocks = deadlines(case, now, rules, calendar, near=True) if case.active else ()
    threads = threads_of(case, rules)
    silent = silences(case, threads, now, rules=rules, calendar=calendar, clocks=clocks) if case.active else ()
    scene = Scene(case=case, now=now, rules=rules, threads=threads, silences=silent, clocks=clocks)
    return Attention(scene=scene, flags=flags(scene, calendar))


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
    """Whether the flag is overdue or due today, so that a prompt or a cron job should report it.

    What only runs, or is only to be looked at, is not reported.
    """
    return flag.level is not None and section(flag, now) in ("overdue", "today")


def _lines(attentions: Iterable[Attention]) -> Iterator[AgendaLine]:
    for entry in attentions:
        for flag in entry.flags:
            yield AgendaLine(entry.case, flag)


def next_steps(scene: Scene, found: tuple[Flag, ...]) -> Iterator[Step]:
    """What to do now in a case with these flags, the leading act first and each once, worked out as it is asked for.

    A limitation that is about to end leads, then what goes before all else (a doctor, the police), then the flag that
    presses hardest; while nothing presses, what is my turn, what they promised, and how to look how it stands. A day
    that a clock needs and nobody has entered is asked for last.
    """
    case = scene.case
    if case.trashed_at is not None or (case.status != "open" and not found):
        yield from steps(scene, Situation(moment="over"))
        return
    ending: list[Situation] = []
    others: list[Situation] = []
    for flag in sorted(found, key=urgency):
        about = flag.situation
        (ending if about.moment == "limitation" and flag.level is not None else others).append(about)
    first = [Situation(moment="first")] if case.active else []
    said: set[str] = set()
    for situation in (*ending, *first, *others):
        for step in steps_in_turn(scene, situation):
            if step.act.way not in said:
                said.add(step.act.way)
                yield step
    if receipt_wanted(case, scene.rules):
        yield from steps(scene, Situation(moment="receipt_unknown"))
    elif delivery_wanted(case, scene.rules):
        yield from steps(scene, Situation(moment="delivery_unknown"))


_PLACES: Mapping[FlagKind, int] = {
    "promise": 0,
    "follow_up": 1,
    "my_deadline": 2,
    "right": 2,
    "turn": 3,
    "quiet": 3,
    "verify": 4,
    "deadline": 5,
    "look": 6,
}
"""The order of what presses equally: an overdue promise first, for what comes next depends on what became of it; a duty
that they missed late, for it is cited in what the others ask for."""


def urgency(flag: Flag) -> tuple[int, int, bool, int, datetime]:
    """The worst first; of threads the one that stands highest, and what I have still to say after what was answered.

    A duty that they missed in a thread that waits for me is no step of its own: it is cited in what I say there.
    """
    place, rank = _PLACES[flag.kind], URGENCY[flag.level]
    situation = flag.situation
    thread, undated = situation.thread, situation.moment == "promise_undated"
    if flag.level is None and (undated or flag.kind in ("deadline", "my_deadline", "right", "follow_up", "verify")):
        place += 10
    elif flag.level is None and flag.kind in ("turn", "quiet"):
        place = -1
    elif flag.kind == "deadline" and thread is not None and thread.turn == "mine":
        rank = URGENCY[None]
    untold = situation.moment == "untold"
    height = thread.level if thread is not None and place == _PLACES["turn"] else 0
    return rank, place, untold, -height, flag.due


def _worst(found: Iterable[Flag]) -> Level | None:
    return min((flag.level for flag in found), key=URGENCY.__getitem__, default=None)


def _pressing(found: Iterable[Flag]) -> StateId:
    """The state of an open case with a level.

    A promise, a follow-up or a deadline of mine that is past goes before all. A clock that they have missed is shown
    as their silence where there is one, since the silence says what to do about it. Something of mine that presses
    harder than their silence, because it lapses soon, goes before it.
    """
    pressing = [flag for flag in found if flag.level is not None]
    if all(flag.kind == "turn" for flag in pressing):
        return "mine"
    late = {flag.kind for flag in pressing if flag.overdue} - {"turn"}
    if late - {"quiet", "deadline"}:
        return "overdue"
    if "quiet" in late:
        silence = _worst(flag for flag in pressing if flag.kind == "quiet")
        mine = _worst(flag for flag in pressing if flag.kind not in ("quiet", "deadline"))
        return "quiet" if URGENCY[silence] <= URGENCY[mine] else "due"
    return "overdue" if late else "due"
