"""The fields of a contact: what each is typed or chosen in, for a new one, a call, or one that is corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, structs

from pddtui.domain.case import (
    FILING_STATES,
    REPLIES,
    SUBSTANCES,
    TURNS,
    WRITTEN,
    Case,
    Contact,
    Direction,
    Person,
)
from pddtui.domain.fields import CONTACT
from pddtui.message import Message, msg
from pddtui.services import people
from pddtui.services.suggestion import NO_SUBSTANCE, UNCHANGED
from pddtui.services.who import Who, read_who
from pddtui.ui.context import Context
from pddtui.ui.forms.hints import Pick, suggestions
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import (
    Choice,
    ChoiceOption,
    Control,
    Field,
    Provider,
    Suggest,
    Suggestion,
    TextBox,
)

__all__ = ["NO", "YES", "ContactFields", "KnownPeople", "Saying"]


class KnownPeople:
    """Everybody seen so far; nobody until they have been looked up."""

    def __init__(self, context: Context, case_id: str) -> None:
        self._context = context
        self._case_id = case_id
        self._seen: Sequence[people.SeenPerson] = ()

    async def look_up(self) -> None:
        casebook, case_id = self._context.casebook, self._case_id
        self._seen = await self._context.clerk.do(lambda: people.people_seen(casebook.cases(), case_id))

    def offers(self, typed: str) -> list[Suggestion]:
        return [
            Suggestion(str(self._seen.index(seen)), seen.person.name or f"#{seen.person.staff_no}", self._note(seen))
            for seen in people.matching(self._seen, typed)
        ]

    def person(self, key: str) -> Person:
        """The one that was offered under that key."""
        return self._seen[int(key)].person

    def read(self, typed: str) -> Who:
        """Who is meant by what stands in the field, with what is known of that person."""
        return read_who(typed, self._seen, {})

    def _note(self, seen: people.SeenPerson) -> str:
        speech = self._context.speech
        elsewhere = () if seen.here else (speech("other case"),)
        return " · ".join((*map(speech.render, structs.replace(seen.person, name=None).parts), *elsewhere))


QUESTIONS: Mapping[str, Message] = {
    "name": msg("May I have your name, please?"),
    "role": msg("What is your position?"),
    "staff_no": msg("And your staff number?"),
    "ticket": msg("What is the ticket number?"),
}
"""To be asked on the phone, in this order."""
CONTACT_LABELS: Mapping[str, Message] = {
    **{field.name: field.label for field in CONTACT if field.new and field.label is not None},
    "ticket": msg("Ticket no."),
    "news": msg("The filing"),
}
"""What the fields are called; the ticket is noted with the filing."""
FIRST_OF_GROUP = frozenset({"said", "substance", "written", "channel"})
"""Fields that begin a group."""
NO, YES = "no", "yes"


class Saying(Struct, frozen=True):
    """What I am about to say: through which channel, and whether it states the demand."""

    channel: str | None
    demand: bool


class ContactFields:
    """Makes the fields, for a new contact or to correct `old`."""

    def __init__(
        self,
        context: Context,
        case: Case,
        old: Contact | None,
        known: Provider,
        *,
        call: bool,
        saying: Saying | None = None,
        channel: str | None = None,
    ) -> None:
        """`known` completes a name; `saying` is what a new contact is for, `channel` what it begins with."""
        self._channel = channel
        self._saying = saying
        self._context = context
        self._speech = context.speech
        self._case = case
        self._old = old
        self._known = known
        self._call = call

    def field(self, name: str) -> Field:
        return Field(
            self._speech.say(CONTACT_LABELS[name]),
            self._entry(name),
            required=name == "said",
            id=name,
            classes="-group" if name in FIRST_OF_GROUP else None,
        )

    def options(self, name: str, direction: Direction) -> list[ChoiceOption]:
        """What can be chosen in a field; what a contact amounts to depends on who spoke."""
        words: dict[str, Message]
        match name:
            case "substance" if direction == "out":
                words = {NO_SUBSTANCE: msg("reached them"), "none": msg("nobody answered")}
            case "substance":
                words = {reply: mark.word for reply, mark in REPLIES.items()}
                words |= {known: mark.word for known, mark in SUBSTANCES.items() if known != "answer" or self._unnamed}
            case "turn":
                words = {turn: word for turn, word in TURNS.items() if turn != "nobody"}
            case "written":
                words = dict(WRITTEN.items())
            case "news":
                words = {UNCHANGED: msg("unchanged")}
                words |= {state: mark.word for state, mark in FILING_STATES.items() if state != "open"}
            case "demand":
                words = {NO: msg("not stated"), YES: msg("stated")}
            case _:
                words = {"in": msg("they to me"), "out": msg("I to them")}
        return [ChoiceOption(key, self._speech.say(word)) for key, word in words.items()]

    @property
    def _unnamed(self) -> bool:
        """Whether the contact is an answer of which nobody was asked yet what it was."""
        return self._old is not None and self._old.substance == "answer" and self._old.reply is None

    def _entry(self, name: str) -> Control:
        speech, old = self._speech, self._old
        person = old.person if old else Person()
        question = speech.say(QUESTIONS[name]) if self._call and name in QUESTIONS else ""
        match name:
            case "channel":
                return self._channels()
            case "name":
                example = question or (speech("Li supervisor 8842") if old is None else "")
                return Suggest(self._known, person.name or "", placeholder=example, sole=True)
            case "role" | "staff_no" | "ticket":
                text = {"role": person.role, "staff_no": person.staff_no}.get(name)
                return LineField(text or "", placeholder=question)
            case "at":
                at = f"{old.at.astimezone(speech.zone):%Y-%m-%d} {speech.time_of(old.at)}".rstrip() if old else ""
                return LineField(at, placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago"))
            case "said":
                return TextBox(old.summary if old else "", one_contact=old is None and not self._call)
            case _:
                options = self.options(name, old.direction if old else "in")
                return Choice(options, self._chosen(old)[name] if old else self._first(name))

    def _channels(self) -> Pick:
        table = self._context.handbook.channels
        channel = table.get(self._old.channel if self._old else self._channel or people.last_channel(self._case))
        offered = [each for each in table if not each.display_only]
        return Pick(suggestions(self._speech, offered), self._speech.say(channel.label) if channel else "")

    def _first(self, name: str) -> str:
        """What a new contact begins with; the rest is proposed. Whoever calls states what is wanted."""
        if self._saying is not None and not self._call:
            return {"direction": "out", "demand": YES if self._saying.demand else NO}.get(name, "")
        return {"direction": "in", "demand": YES if self._call else NO}.get(name, "")

    def shown(self, name: str, value: str) -> str:
        """A value as it stands in its field."""
        channel = self._context.handbook.channels.get(value) if name == "channel" else None
        return self._speech.say(channel.label) if channel is not None else value

    @staticmethod
    def _chosen(old: Contact) -> Mapping[str, str]:
        return {
            "substance": old.reply or old.substance or NO_SUBSTANCE,
            "turn": old.turn or "",
            "written": old.written,
            "demand": YES if old.demand else NO,
        }
