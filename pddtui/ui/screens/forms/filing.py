"""Taking a case to a rung, with what that rung needs in view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.domain.ladder import next_step, prospect, usual_channel
from pddtui.domain.rules import Channel, Rung
from pddtui.errors import Refused
from pddtui.message import Message, msg
from pddtui.services.entries import NewFiling
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.screens.confirm import Confirm
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.hints import by_when, due_hint, happened, when_hint
from pddtui.ui.screens.forms.picks import Pick
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.show import Part, Tone
from pddtui.ui.widgets.fields import Choice, Field, LineField, Option, Suggestion

__all__ = ["FilingForm"]

SAID: Mapping[str, tuple[str, Message]] = {
    "identity": ("identity_ready", msg("Papers at hand")),
    "masked": ("text_masked", msg("Text is masked")),
}
"""Gates that only the person can see to: the milestone that says so, and the question."""


class FilingForm(FormScreen):
    KIND: ClassVar[str] = "filing"

    def __init__(self, context: Context, case: Case) -> None:
        super().__init__(context, case)
        self._of = case
        self._rules = context.casebook.rules
        self._needs = Static(classes="form--remark")

    def heading(self) -> str:
        return self.speech("File at a rung")

    def fields(self) -> Iterable[Widget]:
        speech = self.speech
        step = next_step(self._of, self._rules)
        rungs = [Suggestion(rung.id, speech.say(rung.label), str(rung.level)) for rung in self._rules.ladder]
        yield Field(speech("Rung"), Pick(rungs, speech.say(step.rung.label) if step else ""), required=True, id="rung")
        yield Field(speech("Channel"), Pick(()), required=True, id="channel")
        yield self._needs
        for gate, (_, question) in SAID.items():
            yield Field(
                speech.say(question),
                Choice((Option("no", speech("not yet")), Option("yes", speech("ready"))), "no"),
                id=gate,
            )
        yield Field(speech("Their number"), LineField(placeholder=speech("if there is one already")), id="reference")
        yield Field(speech("Filed"), LineField(placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago")), id="at")
        yield Field(
            speech("Countdown"), LineField(placeholder=speech("as the app shows it: 1 day 3 hours")), id="countdown"
        )

    def prepare(self) -> None:
        self._offer_channels()
        self.changed(self.field("at"))

    # What stands in the fields.

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
        pick.set_offers([Suggestion(channel.id, self.speech.say(channel.label)) for channel in through])
        if through and rung is not None and self._channel() is None:
            usual = usual_channel(self._of, rung, self._rules)
            self.field("channel").value = self.speech.say(self._rules.channels.get(usual, through[0]).label)
        self._show_needs()

    def _show_needs(self) -> None:
        """What the rung needs, met and missing; what stands against it; what would be shorter."""
        rung, channel = self._rung(), self._channel()
        for said in SAID:
            self.field(said).display = rung is not None and said in rung.gates
        self._needs.display = rung is not None
        if rung is None:
            return
        step = prospect(self._of, rung, channel.id if channel else None, self._rules)
        speech = self.speech
        lines: list[list[Part]] = []
        for gate in step.gates:
            met = gate.met or (gate.id in SAID and self.value(gate.id) == "yes")
            word = speech("there") if met else speech("missing")
            needs = speech.say(gate.needs)
            lines.append([("✓ " if met else "✗ ", Tone.GOOD if met else Tone.RED), f"{word}: {needs}"])
        lines += [[("✗ ", Tone.RED), speech("conflict: {label}", label=clash.label)] for clash in step.clashes]
        lines += [[("↷ ", Tone.ACCENT), speech("shorter: {label}", label=short.label)] for short in step.shortcuts]
        if rung.move_on_when is not None:
            lines.append([("… ", Tone.QUIET), speech("go on from here when: {label}", label=rung.move_on_when)])
        parts = [part for place, line in enumerate(lines) for part in ([*line] if place == 0 else ["\n", *line])]
        self._needs.update(show.block(*parts))

    def changed(self, field: Field) -> None:
        now = self.context.casebook.now()
        match field.id:
            case "rung":
                self._offer_channels()
            case "channel" | "identity" | "masked":
                self._show_needs()
            case "at":
                field.hint = when_hint(self.context, field.value, now, empty=self.speech("now: {moment}", moment=now))
            case "countdown":
                field.hint = due_hint(self.context, field.value, now, countdown=True)

    # Saving.

    def _entered(self) -> NewFiling:
        handbook, now = self.context.handbook, self.context.casebook.now()
        rung, channel, countdown = self._rung(), self._channel(), self.given("countdown")
        return NewFiling(
            rung=rung.id if rung else handbook.ladder.find(self.value("rung"), field="rung").key,
            channel=channel.id if channel else handbook.channels.find(self.value("channel"), field="channel").key,
            reference=self.given("reference"),
            filed_at=happened(self.value("at"), now, "at"),
            countdown_until=by_when(self.context, countdown, "countdown", countdown=True).at if countdown else None,
        )

    async def save(self) -> Saved | None:
        new = self._entered()
        casebook, case_id = self.context.casebook, self._of.id
        for gate, (event, _) in SAID.items():
            if self.field(gate).display and self.value(gate) == "yes" and event not in self._of.milestones:
                self._of = await self.context.clerk.do(partial(casebook.note_milestone, case_id, event, casebook.now()))
        try:
            case = await self.context.clerk.do(lambda: casebook.file(case_id, new))
        except Refused as refused:
            if refused.field != "rung":
                raise
            if not await self._sure(refused.message):
                return None
            case = await self.context.clerk.do(lambda: casebook.file(case_id, new, anyway=True))
        label = next(rung.label for rung in self._rules.ladder if rung.id == new.rung)
        message = self.speech("{ref} is filed: {rung}.", ref=case.ref, rung=label)
        return Saved(case_id=case.id, thing=case.filings[-1].id, message=message)

    async def _sure(self, missing: Message) -> bool:
        question = Confirm(
            self.speech("File it anyway? What is missing is recorded with the filing."),
            yes=self.speech("File it anyway"),
            no=self.speech("Back to the form"),
            detail=self.speech.say(missing),
        )
        return await self.app.push_screen_wait(question)
