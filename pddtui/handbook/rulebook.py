"""The rulebook: the handbook as the values of `pddtui.domain.rules`, with the user's own limits of silence.

A pure conversion that reads seven files, so that only those who need rules pay for it. The platform's own clocks are
rules like the others, though most are unsure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.domain import rules as domain
from pddtui.domain.case import FilingState, Override, Turn
from pddtui.domain.duetime import inverted, span
from pddtui.domain.rules import MY_LIMITS, MY_TURN, Aftersale, DeadlineRule, Rules
from pddtui.domain.workdays import YearOverride
from pddtui.handbook.book import Handbook
from pddtui.handbook.cache import KeptRules
from pddtui.handbook.procedure import (
    AftersaleState,
    DeadlineEntry,
    EventEntry,
    PlatformClock,
    QuietLimitEntry,
)
from pddtui.handbook.shelf import LATE_AMBER
from pddtui.message import Message, msg

__all__ = ["rulebook", "rules_to_keep", "wrong_limits"]

Limits = Mapping[str, tuple[str, str]]
"""The user's own amber and red spans, by channel id or by the id of one limit."""

_ANY = "any"
"""The name of the limit for every channel that has none of its own."""

_TURNS: Mapping[str, Turn] = {"me": "mine", "merchant": "theirs", "platform": "theirs", "payment": "theirs"}

_ENDS: Mapping[str, FilingState] = {"closed_against_me": "refused", "done": "answered", "closed": "ended"}
"""What becomes of a filing whose request reaches a state of this group."""


def rulebook(book: Handbook, limits: Limits | None = None) -> Rules:
    """The rules of the handbook, with those of the user's own limits of silence that make sense."""
    wrong = dict(wrong_limits(book, limits or {}))
    limits = {name: pair for name, pair in (limits or {}).items() if name not in wrong}
    amber, red = limits.pop(MY_TURN, (MY_LIMITS.amber, MY_LIMITS.red))
    return Rules(
        channels={
            channel.id: domain.Channel(
                id=channel.id,
                label=channel.label,
                side=channel.side,
                track=channel.track,
                prods=channel.prods,
                in_app=channel.in_app,
                shows_states=channel.shows_states,
                claims=channel.claims,
                asking_files=channel.asking_files,
                events=channel.events,
                gates=channel.gates,
            )
            for channel in book.channels
        },
        ladder=tuple(sorted(book.ladder, key=lambda rung: rung.level)),
        quiet=(*(_quiet(limit, limits) for limit in book.quiet), *_further(book, limits)),
        deadlines=tuple(deadline_rules(book)),
        countdown=countdown(book, mine=False),
        my_countdown=countdown(book, mine=True),
        page_clock=page_clock(book),
        aftersales=aftersales(book),
        problems={problem.id: problem.label for problem in book.problems},
        also={problem.id: problem.also for problem in book.problems if problem.also},
        remedies={remedy.id: remedy.label for remedy in book.remedies},
        base_evidence=book.evidence_file.base_set,
        evidence_for={problem.id: problem.evidence for problem in book.problems},
        returning=frozenset(remedy.id for remedy in book.remedies if remedy.returns),
        owed_for={problem.id: problem.owed_by for problem in book.problems if problem.owed_by},
        owed_as={remedy.id: remedy.owed_by for remedy in book.remedies if remedy.owed_by},
        events={
            rule.id: rule for event in book.events if (rule := _meaning(event, book)) != domain.EventRule(id=event.id)
        },
        clashes=tuple(each for each in book.ladder_file.conflicts if each.clash),
        shortcuts=book.ladder_file.shortcuts,
        acts={act.id: act for act in book.next_file.acts},
        mine=Override(amber=amber, red=red),
        next_rows=tuple(sorted(book.next_file.next, key=lambda row: row.catch_all)),
    )


def _meaning(event: EventEntry, book: Handbook) -> domain.EventRule:
    return domain.EventRule(
        id=event.id,
        turn=event.turn,
        asks_return=event.asks_return,
        sent_back=event.sent_back,
        owed=event.owed,
        arrival=event.arrival,
        counted_by_app=event.counted_by_app,
        else_from=event.else_from,
        else_filed=event.else_filed,
        in_a_sentence=event.in_a_sentence,
        follows={each: earlier.label for each in event.follows if (earlier := book.events.get(each)) is not None},
    )


def rules_to_keep(book: Handbook, limits: Limits | None = None) -> KeptRules:
    """The rules, and the years about which the handbook knows more than the published calendar."""
    years = book.calendar.years
    return KeptRules(
        rules=rulebook(book, limits),
        years={
            year.year: YearOverride(off=frozenset(year.days_off), work=frozenset(year.make_up))
            for year in years
            if year.published
        },
        feasts={feast.day: feast.label for year in years for feast in year.statutory},
    )


def wrong_limits(book: Handbook, limits: Limits) -> Iterator[tuple[str, Message]]:
    """The user's limits that make no sense, by name, each with its fault; the handbook's are used instead."""
    for name, (amber, red) in limits.items():
        if name not in book.quiet and name not in book.channels and name not in (_ANY, MY_TURN):
            yield name, msg("there is no {noun} “{value}”", noun=msg("channel"), value=name)
        elif inverted(span(amber), span(red)):
            yield name, LATE_AMBER


def _quiet(limit: QuietLimitEntry, limits: Limits) -> domain.QuietLimit:
    mine = limits.get(limit.id) or limits.get(limit.channel)
    amber, red = mine or (limit.amber, limit.red)
    early = limit.amber_before_countdown
    return domain.QuietLimit(
        id=limit.id,
        channel=limit.channel,
        stage=limit.stage,
        amber=span(amber),
        red=span(red),
        amber_before_countdown=span(early) if early else None,
        repeat=span(limit.repeat) if limit.repeat else None,
        source=domain.MINE if mine else ", ".join(limit.src),
    )


def _further(book: Handbook, limits: Limits) -> Iterator[domain.QuietLimit]:
    """The user's limits for channels for which the handbook has none."""
    known = {name for limit in book.quiet for name in (limit.id, limit.channel)}
    for name, (amber, red) in limits.items():
        if name not in known:
            yield domain.QuietLimit(id=name, channel=name, amber=span(amber), red=span(red), source=domain.MINE)


def deadline_rules(book: Handbook) -> Iterator[DeadlineRule]:
    """Every clock whose length is known; the other lengths are typed in."""
    listed: dict[str, tuple[str, ...]] = {}
    for problem in book.problems:
        for clock in problem.deadlines:
            listed[clock] = (*listed.get(clock, ()), problem.id)
    for deadline in book.deadlines:
        if deadline.span is not None:
            yield _legal_rule(book, deadline, _problems(book, deadline, listed))
    for own in book.platform_clocks:
        if own.span is not None:
            yield _platform_rule(book, own, _problems(book, own, listed))


def _legal_rule(book: Handbook, deadline: DeadlineEntry, problems: tuple[str, ...]) -> DeadlineRule:
    event = book.events.get(deadline.event)
    return DeadlineRule(
        id=deadline.id,
        label=deadline.label,
        span=span(deadline.span) if deadline.span else None,
        event=deadline.event,
        event_label=event.label if event else None,
        who=deadline.who,
        rolls=deadline.roll == "forward",
        kind=deadline.kind,
        channels=deadline.channels,
        basis=deadline.basis,
        basis_for={
            each: article.problems
            for each in deadline.basis
            if (article := book.articles.get(each)) is not None and article.problems
        },
        valid_from=deadline.valid_from,
        valid_to=deadline.valid_to,
        sure=not deadline.unsure,
        sources=deadline.src,
        met_by=deadline.met_by,
        restart_on=deadline.restart_on,
        restart_labels={
            name: restart.in_a_sentence
            for name in deadline.restart_on
            if (restart := book.events.get(name)) is not None and restart.in_a_sentence is not None
        },
        pause_on=deadline.pause_on,
        extend=span(deadline.extend) if deadline.extend else None,
        extend_on=deadline.extend_on,
        warn_after=span(deadline.warn_after) if deadline.warn_after else None,
        problems=problems,
        unless_problems=_other_problems(book, deadline),
        unless=deadline.unless,
        yields_to=deadline.yields_to,
    )


def _other_problems(book: Handbook, deadline: DeadlineEntry) -> tuple[str, ...]:
    """The problems for which the clock does not count.

    They are those that it names, those with nothing to receive where it begins with the receipt, and those that list a
    clock which stands in its place.
    """
    stand_in = [
        problem.id
        for problem in book.problems
        if (problem.undelivered and deadline.event == "received")
        or (deadline.id not in problem.deadlines and not set(deadline.instead).isdisjoint(problem.deadlines))
    ]
    return tuple(dict.fromkeys((*deadline.unless_problems, *stand_in)))


def _platform_rule(book: Handbook, clock: PlatformClock, problems: tuple[str, ...]) -> DeadlineRule:
    event = book.events.get(clock.event)
    return DeadlineRule(
        id=clock.id,
        label=clock.label,
        span=span(clock.span) if clock.span else None,
        event=clock.event,
        event_label=event.label if event else None,
        who=clock.who,
        rolls=False,
        kind=clock.kind,
        valid_from=clock.valid_from,
        valid_to=clock.valid_to,
        sure=not clock.unsure,
        sources=clock.src,
        met_by=clock.met_by,
        warn_after=span(clock.warn_after) if clock.warn_after else None,
        problems=problems,
    )


def _problems(
    book: Handbook, clock: DeadlineEntry | PlatformClock, listed: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    """The problems that the clock names, else those that list it, where its event happens in nearly every case.

    None where it names those for which it does not count.
    """
    event = book.events.get(clock.event)
    if clock.problems or event is None or not event.everyday:
        return clock.problems
    if isinstance(clock, DeadlineEntry) and clock.unless_problems:
        return ()
    return listed.get(clock.id, ())


def page_clock(book: Handbook) -> DeadlineRule | None:
    """The rule of the clock whose length the goods page says; None where the handbook has none."""
    entry = next((deadline for deadline in book.deadlines if deadline.on_page), None)
    return _legal_rule(book, entry, entry.problems) if entry is not None else None


def countdown(book: Handbook, *, mine: bool) -> DeadlineRule | None:
    """The rule of a countdown in the app, for me or for them; None where the handbook has none."""
    entry = next((deadline for deadline in book.deadlines if deadline.countdown), None)
    if entry is None:
        return None
    return DeadlineRule(
        id=entry.id,
        label=entry.label,
        span=None,
        event=entry.event,
        who="me" if mine else "merchant",
        rolls=False,
        kind="platform",
        sources=entry.src,
    )


def aftersales(book: Handbook) -> Mapping[int, Aftersale]:
    """The states of an in-app request by code: whose turn each makes it and what it means for the filing."""
    return {state.code: _aftersale(state) for state in book.aftersale_states}


def _aftersale(state: AftersaleState) -> Aftersale:
    ends = _ENDS.get(state.group)
    return Aftersale(
        code=state.code,
        label=state.label,
        turn=None if ends is not None else _TURNS.get(state.turn),
        ends=ends,
        event=state.event,
        returns=state.returns,
        hint=state.hint,
    )
