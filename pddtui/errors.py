"""The one error tree. Each error is a sentence that a person can act on and an exit code for scripts.

The codes are the contract of the command line: 2 wrong usage, 3 no such case or thing, 4 conflict with another
session, 5 damaged or foreign file, 6 busy, 7 cannot write, 8 bad input file, 9 saved, but the result could not be
written out, 70 a fault of the program.

What the operating system says of a file is put into words here too.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence
from typing import ClassVar

from pddtui.message import Message, msg

__all__ = [
    "FORBIDDEN",
    "NOT_OURS",
    "NO_FILE",
    "NO_ROOM",
    "BadInput",
    "Busy",
    "CannotWrite",
    "Conflict",
    "Crashed",
    "Damaged",
    "Gone",
    "NotFound",
    "PddError",
    "Refused",
    "RefusedTogether",
    "Unlisted",
    "Unwritten",
    "reason",
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


class Gone(Damaged):
    """The data file was removed while this session had it open. What the session knows can be written back."""


class Busy(PddError):
    """Another session holds the file and did not let go in time."""

    exit_code = 6


class CannotWrite(PddError):
    """Read-only, full or forbidden: nothing was saved."""

    exit_code = 7


class BadInput(PddError):
    """A file given to be read is not what it should be; nothing of it was taken."""

    exit_code = 8


class Unwritten(PddError):
    """It is saved, but standard output did not take the words that say so."""

    exit_code = 9


class Crashed(PddError):
    """The program itself is at fault. Whatever was acknowledged is on disk."""

    exit_code = 70


NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The errors of a file that cannot grow: on a disk that is full, for this user, or as one file."""

FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""The errors where one may not write until somebody changes that."""

NO_FILE = errno.ENOTBLK
"""Stands for what has the name of a file and is none, as a pipe: the system has no number for it, nor another use."""

NOT_OURS = errno.EUSERS
"""Likewise for a file that another user put where one of ours belongs."""

_REASONS: Mapping[int, Message] = {
    NO_FILE: msg("no regular file"),
    NOT_OURS: msg("a file of another user"),
    errno.ENOSPC: msg("the disk is full"),
    errno.EDQUOT: msg("your quota is used up"),
    errno.EFBIG: msg("larger than a file may be here"),
    errno.ENOENT: msg("No such file or directory"),
    errno.EEXIST: msg("File exists"),
    errno.EISDIR: msg("Is a directory"),
    errno.ENOTDIR: msg("Not a directory"),
    errno.ENOTEMPTY: msg("Directory not empty"),
    errno.EIO: msg("Input/output error"),
    errno.ENAMETOOLONG: msg("File name too long"),
    errno.ELOOP: msg("a symbolic link that leads nowhere or is not followed"),
    errno.EMLINK: msg("Too many links"),
    errno.EXDEV: msg("Invalid cross-device link"),
    errno.EMFILE: msg("Too many open files"),
    errno.ENFILE: msg("Too many open files in system"),
    errno.EBUSY: msg("Device or resource busy"),
    errno.ETXTBSY: msg("Text file busy"),
    errno.EAGAIN: msg("Resource temporarily unavailable"),
    errno.EINTR: msg("Interrupted system call"),
    errno.EINVAL: msg("Invalid argument"),
    errno.EBADF: msg("Bad file descriptor"),
    errno.ESPIPE: msg("Illegal seek"),
    errno.EPIPE: msg("Broken pipe"),
    errno.ENOMEM: msg("Cannot allocate memory"),
    errno.ENOEXEC: msg("Exec format error"),
    errno.E2BIG: msg("Argument list too long"),
    errno.ENXIO: msg("No such device or address"),
    errno.ENODEV: msg("No such device"),
    errno.ESTALE: msg("Stale file handle"),
    errno.ENOLCK: msg("No locks available"),
    errno.EDEADLK: msg("Resource deadlock avoided"),
    errno.ENOSYS: msg("Function not implemented"),
    errno.EOPNOTSUPP: msg("Operation not supported"),
    errno.ETIMEDOUT: msg("Connection timed out"),
    errno.ECONNREFUSED: msg("Connection refused"),
    errno.ECONNRESET: msg("Connection reset by peer"),
    errno.ENOTCONN: msg("Transport endpoint is not connected"),
    errno.EHOSTDOWN: msg("Host is down"),
    errno.EHOSTUNREACH: msg("No route to host"),
    errno.ENETUNREACH: msg("Network is unreachable"),
}
"""What the system says of a file, in its own words, so that they can be said in Chinese too."""


def reason(error: OSError | ValueError) -> Message | str:
    """The error in words, for the brackets of a sentence that names the file.

    A `ValueError` is what Python says of a name that no file can have. What the system has a number for and this
    table no words is said by its number.
    """
    if isinstance(error, OSError) and error.errno is not None:
        if error.errno == errno.EROFS:
            return msg("the disk is read-only")
        if error.errno in FORBIDDEN:
            return msg("no permission")
        return _REASONS.get(error.errno) or msg("error {code} of the system", code=error.errno)
    if isinstance(error, UnicodeError):
        return msg("the name cannot be written as bytes")
    if isinstance(error, ValueError) and "null" in str(error):
        return msg("the name contains a NUL character")
    return str(error) or type(error).__name__
