"""Everything that is due over many cases, soonest first, in the sections a person plans by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from pddtui.domain.attention import Attention
from pddtui.domain.case import Case
from pddtui.domain.flags import Flag

__all__ = ["SECTIONS", "Due", "Section", "agenda", "by_section", "is_due", "section"]

Section = Literal["overdue", "today", "week", "later"]
SECTIONS: tuple[Section, ...] = ("overdue", "today", "week", "later")
"""In the order in which a person plans."""


class Due(Struct, frozen=True):
    """One line of the agenda."""

    case: Case
    flag: Flag

    @property
    def key(self) -> str:
        """What identifies the line while its texts change: the case, the kind and the thing."""
        return f"{self.case.id}/{self.flag.kind}/{self.flag.thing}"


def agenda(attentions: Iterable[Attention]) -> tuple[Due, ...]:
    """Every flag of every case, soonest first."""
    return tuple(sorted(_lines(attentions), key=lambda due: (due.flag.due, due.case.ref, due.flag.kind)))


def _lines(attentions: Iterable[Attention]) -> Iterator[Due]:
    for entry in attentions:
        for flag in entry.flags:
            yield Due(entry.case, flag)


def section(flag: Flag, now: datetime) -> Section:
    """Where the flag stands: already over, today, within the next seven days, or later."""
    if flag.overdue:
        return "overdue"
    if flag.due.astimezone(now.tzinfo).date() <= now.date():
        return "today"
    return "week" if flag.due <= now + timedelta(days=7) else "later"


def by_section(lines: Iterable[Due], now: datetime) -> dict[Section, Sequence[Due]]:
    """The lines of each section in the order they came in, the sections as one plans; none is there without lines.

    Lines that lie one behind the other may change between two sections: what is past need not be overdue.
    """
    found: dict[Section, list[Due]] = {name: [] for name in SECTIONS}
    for line in lines:
        found[section(line.flag, now)].append(line)
    return {name: members for name, members in found.items() if members}


def is_due(flag: Flag, now: datetime) -> bool:
    """Whether a prompt or cron job should say that something is due: overdue, or due today."""
    return section(flag, now) in ("overdue", "today")
