"""The one error tree. Each error is a sentence that a person can act on and an exit code for scripts.

The codes are the contract of the command line: 2 wrong usage, 3 no such case or thing, 4 conflict with another
session, 5 damaged or foreign file, 6 busy, 7 cannot write, 8 bad input file, 70 a fault of the program.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from pddtui.message import Message

__all__ = [
    "BadInput",
    "Busy",
    "CannotWrite",
    "Conflict",
    "Crashed",
    "Damaged",
    "NotFound",
    "PddError",
    "Refused",
    "RefusedTogether",
    "Unlisted",
]


class PddError(Exception):
    """Anything that the program refuses to do, said in one sentence."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message
        """What happened and what to do, without the program's name and without a final newline."""

    def __str__(self) -> str:
        return str(self.message)


class Refused(PddError):
    """What was typed cannot be taken: an empty title, an impossible date, an unknown rung."""

    exit_code = 2

    def __init__(self, message: Message, *, field: str | None = None, position: int | None = None) -> None:
        super().__init__(message)
        self.field = field
        """The form field at fault, if one is."""
        self.position = position
        """The index of the first character that could not be read, in a phrase or a filter."""


class RefusedTogether(Refused):
    """Several things that were typed cannot be taken, each at its field. By itself it says the first."""

    def __init__(self, faults: Sequence[Refused]) -> None:
        first = faults[0]
        super().__init__(first.message, field=first.field, position=first.position)
        self.faults = tuple(faults)


class Unlisted(Refused):
    """A name that stands for no entry of the handbook. Whoever shows it adds where the entries are listed."""

    def __init__(self, message: Message, *, chapter: str, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.chapter = chapter
        """The chapter of the handbook that lists the entries."""


class NotFound(PddError):
    """No case, contact, promise or follow-up has that reference."""

    exit_code = 3


class Conflict(PddError):
    """Another session changed the same thing in the meantime."""

    exit_code = 4


class Damaged(PddError):
    """The data file cannot be read as ours. It is never written over."""

    exit_code = 5


class Busy(PddError):
    """Another session holds the file and did not let go in time."""

    exit_code = 6


class CannotWrite(PddError):
    """Read-only, full or forbidden: nothing was saved."""

    exit_code = 7


class BadInput(PddError):
    """A file given to be read is not what it should be; nothing of it was taken."""

    exit_code = 8


class Crashed(PddError):
    """The program itself is at fault. Whatever was acknowledged is on disk."""

    exit_code = 70
