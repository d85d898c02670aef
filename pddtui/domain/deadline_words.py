"""A deadline in words: what started it, by which rule, how the days add up, and what became of it."""

from __future__ import annotations

from collections.abc import Iterator

from pddtui.domain.deadlines import Deadline
from pddtui.domain.duetime import explain, period
from pddtui.domain.prolonged import Pause
from pddtui.message import Message, msg

__all__ = ["deadline_words", "length_words", "outcome_words", "rule_words", "sum_words"]


_RESTARTS: dict[str, Message] = {
    "demand_made": msg("my demand"),
    "promise_made": msg("their promise"),
    "suit_filed": msg("the suit"),
}
_INTERRUPTION = "cc195"
"""The article by which a demand, a promise or a suit interrupts a limitation."""


def deadline_words(deadline: Deadline) -> tuple[Message, ...]:
    """Everything the deadline knows of itself; a doubtful rule says so with a "?"."""
    return (*rule_words(deadline), *_source(deadline), *sum_words(deadline), *outcome_words(deadline))


def length_words(deadline: Deadline) -> Message:
    """How long it runs and from what: `7 working days from “complaint received” on 2026-11-12`."""
    rule = deadline.rule
    if rule.span is None:
        return msg("as the countdown in the app says, until {end}", end=deadline.due.at)
    length, event = period(rule.span.n, rule.span.unit), rule.event_label or rule.event
    restart = deadline.restarted
    if restart is None:
        return msg("{length} from “{event}” on {start}", length=length, event=event, start=deadline.start)
    anew = msg(
        "{length} from {what} on {start}, which began the time from “{event}” on {was} anew",
        length=length,
        what=_RESTARTS.get(restart.by, restart.by),
        start=deadline.start,
        event=event,
        was=restart.was,
    )
    return msg("{anew} (Civil Code art. 195)", anew=anew) if _INTERRUPTION in rule.basis else anew


def rule_words(deadline: Deadline) -> tuple[Message, ...]:
    """What it is, whose it is, how long it runs and what started it."""
    rule = deadline.rule
    side = msg("a date of mine, it never moves") if rule.mine else msg("a date of theirs")
    return msg("{label}: {who}.", label=rule.label, who=side), msg("It runs {length}.", length=length_words(deadline))


def sum_words(deadline: Deadline) -> tuple[Message, ...]:
    """The sum, day 0 first, with what did not count and what was granted on top."""
    return tuple(_sum(deadline))


def outcome_words(deadline: Deadline) -> tuple[Message, ...]:
    """What became of it; nothing while it runs."""
    at = deadline.ended_at
    match deadline.state:
        case "met" if at is not None:
            return (msg("It was met on {at}.", at=at),)
        case "late" if at is not None:
            return (msg("It was missed: it came only on {at}.", at=at),)
        case "ended" if at is not None:
            return (msg("The case ended on {at}, before it was due.", at=at),)
        case "missed":
            return (msg("It has passed and nothing has come."),)
        case "expired":
            return (msg("It was not used in time."),)
    return ()


def _source(deadline: Deadline) -> Iterator[Message]:
    if deadline.rule.sources:
        yield msg("Source: {sources}.", sources=deadline.rule.sources)
    if not deadline.rule.sure:
        yield msg("? This rests on a weak source: check it before you rely on it.")


def _sum(deadline: Deadline) -> Iterator[Message]:
    if deadline.rule.span is None:
        return
    for pause in deadline.pauses:
        yield _paused(pause, deadline)
    if deadline.before is not None and deadline.rule.extend is not None:
        yield from explain(deadline.before)
        longer = deadline.rule.extend
        yield msg("It was prolonged by {length}.", length=period(longer.n, longer.unit))
    yield from explain(deadline.due)


def _paused(pause: Pause, deadline: Deadline) -> Message:
    unit = deadline.rule.span.unit if deadline.rule.span is not None else "natural_day"
    used = period(pause.used, unit)
    if pause.end is None:
        return msg(
            "It has stood still since {start}, when {used} had been used up; the rest runs once it goes on.",
            start=pause.start,
            used=used,
        )
    return msg(
        "It stood still from {start} to {end}, after {used}; the rest is counted from there.",
        start=pause.start,
        end=pause.end,
        used=used,
    )
