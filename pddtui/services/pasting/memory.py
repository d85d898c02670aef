"""By what names I went in the chats that were pasted into a data file, so that they are asked for only once.

It lies in the state folder and may be lost: then they are asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import msgspec

from pddtui.domain.text import fold, one_line
from pddtui.durable import need_folder, read_file, write_whole
from pddtui.places import Places
from pddtui.settings import Settings

__all__ = ["my_names", "names_set", "remember_names", "remembered_names"]

_MOST = 50
"""Names of one person."""


def _file(places: Places) -> Path:
    """One for each data file, under a name that tells nothing of it."""
    return places.state_folder / "me" / f"{sha256(str(places.data_file).encode()).hexdigest()[:20]}.json"


def remembered_names(places: Places) -> tuple[str, ...]:
    """The names that were given as mine; none where that cannot be read."""
    try:
        return msgspec.json.decode(read_file(_file(places)), type=tuple[str, ...])
    except (OSError, msgspec.MsgspecError):
        return ()


def my_names(places: Places, settings: Settings) -> tuple[str, ...]:
    """All by which I am known: remembered, and in the settings."""
    return (*remembered_names(places), *names_set(settings))


def names_set(settings: Settings) -> tuple[str, ...]:
    """Those in the settings, which nothing but the settings takes back."""
    return (*settings.nicknames, *filter(None, [settings.myself.name]))


def remember_names(places: Places, names: Iterable[str], forgotten: Iterable[str] = ()) -> bool:
    """Keep these besides those that are known, and none of the `forgotten`; whether it could be done."""
    before = remembered_names(places)
    gone = {fold(one_line(name)) for name in forgotten}
    known = {fold(name): name for name in (*before, *map(one_line, names)) if name and fold(name) not in gone}
    kept = tuple(known.values())[-_MOST:]
    if kept == before:
        return True
    file = _file(places)
    try:
        need_folder(file.parent)
        write_whole(file, msgspec.json.encode(kept))
    except OSError:
        return False
    return True
