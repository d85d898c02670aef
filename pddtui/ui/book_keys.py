"""The keys of the handbook and of the agenda, as values of the one kind of `pddtui.ui.keys`."""

from __future__ import annotations

from pddtui.message import msg
from pddtui.ui.keys import Key

__all__ = ["AGENDA", "HANDBOOK"]

HANDBOOK: tuple[Key, ...] = (
    Key(
        id="handbook.search",
        keys="slash",
        action="search",
        word=msg("Search"),
        group="view",
        shown=True,
        tip=msg("Search every word of the handbook, in both languages, while you type."),
    ),
    Key(
        id="handbook.pane",
        keys="tab,shift+tab",
        action="other_pane",
        word=msg("Other pane"),
        group="view",
        shown=True,
        tip=msg("Go from the contents to the page and back."),
    ),
    Key(
        id="handbook.tick",
        keys="space",
        action="tick",
        word=msg("Tick"),
        group="case",
        shown=True,
        tip=msg("Tick the selected step of the playbook in the case, or open it again."),
    ),
    Key(
        id="handbook.copy",
        keys="y",
        action="copy",
        word=msg("Copy"),
        group="program",
        shown=True,
        tip=msg("Copy the page with its sources as text, also over SSH."),
    ),
)
"""What the handbook can do, besides what every page can."""

AGENDA: tuple[Key, ...] = (
    Key(
        id="agenda.today",
        keys="t",
        action="today",
        word=msg("Today"),
        group="view",
        shown=True,
        tip=msg("Go to today."),
    ),
    Key(
        id="agenda.next-due",
        keys="n",
        action="due(1)",
        word=msg("Next due"),
        group="view",
        shown=True,
        tip=msg("Go to the next day on which something is due."),
    ),
    Key(
        id="agenda.previous-due",
        keys="p",
        action="due(-1)",
        word=msg("Due before"),
        group="view",
        tip=msg("Go to the day before on which something is due."),
    ),
    Key(
        id="agenda.pane",
        keys="tab,shift+tab",
        action="other_pane",
        word=msg("Other pane"),
        group="view",
        shown=True,
        tip=msg("Go from the month to what is due on the day and back."),
    ),
)
"""What the agenda can do, besides what every page can."""
