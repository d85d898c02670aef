"""Everything that is drawn on any screen can be read, in every look and with as many colours as the terminal has.

One walk in a look whose every tone has a colour of its own finds out which tones stand on which. How far these are
apart in each look is a sum. Where there are sixteen colours, what is drawn is measured as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorType
from rich.segment import Segment
from textual.app import App
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from pddtui.ui import themes
from pddtui.ui.app import DeskApp
from pddtui.ui.show import Tone
from pddtui.ui.themes import GROUNDS, INKS, OUR_THEMES, READABLE, RULES, TONES, VERY_READABLE, contrast
from tests.ui.cases import desk
from tests.ui.hostile import drawn
from tests.ui.tour import STOPS, walk

STYLES = Path(__file__).parents[2] / "styles"

XTERM = """000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5
           7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"""
LINUX = """000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa
           555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"""
"""The sixteen colours of xterm and of the Linux console."""

_NO_WORD = re.compile(r"[^\w]*")
_SCROLLBAR = re.compile("[▁▂▃▄▅▆▇█▔▕▏▎▍▌▋▊▉ ]*")


def sixteen(palette: str) -> list[Color]:
    return [Color.parse(f"#{each}") for each in palette.split()]


def tokens(theme: str, depth: str) -> Mapping[str, str]:
    app: App[None] = App()
    app.console._color_system = {"truecolor": 3, "256": 2, "standard": 1}[depth]  # type: ignore[assignment]
    themes.install(app)
    app.theme = theme
    return app.get_css_variables()


def colour(token: str, depth: str, palette: str = XTERM) -> Color:
    """What the terminal shows for a token, which must be one colour."""
    if token.startswith("ansi_"):
        assert depth == "standard"
        return sixteen(palette)[RichColor.parse(token.removeprefix("ansi_")).number or 0]
    found = Color.parse(token)
    assert found.a == 1, f"{token} lets through what is under it"
    return themes._of_256(found) if depth == "256" else found


OTHERS = [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi]


def test_every_variable_of_the_sheets_and_tones_is_one_of_the_tones() -> None:
    texts = {sheet.name: sheet.read_text(encoding="utf-8") for sheet in STYLES.glob("*.tcss")}
    sheets = {name: re.findall(r"\$([\w-]+)", text) for name, text in texts.items()}
    sheets["show.py"] = [word.removeprefix("$") for tone in Tone for word in tone.value.split() if word.startswith("$")]
    assert {name: unknown for name, used in sheets.items() if (unknown := set(used) - {*TONES})} == {}


@pytest.mark.parametrize("depth", ["truecolor", "256", "standard"])
@pytest.mark.parametrize("theme", [*OUR_THEMES, *OTHERS])
def test_every_tone_can_be_read_on_every_ground(theme: str, depth: str) -> None:
    seen = tokens(theme, depth)
    least = VERY_READABLE if "contrast" in theme and depth != "standard" else READABLE
    for palette in (XTERM, LINUX) if depth == "standard" else (XTERM,):
        shown = {name: colour(seen[name], depth, palette) for name in TONES}
        faint = {
            (ink, ground): round(found, 2)
            for ink in INKS
            for ground in GROUNDS
            if (found := contrast(shown[ink], shown[ground])) < least
        }
        assert faint == {}
        for ground in GROUNDS:
            for rule in RULES:
                on = contrast(shown[rule], shown[ground])
                assert 1.25 < on < min(contrast(shown[ink], shown[ground]) for ink in INKS), (rule, ground)
        assert shown["text-muted"] != shown["foreground"], "a placeholder would look like a value"
        assert contrast(shown["input-cursor-foreground"], shown["input-cursor-background"]) >= READABLE


@pytest.mark.parametrize("theme", OUR_THEMES)
@pytest.mark.parametrize("depth", ["truecolor", "256"])
def test_the_row_that_has_the_keys_is_seen_among_the_others(theme: str, depth: str) -> None:
    seen = {name: colour(tokens(theme, depth)[name], depth) for name in GROUNDS}
    assert len({seen["primary-muted"].hex, seen["block-cursor-blurred-background"].hex, seen["background"].hex}) == 3


def marked() -> tuple[Theme, dict[tuple[int, int, int], str]]:
    """A look in which every tone has a colour of its own, and whose colour is whose."""
    colours = {name: Color(40 + 8 * place, 53 * place % 256, 91 * place % 256) for place, name in enumerate(TONES)}
    variables = {name: each.hex for name, each in colours.items()}
    own = {name: variables[name] for name in ("background", "foreground", "surface", "panel")}
    theme = Theme(name="marked", primary="#010203", dark=True, variables=variables, **own)  # type: ignore[arg-type]
    return theme, {each.rgb: name for name, each in colours.items()}


async def test_every_colour_that_is_drawn_is_a_tone_on_a_ground() -> None:
    theme, names = marked()

    def named(shown: RichColor | None) -> str:
        triplet = shown.triplet if shown is not None else None
        return names.get((triplet.red, triplet.green, triplet.blue), "") if triplet is not None else ""

    wrong: Counter[tuple[str, str, str, str]] = Counter()
    with desk("en") as context:
        app = DeskApp(context)
        app.register_theme(theme)
        app.theme = "marked"
        async with app.run_test(size=(120, 36)) as pilot:
            async for place, pieces in walk(pilot):
                for piece in pieces:
                    style, text = piece.style, piece.text.strip()
                    ink, ground = (named(style.color), named(style.bgcolor)) if style is not None else ("", "")
                    if style is not None and style.reverse:
                        ink, ground = ground, ink
                    fits = ink in INKS or (ink in {*RULES, "border"} and _NO_WORD.fullmatch(text) is not None)
                    cursor = (ink, ground) == ("input-cursor-foreground", "input-cursor-background")
                    if not (cursor or (fits and ground in GROUNDS) or _SCROLLBAR.fullmatch(text)):
                        wrong[place, text[:30], ink or str(style), ground] += 1
    assert dict(wrong) == {}


@pytest.mark.parametrize("theme", [themes.DARK, themes.LIGHT])
async def test_with_sixteen_colours_every_text_can_be_read(monkeypatch: pytest.MonkeyPatch, theme: str) -> None:
    monkeypatch.delenv("COLORTERM")
    monkeypatch.setenv("TERM", "linux")
    seen: dict[tuple[int, int], tuple[str, str]] = {}
    reversed_at: set[str] = set()
    with desk("zh") as context:
        app = DeskApp(context)
        app.theme = theme
        async with app.run_test(size=(120, 36)) as pilot:
            async for place, pieces in walk(pilot):
                for piece in pieces:
                    if _SCROLLBAR.fullmatch(piece.text) is None:
                        seen.setdefault(_pair(piece), (place, piece.text.strip()[:30]))
                    if piece.style is not None and piece.style.reverse:
                        reversed_at.add(place)
    rule = RichColor.parse("bright_black").number
    for palette in (XTERM, LINUX):
        colours = sixteen(palette)
        worst = min((contrast(colours[ink], colours[ground]), at) for (ink, ground), at in seen.items() if ink != rule)
        assert worst[0] >= READABLE, worst
    assert not [at for (ink, _), at in seen.items() if ink == rule and _NO_WORD.fullmatch(at[1]) is None]
    assert reversed_at >= {name for name, _ in STOPS if name.startswith("the desk") and "filter" not in name}


def _pair(piece: Segment) -> tuple[int, int]:
    """The numbers of the two colours of a text."""
    style = piece.style
    assert style is not None
    assert style.color is not None
    assert style.bgcolor is not None
    for each in (style.color, style.bgcolor):
        assert each.type is ColorType.STANDARD, f"{each} for “{piece.text.strip()}” is none of the sixteen"
    ink, ground = style.color.number or 0, style.bgcolor.number or 0
    return (ground, ink) if style.reverse else (ink, ground)


async def test_a_placeholder_is_no_value_in_any_field(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is slanted and in the second tone where there are colours, slanted and dim where there are none."""
    for no_color in (False, True):
        if no_color:
            monkeypatch.setenv("NO_COLOR", "1")
        with desk("en") as context:
            app = DeskApp(context)
            async with app.run_test(size=(120, 36)) as pilot:
                for keys, words in ((("slash",), "turn:theirs"), (("escape", "colon"), "part of a case")):
                    for key in keys:
                        await pilot.press(key)
                        await pilot.pause()
                    looks = [piece.style for _, piece in drawn_of(app) if words in piece.text]
                    assert looks
                    assert all(style is not None and style.italic and (style.dim or not no_color) for style in looks)


def drawn_of(app: DeskApp) -> Iterator[tuple[str, Segment]]:
    return drawn(app.screen)
