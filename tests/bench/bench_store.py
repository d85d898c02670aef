"""How fast the store is, as ratios taken in one run: `python -m tests.bench.bench_store [SIZE …]`.

The references are SQLite (WAL, synchronous=FULL, one JSON row a case) on the same disk, a full parse
of the same file, and the store itself at its smallest size. Absolute times drift; ratios do not.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import Save
from pddtui.domain.record import recorded
from pddtui.store import Surroundings, TinyCaseStore
from pddtui.store.layout import file_pieces
from pddtui.store.merging import read_copy
from tests.store.making import CountingDisk, change, contact, make

SAVES = 60


class Measured(Struct, kw_only=True):
    """Medians of one size, in milliseconds."""

    save: float
    sqlite: float
    seen: float
    followed: float
    parse: float
    opened: float
    fold: float
    saving_gap: float
    folding_gap: float
    loading_gap: float
    written: float
    """Bytes written per save, as a multiple of the document."""
    united: float
    united_all: float
    """Uniting two copies with their histories in which each tenth case, or each case, went on on both sides, as a
    multiple of parsing both."""


def median_ms(act: Callable[[], object], times: int) -> float:
    spent = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent) * 1000


def with_one_more(case: Case) -> Case:
    return msgspec.structs.replace(case, contacts=(*case.contacts[:10], contact(len(case.contacts) + 40)))


def longest_gap_ms(act: Callable[[], object]) -> float:
    """The longest time a loop in this thread was held up while a worker did this, beyond its own tick."""
    worker = threading.Thread(target=act)
    gaps: list[float] = []
    worker.start()
    last = time.perf_counter()
    while worker.is_alive():
        time.sleep(0.0005)
        now = time.perf_counter()
        gaps.append(now - last)
        last = now
    worker.join()
    return max(gaps) * 1000 - 0.5


def fill(path: Path, size: int, *, history: bool = False) -> None:
    """Write a data file of so many cases with ten contacts each, with the history that led there or without one."""
    encode = msgspec.json.encode
    cases = (make(number, f"PDD-2026-{number + 1:05d}", contacts=10) for number in range(size))
    documents = ((str(number), encode(lived(case) if history else case)) for number, case in enumerate(cases, 1))
    meta: dict[str, object] = {"1": {"app": "pddtui", "schema": 2, "gen": 1, "token": "0" * 16}}
    with path.open("wb") as file:
        file.writelines(piece for piece, _ in file_pieces(meta, [("cases", documents)]))


def lived(case: Case) -> Case:
    """The case as it is when it was opened and each contact was logged by the program."""
    empty = msgspec.structs.replace(case, contacts=(), revision=0)
    before = recorded(None, empty, action="open", change_id=f"{case.id}.00", at=case.opened_at)
    for number, each in enumerate(case.contacts, 1):
        after = msgspec.structs.replace(before, contacts=case.contacts[:number])
        before = recorded(before, after, action="log", change_id=f"{case.id}.{number:02}", at=each.recorded_at)
    return before


def copies(folder: Path, size: int, every: int) -> tuple[Path, Path]:
    """Two data files of one origin: on each of two machines a contact was logged in every so many cases."""
    paths = folder / "here.json", folder / "there.json"
    encode = msgspec.json.encode
    for side, path in enumerate(paths):
        documents: list[tuple[str, bytes]] = []
        for number in range(size):
            case = lived(make(number, f"PDD-2026-{number + 1:05d}", contacts=10))
            if number % every == 0:
                more = msgspec.structs.replace(case, contacts=(*case.contacts, contact(50 + side)))
                at, save = case.opened_at + timedelta(days=90 + side), Save(f"machine{side}", number + 1)
                case = recorded(case, more, action="log", change_id=f"{case.id}.{side}x", at=at, save=save)
            documents.append((str(number + 1), encode(case)))
        meta: dict[str, object] = {"1": {"app": "pddtui", "schema": 2, "gen": 1, "token": f"{side}" * 16}}
        with path.open("wb") as file:
            file.writelines(piece for piece, _ in file_pieces(meta, [("cases", documents)]))
    return paths


def union(folder: Path, size: int, every: int) -> float:
    """Uniting the two, as a multiple of parsing both."""
    here, there = copies(folder, size, every)
    texts = here.read_bytes(), there.read_bytes()
    parse = median_ms(lambda: [msgspec.json.decode(text) for text in texts], 3)
    mine, theirs = read_copy(here), read_copy(there)
    return median_ms(lambda: theirs.united_with(mine.shelf).ops(), 3) / parse


class Sqlite:
    """The reference: read, change and save one case in one transaction."""

    def __init__(self, path: Path, size: int) -> None:
        self._base = sqlite3.connect(path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=WAL")
        self._base.execute("PRAGMA synchronous=FULL")
        self._base.execute("CREATE TABLE cases (id TEXT PRIMARY KEY, body TEXT)")
        self._base.execute("BEGIN")
        for number in range(size):
            case = make(number, "x", contacts=10)
            self._base.execute("INSERT INTO cases VALUES (?, ?)", (case.id, msgspec.json.encode(case)))
        self._base.execute("COMMIT")

    def save(self, number: int) -> None:
        identity = f"CASE{number:08d}"
        self._base.execute("BEGIN IMMEDIATE")
        (body,) = self._base.execute("SELECT body FROM cases WHERE id = ?", (identity,)).fetchone()
        case = with_one_more(msgspec.json.decode(body, type=Case))
        self._base.execute("UPDATE cases SET body = ? WHERE id = ?", (msgspec.json.encode(case), identity))
        self._base.execute("COMMIT")

    def close(self) -> None:
        self._base.close()


def measure(folder: Path, size: int) -> Measured:
    path = folder / "cases.json"
    fill(path, size)
    text = path.read_bytes()
    parse = median_ms(lambda: msgspec.json.decode(text), 3)
    # As the program does: no collection while it loads, and none of what it has loaded afterwards.
    gc.disable()
    disk = CountingDisk()
    around = Surroundings(disk=disk, own_records=folder / "own")
    stores: list[TinyCaseStore] = []
    opened = median_ms(lambda: stores.append(TinyCaseStore.open(path)), 3)
    loading_gap = longest_gap_ms(lambda: stores.append(TinyCaseStore.open(path, surroundings=around)))
    mine, other = stores[-1], stores[0]
    gc.freeze()
    gc.enable()
    numbers = iter(range(10_000))

    def save() -> None:
        change(mine, next(numbers) * 7 % size, with_one_more)

    base = Sqlite(folder / "reference.db", size)
    save()
    other.refresh()
    os.sync()
    seen: list[float] = []
    saving: list[float] = []
    reference: list[float] = []
    disk.written.clear()
    for number in range(SAVES):
        reference.append(median_ms(partial(base.save, number * 7 % size), 1))
        saving.append(median_ms(save, 1))
        seen.append(median_ms(lambda: (other.refresh(), other.cases()), 1))
    document = len(msgspec.json.encode(mine.cases()["CASE00000000"]))
    written = sum(disk.written.values()) / SAVES / document
    base.close()
    fold = median_ms(mine.storage.fold, 1)
    followed = median_ms(other.refresh, 1)
    saving_gap = longest_gap_ms(lambda: median_ms(save, 20))
    folding_gap = longest_gap_ms(mine.storage.fold)
    gc.unfreeze()
    return Measured(
        save=statistics.median(saving),
        sqlite=statistics.median(reference),
        seen=statistics.median(seen),
        followed=followed,
        parse=parse,
        opened=opened,
        fold=fold,
        saving_gap=saving_gap,
        folding_gap=folding_gap,
        loading_gap=loading_gap,
        written=written,
        united=union(folder, size, 10),
        united_all=union(folder, size, 1),
    )


def main(sizes: list[int]) -> None:
    results: dict[int, Measured] = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(dir=".") as folder:
            results[size] = measure(Path(folder), size)
    least, most = results[min(sizes)], results[max(sizes)]
    rows: list[tuple[str, Callable[[Measured], float], str]] = [
        ("durable save, ms", lambda found: found.save, ""),
        ("save with own record / SQLite WAL FULL", lambda found: found.save / found.sqlite, "<= 4"),
        ("bytes written / document", lambda found: found.written, "<= 4"),
        ("another window's save picked up, ms", lambda found: found.seen, ""),
        ("picked up / full parse", lambda found: found.seen / found.parse, "<= 0.01 at the largest"),
        ("a fold followed, ms", lambda found: found.followed, ""),
        ("open, ms", lambda found: found.opened, ""),
        ("open / full parse", lambda found: found.opened / found.parse, "<= 2.5"),
        ("fold, ms", lambda found: found.fold, ""),
        ("a tenth of two copies united / parse both", lambda found: found.united, "<= 2"),
        ("all of two copies united / parse both", lambda found: found.united_all, ""),
        ("loop held up by saves, ms", lambda found: found.saving_gap, "<= 5"),
        ("loop held up by a fold, ms", lambda found: found.folding_gap, "<= 20"),
        ("loop held up by a load, ms", lambda found: found.loading_gap, "<= 20"),
    ]
    out = sys.stdout.write
    out(f"{'cases':38}" + "".join(f"{size:>10,}" for size in results) + "  goal\n")
    for name, value, goal in rows:
        out(f"{name:38}" + "".join(f"{value(found):>10.3g}" for found in results.values()) + f"  {goal}\n")
    out(f"{'save at the largest / at the smallest':38}{most.save / least.save:>10.3g}  <= 2\n")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100, 1000, 10_000])
