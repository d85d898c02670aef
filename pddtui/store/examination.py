"""How a data file is and what stands beside it, as it would be opened now. Nothing is changed."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.errors import Damaged
from pddtui.message import Message, msg, plural
from pddtui.store.backups import Backups
from pddtui.store.soundness import broken_histories, counted, doubles
from pddtui.store.surroundings import Surroundings
from pddtui.store.tiny import TinyCaseStore

__all__ = ["Finding", "examine"]


class Finding(Struct, frozen=True, kw_only=True):
    """What `doctor` says of the data file."""

    trouble: tuple[Message, ...]
    """What is damaged, the worst first; nothing when all is whole."""
    notes: tuple[Message, ...] = ()
    """What one should know: the file is read-only here, somebody died in the middle of a fold."""
    facts: tuple[Message, ...]
    """What is there."""
    cases: tuple[Case, ...] = ()
    """Every case that could be read, those in the trash too."""


def examine(path: Path, surroundings: Surroundings | None = None) -> Finding:
    """The state of the data file and of what stands beside it, as it would be opened now. Nothing is changed."""
    around = surroundings or Surroundings()
    path = Path(os.path.realpath(path))
    backups = Backups(path, around.disk)
    facts = [
        plural("{n} backup in {folder}.", "{n} backups in {folder}.", len(backups.whole()), folder=str(backups.folder))
    ]
    try:
        store = TinyCaseStore.open(path, surroundings=around)
    except Damaged as error:
        return Finding(trouble=(error.message,), facts=tuple(facts))
    reading, cases = store.storage.reading, tuple(store.cases().values())
    facts = [
        plural("{n} case in {path}.", "{n} cases in {path}.", len(cases), path=str(path)),
        plural("{n} save waits in the journal.", "{n} saves wait in the journal.", reading.saves),
        *facts,
    ]
    trouble = [*store.warnings, *doubles(reading.shelf), *broken_histories(cases)]
    notes = [*([] if store.read_only is None else [store.read_only]), *counted(cases)]
    if reading.settled:
        notes.append(
            plural(
                "A journal with {n} save is left beside the data file, which holds it already: "
                "the next command clears it away.",
                "A journal with {n} saves is left beside the data file, which holds them already: "
                "the next command clears it away.",
                reading.settled,
            )
        )
    torn = [name for name in around.disk.names(path.parent) if name.startswith(path.name) and name.endswith(".tmp")]
    if torn:
        notes.append(
            msg("{names} was left by a session that died; the next save sweeps it away.", names=tuple(sorted(torn)))
        )
    store.release()
    return Finding(trouble=tuple(trouble), notes=tuple(notes), facts=tuple(facts), cases=cases)
