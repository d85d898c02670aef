"""How pasted text is read: the shapes of chats, the labels of order pages and mails, and what notices say.

All of it is words and shapes in `data/pastes.yaml` and no pattern, so that an entry of the user's own can neither run
for long nor match what nobody meant.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta

from pddtui.domain.case import FilingState
from pddtui.domain.entries import Entry, Strict

__all__ = ["MailLabels", "NoticeRule", "OrderLabelField", "PasteFile", "PasteShape", "ShapeKind"]

_Word = Annotated[str, Meta(min_length=1)]
_Words = tuple[_Word, ...]

ShapeKind = Literal["begin", "begin_of_day", "day", "moment", "named"]
"""What a line of that shape does: it begins a message; the same once a day was named; it names the day of what
follows; it says when what follows was, as in the middle of a screen; it is a message, where no line tells of a time."""

_BLANKS = ("name", "moment", "day", "clock", "account", "words")
"""What may stand in braces in a shape."""


class PasteShape(Entry, frozen=True, kw_only=True):
    """The lines by which the messages of one program are told apart."""

    kind: ShapeKind
    lines: Annotated[_Words, Meta(min_length=1)]

    def __post_init__(self) -> None:
        for line in self.lines:
            unknown = sorted(set(re.findall(r"\{(.*?)\}", line)) - set(_BLANKS))
            if unknown:
                raise ValueError(f"there is no {{{unknown[0]}}}: use {', '.join(f'{{{name}}}' for name in _BLANKS)}")


OrderLabelField = Literal[
    "number", "product", "merchant", "amount", "ordered_at", "courier", "tracking", "other", "shown"
]


class MailLabels(Strict, frozen=True, kw_only=True):
    """The heads of a mail as mail programs show them."""

    sender: _Words
    to: _Words
    date: _Words
    subject: _Words
    other: _Words
    quoted: _Words
    """Lines behind which an earlier mail stands."""


class NoticeRule(Entry, frozen=True, kw_only=True):
    """What the notices of one sender say of a filing through one channel."""

    channel: str
    sender: Annotated[_Words, Meta(min_length=1)]
    about: _Words = ()
    """One of them stands in it, where there are any."""
    states: Mapping[FilingState, _Words]
    """Words that say what became of it, in the order in which they are looked for; … stands for some words between."""


class PasteFile(Strict, frozen=True, kw_only=True):
    shapes: tuple[PasteShape, ...]
    no_names: _Words
    """Ends of what stands before a time and is nobody's name."""
    their_names: _Words
    """Words that only the name of somebody has who answers for a shop, a platform, a carrier or an office."""
    senders: _Words
    """Words in the name of those who send notices, beside `their_names`, carriers and the senders of `notices`."""
    file_heads: _Words
    """What the first lines of the file of an export begin with."""
    furniture: _Words
    """Lines that say nothing on the matter."""
    program_names: _Words
    """By what names a chat program speaks itself."""
    between: _Words
    """Lines that a chat program writes itself between the messages; … stands for a name."""
    pictures: _Words
    labels: Mapping[OrderLabelField, _Words]
    """What an order page calls its facts, the surest word first. `other` is known and not taken over, `shown` neither,
    but told, as somebody wrote it."""
    couriers: _Words
    mail: MailLabels
    references: _Words
    """What stands before the number of a matter."""
    notices: tuple[NoticeRule, ...]
