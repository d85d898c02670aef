"""One setting is changed: its value is checked here, and put into the settings file with all else as it was there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from pddtui.errors import Conflict, Unlisted
from pddtui.message import msg
from pddtui.services.preferences import Preference, PreferencePart, changed
from pddtui.settings import Settings
from pddtui.settings_file import SettingsText, open_settings, save_settings
from pddtui.ui import bindings, themes
from pddtui.ui.context import Context
from pddtui.ui.forms.form import FormScreen, Saved
from pddtui.ui.forms.hints import Pick, Remark
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Choice, ChoiceOption, Control, Field, Suggestion

__all__ = ["SettingForm", "put_setting"]

SIDE_BY_SIDE = 3
"""As many options are shown side by side; more are listed as they are typed."""


class SettingForm(FormScreen):
    """Nothing that stands here is worth a draft."""

    KIND: ClassVar[str] = "setting"

    def __init__(self, context: Context, preference: Preference, before: SettingsText) -> None:
        super().__init__(context, None)
        self._preference = preference
        self._before = before
        self.after_saving: SettingsText | None = None
        """What stands in the file now."""

    def heading(self) -> str:
        return self.speech("Setting: {name}", name=self.speech.render(self._preference.label))

    def values(self) -> dict[str, str]:
        return {}

    def fields(self) -> Iterable[Widget]:
        speech, preference = self.speech, self._preference
        yield Remark(lambda: f"{speech.say(preference.tip)}  {preference.id}")
        for part in preference.parts:
            hint = speech("Empty for the default: {value}", value=self.worded(part.standard)) if part.standard else ""
            yield Field(speech.render(part.label), self._entry(part), hint=hint, id=part.id)

    def worded(self, value: str) -> str:
        """A value as it is chosen."""
        return worded(self._preference, value, self.context)

    def _entry(self, part: PreferencePart) -> Control:
        options = [(key, self.speech.render(word)) for key, word in self._preference.options]
        if not options:
            return LineField(part.value)
        if len(options) <= SIDE_BY_SIDE:
            return Choice([ChoiceOption(key, self.worded(key)) for key, _ in options], part.value)
        return Pick([Suggestion(key, key, word if word != key else "") for key, word in options], part.value)

    def begin(self) -> None:
        super().begin()
        self.call_after_refresh(self._mark)

    def _mark(self) -> None:
        """Mark the value that stands there, so that what is typed takes its place."""
        entry = self.query(Field).first().entry
        line = entry.line if isinstance(entry, Pick) else entry
        if isinstance(line, LineField):
            line.action_select_all()

    def on_field_submitted(self, event: Field.Submitted) -> None:
        if event.field.id == self._preference.parts[-1].id:
            event.stop()
            self.action_save()
        else:
            super().on_field_submitted(event)

    async def save(self) -> Saved | None:
        typed = {part.id: self.value(part.id) for part in self._preference.parts}
        try:
            self.after_saving = await put_setting(self.context, self._preference, typed, self._before)
        except Conflict:
            file = self._before.file
            self._before = await self.context.clerk.do(lambda: open_settings(file))  # to try again with what is there
            raise
        said = (
            msg("{setting} is changed.", setting=self._preference.label)
            if self._preference.at_once
            else msg("{setting} is changed, from the next start.", setting=self._preference.label)
        )
        return Saved(case_id="", message=self.speech.say(said))


def worded(preference: Preference, value: str, context: Context) -> str:
    """A value as a person reads it."""
    word = dict(preference.options).get(value)
    said = context.speech.render(word) if word is not None else value
    return said if said == value or value in ("true", "false") else f"{value} ({said})"


async def put_setting(
    context: Context, preference: Preference, typed: dict[str, str], before: SettingsText
) -> SettingsText:
    """Check what was typed and put it into the file. Raises `Refused` at the part at fault, or another `PddError`."""

    def check(settings: Settings) -> None:
        if preference.group == "keys":
            bindings.keymap(settings.keys)
        elif preference.where == ("theme",) and settings.theme not in ("auto", *themes.ALL_THEMES):
            raise Unlisted(msg("There is no theme “{name}”.", name=settings.theme), chapter="")

    def put() -> SettingsText:
        after = changed(preference, typed, before, context.handbook, check)
        save_settings(before, after)
        return after

    try:
        return await context.clerk.do(put)
    except Unlisted as unlisted:
        raise Unlisted(unlisted.message, chapter="", field=preference.parts[0].id) from unlisted
