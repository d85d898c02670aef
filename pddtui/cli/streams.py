"""Standard input, output and error of one run.

What a command did is done, whatever becomes of the words about it: a stream that nobody reads changes no verdict, and
a save that standard output could not be told of, as when its disk is full, is told of on standard error.
"""

from __future__ import annotations

import errno
import fcntl
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from stat import S_ISCHR
from typing import BinaryIO

import click

from pddtui.domain.text import clean, decoded
from pddtui.errors import BadInput, Refused, Unwritten, reason
from pddtui.message import Message, file_size, msg
from pddtui.places import typed_path

__all__ = [
    "Results",
    "TypedInput",
    "aside",
    "drop_output",
    "have_streams",
    "never_fail_on_a_character",
    "nobody_reads",
    "opened_source",
    "read_within",
]

_CLOSED = frozenset({errno.EPIPE, errno.EBADF})
"""The errors of an output that was closed, before the start or since."""


_PIECE = 1 << 20
_MOST_TYPED = 16 << 20
"""Bytes of standard input that are read as a text."""


class Results:
    """Standard output of a command that saves, and what was saved by it."""

    def __init__(self) -> None:
        self.saved = False
        """Whether anything was saved in this run."""
        self.verdict = 0
        """The exit code that stands although nobody reads on."""
        self._names: list[str] = []
        self._trouble: OSError | None = None

    def tell(self, text: str | bytes) -> None:
        """Write a line. What cannot be written is lost, and `unwritten` says so at the end."""
        if self._trouble is None:
            try:
                click.echo(text)
            except OSError as error:
                self._trouble = error
                drop_output()

    def name(self, name: str) -> None:
        """Write the number or id of what was saved."""
        self._names.append(name)
        self.tell(name)

    def unwritten(self) -> OSError | Unwritten | None:
        """What is to be reported of an output that failed; None where all was written, or nothing is lost by it."""
        if self._trouble is None:
            return None
        if not self.saved:
            return None if self._trouble.errno in _CLOSED else self._trouble
        why: Message | str = reason(self._trouble)
        if self._trouble.errno == errno.EBADF:
            why = msg("standard output is closed")
        if self._names:
            return Unwritten(
                msg("Saved as {names}, but that could not be written to standard output ({reason}).",
                    names=tuple(self._names), reason=why)
            )  # fmt: skip
        return Unwritten(
            msg("It is saved, but what came of it could not be written to standard output ({reason}).", reason=why)
        )


def aside(line: str, *, nl: bool = True) -> None:
    """Say on standard error what is not a result. If that cannot be done, all else goes on."""
    with suppress(OSError):
        click.echo(line, nl=nl, err=True)


def read_within(source: BinaryIO, most: int) -> bytes:
    """All of it, if it is no more than `most` bytes. Raises `BadInput` for more, be it without an end."""
    content = bytearray()
    while len(content) <= most and (piece := source.read(_PIECE)):
        content += piece
    if len(content) > most:
        raise BadInput(msg("This is larger than {most}, which is the most that is read: nothing was done.",
                           most=file_size(most)))  # fmt: skip
    return bytes(content)


@contextmanager
def opened_source(file: str, most: int) -> Iterator[BinaryIO]:
    """The file, or standard input for `-`, seekable. Raises `BadInput` for what cannot be read, or has no end."""
    try:
        content = sys.stdin.buffer if file == "-" else typed_path(file).open("rb")
        if _is_device(content):
            content.close()
            raise BadInput(msg("{file} is a device and no file; nothing was done.", file=file))
        if file == "-" or not content.seekable():  # a pipe
            content = io.BytesIO(read_within(content, most))
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        why = reason(error)
        raise BadInput(msg("{file} cannot be read ({reason}); nothing was done.", file=file, reason=why)) from error
    with content:
        yield content


def _is_device(content: BinaryIO) -> bool:
    """Whether it is a device, which may have no end. A terminal is one that has."""
    with suppress(OSError, ValueError):  # what is no file of the system is none
        return S_ISCHR(os.fstat(content.fileno()).st_mode) and not content.isatty()
    return False


class TypedInput:
    """Standard input as harmless text, in the encodings in which `import` reads a file: lines, then all that is left.

    What is typed as an argument can be read by every user of the machine while the command runs; this cannot.
    """

    def __init__(self) -> None:
        self._left: str | None = None

    @property
    def spent(self) -> bool:
        """Whether lines were taken, and none is left."""
        return self._left == ""

    def text(self) -> str:
        """All that is left. Raises `BadInput` for what is no text."""
        found, self._left = self._read(), ""
        return found

    def line(self) -> str:
        """The next line, without its end. Raises `Refused` where there is none."""
        line, _, self._left = self._read().partition("\n")
        if not line and not self._left:
            raise Refused(msg("Standard input has not as many lines as there are “-”: nothing was done."))
        return line.removesuffix("\r")

    def _read(self) -> str:
        if self._left is not None:
            return self._left
        try:
            return clean(decoded(read_within(sys.stdin.buffer, _MOST_TYPED)))
        except OSError as error:
            raise BadInput(
                msg("Standard input cannot be read ({reason}); nothing was done.", reason=reason(error))
            ) from error
        except UnicodeError as error:
            raise BadInput(msg("Standard input is not text in UTF-8, UTF-16 or GB18030; nothing was done.")) from error


def never_fail_on_a_character() -> None:
    """A terminal that cannot show a character gets a question mark for it, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def nobody_reads() -> bool:
    """Whether standard output was closed, before the start or by its reader since."""
    try:
        number = sys.stdout.fileno()
        if fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDONLY:
            return True
        watch = select.poll()
        watch.register(number, 0)
        return any(event & (select.POLLERR | select.POLLHUP) for _, event in watch.poll(0))
    except (OSError, ValueError):
        return False


def drop_output() -> None:
    """Leave in silence when nobody reads on, even when the interpreter flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def have_streams() -> None:
    """Put something in the place of a stream that was closed before the start, lest the next opened file take it.

    It can only be read, so that what is written there fails as it would have without it.
    """
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDONLY)
            if nowhere != number:
                os.dup2(nowhere, number)
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8"))
