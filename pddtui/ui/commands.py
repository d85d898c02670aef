"""What the command palette offers: every key that works here and now, every look, and every case to go to.

Texts are literal and are matched by all words of the query, in any order. The palette is our own: Textual's reads
help texts as markup, tries every way a query fits into a title, and says what it says in English only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TypeVar

from msgspec import Struct
from textual.app import App
from textual.screen import Screen

from pddtui.ui.context import Context
from pddtui.ui.in_force import in_force, run
from pddtui.ui.key_names import key_name
from pddtui.ui.page_keys import known

__all__ = ["Command", "cases", "commands", "fitting"]

Result = TypeVar("Result")

MOST_CASES = 20
"""So many cases are offered at once; one more word finds the others."""

_LOOKS = "looks"


class Command(Struct, frozen=True):
    """Something the palette can do."""

    key: str
    """Identifies it among the others."""
    word: str
    note: str
    """A sentence about it."""
    keys: str
    """The key that does the same."""
    run: Callable[[], Awaitable[None] | None]

    def fit(self, words: list[str]) -> int | None:
        """How well all the words fit, 0 best; None if one of them is missing."""
        name, text = self.word.casefold(), f"{self.word} {self.note} {self.keys}".casefold()
        if not all(word in text for word in words):
            return None
        if words and name.startswith(words[0]):
            return 0
        return 1 if all(word in name for word in words) else 2


def commands(context: Context, screen: Screen[Result]) -> Iterator[Command]:
    """What can be done on the screen now, in the order of its keys, then the looks to choose from."""
    speech, app, table = context.speech, screen.app, known()
    for command in in_force(screen):
        key = table.get(command.id)
        if key is not None and command.enabled and command.id != "program.palette":
            names = "  ".join(key_name(name, speech) for name in command.keys[:2])
            yield Command(command.id, speech.say(key.word), speech.say(key.tip), names, partial(run, app, command))
    for theme in app.available_themes:
        note = speech("Colours of the screen, until you leave.")
        yield Command(f"{_LOOKS}:{theme}", speech("Look: {name}", name=theme), note, "", partial(_wear, app, theme))


def cases(context: Context, open_case: Callable[[str], None]) -> Iterator[Command]:
    """Every case that is not in the trash, newest first, to be opened with `open_case`."""
    for case in reversed(context.casebook.cases()):
        note = "  ".join(part for part in (case.ref, case.merchant, case.order.number) if part)
        yield Command(f"case:{case.id}", case.title, note, "", partial(open_case, case.id))


def fitting(text: str, offered: list[Command], listed: list[Command]) -> list[Command]:
    """The commands for what was typed, the best first, then at most `MOST_CASES` of the cases.

    Without a query there are the commands alone, and the looks stay out of the way.
    """
    words = text.casefold().split()
    if not words:
        return [command for command in offered if not command.key.startswith(_LOOKS)]
    return [*_best(words, offered), *_best(words, listed)[:MOST_CASES]]


def _best(words: list[str], offered: list[Command]) -> list[Command]:
    ranked = [(rank, command) for command in offered if (rank := command.fit(words)) is not None]
    return [command for _, command in sorted(ranked, key=lambda pair: pair[0])]


def _wear(app: App[Result], theme: str) -> None:
    app.theme = theme
