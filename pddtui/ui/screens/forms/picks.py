"""A line that takes one of many things by name: a channel, a problem, a remedy. Down shows them all."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from typing import Protocol

from pddtui.domain.text import fold
from pddtui.message import Label
from pddtui.speech import Speech
from pddtui.ui.widgets.fields import Suggest, Suggestion

__all__ = ["Pick", "named"]


class Named(Protocol):
    """An entry of the handbook."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> Label: ...


def named(speech: Speech, entries: Iterable[Named]) -> list[Suggestion]:
    """The entries as they are offered, each with its name in the other language as a note."""
    zh = speech.language == "zh"
    return [
        Suggestion(entry.key, speech.say(entry.label), entry.label.en if zh else entry.label.zh) for entry in entries
    ]


class Pick(Suggest):
    """Offers what begins with the text, then what holds it, in either language; or everything on Down."""

    def __init__(self, offers: Sequence[Suggestion], value: str = "", *, placeholder: str = "") -> None:
        super().__init__(self._matching, value, placeholder=placeholder)
        self._all = list(offers)

    def set_offers(self, offers: Sequence[Suggestion]) -> None:
        self._all = list(offers)

    def key_of(self, value: str) -> str | None:
        """The key of the entry with exactly that text."""
        return next((offer.key for offer in self._all if offer.text == value), None)

    def _matching(self, typed: str) -> list[Suggestion]:
        wanted = fold(typed).strip()
        found = [offer for offer in self._all if wanted in fold(f"{offer.text} {offer.note} {offer.key}")]
        return sorted(found, key=lambda offer: not fold(offer.text).startswith(wanted))

    def _before_key(self, key: str) -> bool | Awaitable[bool]:
        if key == "down" and not self.is_open:
            self._offer(self.value, self._all)
            return True
        return super()._before_key(key)
