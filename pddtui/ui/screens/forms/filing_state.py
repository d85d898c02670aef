"""Noting what became of a filing, its number, and for a request in the app what the app shows of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.case import Case, Filing, FilingState
from pddtui.errors import Refused
from pddtui.handbook.aftersales import AftersaleState
from pddtui.message import Message, msg
from pddtui.services.filing_news import FilingNews
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.screens.forms.form import FormScreen
from pddtui.ui.screens.forms.hints import due_hint, happened, when_hint
from pddtui.ui.screens.forms.picks import Pick
from pddtui.ui.screens.forms.saved import Saved
from pddtui.ui.widgets.fields import Choice, Field, LineField, Option, Suggestion

__all__ = ["FilingStateForm"]

STATES: Mapping[FilingState, Message] = {
    "accepted": msg("accepted"),
    "answered": msg("answered"),
    "refused": msg("refused"),
    "ended": msg("ended"),
}
"""What can become of a filing."""

TURNS: Mapping[str, Message] = {
    "me": msg("my turn"),
    "merchant": msg("the merchant's turn"),
    "platform": msg("the platform's turn"),
    "payment": msg("the money is on its way"),
    "none": msg("nobody's turn"),
}
"""Who has to act in a state of the app."""


class FilingStateForm(FormScreen):
    """What stands there from the beginning is not noted again."""

    KIND: ClassVar[str] = "filing_state"

    def __init__(self, context: Context, case: Case, filing: Filing) -> None:
        super().__init__(context, case, filing.id)
        self._of = case
        self._filing = filing
        self._in_app = filing.channel == "app_aftersale"

    def heading(self) -> str:
        return self.speech("What became of the filing")

    def fields(self) -> Iterable[Widget]:
        speech, filing = self.speech, self._filing
        rung = self.context.casebook.rules.rung(filing.rung)
        name = speech.say(rung.label) if rung else filing.rung
        filed = speech("{rung}, filed {moment}", rung=name, moment=filing.filed_at)
        yield Static(show.plain(filed), classes="form--remark")
        if self._in_app:
            yield Field(speech("The app shows"), Pick(self._shown(), self._shown_now()), id="aftersale")
            yield Field(
                speech("Countdown"),
                LineField(placeholder=speech("as the app shows it: 1 day 3 hours")),
                id="countdown",
            )
        states = [Option(state, speech.say(word)) for state, word in STATES.items()]
        yield Field(speech("They have"), Choice(states, "" if filing.state == "open" else filing.state), id="state")
        yield Field(speech("When"), LineField(placeholder=speech("now, 20:15, yesterday 20:00, 2 hours ago")), id="at")
        yield Field(speech("Their number"), LineField(filing.reference or ""), id="reference")

    def _shown(self) -> list[Suggestion]:
        """The states of the app, each with whose turn it makes it."""
        speech, states = self.speech, self.context.handbook.aftersale_states
        return [Suggestion(state.key, speech.say(state.label), speech.say(TURNS[state.turn])) for state in states]

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
                now = self.context.casebook.now()
                field.hint = when_hint(self.context, field.value, now, empty=self.speech("now: {moment}", moment=now))
                if self._in_app:
                    self._tell_countdown()
            case "countdown":
                self._tell_countdown()
            case "aftersale":
                field.hint = self._meaning(field)

    def _tell_countdown(self) -> None:
        """A countdown runs from the moment at which it was seen."""
        field, until = self.field("countdown"), self._filing.countdown_until
        if field.value.strip():
            field.hint = due_hint(self.context, field.value, self._seen_at(), countdown=True)
        else:
            field.hint = self.speech("so far until {moment}", moment=until) if until is not None else ""

    def _seen_at(self) -> datetime:
        now = self.context.casebook.now()
        try:
            return happened(self.value("at"), now, "at") or now
        except Refused:
            return now  # half typed: its own hint says what is wrong with it

    def _meaning(self, field: Field) -> str:
        state = self._state_of(field)
        if state is None:
            return self.speech("Down shows them all, with whose turn it is.")
        turn = self.speech.say(TURNS[state.turn])
        return f"→ {turn} · {self.speech.say(state.hint)}" if state.hint is not None else f"→ {turn}"

    def _state_of(self, field: Field) -> AftersaleState | None:
        key = field.entry.key_of(field.value) if isinstance(field.entry, Pick) else None
        return self.context.handbook.aftersale_states.get(key)

    async def save(self) -> Saved | None:
        casebook, case_id, filing_id = self.context.casebook, self._of.id, self._filing.id
        news = self._news()
        case = await self.context.clerk.do(lambda: casebook.note_filing(case_id, filing_id, news))
        if news.state is None:
            message = self.speech("The filing of {ref} is noted.", ref=case.ref)
        else:
            message = self.speech("The filing of {ref} is noted as: {state}.", ref=case.ref, state=STATES[news.state])
        return Saved(case_id=case.id, thing=filing_id, message=message)

    def _news(self) -> FilingNews:
        chosen = self._typed("state")
        return FilingNews(
            state=next((known for known in STATES if known == chosen), None),
            reference=self._typed("reference"),
            aftersale=self._newly_shown() if self._in_app else None,
            countdown=self._typed("countdown") if self._in_app else None,
            at=happened(self.value("at"), self.context.casebook.now(), "at"),
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
