from __future__ import annotations

import errno
import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from pddtui.errors import PddError
from pddtui.store import Surroundings, TinyCaseStore
from tests.store.hostile import STATES, ForgetfulDisk, HastyDisk, Leaving, RefusingDisk, State, errors, spill
from tests.store.making import HandClock, add, change, make, repeated, session, titles

Expected = dict[str, str]

HASTY = Surroundings(disk=HastyDisk())
"""For looking at what is left, where nothing crashes any more."""


class Story:
    """Two sessions that create, change and fold in turn, with what was acknowledged at any moment."""

    def __init__(self, path: Path, surroundings: Surroundings) -> None:
        self.path = path
        self.surroundings = surroundings
        self.acknowledged: Expected = {}
        self.flying: Expected = {}
        self.refused: list[PddError] = []
        self.saved_after_refusal: list[TinyCaseStore] = []
        """Sessions that saved something after a save of theirs was refused."""
        self._refusers: list[TinyCaseStore] = []
        self.stores: list[TinyCaseStore] = []

    def tell(self) -> None:
        first = self._open()
        for number in (1, 2, 3):
            self._add(first, number, f"a{number}")
        second = self._open()
        self._change(second, 2, "b2")
        self._add(first, 4, "a4")
        self._fold(first)
        self._change(second, 1, "b1")
        self._fold(second)
        self._change(first, 2, "a2")
        self._add(first, 5, "a5")
        self._change(second, 5, "b5")
        self._fold(first)
        self._change(first, 1, "the last word")

    def _open(self) -> TinyCaseStore | None:
        try:
            store = session(self.path, self.surroundings)
        except PddError as error:
            self.refused.append(error)
            return None
        self.stores.append(store)
        return store

    def _add(self, store: TinyCaseStore | None, number: int, title: str) -> None:
        self._save(store, number, title, lambda: add(self._of(store), number, title=title))

    def _change(self, store: TinyCaseStore | None, number: int, title: str) -> None:
        if f"CASE{number:08d}" in self.acknowledged:
            self._save(
                store,
                number,
                title,
                lambda: change(self._of(store), number, lambda case: msgspec.structs.replace(case, title=title)),
            )

    def _save(self, store: TinyCaseStore | None, number: int, title: str, save: Callable[[], object]) -> None:
        if store is None:
            return
        identity = f"CASE{number:08d}"
        self.flying = {identity: title}
        try:
            save()
        except PddError as error:
            self.refused.append(error)
            self._refusers.append(store)
        else:
            self.acknowledged[identity] = title
            self.flying = {}
            self.saved_after_refusal += [store] if store in self._refusers else []

    def _fold(self, store: TinyCaseStore | None) -> None:
        if store is not None:
            try:
                store.storage.fold()
            except PddError as error:
                self.refused.append(error)

    @staticmethod
    def _of(store: TinyCaseStore | None) -> TinyCaseStore:
        assert store is not None
        return store


def missing(found: Expected, acknowledged: Expected, flying: Expected) -> list[str]:
    return [
        f"{identity}: acknowledged {title!r}, found {found.get(identity)!r}"
        for identity, title in acknowledged.items()
        if found.get(identity) not in (title, flying.get(identity, title))
    ]


def crashes(
    folder: Path, *, write_through: bool, leave_out: Leaving | None = None, unmarked: bool = False
) -> tuple[int, int, list[str]]:
    """Tell the story, crash after every call in every way; calls, states and what was lost."""
    root = folder / "live"
    root.mkdir()
    disk = ForgetfulDisk(root, leave_out=leave_out)
    clock = HandClock()
    around = Surroundings(disk=disk, tick=clock.tick, now=clock.now, write_through=write_through)
    story = Story(root / "deep" / "cases.json", around)
    moments: list[tuple[str, Expected, Expected, dict[State, dict[str, bytes]]]] = []

    def remember(call: str) -> None:
        left = {state: disk.left(state) for state in STATES}
        moments.append((call, dict(story.acknowledged), dict(story.flying), left))

    if unmarked:
        _write_unmarked(disk, story)
    disk.after_call = remember
    story.tell()
    assert story.refused == []
    problems: list[str] = []
    checked: set[tuple[object, ...]] = set()
    count = itertools.count()
    for call, acknowledged, flying, left in moments:
        for state, files in left.items():
            seen = (*sorted(files.items()), *sorted(acknowledged.items()), *sorted(flying.items()))
            if seen in checked:
                continue
            checked.add(seen)
            place = spill(folder / f"{next(count)}", files)
            path = place / "deep" / "cases.json"
            try:
                store = session(path, HASTY)
                lost = missing(titles(store), acknowledged, flying)
                store.release()
                if not lost and state in ("half", "zeros"):
                    lost = _goes_on(path, titles(store))
            except PddError as error:
                lost = [str(error)]
            problems += [f"after {call!r}, {state}: {problem}" for problem in lost]
            shutil.rmtree(place, ignore_errors=True)
    return disk.calls, len(moments) * len(STATES), problems


def _write_unmarked(disk: ForgetfulDisk, story: Story) -> None:
    """A durable file of schema 0, as stock TinyDB writes it."""
    old = make(50, "PDD-2025-0001", title="from before")
    disk.need_folder(story.path.parent)
    fd = disk.open(story.path, os.O_RDWR | os.O_CREAT)
    disk.write_all(fd, [msgspec.json.encode({"cases": {"1": old}})])
    disk.sync(fd)
    disk.close(fd)
    disk.sync_folder(story.path.parent)
    story.acknowledged[old.id] = old.title


def _goes_on(path: Path, before: Expected) -> list[str]:
    """After the crash a save works and takes nothing away."""
    store = session(path, HASTY)
    add(store, 99, title="after the crash")
    store.close()
    again = session(path, HASTY)
    found = titles(again)
    again.release()
    return missing(found, {**before, "CASE00000099": "after the crash"}, {})


@pytest.mark.parametrize("write_through", [False, True], ids=["journal", "write-through"])
def test_a_crash_after_any_call_loses_nothing_acknowledged(
    tmp_path: Path, summary: Callable[..., None], write_through: bool
) -> None:
    calls, states, problems = crashes(tmp_path, write_through=write_through)
    summary(calls=calls, crash_states=states, lost=len(problems))
    assert problems == []


def test_a_crash_after_any_call_of_a_migration_loses_nothing(tmp_path: Path, summary: Callable[..., None]) -> None:
    calls, states, problems = crashes(tmp_path, write_through=False, unmarked=True)
    summary(calls=calls, crash_states=states, lost=len(problems))
    assert problems == []


@pytest.mark.parametrize(
    ("leave_out", "write_through"), [("temporary", True), ("swap", True), ("journal", False), ("birth", False)]
)
def test_leaving_out_any_one_sync_would_be_noticed(
    tmp_path: Path, summary: Callable[..., None], leave_out: Leaving, write_through: bool
) -> None:
    calls, states, problems = crashes(tmp_path, write_through=write_through, leave_out=leave_out)
    summary(calls=calls, crash_states=states, noticed=len(problems))
    assert problems != []


@repeated(1, len(errors()))
@pytest.mark.parametrize(
    ("write_through", "links"),
    [(False, True), (True, True), (True, False)],
    ids=["journal", "write-through", "copied backups"],
)
def test_any_one_call_may_fail_and_memory_equals_disk_and_the_next_save_works(
    tmp_path: Path, summary: Callable[..., None], write_through: bool, links: bool, times: int
) -> None:
    """With so many errors at each call: each call its own, or all of them."""
    counting = RefusingDisk(links=links)
    Story(tmp_path / "count" / "cases.json", Surroundings(disk=counting, write_through=write_through)).tell()
    assert any(call.startswith("copy") for call in counting.calls) is not links
    problems: list[str] = []
    runs = refused = distrusted = 0
    for turn, call in enumerate(counting.calls, 1):
        if times == 1 and not links and not call.startswith(("copy", "sync .journal")):
            continue  # with hard links it was tried
        tried = {errors()[(turn + index) % len(errors())] for index in range(times)}
        if call == "sync .journal":
            tried.add((errno.EIO, False))
        for error, short in sorted(tried):
            if short and not call.startswith("write "):
                continue
            runs += 1
            folder = tmp_path / f"{turn}-{error}-{short}"
            disk = RefusingDisk(turn, error, short=short, links=links)
            story = Story(folder / "cases.json", Surroundings(disk=disk, write_through=write_through))
            story.tell()
            refused += bool(story.refused)
            problems += [f"{call} #{turn}, error {error}: {problem}" for problem in _after(story, call, disk)]
            if call == "sync .journal" and error == errno.EIO:
                distrusted += 1
                if story.saved_after_refusal:
                    problems.append(f"{call} #{turn}: a session saved on although the disk had failed under it")
            shutil.rmtree(folder, ignore_errors=True)
    summary(runs=runs, refused_a_save=refused, distrusted_the_disk=distrusted, lost=len(problems))
    assert problems == []
    assert min(refused, distrusted) > 0


def _after(story: Story, call: str, disk: RefusingDisk) -> list[str]:
    disk.turn = 0
    fresh = session(story.path, HASTY)
    found = titles(fresh)
    problems = missing(found, story.acknowledged, {})
    for store in story.stores:
        store.refresh()
        if titles(store) != found:
            problems.append(f"a session sees {titles(store)}, the disk holds {found}")
        store.release()
    left = [path.name for path in story.path.parent.glob("*.tmp")]
    if left and not call.startswith("unlink"):
        problems.append(f"left behind: {left}")
    add(fresh, 99, title="later")
    fresh.close()
    return problems + missing(titles(session(story.path, HASTY)), {**found, "CASE00000099": "later"}, {})
