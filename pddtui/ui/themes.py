"""The themes of the desk and its style sheets.

Every rule is nested under its screen or widget, because the sheet of a screen stays in force for the whole program. A
screen that can be opened names `OTHER_SHEETS` as its `CSS_PATH`. In our looks amber and red are for flags alone; every
other look that Textual has can be chosen as well.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import PurePath

from textual.app import App, ReturnType
from textual.filter import Monochrome, NoColor
from textual.theme import Theme

from pddtui import assets
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["DARK", "FIRST_SHEETS", "LIGHT", "OTHER_SHEETS", "choose", "install"]


def _sheets(*names: str) -> list[str | PurePath]:
    return [assets.path(f"styles/{name}.tcss") for name in names]


FIRST_SHEETS = _sheets("base", "widgets", "desk")
OTHER_SHEETS = _sheets("fields", "case", "forms", "pages", "handbook", "agenda", "letters", "insights", "export")


DARK = "pddtui-dark"
LIGHT = "pddtui-light"

_OURS = (
    Theme(
        name=DARK,
        dark=True,
        primary="#5b9bd5",
        secondary="#4d7ea8",
        accent="#7cc4c4",
        success="#8fce8f",
        warning="#f0b84a",
        error="#ff8078",
        foreground="#e6e6e3",
        background="#15181c",
        surface="#1c2026",
        panel="#262b33",
        variables={
            "text-muted": "#a9b0ba",
            "text-warning": "#f0b84a",
            "text-error": "#ff8078",
            "text-success": "#8fce8f",
            "text-accent": "#7cc4c4",
            "primary-muted": "#1f3a52",
            "border": "#5b9bd5",
            "border-blurred": "#3a414b",
            "footer-key-foreground": "#7cc4c4",
            "input-selection-background": "#5b9bd5 35%",
        },
    ),
    Theme(
        name=LIGHT,
        dark=False,
        primary="#1f5f99",
        secondary="#3d6d94",
        accent="#0b6b6b",
        success="#256b2c",
        warning="#8a5300",
        error="#b3261e",
        foreground="#1b1d20",
        background="#fafaf7",
        surface="#f0f0ec",
        panel="#e5e5df",
        variables={
            "text-muted": "#50555c",
            "text-warning": "#8a5300",
            "text-error": "#b3261e",
            "text-success": "#256b2c",
            "text-accent": "#0b6b6b",
            "primary-muted": "#cfe0ef",
            "border": "#1f5f99",
            "border-blurred": "#c4c4bd",
            "footer-key-foreground": "#0b6b6b",
            "input-selection-background": "#1f5f99 25%",
        },
    ),
)


def install(app: App[ReturnType]) -> None:
    """Make our looks known to the app; to be called at the end of its constructor.

    With NO_COLOR no colour is sent at all. Textual decides in its constructor between grey shades and none, by the
    theme of that moment; with an ANSI theme set later the shades are black on black.
    """
    for theme in _OURS:
        app.register_theme(theme)
    if app.no_color:
        app._filters = [each for each in app._filters if not isinstance(each, Monochrome | NoColor)] + [NoColor()]


def choose(name: str, available: Collection[str]) -> str:
    """The theme of the settings: ours for `auto`. Raises `Refused` for a name that no theme has."""
    if name == "auto":
        return DARK
    if name not in available:
        raise Refused(msg("There is no theme “{name}”; there are {known}.", name=name, known=tuple(sorted(available))))
    return name
