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
from pddtui.domain.entries import Bilingual, Strict

__all__ = ["MailLabels", "NoticeRule", "OrderLabel", "OrderLabelField", "PasteFile", "PasteShape", "ShapeKind"]

Word = Annotated[str, Meta(min_length=1)]
Words = tuple[Word, ...]

ShapeKind = Literal["begin", "begin_of_day", "day", "moment", "named"]
"""What a line of that shape does: it begins a message; the same once a day was named; it names the day of what
follows; it says when what follows was, as in the middle of a screen; it is a message, where no line tells of a time."""

BLANKS = ("name", "moment", "day", "clock", "account", "words")
"""What may stand in braces in a shape."""


class PasteShape(Bilingual, frozen=True, kw_only=True):
    """The lines by which the messages of one program are told apart."""

    id: Word
    kind: ShapeKind
    lines: Annotated[Words, Meta(min_length=1)]

    def __post_init__(self) -> None:
        for line in self.lines:
            unknown = sorted(set(re.findall(r"\{(.*?)\}", line)) - set(BLANKS))
            if unknown:
                raise ValueError(f"there is no {{{unknown[0]}}}: use {', '.join(f'{{{name}}}' for name in BLANKS)}")


OrderLabelField = Literal["number", "product", "merchant", "amount", "ordered_at", "courier", "tracking", "other"]


class OrderLabel(Strict, frozen=True, kw_only=True):
    """What an order page calls one of its facts; `other` is known and not taken over."""

    id: OrderLabelField
    words: Words


class MailLabels(Strict, frozen=True, kw_only=True):
    """The heads of a mail as mail programs show them."""

    sender: Words
    to: Words
    date: Words
    subject: Words
    other: Words
    quoted: Words
    """Lines behind which an earlier mail stands."""


class NoticeRule(Bilingual, frozen=True, kw_only=True):
    """What the notices of one sender say of a filing through one channel."""

    id: Word
    channel: str
    sender: Annotated[Words, Meta(min_length=1)]
    about: Words = ()
    """One of them stands in it, where there are any."""
    states: Mapping[FilingState, Words]
    """Words that say what became of it, in the order in which they are looked for; … stands for some words between."""


class PasteFile(Strict, frozen=True, kw_only=True):
    shapes: tuple[PasteShape, ...]
    no_names: Words
    """Ends of what stands before a time and is nobody's name."""
    their_names: Words
    """Words that only the name of somebody has who answers for a shop, a platform, a carrier or an office."""
    file_heads: Words
    """What the first lines of the file of an export begin with."""
    furniture: Words
    """Lines that say nothing on the matter."""
    between: Words
    """What a chat program says itself between the messages."""
    pictures: Words
    labels: tuple[OrderLabel, ...]
    couriers: Words
    mail: MailLabels
    references: Words
    """What stands before the number of a matter."""
    notices: tuple[NoticeRule, ...]
