"""The themes of the desk and its style sheets.

Every rule is nested under its screen or widget, because the sheet of a screen stays in force for the whole program. A
screen that can be opened names `OTHER_SHEETS` as its `CSS_PATH`. In our looks amber and red are for flags alone; every
other look that Textual has can be chosen as well.

Each look is made for the colours that the terminal has: a terminal of 256 or of 16 would put its nearest ones in the
place of ours, and what could be read may no longer be. Every text has a contrast of at least `READABLE` on every ground
that it may stand on; rules are quieter than any text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import PurePath

from msgspec import Struct
from rich.color import Color as RichColor
from rich.color import ColorSystem as Depth
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ReturnType
from textual.color import Color, ColorParseError
from textual.design import ColorSystem
from textual.filter import LineFilter, NoColor
from textual.theme import BUILTIN_THEMES, Theme

from pddtui import assets
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = [
    "ALL_THEMES",
    "DARK",
    "FIRST_SHEETS",
    "LIGHT",
    "OTHER_SHEETS",
    "OUR_THEMES",
    "READABLE",
    "TONES",
    "by_environment",
    "choose",
    "contrast",
    "install",
]


def _sheets(*names: str) -> list[str | PurePath]:
    return [assets.path(f"styles/{name}.tcss") for name in names]


FIRST_SHEETS = _sheets("base", "widgets", "desk")
OTHER_SHEETS = _sheets("fields", "case", "forms", "pages", "handbook", "agenda", "letters", "insights", "export")


DARK = "pddtui-dark"
LIGHT = "pddtui-light"
DARK_CONTRAST = "pddtui-contrast-dark"
LIGHT_CONTRAST = "pddtui-contrast-light"
OUR_THEMES = (DARK, LIGHT, DARK_CONTRAST, LIGHT_CONTRAST)
ALL_THEMES = (*OUR_THEMES, *BUILTIN_THEMES)
"""Every look there is, ours first."""

READABLE = 4.5
"""The least contrast of a text, by WCAG 2, level AA."""
VERY_READABLE = 7.0
"""The same in the looks of high contrast: level AAA."""
TOLD_APART = 1.15
"""The least contrast of the two greys of texts, so that a placeholder is no value."""
VISIBLE = 1.4
"""The least contrast of a rule."""

INKS = (
    "foreground", "text", "text-muted", "text-accent", "text-success", "text-warning", "text-error",
    "footer-key-foreground", "block-cursor-foreground", "block-cursor-blurred-foreground", "input-selection-foreground",
)  # fmt: skip
"""The tones of texts."""
GROUNDS = (
    "background", "surface", "panel", "surface-active", "primary-muted", "block-cursor-blurred-background",
    "input-selection-background",
)  # fmt: skip
"""What texts stand on: the screen, bars and fields, windows, the field that is typed into, the row that has the keys,
a row that has not, and what is marked in a field."""
RULES = ("text-disabled", "border-blurred")
"""Rules, dots and scroll marks: no text, and quieter than any."""
TONES = (*INKS, *GROUNDS, *RULES, "border", "input-cursor-foreground", "input-cursor-background")
"""Every variable that a sheet or a tone may use. All looks have all of them, each as one colour."""


class _Palette(Struct, frozen=True, kw_only=True):
    """The colours of one look. In its texts only `ink` and `muted` are grey."""

    dark: bool
    ink: str
    muted: str
    rule: str
    ground: str
    bar: str
    window: str
    typing: str
    """The ground of the field that is typed into."""
    chosen: str
    """The ground of the row that has the keys."""
    resting: str
    """The ground of the row under the cursor of a list that has not."""
    frame: str
    accent: str
    good: str
    amber: str
    red: str
    ansi: bool = False
    """Whether these are the names of the sixteen colours that the terminal itself has."""

    def theme(self, name: str) -> Theme:
        cursor = {"foreground": self.ground, "background": self.ink}
        return Theme(
            name=name,
            dark=self.dark,
            ansi=self.ansi,
            primary=self.frame,
            secondary=self.frame,
            accent=self.accent,
            success=self.good,
            warning=self.amber,
            error=self.red,
            foreground=self.ink,
            background=self.ground,
            surface=self.bar,
            panel=self.window,
            boost=self.typing,
            variables={
                **dict.fromkeys(INKS, self.ink),
                "text-muted": self.muted,
                "text-accent": self.accent,
                "text-success": self.good,
                "text-warning": self.amber,
                "text-error": self.red,
                "footer-key-foreground": self.accent,
                "background": self.ground,
                "surface": self.bar,
                "panel": self.window,
                "surface-active": self.typing,
                "primary-muted": self.chosen,
                "block-cursor-blurred-background": self.resting,
                "input-selection-background": self.chosen,
                **dict.fromkeys(RULES, self.rule),
                "border": self.frame,
                **{f"input-cursor-{part}": colour for part, colour in cursor.items()},
                "ansi-background": self.ground,
                "ansi-foreground": self.ink,
                "input-cursor-text-style": "none",
                **_scrollbars(self.rule, self.frame, self.ground),
            },
        )


def _scrollbars(rule: str, frame: str, ground: str) -> dict[str, str]:
    """The variables of the bars that Textual draws."""
    touched = dict.fromkeys(("scrollbar-hover", "scrollbar-active"), frame)
    under = (
        "scrollbar-background",
        "scrollbar-background-hover",
        "scrollbar-background-active",
        "scrollbar-corner-color",
    )
    return {"scrollbar": rule, **touched, **dict.fromkeys(under, ground)}


_FULL: dict[str, _Palette] = {
    DARK: _Palette(
        dark=True, ink="#e6e6e3", muted="#a9b0ba", rule="#4a525d",
        ground="#15181c", bar="#1c2026", window="#242931", typing="#2b323b", chosen="#1f3a52", resting="#2a2f37",
        frame="#5b9bd5", accent="#7cc4c4", good="#8fce8f", amber="#f0b84a", red="#ff8b84",
    ),
    LIGHT: _Palette(
        dark=False, ink="#1b1d20", muted="#50555c", rule="#b3b3aa",
        ground="#fafaf7", bar="#f0f0ec", window="#e8e8e2", typing="#ffffff", chosen="#cfe0ef", resting="#e6e6e0",
        frame="#1f5f99", accent="#0a6060", good="#21602a", amber="#7a4a00", red="#a5201a",
    ),
    DARK_CONTRAST: _Palette(
        dark=True, ink="#ffffff", muted="#d6d6d6", rule="#707070",
        ground="#000000", bar="#141414", window="#1a1a1a", typing="#262626", chosen="#00306b", resting="#2b2b2b",
        frame="#9fd0ff", accent="#8ff0f0", good="#a8f0a8", amber="#ffd75f", red="#ffb3ad",
    ),
    LIGHT_CONTRAST: _Palette(
        dark=False, ink="#000000", muted="#2e2e2e", rule="#8c8c8c",
        ground="#ffffff", bar="#f2f2f2", window="#ececec", typing="#ffffff", chosen="#b8dcff", resting="#e0e0e0",
        frame="#003a7a", accent="#004242", good="#0b450f", amber="#4f2f00", red="#7a0000",
    ),
}  # fmt: skip
"""For terminals that show any colour."""

_FEW: dict[str, _Palette] = {
    DARK: _Palette(
        dark=True, ink="#ebebeb", muted="#b8b8b8", rule="#4e4e4e",
        ground="#121212", bar="#1c1c1c", window="#262626", typing="#303030", chosen="#00005f", resting="#303030",
        frame="#5fafd7", accent="#87d7d7", good="#87d787", amber="#ffaf5f", red="#ff8787",
    ),
    LIGHT: _Palette(
        dark=False, ink="#1c1c1c", muted="#4e4e4e", rule="#b8b8b8",
        ground="#ffffff", bar="#f5f5f5", window="#ebebeb", typing="#ffffff", chosen="#d7d7ff", resting="#ebebeb",
        frame="#005f87", accent="#005f5f", good="#005f00", amber="#5f5f00", red="#af0000",
    ),
    DARK_CONTRAST: _Palette(
        dark=True, ink="#ffffff", muted="#e0e0e0", rule="#6c6c6c",
        ground="#000000", bar="#121212", window="#1c1c1c", typing="#262626", chosen="#00005f", resting="#303030",
        frame="#afd7ff", accent="#87ffff", good="#afffaf", amber="#ffd75f", red="#ffafaf",
    ),
    LIGHT_CONTRAST: _Palette(
        dark=False, ink="#000000", muted="#303030", rule="#8a8a8a",
        ground="#ffffff", bar="#f5f5f5", window="#f5f5f5", typing="#ffffff", chosen="#afd7ff", resting="#ebebeb",
        frame="#00005f", accent="#00005f", good="#00005f", amber="#5f005f", red="#5f0000",
    ),
}  # fmt: skip
"""For terminals of 256 colours: each of these is one of them, or a grey that Rich takes for the one that is meant."""

_DARK_ANSI = _Palette(
    dark=True, ansi=True, ink="ansi_bright_white", muted="ansi_white", rule="ansi_bright_black",
    ground="ansi_black", bar="ansi_black", window="ansi_black", typing="ansi_black", chosen="ansi_black",
    resting="ansi_black", frame="ansi_cyan", accent="ansi_bright_cyan", good="ansi_bright_green",
    amber="ansi_bright_yellow", red="ansi_bright_red",
)  # fmt: skip
_LIGHT_ANSI = _Palette(
    dark=False, ansi=True, ink="ansi_black", muted="ansi_blue", rule="ansi_bright_black",
    ground="ansi_white", bar="ansi_white", window="ansi_white", typing="ansi_white", chosen="ansi_white",
    resting="ansi_white", frame="ansi_blue", accent="ansi_blue", good="ansi_blue", amber="ansi_black", red="ansi_black",
)  # fmt: skip
"""For terminals of sixteen, whose colours are their own: xterm's and those of the Linux console are far apart. Only
these can be read in both. The row under the cursor is reversed, and flags are told by their glyphs and words."""

_SIXTEEN: dict[str, _Palette] = {
    DARK: _DARK_ANSI,
    LIGHT: _LIGHT_ANSI,
    DARK_CONTRAST: _DARK_ANSI,
    LIGHT_CONTRAST: _LIGHT_ANSI,
}

Seen = Callable[[Color], Color]
"""What a terminal shows of a colour."""


@lru_cache(4096)
def _of_256(colour: Color) -> Color:
    shown = RichColor.from_rgb(*colour.rgb).downgrade(Depth.EIGHT_BIT)
    return Color(*shown.get_truecolor())


def contrast(one: Color, other: Color) -> float:
    """The contrast of two colours by WCAG 2, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(4096)
def _luminance(colour: Color) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in colour.rgb)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


BLENDS = 40
"""Into how many steps the way from a colour to black or white is cut."""


def _readable(ink: Color, grounds: Sequence[Color], end: Color, seen: Seen) -> Color:
    """The ink, moved towards black or white until it can be read on all of these grounds."""
    for step in range(BLENDS):
        moved = ink.blend(end, step / BLENDS)
        if _least(moved, grounds, seen) >= READABLE:
            return moved
    return end


def _least(ink: Color, grounds: Sequence[Color], seen: Seen) -> float:
    return min(contrast(seen(ink), seen(ground)) for ground in grounds)


class _Adapted(ColorSystem):
    """The colours of somebody else's look with every tone that ours have, each of which can be read."""

    def __init__(self, given: ColorSystem, seen: Seen) -> None:
        self._given = given
        self._seen = seen

    def generate(self) -> dict[str, str]:
        tokens = {**self._given.generate(), **self._given.variables}
        return tokens | (_borrowed() if self._given.ansi else self._corrected(tokens))

    def _corrected(self, tokens: Mapping[str, str]) -> dict[str, str]:
        back = _colour(tokens["background"], Color(18, 18, 18) if self._given.dark else Color(239, 239, 239))
        back = Color(*back.rgb)
        end = Color(255, 255, 255) if self._given.dark else Color(0, 0, 0)
        primary = _colour(tokens["primary"], end)
        wanted = {
            "background": back,
            "surface": back + _colour(tokens["surface"], back),
            "panel": back + _colour(tokens["panel"], back),
            "surface-active": back.blend(end, 0.12),
            "primary-muted": back.blend(primary, 0.3),
            "block-cursor-blurred-background": back.blend(end, 0.1),
            "input-selection-background": back.blend(primary, 0.3),
        }
        grounds = {name: self._calm(ground, back, end) for name, ground in wanted.items()}
        on = list(grounds.values())
        text = _colour(tokens["foreground"], end)
        muted = _readable(Color(*text.blend(back, 0.3).rgb), on, end, self._seen)
        text = _readable(Color(*text.rgb), on, end, self._seen)
        strides = (Color(*text.blend(end, step / BLENDS).rgb) for step in range(BLENDS))
        text = next((each for each in strides if contrast(self._seen(each), self._seen(muted)) >= TOLD_APART), end)
        sources = {
            **dict.fromkeys(INKS, text),
            "text-muted": muted,
            "footer-key-foreground": _colour(tokens["accent"], text),
            **{f"text-{name}": _colour(tokens[name], text) for name in ("accent", "success", "warning", "error")},
        }
        inks = {name: _readable(Color(*ink.rgb), on, end, self._seen) for name, ink in sources.items()}
        steps = (back.blend(end, step / BLENDS) for step in range(BLENDS))
        rule = next((moved for moved in steps if _least(moved, on, self._seen) >= VISIBLE), end)
        found = {**grounds, **inks, **dict.fromkeys(RULES, rule), "border": inks["text-accent"]}
        found |= {"input-cursor-foreground": back, "input-cursor-background": inks["foreground"]}
        tuned = {name: colour.hex for name, colour in found.items()}
        return tuned | _scrollbars(rule.hex, tuned["border"], back.hex)

    def _calm(self, ground: Color, back: Color, end: Color) -> Color:
        """The ground, as near to that of the screen as it must be for black or white to be read on it with ease."""
        for step in range(BLENDS):
            moved = ground.blend(back, step / BLENDS)
            if contrast(self._seen(moved), self._seen(end)) >= VERY_READABLE:
                return Color(*moved.rgb)
        return back


def _colour(text: str, otherwise: Color) -> Color:
    """A colour of a look, or another where it is not one but a rule how to find one."""
    try:
        return Color.parse(text)
    except ColorParseError:
        return otherwise


def _borrowed() -> dict[str, str]:
    """What a look made of the terminal's own colours may be sure of: only what it is set to itself."""
    default, faint = "ansi_default", "ansi_bright_black"
    return {
        **dict.fromkeys(("foreground", "text", "text-muted"), default),
        **dict.fromkeys(("block-cursor-foreground", "block-cursor-blurred-foreground"), default),
        **dict.fromkeys(GROUNDS, default),
        **dict.fromkeys(RULES, faint),
        "input-selection-foreground": default,
        "input-cursor-foreground": "ansi_black",
        "input-cursor-background": "ansi_white",
    }


class _Foreign(Theme):
    """A look of Textual's, worked over when it is put on."""

    def __init__(self, given: Theme, seen: Seen) -> None:
        super().__init__(name=given.name, primary=given.primary, dark=given.dark, ansi=given.ansi)
        self._given = given
        self._seen = seen

    def to_color_system(self) -> ColorSystem:
        return _Adapted(self._given.to_color_system(), self._seen)


_RULE = re.compile("[─│┃┄┬┊▏· ]+")


class _DimRules(LineFilter):
    """Where there are no colours, rules are quieter than texts because they are dim."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 -- Textual's
        dim = Style(dim=True)
        return [
            Segment(piece.text, (piece.style or Style()) + dim) if _RULE.fullmatch(piece.text) else piece
            for piece in segments
        ]


def install(app: App[ReturnType]) -> None:
    """Make our looks known to the app, and the others fit; to be called at the end of its constructor.

    With NO_COLOR no colour is sent at all. Textual decides in its constructor between grey shades and none, by the
    theme of that moment; with an ANSI theme set later the shades are black on black. What makes colours of dim text
    would leave none of it.
    """
    depth = app.console.color_system
    ours = {"truecolor": _FULL, "256": _FEW}.get(depth or "", _SIXTEEN)
    for name, palette in ours.items():
        app.register_theme(palette.theme(name))
    for name, theme in BUILTIN_THEMES.items():
        if ours is _SIXTEEN and not theme.ansi:
            app.register_theme(ours[DARK if theme.dark else LIGHT].theme(name))
        else:
            app.register_theme(_Foreign(theme, _of_256 if ours is _FEW else lambda colour: colour))
    if app.no_color:
        app._filters = [_DimRules(), NoColor()]


def by_environment(environ: Mapping[str, str]) -> str:
    """Dark or light, by the ground that the terminal names in COLORFGBG (`15;0`); dark where it names none."""
    ground = environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if ground in {"7", "15"} else DARK


def choose(name: str, available: Collection[str], auto: str = DARK) -> str:
    """The theme of the settings: `auto` stands for another. Raises `Refused` for a name that no theme has."""
    if name == "auto":
        return auto
    if name not in available:
        raise Refused(
            msg("There is no theme “{name}”; there are {known}.", name=name, known=tuple(sorted(available))),
            field="theme",
        )
    return name
