"""Filters that are kept under a name: chosen from a short list, saved, replaced and taken out.

They stand in the settings file, which is changed in that place and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual.app import ReturnType
from textual.widget import Widget

from pddtui.domain.query import QueryReader
from pddtui.domain.text import fold, one_line
from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.services.search import wrong_filters
from pddtui.settings_file import Plain, open_settings, save_settings, with_settings
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Confirm, Question
from pddtui.ui.forms.form import FormScreen, Saved
from pddtui.ui.forms.hints import Pick
from pddtui.ui.terminal import SteadyApp
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import ChoiceOption, Field, Suggestion

__all__ = ["FilterForm", "choose_filter"]

_SIGNS = "123456789acdefghijklmnopqtuvwxyz"
"""The keys of the saved filters; more than these are found in the palette."""
_BACK, _SAVE, _REMOVE = "back:", "save:", "remove:"
_OF = "of:"


async def choose_filter(
    screen: ActionScreen[ReturnType], context: Context, standing: str, reader: QueryReader
) -> str | None:
    """Let one be chosen: gives back what it looks for. None where none was; what was saved or taken out is said."""
    speech, filters = context.speech, context.settings.filters
    named = list(filters.items())[: len(_SIGNS)]
    answers = [ChoiceOption(f"{_OF}{name}", f"{name}   {query}") for name, query in named]
    signs = _SIGNS[: len(named)]
    if standing:
        answers.append(ChoiceOption(_SAVE, speech("Save “{filter}” under a name, new or old", filter=standing)))
        signs += "s"
    if named:
        answers.append(ChoiceOption(_REMOVE, speech("Remove one from this list")))
        signs += "r"
    answers.append(ChoiceOption(_BACK, speech("Back")))
    detail = "" if named else speech("None is saved yet: type a filter with /, then press F to keep it.")
    question = Question(speech("Saved filters"), answers, letters=f"{signs}b", safe=_BACK, detail=detail)
    answer = await screen.app.push_screen_wait(question) or _BACK
    if answer == _SAVE:
        form = FilterForm(context, standing, reader)
        saved = await screen.app.push_screen_wait(form)
        if saved is not None:
            screen.tell(saved.message)
    elif answer == _REMOVE:
        await _remove_one(screen, context, named)
    return filters.get(answer.removeprefix(_OF)) if answer.startswith(_OF) else None


async def _remove_one(screen: ActionScreen[ReturnType], context: Context, named: list[tuple[str, str]]) -> None:
    speech = context.speech
    answers = [*(ChoiceOption(f"{_OF}{name}", f"{name}   {query}") for name, query in named)]
    answers.append(ChoiceOption(_BACK, speech("Back")))
    ask = Question(speech("Which one is to go?"), answers, letters=f"{_SIGNS[: len(named)]}b", safe=_BACK)
    answer = await screen.app.push_screen_wait(ask) or _BACK
    if answer != _BACK:
        name = answer.removeprefix(_OF)
        await _put(screen, context, name, None)
        screen.tell(speech("The filter “{name}” is no longer saved.", name=name))


async def _put(screen: ActionScreen[ReturnType], context: Context, name: str, query: str | None) -> None:
    """Put a filter into the settings file, or take it out, and have the desk know. Raises `PddError`."""

    def put() -> Mapping[str, str]:
        before = open_settings(context.places.config_file)
        change: tuple[tuple[str, ...], Plain | None] = (("filters", name), query)
        after = with_settings(before, [change])
        save_settings(before, after)
        return after.settings.filters

    filters = await context.clerk.do(put)
    if isinstance(screen.app, SteadyApp):
        screen.app.use_filters(filters)


class FilterForm(FormScreen):
    """Nothing that stands here is worth a draft: the filter stands on the desk."""

    KIND: ClassVar[str] = "filter"

    def __init__(self, context: Context, query: str, reader: QueryReader) -> None:
        super().__init__(context, None)
        self._query = query
        self._reader = reader

    def heading(self) -> str:
        return self.speech("Save this filter")

    def values(self) -> dict[str, str]:
        return {}

    def fields(self) -> Iterable[Widget]:
        known = self.context.settings.filters
        name = Pick([Suggestion(each, each, query) for each, query in known.items()]) if known else LineField()
        hint = self.speech("A name that is there already gets this filter instead.") if known else ""
        yield Field(self.speech("Name"), name, required=True, hint=hint, id="name")
        yield Field(self.speech("Filter"), LineField(self._query), required=True, id="query")

    async def save(self) -> Saved | None:
        name, query = one_line(self.value("name")).lstrip("@＠"), one_line(self.value("query"))
        if not name or " " in name:
            raise Refused(msg("Give it a name of one word."), field="name")
        if not query:
            raise Refused(msg("There is no filter to save."), field="query")
        for refused in wrong_filters({name: query}, self._reader):
            raise Refused(refused.message, field="query", position=refused.position)
        known = self.context.settings.filters
        same = next((each for each in known if fold(each) == fold(name)), name)
        if same in known and known[same] != query:
            sure = Confirm(
                self.speech("Replace the filter “{name}”?", name=same),
                yes=self.speech("Replace"),
                no=self.speech("Keep"),
                detail=known[same],
            )
            if not await self.app.push_screen_wait(sure):
                return None
        await _put(self, self.context, same, query)
        return Saved(case_id="", message=self.speech("Saved as “{name}”: F or @{name} finds it again.", name=same))
