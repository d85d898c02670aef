"""Thirty days on machines whose data file is replicated as people do it: nothing that was acknowledged is missing.

Whole files are copied, as Syncthing, OneDrive and rsync do, by the newest or with the other one put aside; the journal
sometimes goes, backups and own records never come along.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from msgspec import Struct, structs

from pddtui.domain.case import Case, Contact
from pddtui.domain.history import Save, broken_link
from pddtui.domain.record import recorded
from pddtui.domain.union import altered
from pddtui.errors import PddError
from pddtui.store import Surroundings, TinyCaseStore
from pddtui.store.disk import Disk
from pddtui.store.own import OwnRecord, OwnSave, joined
from pddtui.store.storage import JournalStorage
from pddtui.store.tiny import Box
from tests.store.making import START, repeated

DAYS = 30


class Use(Struct, frozen=True, kw_only=True):
    """How people use their machines, and how the file goes from one to the other."""

    machines: int = 2
    alternating: bool = True
    """One machine a day in turn; else all of them at once."""
    every: timedelta = timedelta(minutes=10)
    conflict_copies: bool = True
    """Where two changed, whether the older one is put aside; else it is gone."""
    put_back: bool = False
    """Twice a month an older file is put in the place of the one that is there."""
    without_journal: bool = False
    """Whether copying removes what lies beside the file."""
    window: bool = False
    """Whether the first machine keeps a window open all the while."""
    kills: float = 0
    """What share of the saves is killed half way."""
    in_place: bool = False
    """Whether the tool writes into the file that is there."""


USES = {
    "in turn, every 10 minutes, conflict copies": Use(),
    "in turn, every 10 minutes, newest wins": Use(conflict_copies=False),
    "in turn, every 4 hours, newest wins": Use(every=timedelta(hours=4), conflict_copies=False),
    "at once, every 10 minutes, conflict copies": Use(alternating=False),
    "at once, every 10 minutes, newest wins": Use(alternating=False, conflict_copies=False),
    "at once, daily, by rsync that deletes": Use(
        alternating=False, every=timedelta(days=1), conflict_copies=False, without_journal=True, kills=0.2
    ),
    "in turn, an older file put back twice a month": Use(put_back=True),
    "three at once, one with a window": Use(
        machines=3,
        alternating=False,
        conflict_copies=False,
        without_journal=True,
        put_back=True,
        window=True,
        kills=0.2,
    ),
    "two windows, copied into the file in place": Use(
        machines=2,
        alternating=False,
        conflict_copies=False,
        put_back=True,
        window=True,
        in_place=True,
        every=timedelta(hours=4),
    ),
}


class Crash(BaseException):
    """The program is killed."""


class QuickDisk(Disk):
    """A disk that need not be waited for: no power goes here. The program may be killed between two files of a save."""

    def __init__(self) -> None:
        self.kill_at: int | None = None
        """Before which of the files to which the next save adds a line."""

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        if self.kill_at is not None:
            if flags & os.O_APPEND:
                self.kill_at -= 1
                if self.kill_at == 0:
                    raise Crash
            if self.kill_at <= 0 and flags & os.O_RDWR:
                raise OSError(errno.EIO, "whoever was killed does nothing any more")
        return super().open(path, flags, mode)

    def sync(self, fd: int) -> None:
        """Nothing."""

    def sync_folder(self, path: Path) -> None:
        """Nothing."""


class Computer:
    """One machine: a folder with the data file, and its own record outside of that."""

    def __init__(self, folder: Path, world: World) -> None:
        self.name = folder.name
        self.path = folder / "data" / "cases.json"
        self.world = world
        self.disk = QuickDisk()
        self.around = Surroundings(
            disk=self.disk, own_records=folder / "state", now=world.now, tick=world.tick, trust_network=True
        )
        self.window: TinyCaseStore | None = None
        self.synced = b""
        """What the file was when it was last copied here or from here."""
        self.changed_at = 0.0
        self.said = 0
        """How often a session was told that the file is not the one that was here."""
        self.mine: list[str] = []
        """What this machine acknowledged."""
        self.lacks = False
        """Whether the file that was put here last lacks some of that, and nobody was told yet."""
        self.path.parent.mkdir(parents=True)

    def content(self) -> bytes:
        return self.path.read_bytes() if self.path.exists() else b""

    def open(self) -> TinyCaseStore:
        return TinyCaseStore.open(self.path, surroundings=self.around)

    def session(self, *, saves: int = 0, fold: bool = False) -> None:
        """A program that comes and goes; without saves it only looks."""
        store = self.open()
        self.hear(store)
        for _ in range(saves):
            if not self.save(store):
                self.look()
                return
        if fold:
            store.storage.fold()
        store.close() if saves or fold else store.release()
        self.look()

    def save(self, store: TinyCaseStore) -> bool:
        """Log a contact, seldom in a case of its own; it is acknowledged when this returns.

        Sometimes the program is killed meanwhile. What the next session shows then counts as acknowledged too.
        """
        world, killed, case_id = self.world, False, ""
        number = world.next()
        self.disk.kill_at = 2 if world.random.random() < world.use.kills else None
        try:
            with store.transaction() as box:
                case_id = self.log(box, number)
        except Crash:
            killed = True
        finally:
            self.disk.kill_at = None
        if not killed:
            world.acknowledged.append((case_id, f"K{number}"))
            self.mine.append(f"K{number}")
        else:
            store.release()
            world.acknowledged += [each for each in self.contacts() if each[1] == f"K{number}"]
        return not killed

    def log(self, box: Box, number: int) -> str:
        world, cases = self.world, sorted(box.cases())
        at = world.now()
        case = box.get(world.random.choice(cases)) if cases and world.random.random() > world.opening else None
        before = case
        if case is None:
            case = Case(id=f"CASE{number}", ref=box.next_ref(2026), title="水壶", opened_at=at, recorded_at=at)
        said = Contact(id=f"K{number}", at=at, recorded_at=at, direction="out", summary=f"第{number}句")
        after = structs.replace(case, contacts=(*case.contacts, said))
        box.put(recorded(before, after, action="log", change_id=f"H{number}", at=at, save=box.save))
        return case.id

    def hear(self, store: TinyCaseStore) -> None:
        """Listen to what a session says of the file: whatever the file lost has to be said."""
        self.said += bool(store.warnings)
        if self.lacks and not store.warnings:
            self.world.unsaid.append(f"{self.name} at {self.world.now()}")
        self.lacks = False

    def look(self) -> None:
        """Take note that the file is another one now."""
        content = self.content()
        if content != self.world.seen.get(self.name):
            self.world.seen[self.name] = content
            self.changed_at = self.world.seconds

    def put(self, content: bytes, *, journal: bool) -> None:
        """Put another file in the place of the one that is here, as a sync tool does."""
        draft = self.path.with_name(".syncthing.tmp")
        draft.write_bytes(content)
        if self.world.use.in_place:
            draft.unlink()
            self.path.write_bytes(content)
        else:
            draft.replace(self.path)
        if not journal:
            self.path.with_name("cases.json.journal").unlink(missing_ok=True)
        self.lacks = any(f'"{each}"'.encode() not in content for each in self.mine)
        self.world.seen[self.name] = content
        self.changed_at = self.world.seconds

    def contacts(self) -> set[tuple[str, str]]:
        store = self.open()
        found = {(case.id, said.id) for case in store.cases().values() for said in case.contacts}
        store.release()
        return found


class World:
    """The machines, the time, and all that was acknowledged."""

    def __init__(self, folder: Path, use: Use, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - the same days in every run
        self.use = use
        self.seconds = 0.0
        self.acknowledged: list[tuple[str, str]] = []
        self.seen: dict[str, bytes] = {}
        self.aside: list[bytes] = []
        """Conflict copies, which nobody looks at."""
        self.olds: list[bytes] = []
        self.unsaid: list[str] = []
        self.opening = 0.05
        """What share of the saves opens a case."""
        self._count = 0
        self.machines = [Computer(folder / f"m{n}", self) for n in range(use.machines)]

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    def tick(self) -> float:
        return self.seconds

    def next(self) -> int:
        self._count += 1
        return self._count

    def live(self, saves: int) -> None:
        """Thirty days with so many saves on each."""
        use, every = self.use, self.use.every.total_seconds()
        first = self.machines[0]
        while not first.content():
            first.session(saves=3)
        self.sync()
        if use.window:
            first.window = first.open()
        for day in range(DAYS):
            moments = sorted(self.random.sample(range(8 * 3600, 22 * 3600, 60), saves))
            for moment in moments:
                self.until(day * 86400 + moment, every)
                self.use_one(day)
            if use.put_back and day % 14 == 9 and self.olds:
                self.random.choice(self.machines).put(self.random.choice(self.olds[:-2] or self.olds), journal=True)
            if day % 4 == 0:
                self.olds.append(first.content())

    def use_one(self, day: int) -> None:
        machine = self.machines[day % len(self.machines)] if self.use.alternating else self.random.choice(self.machines)
        if machine.window is not None and self.random.random() < 0.6:
            machine.window.refresh()
            machine.hear(machine.window)
            if machine.save(machine.window):
                self.seconds += 2
                machine.window.tidy()
            else:
                machine.window = machine.open()
            machine.look()
        else:
            machine.session(saves=self.random.choice((0, 1, 1, 2)))

    def until(self, moment: float, every: float) -> None:
        """Time goes on, and the tool copies whenever it is due."""
        due = (self.seconds // every + 1) * every
        if due <= moment:
            self.seconds = moment - moment % every if moment - due >= every else due
            self.sync()
        self.seconds = max(self.seconds, float(moment))

    def sync(self) -> None:
        """Copy the newest file that changed to all others."""
        changed = [each for each in self.machines if each.content() and each.content() != each.synced]
        if not changed:
            return
        newest = max(changed, key=lambda each: each.changed_at)
        content = newest.content()
        if self.use.conflict_copies:
            self.aside += [each.content() for each in changed if each is not newest]
        for machine in self.machines:
            if machine.content() != content:
                machine.put(content, journal=not self.use.without_journal)
            machine.synced = content
            if machine.window is not None:
                machine.window.refresh()
                machine.hear(machine.window)

    def end(self) -> None:
        """Everybody opens once more, and the file goes round."""
        for _ in range(2):
            for machine in self.machines:
                self.seconds += 60
                if machine.window is not None:
                    machine.window.refresh()
                    machine.hear(machine.window)
                    machine.window.tidy()
                    machine.look()
                machine.session(fold=True)
                self.sync()
        for machine in self.machines:
            if machine.window is not None:
                machine.window.close()

    def faults(self) -> list[str]:
        """What is wrong with the cases that the machines have in the end."""
        states = []
        for machine in self.machines:
            store = machine.open()
            cases = dict(store.cases())
            store.release()
            states.append({case_id: structs.replace(case, revision=0) for case_id, case in cases.items()})
        found = [f"{case.ref} differs" for case in states[0].values()
                 if any(state.get(case.id) != case for state in states)]  # fmt: skip
        for case in states[0].values():
            found += [f"{case.ref} does not hold"] * (broken_link(case.history) is not None or bool(altered(case)))
            found += [f"{case.ref} is to be settled: {case.clashes}"] * bool(case.clashes)
        return found + ["a number twice"] * (len({case.ref for case in states[0].values()}) < len(states[0]))

    def missing(self) -> list[set[tuple[str, str]]]:
        return [set(self.acknowledged) - machine.contacts() for machine in self.machines]


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@repeated(2, 53)
def test_nothing_that_was_acknowledged_is_missing_anywhere(use: Use, times: int, tmp_path: Path) -> None:
    world = World(tmp_path, use, seed=times)
    world.live(times)
    world.end()
    assert world.missing() == [set()] * use.machines
    assert world.faults() == []
    assert world.unsaid == []


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two machines with one case."""
    made = World(tmp_path, Use(), seed=1)
    made.machines[0].session(saves=3)
    made.sync()
    made.machines[1].session(saves=1)
    made.sync()
    return made


def carried(sender: Computer, receiver: Computer) -> None:
    sender.world.seconds += 600
    receiver.put(sender.content(), journal=True)


def test_a_file_united_with_our_own_record_does_not_count_as_holding_what_others_saved(world: World) -> None:
    """A's file is put back to before a save of B and united with what A saved: B's is not in it."""
    one, other = world.machines
    old = one.content()
    one.session(saves=1)
    carried(one, other)
    world.opening = 1
    other.session(saves=1)
    carried(other, one)
    one.session(saves=1)
    one.put(old, journal=True)
    one.session(saves=1)
    carried(one, other)
    other.session(fold=True)
    carried(other, one)
    assert world.missing() == [set(), set()]


def test_what_can_no_longer_be_read_of_the_file_before_does_not_count_as_held(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A's window has seen a save of B when an older file is written into the file that it holds open."""
    monkeypatch.setattr("pddtui.store.disk.WINDOW", 1)  # as with a large file
    one, other = world.machines
    old = one.content()
    window = one.open()
    world.opening = 1
    other.session(saves=1)
    carried(other, one)
    window.refresh()
    one.path.write_bytes(old)
    window.refresh()
    one.save(window)
    window.close()
    carried(one, other)
    other.session(fold=True)
    carried(other, one)
    assert world.missing() == [set(), set()]


def test_a_save_that_was_killed_before_its_journal_is_in_the_next_save_of_an_open_window(world: World) -> None:
    """A session is killed when its save is on the own record only; one shows it, and a window saves the next."""
    one, _ = world.machines
    window = one.open()
    store = one.open()
    one.disk.kill_at = 2
    with pytest.raises(Crash), store.transaction() as box:
        case_id = one.log(box, world.next())
    one.disk.kill_at = None
    store.release()
    killed = (case_id, f"K{world.next() - 1}")
    assert killed in one.contacts()
    one.save(window)
    window.close()
    assert killed in one.contacts()


def test_a_line_on_the_own_record_after_a_torn_one_can_be_read(world: World) -> None:
    one, _ = world.machines
    old = one.content()
    record = one.open().storage.own
    assert record is not None
    with record.path.open("ab") as file:
        file.write(b'0123abcd {"number":9')
    one.session(saves=1)
    one.put(old, journal=False)
    assert world.missing()[0] == set()


def own_record_after_the_journal(patch: pytest.MonkeyPatch) -> None:
    """The own record is written once the save is in the journal, as if that were soon enough."""

    @contextlib.contextmanager
    def late(self: JournalStorage, save: Save, counts: dict[str, int], cases: object, erased: object) -> Iterator[None]:
        yield
        assert self.own is not None
        counts = joined(self.reading.counts, counts)
        self.own.append(OwnSave(number=save.number, at=self.surroundings.now(), counts=counts, cases=cases))  # type: ignore[arg-type]

    patch.setattr(JournalStorage, "_on_own_record", late)


def own_record_cut_at_every_fold(patch: pytest.MonkeyPatch) -> None:
    """The data file has it all, so the own record is emptied."""
    patch.setattr(OwnRecord, "trim", lambda self, _: self.path.unlink(missing_ok=True))


def every_file_descends(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("pddtui.store.reading.descends", lambda _found, _known: True)


@pytest.mark.parametrize(
    "mutant",
    [own_record_after_the_journal, own_record_cut_at_every_fold, every_file_descends],
    ids=lambda mutant: mutant.__name__,
)
def test_each_way_to_lose_something_is_found_out(
    mutant: Callable[[pytest.MonkeyPatch], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    uses = USES["three at once, one with a window"], USES["at once, daily, by rsync that deletes"]
    assert any(loses(World(tmp_path / f"{n}", uses[n % 2], seed=n)) for n in range(16))


def loses(world: World) -> bool:
    """Whether anything is missing after thirty days, or they do not come to an end."""
    try:
        world.live(3)
        world.end()
    except (PddError, OSError):
        return True
    return any(world.missing())
