"""Whether everything that a save needs may be written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pddtui.store.disk import Disk

__all__ = ["find_closed"]


def find_closed(disk: Disk, path: Path, beside: Iterable[Path]) -> str | None:
    """What may not be written of the data file, its folder and what stands beside it; None when all may be."""
    nearest = next(place for place in (path.parent, *path.parents) if disk.stat(place) is not None)
    if not disk.writable(nearest):
        return str(path)
    return next((str(part) for part in (path, *beside) if disk.stat(part) and not disk.writable(part)), None)
