"""A finished export as a file: all of it or none, for its owner only, and never over another file unasked."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pddtui.errors import CannotWrite
from pddtui.message import msg

__all__ = ["free_path", "write_file", "writing"]


@contextmanager
def writing(path: Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """A file to write into that becomes `path` when all went well: there is the old file, the new one, or none.

    `CannotWrite` when there is a file already (unless `overwrite`), or the place does not take it.
    """
    if path.exists() and not overwrite:
        raise CannotWrite(msg("{file} is there already: choose another name, or add --force.", file=str(path)))
    draft: str | None = None
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}"[:60] + ".", dir=path.parent)
        with os.fdopen(handle, "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        if overwrite:
            Path(draft).replace(path)
        else:
            _put(draft, path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CannotWrite(
            msg("{file} cannot be written ({reason}): choose another place.", file=str(path), reason=reason)
        ) from error
    finally:
        if draft is not None:
            with suppress(OSError):
                Path(draft).unlink(missing_ok=True)


def _put(draft: str, path: Path) -> None:
    """Give it its name, unless somebody has taken that name meanwhile."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        Path(draft).replace(path)


def write_file(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """`content` as the file `path`, as `writing` does it."""
    with writing(path, overwrite=overwrite) as out:
        out.write(content)


def free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A path in `folder` that nothing has yet: `stem.suffix`, else `stem-2.suffix` and so on."""
    path, n = folder / f"{stem}.{suffix}", 1
    while path.exists():
        n += 1
        path = folder / f"{stem}-{n}.{suffix}"
    return path
