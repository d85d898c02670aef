"""What all forms have in common: fields under each other, Ctrl+S from any of them, and drafts.

A refusal goes to its field with its sentence; any other trouble is said above the keys, and Ctrl+S tries again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, TypeVar

from msgspec import Struct
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.bounds import life_of, life_of_moments
from pddtui.domain.case import Case
from pddtui.domain.duetime import Due
from pddtui.domain.fields import StoredField
from pddtui.domain.phrases.moment import far_words
from pddtui.domain.phrases.numbers import read_sum
from pddtui.errors import PddError, Refused, RefusedTogether, Unlisted
from pddtui.message import Words, msg
from pddtui.services.drafts import Draft, Drafts, DraftSubject, Edits, Moments, OpenForm
from pddtui.ui import show, themes
from pddtui.ui.actions import Need, Place
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import QUESTION_WIDTHS, Confirm, Question
from pddtui.ui.forms.hints import Pick, Remark, as_typed, by_when, suggestions, typed_moment
from pddtui.ui.show import Tone
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import ChoiceOption, Control, Field, TextBox
from pddtui.ui.widgets.key_line import KeyLine

__all__ = ["BETWEEN_WRITES", "Drafted", "Faults", "FormScreen", "Saved", "Typed"]


class Saved(Struct, frozen=True, kw_only=True):
    """The record that was saved, to be selected, and what to say."""

    case_id: str
    thing: str | None = None
    """The id of the contact, promise, follow-up, filing or evidence; None for the case itself."""
    message: str
    """In the language of the person."""


class Typed:
    """The draft of one open form."""

    def __init__(self, place: OpenForm) -> None:
        self._place = place
        self._turn = asyncio.Lock()
        self._over = False

    @property
    def subject(self) -> DraftSubject:
        """What the form is about."""
        return self._place.subject

    async def offered(self) -> Draft | None:
        """What a form with the same subject left behind."""
        return await asyncio.to_thread(self._place.offered)

    async def keep(self, values: Mapping[str, str], at: datetime, moments: Moments | None = None) -> None:
        """Put the text on disk, unless the form is over by then. Raises `CannotWrite`."""
        async with self._turn:
            if not self._over:
                await asyncio.to_thread(self._place.keep, values, at, moments)

    async def take(self, draft: Draft) -> None:
        """Make a draft this form's own. Raises `CannotWrite`."""
        async with self._turn:
            await asyncio.to_thread(self._place.take, draft)

    async def discard(self, draft: Draft) -> None:
        """Throw away a draft that was offered."""
        await asyncio.to_thread(self._place.discard, draft)

    async def drop(self) -> None:
        """Throw away this form's own draft: nothing of it is unsaved any more."""
        async with self._turn:
            await asyncio.to_thread(self._place.drop)

    async def end(self, *, dropped: bool) -> None:
        """The form closes; with `dropped` its text is saved elsewhere or not wanted."""
        self._over = True
        async with self._turn:
            if dropped:
                await asyncio.to_thread(self._place.drop)
            self._place.close()

    def end_now(self, values: Mapping[str, str] | None, at: datetime, moments: Moments | None = None) -> None:
        """The program ends under the form: write what is typed before returning."""
        if not self._over:
            self._over = True
            self._place.close(values, at, moments)


BETWEEN_WRITES = 0.4
"""Seconds from a key to the write of the draft; keys in between are written with it."""

_LONG, _MOST = 12, 400
"""Characters: a value as long as the first shows what a draft was about; of all together the second is shown."""


class Drafted(ModalScreen[Saved | None], ActionScreen[Saved | None]):
    CSS_PATH = themes.OTHER_SHEETS
    KIND: ClassVar[str]
    """The kind of form."""
    KEEPS_DRAFT: ClassVar[bool] = True
    """Whether what is typed outlives the program; not where it is a part of something that does."""
    DATED: ClassVar[frozenset[str]] = frozenset()
    """The fields that take a day or a time: their hints depend on when they were typed."""

    def __init__(
        self, context: Context, case: Case | None, thing: str | None = None, *, kind: str | None = None
    ) -> None:
        """`thing` is the id of what the form changes, where that is not the case itself; `kind` overrides `KIND`."""
        super().__init__()
        self.context = context
        self.speech = context.speech
        self.case = case
        # A case that is still to be opened belongs to one data file; every other is known by its id wherever it is.
        file = str(context.places.data_file) if case is None else None
        subject = DraftSubject(form=kind or self.KIND, case=case.id if case else None, thing=thing, file=file)
        self.typed = Typed(Drafts(context.places.drafts).open(subject))
        self.offer_line = Static(classes="form--offer")
        self._clean: Mapping[str, str] = {}
        self._standing: Mapping[str, str] = {}
        """The last values seen; when the program ends, the fields are gone before the screen is."""
        self.edits = Edits(context.casebook.now())
        self._year = self.speech.year
        self._offer: Draft | None = None
        self._writing: Timer | None = None

    def begin(self) -> None:
        """What stands in the fields now was not typed. To be called when they are filled."""
        self._clean = self._standing = self.values()
        self.edits.stand(self._clean, self.context.casebook.now())
        self._show_offer(None)
        if self.KEEPS_DRAFT:
            self.run_worker(self._look_for_draft(), group="draft")

    def on_unmount(self) -> None:
        dirty = self.KEEPS_DRAFT and self._standing != self._clean
        self.typed.end_now(self._standing if dirty else None, self.edits.last, self.edits.moments)

    def show_trouble(self, words: Words) -> None:
        """Say one sentence in the form."""
        raise NotImplementedError

    def values(self) -> dict[str, str]:
        """What stands in every field, by its name."""
        return {field.id: field.value for field in self.query(Field) if field.id}

    def at_first(self, name: str) -> str:
        """What stood in the field when the form was opened."""
        return self._clean.get(name, "")

    @property
    def dirty(self) -> bool:
        """Whether anything stands there that was not there at the beginning."""
        return self.values() != self._clean

    def restore(self, values: Mapping[str, str]) -> None:
        """Put the values of a draft into the fields."""
        for field in self.query(Field):
            if field.id is not None and field.id in values:
                field.value = values[field.id]

    def typed_at(self, name: str) -> datetime:
        """When the text of the field was typed: hint and save read its phrase from here."""
        self.note_edits()
        return self.edits.of(name)

    def note_edits(self) -> None:
        """Whatever stands in a field that did not stand there before was typed now."""
        now = self.context.casebook.now()
        for field in self.query(Field):
            if field.id is not None:
                self.edits.note(field.id, field.value, now)

    def follow_clock(self) -> None:
        """Renew the hints if the form has only now begun, or the day or the year that goes unsaid is another one."""
        moved = self.edits.moved_on(self.context.casebook.now())
        if moved or self._year != self.speech.year:
            self._year = self.speech.year
            self.renew_hints()

    def renew_hints(self) -> None:
        """Say again what depends on the moment or the day."""
        for field in self.query(Field):
            if field.id in self.DATED:
                self.changed(field)
        for remark in self.query(Remark):
            remark.renew()

    def on_field_changed(self, event: Field.Changed) -> None:
        event.stop()
        self.note_edits()
        self.changed(event.field)
        self._standing = self.values()
        if self._standing == self._clean:
            self.edits.stand(self._clean, self.context.casebook.now())
        self.follow_clock()
        if self._writing is None:
            self._writing = self.set_timer(BETWEEN_WRITES, self._write_aside)

    def changed(self, field: Field) -> None:
        """Something else stands in a field: say what it means."""

    def _write_aside(self) -> None:
        """Keys go on being taken while the disk is busy."""
        self._writing = None
        self.run_worker(self.write_draft(), group="draft")

    async def write_draft(self) -> bool:
        """Put what stands in the fields on disk; says so in the form when that fails, and gives False."""
        if not self.KEEPS_DRAFT:
            return True
        try:
            if self.dirty:
                await self.typed.keep(self.values(), self.edits.last, self.edits.moments)
            else:
                await self.typed.drop()
        except PddError as error:
            self.show_trouble(error.message)
            return False
        return True

    async def _look_for_draft(self) -> None:
        self._show_offer(await self.typed.offered())

    def _show_offer(self, draft: Draft | None) -> None:
        self._offer = draft
        self.offer_line.display = draft is not None
        if draft is not None:
            text = self.speech("The text from {moment} is not saved yet.", moment=draft.at)
            self.offer_line.update(show.plain(f"✎ {text}", Tone.AMBER))
        self.refresh_bindings()

    def met(self, need: Need) -> bool:
        return need is not Need.DRAFT or self._offer is not None

    async def action_take_draft(self) -> None:
        if (draft := self._offer) is None:
            return
        try:
            await self.typed.take(draft)
        except PddError as error:
            self.show_trouble(error.message)
            return
        self._show_offer(None)
        self.edits.restore(draft, self.speech.zone)
        self.restore(draft.values)
        self.renew_hints()

    def action_throw_draft(self) -> None:
        if self._offer is not None:
            self.run_worker(self._ask_to_throw(self._offer), group="leave", exclusive=True)

    async def _ask_to_throw(self, draft: Draft) -> None:
        revealing = (value for value in draft.values.values() if " " in value or len(value) > _LONG)
        question = Confirm(
            self.speech("Discard the text from {moment}?", moment=draft.at),
            yes=self.speech("Discard it"),
            no=self.speech("Keep it"),
            detail="\n".join(revealing)[:_MOST],
        )
        if await self.app.push_screen_wait(question):
            await self.typed.discard(draft)
            self._show_offer(None)


_T = TypeVar("_T")


class Faults:
    """Collects what is wrong in the fields, so that all of it is said at once."""

    def __init__(self) -> None:
        self._found: list[Refused] = []

    def of(self, read: Callable[[], _T], otherwise: _T) -> _T:
        """What is read; where that is refused, the fault is noted and `otherwise` stands in for it."""
        try:
            return read()
        except Refused as refused:
            self.note(refused)
            return otherwise

    def note(self, refused: Refused) -> None:
        """One more, unless its field has one already."""
        faults = refused.faults if isinstance(refused, RefusedTogether) else (refused,)
        self._found += [it for it in faults if it.field is None or it.field not in {each.field for each in self._found}]

    def __bool__(self) -> bool:
        return bool(self._found)

    def check(self) -> None:
        """Raise what was found, if anything was."""
        if self:
            raise self.together()

    def together(self) -> RefusedTogether:
        """All that was found, to be raised."""
        return RefusedTogether(self._found)


FORM_HEIGHTS = [(0, "-low"), (32, "-high")]


class _Fields(VerticalScroll, can_focus=False):
    """Scrolls with the field that has the focus."""


class FarAway(Refused):
    """A date on which hardly anything of the case can have happened: taken when a person says that it is right."""


class FormScreen(Drafted):
    """One form. A subclass names itself, lists its fields and saves them."""

    NEEDED: ClassVar[frozenset[str]] = frozenset()
    """The fields of the record that must not stay empty."""
    PLACE: ClassVar[Place] = "form"
    HORIZONTAL_BREAKPOINTS = QUESTION_WIDTHS
    VERTICAL_BREAKPOINTS = FORM_HEIGHTS
    AUTO_FOCUS = ""  # the form says where to start; None would be the first field, as everywhere

    def __init__(
        self, context: Context, case: Case | None, thing: str | None = None, *, kind: str | None = None
    ) -> None:
        super().__init__(context, case, thing, kind=kind)
        self._saving = False
        self._sure_of: set[tuple[str, str]] = set()
        """Fields with the odd dates in them that were said to be right."""
        self._trouble_line = Static(classes="form--trouble")

    def heading(self) -> str:
        """What the form does."""
        raise NotImplementedError

    def fields(self) -> Iterable[Widget]:
        """The fields from top to bottom, each with the name of its value as id."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Fill in what the program proposes, before anything is typed."""

    def start(self) -> str | None:
        """The field in which to begin; None for the first."""

    async def save(self) -> Saved | None:
        """Save what stands in the fields. Raises `Refused` with the field at fault, or another `PddError`.

        None is for a question that was answered with no: the form stays.
        """
        raise NotImplementedError

    async def after(self) -> None:
        """What comes between saving and closing."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="form--sheet"):
            ref = self.case.ref if self.case else ""
            yield Static(show.join("  ", [(self.heading(), Tone.STRONG), (ref, Tone.QUIET)]), classes="form--heading")
            yield self.offer_line
            with _Fields(classes="form--fields"):
                yield from self.fields()
            yield self._trouble_line
            yield KeyLine(self.context)

    def on_mount(self) -> None:
        if not self.app.is_running or not self.query(Field):
            return  # the program ends before the form is there, and takes its fields away one by one
        self.show_trouble("")
        self.shape(self.app.size)
        for field in self.query(Field):
            field.dated = field.id in self.DATED
        self.prepare()
        self.begin()
        start = self.start()
        (self.field(start) if start else self.query(Field).first()).focus()

    def clock_moved(self, now: datetime) -> None:
        super().clock_moved(now)
        self.follow_clock()

    def on_descendant_focus(self) -> None:
        """Somebody is here, and has typed nothing yet."""
        self.edits.follow(self.context.casebook.now())
        self.follow_clock()

    def shape(self, size: Size) -> None:
        """The fields scroll, so that heading and keys stay in view; a narrow form has the whole screen anyway."""
        super().shape(size)
        narrow, low = size.width < QUESTION_WIDTHS[1][0], size.height < FORM_HEIGHTS[1][0]
        around = _AROUND_LOW if low else _AROUND
        for fields in self.query(_Fields):  # none before the form is there
            fields.styles.max_height = None if narrow else max(1, size.height - around)

    def field(self, name: str) -> Field:
        return self.query_one(f"#{name}", Field)

    def value(self, name: str) -> str:
        return self.field(name).value

    def given(self, name: str) -> str | None:
        """What stands in the field, None for nothing."""
        return self.value(name).strip() or None

    def labelled(self, stored: StoredField, entry: Control) -> Field:
        """The field of the form for a field of the record, by its name."""
        needed = stored.name in self.NEEDED
        return Field(self.speech.say(stored.label or ""), entry, required=needed, id=stored.name)

    def entry_for(self, stored: StoredField, value: object) -> Control:
        """What is typed into, with what stands there now."""
        text = as_typed(self.context, stored, value)
        if stored.catalogue is not None:
            offered = self.context.handbook.choices(stored.catalogue)
            return Pick(suggestions(self.speech, offered, self.context.casebook.rules.also), text)
        if stored.kind == "text":
            return TextBox(text)
        return LineField(text, placeholder=self.speech.say(stored.example))

    def moment_shown(self, name: str) -> datetime | None:
        """The moment that was typed there, for what is shown of it; None for nothing. Raises `Refused` at the field."""
        return typed_moment(self.value(name), self.typed_at(name), name)

    def moment_in(self, name: str) -> datetime | None:
        """The moment at which something happened, as it was typed there, to be saved; None for nothing.

        Raises `Refused` at the field, and `FarAway` for one that is far from everything else in the case, until it was
        said to be right.
        """
        typed, at = self.value(name), self.moment_shown(name)
        if at is not None and (name, typed) not in self._sure_of:
            now = self.context.casebook.now()
            life = life_of(self.case, now) if self.case is not None else life_of_moments((), now)
            if not life.holds(at):
                raise FarAway(far_words(at, self.case.ref if self.case is not None else None), field=name)
        return at

    def due_in(self, name: str, *, countdown: bool = False) -> Due:
        """By when, as it was typed there. Raises `Refused` at the field, also for nothing."""
        return by_when(self.context, self.value(name), name, self.typed_at(name), countdown=countdown)

    def deadline_in(self, name: str) -> datetime:
        """By when something is, or was, to be done. Raises `Refused` at the field."""
        try:
            return self.context.casebook.deadline(self.value(name), self.typed_at(name))
        except Refused as refused:
            raise Refused(refused.message, field=name, position=refused.position) from refused

    def read(self, stored: StoredField) -> object:
        """What was typed there, None or no tags for nothing. Raises `Refused` at the field for what cannot be read."""
        typed = self.given(stored.name)
        if typed is None and stored.needed and stored.kind == "moment" and self.case is not None:
            raise Refused(msg("A case has a day on which it began: enter it."), field=stored.name)
        if typed is None:
            return () if stored.kind == "tags" else None
        if stored.catalogue is not None:
            return self.context.handbook.choices(stored.catalogue).find(typed, field=stored.name).key
        match stored.kind:
            case "sum":
                return read_sum(typed, stored.name)
            case "moment":
                return self.deadline_in(stored.name) if stored.ahead else self.moment_in(stored.name)
            case "tags":
                return (typed,)
            case "complainant":
                return self.context.handbook.own.for_whom(typed, self.case.complainant if self.case else None)
        return typed

    def touched(self, name: str) -> bool:
        """Whether something else stands there than at first."""
        return self.value(name) != self.at_first(name)

    def on_field_submitted(self, event: Field.Submitted) -> None:
        event.stop()
        self.focus_next()

    def action_next_field(self) -> None:
        self.focus_next()

    def action_save(self) -> None:
        if not self._saving:
            self._saving = True
            self.run_worker(self._save(), group="save")

    async def _save(self) -> None:
        self.show_trouble("")
        self.note_edits()
        try:
            saved = await self._save_surely()
        except Refused as refused:
            self.refuse(refused)
            return
        except PddError as error:
            self.show_trouble(error.message)
            return
        finally:
            self._saving = False
        if saved is not None:
            self._saving = True
            await self.typed.end(dropped=True)
            await self.after()
            self.dismiss(saved)

    async def _save_surely(self) -> Saved | None:
        """Save, and once more when every doubt is dispelled."""
        while True:
            try:
                return await self.save()
            except Refused as refused:
                if not await self._right_after_all(refused):
                    raise

    async def _right_after_all(self, refused: Refused) -> bool:
        """Whether nothing is wrong but dates that are far away, and the person says that they are right."""
        faults = _faults_of(refused)
        if not all(isinstance(fault, FarAway) for fault in faults):
            return False
        for fault in faults:
            question = Confirm(
                self.speech.say(fault.message), yes=self.speech("Save it"), no=self.speech("Check again")
            )
            if not await self.app.push_screen_wait(question):
                return False
            name = fault.field or ""
            self._sure_of.add((name, self.value(name)))
        return True

    def refuse(self, refused: Refused) -> None:
        """Say every fault at its field and go to the first; at the foot of the form what belongs to no field."""
        faults = _faults_of(refused)
        at_fault = {fault.field: fault for fault in reversed(faults)}
        fields = [field for field in self.query(Field) if field.id in at_fault and field.display]
        for field in fields:
            field.error = self._sentence(at_fault[field.id])
        homeless = [fault for fault in faults if fault.field not in {field.id for field in fields}]
        if homeless:
            self.show_trouble(homeless[0].message)
        if fields:
            fields[0].focus()
            if isinstance(fields[0].entry, LineField):  # behind the text, where Backspace and typing on mend it
                fields[0].entry.cursor_position = len(fields[0].value)

    def _sentence(self, fault: Refused) -> str:
        if isinstance(fault, Unlisted):
            return self.speech("{said} Press ↓ to see them all.", said=fault.message)
        return self.speech.say(fault.message)

    def show_trouble(self, words: Words) -> None:
        """One sentence above the keys; "" takes it away."""
        sentence = self.speech.say(words)
        self._trouble_line.update(show.plain(f"✗ {sentence}" if sentence else "", Tone.RED))
        self._trouble_line.display = bool(sentence)

    def action_back(self) -> None:
        if not self._saving:
            self.run_worker(self._ask_to_leave() if self.dirty else self._leave(dropped=True), group="leave")

    async def _ask_to_leave(self) -> None:
        keep = [ChoiceOption("keep", self.speech("Leave and keep a draft"))] if self.KEEPS_DRAFT else []
        stay = ChoiceOption("stay", self.speech("Keep writing"))
        throw = ChoiceOption("throw", self.speech("Leave and discard it"))
        words, letters = self.speech("What you typed is not saved yet."), "gkt" if keep else "gt"
        answer = await self.app.push_screen_wait(Question(words, (stay, *keep, throw), letters=letters, safe="stay"))
        if answer == "throw" or (answer == "keep" and await self.write_draft()):
            await self._leave(dropped=answer == "throw")

    async def _leave(self, *, dropped: bool) -> None:
        await self.typed.end(dropped=dropped)
        self.dismiss(None)


def _faults_of(refused: Refused) -> Sequence[Refused]:
    return refused.faults if isinstance(refused, RefusedTogether) else (refused,)


_AROUND, _AROUND_LOW = 9, 5
"""Lines of a form that are not fields: heading, trouble, keys and the space around them."""
