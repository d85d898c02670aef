from __future__ import annotations

import errno
import itertools
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec
import pytest

from pddtui.errors import PddError
from pddtui.store import Surroundings, TinyCaseStore
from tests.store.hostile import ForgetfulDisk, HastyDisk, Leaving, RefusingDisk, Wreck, errors, spill
from tests.store.making import HandClock, add, change, make, repeated, session, titles

Expected = dict[str, str]

HASTY = Surroundings(disk=HastyDisk(), trust_network=True)
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
        first = self.open()
        for number in (1, 2, 3):
            self.add(first, number, f"a{number}")
        second = self.open()
        self.change(second, 2, "b2")
        self.add(first, 4, "a4")
        self.fold(first)
        self.change(second, 1, "b1")
        self.fold(second)
        self.change(first, 2, "a2")
        self.add(first, 5, "a5")
        self.change(second, 5, "b5")
        self.fold(first)
        self.change(first, 1, "the last word")

    def open(self) -> TinyCaseStore | None:
        try:
            store = session(self.path, self.surroundings)
        except PddError as error:
            self.refused.append(error)
            return None
        self.stores.append(store)
        return store

    def add(self, store: TinyCaseStore | None, number: int, title: str) -> None:
        self._save(store, number, title, lambda: add(self._of(store), number, title=title))

    def change(self, store: TinyCaseStore | None, number: int, title: str) -> None:
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

    def fold(self, store: TinyCaseStore | None) -> None:
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
    moments: list[Moment] = []

    def remember(call: str) -> None:
        moments.append(Moment(call, dict(story.acknowledged), dict(story.flying), disk.states()))

    if unmarked:
        _write_unmarked(disk, story)
    disk.after_call = remember
    story.tell()
    assert story.refused == []
    looked = Looked(folder)
    return disk.calls, sum(len(moment.left) for moment in moments), [it for each in moments for it in looked.at(each)]


class Moment(NamedTuple):
    """A moment at which the power goes."""

    call: str
    acknowledged: Expected
    flying: Expected
    left: dict[str, dict[str, bytes]]
    """The files that may be left, for each way in which it can end."""


class Looked:
    """Looks at what is left, at the same only once."""

    def __init__(self, folder: Path, *, goes_on: bool = True) -> None:
        """`goes_on`: after the crash a save is tried too."""
        self._folder = folder
        self._goes_on = goes_on
        self._checked: set[tuple[object, ...]] = set()

    def at(self, moment: Moment) -> Iterator[str]:
        """What is lost."""
        call, acknowledged, flying, left = moment
        for state, files in left.items():
            seen = (*sorted(files.items()), *sorted(acknowledged.items()), *sorted(flying.items()))
            if seen in self._checked:
                continue
            self._checked.add(seen)
            place = spill(self._folder / f"{len(self._checked)}", files)
            path = place / "deep" / "cases.json"
            try:
                store = session(path, HASTY)
                lost = missing(titles(store), acknowledged, flying)
                store.release()
                if not lost and self._goes_on and state in ("half", "zeros"):
                    lost = _goes_on(path, titles(store))
            except PddError as error:
                lost = [str(error)]
            yield from (f"after {call!r}, {state}: {problem}" for problem in lost)
            shutil.rmtree(place, ignore_errors=True)


class Killed(NamedTuple):
    """A first session that was killed after a call: what it left, and what it had acknowledged."""

    call: str
    wreck: Wreck
    acknowledged: Expected
    flying: Expected


def kills(folder: Path, *, write_through: bool, unmarked: bool) -> list[Killed]:
    """The first sessions, killed after every call of their story; once each where they leave the same."""
    root = folder / "first"
    root.mkdir()
    disk, clock = ForgetfulDisk(root), HandClock()
    around = Surroundings(disk=disk, tick=clock.tick, now=clock.now, write_through=write_through)
    story = Story(root / "deep" / "cases.json", around)
    found: dict[object, Killed] = {}

    def remember(call: str) -> None:
        killed = Killed(call, disk.wreck(), dict(story.acknowledged), dict(story.flying))
        found.setdefault(repr(killed[1:]), killed)

    if unmarked:
        _write_unmarked(disk, story)
    disk.after_call = remember
    story.tell()
    assert story.refused == []
    return list(found.values())


Going = Literal["save", "fold"]

WAYS: tuple[tuple[Going, ...], ...] = (("save", "fold", "save"), ("fold", "save"))
"""What a second session does first with what it found: append to it, or clear it away."""


def goes_on(
    folder: Path, killed: Killed, steps: Sequence[Going], *, leave_out: Leaving | None, every_call: bool
) -> Iterator[Moment]:
    """What a second session does on what the killed one left: the moments at which it acknowledged something."""
    folder.mkdir()
    disk, clock = ForgetfulDisk.after(killed.wreck, folder, leave_out=leave_out), HandClock()
    story = Story(
        folder / "deep" / "cases.json", Surroundings(disk=disk, tick=clock.tick, now=clock.now, trust_network=True)
    )
    story.acknowledged, flying = dict(killed.acknowledged), dict(killed.flying)
    moments: list[Moment] = []

    def remember(call: str) -> None:
        flies = {**flying, **story.flying}
        moments.append(Moment(f"{killed.call}, then {call}", dict(story.acknowledged), flies, disk.states()))

    if every_call:
        disk.after_call = remember
    store = story.open()
    for count, step in enumerate(steps):
        known = [number for number in (1, 2, 6) if f"CASE{number:08d}" in story.acknowledged.keys() - flying]
        if step == "fold":
            story.fold(store)
        elif known:
            story.change(store, known[0], f"second {count}")
        else:
            story.add(store, 6, f"second {count}")
        assert story.refused == []
        remember(" ".join(steps[: count + 1]))
        yield from moments
        moments.clear()
    for each in story.stores:
        each.release()


def second_sessions(
    folder: Path,
    *,
    write_through: bool = False,
    unmarked: bool = False,
    every_call: bool = False,
    leave_out: Leaving | None = None,
) -> tuple[int, int, list[str]]:
    """Kill the first session after every call, let a second one go on, then cut the power: kills, states, losses.

    A mutant, which leaves something out, is followed up to its first loss.
    """
    problems: list[str] = []
    states = 0
    looked = Looked(folder, goes_on=every_call)
    first = kills(folder, write_through=write_through, unmarked=unmarked)
    for number, (killed, steps) in enumerate(itertools.product(first, WAYS)):
        place = folder / f"second-{number}"
        for moment in goes_on(place, killed, steps, leave_out=leave_out, every_call=every_call):
            states += len(moment.left)
            problems += looked.at(moment)
            if problems and leave_out is not None:
                return number, states, problems
        shutil.rmtree(place)
    return len(first), states, problems


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


@pytest.mark.parametrize(
    "how",
    [
        "journal",
        pytest.param("write_through", marks=pytest.mark.slow),
        pytest.param("unmarked", marks=pytest.mark.slow),
        pytest.param("every_call", marks=pytest.mark.slow),
    ],
)
def test_what_two_sessions_acknowledged_outlives_a_kill_and_then_a_power_cut(
    tmp_path: Path, summary: Callable[..., None], how: str
) -> None:
    killed, states, problems = second_sessions(
        tmp_path,
        write_through=how == "write_through",
        unmarked=how == "unmarked",
        every_call=how == "every_call",
    )
    summary(kills=killed, crash_states=states, lost=len(problems))
    assert problems == []


@pytest.mark.parametrize(
    "leave_out", ["append", "truncation", "removal", "folder", "birth", "swap", "journal", "temporary"]
)
def test_leaving_out_a_sync_of_what_a_killed_session_left_would_be_noticed(tmp_path: Path, leave_out: Leaving) -> None:
    assert second_sessions(tmp_path, leave_out=leave_out)[2] != []


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
