"""After-sales requests in the app: types, states, the platform's own clocks and the marks on a goods page.

Codes and Chinese names are those of the platform's interface. The clocks are not law: a countdown
typed in from the app goes before each of them.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from pddtui.handbook.model import Entry, Named, SpanText, Strict
from pddtui.message import Label

__all__ = ["AftersaleFile", "AftersaleState", "AftersaleType", "Caution", "PlatformClock", "Scheme"]


class _Coded(Named, frozen=True, kw_only=True):
    code: int
    """The platform's own number."""

    @property
    def key(self) -> str:
        """What `Table` finds it by."""
        return str(self.code)


class AftersaleType(_Coded, frozen=True, kw_only=True):
    """What a request asks for."""


class AftersaleState(_Coded, frozen=True, kw_only=True):
    """Where a request stands and who has to act."""

    turn: Literal["none", "merchant", "me", "platform", "payment"]
    group: Literal[
        "none",
        "waiting_merchant",
        "waiting_platform",
        "refunding",
        "my_turn",
        "closed_against_me",
        "closed",
        "done",
    ]
    event: str | None = None
    """The event that the state shows."""
    hint: Label | None = None
    """What to do before the time runs out."""


class PlatformClock(Entry, frozen=True, kw_only=True):
    """A time limit of the platform, as far as anybody knows it."""

    span: SpanText | None
    """None where the length is unknown and has to be typed in."""
    event: str = msgspec.field(name="from")
    """The event that starts it."""
    who: Literal["me", "merchant", "platform"]
    kind: Literal["platform", "right_window"] = "platform"
    """`right_window` for what I may do until then and lose afterwards."""
    warn_after: SpanText | None = None
    """For mine: when to start warning."""
    met_by: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """Problem ids for which it counts; empty for all."""
    note: Label | None = None


class Scheme(Entry, frozen=True, kw_only=True):
    """A service mark on the goods page. Keep a picture of it at purchase: it binds as a promise."""

    note: Label


class Caution(Entry, frozen=True, kw_only=True):
    """A mistake that costs the case."""


class AftersaleFile(Strict, frozen=True, kw_only=True):
    types: tuple[AftersaleType, ...]
    states: tuple[AftersaleState, ...]
    platform_clocks: tuple[PlatformClock, ...]
    schemes: tuple[Scheme, ...]
    cautions: tuple[Caution, ...]
