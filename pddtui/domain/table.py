"""The table of next acts as a file has it: at which moment, for which case and thread, to do what, and why.

How a row is found for a case is in `pddtui.domain.acts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta

from pddtui.domain.entries import Entry, Side, Stage
from pddtui.message import Label

__all__ = ["DEED_KEYS", "Act", "Deed", "Moment", "NextRow"]

Moment = Literal[
    "first",
    "untold",
    "agreed",
    "refused",
    "offered",
    "asked",
    "decided",
    "answered",
    "ended",
    "app_waits",
    "has_come",
    "silent",
    "unanswered",
    "countdown_near",
    "countdown_over",
    "waiting",
    "returning",
    "promise_late",
    "promise_runs",
    "promise_undated",
    "planned",
    "clash",
    "duty_runs",
    "duty_missed",
    "right_runs",
    "limitation",
    "my_clock_runs",
    "my_clock_missed",
    "countdown_unknown",
    "receipt_unknown",
    "delivery_unknown",
    "verify",
    "over",
]
"""What the moment is, as `pddtui.domain.acts` sees it in a case or a thread: `first` goes before all else; `untold` to
`has_come` are my turn; `silent` (amber), `unanswered` (red) to `returning` are theirs; the others are single things."""

Deed = Literal[
    "tell", "log", "letter", "file", "note", "settle", "look", "resolve", "evidence", "edit", "milestone", "wait"
]
"""How an act is done: `tell` is a contact of mine that states the demand, `note` what became of a filing."""

DEED_KEYS: Mapping[Deed, str | None] = {
    "tell": "l",
    "log": "l",
    "letter": "t",
    "file": "E",
    "note": "S",
    "settle": "space",
    "look": "space",
    "resolve": "R",
    "evidence": "v",
    "edit": "e",
    "milestone": "m",
    "wait": None,
}
"""The key of the desk that does it, unless the settings give another."""


class Act(Entry, frozen=True, kw_only=True):
    """Something that I can do now. Its name is a sentence, with fields that `pddtui.domain.acts.BLANKS` lists."""

    deed: Deed
    rung: str | None = None
    """At which rung to file."""
    channel: str | None = None
    """Through which channel to file, or to speak."""
    letter: str | None = None
    """Which letter to write."""
    evidence: tuple[str, ...] = ()
    """Which kinds of evidence to secure; not offered once the case has one of them."""
    event: str | None = None
    """Which milestone to note; not offered once it is noted."""
    short: Label | None = None
    """Its name in a list of many acts, where the name itself is a long sentence; with no field that is not in it."""
    reason: Label
    basis: tuple[str, ...] = ()
    """Ids of articles."""
    until: tuple[str, ...] = ()
    """Ids of the clocks by whose end it has to be done, where one of them runs."""
    again: bool = False
    """Filing is offered also where it was filed there before and that has ended."""
    note: Label | None = None

    @property
    def sentences(self) -> tuple[tuple[str, str], ...]:
        """What it is called, each with the field of the file in which it stands."""
        short = () if self.short is None else (("short", self.short.zh), ("short", self.short.en))
        return (("zh", self.zh), ("en", self.en), *short)

    @property
    def way(self) -> str:
        """What doing it comes to: acts that lodge the case at the same place are one, however they are worded."""
        return f"{self.rung}/{self.channel}" if self.deed == "file" else self.id


class NextRow(Entry, frozen=True, kw_only=True):
    """A line of the table of next acts: at which moment, for which case, to do what. Whatever is left out fits all."""

    moment: tuple[Moment, ...]
    problems: tuple[str, ...] = ()
    sides: tuple[Side, ...] = ()
    rungs: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    """Ids of the clocks that it is about."""
    states: tuple[int, ...] = ()
    """What the app shows, by code."""
    events: tuple[str, ...] = ()
    """Milestones of which the case has one."""
    without: tuple[str, ...] = ()
    """Milestones of which the case has none."""
    tried: tuple[str, ...] = ()
    """Channels of which one was used."""
    untried: tuple[str, ...] = ()
    """Channels of which none was used."""
    pending: tuple[str, ...] = ()
    """Channels of which one has a filing that runs."""
    demands: tuple[str, ...] = ()
    """Remedies of which one is demanded."""
    filed: int = 0
    """At least so often the case was lodged through the channel of the thread."""
    running: tuple[str, ...] = ()
    """Ids of clocks of which one runs in the case."""
    stages: tuple[Stage, ...] = ()
    """What is on its way, or how far the filing has come."""
    accepted: bool | None = None
    """Whether the filing was accepted."""
    broken: int = 0
    """At least so many promises were broken in the thread."""
    refusals: int = 0
    """At least so often that side has refused."""
    acts: Annotated[tuple[str, ...], Meta(min_length=1)]
    """The first that can be done leads, the others follow."""
    alone: bool = False
    """No row after it follows, as long as one of its acts can be done."""
    catch_all: bool = False
    """It stands in where nothing more fitting is known; all such rows come last."""
