"""The sentence that puts on their record what was said: order, who spoke, each promise in its words and its date.

It goes to them, so it is in their language, Chinese; whoever reads this program in English gets the same in English
below it, to know what is sent. What was not said is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pddtui.domain.case import Case, Contact, Promise
from pddtui.domain.text import bare_number, one_line
from pddtui.message import Language, Message, msg
from pddtui.services.letters.spoken import quoted
from pddtui.services.letters.words import LetterWords
from pddtui.speech import Speech

__all__ = ["confirming", "to_confirm", "wants_confirming"]

_THEIRS: Language = "zh"
"""What everybody reads to whom it is sent."""


def wants_confirming(contact: Contact) -> bool:
    """Whether they promised something that is nowhere in writing so far."""
    return contact.direction == "in" and any(not promise.written for promise in contact.promises)


def to_confirm(case: Case, contact: Contact, speech: Speech, *, ticket: str | None = None) -> str:
    """What is to be sent to them; "" where nobody said anything. The reader's own language stands below theirs."""
    languages = dict.fromkeys((_THEIRS, speech.language))
    texts = (confirming(case, contact, language, speech, ticket=ticket) for language in languages)
    return "\n\n".join(text for text in texts if text)


def confirming(case: Case, contact: Contact, language: Language, speech: Speech, *, ticket: str | None = None) -> str:
    """The sentence in one language; its moments are in the zone of the speech."""
    if contact.substance == "none" and not contact.promises:
        return ""
    return _Sentence(case, contact, LetterWords(language), speech).text(ticket)


class _Sentence:
    def __init__(self, case: Case, contact: Contact, words: LetterWords, speech: Speech) -> None:
        self._order = case.order.number
        self._contact = contact
        self._words = words
        self._zone = speech.zone

    def text(self, ticket: str | None) -> str:
        say = self._words.say
        parts = [say(self._opening()), *self._said()]
        if ticket:
            parts.append(say(msg("Ticket number: {number}.", number=bare_number(ticket))))
        asked = say(msg("If this is right, please reply “confirmed”; if anything is wrong, please correct it here."))
        if len(self._promised) > 1:
            return "\n".join([*parts, asked])
        return ("" if self._words.chinese else " ").join([*parts, asked])

    @property
    def _promised(self) -> tuple[Promise, ...]:
        """What they promised and nobody has settled or taken back since."""
        return tuple(promise for promise in self._contact.promises if promise.state == "open")

    def _opening(self) -> Message:
        contact = self._contact
        who, at = self._words.person(contact.person), self._words.moment(contact.at.astimezone(self._zone))
        if contact.minutes is not None:
            what = msg("to confirm our call of {moment}", moment=at)
            if who is not None:
                what = msg("to confirm our call of {moment} with {who}", moment=at, who=who)
        elif who is not None:
            what = msg("to confirm what {who} said on {moment}", moment=at, who=who)
        else:
            what = msg("to confirm what was said on {moment}", moment=at)
        order = one_line(self._order or "")
        if order:
            return msg("Hello, about order {order}, {what}:", order=order, what=what)
        return msg("Hello, {what}:", what=what)

    def _said(self) -> Iterator[str]:
        say, promised = self._words.say, self._promised
        if len(promised) == 1:
            yield say(msg("You promised {promise}.", promise=self._promise(promised[0])))
        elif promised:
            yield say(msg("You promised:"))
            for number, promise in enumerate(promised, 1):
                yield f"{number}. {say(self._promise(promise))}"
        elif words := quoted(self._contact.summary, closed=False):
            if self._contact.direction == "out":
                yield say(msg("I said “{words}”.", words=words))
            else:
                yield say(msg("You said “{words}”.", words=words))

    def _promise(self, promise: Promise) -> Message:
        """Its words, the date they mean, and the words that the date was read from where they stand nowhere else."""
        text = quoted(promise.text, closed=False)
        if promise.due is None:
            return msg("“{text}”", text=text)
        due = self._words.moment(promise.due.astimezone(self._zone))
        phrase = one_line(promise.due_phrase or "")
        if phrase and phrase in self._contact.summary and phrase not in promise.text:
            return msg("“{text}” by {due} (in your words: “{phrase}”)", text=text, due=due, phrase=phrase)
        return msg("“{text}” by {due}", text=text, due=due)
