"""A session in a process of its own: `python -m tests.store.worker PATH SEED SAVES MUTANT [stamped] [waiting]`.

It raises the counter of random cases by one and reports each acknowledged save on standard output,
with the moment if wanted. If it is to wait it says when it is ready and begins at a word on standard input.
The cases grow and shrink. Now and then it folds, as an idle session does.
"""

from __future__ import annotations

import contextlib
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

import msgspec

from pddtui.domain.case import Case
from pddtui.errors import PddError
from pddtui.store import TinyCaseStore
from pddtui.store.codec import Tombstone
from pddtui.store.journal import Op
from pddtui.store.lock import FileLock
from pddtui.store.own import OwnNews
from tests.store.making import change, contact, session


class NoLock(FileLock):
    """Mutant: excludes nobody."""

    @contextlib.contextmanager
    def exclusive(self, since: datetime, *, kept: bool) -> Iterator[None]:  # noqa: ARG002 -- it only looks like a lock
        yield

    @contextlib.contextmanager
    def shared(self) -> Iterator[bool]:
        yield True


def lock_late(store: TinyCaseStore) -> None:
    """Mutant: hold the lock for the write only, as a TinyDB storage alone could."""
    storage, real = store.storage, store.storage.lock
    commit = storage.commit

    def late(
        ops: list[Op],
        cases: Sequence[OwnNews] = (),
        erased: Sequence[Tombstone] = (),
        known: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        with real.exclusive(storage.surroundings.now(), kept=True):
            commit(ops, cases, erased, known)

    storage.lock = NoLock(real.path, storage.disk, patience=1)
    storage.commit = late  # type: ignore[method-assign]  # this is what makes it a mutant


def main(path: Path, seed: int, saves: int, mutant: str, *, stamped: bool, waiting: bool) -> None:
    store = session(path)
    if mutant == "no-lock":
        store.storage.lock = NoLock(store.storage.lock.path, store.storage.disk, patience=1)
    elif mutant == "late-lock":
        lock_late(store)
    chance = random.Random(seed)  # noqa: S311 -- which case comes next is no secret
    numbers = [int(identity.removeprefix("CASE")) for identity in store.cases()]
    if waiting:
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
    for _ in range(saves):
        contacts = tuple(contact(index) for index in range(chance.randrange(6)))

        def move(case: Case, contacts: tuple[object, ...] = contacts) -> Case:
            return msgspec.structs.replace(case, title=str(int(case.title) + 1), contacts=contacts)

        try:
            case = change(store, chance.choice(numbers), move)
        except PddError as error:
            sys.stdout.write(f"refused {type(error).__name__}\n")
        else:
            stamp = f" {time.monotonic()}" if stamped else ""
            sys.stdout.write(f"saved {case.id} {case.revision} {case.title}{stamp}\n")
        sys.stdout.flush()
        if chance.random() < 0.08:
            with contextlib.suppress(PddError):
                store.storage.fold()
    store.close()


if __name__ == "__main__":
    given, how = sys.argv[1:5], sys.argv[5:]
    main(Path(given[0]), int(given[1]), int(given[2]), given[3], stamped="stamped" in how, waiting="waiting" in how)
