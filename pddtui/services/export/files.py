"""A finished export as a file: all of it or none, for its owner only, and never over another file unasked.

A link stays a link: what it leads to is replaced. A device or a pipe is written into as it is. What the program keeps
its own data in is refused, whatever was asked for.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pddtui import durable
from pddtui.errors import CannotWrite
from pddtui.message import msg

__all__ = ["free_path", "replaces", "write_file", "writing_new"]


def replaces(path: Path, kept: Iterable[Path] = ()) -> bool:
    """Whether something is lost when `path` is written. `CannotWrite` when it is one of the `kept`, or in one.

    A pipe or a terminal holds nothing that could be lost.
    """
    _refuse_kept(path, kept)
    mode = _mode(path)
    return mode is not None and not (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode))


@contextmanager
def writing_new(path: Path, *, overwrite: bool = False, kept: Iterable[Path] = ()) -> Iterator[BinaryIO]:
    """A file to write into that becomes `path` when all went well: there is the old file, the new one, or none.

    `CannotWrite` when there is a file already (unless `overwrite`), when the place does not take it, or when it is
    one of the `kept`: files and folders of the program's own, which nothing may take the place of.
    """
    if replaces(path, kept) and not overwrite:
        raise CannotWrite(msg("{file} already exists: choose another name, or add --force.", file=str(path)))
    mode = _mode(path)
    whole = mode is None or stat.S_ISREG(mode) or stat.S_ISDIR(mode)
    try:
        with durable.writing(_target(path), over=overwrite) if whole else durable.straight_into(path) as out:
            yield out
    except OSError as error:
        reason = durable.reason(error)
        raise CannotWrite(
            msg("{file} cannot be written ({reason}): choose another place.", file=str(path), reason=reason)
        ) from error


def _target(path: Path) -> Path:
    """What is written in the end: where a link leads, which need not be there yet."""
    try:
        target = Path(os.path.realpath(path))
    except ValueError as error:  # a NUL
        raise OSError(str(error)) from error
    if target.is_symlink():  # one of several that lead to each other
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):  # nothing is there, or nothing that could be looked at
        return None


def _refuse_kept(path: Path, kept: Iterable[Path]) -> None:
    """By what it is, and by where it would be: a link, another spelling or a new file in a folder is no way round."""
    try:
        target = _target(path)
    except OSError:
        return  # nothing can be written there anyway
    above = (target, *target.parents)
    for place in kept:
        if any(durable.one_place(one, Path(os.path.realpath(place))) for one in above):
            raise CannotWrite(
                msg(
                    "{file} belongs to the cases and settings and is never overwritten: choose another place.",
                    file=str(path),
                )
            )


def write_file(path: Path, content: bytes, *, overwrite: bool = False, kept: Iterable[Path] = ()) -> None:
    """`content` as the file `path`, as `writing_new` does it."""
    with writing_new(path, overwrite=overwrite, kept=kept) as out:
        out.write(content)


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path in `folder` that nothing has yet: `stem.suffix`, else `stem-2.suffix` and so on."""
    path, n = folder / f"{stem}.{suffix}", 1
    while os.path.lexists(path):
        n += 1
        path = folder / f"{stem}-{n}.{suffix}"
    return path
