"""The form for a contact: who, what was said, what was promised by when. It logs, corrects, and runs beside a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from msgspec import Struct, structs
from textual import on
from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import (
    FILING_STATES,
    REPLIES,
    SUBSTANCES,
    TURNS,
    WRITTEN,
    Case,
    Contact,
    Direction,
    Filing,
    Person,
    Turn,
    Written,
)
from pddtui.domain.fields import CONTACT, Values, edited, values_of
from pddtui.domain.moves import FREE_CORRECTION
from pddtui.domain.reply import Heard, read_reply
from pddtui.domain.rules import Rules
from pddtui.domain.threads import case_turn, threads_of
from pddtui.domain.turn import turn_after
from pddtui.errors import Refused
from pddtui.handbook.procedure import ChannelEntry
from pddtui.message import Message, msg
from pddtui.services import people
from pddtui.services.casebook import Move
from pddtui.services.drafts import Edits
from pddtui.services.edit_conflicts import amend_merging
from pddtui.services.inputs import NewContact, running_filing
from pddtui.ui import show
from pddtui.ui.actions import Need, Place
from pddtui.ui.context import Context
from pddtui.ui.forms.form import FormScreen, Saved, save_edit
from pddtui.ui.forms.hints import Pick, now_hint, suggestions, when_hint
from pddtui.ui.forms.promise import DUE_FIELDS, CallConfirmation, PromiseRows, confirmation
from pddtui.ui.show import Tone
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

__all__ = ["ContactForm", "Saying"]


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

    def _note(self, seen: people.SeenPerson) -> str:
        speech = self._context.speech
        elsewhere = () if seen.here else (speech("other case"),)
        return " · ".join((*map(speech.render, structs.replace(seen.person, name=None).parts), *elsewhere))


NO_SUBSTANCE = "said"
"""Stands for "no substance": I said something and was heard."""


UNCHANGED = "none"
"""Stands for a filing of which nothing new was learned."""


class ContactSuggestion(Struct, frozen=True, kw_only=True):
    """Values for the fields of the same names; what an answer was is chosen together with that it was one."""

    heard: Heard
    turn: Turn
    written: Written

    def values(self) -> Mapping[str, str]:
        shown = self.heard.reply or self.heard.substance or NO_SUBSTANCE
        return {"substance": shown, "turn": self.turn, "written": self.written, "news": self.heard.news or UNCHANGED}


def suggest(
    case: Case,
    rules: Rules,
    *,
    direction: Direction,
    said: str,
    person: Person,
    promised: bool,
    demand: bool,
    channel: ChannelEntry | None,
    by_phone: bool,
    decided: Heard | None = None,
) -> ContactSuggestion:
    """What was probably meant; `decided` is what a person has said that it was.

    Repeating the demand makes it their turn, unless they have answered in the same breath. What was not said on
    the phone exists in writing.
    """
    side = channel.side if channel is not None else None
    heard = read_reply(direction, said, person, promised=promised, side=side)
    if decided is not None and (decided.substance, decided.reply) != (heard.substance, heard.reply):
        heard = Heard(decided.substance, decided.reply, "refused" if decided.reply == "refused" else None)
    after = heard.turn or turn_after(direction, heard.substance)
    turn: Turn = after or ("theirs" if demand else case_turn(case, threads_of(case, rules)))
    written: Written = "none" if by_phone or channel is None or channel.kind == "phone" else "received"
    return ContactSuggestion(heard=heard, turn=turn, written=written)


def heard_as(value: str) -> Heard:
    """What a field shows that it was."""
    reply = next((known for known in REPLIES if known == value), None)
    if reply is not None:
        return Heard("answer", reply)
    return Heard(next((known for known in SUBSTANCES if known == value), None))


def written_of(value: str) -> Written:
    """Whether it exists in writing, as a field shows it."""
    return next((known for known in WRITTEN if known == value), "none")


def turn_to_keep(case: Case, rules: Rules, direction: Direction, heard: Heard, shown: str) -> Turn | None:
    """The turn to save with the contact: None where the log leads to the one shown by itself."""
    by_itself = turn_after(direction, heard.substance) or case_turn(case, threads_of(case, rules))
    if shown not in ("mine", "theirs") or (shown == by_itself and heard.turn is None):
        return None
    return "mine" if shown == "mine" else "theirs"


_WORDS: Mapping[tuple[str, str], Message] = {
    **{("substance", key): mark.word for key, mark in SUBSTANCES.items()},
    **{("reply", key): mark.word for key, mark in REPLIES.items()},
    **{("turn", key): word for key, word in TURNS.items()},
    **{("written", key): word for key, word in WRITTEN.items()},
}


def remark(context: Context, old: Contact) -> str:
    """Whether the correction will leave a trace."""
    if context.casebook.now() - old.recorded_at > FREE_CORRECTION:
        return context.speech("Logged more than ten minutes ago: the old text stays readable beside the new one.")
    return context.speech("A correction within ten minutes of logging leaves no trace.")


async def correct(form: FormScreen, case: Case, old: Contact, new: NewContact, now: datetime) -> Saved | None:
    """Save what was changed; None when the person goes back to the form from a question."""
    fields = edited(CONTACT)
    built = new.build(lambda: old.id, now, form.context.casebook.due)
    mine: Values = {**values_of(fields, built), "substance": new.substance, "reply": new.reply}

    def merging(base: Values, mine: Values) -> Move:
        return amend_merging(old.id, base, mine, now)

    saved = await save_edit(
        form,
        case.id,
        "amend",
        merging,
        base=values_of(fields, old),
        mine=mine,
        fields=fields,
        codes=_WORDS,
        note="said",
    )
    if saved is None:
        return None
    return Saved(
        case_id=case.id, thing=old.id, message=form.speech("The contact in {ref} is corrected.", ref=saved.ref)
    )


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
FIRST_OF_GROUP = frozenset({"name", "said", "substance", "written"})
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
    ) -> None:
        """`known` completes a name; `saying` is what a new contact is for."""
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
        meant = self._saying.channel if self._saying is not None else None
        channel = table.get(self._old.channel if self._old else meant or people.last_channel(self._case))
        offered = [each for each in table if not each.display_only]
        return Pick(suggestions(self._speech, offered), self._speech.say(channel.label) if channel else "")

    def _first(self, name: str) -> str:
        """What a new contact begins with; the rest is proposed. Whoever calls states what is wanted."""
        if self._saying is not None and not self._call:
            return {"direction": "out", "demand": YES if self._saying.demand else NO}.get(name, "")
        return {"direction": "in", "demand": YES if self._call else NO}.get(name, "")

    @staticmethod
    def _chosen(old: Contact) -> Mapping[str, str]:
        return {
            "substance": old.reply or old.substance or NO_SUBSTANCE,
            "turn": old.turn or "",
            "written": old.written,
            "demand": YES if old.demand else NO,
        }


EVERY_SECOND = 1.0


class ContactForm(FormScreen):
    PLACE: ClassVar[Place] = "contact"
    KIND: ClassVar[str] = "contact"
    DATED: ClassVar[frozenset[str]] = frozenset({"at", *DUE_FIELDS})

    def __init__(
        self,
        context: Context,
        case: Case,
        *,
        contact: Contact | None = None,
        call: bool = False,
        saying: Saying | None = None,
    ) -> None:
        """With `contact` that one is corrected; with `call` the form runs beside a call that begins now.

        With `saying` it is for something that I say.
        """
        super().__init__(context, case, contact.id if contact else None, kind="call" if call else None)
        self._of = case
        self._old = contact
        self._call = call
        self._counts_from = context.casebook.now()
        """Since when the call has been running."""
        self.edits = Edits(self._counts_from, running=call)
        self._people = KnownPeople(context, case.id)
        self._makes = ContactFields(context, case, contact, self._people.offers, call=call, saying=saying)
        self._promises = PromiseRows(context, asking=call)
        self._proposed: Mapping[str, str] = {}
        self._overruled: set[str] = set()
        self._remark = Static(classes="form--remark")
        self._remarked: str | None = None
        self._logged: Contact | None = None

    def heading(self) -> str:
        if self._old is not None:
            return self.speech("Correct a contact")
        return self.speech("Call") if self._call else self.speech("Log a contact")

    def fields(self) -> Iterable[Widget]:
        yield self._remark
        if self._call:
            yield from (self._makes.field(name) for name in ("channel", "name", "role", "staff_no", "ticket", "said"))
            yield from self._promises.fields()
            yield from (
                self._makes.field(name)
                for name in ("written", "demand", "substance", "news", "turn", "direction", "at")
            )
            return
        if self._old is None:
            yield self._makes.field("direction")
        yield from (self._makes.field(name) for name in ("at", "channel", "name", "role", "staff_no", "said"))
        yield self._makes.field("substance")
        if self._old is None:
            yield self._makes.field("news")
        yield from (self._makes.field(name) for name in ("turn", "demand"))
        if self._old is None:
            yield from self._promises.fields()
        yield self._makes.field("written")

    @property
    def _direction(self) -> Direction:
        if self._old is not None:
            return self._old.direction
        return "out" if self.is_mounted and self.value("direction") == "out" else "in"

    def _channel(self) -> ChannelEntry | None:
        entry = self.field("channel").entry
        key = entry.key_of(entry.value) if isinstance(entry, Pick) else None
        return self.context.handbook.channels.get(key)

    def touched(self, name: str) -> bool:
        """What kind of answer it was is chosen together with that it was one."""
        return super().touched("substance" if name == "reply" else name)

    @property
    def _filing(self) -> Filing | None:
        """The filing that what is in the fields would be an answer to."""
        if self._direction == "out" or heard_as(self.value("substance")).substance != "answer":
            return None
        channel = self._channel()
        return running_filing(self._of, channel.id, self._said_at()) if channel is not None else None

    def start(self) -> str:
        return "name" if self._old is None else "said"

    def prepare(self) -> None:
        if self._call:
            self.set_interval(EVERY_SECOND, self._count)
        self._tick()
        self._propose()
        self.changed(self.field("at"))
        self.run_worker(self._people.look_up())

    def clock_moved(self, now: datetime) -> None:
        super().clock_moved(now)
        self._tick()

    def _count(self) -> None:
        """Nothing is said while another screen is in front."""
        if self.is_active:
            self._tick()

    def _tick(self) -> None:
        text, tone = "", Tone.QUIET
        if self._old is not None:
            text = remark(self.context, self._old)
        elif self._call:
            passed = max(0, int((self.context.casebook.now() - self._counts_from).total_seconds()))
            clock = f"{passed // 60:02}:{passed % 60:02}"
            text, tone = self.speech("● {clock}  since {moment}", clock=clock, moment=self.edits.begun), Tone.ACCENT
        if text != self._remarked:
            self._remarked = text
            self._remark.update(show.plain(text, tone))
            self._remark.display = bool(text)

    @on(Suggest.Chosen)
    def _known_chosen(self, event: Suggest.Chosen) -> None:
        if event.suggest is self.field("name").entry:
            person = self._people.person(event.key)
            self.field("name").value = person.name or ""
            self.field("role").value = person.role or ""
            self.field("staff_no").value = person.staff_no or ""

    def changed(self, field: Field) -> None:
        name = field.id or ""
        if name in self._proposed and field.value != self._proposed[name]:
            self._overruled.add(name)
        if name == "direction":
            self._overruled.discard("substance")
        if name == "at":
            empty = now_hint(self.context, self.edits.begun)
            field.hint = when_hint(self.context, field.value, self.typed_at("at"), empty=empty)
        if name == "at" or name.startswith("due"):
            self._promises.hint(self._said_at())
        self._propose()

    def _said_at(self) -> datetime:
        """When the contact happened, as far as it can be read: promises count from there."""
        try:
            return self.moment_in("at") or self.edits.begun
        except Refused:
            return self.edits.begun

    def _judged(self) -> ContactSuggestion:
        shown = self.value("substance")
        return suggest(
            self._of,
            self.context.casebook.rules,
            direction=self._direction,
            said=self.value("said"),
            person=self._person(),
            promised=self._promises.any,
            demand=self.value("demand") == YES,
            channel=self._channel(),
            by_phone=self._call,
            decided=heard_as(shown) if shown and "substance" in self._overruled else None,
        )

    def _propose(self) -> None:
        """Fill in what was not decided by the person. A correction proposes nothing: what stands was decided."""
        if self._old is not None:
            return
        self._proposed = self._judged().values()
        for name, value in self._proposed.items():
            choice = self.field(name).entry
            if isinstance(choice, Choice):
                choice.set_options(self._marked(name, value), None if name in self._overruled else value)
        self.field("news").display = self._filing is not None

    def _marked(self, name: str, value: str) -> list[ChoiceOption]:
        """The options of a field, the proposed one marked as such until a person has chosen."""
        mark = "" if name in self._overruled else " · " + self.speech("proposed")
        return [
            ChoiceOption(option.key, option.label + mark if option.key == value else option.label)
            for option in self._makes.options(name, self._direction)
        ]

    def restore(self, values: Mapping[str, str]) -> None:
        self._overruled = set()
        self._counts_from = self.context.casebook.now() - max(timedelta(), self.edits.last - self.edits.begun)
        super().restore(values)
        if self._old is None:
            judged = self._judged().values()
            self._overruled = {name for name, value in judged.items() if values.get(name, value) not in ("", value)}
            self._promises.show_typed()

    def met(self, need: Need) -> bool:
        if need is Need.ROOM_FOR_PROMISE:
            return self._old is None and not self._promises.all_shown
        return super().met(need)

    def action_more_promises(self) -> None:
        field = self._promises.more()
        if field is not None:
            field.focus()
        self.refresh_bindings()

    def _person(self) -> Person:
        return Person(name=self.given("name"), role=self.given("role"), staff_no=self.given("staff_no"))

    def _entered(self, now: datetime) -> NewContact:
        """The contact as it stands in the fields. Raises `Refused` at the field at fault."""
        at = self.moment_in("at") or self.edits.begun
        channel = self.given("channel")
        written = written_of(self.value("written"))
        heard = heard_as(self.value("substance"))
        keep = self._judged().heard if self._old is None else heard
        return NewContact(
            direction=self._direction,
            said=self._said(),
            at=at,
            channel=self.context.handbook.channels.find(channel, field="channel").key if channel else None,
            person=self._person(),
            substance=heard.substance,
            reply=heard.reply,
            demand=self.value("demand") == YES,
            written=written,
            promises=self._promises.entered(at, written=written == "received"),
            turn=turn_to_keep(self._of, self.context.casebook.rules, self._direction, keep, self.value("turn")),
            minutes=self._minutes(now),
            news=next((state for state in FILING_STATES if state == self.value("news")), "none")
            if self._old is None and self._filing is not None
            else "none",
        )

    def _said(self) -> str:
        said, ticket = self.value("said"), self.given("ticket") if self._call else None
        return f"{said}\n{self.speech('Ticket no. {number}', number=ticket)}" if ticket and said.strip() else said

    def _minutes(self, now: datetime) -> int | None:
        return max(1, -int((self._counts_from - now).total_seconds() // 60)) if self._call else None

    async def save(self) -> Saved | None:
        now = self.context.casebook.now()
        new = self._entered(now)
        if self._old is not None:
            return await correct(self, self._of, self._old, new, now)
        casebook, case_id = self.context.casebook, self._of.id
        case, contact = await self.context.clerk.do(lambda: casebook.log(case_id, new))
        self._logged = contact
        return Saved(case_id=case.id, thing=contact.id, message=self.speech("Logged in {ref}.", ref=case.ref))

    async def after(self) -> None:
        if self._call and self._logged is not None:
            text = confirmation(self._logged, self.speech)
            await self.app.push_screen_wait(CallConfirmation(text, self.speech))
