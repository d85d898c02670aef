"""The fields of a contact: their labels, what stands in them at first, and the questions to ask on the phone."""

from __future__ import annotations

from collections.abc import Mapping

from pddtui.domain.case import Case
from pddtui.domain.contact import Contact, Direction, Person
from pddtui.message import Message, msg
from pddtui.services import people
from pddtui.services.words import SUBSTANCES, TURNS
from pddtui.ui.context import Context
from pddtui.ui.screens.forms.correction import LABELS, WRITTEN
from pddtui.ui.screens.forms.judgement import SAID
from pddtui.ui.screens.forms.picks import Pick, named
from pddtui.ui.widgets.fields import Choice, Entry, Field, LineField, Option, Provider, Suggest, TextBox

__all__ = ["NO", "YES", "ContactFields"]

QUESTIONS: Mapping[str, Message] = {
    "name": msg("May I have your name, please?"),
    "role": msg("What is your position?"),
    "staff_no": msg("And your staff number?"),
    "ticket": msg("Under which number is this on record?"),
}
"""To be asked on the phone, in this order."""
GROUPS = frozenset({"name", "said", "substance", "written"})
"""Fields that begin a group."""
NO, YES = "no", "yes"


class ContactFields:
    """Makes the fields, for a new contact or to correct `old`."""

    def __init__(self, context: Context, case: Case, old: Contact | None, known: Provider, *, call: bool) -> None:
        """`known` completes a name."""
        self._context = context
        self._speech = context.speech
        self._case = case
        self._old = old
        self._known = known
        self._call = call

    def field(self, name: str) -> Field:
        return Field(
            self._speech.say(LABELS[name]),
            self._entry(name),
            required=name == "said",
            id=name,
            classes="-group" if name in GROUPS else None,
        )

    def options(self, name: str, direction: Direction) -> list[Option]:
        """What can be chosen in a field; what a contact amounts to depends on who spoke."""
        words: Mapping[str, Message]
        match name:
            case "substance" if direction == "out":
                words = {SAID: msg("reached them"), "none": msg("nobody answered")}
            case "substance":
                words = dict(SUBSTANCES.items())
            case "turn":
                words = {turn: word for turn, word in TURNS.items() if turn != "nobody"}
            case "written":
                words = dict(WRITTEN.items())
            case "demand":
                words = {NO: msg("not stated"), YES: msg("stated")}
            case _:
                words = {"in": msg("they to me"), "out": msg("I to them")}
        return [Option(key, self._speech.say(word)) for key, word in words.items()]

    def _entry(self, name: str) -> Entry:
        speech, old = self._speech, self._old
        person = old.person if old else Person()
        question = speech.say(QUESTIONS[name]) if self._call and name in QUESTIONS else ""
        match name:
            case "channel":
                return self._channels()
            case "name":
                return Suggest(self._known, person.name or "", placeholder=question)
            case "role" | "staff_no" | "ticket":
                text = {"role": person.role, "staff_no": person.staff_no}.get(name)
                return LineField(text or "", placeholder=question)
            case "at":
                at = f"{old.at.astimezone(speech.zone):%Y-%m-%d %H:%M}" if old else ""
                return LineField(at, placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago"))
            case "said":
                return TextBox(old.summary if old else "")
            case _:
                options = self.options(name, old.direction if old else "in")
                return Choice(options, self._chosen(old)[name] if old else self._first(name))

    def _channels(self) -> Pick:
        table = self._context.handbook.channels
        channel = table.get(self._old.channel if self._old else people.last_channel(self._case))
        offered = [each for each in table if not each.display_only]
        return Pick(named(self._speech, offered), self._speech.say(channel.label) if channel else "")

    def _first(self, name: str) -> str:
        """What a new contact begins with; the rest is proposed. Whoever calls states what is wanted."""
        return {"direction": "in", "demand": YES if self._call else NO}.get(name, "")

    @staticmethod
    def _chosen(old: Contact) -> Mapping[str, str]:
        return {
            "substance": old.substance or SAID,
            "turn": old.turn or "",
            "written": old.written,
            "demand": YES if old.demand else NO,
        }
