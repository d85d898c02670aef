"""Events that start clocks, the clocks themselves, and how promises are usually worded."""

from __future__ import annotations

from typing import Literal

import msgspec

from pddtui.handbook.model import Entry, SpanText, Strict
from pddtui.message import Label

__all__ = ["Deadline", "DeadlineFile", "DeadlineStage", "Event", "Phrase"]


class Event(Entry, frozen=True, kw_only=True):
    """Something that happens in a case and starts or ends a clock."""

    note: Label | None = None
    basis: tuple[str, ...] = ()


class DeadlineStage(Strict, frozen=True, kw_only=True):
    """One of several lengths of the same right."""

    span: SpanText
    zh: str
    en: str

    @property
    def label(self) -> Label:
        """What may be demanded until then."""
        return Label(self.zh, self.en)


class Deadline(Entry, frozen=True, kw_only=True):
    """A clock of the law, of a scheme or of a promise. The day of the event is day 0."""

    span: SpanText | None
    """None where the length comes from what was said or from the app."""
    event: str = msgspec.field(name="from")
    """The event that starts it; `now` when it is typed in, `any` for my own reminders."""
    who: Literal["me", "merchant", "platform", "courier", "authority", "association", "court", "promisor", "as_state"]
    """Who has to act: the one who promised, or the one the after-sales state names, for the last two."""
    roll: Literal["never", "forward", "back_to_workday_optional"]
    """`forward`: an end on a day off moves to the next working day (Civil Code art. 203)."""
    kind: Literal[
        "right_window",
        "duty",
        "presumption",
        "promise",
        "platform",
        "scheme",
        "local",
        "limitation",
        "info",
        "reminder",
    ]
    extend: SpanText | None = None
    """By how much the other side may prolong it."""
    extend_on: tuple[str, ...] = ()
    """Events that prolong it."""
    stages: tuple[DeadlineStage, ...] = ()
    """The whole series of which `span` is the first."""
    pause_on: tuple[str, ...] = ()
    """Events from which on nothing counts until the one of the same name with `_done`."""
    restart_on: tuple[str, ...] = ()
    """Events that start it anew."""
    met_by: tuple[str, ...] = ()
    """Events that end it; in time if they come before it is due."""
    channels: tuple[str, ...] = ()
    """Where only a filing through one of these channels starts it."""
    problems: tuple[str, ...] = ()
    """Problem ids for which it counts; empty for all."""
    warn_after: SpanText | None = None
    """For mine: when to start warning, if that is long before the end."""
    basis: tuple[str, ...] = ()
    note: Label | None = None


class Phrase(Entry, frozen=True, kw_only=True):
    """How people put a promise, and how it is read."""

    means: str | None = None
    """The reading; None where no date can be had and one must be asked for."""
    follow_up: SpanText | None = None
    """When to ask again where there is no date."""


class DeadlineFile(Strict, frozen=True, kw_only=True):
    events: tuple[Event, ...]
    deadlines: tuple[Deadline, ...]
    phrases: tuple[Phrase, ...]
