"""A finished export as a file: all of it or none, for its owner only, and never over another file unasked."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from pddtui.errors import CannotWrite
from pddtui.message import msg
from pddtui.services.casebook import Casebook
from pddtui.services.exchange.outgoing import to_json

__all__ = ["export_file", "write_file"]


def export_file(casebook: Casebook, folder: Path | None = None) -> Path:
    """Write the export of everything into `folder` (the present one if None) under a name that is free."""
    now = casebook.now()
    content = to_json(sorted(casebook.store.cases().values(), key=lambda case: case.ref), casebook.rules, now)
    path = _free(folder or Path.cwd(), f"pddtui-{now:%Y-%m-%d}")
    write_file(path, content)
    return path


def write_file(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write `content` to `path` so that at every moment there is the old file, the new one, or none.

    `CannotWrite` when there is a file already (unless `overwrite`), or the place does not take it.
    """
    if path.exists() and not overwrite:
        raise CannotWrite(msg("{file} is there already: choose another name, or add --force.", file=str(path)))
    draft: str | None = None
    try:
        handle, draft = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(draft).replace(path)
    except OSError as error:
        if draft is not None:
            with suppress(OSError):
                Path(draft).unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        raise CannotWrite(
            msg("{file} cannot be written ({reason}): choose another place.", file=str(path), reason=reason)
        ) from error


def _free(folder: Path, stem: str) -> Path:
    path, n = folder / f"{stem}.json", 1
    while path.exists():
        n += 1
        path = folder / f"{stem}-{n}.json"
    return path
