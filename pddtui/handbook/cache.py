"""The cache of the handbook: what every command needs of it, in one small file, so that no YAML is read.

The file is a copy and never a source: it holds only while its stamp, made of the sizes and times of its sources,
still matches them. Whatever is wrong with it costs one reading of the sources; a failure to write it is ignored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui import assets
from pddtui.domain import rules
from pddtui.domain.rules import Rules
from pddtui.domain.workdays import YearOverride
from pddtui.durable import need_folder, read_file, write_whole
from pddtui.message import Label

__all__ = ["KeptRules", "keep", "kept", "stamp_of_sources"]

SOURCES = (
    "aftersales", "calendar", "channels", "deadlines", "evidence", "ladder", "next", "problems", "quiet", "remedies",
)  # fmt: skip
"""The files of `data/` from which the rules and the calendar are made."""


_KINDS = tuple(kind for kind in vars(rules).values() if isinstance(kind, type) and issubclass(kind, Struct))
"""Whatever the copy consists of: with another field in one of them, an older copy says less than its sources."""


class KeptRules(Struct, frozen=True, kw_only=True):
    """The rules of a case, and the years whose working days the handbook knows."""

    rules: Rules
    years: dict[int, YearOverride]
    feasts: dict[date, Label]


class _Kept(Struct, frozen=True):
    stamp: str
    condensed: KeptRules


def kept(file: Path, stamp: str) -> KeptRules | None:
    """The copy in `file`, or None where there is none that still holds."""
    try:
        found = msgspec.msgpack.decode(read_file(file), type=_Kept)
    except (OSError, msgspec.MsgspecError, UnicodeError, ValueError):
        return None
    return found.condensed if found.stamp == stamp else None


def keep(file: Path, stamp: str, condensed: KeptRules) -> None:
    """Put the copy into `file`, whole or not at all."""
    with suppress(OSError):
        need_folder(file.parent)
        write_whole(file, msgspec.msgpack.encode(_Kept(stamp, condensed)))


def stamp_of_sources(version: str, limits: Mapping[str, tuple[str, str]], user: Path) -> str:
    """What a kept copy depends on: the program, its sources, the user's files and the user's own limits.

    Every one of the user's files counts, since they are checked against each other.
    """
    files = [*(assets.path("data") / f"{name}.yaml" for name in SOURCES), *sorted(user.glob("*.y*ml"))]
    shape = [(kind.__name__, kind.__struct_fields__) for kind in _KINDS]
    made_of = (version, shape, sorted(limits.items()), list(_traces(files)))
    return msgspec.json.encode(made_of).decode()


def _traces(files: Iterable[Path]) -> Iterable[tuple[str, int, int] | None]:
    for file in files:
        try:
            found = file.stat()
        except OSError:
            yield None
        else:
            yield str(file), found.st_mtime_ns, found.st_size
