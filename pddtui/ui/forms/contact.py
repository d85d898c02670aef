"""The form for a contact: who, what was said, what was promised by when. It logs, corrects, and runs beside a call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.css.query import QueryType
from textual.geometry import Size
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
    Written,
)
from pddtui.domain.fields import CONTACT, Values, edited, values_of
from pddtui.domain.moves import FREE_CORRECTION
from pddtui.domain.promised import states_demand, word_of_promise
from pddtui.domain.secrets import refuse_secrets
from pddtui.domain.text import bare_number
from pddtui.errors import Refused
from pddtui.handbook.procedure import ChannelEntry
from pddtui.message import Message, msg
from pddtui.services.brief import addressee_through, brief
from pddtui.services.capture import Captured
from pddtui.services.casebook import Move
from pddtui.services.confirmation import wants_confirming
from pddtui.services.drafts import Edits
from pddtui.services.edit_conflicts import amend_merging
from pddtui.services.inputs import NewContact, NewPromise, running_filing
from pddtui.services.suggestion import (
    ContactSuggestion,
    heard_as,
    suggest,
    turn_to_keep,
    written_of,
)
from pddtui.services.who import Who
from pddtui.ui import show
from pddtui.ui.actions import BY_ID, Need, Place
from pddtui.ui.bindings import key_name
from pddtui.ui.context import Context
from pddtui.ui.forms.brief import BriefScreen
from pddtui.ui.forms.contact_fields import NO, YES, ContactFields, KnownPeople, Saying
from pddtui.ui.forms.edited_twice import save_edit
from pddtui.ui.forms.form import Faults, FormScreen, Saved
from pddtui.ui.forms.hints import Pick, now_hint, when_hint
from pddtui.ui.forms.promise import DUE_FIELDS, PromiseRows, confirm_in_writing
from pddtui.ui.show import Tone
from pddtui.ui.widgets.brief import CallCard
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import (
    Choice,
    ChoiceOption,
    Field,
    Suggest,
)

__all__ = ["ContactForm", "Saying"]


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


EVERY_SECOND = 1.0
CARD_BESIDE = 116
"""Columns from which on the card stands beside the form of a call."""


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
        captured: Captured | None = None,
        saying: Saying | None = None,
        channel: str | None = None,
    ) -> None:
        """With `contact` that one is corrected; with `call` the form runs beside a call that begins now.

        `captured` is what was typed already, in a line; what it says stands in the fields. With `saying` it is for
        something that I say. A new one begins with `channel`, else with the one used last.
        """
        super().__init__(context, case, contact.id if contact else None, kind="call" if call else None)
        self._of = case
        self._old = contact
        self._call = call
        self._counts_from = context.casebook.now()
        """Since when the call has been running."""
        self._captured = captured
        self.edits = Edits(self._counts_from, running=call)
        if captured is not None and not captured.when:
            self.edits = Edits(captured.at, running=True)
        self._people = KnownPeople(context, case.id)
        meant = saying.channel if saying is not None and saying.channel else channel
        makes = ContactFields(context, case, contact, self._people.offers, call=call, saying=saying, channel=meant)
        self._makes = makes
        self._card = CallCard(self.speech, self._card_key()) if call else None
        self._carded: str | None = None
        """The channel that the card is about."""
        self._promises = PromiseRows(context, asking=call)
        self._proposed: Mapping[str, str] = {}
        self._overruled: set[str] = set()
        self._taken = Person()
        """The person who was chosen from those known."""
        self._apart: set[str] = set()
        """The fields that hold what was typed into that of the name."""
        self._dates_asked: set[str] = set()
        """The promises whose missing date was asked for."""
        self._remark = Static(classes="form--remark")
        self._remarked: str | None = None
        self._logged: Contact | None = None

    def compose(self) -> ComposeResult:
        yield from super().compose()
        if self._card is not None:
            yield self._card

    def _card_key(self) -> str:
        wanted = self.context.settings.keys.get("form.card", BY_ID["form.card"].keys)
        return self.speech("{key} shows all", key=key_name(wanted.split(",")[0].strip(), self.speech))

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
        new = self._old is None
        yield from (self._makes.field(name) for name in ("name", "role", "staff_no", "said"))
        if new:
            yield from self._promises.fields()
        yield self._makes.field("substance")
        if new:
            yield self._makes.field("news")
        yield from (self._makes.field(name) for name in ("turn", "written", "demand"))
        if new:
            yield self._makes.field("direction")
        yield from (self._makes.field(name) for name in ("channel", "at"))

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
            self._show_card()
        self._tick()
        if self._old is None:
            self.field("due").keep_steady()
        if self._captured is not None:
            self._fill(self._captured)
        self._propose()
        self.changed(self.field("at"))
        self.run_worker(self._people.look_up())

    def shape(self, size: Size) -> None:
        super().shape(size)
        self.set_class(self._call and size.width >= CARD_BESIDE, "-carded")

    def _show_card(self) -> None:
        """Show what is good to know of whoever is reached through the channel that stands in its field."""
        channel = self._channel()
        if self._card is None or channel is None or channel.key == self._carded:
            return  # while another name is typed the card stays
        self._carded = channel.key
        entry = self.context.casebook.attention(self._of)
        self._card.show_rows(brief(entry, addressee_through(entry, channel.key), self.context.handbook))

    def action_card(self) -> None:
        channel = self._channel()
        key = channel.key if channel is not None else self._carded or ""
        self.app.push_screen(BriefScreen(self.context, self._of.id, channel=key))

    def _fill(self, captured: Captured) -> None:
        """Put what a line said into the fields. What it leaves open is proposed as always."""
        channel = {"channel": captured.channel.key} if captured.channel is not None else {}
        values = {**captured.values(), **channel, "demand": YES if captured.demand else NO}
        for name, value in values.items():
            self.field(name).value = self._makes.shown(name, value)
        self._note_overruled({name: self.value(name) for name in values})

    def focus_next(self, selector: str | type[QueryType] = "*") -> Widget | None:
        """Behind the name come the words: role and number are typed with it, or known, and need no visit.

        A call asks for them one by one, unless they are there.
        """
        name = self.field("name") if self.query("#name") else None
        if name is None or not name.has_focus_within or self._old is not None:
            return super().focus_next(selector)
        who = self._who().person  # what is known of the name may be on its way into its fields
        if self._call and not (self.given("role") or self.given("staff_no") or who.role or who.staff_no):
            return super().focus_next(selector)
        # At once: Textual's own `focus` comes later, and letters that came with the Tab would stay behind.
        self.set_focus(self.field("ticket" if self._call else "said").query_one("LineField, TextBox"))
        return self.focused

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
            self._taken = person = self._people.person(event.key)
            self.field("name").value = person.name or ""
            self._overruled -= {"role", "staff_no"}
            self._propose()

    @on(events.DescendantFocus)
    def _proposal_entered(self, event: events.DescendantFocus) -> None:
        """What is typed over a proposal takes its place."""
        line = event.widget
        if isinstance(line, LineField) and any(
            line is self.field(name).entry and name not in self._overruled for name in self._proposed
        ):
            line.action_select_all()

    @on(events.DescendantBlur)
    def _name_left(self, event: events.DescendantBlur) -> None:
        """Leave the name alone in its field; role and number, and that it was me, stand in theirs."""
        field = self.field("name")
        if self._old is not None or field not in event.widget.ancestors or not field.value.strip():
            return
        who = self._who()
        if (who.person.name or "") != field.value.strip():
            self._apart = {"role", "staff_no", "direction"}
            self._overruled |= self._apart
            self.field("name").value = who.person.name or ""

    def changed(self, field: Field) -> None:
        name = field.id or ""
        if name == "name" and self._apart and not field.value.strip() and field.has_focus_within:
            self._overruled -= self._apart
            self._apart = set()
        if name in self._proposed and field.value != self._proposed[name]:
            self._overruled.add(name)
        if name == "direction":
            self._overruled.discard("substance")
        if name == "channel":
            self._show_card()
        if name == "at":
            empty = now_hint(self.context, self.edits.begun)
            field.hint = when_hint(self.context, field.value, self.typed_at("at"), empty=empty)
        self._propose()

    def _said_at(self) -> datetime:
        """When the contact happened, as far as it can be read: promises count from there."""
        try:
            return self.moment_shown("at") or self.edits.begun
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

    def _who(self) -> Who:
        """Who it was, by what stands in the field of the name and what is known."""
        typed = self.value("name").strip()
        if self._taken.known and typed == (self._taken.name or ""):
            return Who(person=self._taken)
        return self._people.read(typed)

    def _propose(self) -> None:
        """Fill in what was not decided by the person. A correction proposes nothing: what stands was decided."""
        if self._old is not None:
            return
        who = self._who()
        self._put({"role": who.person.role or "", "staff_no": who.person.staff_no or ""})
        if not self._call:
            self._choose({"direction": who.direction or "in"})
        said, out = self.value("said"), self._direction == "out"
        if not self._call:
            self._choose({"demand": YES if out and states_demand(said) else NO})
        spoken = None if out else word_of_promise(said, self._said_at(), self.context.casebook.calendar)
        self._put({"promise": spoken.text if spoken else ""})
        promise = self.value("promise").strip()
        own = word_of_promise(promise, self._said_at(), self.context.casebook.calendar) if promise else None
        dated = own or (spoken if promise else None)
        self._put({"due": dated.phrase if dated else ""})
        self._promises.hint(self._said_at(), proposed="due" not in self._overruled)
        self._choose(self._judged().values())
        self.field("news").display = self._filing is not None

    def _put(self, proposed: Mapping[str, str]) -> None:
        """Have these stand in lines, but for what a person wrote there, of which the news may still be on the way."""
        for name, value in proposed.items():
            if self.value(name) not in (self._proposed.get(name, ""), value):
                self._overruled.add(name)
        self._proposed = {**self._proposed, **proposed}
        for name, value in proposed.items():
            if name not in self._overruled and self.value(name) != value:
                self.field(name).value = value

    def _choose(self, proposed: Mapping[str, str]) -> None:
        """Have these chosen and marked as proposed, but for what the person has chosen."""
        self._proposed = {**self._proposed, **proposed}
        for name, value in proposed.items():
            choice = self.field(name).entry
            if isinstance(choice, Choice):
                choice.set_options(self._marked(name, value), None if name in self._overruled else value)

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
            self._note_overruled(values)
            self._promises.show_typed()

    def _note_overruled(self, values: Mapping[str, str]) -> None:
        """What stands there otherwise than it would be proposed was decided by the person."""
        for _ in range(2):  # what follows from the words follows from what was decided, too
            self._propose()
            self._overruled |= {name for name, it in self._proposed.items() if values.get(name, it) not in ("", it)}
            for name in self._overruled & values.keys():
                self.field(name).value = values[name]

    def met(self, need: Need) -> bool:
        if need is Need.ROOM_FOR_PROMISE:
            return self._old is None and not self._promises.all_shown
        if need is Need.CALL:
            return self._call
        return super().met(need)

    def action_more_promises(self) -> None:
        field = self._promises.more()
        if field is not None:
            field.focus()
        self.refresh_bindings()

    def _person(self) -> Person:
        name = self.given("name") if self._old is not None else self._who().person.name
        return Person(name=name, role=self.given("role"), staff_no=self.given("staff_no"))

    def _entered(self, now: datetime) -> NewContact:
        """The contact as it stands in the fields. Raises `Refused` with all that is wrong in them."""
        faults = Faults()
        if not self.value("said").strip():
            faults.note(Refused(msg("Enter what was said; one line is enough."), field="said"))
        at = faults.of(lambda: self.moment_in("at") or self.edits.begun, self.edits.begun)
        written = written_of(self.value("written"))
        heard = heard_as(self.value("substance"))
        keep = self._judged().heard if self._old is None else heard
        new = NewContact(
            direction=self._direction,
            said=self._said(),
            at=at,
            channel=faults.of(self._channel_named, None),
            person=self._person(),
            substance=heard.substance,
            reply=heard.reply,
            demand=self.value("demand") == YES,
            written=written,
            promises=self._promised(at, written, faults),
            turn=turn_to_keep(self._of, self.context.casebook.rules, self._direction, keep, self.value("turn")),
            minutes=self._minutes(now),
            news=next((state for state in FILING_STATES if state == self.value("news")), "none")
            if self._old is None and self._filing is not None
            else "none",
        )
        raw = {"name": self.value("name"), "role": new.person.role, "staff_no": new.person.staff_no, "said": new.said}
        for name, typed in raw.items():
            faults.of(partial(refuse_secrets, typed or "", name), "")
        faults.check()
        return new

    def _channel_named(self) -> str | None:
        typed = self.given("channel")
        return self.context.handbook.channels.find(typed, field="channel").key if typed else None

    def _promised(self, at: datetime, written: Written, faults: Faults) -> tuple[NewPromise, ...]:
        """The promises as entered. One without a date is asked about once, and then saved without."""
        found = self._promises.entered(at, faults, written=written == "received")
        undated = {name for name, promise in found.items() if promise.due_phrase is None}
        for name in sorted(undated - self._dates_asked):
            message = msg("A promise without a date never falls due: ask by when, or save again to leave it open.")
            faults.note(Refused(message, field=name))
        self._dates_asked |= undated
        return tuple(found.values())

    def _said(self) -> str:
        said, ticket = self.value("said"), self.given("ticket") if self._call else None
        if not ticket or not said.strip():
            return said
        return f"{said}\n{self.speech('Ticket no. {number}', number=bare_number(ticket))}"

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
        logged = self._logged
        if logged is not None and (self._call or wants_confirming(logged)):
            ticket = self.given("ticket") if self._call else None
            await confirm_in_writing(self, self._of, logged, ticket)
