"""The form for a contact: who, what was said, what was promised by when. It logs, corrects, and runs beside a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from pddtui.services.entries import NewContact
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.keys import bindings
from pddtui.ui.screens.forms.acquaintances import Acquaintances
from pddtui.ui.screens.forms.contact_fields import YES, ContactFields
from pddtui.ui.screens.forms.correction import correct, remark
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.hints import happened, when_hint
from pddtui.ui.screens.forms.judgement import Judgement, judge, substance_of, turn_to_keep, written_of
from pddtui.ui.screens.forms.keys import MORE_PROMISES
from pddtui.ui.screens.forms.picks import Pick
from pddtui.ui.screens.forms.promises import PromiseRows
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.screens.forms.sentence import Sentence, confirmation
from pddtui.ui.show import Tone
from pddtui.ui.widgets.fields import Choice, Field, Option, Suggest

__all__ = ["ContactForm"]

EVERY_SECOND = 1.0


class ContactForm(FormScreen):
    BINDINGS: ClassVar[list[BindingType]] = [*bindings([MORE_PROMISES])]
    KIND: ClassVar[str] = "contact"

    def __init__(self, context: Context, case: Case, *, contact: Contact | None = None, call: bool = False) -> None:
        """With `contact` that one is corrected; with `call` the form runs beside a call that begins now."""
        super().__init__(context, case, contact.id if contact else None, kind="call" if call else None)
        self._of = case
        self._old = contact
        self._call = call
        self._began = context.casebook.now()
        self._people = Acquaintances(context, case.id)
        self._makes = ContactFields(context, case, contact, self._people.offers, call=call)
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
            yield from (self._makes.field(name) for name in ("channel", "name", "role", "staff_no", "ticket", "said"))
            yield from self._promises.fields()
            yield from (
                self._makes.field(name) for name in ("written", "demand", "substance", "turn", "direction", "at")
            )
            return
        if self._old is None:
            yield self._makes.field("direction")
        yield from (self._makes.field(name) for name in ("at", "channel", "name", "role", "staff_no", "said"))
        yield from (self._makes.field(name) for name in ("substance", "turn", "demand"))
        if self._old is None:
            yield from self._promises.fields()
        yield self._makes.field("written")

    @property
    def _direction(self) -> Direction:
        if self._old is not None:
            return self._old.direction
        return "out" if self.is_mounted and self.value("direction") == "out" else "in"

    def _channel(self) -> Channel | None:
        entry = self.field("channel").entry
        key = entry.key_of(entry.value) if isinstance(entry, Pick) else None
        return self.context.handbook.channels.get(key)

    def start(self) -> str:
        return "name" if self._old is None else "said"

    # While typing.

    def prepare(self) -> None:
        if self._call:
            self.set_interval(EVERY_SECOND, self._tick)
        self._tick()
        self._propose()
        self.changed(self.field("at"))
        self.run_worker(self._people.look_up())

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
            channel=None if self._call else self._channel(),
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
            for option in self._makes.options(name, self._direction)
        ]

    def restore(self, values: Mapping[str, str]) -> None:
        self._overruled = set()
        super().restore(values)
        if self._old is None:
            judged = self._judged().values()
            self._overruled = {name for name, value in judged.items() if values.get(name, value) not in ("", value)}
            self._promises.show_typed()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "more_promises":
            return self._old is None and not self._promises.all_shown
        return super().check_action(action, parameters)

    def action_more_promises(self) -> None:
        field = self._promises.more()
        if field is not None:
            field.focus()
        self.refresh_bindings()

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
