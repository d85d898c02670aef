"""Copies of the data file that another program put beside it, and what they hold that is not here.

A sync tool keeps both sides of a conflict by giving one of them a name of its own; so do editors, and git. Nothing is
made of them by itself: they are named where they hold something that is not in the data file, and united with it when
a person says so. The copy stays where it is, as the same one may be missing somewhere else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pddtui.domain.ports import StrayCopy
from pddtui.durable import is_unfinished
from pddtui.errors import PddError
from pddtui.store.codec import head_of
from pddtui.store.disk import Surroundings
from pddtui.store.layout import CASES, UNDECODABLE
from pddtui.store.merging import in_use, read_copy
from pddtui.store.reading import Reading
from pddtui.store.shelf import Shelf
from pddtui.store.tiny import TinyCaseStore
from pddtui.store.uniting import Copy

__all__ = ["strays", "unite_strays"]

MOST_COPIES = 20
"""How many copies are looked at, the newest names first."""

MOST_BYTES = 256 << 20
"""Bytes of a copy beyond which it is left alone."""

_CONFLICT = re.compile(r"conflict|冲突|衝突|_conf\(", re.IGNORECASE)
"""What sync tools put into the name of a copy, whoever made it."""

_OWN = ("journal", "lock", "bak")


class _Found(Struct, frozen=True):
    """A copy that holds something."""

    path: Path
    copy: Copy
    cases: int
    contacts: int


def strays(store: TinyCaseStore) -> tuple[StrayCopy, ...]:
    """The copies beside the data file that hold something which is not here. Nothing is written."""
    reading = store.storage.reading
    return tuple(
        StrayCopy(name=found.path.name, path=str(found.path), cases=found.cases, contacts=found.contacts)
        for found in _with_news(store.path, reading, store.storage.surroundings)
    )


def unite_strays(store: TinyCaseStore) -> tuple[int, int, int]:
    """Unite them all with the data file, each in one save: how many cases changed, contacts came, and clashes."""
    cases, contacts, clashes = set[str](), 0, 0
    for found in list(_with_news(store.path, store.storage.reading, store.storage.surroundings)):
        united = store.unite(found.copy)
        cases |= united.changed.keys()
        contacts += united.contacts
        clashes += sum(len(met.clashes) for met in united.met())
    return len(cases), contacts, clashes


def _with_news(path: Path, reading: Reading, around: Surroundings) -> Iterator[_Found]:
    for place, certain in _named_like(path, around):
        copy = _read(place, around)
        if copy is None or (copy.token and reading.mark.grew_from(copy.token)):
            continue
        if not certain and not _related(copy, reading):
            continue
        uniter = copy.united_with(reading.shelf)
        if uniter.changed:
            yield _Found(place, copy, len(uniter.changed), uniter.contacts)


def _named_like(path: Path, around: Surroundings) -> list[tuple[Path, bool]]:
    """Regular files whose names show that they are copies, and whether that is certain."""
    name, stem, suffix = path.name, path.stem, path.suffix
    own = {name, *(f"{name}.{what}" for what in _OWN)}
    found: list[tuple[Path, bool]] = []
    try:
        names = around.disk.names(path.parent)
    except OSError:
        return []
    for other in names:
        if other in own or is_unfinished(other) or not other.startswith(stem):
            continue
        certain = _CONFLICT.search(other, len(stem)) is not None or other in (f"{name}.orig", f"{name}~")
        journal = other.startswith(f"{name}.") and other.endswith(".journal")
        if not (other.startswith(name) or other.endswith(suffix)) or (journal and not certain):
            continue
        place = path.with_name(other)
        try:
            if place.is_symlink() or not place.is_file() or place.stat().st_size > MOST_BYTES:
                continue
        except OSError:  # it is gone by now
            continue
        if certain or not in_use(place, around):  # a data file of its own has its lock beside it
            found.append((place, certain))
    return sorted(found, reverse=True)[:MOST_COPIES]


def _read(place: Path, around: Surroundings) -> Copy | None:
    try:
        return read_copy(place, around)
    except (PddError, OSError):
        return None


def _related(copy: Copy, reading: Reading) -> bool:
    """Whether the copy was once this file, and is not another one with a name like it."""
    if copy.counts.keys() & reading.counts.keys():
        return True
    ours = _ids(reading.shelf)
    return not ours.isdisjoint(_ids(copy.shelf))


def _ids(shelf: Shelf) -> set[str]:
    found: set[str] = set()
    for _, raw in shelf.documents(CASES):
        try:
            found.add(head_of(raw).id)
        except (*UNDECODABLE, ValueError):
            continue
    return found
