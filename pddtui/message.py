"""Messages: what the program wants to say, before a language is chosen.

The lower floors know no language: they build a `Message`, an English template and its values, which
`pddtui.speech.Speech` translates and fills in. The template is the key of the catalogue, so it is written out in full
at the place that says it, where the extraction (`tests/catalogue.py`) finds it.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from msgspec import Struct

__all__ = [
    "MONTHS",
    "WEEKDAYS",
    "Filled",
    "Hours",
    "Label",
    "Language",
    "Mark",
    "Message",
    "Render",
    "Sum",
    "ToneId",
    "Value",
    "Words",
    "file_size",
    "msg",
    "pasted",
    "plural",
]

Language = Literal["zh", "en"]

ToneId = Literal["plain", "strong", "quiet", "accent", "good", "amber", "red"]
"""What a state means to the reader; `pddtui.ui.show` has a style for each."""


class Label(Struct, frozen=True, forbid_unknown_fields=True):
    """A name that reference data gives in both languages, for example a rung or a channel.

    Anything else beside them is refused: in YAML it is the rest of a sentence that a comma without quotes has cut off.
    """

    zh: str
    en: str


class Filled(Struct, frozen=True):
    """A sentence that reference data gives in both languages, with `{name}` fields."""

    label: Label
    values: dict[str, Value]
    """What the fields stand for, rendered in the language of the sentence."""


class Message(Struct, frozen=True):
    """A sentence that can be said in any language of the catalogue."""

    template: str
    """English text with `{name}` fields; the key in `data/locale/`."""

    values: dict[str, Value] = {}
    """What the fields stand for. Messages and labels in it are rendered in the same language."""

    plural: str | None = None
    """The English plural template; chosen by `values["n"]`, which must then be an int."""

    context: str = ""
    """Which sense of the English is meant, where one word has several: "after-sales state". Never shown."""

    def __str__(self) -> str:
        """English, for logs and tracebacks. People get `Speech.say`."""
        template = self.template
        if self.plural is not None and self.values.get("n") != 1:
            template = self.plural
        return template.format(**{name: _plain(value) for name, value in self.values.items()})


class Sum(Struct, frozen=True):
    """A sum of money, to the cent."""

    amount: Decimal
    currency: str = "CNY"

    def __str__(self) -> str:
        """`¥1,299.00`, or the ISO code before the amount for another currency than the yuan."""
        return f"¥{self.amount:,.2f}" if self.currency == "CNY" else f"{self.currency} {self.amount:,.2f}"


class Hours(Struct, frozen=True):
    """Hours that have passed, against a limit in hours. Chinese says many of them as days and hours."""

    n: int

    @property
    def days(self) -> tuple[int, int] | None:
        """Whole days and the hours beyond them, once nobody counts in hours any more."""
        return divmod(self.n, 24) if self.n > _IN_HOURS else None

    def __str__(self) -> str:
        return str(self.n)


_IN_HOURS = 72


def pasted(text: str) -> str:
    """The text as a shell takes it for one word, on one line and with nothing in it that hides or acts."""
    if text.isprintable():
        return shlex.quote(text)
    odd = "".join(char if char.isprintable() and char not in "\\'" else _escaped(char) for char in text)
    return f"$'{odd}'"


def _escaped(char: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


_Single = str | int | Decimal | Sum | Hours | datetime | date | Label | Filled | Message
Value = _Single | tuple[_Single, ...]
"""A value of a message. A tuple is rendered as a list in the language's own punctuation."""

Render = Callable[[Value], str]
"""Says a value in the reader's language; a text is somebody's own words and stays."""


Words = Message | Label | Filled | str
"""Anything that can be said: a sentence of ours, a name from the handbook, or a user's own words."""


class Mark(Struct, frozen=True):
    """A state shown in three ways at once, as colour never stands alone."""

    glyph: str
    """Takes one cell in every terminal and font, and has no emoji form."""
    word: Message
    tone: ToneId


def msg(template: str, *, context: str = "", **values: Value) -> Message:
    """Build a message. `template` and `context` must be literals: the extraction reads them from the source.

    A word that another language has two words for is given a `context` wherever it is said in the rarer sense.
    """
    return Message(template, values, None, context)


def plural(one: str, many: str, n: int, *, context: str = "", **values: Value) -> Message:
    """Build a message whose wording depends on the count `n` (a field `{n}` of both templates)."""
    return Message(one, {**values, "n": n}, many, context)


WEEKDAYS: Final = (msg("Mon"), msg("Tue"), msg("Wed"), msg("Thu"), msg("Fri"), msg("Sat"), msg("Sun"))
"""Monday first."""

MONTHS: Final = (
    *(msg("January"), msg("February"), msg("March"), msg("April"), msg("May"), msg("June")),
    *(msg("July"), msg("August"), msg("September"), msg("October"), msg("November"), msg("December")),
)


def file_size(size: int) -> str:
    """`3.4 MB`, in steps of a thousand as file managers count."""
    if size < 1000:
        return f"{size} B"
    value = float(size)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.5 or unit == "GB":
            return f"{value:.1f} {unit}" if value < 99.5 else f"{value:.0f} {unit}"
    return f"{size} B"


def _plain(value: Value) -> str:
    if isinstance(value, tuple):
        return ", ".join(_plain(each) for each in value)
    if isinstance(value, Filled):
        return value.label.en.format(**{name: _plain(each) for name, each in value.values.items()})
    return value.en if isinstance(value, Label) else str(value)
