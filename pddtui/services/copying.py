"""Copying the content of a file piece by piece, with its hash, from whatever a person has named as a file."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import IO, BinaryIO

from pddtui.errors import BadInput
from pddtui.message import msg

__all__ = ["Progress", "make_durable", "opened", "pour", "sha256_of"]

Progress = Callable[[int, int], None]
"""Told after every piece: bytes done, bytes in all."""

_PIECE = 1 << 20


@contextmanager
def opened(source: Path) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """The regular file that the path leads to. A pipe or a device is refused without waiting for it."""
    try:
        handle = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise BadInput(msg("{file} cannot be read ({reason}).", file=str(source), reason=reason)) from error
    status = os.fstat(handle)
    if not S_ISREG(status.st_mode):
        os.close(handle)
        if S_ISDIR(status.st_mode):
            raise BadInput(msg("{file} is a folder: choose a file in it.", file=str(source)))
        raise BadInput(msg("{file} is no file that can be copied.", file=str(source)))
    with os.fdopen(handle, "rb") as original:
        yield original, status


def pour(original: IO[bytes], copy: BinaryIO, total: int, progress: Progress | None) -> tuple[str, int]:
    """Copy; the hash and how much it was. What is longer than it said is not followed, it may never end."""
    digest, size = hashlib.sha256(), 0
    while size <= total and (piece := original.read(_PIECE)):
        digest.update(piece)
        copy.write(piece)
        size += len(piece)
        if progress is not None:
            progress(size, total)
    return digest.hexdigest(), size


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_durable(folder: Path) -> None:
    """A new name lasts when its folder is on the disk too; where a folder cannot be opened it needs no such thing."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
