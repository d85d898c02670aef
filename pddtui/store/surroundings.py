"""What the store takes from outside itself, in one value, so that a test can replace each part."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from pddtui.store.disk import Disk

__all__ = ["Surroundings"]


def _now() -> datetime:
    return datetime.now(UTC)


class Surroundings(Struct, frozen=True, kw_only=True):
    """The disk, the clocks and the user's choices a store works with."""

    disk: Disk = Disk()
    now: Callable[[], datetime] = _now
    """Wall clock, aware; it dates backups and the note in the lock file."""
    tick: Callable[[], float] = time.monotonic
    """Seconds that never jump; they decide when a fold is due."""
    patience: float = 5.0
    """Seconds to wait for another session's lock."""
    write_through: bool = False
    """Bring the data file itself up to date before a save is acknowledged."""
    trust_network: bool = False
    """The user says that no other machine opens this file, so a network file system may be written."""
    mounts: str = "/proc/self/mountinfo"
    """Where the kernel lists what is mounted."""
