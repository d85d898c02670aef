"""What is left of a fault of the program: a log that says where it happened, and holds nothing that anybody wrote.

A traceback with its values would show names and order numbers to whoever is sent it, so that only the kinds of the
errors and the places in the code are kept.
"""

from __future__ import annotations

import os
import platform
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pddtui import __version__
from pddtui.durable import need_folder, reason, write_whole
from pddtui.errors import Crashed
from pddtui.message import msg
from pddtui.ownership import own_folder
from pddtui.places import find_places

__all__ = ["crashed"]

LOGS_KEPT = 10
"""How many logs stay."""


def crashed(fault: BaseException, folder: Path | None = None) -> Crashed:
    """Write the log of a fault. Gives the error that says so, or that it could not be written.

    It goes into the folder for logs, that of a demonstration too: its own folder ends with it.
    """
    folder = folder or find_places(os.environ).logs
    log = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S}-{os.getpid()}.log"
    kind = type(fault).__name__
    try:
        need_folder(own_folder(folder))
        write_whole(log, "".join(f"{line}\n" for line in _lines(fault)).encode())
    except OSError as error:
        return Crashed(
            msg(
                "The program has a fault ({kind}) and ended; everything that was acknowledged is saved. "
                "Its log could not be written ({reason}).",
                kind=kind,
                reason=reason(error),
            )
        )
    for old in sorted(folder.glob("crash-*.log"))[:-LOGS_KEPT]:
        with suppress(OSError):
            old.unlink()
    return Crashed(
        msg(
            "The program has a fault ({kind}) and ended; everything that was acknowledged is saved. "
            "Where it happened is noted in {file}, without anything you wrote.",
            kind=kind,
            file=str(log),
        )
    )


def _lines(fault: BaseException) -> Iterator[str]:
    textual = sys.modules.get("textual")
    versions = {"pddtui": __version__, "Python": platform.python_version()}
    if textual is not None:
        versions["Textual"] = getattr(textual, "__version__", "?")
    yield ", ".join(f"{name} {version}" for name, version in versions.items()) + f", {platform.system()}"
    yield f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"
    seen: set[int] = set()
    pending: list[tuple[str, BaseException]] = [("", fault)]
    while pending:
        why, error = pending.pop()
        if id(error) in seen:
            continue
        seen.add(id(error))
        yield ""
        yield f"{why}{type(error).__module__}.{type(error).__qualname__}"
        for frame, line in traceback.walk_tb(error.__traceback__):
            code = frame.f_code
            yield f"  {_place(code.co_filename)}:{line} in {code.co_qualname}"
        if isinstance(error, BaseExceptionGroup):
            pending += [("one of it: ", part) for part in error.exceptions]
        if error.__cause__ is not None:
            pending.append(("caused by: ", error.__cause__))
        elif error.__context__ is not None and not error.__suppress_context__:
            pending.append(("while dealing with: ", error.__context__))


def _place(file: str) -> str:
    """The file as it is known in every installation: the path below the folder that Python finds it in."""
    for folder in sorted(map(os.path.abspath, filter(None, sys.path)), key=len, reverse=True):
        if file.startswith(folder + os.sep):
            return file[len(folder) + 1 :]
    return os.path.basename(file)  # noqa: PTH119 -- what Python calls a file need not be a path
