"""A field of a form: a label, what is typed or chosen, and under it what it means or what is wrong with it.

Words come in the language of the screen. An error is a glyph and a sentence before it is a colour.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from typing import ClassVar

from msgspec import Struct
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea
from textual.widgets.text_area import Edit, EditResult

from pddtui.domain.text import clean, fold
from pddtui.ui import show
from pddtui.ui.bindings import bindings
from pddtui.ui.show import Tone
from pddtui.ui.widgets.entries import LineField, SeveralLines, take_in_order, taken
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["TYPED", "Choice", "ChoiceOption", "Control", "Field", "Provider", "Suggest", "Suggestion", "TextBox"]


class ChoiceOption(Struct, frozen=True):
    key: str
    label: str
    """In the language of the screen."""


class Choice(Widget, can_focus=True):
    """One of a few. All are shown side by side if they fit, else the chosen one with its place among them."""

    BINDING_GROUP_TITLE = "Choice"
    BINDINGS: ClassVar[list[BindingType]] = bindings("choice")

    class Changed(Message):
        def __init__(self, choice: Choice, value: str) -> None:
            super().__init__()
            self.choice = choice
            self.value = value

        @property
        def control(self) -> Choice:
            return self.choice

    value: reactive[str] = reactive("", init=False)
    """The key of the chosen option; "" while none is chosen."""

    def __init__(
        self,
        options: Sequence[ChoiceOption],
        value: str = "",
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._options = tuple(options)
        self.set_reactive(Choice.value, self.validate_value(value))

    @property
    def options(self) -> tuple[ChoiceOption, ...]:
        return self._options

    def set_options(self, options: Sequence[ChoiceOption], value: str | None = None) -> None:
        """Offer others; what was chosen stays chosen if it is still offered."""
        self._options = tuple(options)
        self.value = self.value if value is None else value
        self.refresh()

    def validate_value(self, value: str) -> str:
        return value if any(option.key == value for option in self._options) else ""

    def watch_value(self, value: str) -> None:
        self.post_message(self.Changed(self, value))

    async def on_key(self, event: events.Key) -> None:
        """A letter or digit goes to the next option that begins with it, or has that place; none leaves the field."""
        letter = event.is_printable and event.character is not None and event.character != " "
        if letter and self.screen.focused is self:
            taken(event)
            self._go_to_letter(fold(event.character or ""))
        else:
            await take_in_order(self, event)

    def on_click(self, event: events.Click) -> None:
        spot = event.get_content_offset(self)
        if spot is None:
            return
        event.stop()
        left = 0
        for option in self._options if self._fit() else ():
            left += show.width(_label(option, self.value)) + 2
            if spot.x < left:
                self.value = option.key
                return
        if not self._fit():
            self.action_turn(1)

    def action_turn(self, step: int) -> None:
        if self._options:
            self.value = (
                self._options[(self._place + step) % len(self._options)].key
                if self._place >= 0
                else (self._options[0 if step > 0 else -1].key)
            )

    def action_to(self, place: int) -> None:
        if self._options:
            self.value = self._options[place].key

    @property
    def _place(self) -> int:
        return next((place for place, option in enumerate(self._options) if option.key == self.value), -1)

    def _go_to_letter(self, letter: str) -> None:
        if letter.isdecimal() and 1 <= int(letter) <= len(self._options):
            self.value = self._options[int(letter) - 1].key
            return
        after = self._place + 1
        for option in (*self._options[after:], *self._options[:after]):
            if fold(option.label).startswith(letter):
                self.value = option.key
                return

    def _fit(self) -> bool:
        return sum(show.width(_label(option, self.value)) + 2 for option in self._options) - 2 <= self.size.width

    def render(self) -> Content:
        if self._fit():
            return show.join(
                "  ",
                [
                    (_label(option, self.value), Tone.STRONG if option.key == self.value else Tone.PLAIN)
                    for option in self._options
                ],
            )
        place = self._place
        label = self._options[place].label if place >= 0 else "–"
        count = f" {place + 1}/{len(self._options)}"
        return show.line(
            "◂ ", (show.cut(label, self.size.width - 4 - len(count)), Tone.STRONG), " ▸", (count, Tone.QUIET)
        )


def _label(option: ChoiceOption, chosen: str) -> str:
    return f"{'●' if option.key == chosen else '○'} {show.cut(option.label, 40)}"


class Suggestion(Struct, frozen=True):
    key: str
    """Given back by `Suggest.Chosen`. Not empty, unique among those offered together."""
    text: str
    """What the line becomes."""
    note: str = ""
    """Shown behind it: a role, a number."""
    also: str = ""
    """Other words that find it; not shown."""


Provider = Callable[[str], Sequence[Suggestion] | Awaitable[Sequence[Suggestion]]]
"""Completions of what stands in the line, best first; asked after every change."""

TYPED = ""
"""The row that stands for the text as typed."""
MOST_SUGGESTIONS = 7


class _Offers(LineList):
    FOCUS_ON_CLICK = False
    """A click takes a completion and leaves the focus in the line."""


class Suggest(Vertical):
    LEADS: ClassVar[bool] = False
    """Whether only what is offered can stand there: then the first match leads, and the text as typed comes last."""

    class Changed(Message):
        def __init__(self, suggest: Suggest, value: str) -> None:
            super().__init__()
            self.suggest = suggest
            self.value = value

        @property
        def control(self) -> Suggest:
            return self.suggest

    class Chosen(Message):
        """A completion was taken; the line already holds its text."""

        def __init__(self, suggest: Suggest, key: str) -> None:
            super().__init__()
            self.suggest = suggest
            self.key = key

        @property
        def control(self) -> Suggest:
            return self.suggest

    def __init__(
        self,
        provider: Provider,
        value: str = "",
        *,
        placeholder: str = "",
        sole: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        """`sole`: Tab takes the only completion there is, and goes on."""
        super().__init__(id=id, classes=classes)
        self._provider = provider
        self._takes_sole = sole
        self._declined: str | None = None
        """The text at which Escape closed the list: it is meant as it is."""
        self._pointed = False
        """Whether a row of the open list was chosen with the arrows."""
        self._offered: dict[str, Suggestion | None] = {}
        """By row; none for the text as typed."""
        self._quiet_value = value
        """The value that opens no list: it was set by the program or taken from the list."""
        self._listed_for: str | None = None
        """The text that the open list belongs to."""
        self.line = LineField(value, placeholder=placeholder)
        self.line.before_key = self._before_key
        self.list = _Offers(self._look, open_on_click=True, classes="suggest--list")

    def compose(self) -> ComposeResult:
        yield self.line
        yield self.list

    @property
    def value(self) -> str:
        return self.line.value

    @value.setter
    def value(self, value: str) -> None:
        self._quiet_value = value
        self.line.value = value

    @property
    def is_open(self) -> bool:
        return self.has_class("-open")

    def focus(self, scroll_visible: bool = True) -> Suggest:
        self.line.focus(scroll_visible)
        return self

    def close(self) -> None:
        self.remove_class("-open")

    @on(Input.Changed)
    async def _line_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(self, event.value))
        if event.value != self.value or (self.is_open and event.value == self._listed_for):
            return  # late news: the line says something else by now, or a key has opened the list for it already
        if event.value == self._quiet_value or not event.value.strip():
            self.close()
            return
        self._quiet_value = ""
        answer = self._provider(event.value)
        if isawaitable(answer):
            self.run_worker(self._offer_later(event.value, answer), group="suggest", exclusive=True)
        else:
            self._offer(event.value, answer)

    async def _offer_later(self, typed: str, answer: Awaitable[Sequence[Suggestion]]) -> None:
        suggestions = await answer
        if self.value == typed and not (self.is_open and self._listed_for == typed):
            self._offer(typed, suggestions)

    def _offer(self, typed: str, suggestions: Sequence[Suggestion]) -> None:
        if not suggestions or self.screen.focused is not self.line:
            self.close()
            return
        offers: list[tuple[str, Suggestion | None]] = [(suggestion.key, suggestion) for suggestion in suggestions]
        as_typed: list[tuple[str, Suggestion | None]] = [(TYPED, None)]
        self._offered = distinct([*offers, *as_typed] if self.LEADS else [*as_typed, *offers])
        rows = [Row(key, stamp=suggestion or typed) for key, suggestion in self._offered.items()]
        same = next((suggestion.key for suggestion in suggestions if suggestion.text == typed), suggestions[0].key)
        self.list.set_rows(rows, cursor=same if self.LEADS else TYPED)
        self._point(not self.LEADS, by_hand=False)
        self.list.styles.height = min(len(rows), MOST_SUGGESTIONS)
        self._listed_for = typed
        self.add_class("-open")

    def _look(self, key: str, _width: int) -> Sequence[Content]:
        suggestion = self._offered[key]
        if suggestion is None:
            return [show.line(("… ", Tone.QUIET), (self.value, Tone.QUIET))]
        return [show.join("  ", [suggestion.text, (suggestion.note, Tone.QUIET)])]

    def _before_key(self, key: str) -> bool | Awaitable[bool]:
        if key == "tab" and not self._pointed and (sole := self._sole()) is not None:
            self._offered = {sole.key: sole}
            self._take(sole.key)
            return False
        if not self.is_open:
            return False
        if key in ("down", "up"):
            leads = self.has_class("-leads")
            self._point(True)
            if not leads:  # the first arrow goes into the list, to the row that leads
                self.list.action_move(1 if key == "down" else -1)
        elif key == "escape":
            self._declined = self.value
            self.close()
        elif key in ("enter", "tab") and self.list.cursor_key != TYPED:
            self._take(self.list.cursor_key)
            return key == "enter" or self._pointed or not self.LEADS
        else:
            if key in ("enter", "tab", "shift+tab"):
                self.close()
            return False
        return True

    def _point(self, at: bool, *, by_hand: bool = True) -> None:
        """Whether a row is pointed at, by an arrow key or from the beginning; one that only leads looks otherwise."""
        self._pointed = at and by_hand
        self.set_class(not at, "-leads")
        self.list.refresh()

    def _sole(self) -> Suggestion | None:
        """The only completion of what was typed, also before the list had the time to open."""
        typed = self.value
        if not self._takes_sole or not typed.strip() or typed in (self._quiet_value, self._declined):
            return None
        found = self._provider(typed)
        return found[0] if isinstance(found, Sequence) and len(found) == 1 else None

    def _take(self, key: str | None) -> None:
        suggestion = self._offered.get(key or TYPED)
        self.close()
        if suggestion is not None:
            self.value = suggestion.text
            self.line.cursor_position = len(self.line.value)
            self.post_message(self.Chosen(self, suggestion.key))

    @on(LineList.Highlighted)
    def _list_highlighted(self, event: LineList.Highlighted) -> None:
        event.stop()

    @on(LineList.Opened)
    def _list_opened(self, event: LineList.Opened) -> None:
        event.stop()
        self._take(event.key)

    @on(Input.Blurred)
    def _line_blurred(self, event: Input.Blurred) -> None:
        event.stop()
        self.close()


class TextBox(TextArea):
    """Several lines, as for what was said. Tab leaves it, Ctrl+X opens it in an editor."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("text")

    class WantsEditor(Message):
        """The text is to be written in the editor of the person."""

        def __init__(self, box: TextBox) -> None:
            super().__init__()
            self.box = box

        @property
        def control(self) -> TextBox:
            return self.box

    def __init__(
        self,
        value: str = "",
        *,
        placeholder: str = "",
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
        one_contact: bool = False,
    ) -> None:
        """With `one_contact` several lines that are pasted may be a chat, which the application reads instead."""
        self._one_contact = one_contact
        super().__init__(
            clean(value),
            soft_wrap=True,
            tab_behavior="focus",
            show_line_numbers=False,
            compact=True,
            highlight_cursor_line=False,
            placeholder=show.plain(placeholder),
            id=id,
            classes=classes,
        )
        self.cursor_blink = False

    @property
    def value(self) -> str:
        return self.text

    @value.setter
    def value(self, value: str) -> None:
        self.load_text(value)

    def take_back(self, text: str) -> None:
        """Put in what an editor has made of it; Ctrl+Z brings the former back."""
        self.replace(text, self.document.start, self.document.end, maintain_selection_offset=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What can only be read is not written in an editor either."""
        return None if action == "editor" and self.read_only else super().check_action(action, parameters)

    def action_editor(self) -> None:
        self.post_message(self.WantsEditor(self))

    def load_text(self, text: str) -> None:
        super().load_text(clean(text))

    def edit(self, edit: Edit) -> EditResult:
        edit.text = clean(edit.text)
        return super().edit(edit)

    def on_paste(self, event: events.Paste) -> None:
        """Before `TextArea` puts it in, unless it is kept from that."""
        if self._one_contact and not self.read_only and SeveralLines.in_paste(event.text):
            event.stop()
            event.prevent_default()
            self.post_message(SeveralLines(event.text, self._put_in))

    def _put_in(self, text: str) -> None:
        self.replace(text, *self.selection)

    async def on_key(self, event: events.Key) -> None:
        if event.key == "ctrl+j" and self.screen.focused is self:  # as a paste without brackets has it
            taken(event)
            self.insert("\n")
        elif event.key != "enter" or self.screen.focused is not self:
            await take_in_order(self, event)


Control = LineField | TextBox | Choice | Suggest

WRONG = "✗ "
MEANING = 110
"""Cells of the sentence that says what a day or a time means, or why it means none."""


class _OfField(Message):
    def __init__(self, field: Field) -> None:
        super().__init__()
        self.field = field

    @property
    def control(self) -> Field:
        return self.field


class Field(Vertical):
    """Give it the name of the value as `id`, so that a refusal finds its field."""

    class Changed(_OfField):
        """Something else stands in the field."""

        @property
        def value(self) -> str:
            return self.field.value

    class Submitted(_OfField):
        """Enter in a field of one line."""

    error: reactive[str] = reactive("")
    """The sentence that says what is wrong and what to do; "" when nothing is. Typing takes it back."""
    hint: reactive[str] = reactive("")
    """What the typed text means, or what is expected; hidden while there is an error."""

    def __init__(
        self,
        label: str,
        entry: Control,
        *,
        hint: str = "",
        required: bool = False,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.entry = entry
        self._label = Static(
            show.line(label, (" *", Tone.ACCENT)) if required else show.line(label), classes="field--label"
        )
        self._note = Static(classes="field--note")
        self.set_reactive(Field.hint, hint)
        self._refused = ""
        self.dated = False
        """Whether it takes a day or a time, the meaning of which is said while it is typed."""
        self.steady = False
        """Whether its note keeps its place while another field is typed into, the words of which fill this one."""
        self._kept = 0
        """Lines that the note has at least, so that no letter moves what stands below it."""

    def compose(self) -> ComposeResult:
        yield self._label
        yield self.entry
        yield self._note

    def on_mount(self) -> None:
        self._say()

    def keep_steady(self) -> None:
        """Keep room for the note from now on, so that what stands below does not move when it is said."""
        self.steady = True
        self._keep(self._lines_at_rest())

    def on_resize(self) -> None:
        if self.steady and not self.has_focus_within:
            self._keep(self._lines_at_rest())

    @property
    def value(self) -> str:
        return self.entry.value

    @value.setter
    def value(self, value: str) -> None:
        self.entry.value = value

    def focus(self, scroll_visible: bool = True) -> Field:
        self.entry.focus(scroll_visible)
        return self

    def on_descendant_focus(self) -> None:
        self._keep(max(self._note.size.height, self._lines_of_meaning() if self.dated else 0))

    def on_descendant_blur(self) -> None:
        self._keep(self._lines_at_rest())

    def _lines_of_meaning(self) -> int:
        room = max(1, (self.size.width or MEANING) - self._note.styles.gutter.width)
        return -(-MEANING // room)

    def _lines_at_rest(self) -> int:
        """A high screen has the room for a whole meaning, so that going to the field moves nothing either."""
        if not self.steady:
            return 0
        return self._lines_of_meaning() if self.dated and self.screen.has_class("-high") else 1

    def _keep(self, lines: int) -> None:
        self._kept = lines
        self._note.styles.min_height = lines or None
        self._say()

    def _keep_up(self) -> None:
        if self.has_focus_within and self._note.size.height > self._kept:
            self._keep(self._note.size.height)

    def watch_error(self) -> None:
        self._refused = self.value
        self._say()

    def watch_hint(self) -> None:
        self._say()

    def _say(self) -> None:
        self.set_class(bool(self.error), "-wrong")
        self.set_class(not self.error and not self.hint and not self._kept, "-silent")
        self._note.update(show.block((WRONG + self.error, Tone.RED)) if self.error else show.plain(self.hint))
        if self.has_focus_within:
            self.call_after_refresh(self._keep_up)

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(Choice.Changed)
    @on(Suggest.Changed)
    def _entry_changed(self, event: Message) -> None:
        event.stop()
        if self.value != self._refused:
            self.error = ""
        self.post_message(self.Changed(self))

    @on(Input.Submitted)
    def _entry_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self))
