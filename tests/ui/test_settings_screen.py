"""The settings screen, as somebody goes through it: what is changed is checked, written, and seen at once if it can."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from pddtui.errors import CannotWrite
from pddtui.message import msg
from pddtui.services.preferences import keep_theme
from pddtui.settings import OwnLimit, read_settings
from pddtui.settings_file import SettingsText
from pddtui.ui import themes
from pddtui.ui.app import DeskApp
from pddtui.ui.widgets.contact_log import ContactLog
from tests.ui.cases import desk


async def keys(pilot: Pilot[None], *pressed: str) -> None:
    for key in pressed:
        await pilot.press(key)
        await pilot.pause()


def picture(pilot: Pilot[None]) -> str:
    return "\n".join(strip.text for strip in pilot.app.screen._compositor.render_strips())


def shown(app: DeskApp) -> str:
    return type(app.screen).__name__


async def test_settings_are_changed_checked_written_and_seen() -> None:
    with desk("en") as context:
        file = context.places.config_file
        file.write_text("# mine\ntheme: auto  # colours\nnew: 1\n".replace("new: 1\n", ""))
        app = DeskApp(context)
        async with app.run_test(size=(120, 40)) as pilot:
            await keys(pilot, "comma")
            assert all(word in picture(pilot) for word in (str(file), "Theme", "auto", "24h, 48h", "quiet.q_chat"))

            # A theme: from the list, applied and written.
            await keys(pilot, "j", "enter", *"nord", "ctrl+s")
            assert (app.theme, read_settings(file).theme) == ("nord", "nord")
            assert file.read_text().startswith("# mine\ntheme: nord  # colours\n")
            # One that there is not: refused at the field, in one sentence.
            await keys(pilot, "enter", *"nrod", "ctrl+s")
            assert "There is no theme “nrod”. Press ↓ to see them all." in picture(pilot)
            await keys(pilot, "escape")
            assert shown(app) == "SettingsScreen"

            # The order of the log: seen on the desk at once.
            await keys(pilot, "j", "j", "enter", "right", "ctrl+s")
            assert read_settings(file).log_newest_first is False
            assert app.screen_stack[0].query_one("#log-list", ContactLog).newest_first is False

            # A limit, from the next start; and its default again.
            await keys(pilot, "slash", *"q_chat", "enter", "enter", *"12h", "ctrl+s")
            assert read_settings(file).quiet == {"q_chat": OwnLimit(amber="12h", red="48h")}
            assert "is changed, from the next start" in list(app._notifications)[-1].message
            await keys(pilot, "delete")
            assert read_settings(file).quiet == {}

            # A key: a clash is refused where it is typed, another one works at once.
            await keys(pilot, "slash", "escape", *"keys.log.contact", "enter", "enter", "q", "ctrl+s")
            assert shown(app) == "SettingForm"
            assert "program.quit" in picture(pilot)
            assert read_settings(file).keys == {}
            await keys(pilot, "ctrl+u", "f", "9", "ctrl+s")
            assert read_settings(file).keys == {"log.contact": "f9"}

            # Somebody else writes meanwhile: nothing of theirs is overwritten, and the second try goes through.
            await keys(pilot, "enter")
            theirs = file.read_text() + "# theirs\n"
            file.write_text(theirs)
            await keys(pilot, "ctrl+u", "f", "8", "ctrl+s")
            assert shown(app) == "SettingForm"
            assert file.read_text() == theirs
            assert "overwritten" in picture(pilot)
            await keys(pilot, "ctrl+s")
            assert read_settings(file).keys == {"log.contact": "f8"}
            assert file.read_text().endswith("# theirs\n")

            await keys(pilot, "escape", "f8")
            assert shown(app) == "ContactForm"


async def test_a_theme_from_the_palette_is_kept_for_the_next_start() -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(100, 30)) as pilot:
            await keys(pilot, "colon", *"theme: dracula", "enter")
            await pilot.pause()
            assert app.theme == "dracula"
            assert read_settings(context.places.config_file).theme == "dracula"


@pytest.mark.parametrize(("setting", "kept", "worn"), [("auto", "nord", "nord"), ("auto", "gone", themes.DARK)])
def test_a_theme_that_could_not_be_written_is_remembered(
    setting: str, kept: str, worn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_before: SettingsText, _after: SettingsText) -> None:
        raise CannotWrite(msg("read-only"))

    with desk("en") as context:
        context.places.config_file.mkdir()  # what is there is no file
        context.places.state_folder.mkdir()
        with pytest.raises(Exception, match="cannot be read"):
            read_settings(context.places.config_file)
        context.places.config_file.rmdir()
        context.places.config_file.write_text(f"theme: {setting}\n")
        monkeypatch.setattr("pddtui.services.preferences.save_settings", refuse)
        keep_theme(context.places, kept)
        assert DeskApp(context).theme == worn
