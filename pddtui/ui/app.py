"""The application: it puts the parts on the terminal, and screens and deeds do the rest.

The sheets of the desk are read for the first picture, the others
behind it, or with the screen that is opened before.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping

from msgspec import structs
from textual import events, on
from textual.screen import Screen

from pddtui.domain.text import clean
from pddtui.errors import PddError, Refused
from pddtui.message import msg
from pddtui.services.preferences import keep_theme, remembered_theme
from pddtui.settings import Settings
from pddtui.ui import bindings, themes
from pddtui.ui.actions import BY_ID
from pddtui.ui.context import Context
from pddtui.ui.screens.desk import DeskScreen
from pddtui.ui.screens.navigation import PageScreen
from pddtui.ui.terminal import SteadyApp
from pddtui.ui.typeahead import TypeAhead
from pddtui.ui.widgets.entries import SeveralLines
from pddtui.ui.widgets.fields import Field, TextBox

__all__ = ["DeskApp"]

_PLAIN = "program.plain"
MOST_COPIED = 74_994 // 4 * 3
"""Bytes; xterm and those that follow it take no more than 74,994 characters of base64."""
UNUSABLE = 15.0
"""Seconds that it is said what of the settings cannot be used."""
LOAD_AFTER = 0.5
"""Seconds after the first picture until what it did not need is read."""


class DeskApp(SteadyApp[None]):
    """The desk in a terminal. Give it the context that the composition root has built, then `run` it."""

    ENABLE_COMMAND_PALETTE = False
    """Textual's own reads help texts as markup; ours is `pddtui.ui.screens.palette`."""

    def __init__(self, context: Context, ref: str | None = None, *, tour: bool = False) -> None:
        """`ref` opens with that case, `tour` begins with the tour.

        Raises `NotFound` for it; keys or a look that are not have their defaults.
        """
        super().__init__(context.speech)
        self.context = context
        self._first = context.casebook.find(ref).id if ref is not None else None
        self._ahead = TypeAhead(self, self._take)
        self._tour = tour
        self._sent = ""
        """What was copied last."""
        self.title = "pddtui"
        themes.install(self)
        self._unusable: tuple[Refused, ...] = ()
        """What of the settings the desk cannot use, to be said once."""
        if context.settings.keys:
            keys, self._unusable = bindings.usable_keys(context.settings.keys)
            self.set_keymap(bindings.keymap(keys))
        try:
            self.wear(remembered_theme(context.places, context.settings.theme))
        except Refused as refused:
            self._unusable += (refused,)
            self.wear("auto")

    def get_default_screen(self) -> Screen[str | None]:
        for path in themes.FIRST_SHEETS:  # as CSS_PATH they would be parsed twice, because setting a theme parses again
            self.stylesheet.read(path)
        return DeskScreen(self.context, self._first, tour=self._tour)

    def on_ready(self) -> None:
        self.set_timer(LOAD_AFTER, self._read_the_rest)
        if self._unusable:
            said = " ".join(self.speech.say(each.message) for each in self._unusable)
            words = self.speech("{problem} The default holds until it is changed in the settings.", problem=said)
            self.warn(words, UNUSABLE)

    def use_filters(self, filters: Mapping[str, str]) -> None:
        self.use_settings(structs.replace(self.context.settings, filters=dict(filters)))

    def use_settings(self, settings: Settings) -> None:
        before, self.context = self.context.settings, structs.replace(self.context, settings=settings)
        if settings.keys != before.keys:
            self.set_keymap(bindings.keymap(bindings.usable_keys(settings.keys)[0]))
        if settings.theme != before.theme:
            self.wear(settings.theme)
        for screen in self.screen_stack:
            if isinstance(screen, PageScreen):
                screen.context = self.context
                screen.settings_changed()

    async def keep_theme(self, theme: str) -> None:
        """Put on a theme, from now on and after the next start."""
        self.wear(theme)
        places = self.context.places
        try:
            file = await self.context.clerk.do(lambda: keep_theme(places, theme))
        except PddError as error:
            self.warn(self.speech.say(error.message))
            return
        self.context = structs.replace(self.context, settings=structs.replace(self.context.settings, theme=theme))
        self.tell(self.speech("Theme {name}, kept in {file}.", name=theme, file=str(file)))

    def _read_the_rest(self) -> None:
        if not gc.isenabled():
            gc.freeze()  # what is there by now stays, so there is no use in looking through it again and again
            gc.enable()
        for path in themes.OTHER_SHEETS:
            if not self.stylesheet.has_source(str(path)):
                self.stylesheet.read(path)
        self.stylesheet.parse()

    async def on_event(self, event: events.Event) -> None:
        """Let what is typed wait for what it is meant for."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self._ahead.take(event)
        else:
            await super().on_event(event)

    async def _take(self, event: events.Key | events.Paste) -> None:
        """Take a full-width character for its ASCII twin, wherever no text is being typed."""
        if isinstance(event, events.Key) and not self._typing(event):
            event = bindings.half_width(event) or event
        await super().on_event(event)

    def _typing(self, event: events.Key) -> bool:
        return self.focused is not None and self.focused.check_consume_key(event.key, event.character)

    def copy_to_clipboard(self, text: str) -> None:
        """Send the text to the terminal, and say no more than that: whether it arrives nobody can know.

        tmux drops it unless it is told otherwise, some terminals always, many a long one. Nothing in it acts where it
        is pasted, and it ends without a line's end, which a shell would take for Enter.
        """
        text = clean(text).rstrip()
        super().copy_to_clipboard(text)
        self._sent = text
        wanted = self.context.settings.keys.get(_PLAIN, BY_ID[_PLAIN].keys)
        key = bindings.key_name(wanted.split(",")[0].strip(), self.speech)
        if len(text.encode()) > MOST_COPIED:
            said = msg(
                "Sent to the terminal. Many drop a text as long as this: {key} shows it to be selected.", key=key
            )
        else:
            said = msg("Sent to the terminal. If it does not paste, {key} shows it to be selected.", key=key)
        self.tell(self.speech.say(said))

    @on(TextBox.WantsEditor)
    def _wants_editor(self, event: TextBox.WantsEditor) -> None:
        event.stop()
        self.run_worker(self._write_outside(event.box), group="editor")

    @on(SeveralLines)
    def _several_lines(self, event: SeveralLines) -> None:
        event.stop()
        self.run_worker(self._read_pasted(event), group="pasted")

    async def _read_pasted(self, event: SeveralLines) -> None:
        """Show what was pasted message by message, where it is a chat or the like; else put it in as words."""
        from pddtui.ui.forms.form import Drafted
        from pddtui.ui.screens.paste import PasteScreen, is_more_than_words

        screen, case = self.screen, self.screen.case if isinstance(self.screen, Drafted) else None
        if case is None or not await self.context.clerk.do(lambda: is_more_than_words(self.context, case, event.text)):
            event.put_in(event.text)
            return
        saved = await self.push_screen_wait(PasteScreen(self.context, case, event.text))
        if saved is None:
            event.put_in(event.text)
        elif isinstance(screen, Drafted) and not screen.dirty:
            await screen.typed.end(dropped=True)
            screen.dismiss(saved)
        else:
            self.tell(saved.message)

    async def _write_outside(self, box: TextBox) -> None:
        """Have the text written in the editor of the person; what goes wrong is said at its field, else over all."""
        from pddtui.ui.editor import edit_outside, editor_command

        field = next((above for above in box.ancestors if isinstance(above, Field)), None)
        try:
            edited = await edit_outside(box.value, editor_command(os.environ), self.lend_terminal)
        except PddError as error:
            if field is not None:
                field.error = self.speech.say(error.message)
            else:
                self.decline(self.speech.say(error.message))
            return
        if edited is not None and box.is_attached:
            box.take_back(edited.text)
            if edited.remark is not None:
                self.warn(self.speech.say(edited.remark))

    def action_plain(self) -> None:
        """Show what was sent last."""
        if not self._sent:
            self.decline(self.speech("Nothing was copied yet: press y first."))
            return
        from pddtui.ui.screens.plain import PlainScreen

        self.push_screen(PlainScreen(self._sent))

    def on_unmount(self) -> None:
        self.context.clerk.close()
