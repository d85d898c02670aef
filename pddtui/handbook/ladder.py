"""The escalation ladder as the handbook tells it, and after how long a channel has gone quiet."""

from __future__ import annotations

from pddtui.domain.rules import Stage
from pddtui.handbook.model import Entry, Named, SpanText, Strict
from pddtui.message import Label

__all__ = ["Conflict", "LadderFile", "LookAgain", "QuietFile", "QuietLimit", "Rung", "Shortcut", "Way"]


class Rung(Entry, frozen=True, kw_only=True):
    """One step of the ladder."""

    level: int
    channels: tuple[str, ...]
    """The usual one first."""
    move_on_when: Label | None = None
    gate: Label | None = None
    """What must be so before, in words."""
    gates: tuple[str, ...] = ()
    """Ids of the conditions that `pddtui.domain.ladder` checks."""


class Shortcut(Entry, frozen=True, kw_only=True):
    """A reason to skip rungs; its id is the condition that `pddtui.domain.ladder` checks."""

    to: str
    """A rung id, or the id of a channel that is a way of its own beside the ladder."""
    through: str | None = None
    """The channel of the rung; None for its usual one."""
    at_once: bool = False
    """It is named from the first day on."""
    waives: tuple[str, ...] = ()
    """Conditions that nobody asks for on this way."""


class Conflict(Entry, frozen=True, kw_only=True):
    """Two channels on the same dispute at once."""

    a: str
    b: str
    clash: bool = True
    """False records that the two do not stand in each other's way, though people think so."""
    basis: tuple[str, ...] = ()


class Way(Entry, frozen=True, kw_only=True):
    """One of the five ways the law names to settle a dispute."""

    basis: tuple[str, ...]


class LadderFile(Strict, frozen=True, kw_only=True):
    ladder: tuple[Rung, ...]
    shortcuts: tuple[Shortcut, ...]
    conflicts: tuple[Conflict, ...]
    five_ways: tuple[Way, ...]


class QuietLimit(Strict, frozen=True, kw_only=True):
    """How long one channel may be silent at one stage."""

    id: str
    channel: str
    """A channel id, or `any`."""
    stage: Stage | None = None
    amber: SpanText
    red: SpanText
    amber_before_countdown: SpanText | None = None
    """Amber this long before a typed-in countdown ends, red at its end; without one the spans hold."""
    repeat: SpanText | None = None
    """Amber comes back after each such span."""
    note: Label | None = None
    src: tuple[str, ...]

    @property
    def key(self) -> str:
        """What `Table` finds it by."""
        return self.id

    @property
    def label(self) -> Label:
        """Its id in both languages: a limit has no name of its own."""
        return Label(self.id, self.id)


class LookAgain(Named, frozen=True, kw_only=True):
    """How often to look at all when nothing else says so."""

    every: SpanText


class QuietFile(Strict, frozen=True, kw_only=True):
    quiet: tuple[QuietLimit, ...]
    look_again: LookAgain
