"""Every setting with its value, its default and what it does. What is changed here is written into the settings file.

The file keeps its comments, its order and what is unknown in it. A change that can be seen at once is; the others are
from the next start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from msgspec import structs
from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from pddtui.errors import PddError
from pddtui.services.preferences import PREFERENCE_GROUPS, Preference, key_preference, preferences
from pddtui.settings_file import SettingsText, open_settings
from pddtui.ui import show, themes
from pddtui.ui.actions import ACTIONS, Place
from pddtui.ui.bindings import ActionScreen, key_name
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.forms.setting import SettingForm, put_setting, worded
from pddtui.ui.show import Tone
from pddtui.ui.terminal import SteadyApp
from pddtui.ui.widgets.filter_bar import FilterBar
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row

__all__ = ["SettingsScreen"]

NAME = 34
"""Cells of the column for the names."""
LEAST, MOST = 20, 36
"""Cells of the column for the values, where the name for the file has its place behind it."""


def _short(ident: str) -> str:
    """The id of a setting as its row shows it; that it is one of the keys stands over it."""
    return ident.removeprefix("keys.")


class SettingsScreen(ActionScreen[None]):
    """Take it with the settings that are in force; what stands in the file is read when it is opened."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "settings"

    def __init__(self, context: Context, at: str | None = None) -> None:
        """`at` is the id of the setting to begin at."""
        super().__init__()
        self._at = at
        self.context = context
        self.speech = context.speech
        self._about = Static(id="about-setting")
        self._before: SettingsText | None = None
        """What stands in the file; None until it is read, or where it cannot be."""
        self._shown: dict[str, Preference | str] = {}
        self._widest = 0
        """Cells of the longest id among them: all ids begin in one column."""
        self._filter = FilterBar(placeholder=context.speech("part of a name, a value or a key"))
        self._list = LineList(self._look, empty=show.plain(context.speech("No setting matches."), Tone.QUIET), id="all")

    def compose(self) -> ComposeResult:
        title = (self.speech("Settings"), Tone.STRONG)
        yield Static(show.line(title, "  ", (str(self.context.places.config_file), Tone.QUIET)), classes="page--title")
        yield self._filter
        yield self._list
        yield self._about
        yield KeyLine(self.context)

    def on_mount(self) -> None:
        self._list.focus()
        self._read()

    @work(exclusive=True, group="settings")
    async def _read(self) -> None:
        try:
            self._before = await self.context.clerk.do(lambda: open_settings(self.context.places.config_file))
        except PddError as error:
            self.decline(self.speech.say(error.message))
        self._fill()
        for key, each in self._shown.items():
            if isinstance(each, Preference) and each.id == self._at:
                self._list.select(key)

    def action_back(self) -> None:
        self.dismiss(None)

    def action_help(self) -> None:
        from pddtui.ui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.context, self))

    def _all(self) -> Iterator[Preference]:
        settings = self._before.settings if self._before is not None else self.context.settings
        yield from preferences(settings, self.context.handbook, themes.ALL_THEMES)
        for action in ACTIONS:
            yield key_preference(settings, action.id, action.word, action.tip, action.keys)

    def _fill(self) -> None:
        words = self._filter.text.casefold().split()
        found = [each for each in self._all() if all(word in self._searched(each) for word in words)]
        shown: dict[str, Preference | str] = {}
        for group, title in PREFERENCE_GROUPS.items():
            members = [each for each in found if each.group == group]
            if members:
                shown[group] = self.speech.say(title)
                shown.update((f"{group}:{each.id}", each) for each in members)
        self._shown = shown
        self._widest = max((show.width(_short(each.id)) for each in found), default=0)
        self._list.set_rows([Row(key, stamp=each, heading=isinstance(each, str)) for key, each in shown.items()])
        self._explain()
        self._filter.found(self.speech("{n} found", n=len(found)) if words else "")

    def _searched(self, each: Preference) -> str:
        label, tip = self.speech.render(each.label), self.speech.say(each.tip)
        return f"{label} {each.id} {tip} {self._value(each)}".casefold()

    def _value(self, each: Preference) -> str:
        return self._said(each, [part.value for part in each.parts])

    def _said(self, each: Preference, values: Sequence[str]) -> str:
        if each.group == "keys":
            return "  ".join(key_name(key.strip(), self.speech) for key in values[0].split(",") if key.strip())
        values = values[1:] if each.group == "people" else values
        return ", ".join(worded(each, value, self.context) for value in values if value)

    def _look(self, key: str, cells: int) -> Sequence[Content]:
        each = self._shown[key]
        if isinstance(each, str):
            title = show.wrap(each, cells)
            return title if key == next(iter(self._shown)) else [Content(""), *title]
        value = self._value(each)
        column = min(NAME, cells // 2)
        name = show.plain(self.speech.render(each.label))
        ident = _short(each.id)
        tone = Tone.QUIET if not value else Tone.ACCENT if each.own else Tone.PLAIN
        said = show.line((value or "–", tone))
        room = min(MOST, cells - column - self._widest - 2)
        if room < LEAST:
            return show.beside(name, said, cells, column)
        first, *rest = show.beside(name, said, column + room, column)
        return [show.line(show.one_row(first, column + room), "  ", (ident, Tone.QUIET)), *rest]

    @on(LineList.Highlighted)
    def _explain(self) -> None:
        """What the setting under the cursor does, its default, and when a change is seen."""
        each = self._chosen
        if each is None:
            self._about.update("")
            return
        standard = self._said(each, [part.standard for part in each.parts])
        seen = self.speech("is changed at once") if each.at_once else self.speech("is changed from the next start")
        default = self.speech("default {value}", value=standard) if standard else self.speech("empty by default")
        below = show.join((" · ", Tone.FAINT), [(each.id, Tone.ACCENT), (default, Tone.QUIET), (seen, Tone.QUIET)])
        self._about.update(show.block(self.speech.say(each.tip), "\n", below))

    @property
    def _chosen(self) -> Preference | None:
        each = self._shown.get(self._list.cursor_key or "")
        return each if isinstance(each, Preference) else None

    def action_filter(self) -> None:
        self._filter.open()

    @on(FilterBar.Changed)
    def _filter_changed(self) -> None:
        self._fill()

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self._list.focus()

    @on(LineList.Opened)
    def _opened(self, event: LineList.Opened) -> None:
        event.stop()
        self.action_change()

    @work(exclusive=True, group="settings")
    async def action_change(self) -> None:
        """Ask for another value of the setting under the cursor."""
        each, before = self._chosen, self._before
        if each is None or before is None:
            return
        form = SettingForm(self.context, each, before)
        saved = await self.app.push_screen_wait(form)
        if saved is not None and form.after_saving is not None:
            self._take(form.after_saving, saved.message)

    @work(exclusive=True, group="settings")
    async def action_default(self) -> None:
        """Give the setting under the cursor its default, or take somebody out."""
        each, before = self._chosen, self._before
        if each is None or before is None or not each.own:
            return
        label = self.speech.render(each.label)
        if each.group == "people" and not await self.app.push_screen_wait(
            Confirm(
                self.speech("Take “{name}” out of the settings?", name=label),
                yes=self.speech("Take out"),
                no=self.speech("Keep"),
            )
        ):
            return
        try:
            typed = {part.id: part.standard for part in each.parts}
            after = await put_setting(self.context, each, typed, before)
        except PddError as error:
            self.decline(self.speech.say(error.message))
            return
        self._take(after, self.speech("{setting} has its default again.", setting=label))

    def _take(self, after: SettingsText, message: str) -> None:
        self._before = after
        self.context = structs.replace(self.context, settings=after.settings)
        if isinstance(self.app, SteadyApp):
            self.app.use_settings(after.settings)
        self._fill()
        self.tell(message)
