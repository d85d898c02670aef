"""Cases to store, the sessions that store them, and a disk that counts what it is asked to do."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from pddtui.domain.case import Case, Contact, Person
from pddtui.domain.record import recorded
from pddtui.store import Surroundings, TinyCaseStore
from pddtui.store.disk import Disk

__all__ = [
    "CountingDisk",
    "HandClock",
    "add",
    "change",
    "contact",
    "contents",
    "make",
    "put_on_record",
    "repeated",
    "session",
    "titles",
]

START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def repeated(few: int, many: int) -> pytest.MarkDecorator:
    """Run with `times` few in the normal suite and many among the slow tests."""
    return pytest.mark.parametrize("times", [few, pytest.param(many, marks=pytest.mark.slow)])


def contact(number: int, words: int = 3) -> Contact:
    at = START + timedelta(hours=number)
    return Contact(
        id=f"CONTACT{number:05d}",
        at=at,
        recorded_at=at,
        channel="platform_chat",
        direction="in" if number % 2 else "out",
        substance="holding" if number % 2 else None,
        person=Person(name=f"客服小李{number % 7}", role="售后专员", staff_no=f"PDD{number:06d}"),
        summary="您好，这边已经帮您加急催促处理，请您耐心等待三个工作日。" * words,
    )


def make(number: int, ref: str, *, contacts: int = 1, title: str | None = None, revision: int = 1) -> Case:
    return Case(
        id=f"CASE{number:08d}",
        ref=ref,
        title=title or f"商家拒绝退款 {number}",
        opened_at=START,
        recorded_at=START,
        contacts=tuple(contact(index) for index in range(contacts)),
        revision=revision,
    )


def session(path: Path, surroundings: Surroundings | None = None) -> TinyCaseStore:
    return TinyCaseStore.open(path, surroundings=surroundings)


def add(store: TinyCaseStore, number: int, *, contacts: int = 1, title: str | None = None) -> Case:
    with store.transaction() as box:
        case = make(number, box.next_ref(2026), contacts=contacts, title=title)
        box.put(case)
    return case


def put_on_record(store: TinyCaseStore, number: int, action: str, **fields: object) -> Case:
    """Open or change a case as the casebook does, with the change in its history."""
    with store.transaction() as box:
        before = box.get(f"CASE{number:08d}")
        case = before or make(number, box.next_ref(2026), revision=0)
        change_id = f"{number}-{len(case.history)}"
        after = msgspec.structs.replace(case, **fields)
        after = recorded(
            before, after, action=action, change_id=change_id, at=START + timedelta(days=len(case.history))
        )
        box.put(after)
    return after


def change(store: TinyCaseStore, number: int, move: Callable[[Case], Case]) -> Case:
    """Replay the move on the case as it is now, as the casebook does."""
    with store.transaction() as box:
        case = box.get(f"CASE{number:08d}")
        assert case is not None
        case = msgspec.structs.replace(move(case), revision=case.revision + 1)
        box.put(case)
    return case


def titles(store: TinyCaseStore) -> dict[str, str]:
    return {identity: case.title for identity, case in store.cases().items()}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, by its name from there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class HandClock:
    """Seconds and dates that pass when they are told to."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def tick(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.seconds)


class CountingDisk(Disk):
    """Counts calls and bytes by the name of the file."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.written: Counter[str] = Counter()
        self.was_read: Counter[str] = Counter()
        self._names: dict[int, str] = {}

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        fd = super().open(path, flags, mode)
        self._names[fd] = ".tmp" if path.suffix == ".tmp" else path.name
        self.calls["open"] += 1
        return fd

    def read(self, fd: int, size: int, offset: int) -> bytes:
        chunk = super().read(fd, size, offset)
        self.was_read[self._names[fd]] += len(chunk)
        return chunk

    def write(self, fd: int, chunk: bytes | memoryview) -> int:
        written = super().write(fd, chunk)
        self.written[self._names[fd]] += written
        return written

    def sync(self, fd: int) -> None:
        self.calls["sync"] += 1
        super().sync(fd)

    def stat(self, path: Path) -> os.stat_result | None:
        self.calls["stat"] += 1
        return super().stat(path)
