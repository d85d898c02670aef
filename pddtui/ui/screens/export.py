"""Letting cases out: which, in which form, how much masked and into which file, with the text to look at before.

Nothing is written over unasked. A public export is written only after the person has looked through what is hidden,
and no file of evidence goes into it but those that were ticked one by one. It gives back where it wrote, or None.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.widget import Widget

from pddtui.domain.case import Case, Evidence
from pddtui.domain.mask import MaskLevel
from pddtui.errors import PddError
from pddtui.message import Message, msg, plural
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.export.export import FORMATS, SUFFIXES, Exporter, Format, TextFormat, Wishes
from pddtui.services.export.files import free_path
from pddtui.services.export.ical import alarm_ahead
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.forms.into_file import IntoFile, Write
from pddtui.ui.show import Tone
from pddtui.ui.widgets.fields import Choice, ChoiceOption, Field
from pddtui.ui.widgets.file_pick import full_path, read_path
from pddtui.ui.widgets.texts import MASK_WORDS, Preview, hidden_lines

__all__ = ["ExportScreen"]

THIS, ALL, MARKED = "this", "all", "marked"
OUT, IN = "out", "in"
NEVER = "never"

_ALARMS: dict[str, Message] = {
    NEVER: msg("none"),
    "0d": msg("on the day, at 9:00"),
    "1d": msg("one day ahead"),
    "3d": msg("three days ahead"),
}
"""When a calendar reminds, as `alarm_ahead` reads it."""

_NAMES: dict[Format, Message] = {
    "json": msg("JSON"),
    "html": msg("page to print"),
    "markdown": msg("Markdown"),
    "csv": msg("spreadsheet"),
    "ics": msg("calendar"),
    "zip": msg("bundle with evidence"),
}
_SHOWN: dict[Format, TextFormat] = {
    "json": "json",
    "csv": "csv",
    "markdown": "markdown",
    "html": "markdown",
    "ics": "ics",
    "zip": "markdown",
}
"""What is shown of a form: a page is shown as the text that is in it."""

_MOST_CASES, _MOST_LINES = 20, 400
"""How much of a long export is shown before it is written."""


class ExportScreen(IntoFile):
    KIND: ClassVar[str] = "export"

    def __init__(
        self,
        context: Context,
        case: Case | None,
        *,
        marked: Sequence[Case] = (),
        form: Format = "json",
        mask: MaskLevel = "none",
    ) -> None:
        """`marked`, else `case`, is what is offered first; without either everything is let out.

        `form` and `mask` are chosen first.
        """
        super().__init__(context, case)
        self._marked = tuple(each.id for each in marked)
        self._chosen: tuple[Format, MaskLevel] = form, mask
        speech = Speech(context.speech.language, context.settings.tz)  # a document says the year of every date
        self._folder = EvidenceFolder(context.places.evidence)
        self._press = Exporter(context.casebook, context.handbook, self._folder, speech.render, speech.language)
        self._proposed = ""
        """The file name that nobody has changed."""
        self._day = context.casebook.now().date()
        """The day that the proposed name bears."""
        self._preview = Preview(id="export-preview")

    def heading(self) -> str:
        return self.speech("Export")

    def fields(self) -> Iterable[Widget]:
        speech = self.speech
        if self.case is not None:
            scopes = [
                ChoiceOption(THIS, speech("only {ref}", ref=self.case.ref)),
                ChoiceOption(ALL, speech("all cases")),
            ]
            if self._marked:
                marked = plural("{n} marked case", "{n} marked cases", len(self._marked))
                scopes.insert(0, ChoiceOption(MARKED, speech.say(marked)))
            yield Field(speech("Cases"), Choice(scopes, scopes[0].key), id="scope")
        forms = [ChoiceOption(form, speech.say(name)) for form, name in _NAMES.items()]
        yield Field(speech("Format"), Choice(forms, self._chosen[0]), id="form")
        levels = [ChoiceOption(level, speech.say(name)) for level, name in MASK_WORDS.items()]
        yield Field(speech("Masks"), Choice(levels, self._chosen[1]), id="mask")
        alarms = [ChoiceOption(ahead, speech.say(name)) for ahead, name in _ALARMS.items()]
        yield Field(speech("Alarm"), Choice(alarms, NEVER), id="alarm")
        yield self.file_field()
        for number, record in self._files():
            choice = Choice([ChoiceOption(OUT, speech("leave out")), ChoiceOption(IN, speech("include"))], OUT)
            name = record.original_name or speech("unnamed")
            yield Field(speech("Exhibit {n}", n=number), choice, hint=name, id=f"tick-{number}")
        yield self._preview

    def _files(self) -> list[tuple[int, Evidence]]:
        """The files of this case with the numbers of their exhibits; those of all cases are too many to tick."""
        records = enumerate(self.case.evidence if self.case is not None else (), 1)
        return [(number, record) for number, record in records if record.file is not None]

    def prepare(self) -> None:
        self._propose()
        self._show_ticks()
        self._say_where()
        self._look()

    def changed(self, field: Field) -> None:
        if field.id in ("scope", "form", "mask", "alarm"):
            self._propose()
            self._show_ticks()
            self._look()
        self._say_where()

    def _say_where(self) -> None:
        """What will be written, and into which folder: a file name alone says neither over a connection."""
        typed = self.given("file")
        if typed is None:
            self.field("file").hint = ""
            return
        cases = plural("{n} case", "{n} cases", len(self.wanted))
        words = msg("{form} of {cases} → {path}", form=_NAMES[self.form], cases=cases, path=full_path(read_path(typed)))
        self.field("file").hint = self.speech.say(words)

    def clock_moved(self, now: datetime) -> None:
        super().clock_moved(now)
        if now.date() != self._day:
            self._day = now.date()
            self._propose()
            self._look()

    def take_in(self, changed: frozenset[str]) -> None:
        if self.case is None or self.case.id in changed:
            self._look()

    @property
    def form(self) -> Format:
        return next((form for form in FORMATS if form == self.value("form")), "json")

    @property
    def mask(self) -> MaskLevel:
        return next((level for level in MASK_WORDS if level == self.value("mask")), "none")

    @property
    def wanted(self) -> tuple[Case, ...]:
        """The cases, as they are now. JSON is a copy of everything, the others are for people."""
        casebook = self.context.casebook
        if self.case is None or self.value("scope") == ALL:
            trash = casebook.cases(trash=True) if self.form == "json" else ()
            return (*casebook.cases(), *trash)
        if self.value("scope") == MARKED:
            there = casebook.store.cases()
            return tuple(there[case_id] for case_id in self._marked if case_id in there)
        return (casebook.case(self.case.id),)

    @property
    def _one_by_one(self) -> bool:
        """Whether files are asked for."""
        return self.form == "zip" and self.mask == "public" and self.case is not None and self.value("scope") == THIS

    def _ticked(self) -> list[str]:
        if not self._one_by_one:
            return []
        return [record.id for number, record in self._files() if self.value(f"tick-{number}") == IN]

    def _show_ticks(self) -> None:
        for number, _ in self._files():
            self.field(f"tick-{number}").display = self._one_by_one
        self.field("alarm").display = self.form in ("ics", "zip")
        hint = self.speech("12315, courts and the platform ask who you are: mask nothing for them.")
        if self.mask == "public" and self.form == "zip":
            hint = self.speech("A file cannot be masked: only the files you include here go in.")
        self.field("mask").hint = hint

    def _propose(self) -> None:
        if self.value("file") == self._proposed:
            one = self.case is not None and self.value("scope") == THIS
            stem = self.case.ref if one and self.case is not None else "pddtui"
            day = f"{self.context.casebook.now():%Y-%m-%d}"
            self._proposed = str(free_path(Path(), f"{stem}-{day}", SUFFIXES[self.form]))
            self.field("file").value = self._proposed

    @work(exclusive=True, group="look")
    async def _look(self) -> None:
        wanted, form, mask, press = self.wanted, _SHOWN[self.form], self.mask, self._press
        cases, wishes = wanted[:_MOST_CASES], self._wishes(form)
        try:
            text = await self.context.clerk.do(lambda: press.text(cases, form, mask, wishes=wishes).decode("utf-8-sig"))
            spans = await self.context.clerk.do(lambda: press.hidden(cases, mask))
        except PddError as error:
            self.show_trouble(error.message)
            return
        content = text.splitlines()
        whole = len(wanted) == len(cases) and len(content) <= _MOST_LINES
        said = [self.speech.say(press.hidden_sentence(spans)), *hidden_lines(spans)] if mask != "none" else []
        self._preview.show(
            *(show.plain(line, Tone.AMBER) for line in said),
            *(show.plain(line) for line in content[:_MOST_LINES]),
            *(() if whole else (show.plain(self.speech.say(_beginning(len(wanted))), Tone.QUIET),)),
        )

    async def content(self) -> Write | None:
        cases, form, mask, ticked = self.wanted, self.form, self.mask, self._ticked()
        if mask == "public" and not await self._looked_through(cases):
            return None
        wishes = self._wishes(form)
        return lambda out: self._press.write(
            out, cases, form, mask, ticked=ticked, progress=self._progress, wishes=wishes
        )

    def _wishes(self, form: Format) -> Wishes:
        """JSON is laid out for a person who looks at it, here and in the file."""
        alarm = self.value("alarm")
        return Wishes(layout="pretty" if form == "json" else "compact",
                      alarm=None if alarm == NEVER else alarm_ahead(alarm))  # fmt: skip

    def _progress(self, done: int, total: int) -> None:
        """Called from the thread that writes."""
        self.app.call_from_thread(self._show_progress, done * 100 // max(1, total))

    def _show_progress(self, percent: int) -> None:
        self.field("file").hint = self.speech("written {percent} %", percent=percent)

    async def _looked_through(self, cases: Sequence[Case]) -> bool:
        spans = await self.context.clerk.do(lambda: self._press.hidden(cases, "public"))
        n = len(spans)
        question = self.speech.say(
            plural(
                "{n} piece is hidden. Have you made sure that nothing else must stay private?",
                "{n} pieces are hidden. Have you made sure that nothing else must stay private?",
                n,
            )
        )
        also = tuple(self.speech.say(each.label) for each in self.context.handbook.masks.also_hide)
        look = self.speech("No rule finds these; check for them yourself: {what}.", what=also)
        said = self.speech.say(self._press.hidden_sentence(spans))
        names = self.speech("Names without a label are only found where the case knows them.")
        return await self.sure(question, "\n".join([said, *hidden_lines(spans), names, look]))


def _beginning(n: int) -> Message:
    return plural("… the beginning of an export of {n} case.", "… the beginning of an export of {n} cases.", n)
