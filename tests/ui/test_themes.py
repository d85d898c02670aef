"""Every tone can be read on every ground it stands on, in our own looks; nothing breaks in the others."""

from __future__ import annotations

import pytest
from rich.color import Color as RichColor
from rich.style import Style as RichStyle
from textual.filter import Monochrome, NoColor
from textual.theme import BUILTIN_THEMES

from pddtui.ui import themes
from pddtui.ui.show import Tone, line
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Choice, ChoiceOption, Field
from pddtui.ui.widgets.filter_bar import FilterBar
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row
from tests.ui.apps import Bench
from tests.ui.hostile import drawn

DECORATION = {Tone.FAINT}
"""Never the only carrier of a fact, so it may be faint."""


def bench() -> Bench:
    words = [(tone.name, tone) for tone in Tone]
    return Bench(
        lambda: [
            LineList(lambda _key, _width: [line(*words)], id="list"),
            Field("label", LineField("value"), hint="hint"),
            Choice([ChoiceOption("a", "one"), ChoiceOption("b", "two")], "a"),
            FilterBar(),
        ]
    )


def contrast(style: RichStyle) -> float:
    """The contrast ratio of WCAG 2, from 1 to 21."""
    assert style.color is not None
    assert style.bgcolor is not None
    lighter, darker = sorted((_luminance(style.color), _luminance(style.bgcolor)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: RichColor) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in colour.get_truecolor())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [themes.DARK, themes.LIGHT])
async def test_every_tone_is_legible_under_the_cursor_and_elsewhere(theme: str) -> None:
    app = bench()
    themes.install(app)
    app.theme = theme
    async with app.run_test(size=(100, 20)) as pilot:
        lines = app.query_one("#list", LineList)
        lines.set_rows([Row("A", heading=True), Row("a"), Row("b")])
        for focused in (lines, None):
            app.set_focus(focused)
            await pilot.pause()
            looks = [(segment.text, segment.style) for _, segment in drawn(app.screen) if segment.text.strip()]
            faint = [(text, round(contrast(style), 1)) for text, style in looks if style and contrast(style) < 4.5]
            assert [each for each in faint if each[0].strip() not in DECORATION_NAMES] == []
            assert any("RED" in text for text, _ in looks)


DECORATION_NAMES = {tone.name for tone in DECORATION}


@pytest.mark.parametrize("theme", [themes.DARK, themes.LIGHT, *BUILTIN_THEMES])
async def test_the_sheets_and_tones_hold_in_every_theme(theme: str) -> None:
    app = bench()
    themes.install(app)
    async with app.run_test(size=(80, 20)) as pilot:
        app.theme = theme
        app.query_one("#list", LineList).set_rows([Row("a"), Row("b")])
        await pilot.pause()
        assert any("RED" in segment.text for _, segment in drawn(app.screen))


@pytest.mark.parametrize("theme", [themes.LIGHT, "ansi-dark", "nord"])
async def test_without_colour_the_cursor_is_still_seen(monkeypatch: pytest.MonkeyPatch, theme: str) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = bench()
    themes.install(app)
    app.theme = theme
    async with app.run_test(size=(80, 20)) as pilot:
        lines = app.query_one("#list", LineList)
        lines.set_rows([Row("a"), Row("b")])
        assert [type(each) for each in app.get_line_filters() if isinstance(each, Monochrome | NoColor)] == [NoColor]
        for focused in (lines, app.query_one(Choice)):
            focused.focus()
            await pilot.pause()
            styles = [segment.style for _, segment in drawn(app.screen) if segment.style is not None]
            assert all(style.color is None or style.color.is_default for style in styles)
            assert all(style.bgcolor is None or style.bgcolor.is_default for style in styles)
            assert any(style.reverse for style in styles)
