"""The forms on the course of a case: lodged at a rung, what became of it there, milestones, and how it ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import FILING_STATES, TURNS, Case, Filing, FilingState
from pddtui.domain.duetime import period
from pddtui.domain.events import milestones
from pddtui.domain.ladder import RungStep, prospect, usual_channel
from pddtui.domain.phrases.numbers import read_sum
from pddtui.domain.rules import Channel, Rung, span
from pddtui.domain.table import Act
from pddtui.errors import Refused
from pddtui.handbook.model import OutcomeEntry
from pddtui.handbook.procedure import AftersaleState
from pddtui.message import Message, msg, plural
from pddtui.services.inputs import FilingNews, NewFiling, Readiness, more_than_paid
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.forms.form import Faults, FormScreen, Saved
from pddtui.ui.forms.hints import Pick, Remark, Steady, by_when, due_hint, now_hint, suggestions, when_hint
from pddtui.ui.show import TextPart, Tone
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.fields import Choice, ChoiceOption, Field, Suggestion

__all__ = ["FilingForm", "FilingStateForm", "MilestoneForm", "ResolveForm"]

GATES_ASKED: Mapping[str, Message] = {"identity": msg("Identity papers"), "masked": msg("Text masked")}
"""How the gates that only the person can see to are asked about."""


class FilingForm(FormScreen):
    KIND: ClassVar[str] = "filing"
    DATED: ClassVar[frozenset[str]] = frozenset({"at", "countdown"})

    def __init__(self, context: Context, case: Case, *, act: Act | None = None) -> None:
        """With `act` the rung and the channel are those that it names."""
        super().__init__(context, case)
        self._of = case
        self._rules = context.casebook.rules
        rung = self._rules.rung(act.rung or "") if act is not None else None
        if act is not None and rung is not None:
            self._way_up: RungStep | None = prospect(case, rung, act.channel, self._rules, now=context.casebook.now())
        else:
            self._way_up = context.casebook.attention(case).way_up
        self._last = max((it for it in case.contacts if it.substance == "answer"), key=lambda it: it.at, default=None)
        """Their last answer, which does not settle it."""
        self._way, self._needs = Steady("form--way"), Steady("form--remark")
        self._way.display = self._needs.display = False
        self._gaps = {gate: Static(classes="form--gap") for gate in GATES_ASKED}
        """Where a question of another channel of the rung would stand."""

    def heading(self) -> str:
        return self.speech("File at a rung")

    def fields(self) -> Iterable[Widget]:
        speech = self.speech
        step = self._way_up
        shorter = step.shortcuts if step is not None else ()
        if shorter:
            yield Remark(lambda: "\n".join(f"↷ {speech('shorter: {label}', label=short.label)}" for short in shorter))
        rungs = [Suggestion(rung.id, speech.say(rung.label), self._foretold(rung)) for rung in self._rules.ladder]
        yield Field(speech("Rung"), Pick(rungs, speech.say(step.rung.label) if step else ""), required=True, id="rung")
        yield Field(speech("Channel"), Pick(()), required=True, id="channel")
        yield self._way
        yield self._needs
        for gate, question in GATES_ASKED.items():
            yield Field(
                speech.say(question),
                Choice((ChoiceOption("no", speech("not yet")), ChoiceOption("yes", speech("ready"))), "no"),
                id=gate,
            )
            yield self._gaps[gate]
        yield Field(
            speech("Why not settled"),
            LineField(placeholder=speech("what is wrong with their last answer; letters say so")),
            id="reason",
        )
        yield Field(speech("Their number"), LineField(placeholder=speech("if there is one already")), id="reference")
        yield Field(speech("Filed"), LineField(placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago")), id="at")
        yield Field(
            speech("Countdown"), LineField(placeholder=speech("as the app shows it: 1 day 3 hours")), id="countdown"
        )

    def prepare(self) -> None:
        self._offer_channels()
        self.changed(self.field("at"))
        last, speech = self._last, self.speech
        if last is not None:
            said = " ".join(last.summary.split())
            self.field("reason").hint = speech("they said on {at}: “{words}”", at=last.at.date(), words=said)

    def _foretold(self, rung: Rung) -> str:
        """How high the rung stands, and what is to be known before it is chosen."""
        ways = [self._prospect(rung, key) for key in rung.channels if key in self._rules.channels]
        parts = [str(rung.level)]
        if any(short.to in (rung.id, *rung.channels) for way in ways for short in way.shortcuts):
            parts.append(self.speech("↷ shorter"))
        if ways and all(way.clashes for way in ways):
            parts.append(self.speech("✗ conflict"))
        return " · ".join(parts)

    def _against(self, rung: Rung, channel: str) -> str:
        """What stands against the channel now, or would be closed by it."""
        way = self._prospect(rung, channel)
        if way.clashes:
            return "✗ " + self.speech("conflict: {label}", label=way.clashes[0].label)
        return "! " + self.speech("afterwards: {label}", label=way.bars[0].label) if way.bars else ""

    def _pick(self, name: str) -> Pick:
        entry = self.field(name).entry
        if not isinstance(entry, Pick):
            raise TypeError(name)
        return entry

    def _rung(self) -> Rung | None:
        return self._rules.rung(self._pick("rung").key_of(self.value("rung")) or "")

    def _channel(self) -> Channel | None:
        return self._rules.channels.get(self._pick("channel").key_of(self.value("channel")) or "")

    def _offer_channels(self) -> None:
        """The channels of the rung, the usual one filled in."""
        rung = self._rung()
        through = [self._rules.channels[key] for key in rung.channels if key in self._rules.channels] if rung else []
        pick = self._pick("channel")
        say = self.speech.say
        if rung is not None:
            offers = [Suggestion(it.id, say(it.label), self._against(rung, it.id)) for it in through]
            pick.set_offers(offers)
        else:
            pick.set_offers(())
        if through and rung is not None and self._channel() is None:
            usual = usual_channel(self._way_up, rung)
            self.field("channel").value = self.speech.say(self._rules.channels.get(usual, through[0]).label)
        self._show_needs()

    def _show_needs(self) -> None:
        """How the channel is reached and what to say there; what it needs, met and missing; what stands against it.

        Another channel of the rung moves nothing: each takes the room of the one of which there is most to say.
        """
        rung, channel = self._rung(), self._channel()
        if rung is None and self._needs.display:
            return  # while another name is typed nothing changes
        self._way.display = self._needs.display = rung is not None
        offered = [key for key in rung.channels if key in self._rules.channels] if rung is not None else []
        steps = {key: self._prospect(rung, key) for key in (None, *offered)} if rung is not None else {}
        step = steps.get(channel.id if channel is not None else None)
        for said in GATES_ASKED:
            asks = [each.channel for each in steps.values() if any(gate.id == said for gate in each.gates)]
            self.field(said).display = step is not None and step.channel in asks
            self._gaps[said].display = bool(asks) and not self.field(said).display
        if rung is None or step is None:
            return
        ways = {key: self._reached(key) for key in offered}
        nothing = show.plain("")
        self._way.choose(ways.get(step.channel, nothing) if channel is not None else nothing, ways.values())
        self._needs.choose(self._needed(step), [self._needed(each) for each in steps.values()])

    def _prospect(self, rung: Rung, channel: str | None) -> RungStep:
        return prospect(self._of, rung, channel, self._rules, now=self.context.casebook.now())

    def _reached(self, channel: str) -> Content:
        """Where the channel is, its numbers, hours and account, and what to say there."""
        known = self.context.handbook.channels.get(channel)
        lines: list[list[TextPart]] = []
        for way in known.ways_in if known is not None else ():
            name = (self.speech("{name}: ", name=way.name), Tone.STRONG if way.caution else Tone.QUIET)
            lines.append([name, self.speech.render(way.words), self.speech(" (?)") if way.unsure else ""])
        return _lines(lines)

    def _needed(self, step: RungStep) -> Content:
        speech = self.speech
        lines: list[list[TextPart]] = []
        for gate in step.gates:
            met = gate.met or (gate.id in GATES_ASKED and self.value(gate.id) == "yes")
            word = speech("there", context="gate") if met else speech("missing", context="gate")
            needs = speech.say(gate.needs)
            lines.append(
                [("✓ " if met else "✗ ", Tone.GOOD if met else Tone.RED), speech("{name}: ", name=word), needs]
            )
        lines += [[("✗ ", Tone.RED), speech("conflict: {label}", label=clash.label)] for clash in step.clashes]
        lines += [[("! ", Tone.STRONG), speech("afterwards: {label}", label=bar.label)] for bar in step.bars]
        if step.rung.move_on_when is not None:
            lines.append([("… ", Tone.QUIET), speech("escalate when: {label}", label=step.rung.move_on_when)])
        return _lines(lines)

    def changed(self, field: Field) -> None:
        match field.id:
            case "rung":
                self._offer_channels()
            case "channel" | "identity" | "masked":
                self._show_needs()
            case "at":
                empty = now_hint(self.context, self.edits.begun)
                field.hint = when_hint(self.context, field.value, self.typed_at("at"), empty=empty)
            case "countdown":
                field.hint = due_hint(self.context, field.value, self.typed_at("countdown"), countdown=True)

    def _entered(self) -> NewFiling:
        handbook, rung, channel = self.context.handbook, self._rung(), self._channel()
        shown, begun, faults = self.given("countdown") is not None, self.edits.begun, Faults()
        rungs, channels = handbook.ladder, handbook.channels
        new = NewFiling(
            rung=rung.id if rung else faults.of(lambda: rungs.find(self.value("rung"), field="rung").key, ""),
            channel=channel.id
            if channel
            else faults.of(lambda: channels.find(self.value("channel"), field="channel").key, ""),
            reference=self.given("reference"),
            filed_at=faults.of(lambda: self.moment_in("at") or begun, begun),
            countdown_until=faults.of(lambda: self.due_in("countdown", countdown=True).at, begun) if shown else None,
            reason=self.given("reason"),
        )
        faults.check()
        return new

    async def save(self) -> Saved | None:
        new = self._entered()
        casebook, case_id = self.context.casebook, self._of.id
        asked = [gate for gate in GATES_ASKED if self.field(gate).display and self.value(gate) == "yes"]
        ready = Readiness(met=tuple(asked))
        try:
            case = await self.context.clerk.do(lambda: casebook.file(case_id, new, ready=ready))
        except Refused as refused:
            if refused.field != "rung":
                raise
            if not await self._sure(refused.message):
                return None
            case = await self.context.clerk.do(lambda: casebook.file(case_id, new, ready=ready, anyway=True))
        label = next(rung.label for rung in self._rules.ladder if rung.id == new.rung)
        message = self.speech("{ref} is filed: {rung}.", ref=case.ref, rung=label)
        return Saved(case_id=case.id, thing=case.filings[-1].id, message=message)

    async def _sure(self, missing: Message) -> bool:
        question = Confirm(
            self.speech("File it anyway? What is missing will be recorded with the filing."),
            yes=self.speech("File it anyway"),
            no=self.speech("Back to the form"),
            detail=self.speech.say(missing),
        )
        return await self.app.push_screen_wait(question)


def _lines(lines: Iterable[Iterable[TextPart]]) -> Content:
    parts = [part for place, line in enumerate(lines) for part in ([*line] if place == 0 else ["\n", *line])]
    return show.block(*parts)


FILING_STATE_WORDS: Mapping[FilingState, Message] = {
    state: mark.word for state, mark in FILING_STATES.items() if state != "open"
}
"""What can become of a filing."""

_APP_TURNS: Mapping[str, Message] = {
    "me": TURNS["mine"],
    "merchant": msg("the merchant's turn"),
    "platform": msg("the platform's turn"),
    "payment": msg("the refund is on its way"),
    "none": msg("nobody's turn"),
}
"""Who has to act in a state of the app."""


class FilingStateForm(FormScreen):
    """What became of a filing. A field that is left as it was is not noted again."""

    KIND: ClassVar[str] = "filing_state"
    DATED: ClassVar[frozenset[str]] = frozenset({"at", "countdown"})

    def __init__(self, context: Context, case: Case, filing: Filing) -> None:
        super().__init__(context, case, filing.id)
        self._of = case
        self._filing = filing
        self._in_app = context.casebook.rules.shows_states(filing.channel)

    def heading(self) -> str:
        return self.speech("Result of the filing")

    def fields(self) -> Iterable[Widget]:
        speech, filing = self.speech, self._filing
        yield Remark(self._filed)
        if self._in_app:
            yield Field(speech("The app shows"), Pick(self._shown(), self._shown_now()), id="aftersale")
            yield Field(
                speech("Countdown"),
                LineField(placeholder=speech("as the app shows it: 1 day 3 hours")),
                id="countdown",
            )
        states = [ChoiceOption(state, speech.say(word)) for state, word in FILING_STATE_WORDS.items()]
        yield Field(speech("They have"), Choice(states, "" if filing.state == "open" else filing.state), id="state")
        yield Field(speech("When"), LineField(placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago")), id="at")
        yield Field(speech("Their number"), LineField(filing.reference or ""), id="reference")

    def _filed(self) -> str:
        rung = self.context.casebook.rules.rung(self._filing.rung)
        name = self.speech.say(rung.label) if rung else self._filing.rung
        return self.speech("{rung}, filed {moment}", rung=name, moment=self._filing.filed_at)

    def _shown(self) -> list[Suggestion]:
        """The states of the app, each with whose turn it makes it."""
        speech, states = self.speech, self.context.handbook.aftersale_states
        return [Suggestion(state.key, speech.say(state.label), speech.say(_APP_TURNS[state.turn])) for state in states]

    def _shown_now(self) -> str:
        state = self.context.handbook.aftersale_states.get(str(self._filing.aftersale_state))
        return self.speech.say(state.label) if state is not None else ""

    def prepare(self) -> None:
        self.changed(self.field("at"))
        if self._in_app:
            self.changed(self.field("aftersale"))

    def changed(self, field: Field) -> None:
        match field.id:
            case "at":
                empty = now_hint(self.context, self.edits.begun)
                field.hint = when_hint(self.context, field.value, self.typed_at("at"), empty=empty)
                if self._in_app:
                    self._show_countdown()
            case "countdown":
                self._show_countdown()
            case "aftersale":
                field.hint = self._meaning(field)

    def _show_countdown(self) -> None:
        """A countdown runs from the moment at which it was seen."""
        field, until = self.field("countdown"), self._filing.countdown_until
        if field.value.strip():
            field.hint = due_hint(self.context, field.value, self._seen_at(), countdown=True)
        else:
            field.hint = self.speech("currently until {moment}", moment=until) if until is not None else ""

    def _seen_at(self) -> datetime:
        """When the app showed the countdown: at the moment that is given, else when it was typed off."""
        typed_at = self.typed_at("countdown")
        try:
            return self.moment_shown("at") or typed_at
        except Refused:
            return typed_at  # half typed: its own hint says what is wrong with it

    def _meaning(self, field: Field) -> str:
        state = self._state_of(field)
        if state is None:
            return self.speech("Press Down to see them all, with whose turn it is.")
        turn = self.speech.say(_APP_TURNS[state.turn])
        return f"→ {turn} · {self.speech.say(state.hint)}" if state.hint is not None else f"→ {turn}"

    def _state_of(self, field: Field) -> AftersaleState | None:
        key = field.entry.key_of(field.value) if isinstance(field.entry, Pick) else None
        return self.context.handbook.aftersale_states.get(key)

    async def save(self) -> Saved | None:
        casebook, case_id, filing_id = self.context.casebook, self._of.id, self._filing.id
        news = self._news()
        case = await self.context.clerk.do(lambda: casebook.note_filing(case_id, filing_id, news))
        if news.state is None:
            message = self.speech("The filing of {ref} is updated.", ref=case.ref)
        else:
            message = self.speech(
                "The filing of {ref} is recorded as: {state}.", ref=case.ref, state=FILING_STATE_WORDS[news.state]
            )
        return Saved(case_id=case.id, thing=filing_id, message=message)

    def _news(self) -> FilingNews:
        """What was typed anew. Raises `Refused` for all that cannot be read at once."""
        chosen, faults = self._typed("state"), Faults()
        aftersale = faults.of(self._newly_shown, None) if self._in_app else None
        countdown = self._typed("countdown") if self._in_app else None
        if countdown is not None:
            shown, seen_at = countdown, self._seen_at()
            faults.of(lambda: by_when(self.context, shown, "countdown", seen_at, countdown=True), None)
        at = faults.of(lambda: self.moment_in("at"), None)
        faults.check()
        return FilingNews(
            state=next((known for known in FILING_STATE_WORDS if known == chosen), None),
            reference=self._typed("reference"),
            aftersale=aftersale,
            countdown=countdown,
            at=at or self.edits.begun,
            seen_at=self._seen_at() if self._in_app else None,
        )

    def _typed(self, name: str) -> str | None:
        """What was changed in the field, None for nothing."""
        return self.given(name) if self.value(name) != self.at_first(name) else None

    def _newly_shown(self) -> int | None:
        typed = self._typed("aftersale")
        if typed is None:
            return None
        state = self._state_of(self.field("aftersale"))
        return (state or self.context.handbook.aftersale_states.find(typed, field="aftersale")).code


class MilestoneForm(FormScreen):
    KIND: ClassVar[str] = "milestone"
    DATED: ClassVar[frozenset[str]] = frozenset({"at"})

    def __init__(self, context: Context, case: Case, *, event: str | None = None) -> None:
        """With `event` that one is chosen already."""
        super().__init__(context, case)
        self._of = case
        self._chosen = event
        self._read = milestones(case, context.casebook.rules)
        """By event id, what was entered and what the log and the filings say."""

    def heading(self) -> str:
        return self.speech("When something happened")

    def fields(self) -> Iterable[Widget]:
        speech = self.speech
        yield Field(
            speech("What happened", context="event"),
            Pick(self._offers(), self._chosen_name(), by_note=False),
            required=True,
            id="event",
        )
        yield Field(
            speech("When"),
            LineField(placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago")),
            id="at",
        )

    def _chosen_name(self) -> str:
        event = self.context.handbook.events.get(self._chosen)
        return self.speech.say(event.label) if event is not None else ""

    def _offers(self) -> list[Suggestion]:
        """All events, those of this case first."""
        speech, read = self.speech, self._read
        events = sorted(self.context.handbook.events, key=lambda event: event.id not in read)
        dates = {name: speech.moment(at) for name, at in read.items()}
        return [Suggestion(event.id, speech.say(event.label), dates.get(event.id, "")) for event in events]

    def prepare(self) -> None:
        self.changed(self.field("event"))

    def changed(self, field: Field) -> None:  # noqa: ARG002, each field says something about the other
        self.field("event").hint = self._known()
        at, empty = self.field("at"), ""
        if self._event() in self._of.milestones:
            empty = self.speech("Leave empty to remove the date entered.")
        at.hint = when_hint(self.context, at.value, self.typed_at("at"), empty=empty)

    def _event(self) -> str | None:
        entry = self.field("event").entry
        return entry.key_of(entry.value) if isinstance(entry, Pick) else None

    def _known(self) -> str:
        """What the case says of the chosen event so far."""
        event = self._event()
        if event is None:
            return self.speech("Press Down to see them all, those of this case first.")
        if event in self._of.milestones:
            return self.speech("Entered: {moment}.", moment=self._of.milestones[event])
        if event in self._read:
            return self.speech("The log gives {moment}; what you enter takes precedence.", moment=self._read[event])
        return ""

    async def save(self) -> Saved | None:
        casebook, case_id = self.context.casebook, self._of.id
        events, faults = self.context.handbook.events, Faults()
        known = events.get(self._event())
        event = known or faults.of(lambda: events.find(self.value("event"), field="event"), None)
        at = faults.of(lambda: self.moment_in("at"), None)
        if not self.given("at") and (event is None or event.id not in self._of.milestones):
            faults.note(Refused(msg("Enter when it happened."), field="at"))
        if event is None or faults:
            raise faults.together()
        case = await self.context.clerk.do(lambda: casebook.note_milestone(case_id, event.id, at))
        if at is None:
            message = self.speech("{event} was removed from {ref}.", event=event.label, ref=case.ref)
        else:
            message = self.speech(
                "{event} was recorded for {moment} in {ref}.", event=event.label, moment=at, ref=case.ref
            )
        return Saved(case_id=case.id, message=message)


class ResolveForm(FormScreen):
    KIND: ClassVar[str] = "resolve"
    DATED: ClassVar[frozenset[str]] = frozenset({"at"})

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._of = case

    def heading(self) -> str:
        return self.speech("Close the case")

    def fields(self) -> Iterable[Widget]:
        running = sum(promise.state == "open" for _, promise in self._of.promises)
        if running:
            remark = plural(
                "{n} promise is still open and stays on record.",
                "{n} promises are still open and stay on record.",
                running,
            )
            yield Static(show.plain(self.speech.say(remark)), classes="form--remark")
        outcomes = Pick(suggestions(self.speech, self.context.handbook.outcomes))
        yield Field(self.speech("Outcome"), outcomes, required=True, id="outcome")
        yield Field(self.speech("Recovered"), LineField(placeholder="89.00"), id="recovered")
        examples = self.speech("now, 11-16, yesterday 20:00")
        yield Field(self.speech("When"), LineField(placeholder=examples), id="at")

    def prepare(self) -> None:
        self.changed(self.field("outcome"))
        self.changed(self.field("at"))
        demanded = self._of.demand.amount
        if demanded is not None:
            self.field("recovered").hint = self.speech(
                "demanded: {amount}", amount=self.speech.money(demanded, self._of.order.currency)
            )

    def changed(self, field: Field) -> None:
        if field.id == "outcome" and isinstance(field.entry, Pick):
            outcome = self.context.handbook.outcomes.get(field.entry.key_of(field.value))
            if outcome is None:
                field.hint = self.speech("Press Down to see them all.")
            elif outcome.verify_after is not None:
                after = span(outcome.verify_after)
                field.hint = self.speech(
                    "You will be asked after {time} whether the money has really arrived.",
                    time=period(after.n, after.unit),
                )
            else:
                field.hint = ""
        elif field.id == "at":
            empty = now_hint(self.context, self.edits.begun)
            field.hint = when_hint(self.context, field.value, self.typed_at("at"), empty=empty)

    async def save(self) -> Saved | None:
        casebook, case_id = self.context.casebook, self._of.id
        begun, faults = self.edits.begun, Faults()
        outcome = faults.of(self._outcome, None)
        recovered = faults.of(lambda: read_sum(self.value("recovered"), "recovered"), None)
        at = faults.of(lambda: self.moment_in("at") or begun, begun)
        faults.check()
        if outcome is None:
            return None
        doubt = more_than_paid(self._of, recovered)
        if doubt is not None and not await self._sure(doubt):
            return None
        case = await self.context.clerk.do(
            lambda: casebook.resolve(case_id, outcome.key, outcome.status, recovered, at)
        )
        return Saved(case_id=case.id, message=self.speech("{ref} is closed: {how}.", ref=case.ref, how=outcome.label))

    def _outcome(self) -> OutcomeEntry:
        typed = self.given("outcome")
        if typed is None:
            raise Refused(msg("Choose the outcome of the case."), field="outcome")
        return self.context.handbook.outcomes.find(typed, field="outcome")

    async def _sure(self, doubt: Message) -> bool:
        yes, no = self.speech("Record it all the same"), self.speech("No, back to the form")
        return await self.app.push_screen_wait(Confirm(self.speech.say(doubt), yes=yes, no=no))
