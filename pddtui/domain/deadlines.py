"""The clocks of the law, the platform and the schemes that run in a case: their sums, pauses and words.

One event starts a clock and another ends it. A clock that a filing started belongs to that filing and ends with it.
A countdown that the app shows goes before what the platform usually grants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from operator import attrgetter
from typing import Literal

from msgspec import Struct, structs

from pddtui.domain import duetime
from pddtui.domain.case import Case, Filing
from pddtui.domain.duetime import Due, Roll, Span
from pddtui.domain.events import Event, Events, events_of
from pddtui.domain.rules import NEAR_DAYS, SIDED, DeadlineRule, Rules, StartedClock
from pddtui.domain.turn import awaits_me, done_for
from pddtui.domain.workdays import Calendar
from pddtui.message import Mark, Message, msg

__all__ = [
    "DEADLINE_STATES",
    "Deadline",
    "DeadlineState",
    "deadline_words",
    "deadlines",
    "delivery_wanted",
    "length_words",
    "limitation_near",
    "outcome_words",
    "receipt_wanted",
    "rule_words",
    "sum_words",
]

DeadlineState = Literal["running", "paused", "extended", "met", "late", "missed", "expired", "ended"]
"""`extended` runs on time that was granted; `late` was met after its end; `expired` is a right of mine that was not
used; `ended` is one that nobody waits for any more, because the case or the filing was ended."""

DEADLINE_STATES: Mapping[DeadlineState, Mark] = {
    "missed": Mark("!", msg("missed"), "red"),
    "late": Mark("!", msg("late"), "plain"),
    "running": Mark("○", msg("running"), "accent"),
    "paused": Mark("‖", msg("paused"), "accent"),
    "extended": Mark("○", msg("extended"), "accent"),
    "met": Mark("✓", msg("met"), "good"),
    "expired": Mark("×", msg("expired"), "quiet"),
    "ended": Mark("–", msg("ended"), "quiet"),
}

_RECEIVED = "received"
"""The event that the goods are in my hands."""

_DELIVERED = "delivered"
"""The event that the carrier shows them as delivered, wherever they are."""

_RESUMED = "_done"
"""The name of the event that ends a pause is that of the one that begins it with this behind it."""

_ENDS = attrgetter("due.at")

_INTERRUPTION = "cc195"
"""The article by which a demand, a promise or a suit interrupts a limitation."""


class Restart(Struct, frozen=True):
    """A limitation that was interrupted runs from the interruption."""

    by: str
    """Event id of the handbook."""
    was: datetime
    """When it had begun before."""


class Pause(Struct, frozen=True):
    """A time that does not count."""

    start: datetime
    end: datetime | None
    """None while it lasts."""
    used: int
    """How many units had been used up when it began."""


class Course(Struct, frozen=True, gc=False):
    """How a clock ran, or runs."""

    due: Due
    """The end, with the last stretch of the count."""
    pauses: tuple[Pause, ...] = ()
    before: Due | None = None
    """The end it had before it was prolonged."""

    @property
    def standing_still(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None


class Deadline(Struct, frozen=True, gc=False):
    """One clock of one case."""

    rule: DeadlineRule
    start: datetime
    due: Due
    state: DeadlineState
    ended_at: datetime | None = None
    """When it was met, in time or not, or the case ended."""
    filing: str | None = None
    """The filing whose clock it is; None for one of the case as a whole."""
    pauses: tuple[Pause, ...] = ()
    before: Due | None = None
    """The end it had before it was prolonged."""
    restarted: Restart | None = None
    """What restarted it, where something did."""

    @property
    def key(self) -> str:
        """What distinguishes it from the other clocks of the case: the rule, and the filing where it has one."""
        return self.rule.id if self.filing is None else f"{self.rule.id}@{self.filing}"

    def days_left(self, now: datetime) -> int:
        """How many days away its last day is, as a calendar counts them."""
        return (self.due.at.date() - now.astimezone(self.due.at.tzinfo).date()).days

    @property
    def runs(self) -> bool:
        """Whether it has not come to an end."""
        return self.state in ("running", "paused", "extended")


def deadlines(
    case: Case, now: datetime, rules: Rules, calendar: Calendar, *, near: bool = False
) -> tuple[Deadline, ...]:
    """Every clock that an event of the case has started, soonest first.

    A rule with validity dates counts for clocks that start while it is in force; one bound to certain
    problems counts only for these. `near` leaves out what nobody need look at now: clocks that were met, those that
    are only worth knowing, rights that ended days ago, and rights that end later than `NEAR_DAYS`.
    """
    found = _counted(case, rules, _Moment(now, calendar, near))
    for filing in case.filings:
        if filing.countdown_until is not None:
            shown = tuple(_countdowns(case, now, rules))
            found = [*shown, *(clock for clock in found if not _shown_better(clock, shown, rules))]
            break
    if len(found) > 1:
        found.sort(key=_ENDS)
    return tuple(found)


def limitation_near(found: tuple[Deadline, ...], now: datetime) -> bool:
    """Whether a limitation that still runs ends within `NEAR_DAYS`."""
    return any(clock.rule.limits and clock.runs and clock.days_left(now) <= NEAR_DAYS for clock in found)


def receipt_wanted(case: Case, rules: Rules) -> bool:
    """Whether a right of mine would be counted from the day of receipt, and nobody has entered that day."""
    counted = [clock.rule for clock in rules.clocks_for(case.problem).get(_RECEIVED, ()) if clock.rule.right]
    if not case.active or not counted or case.order.received_at is not None:
        return False
    events = events_of(case, rules)
    if _RECEIVED in events or "return_notice" in events:
        return False
    return any(not _barred(rule, events) for rule in counted)


def delivery_wanted(case: Case, rules: Rules) -> bool:
    """Whether a right of mine would be counted from the day that the carrier shows, and nobody has entered that day.

    For a parcel that never came this is asked in place of a day of receipt, which would be an admission.
    """
    counted = [clock.rule for clock in rules.clocks_for(case.problem).get(_DELIVERED, ()) if clock.rule.right]
    if not case.active or not counted or case.order.delivered_at is not None:
        return False
    events = events_of(case, rules)
    if _DELIVERED in events or _RECEIVED in events:
        return False
    return any(not _barred(rule, events) and events.keys().isdisjoint(rule.met_by) for rule in counted)


def deadline_words(deadline: Deadline) -> tuple[Message, ...]:
    """Everything there is to say of the deadline; a doubtful rule is marked with a "?"."""
    return (*rule_words(deadline), *_source(deadline), *sum_words(deadline), *outcome_words(deadline))


def length_words(deadline: Deadline) -> Message:
    """How long it runs and from what: `7 working days from “complaint received” on 2026-11-12`."""
    rule = deadline.rule
    if rule.span is None:
        return msg("as the countdown in the app shows, until {end}", end=deadline.due.at)
    length, event = duetime.period(rule.span.n, rule.span.unit), rule.event_label or rule.event
    restart = deadline.restarted
    if restart is None:
        return msg("{length} from “{event}” on {start}", length=length, event=event, start=deadline.start)
    anew = msg(
        "{length} from {what} on {start}, which restarted the period from “{event}” on {was}",
        length=length,
        what=rule.restart_labels.get(restart.by, restart.by),
        start=deadline.start,
        event=event,
        was=restart.was,
    )
    return msg("{anew} (Civil Code art. 195)", anew=anew) if _INTERRUPTION in rule.basis else anew


def rule_words(deadline: Deadline) -> tuple[Message, ...]:
    """What the clock is, whose it is, how long it runs and what started it."""
    rule = deadline.rule
    side = msg("my deadline, which never moves to a later day") if rule.mine else msg("their deadline")
    return msg("{label}: {who}.", label=rule.label, who=side), msg(
        "The period is {length}.", length=length_words(deadline)
    )


def sum_words(deadline: Deadline) -> tuple[Message, ...]:
    """The sum, day 0 first, with what did not count and what was granted on top."""
    return tuple(_sum(deadline))


def outcome_words(deadline: Deadline) -> tuple[Message, ...]:
    """What became of the clock; nothing while it runs."""
    at = deadline.ended_at
    match deadline.state:
        case "met" if at is not None:
            return (msg("It was done in time, on {at}.", at=at),)
        case "late" if at is not None:
            return (msg("It was late: done only on {at}.", at=at),)
        case "ended" if at is not None:
            return (msg("The case was closed on {at}, before this was due.", at=at),)
        case "missed":
            return (msg("The deadline has passed without a result."),)
        case "expired":
            return (msg("It was not used in time."),)
    return ()


class _Moment(Struct, frozen=True, gc=False):
    """The moment from which a case is looked at, and by which calendar."""

    now: datetime
    calendar: Calendar
    near: bool


def _counted(case: Case, rules: Rules, at: _Moment) -> list[Deadline]:
    near, now = at.near, at.now
    events = events_of(case, rules)
    heard = _Heard(case, events, rules)
    found: list[Deadline] = []
    clocks, page = rules.clocks_for(case.problem, near=near), _page_clock(case, rules, near=near)
    for name, happened in events.items():
        here = clocks.get(name, ())
        if page is not None and page.rule.event == name:
            here = (*here, page)
        for clock in here:
            if clock.far is not None and now - happened[0].at < clock.far:
                continue
            rule = clock.rule
            if not clock.plain and _replaced(rule, case, events, rules):
                continue
            own = heard.by(rule) if clock.sided else events
            starts = own[name]
            if not clock.plain or len(starts) > 1:
                starts = _starts(rule, starts, case, own, rules.channel_of)
            for start in starts:
                if clock.lapsed is not None and now - start.at >= clock.lapsed:
                    continue
                if not clock.plain and not rule.in_force(start.at.date()):
                    continue
                filing = _filing(case, start.filing) if start.filing is not None else None
                came = _end(rule, start, filing, _taken_on(case, own) if rule.limits else own)
                if came is None or not near:
                    found.append(_deadline(rule, start, came, _given_up(case, filing), events=own, at=at))
    return found


class _Heard:
    """The events of a case as each clock sees them.

    A clock of mine and one of the shop are with whoever owes, any other one with its own side: what was demanded of, or
    promised by, anybody else moves none of them, such as a complaint to the courier or a promise of a hotline.
    """

    def __init__(self, case: Case, events: Events, rules: Rules) -> None:
        self._case, self._events, self._rules = case, events, rules
        self._seen: dict[str, Events] = {}

    def by(self, rule: DeadlineRule) -> Events:
        """Every event, without those of the wrong side, for a clock that those of its side move."""
        found = self._seen.get(rule.who)
        if found is None:
            found = self._seen[rule.who] = self._with(rule)
        return found

    def _with(self, rule: DeadlineRule) -> Events:
        case, events = self._case, self._events
        debtors = self._rules.debtors(case.problem, case.demand.remedy)
        with_whom: tuple[str, ...] = debtors if rule.mine or rule.who == "merchant" else (rule.who,)
        found = events
        for name in SIDED.intersection(events):
            own = [event for event in events[name] if event.side is None or event.side in with_whom]
            if len(own) < len(events[name]):
                found = {**found, name: own}
        return found


def _replaced(rule: DeadlineRule, case: Case, events: Events, rules: Rules) -> bool:
    """Whether something has happened that keeps the clock from being counted, or another is counted in its place."""
    if _barred(rule, events) or not rule.yields_to:
        return _barred(rule, events)
    beside = rules.clocks_for(case.problem).get(rule.event, ())
    return any(other.rule.id in rule.yields_to and not _barred(other.rule, events) for other in beside)


def _barred(rule: DeadlineRule, events: Events) -> bool:
    """Whether something has happened that keeps the clock from being counted."""
    return not events.keys().isdisjoint(rule.unless)


def _page_clock(case: Case, rules: Rules, *, near: bool) -> StartedClock | None:
    """The clock of the goods page, as long as the case says; None where nobody has typed it."""
    within, rule = case.order.claim_within, rules.page_clock
    if within is None or rule is None or not rule.counts_for(case.problem):
        return None
    return StartedClock.of(structs.replace(rule, span=duetime.span(within)), near=near)


def _taken_on(case: Case, events: Events) -> Events:
    """The events that end a limitation, without those of filings refused: whoever took nothing on ends nothing."""
    refused = {filing.id for filing in case.filings if filing.state == "refused" and filing.accepted_at is None}
    if not refused:
        return events
    return {name: [event for event in happened if event.filing not in refused] for name, happened in events.items()}


def _starts(
    rule: DeadlineRule, happenings: list[Event], case: Case, events: Events, channel_of: Mapping[str, str]
) -> list[Event]:
    """Where the clock began: once for each filing that started it, else once for the case."""
    if not happenings:
        return []
    first = happenings[0]
    if len(happenings) > 1 or first.filing is not None:
        own = [event for event in happenings if event.filing is not None]
        if own:
            return own
    if rule.channels and rule.event not in channel_of:
        filed = [filing for filing in case.filings if filing.channel in rule.channels]
        return [Event(max(first.at, filing.filed_at), filing.id) for filing in filed]
    if rule.restart_on:
        again = [event.at for name in rule.restart_on for event in events.get(name, ())]
        return [Event(max(first.at, *again), None)] if again else [first]
    return [first]


def _filing(case: Case, filing_id: str) -> Filing | None:
    for filing in case.filings:
        if filing.id == filing_id:
            return filing
    return None


def _end(rule: DeadlineRule, start: Event, filing: Filing | None, events: Events) -> datetime | None:
    """When the first event happened that ends it. On day 0 the hour is ignored: days are often entered without one."""
    hours = rule.span is not None and rule.span.unit == "hour"
    own, begun = start.filing, start.at
    first: datetime | None = None
    for name in rule.met_by:
        if name not in events:
            continue
        for event in events[name]:
            at = event.at
            if own is not None and event.filing is not None and event.filing != own:
                continue
            if (at >= begun if hours else at.date() >= begun.date()) and (first is None or at < first):
                first = at
    if filing is not None and filing.ended_at is not None and filing.state != "ended" and filing.ended_at > begun:
        return filing.ended_at if first is None else min(first, filing.ended_at)
    return first


def _given_up(case: Case, filing: Filing | None) -> datetime | None:
    """When nobody waited for it any more: the case ended, or I ended the filing without an answer."""
    if filing is not None and filing.state == "ended" and filing.ended_at is not None:
        return filing.ended_at
    return case.closed_at


def _deadline(
    rule: DeadlineRule,
    start: Event,
    came: datetime | None,
    given_up: datetime | None,
    *,
    events: Events,
    at: _Moment,
) -> Deadline:
    """The clock that `start` started. `came` is when what was owed came, `given_up` when nobody waited any more."""
    length = rule.span
    if length is None:
        raise ValueError(f"{rule.id} has no length: a countdown is no clock that an event starts")
    run = course(rule, length, start, events=events, now=at.now, calendar=at.calendar)
    state, ended = _state(rule, run, came, given_up, at.now)
    restarted = restart(rule, start, events) if rule.restart_on else None
    return Deadline(rule, start.at, run.due, state, ended, start.filing, run.pauses, run.before, restarted)


def course(
    rule: DeadlineRule, length: Span, begun: Event, *, events: Events, now: datetime, calendar: Calendar
) -> Course:
    """The course of a clock of `length` that `begun` started, for its filing or for the case as a whole.

    What was used up before a pause counts; the rest is counted from the day on which the clock resumes, which is
    day 0. While it stands still it ends as if it resumed now. A prolongation is counted from the end it had before.
    """
    start, filing = begun.at, begun.filing
    roll: Roll = "forward" if rule.rolls else "never"
    due = duetime.add(start, length.n, length.unit, calendar, roll=roll)
    if not rule.pause_on and rule.extend is None:
        return Course(due)
    pauses: list[Pause] = []
    if rule.pause_on:
        left, counted_from = length.n, start
        for stopped, resumed in _breaks(rule, events, filing):
            if stopped < counted_from or stopped > due.at:
                continue
            left -= min(left, duetime.elapsed(counted_from, stopped, length.unit, calendar))
            pauses.append(Pause(stopped, resumed, length.n - left))
            counted_from = resumed or max(stopped, now)
            due = duetime.add(counted_from, left, length.unit, calendar, roll=roll)
            if resumed is None:
                break
    if rule.extend is not None and _first(rule.extend_on, events, filing, start) is not None:
        longer = duetime.add(due.at, rule.extend.n, rule.extend.unit, calendar, roll=roll)
        return Course(longer, tuple(pauses), due)
    return Course(due, tuple(pauses))


def _breaks(rule: DeadlineRule, events: Events, filing: str | None) -> list[tuple[datetime, datetime | None]]:
    """The times that do not count, in order; those that overlap are joined."""
    found: list[tuple[datetime, datetime | None]] = []
    spans = [
        (event.at, _first((f"{name}{_RESUMED}",), events, filing, event.at))
        for name in rule.pause_on
        for event in _of(events, name, filing)
    ]
    for begun, resumed in sorted(spans, key=lambda span: span[0]):
        if not found or (found[-1][1] is not None and begun > found[-1][1]):
            found.append((begun, resumed))
        elif found[-1][1] is not None and (resumed is None or resumed > found[-1][1]):
            found[-1] = (found[-1][0], resumed)
    return found


def _first(names: tuple[str, ...], events: Events, filing: str | None, after: datetime) -> datetime | None:
    """When the first of these happened, not before `after`; days are often entered without hours."""
    found = [event.at for name in names for event in _of(events, name, filing) if event.at.date() >= after.date()]
    return min(found, default=None)


def _of(events: Events, name: str, filing: str | None) -> list[Event]:
    return [event for event in events.get(name, ()) if filing is None or event.filing in (None, filing)]


def restart(rule: DeadlineRule, start: Event, events: Events) -> Restart | None:
    """What restarted a limitation at `start`; None where it began with its own event."""
    was = events[rule.event][0].at
    if start.at <= was:
        return None
    by = (name for name in rule.restart_on if any(event.at == start.at for event in events.get(name, ())))
    return next((Restart(name, was) for name in by), None)


def _state(
    rule: DeadlineRule, run: Course, came: datetime | None, given_up: datetime | None, now: datetime
) -> tuple[DeadlineState, datetime | None]:
    end = run.due.at
    if came is not None:
        return "met" if came <= end else "late", came
    if given_up is not None and given_up <= end:
        return "ended", given_up
    if run.pauses and run.standing_still:
        return "paused", None
    if now > end:
        return "expired" if rule.right else "missed", None
    return "extended" if run.before is not None else "running", None


def _countdowns(case: Case, now: datetime, rules: Rules) -> Iterator[Deadline]:
    """The countdowns that were typed in, for whoever has to act there."""
    for filing in case.filings:
        rule = rules.my_countdown if awaits_me(filing, rules) else rules.countdown
        if filing.countdown_until is None or rule is None:
            continue
        start = filing.aftersale_at or filing.ended_at or filing.filed_at
        due = Due(at=filing.countdown_until, whole_day=False, start=start)
        acted = _answered_in_the_app(case, filing, start, rules)
        mine = awaits_me(filing, rules)
        given_up = _given_up(case, filing) or (None if mine else acted)  # once I went on, nobody counts on them there
        state, ended = _state(rule, Course(due), acted if mine else None, given_up, now)
        yield Deadline(rule=rule, start=start, due=due, state=state, ended_at=ended, filing=filing.id)


def _answered_in_the_app(case: Case, mine: Filing, since: datetime, rules: Rules) -> datetime | None:
    """When I acted in the app: lodged a new request or an intervention there, or sent the goods back."""
    acted = [
        filing.filed_at
        for filing in case.filings
        if filing.id != mine.id and filing.filed_at >= since and rules.in_app(filing.channel)
    ]
    sent = done_for(case, mine, rules)
    return min(acted if sent is None else [*acted, sent], default=None)


def _shown_better(clock: Deadline, shown: tuple[Deadline, ...], rules: Rules) -> bool:
    """Whether the clock is a usual time of the platform for which the app shows the real one."""
    return rules.counted_by_app(clock.rule.event) and any(
        clock.rule.kind == "platform" and clock.rule.mine == better.rule.mine and clock.filing in (None, better.filing)
        for better in shown
    )


def _source(deadline: Deadline) -> Iterator[Message]:
    if deadline.rule.sources:
        yield msg("Source: {sources}.", sources=deadline.rule.sources)
    if not deadline.rule.sure:
        yield msg("? The source is weak: check it before you rely on it.")


def _sum(deadline: Deadline) -> Iterator[Message]:
    if deadline.rule.span is None:
        return
    for pause in deadline.pauses:
        yield _paused(pause, deadline)
    if deadline.before is not None and deadline.rule.extend is not None:
        yield from duetime.explain(deadline.before)
        longer = deadline.rule.extend
        yield msg("It was extended by {length}.", length=duetime.period(longer.n, longer.unit))
    yield from duetime.explain(deadline.due)


def _paused(pause: Pause, deadline: Deadline) -> Message:
    unit = deadline.rule.span.unit if deadline.rule.span is not None else "natural_day"
    used = duetime.period(pause.used, unit)
    if pause.end is None:
        return msg(
            "It has been paused since {start}, after {used}; the rest runs once it resumes.",
            start=pause.start,
            used=used,
        )
    return msg(
        "It was paused from {start} to {end}, after {used}; the rest is counted from there.",
        start=pause.start,
        end=pause.end,
        used=used,
    )
