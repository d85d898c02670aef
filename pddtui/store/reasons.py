"""What the operating system says when it refuses, as something a person can act on."""

from __future__ import annotations

import errno
from pathlib import Path

from pddtui.errors import CannotWrite, Damaged, PddError
from pddtui.message import Message, msg

__all__ = ["FORBIDDEN", "amount", "cannot_read", "cannot_write", "why"]

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
"""What is answered where one may not write, until somebody changes that."""


def amount(size: int) -> str:
    """A number of bytes as people read it."""
    value = float(size)
    for unit in ("B", "kB", "MB"):
        if value < 1000:
            return f"{value:.0f} {unit}"
        value /= 1000
    return f"{value:.1f} GB"


def cannot_read(error: OSError, path: Path) -> PddError:
    """The file is there but cannot be read: forbidden, or the disk fails."""
    reason, where = error.strerror or type(error).__name__, _named(error, path)
    if error.errno in FORBIDDEN:
        return CannotWrite(msg("No permission to read {path}: ask its owner or choose --file.", path=where))
    return Damaged(msg("{path} cannot be read ({reason}): check the disk, then try again.", path=where, reason=reason))


def cannot_write(error: OSError, path: Path, *, free: int | None = None, needed: int | None = None) -> CannotWrite:
    """The error of the operating system as something a person can act on."""
    return CannotWrite(_reason(error, path, free, needed))


def why(error: OSError, path: Path) -> Message | str:
    """The error alone, without what became of a save."""
    if error.errno in FULL:
        return msg("the disk is full")
    if error.errno == errno.EROFS:
        return msg("the disk is read-only")
    if error.errno in FORBIDDEN:
        return msg("no permission to write {path}", path=_named(error, path))
    return error.strerror or type(error).__name__


def _named(error: OSError, path: Path) -> str:
    """The file that the system refused, unless it is one that nobody knows."""
    named = error.filename
    return str(path) if named is None or str(named).endswith(".tmp") else str(named)


def _reason(error: OSError, path: Path, free: int | None, needed: int | None) -> Message:
    where = _named(error, path)
    if error.errno in FULL and free is not None and needed is not None:
        return msg(
            "The disk is full: {free} free, {needed} needed for {path}. Nothing was saved; make room and save again.",
            free=amount(free),
            needed=amount(needed),
            path=where,
        )
    if error.errno in FULL:
        return msg("The disk is full: {path} was not saved; make room and save again.", path=where)
    if error.errno == errno.EROFS:
        return msg("The disk of {path} is read-only: nothing was saved; choose another place with --file.", path=where)
    if error.errno in FORBIDDEN:
        return msg("No permission to write {path}: nothing was saved; ask its owner or choose --file.", path=where)
    if error.errno == errno.EIO:
        return msg("The disk failed while saving {path}: check the disk, then start the program again.", path=where)
    reason = error.strerror or type(error).__name__
    return msg("{path} could not be written ({reason}): nothing was saved.", path=where, reason=reason)
