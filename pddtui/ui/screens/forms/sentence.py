"""After a call: one paragraph to paste into the chat, so that what was said exists in their records too."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from pddtui.domain.contact import Contact
from pddtui.speech import Speech
from pddtui.ui import sheets, show
from pddtui.ui.keys import half_width
from pddtui.ui.screens.confirm import WIDTHS
from pddtui.ui.show import Tone

__all__ = ["Sentence", "confirmation"]


def confirmation(contact: Contact, speech: Speech) -> str:
    """What was said and promised in a contact, for the other side to confirm."""
    person = contact.person
    number = speech("staff no. {number}", number=person.staff_no) if person.staff_no else None
    who = " ".join(part for part in (person.role, person.name, number) if part) or speech("your colleague")
    parts = [
        speech("To confirm our call of {moment}:", moment=contact.at),
        speech("{who} said: {said}.", who=who, said=contact.summary.strip().rstrip(".。")),
    ]
    for promise in contact.promises:
        if promise.due is None:
            parts.append(speech("You promised: {text}.", text=promise.text))
        else:
            parts.append(speech("You promised by {due}: {text}.", due=promise.due, text=promise.text))
    parts.append(speech("If any of this is wrong, please correct it here in writing."))
    return ("" if speech.language == "zh" else " ").join(parts)


class Sentence(ModalScreen[None]):
    CSS_PATH = sheets.REST
    HORIZONTAL_BREAKPOINTS = WIDTHS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,y,enter", "copy", "Copy", show=False, id="sentence.copy"),
        Binding("escape,q", "close", "Back", show=False, id="sentence.close"),
    ]

    def __init__(self, text: str, speech: Speech) -> None:
        super().__init__()
        self._text = text
        self._speech = speech
        self._keys = Static(classes="question--keys")

    def compose(self) -> ComposeResult:
        with Vertical(classes="question--sheet"):
            yield Static(
                show.plain(self._speech("Saved. Paste this into their chat, so that it is on record with them too:")),
                classes="question--detail",
            )
            yield Static(show.plain(self._text), classes="question--quote")
            yield self._keys

    def on_mount(self) -> None:
        self._tell(copied=False)

    def _tell(self, *, copied: bool) -> None:
        copy = self._speech("copied") if copied else self._speech("copy")
        self._keys.update(
            show.line(
                ("C", Tone.ACCENT),
                " ",
                ("✓ " + copy if copied else copy, Tone.GOOD if copied else Tone.QUIET),
                "   ",
                ("Esc", Tone.ACCENT),
                " ",
                (self._speech("close"), Tone.QUIET),
            )
        )

    async def on_key(self, event: events.Key) -> None:
        twin = half_width(event)
        if twin is not None and twin.key.lower() in ("c", "y"):
            event.stop()
            self.action_copy()

    def action_copy(self) -> None:
        self.app.copy_to_clipboard(self._text)
        self._tell(copied=True)

    def action_close(self) -> None:
        self.dismiss(None)
