"""The filings of a case as a letter lists them: what came before it, what is at its recipient, what lies elsewhere."""

from __future__ import annotations

from datetime import datetime

from pddtui.domain.case import Case, Filing, FilingState
from pddtui.domain.rules import Rules
from pddtui.message import Label
from pddtui.services.letter_facts import Lodged
from pddtui.services.letter_kinds import LetterKind
from pddtui.services.letter_waits import INSTANCES, Party
from pddtui.services.letter_words import LetterWords

__all__ = ["Filings"]

_STATES: dict[FilingState, Label] = {
    "open": Label("已提交，尚无结果", "submitted, no result so far"),
    "accepted": Label("已受理，尚未办结", "accepted, not closed so far"),
    "answered": Label("已有答复", "answered"),
    "refused": Label("被驳回或不予受理", "refused"),
    "ended": Label("已结束", "ended"),
}

_NO_CLAIM = ("r12315",)
"""A report is about a violation and not about what I claim."""


class Filings:
    """Reads the filings for one letter."""

    def __init__(
        self, case: Case, kind: LetterKind, recipient: Party, rules: Rules, *, words: LetterWords, now: datetime
    ) -> None:
        self._case, self._kind, self._recipient = case, kind, recipient
        self._rules, self._words, self._now = rules, words, now
        self._own = [one for one in case.filings if one.channel == recipient.channel]

    @property
    def until(self) -> datetime:
        """When the letter's recipient was turned to first, if that is an instance; now if it is still to be done."""
        decides = self._recipient.side in INSTANCES and self._kind.channel is not None
        return min((one.filed_at for one in self._own), default=self._now) if decides else self._now

    @property
    def listed(self) -> tuple[Lodged, ...]:
        """Those the letter lists."""
        sides, until = self._kind.lists, self.until
        return tuple(
            self._lodged(one)
            for one in self._case.filings
            if (sides is None or self._rules.side(one.channel) in sides)
            and (one.filed_at < until or until == self._now)
        )

    @property
    def here(self) -> Lodged | None:
        """The latest at its recipient."""
        return self._lodged(self._own[-1]) if self._own else None

    @property
    def pending(self) -> tuple[Lodged, ...]:
        """What authorities, associations and courts other than its recipient have or had of the claim."""
        return tuple(
            self._lodged(one)
            for one in self._case.filings
            if self._rules.side(one.channel) in INSTANCES
            and one.channel != self._recipient.channel
            and one.channel not in _NO_CLAIM
        )

    def _decided(self, filing: Filing) -> bool:
        """Whether the state says something of what they did: a seller's or courier's may just have been left behind."""
        return filing.state != "ended" or self._rules.side(filing.channel) in INSTANCES

    def _lodged(self, filing: Filing) -> Lodged:
        words, rung = self._words, self._rules.rung(filing.rung)
        channel = self._rules.channels.get(filing.channel)
        return Lodged(
            at=words.moment(filing.filed_at.astimezone(self._now.tzinfo)),
            rung=words.say(rung.label) if rung is not None else filing.rung,
            channel=words.say(channel.label) if channel is not None else filing.channel,
            reference=filing.reference,
            state=words.say(_STATES[filing.state]) if self._decided(filing) else None,
        )
