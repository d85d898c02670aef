"""The part of the handbook that the domain reasons with: limits, rungs, channels, deadlines.

The values are defined here, below the handbook that reads them from `data/*.yaml`, so that the domain stays pure
and can be tested on a rulebook of three lines. What the rules take as a file has it, a rung, a shortcut or a
clash, is an entry of the handbook itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from msgspec import Struct, structs

from pddtui.domain.case import FilingState, Override, Turn
from pddtui.domain.duetime import Span, span
from pddtui.domain.entries import Entry, Side, Stage, Strict
from pddtui.domain.table import Act, Moment, NextRow
from pddtui.message import Label

__all__ = [
    "LOOK_AGAIN",
    "MINE",
    "MY_LIMITS",
    "MY_TURN",
    "SIDED",
    "Aftersale",
    "Channel",
    "ChannelEvents",
    "ClashRule",
    "DeadlineRule",
    "EventRule",
    "QuietLimit",
    "Rules",
    "Rung",
    "Shortcut",
    "Span",
    "StartedClock",
    "Track",
    "span",
]

Track = Literal["dispute", "courier", "report", "payment", "public", "police"]
"""What is pursued through a channel: my dispute with the shop, or a way beside it that neither waits for it nor ends
it."""

MY_LIMITS = Override(amber="3d", red="10d")
"""After how long my own turn is amber, and red, unless I have set it otherwise."""

NEAR_DAYS = 60
"""A limitation that ends within so many days goes before everything else (`limitation_near` in the handbook)."""

SIDED = frozenset({"demand_made", "return_notice", "promise_made", "consented"})
"""The events that are somebody's: what was demanded of whom, and who promised or agreed."""

LOOK_AGAIN = timedelta(days=3)
"""While their time runs I look how it stands each time this has passed."""

MY_TURN = "mine"
"""The name of the limits of my own turn among those of silence that the user has set."""

MINE = "mine"
"""The source of a limit that the user has set."""


class ChannelEvents(Strict, frozen=True, kw_only=True):
    """Which events of the handbook a filing through a channel shows, by id. They belong to that filing."""

    filed: str | None = None
    """It was lodged."""
    accepted: str | None = None
    answered: str | None = None
    """They answered there, or the filing came to an end that was not mine."""
    ended: tuple[str, ...] = ()
    """It came to an end. Whoever records one has been notified of it; whoever learns of one without a notice enters it
    by hand, and the clock of the notice runs."""
    refused: str | None = None
    """It was refused without having been accepted."""
    agreed: tuple[str, ...] = ()
    """Consents that are shown there: what follows from them belongs to the filing."""

    @property
    def all(self) -> tuple[str, ...]:
        """Every event of the channel."""
        single = (self.filed, self.accepted, self.answered, self.refused)
        return (*filter(None, single), *self.ended, *self.agreed)

    @property
    def results(self) -> tuple[str, ...]:
        """Those that only a filing, or a question asked there, can have had: a consent may have come by another way."""
        return (*filter(None, (self.accepted, self.answered, self.refused)), *self.ended)


NO_EVENTS = ChannelEvents()


class Channel(Struct, frozen=True, kw_only=True):
    """A way to reach somebody."""

    id: str
    label: Label
    side: Side
    track: Track = "dispute"
    in_app: bool = False
    """It is inside the app: what is filed there is what the app waits for."""
    shows_states: bool = False
    """The app shows the state of a filing there, and counts down."""
    prods: bool = False
    """What is said there is said on behalf of whatever office has the matter."""
    claims: bool = True
    """What is filed there says what I claim; a report says what somebody violated."""
    asking_files: bool = False
    """A demand that was stated there counts as a filing, where none was lodged."""
    events: ChannelEvents = NO_EVENTS
    gates: tuple[str, ...] | None = None
    """Ids of the conditions that it has instead of those of its rung; None where it has none of its own."""


class EventRule(Struct, frozen=True, kw_only=True):
    """What an event means for a case beside the clocks that it starts and ends."""

    id: str
    turn: Turn | None = None
    """Whose turn it makes it when it is noted; None where it changes nothing."""
    asks_return: bool = False
    """They ask me to send the goods back."""
    sent_back: bool = False
    """It shows that I have sent the goods back."""
    owed: bool = False
    """From then on they owe the money, and their silence begins anew."""
    arrival: bool = False
    """What I demanded has come."""
    counted_by_app: bool = False
    """The app counts down itself what it starts."""
    else_from: tuple[str, ...] = ()
    """Where it was not noted itself, it happened with the earliest of these events that the case has."""
    else_filed: bool = False
    """It happened with the first filing, whatever it was, where that came before these."""
    in_a_sentence: Label | None = None
    """Its name inside a sentence, as that which restarted a clock."""
    follows: Mapping[str, Label] = {}
    """The events that it cannot have been before, by id, with their names."""


class Rung(Entry, frozen=True, kw_only=True):
    """One step of the escalation ladder."""

    level: int
    channels: tuple[str, ...]
    """Channel ids, the usual one first."""
    move_on_when: Label | None = None
    gate: Label | None = None
    """What must be the case first, in words."""
    gates: tuple[str, ...] = ()
    """Ids of the conditions that `pddtui.domain.ladder` checks."""


class QuietLimit(Struct, frozen=True, kw_only=True):
    """How long the other side may be silent on one channel, at one stage."""

    id: str
    channel: str
    """A channel id, or `any`."""
    stage: Stage | None = None
    amber: Span
    red: Span
    amber_before_countdown: Span | None = None
    """Where the filing has a countdown: amber this long before its end, red at its end."""
    repeat: Span | None = None
    """Once I chase them, amber goes and comes back after each such span; without one it stays until they answer."""
    source: str
    """The source of the limit, as the handbook names it; `design` is our own choice, `MINE` the user's."""


class DeadlineRule(Struct, frozen=True, kw_only=True):
    """A clock of the law, the platform or a scheme."""

    id: str
    label: Label
    span: Span | None
    """None for a countdown, whose end is typed in."""
    event: str
    """The event that starts it."""
    event_label: Label | None = None
    who: str
    """`me`, or the side that has to act."""
    rolls: bool
    """Whether it moves on from a day off. Never for mine (Civil Code art. 203 read cautiously)."""
    kind: str
    """`duty`, `presumption`, `platform`, `scheme`, `local`, `right_window`, `limitation`, `info` …"""
    channels: tuple[str, ...] = ()
    """If any, only a filing through one of these channels starts it."""
    basis: tuple[str, ...] = ()
    """Article ids."""
    basis_for: Mapping[str, tuple[str, ...]] = {}
    """The problems for which an article of `basis` is, where it is not for all."""
    valid_from: date | None = None
    valid_to: date | None = None
    sure: bool = True
    """False where the source is weak; shown with a question mark."""
    sources: tuple[str, ...] = ()
    """Source ids of the handbook."""
    met_by: tuple[str, ...] = ()
    """Events that end it."""
    restart_on: tuple[str, ...] = ()
    """Events that restart it; the latest one counts."""
    restart_labels: Mapping[str, Label] = {}
    """Their names inside a sentence, by event id."""
    pause_on: tuple[str, ...] = ()
    """Events that stop it until the event of the same name with `_done`."""
    extend: Span | None = None
    """By how much it may be prolonged, once."""
    extend_on: tuple[str, ...] = ()
    """Events that prolong it."""
    warn_after: Span | None = None
    """For a clock of mine: when the warning begins, if long before the end."""
    problems: tuple[str, ...] = ()
    """The problems for which it is counted; empty for all."""
    unless_problems: tuple[str, ...] = ()
    """The problems for which it is not."""
    unless: tuple[str, ...] = ()
    """Events that show that it is not to be counted."""
    yields_to: tuple[str, ...] = ()
    """Ids of clocks from the same event that are counted in its place where both would be."""

    @property
    def mine(self) -> bool:
        """Whether it is I who have to act."""
        return self.who == "me"

    @property
    def right(self) -> bool:
        """Whether it is something that I may do until then, and need not."""
        return self.kind in ("right_window", "limitation")

    @property
    def limits(self) -> bool:
        """Whether my claim, or a way to pursue it, is lost after its end."""
        return self.kind == "limitation"

    def counts_for(self, problem: str | None) -> bool:
        """Whether it is counted in a case with that problem."""
        return (not self.problems or problem in self.problems) and problem not in self.unless_problems

    def based_for(self, problem: str | None) -> DeadlineRule:
        """The rule as it is in a case with that problem: with the articles that are for it."""
        basis = tuple(each for each in self.basis if problem in self.basis_for.get(each, (problem,)))
        return self if basis == self.basis else structs.replace(self, basis=basis)

    def in_force(self, day: date) -> bool:
        """Whether the rule was in force on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


_AT_LEAST: Mapping[str, int] = {"hour": 0, "natural_day": 1, "working_day": 1, "month": 28, "year": 365}
"""The fewest days that one unit lasts."""

_AT_MOST: Mapping[str, int] = {"hour": 1, "natural_day": 1, "month": 31, "year": 366}
"""The most days that one unit lasts; a working day lasts as long as a holiday."""


class StartedClock(Struct, frozen=True, gc=False):
    """A clock as an event starts it, with what can be said of it before anything is counted."""

    rule: DeadlineRule
    sided: bool
    """Whether an event of `SIDED` starts, ends or moves it; one of a channel begins with its filing."""
    plain: bool
    """It starts with its event, whatever the day and whatever else has happened."""
    far: timedelta | None
    """A right that began less than this ago ends too far off to be looked at; None where that has to be counted."""
    lapsed: timedelta | None
    """A right that began so long ago was over long ago; None where that has to be counted."""

    @classmethod
    def of(cls, rule: DeadlineRule, *, near: bool) -> StartedClock:
        """`near`: only what somebody need look at now is wanted."""
        moved_by = (rule.event, *rule.met_by, *rule.restart_on, *rule.pause_on, *rule.extend_on)
        sided = not rule.channels and not SIDED.isdisjoint(moved_by)
        always = rule.valid_from is None and rule.valid_to is None
        plain = always and not (rule.unless or rule.yields_to or rule.restart_on or rule.channels)
        far: timedelta | None = None
        lapsed: timedelta | None = None
        if near and rule.right and rule.span is not None:
            unit, n = rule.span.unit, rule.span.n
            if rule.warn_after is None:
                far = timedelta(days=_AT_LEAST[unit] * n - NEAR_DAYS - 1)
            if unit in _AT_MOST:
                lapsed = timedelta(days=_AT_MOST[unit] * n + 2)
        return cls(rule, sided, plain, far, lapsed)


class ClashRule(Entry, frozen=True, kw_only=True):
    """What it means to use two channels on the same dispute, at once or one after the other."""

    a: str
    """Who may refuse what `b` has, or has handled; the same as `b` for a second filing on the same dispute."""
    b: str
    both_ways: bool = False
    """While one of the two has it neither takes it. A court takes what is still with an authority."""
    clash: bool = True
    """False records that the two do not conflict, though people think so."""
    basis: tuple[str, ...] = ()
    """Ids of articles."""


class Shortcut(Entry, frozen=True, kw_only=True):
    """A reason to skip rungs: one of these problems, an event, or a limitation that is about to end."""

    problems: tuple[str, ...] = ()
    event: str | None = None
    limitation_near: bool = False
    """Goes before all others."""
    once_asked: Side | None = None
    """It replaces the next step only once something was lodged with that side."""
    to: str
    """A rung id, or the id of a channel that is a way of its own beside the ladder."""
    through: str | None = None
    """The channel of the rung; None for its usual one."""
    at_once: bool = False
    """Shown from the first day on, not only once somebody has gone quiet."""
    waives: tuple[str, ...] = ()
    """Ids of the gates that this way does not need."""


class Aftersale(Struct, frozen=True, kw_only=True):
    """A state of an in-app request, by the platform's own code."""

    code: int
    label: Label
    turn: Turn | None
    """Whose turn it makes it; None where it is over."""
    ends: FilingState | None = None
    """What becomes of the filing, where the state ends it."""
    event: str | None = None
    """The event of the handbook that the state shows."""
    returns: bool | None = None
    """Whether the request asks for a return; None where the state says nothing of it."""
    hint: Label | None = None
    """What to do before the time runs out."""


class Rules(Struct, frozen=True, kw_only=True, dict=True):
    """Everything the case rules need to know of the field."""

    channels: Mapping[str, Channel] = {}
    ladder: tuple[Rung, ...] = ()
    """By level, from talking to the merchant up to court."""
    quiet: tuple[QuietLimit, ...] = ()
    deadlines: tuple[DeadlineRule, ...] = ()
    clashes: tuple[ClashRule, ...] = ()
    """Those of which one really stands in the way of the other."""
    shortcuts: tuple[Shortcut, ...] = ()
    countdown: DeadlineRule | None = None
    """The rule of a countdown that the app shows for them."""
    page_clock: DeadlineRule | None = None
    """The rule of the claims that a goods page takes for some time, whose length is typed into the case."""
    my_countdown: DeadlineRule | None = None
    """The rule of a countdown that the app shows for me."""
    aftersales: Mapping[int, Aftersale] = {}
    problems: Mapping[str, Label] = {}
    """The name of each problem, by its id."""
    also: Mapping[str, tuple[str, ...]] = {}
    """What else people call a problem, by its id."""
    remedies: Mapping[str, Label] = {}
    """The name of each thing that can be demanded, by its id."""
    base_evidence: tuple[str, ...] = ()
    """The kinds of evidence with which every case starts."""
    evidence_for: Mapping[str, tuple[str, ...]] = {}
    """What a problem needs on top, by its id."""
    returning: frozenset[str] = frozenset()
    """The remedies whose demand says that the goods go back, by id."""
    owed_for: Mapping[str, tuple[Side, ...]] = {}
    """Who owes what a problem gives a claim to, where it is not the shop alone; by the id of the problem."""
    owed_as: Mapping[str, tuple[Side, ...]] = {}
    """Who owes a remedy, where it is not the shop; by its id. It goes before `owed_for`."""
    events: Mapping[str, EventRule] = {}
    """The events that mean more than the clocks they start, by id, in the order in which things happen."""
    acts: Mapping[str, Act] = {}
    """What I can do next, by id."""
    next_rows: tuple[NextRow, ...] = ()
    """When to do it, those that catch what nothing else fits last."""
    mine: Override = MY_LIMITS
    """After how long my own turn is amber, and red."""

    def checklist(self, problem: str | None) -> tuple[str, ...]:
        """The kinds of evidence that a case should have: the base set, then what its problem needs on top."""
        return tuple(dict.fromkeys((*self.base_evidence, *self.evidence_for.get(problem or "", ()))))

    @cached_property
    def my_spans(self) -> tuple[Span, Span]:
        """The same as lengths."""
        return span(self.mine.amber), span(self.mine.red)

    @cached_property
    def rows_at(self) -> Mapping[Moment, tuple[NextRow, ...]]:
        """The rows of each moment."""
        found: dict[Moment, tuple[NextRow, ...]] = {}
        for row in self.next_rows:
            for moment in row.moment:
                found[moment] = (*found.get(moment, ()), row)
        return found

    @cached_property
    def channel_of(self) -> Mapping[str, str]:
        """The channel to whose filings each event belongs, for those that belong to filings."""
        return {event: channel.id for channel in self.channels.values() for event in channel.events.all}

    @cached_property
    def turning(self) -> Mapping[str, EventRule]:
        """The events that make it somebody's turn."""
        return {event.id: event for event in self.events.values() if event.turn is not None}

    @cached_property
    def sent_back(self) -> tuple[str, ...]:
        """The events that show that I have sent the goods back."""
        return tuple(event.id for event in self.events.values() if event.sent_back)

    @cached_property
    def asks_return(self) -> tuple[str, ...]:
        """The events by which they ask me to send the goods back."""
        return tuple(event.id for event in self.events.values() if event.asks_return)

    @cached_property
    def arrivals(self) -> tuple[str, ...]:
        """The events with which what I demanded has come."""
        return tuple(event.id for event in self.events.values() if event.arrival)

    @cached_property
    def inferred(self) -> tuple[EventRule, ...]:
        """The events that are taken from others where they were not noted themselves."""
        return tuple(event for event in self.events.values() if event.else_from)

    @cached_property
    def request_channel(self) -> str | None:
        """The channel of an after-sales request in the app; None where the handbook has none."""
        return next((channel.id for channel in self.channels.values() if channel.shows_states), None)

    @cached_property
    def deadlines_from(self) -> Mapping[str, tuple[DeadlineRule, ...]]:
        """The clocks that each event starts. Most events of most cases start none."""
        found: dict[str, tuple[DeadlineRule, ...]] = {}
        for rule in self.deadlines:
            found[rule.event] = (*found.get(rule.event, ()), rule)
        return found

    def clocks_for(self, problem: str | None, *, near: bool = False) -> Mapping[str, tuple[StartedClock, ...]]:
        """The clocks that each event starts in a case with that problem, where there are any.

        `near` leaves out those that are only worth knowing.
        """
        found = self._clocks_for.get((problem, near))
        if found is None:
            counted = {
                event: tuple(
                    StartedClock.of(rule.based_for(problem), near=near)
                    for rule in rules
                    if rule.counts_for(problem) and not (near and rule.kind == "info")
                )
                for event, rules in self.deadlines_from.items()
            }
            found = self._clocks_for[problem, near] = {event: clocks for event, clocks in counted.items() if clocks}
        return found

    @cached_property
    def _clocks_for(self) -> dict[tuple[str | None, bool], Mapping[str, tuple[StartedClock, ...]]]:
        return {}

    @cached_property
    def levels(self) -> Mapping[str, int]:
        """How high each rung stands, by its id."""
        return {rung.id: rung.level for rung in self.ladder}

    @cached_property
    def highest(self) -> Mapping[str, int]:
        """The level of the last rung on which one deals with each side."""
        found: dict[str, int] = {}
        for rung in self.ladder:
            for side in filter(None, map(self.side, rung.channels)):
                found[side] = max(rung.level, found.get(side, 0))
        return found

    def rung(self, rung_id: str) -> Rung | None:
        """The rung with that id, or None."""
        return next((rung for rung in self.ladder if rung.id == rung_id), None)

    def rung_of(self, channel: str) -> Rung | None:
        """The lowest rung that is reached through the channel, or None."""
        return next((rung for rung in self.ladder if channel in rung.channels), None)

    def gates_of(self, rung: Rung, channel: str) -> tuple[str, ...]:
        """What has to be there before a case is filed at the rung through that channel, by the ids of the gates."""
        known = self.channels.get(channel)
        return known.gates if known is not None and known.gates is not None else rung.gates

    def level_of(self, channel: str | None) -> int:
        """How high the lowest rung stands that is reached through the channel; 0 where none is."""
        return self._channel_levels.get(channel or "", 0)

    @cached_property
    def _channel_levels(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for rung in reversed(self.ladder):
            found.update(dict.fromkeys(rung.channels, rung.level))
        return found

    def side(self, channel: str | None) -> Side | None:
        """Who stands behind the channel, or None where it is unknown."""
        known = self.channels.get(channel or "")
        return known.side if known else None

    def debtors(self, problem: str | None, remedy: str | None) -> tuple[Side, ...]:
        """Against whom the claim of a case with that problem and that demand is.

        A demand of anybody else, or a promise by anybody else, does not interrupt its limitation (Civil Code art. 195).
        """
        return self.owed_as.get(remedy or "") or self.owed_for.get(problem or "") or ("merchant",)

    @cached_property
    def asked_at(self) -> Mapping[str, str]:
        """By channel where a demand that was stated counts as a filing: the event that it is."""
        return {
            channel.id: channel.events.filed
            for channel in self.channels.values()
            if channel.asking_files and channel.events.filed is not None
        }

    def events_of(self, channel: str | None) -> ChannelEvents:
        """The events that a filing through the channel shows; none where it is unknown."""
        known = self.channels.get(channel or "")
        return known.events if known else NO_EVENTS

    def in_app(self, channel: str) -> bool:
        """Whether the channel is inside the app."""
        known = self.channels.get(channel)
        return known is not None and known.in_app

    def shows_states(self, channel: str) -> bool:
        """Whether the app shows the state of a filing through the channel."""
        known = self.channels.get(channel)
        return known is not None and known.shows_states

    def counted_by_app(self, event: str) -> bool:
        """Whether the app counts down itself what the event starts."""
        known = self.events.get(event)
        return known is not None and known.counted_by_app

    def quiet_limit(self, channel: str | None, stage: Stage | None) -> QuietLimit | None:
        """The limit for the channel at that stage; else for the channel; else for any channel.

        What is on its way has a limit of its own, whatever the channel.
        """
        find = self._limits.get
        if stage in ("returning", "owed") and (limit := find((channel, stage)) or find(("any", stage))):
            return limit
        return find((channel, stage)) or find((channel, None)) or find((channel, "first")) or find(("any", "first"))

    @cached_property
    def _limits(self) -> Mapping[tuple[str | None, str | None], QuietLimit]:
        """By channel and stage; the first one of a channel also under `first`."""
        found: dict[tuple[str | None, str | None], QuietLimit] = {}
        for limit in self.quiet:
            found.setdefault((limit.channel, limit.stage), limit)
            found.setdefault((limit.channel, "first"), limit)
        return found
