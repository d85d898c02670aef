"""The form for a contact: who, what was said, what was promised by when. It logs, corrects, and runs beside a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.domain.contact import Contact, Direction, Person
from pddtui.errors import Refused
from pddtui.handbook.channels import Channel
from pddtui.message import Message, msg
from pddtui.services import people
from pddtui.services.entries import NewContact
from pddtui.services.words import SUBSTANCES, TURNS
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.keys import bindings
from pddtui.ui.screens.forms.correction import LABELS, WRITTEN, correct, remark
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.hints import happened, when_hint
from pddtui.ui.screens.forms.judgement import SAID, Judgement, judge, substance_of, turn_to_keep, written_of
from pddtui.ui.screens.forms.keys import MORE_PROMISES
from pddtui.ui.screens.forms.picks import Pick, named
from pddtui.ui.screens.forms.promises import PromiseRows
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.screens.forms.sentence import Sentence, confirmation
from pddtui.ui.show import Tone
from pddtui.ui.widgets.fields import Choice, Entry, Field, LineField, Option, Suggest, Suggestion, TextBox

__all__ = ["ContactForm"]

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
EVERY_SECOND = 1.0


class ContactForm(FormScreen):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings([MORE_PROMISES])]
    KIND: ClassVar[str] = "contact"

    def __init__(self, context: Context, case: Case, *, contact: Contact | None = None, call: bool = False) -> None:
        """With `contact` that one is corrected; with `call` the form runs beside a call that begins now."""
        super().__init__(context, case, contact.id if contact else None)
        self._of = case
        self._old = contact
        self._call = call
        self._began = context.casebook.now()
        self._people: Sequence[people.Seen] = ()
        self._promises = PromiseRows(context, asking=call)
        self._proposed: Mapping[str, str] = {}
        self._overruled: set[str] = set()
        self._remark = Static(classes="form--remark")
        self._logged: Contact | None = None

    def heading(self) -> str:
        if self._old is not None:
            return self.speech("Correct a contact")
        return self.speech("Call") if self._call else self.speech("Log a contact")

    # Fields.

    def fields(self) -> Iterable[Widget]:
        yield self._remark
        if self._call:
            yield from (self._field(name) for name in ("channel", "name", "role", "staff_no", "ticket", "said"))
            yield from self._promises.fields()
            yield from (self._field(name) for name in ("written", "demand", "substance", "turn", "direction", "at"))
            return
        if self._old is None:
            yield self._field("direction")
        yield from (self._field(name) for name in ("at", "channel", "name", "role", "staff_no", "said"))
        yield from (self._field(name) for name in ("substance", "turn", "demand"))
        if self._old is None:
            yield from self._promises.fields()
        yield self._field("written")

    def _field(self, name: str) -> Field:
        return Field(
            self.speech.say(LABELS[name]),
            self._entry(name),
            required=name == "said",
            id=name,
            classes="-group" if name in GROUPS else None,
        )

    def _entry(self, name: str) -> Entry:
        """What is typed into; on the phone its placeholder is the question to be asked."""
        speech, old = self.speech, self._old
        person = old.person if old else Person()
        match name:
            case "channel":
                channel = self._channel(old.channel if old else people.last_channel(self._of))
                offered = [each for each in self.context.handbook.channels if not each.display_only]
                entry: Entry = Pick(named(speech, offered), speech.say(channel.label) if channel else "")
            case "name":
                entry = Suggest(self._known, person.name or "", placeholder=self._question(name))
            case "role" | "staff_no" | "ticket":
                text = {"role": person.role, "staff_no": person.staff_no}.get(name)
                entry = LineField(text or "", placeholder=self._question(name))
            case "at":
                at = f"{old.at.astimezone(speech.zone):%Y-%m-%d %H:%M}" if old else ""
                entry = LineField(at, placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago"))
            case "said":
                entry = TextBox(old.summary if old else "")
            case _:
                entry = self._choice(name)
        return entry

    def _question(self, name: str) -> str:
        return self.speech.say(QUESTIONS[name]) if self._call else ""

    def _choice(self, name: str) -> Choice:
        old, options = self._old, self._options(name)
        match name:
            case "substance":
                return Choice(options, (old.substance or SAID) if old else "")
            case "turn":
                return Choice(options, (old.turn or "") if old else "")
            case "written":
                return Choice(options, old.written if old else "none")
            case "demand":
                demand = old.demand if old else self._call
                return Choice(options, YES if demand else NO)
            case _:
                return Choice(options, "in")

    def _options(self, name: str) -> list[Option]:
        words: Mapping[str, Message]
        match name:
            case "substance" if self._direction == "out":
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
        return [Option(key, self.speech.say(word)) for key, word in words.items()]

    @property
    def _direction(self) -> Direction:
        if self._old is not None:
            return self._old.direction
        return "out" if self.is_mounted and self.value("direction") == "out" else "in"

    def _channel(self, key: str | None) -> Channel | None:
        return self.context.handbook.channels.get(key)

    def _chosen_channel(self) -> Channel | None:
        entry = self.field("channel").entry
        return self._channel(entry.key_of(entry.value)) if isinstance(entry, Pick) else None

    # While typing.

    def prepare(self) -> None:
        if self._call:
            self.set_interval(EVERY_SECOND, self._tick)
        self._tick()
        self._propose()
        self.changed(self.field("at"))
        self.run_worker(self._look_for_people())

    def _tick(self) -> None:
        text, tone = "", Tone.QUIET
        if self._old is not None:
            text = remark(self.context, self._old)
        elif self._call:
            passed = int((self.context.casebook.now() - self._began).total_seconds())
            clock = f"{passed // 60:02}:{passed % 60:02}"
            text, tone = self.speech("● {clock}  since {moment}", clock=clock, moment=self._began), Tone.ACCENT
        self._remark.update(show.plain(text, tone))
        self._remark.display = bool(text)

    async def _look_for_people(self) -> None:
        casebook, case_id = self.context.casebook, self._of.id
        self._people = await self.context.clerk.do(lambda: people.people_seen(casebook.cases(), case_id))

    def _known(self, typed: str) -> list[Suggestion]:
        return [
            Suggestion(str(self._people.index(seen)), seen.person.name or f"#{seen.person.staff_no}", self._note(seen))
            for seen in people.matching(self._people, typed)
        ]

    def _note(self, seen: people.Seen) -> str:
        parts = [seen.person.role, f"#{seen.person.staff_no}" if seen.person.staff_no else None]
        elsewhere = None if seen.here else self.speech("other case")
        return " · ".join(part for part in (*parts, elsewhere) if part)

    @on(Suggest.Chosen)
    def _known_chosen(self, event: Suggest.Chosen) -> None:
        if event.suggest is self.field("name").entry:
            person = self._people[int(event.key)].person
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
            now = self.context.casebook.now()
            empty = "" if self._old else self.speech("now: {moment}", moment=self._moment(now))
            field.hint = when_hint(self.context, field.value, now, empty=empty)
        if name == "at" or name.startswith("due"):
            self._promises.hint(self._said_at())
        self._propose()

    def _moment(self, now: datetime) -> datetime:
        """When the contact happened, if nothing is typed."""
        return self._began if self._call else now

    def _said_at(self) -> datetime:
        now = self.context.casebook.now()
        try:
            return happened(self.value("at"), now, "at") or self._moment(now)
        except Refused:
            return now

    def _judged(self) -> Judgement:
        decided = substance_of(self.value("substance")) if "substance" in self._overruled else None
        return judge(
            self._of,
            direction=self._direction,
            said=self.value("said"),
            person=self._person(),
            promised=self._promises.any,
            demand=self.value("demand") == YES,
            channel=None if self._call else self._chosen_channel(),
            substance=decided,
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

    def _marked(self, name: str, value: str) -> list[Option]:
        """The options of a field, the proposed one marked as such until a person has chosen."""
        mark = "" if name in self._overruled else " · " + self.speech("proposed")
        return [
            Option(option.key, option.label + mark if option.key == value else option.label)
            for option in self._options(name)
        ]

    def restore(self, values: Mapping[str, str]) -> None:
        self._overruled = set()
        super().restore(values)
        if self._old is None:
            judged = self._judged().values()
            self._overruled = {name for name, value in judged.items() if values.get(name, value) not in ("", value)}
            self._promises.show_typed()

    def action_more_promises(self) -> None:
        field = self._promises.more()
        if field is not None:
            field.focus()

    # Saving.

    def _person(self) -> Person:
        return Person(name=self.given("name"), role=self.given("role"), staff_no=self.given("staff_no"))

    def _entered(self, now: datetime) -> NewContact:
        """The contact as it stands in the fields. Raises `Refused` at the field at fault."""
        at = happened(self.value("at"), now, "at") or (self._began if self._call else None)
        channel = self.given("channel")
        written = written_of(self.value("written"))
        substance = substance_of(self.value("substance"))
        return NewContact(
            direction=self._direction,
            said=self._said(),
            at=at,
            channel=self.context.handbook.channels.find(channel, field="channel").key if channel else None,
            person=self._person(),
            substance=substance,
            demand=self.value("demand") == YES,
            written=written,
            promises=self._promises.entered(at or now, written=written == "received"),
            turn=turn_to_keep(self._of, self._direction, substance, self.value("turn")),
            minutes=self._minutes(now),
        )

    def _said(self) -> str:
        said, ticket = self.value("said"), self.given("ticket") if self._call else None
        return f"{said}\n{self.speech('Ticket no. {number}', number=ticket)}" if ticket and said.strip() else said

    def _minutes(self, now: datetime) -> int | None:
        return max(1, -int((self._began - now).total_seconds() // 60)) if self._call else None

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
            await self.app.push_screen_wait(Sentence(text, self.speech))
