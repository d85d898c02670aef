"""The clocks of the handbook as the rules of a case see them: those of the law, of schemes, and of the platform.

The platform's own clocks are rules like the others, only that nobody has read them anywhere: most are
unsure, and a countdown that the app shows goes before them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.domain.case import FilingState
from pddtui.domain.contact import Turn
from pddtui.domain.rules import Aftersale, DeadlineRule, span
from pddtui.handbook.aftersales import AftersaleState, PlatformClock
from pddtui.handbook.book import Handbook
from pddtui.handbook.deadlines import Deadline

__all__ = ["aftersales", "clocks", "countdown"]

_UNSPECIFIC = frozenset({"received", "demand_made", "ordered", "group_formed"})
"""Events of nearly every case: a clock that they start counts only for the problems that list it."""

_TURNS: Mapping[str, Turn] = {"me": "mine", "merchant": "theirs", "platform": "theirs", "payment": "theirs"}

_ENDS: Mapping[str, FilingState] = {"closed_against_me": "refused", "done": "answered", "closed": "ended"}
"""What becomes of a filing whose request has come to a state of this group."""


def clocks(book: Handbook) -> Iterator[DeadlineRule]:
    """Every clock whose length is known; the others are typed in."""
    listed: dict[str, tuple[str, ...]] = {}
    for problem in book.problems:
        for clock in problem.deadlines:
            listed[clock] = (*listed.get(clock, ()), problem.id)
    for deadline in book.deadlines:
        if deadline.span is not None:
            yield _of_the_law(book, deadline, _problems(deadline, listed))
    for own in book.platform_clocks:
        if own.span is not None:
            yield _of_the_platform(book, own, _problems(own, listed))


def countdown(book: Handbook, *, mine: bool) -> DeadlineRule | None:
    """The rule of a countdown in the app, for me or for them; None where the user's handbook has none."""
    entry = book.deadlines.get("app_countdown")
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
    return {state.code: _shown(state) for state in book.aftersale_states}


def _shown(state: AftersaleState) -> Aftersale:
    ends = _ENDS.get(state.group)
    return Aftersale(
        code=state.code,
        label=state.label,
        turn=None if ends is not None else _TURNS.get(state.turn),
        ends=ends,
        event=state.event,
        hint=state.hint,
    )


def _of_the_law(book: Handbook, deadline: Deadline, problems: tuple[str, ...]) -> DeadlineRule:
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
        valid_from=deadline.valid_from,
        valid_to=deadline.valid_to,
        sure=not deadline.unsure,
        sources=deadline.src,
        met_by=deadline.met_by,
        restart_on=deadline.restart_on,
        pause_on=deadline.pause_on,
        extend=span(deadline.extend) if deadline.extend else None,
        extend_on=deadline.extend_on,
        warn_after=span(deadline.warn_after) if deadline.warn_after else None,
        problems=problems,
    )


def _of_the_platform(book: Handbook, clock: PlatformClock, problems: tuple[str, ...]) -> DeadlineRule:
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


def _problems(clock: Deadline | PlatformClock, listed: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What the clock says itself, else who lists it if its event says nothing about the kind of problem."""
    if clock.problems or clock.event not in _UNSPECIFIC:
        return clock.problems
    return listed.get(clock.id, ())
