"""The backups: former data files, kept beside the data file as hard links, at no cost of time.

Kept are the last five, one for each of seven days and of four weeks, and one before each migration. What was damaged
or foreign is kept too, and never rotated away.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pddtui.ownership import own_folder, wrong_owner
from pddtui.store.disk import UNLINKABLE, Disk

__all__ = ["Backups", "surplus"]

KEPT_RECENT, KEPT_DAYS, KEPT_WEEKS = 5, 7, 4

APART = timedelta(minutes=10)
"""The shortest time between two ordinary backups."""

ROOM = 256 << 20
"""How many bytes the ordinary backups may take together, or three data files where that is more."""

STAMP = "%Y%m%dT%H%M%S"
_OURS = re.compile(r"(?:[a-z][a-z0-9-]*-)?\d{8}T\d{6}\.(?:json|journal)")


class Backups:
    """The folder `<data file>.bak`."""

    def __init__(self, path: Path, disk: Disk) -> None:
        self.path = path
        """The data file that is backed up."""
        self.folder = path.with_name(f"{path.name}.bak")
        self._disk = disk

    def ordinary(self, now: datetime) -> list[tuple[datetime, Path]]:
        """The backups made on folding up to now, oldest first.

        Those of a clock that once ran ahead are left alone until their time comes: they do not show how long ago the
        last backup was made, and push out no others.
        """
        dated = [(when, self.folder / name) for name in self._names() if (when := _dated(name))]
        return [(when, path) for when, path in dated if when <= now]

    def whole(self) -> list[Path]:
        """Every former data file that was sound when it was put here, newest first."""
        try:
            found = self._names()
        except OSError:  # a folder that may not be read offers none
            return []
        names = [name for name in found if name.endswith(".json") and "corrupt" not in name]
        paths = [self.folder / name for name in sorted(names, key=lambda name: name[-20:], reverse=True)]
        return [path for path in paths if not self._of_others(path)]

    def _of_others(self, path: Path) -> bool:
        """Whether another user put the file there, who may not write the data file."""
        found = self._disk.stat(path)
        return found is not None and bool(wrong_owner(found, self.path, self._disk.stat))

    def foreign(self) -> list[str]:
        """The names of what lies there and was not put there by the program."""
        try:
            return [name for name in self._names() if not _OURS.fullmatch(name)]
        except OSError:
            return []

    def size(self) -> int:
        """The bytes of all whole backups; several that are one file count once."""
        found = [status for path in self.whole() if (status := self._disk.stat(path)) is not None]
        return sum({(status.st_dev, status.st_ino): status.st_size for status in found}.values())

    def rotate(self, now: datetime) -> None:
        """Keep the data file as it is now, if the last backup is old enough, and drop the surplus."""
        found = self.ordinary(now)
        if found and now - found[-1][0] < APART:
            return
        kept = self.keep("", now, self.path)
        self.drop(surplus(found, now))
        self._limit(kept, now)

    def limit(self, kind: str, most: int) -> None:
        """Drop all but the newest of a kind."""
        names = [name for name in self._names() if name.startswith(f"{kind}-")]
        self.drop(self.folder / name for name in names[:-most])

    def keep(self, kind: str, now: datetime, source: Path) -> Path:
        """Keep a file under its kind (`pre-v2`, `pre-merge`, `corrupt`, `journal`, or none) and the time."""
        self._disk.need_folder(own_folder(self.folder))
        taken = self._names()
        while (name := _name(kind, now)) in taken:
            now += timedelta(seconds=1)
        target = self.folder / name
        try:
            self._disk.link(source, target)
        except OSError as error:
            if error.errno not in UNLINKABLE:
                raise
            self._disk.copy(source, target)
        if kind:
            # What is kept for a reason must be there before its original goes, in a folder that a killed session may
            # have made.
            self._disk.sync_folder(self.folder)
            self._disk.sync_folder(self.folder.parent)
        return target

    def _names(self) -> list[str]:
        """What lies there. `OSError` for a folder that another user put there, or a link."""
        found = self._disk.stat(own_folder(self.folder))
        if found is not None and (number := wrong_owner(found, self.path, self._disk.stat)):
            raise OSError(number, os.strerror(number), str(self.folder))
        return self._disk.names(self.folder)

    def drop(self, paths: Iterable[Path]) -> None:
        """Remove these backups; one that cannot be removed stays."""
        for path in paths:
            with contextlib.suppress(OSError):
                self._disk.unlink(path)

    def _limit(self, newest: Path, now: datetime) -> None:
        sizes = [(path, found.st_size) for _, path in self.ordinary(now) if (found := self._disk.stat(path))]
        total = sum(size for _, size in sizes)
        room = max(ROOM, 3 * sizes[-1][1] if sizes else 0)
        for path, size in sizes:
            if total <= room or path == newest:
                return
            self.drop([path])
            total -= size


def surplus(found: Sequence[tuple[datetime, Path]], now: datetime) -> set[Path]:
    """The backups, given oldest first, that no rule keeps."""
    keep = {path for _, path in found[-KEPT_RECENT:]}
    days: dict[object, Path] = {}
    weeks: dict[object, Path] = {}
    for when, path in found:
        if now - when < timedelta(days=KEPT_DAYS):
            days[when.date()] = path
        if now - when < timedelta(weeks=KEPT_WEEKS):
            weeks[when.isocalendar()[:2]] = path
    keep |= {*days.values(), *weeks.values()}
    return {path for _, path in found} - keep


def _name(kind: str, when: datetime) -> str:
    stem = when.astimezone(UTC).strftime(STAMP)
    return f"{kind}-{stem}.journal" if kind == "journal" else f"{kind}-{stem}.json".removeprefix("-")


def _dated(name: str) -> datetime | None:
    try:
        return datetime.strptime(name, STAMP + ".json").replace(tzinfo=UTC)
    except ValueError:
        return None
