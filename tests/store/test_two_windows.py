from __future__ import annotations

import os
import threading
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pddtui.errors import Conflict
from pddtui.store import Surroundings
from tests.store.making import CountingDisk, HandClock, add, change, contact, make, session, titles


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.json"


def test_contacts_logged_in_two_windows_are_both_kept(path: Path) -> None:
    one, two = session(path), session(path)
    add(one, 1, contacts=0)
    for number, store in enumerate([one, two, two, one]):
        change(store, 1, lambda case, n=number: msgspec.structs.replace(case, contacts=(*case.contacts, contact(n))))  # type: ignore[misc]
    two.refresh()
    for store in (one, two):
        assert [entry.id for entry in store.cases()["CASE00000001"].contacts] == [contact(n).id for n in range(4)]


def test_a_save_built_on_an_old_revision_is_refused_and_changes_nothing(path: Path) -> None:
    one, two = session(path), session(path)
    case = add(one, 1, title="first")
    mine = msgspec.structs.replace(case, title="mine", revision=2)
    theirs = msgspec.structs.replace(case, title="theirs", revision=2)
    with one.transaction() as box:
        box.put(mine)
    with pytest.raises(Conflict), two.transaction() as box:
        box.put(theirs)
    assert titles(two) == titles(one) == {case.id: "mine"}


def test_a_number_that_another_case_has_is_refused(path: Path) -> None:
    one, two = session(path), session(path)
    case = add(one, 1)
    with pytest.raises(Conflict), two.transaction() as box:
        box.put(msgspec.structs.replace(case, id="ANOTHER"))


def test_a_case_may_give_up_its_number_to_another_in_one_save(path: Path) -> None:
    store = session(path)
    case = add(store, 1)
    with store.transaction() as box:
        box.put(make(2, case.ref))
        box.put(msgspec.structs.replace(case, ref=box.next_ref(2026), revision=2))
    assert {each.id: each.ref for each in session(path).cases().values()} == {
        case.id: "PDD-2026-0002",
        "CASE00000002": "PDD-2026-0001",
    }


def test_two_new_cases_in_one_save_need_two_numbers(path: Path) -> None:
    store = session(path)
    transaction = store.transaction()
    box = transaction.__enter__()
    box.put(make(3, "PDD-2026-0004"))
    box.put(make(4, "PDD-2026-0004"))
    with pytest.raises(Conflict):
        transaction.__exit__(None, None, None)
    assert not store.cases()


def test_an_exception_in_a_transaction_saves_nothing(path: Path) -> None:
    store = session(path)
    add(store, 1, title="before")

    def give_up() -> None:
        with store.transaction() as box:
            box.put(make(1, "PDD-2026-0001", title="after", revision=2))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        give_up()
    assert titles(store) == titles(session(path)) == {"CASE00000001": "before"}


def test_a_transaction_of_several_cases_is_one_line_of_the_journal(path: Path) -> None:
    store = session(path)
    add(store, 1)
    with store.transaction() as box:
        for case in list(box.cases().values()):
            box.put(msgspec.structs.replace(case, title="both", revision=2))
        box.put(msgspec.structs.replace(case, id="OTHER", ref=box.next_ref(2026), revision=1))
    assert path.with_name("cases.json.journal").read_bytes().count(b"\n") == 1
    assert set(titles(session(path))) == {"CASE00000001", "OTHER"}


def test_a_transaction_sees_what_it_put_itself(path: Path) -> None:
    store = session(path)
    add(store, 1)
    with store.transaction() as box:
        case = box.get("CASE00000001")
        assert case is not None
        box.put(msgspec.structs.replace(case, title="new", revision=2))
        changed = box.get(case.id)
        assert changed is not None
        assert (changed.title, box.cases()[case.id].title) == ("new", "new")
        assert (box.next_ref(2026), box.next_ref(2026), box.next_ref(2027)) == (
            "PDD-2026-0002",
            "PDD-2026-0003",
            "PDD-2027-0001",
        )


def test_a_refresh_names_what_others_changed_and_nothing_else(path: Path) -> None:
    one, two = session(path), session(path)
    add(one, 1)
    add(one, 2)
    assert two.refresh() == {"CASE00000001", "CASE00000002"}
    assert one.refresh() == frozenset()
    change(two, 2, lambda case: msgspec.structs.replace(case, title="x"))
    change(one, 1, lambda case: msgspec.structs.replace(case, title="y"))
    assert one.refresh() == {"CASE00000002"}, "also when a transaction of my own had caught up with it"
    assert one.refresh() == frozenset()


def test_a_snapshot_never_changes(path: Path) -> None:
    store = session(path)
    add(store, 1, title="old")
    snapshot = store.cases()
    change(store, 1, lambda case: msgspec.structs.replace(case, title="new"))
    add(store, 2)
    assert {identity: case.title for identity, case in snapshot.items()} == {"CASE00000001": "old"}


def test_another_sessions_save_is_read_from_the_journal_alone(path: Path) -> None:
    one = session(path)
    for number in range(20):
        add(one, number)
    one.storage.fold()
    disk = CountingDisk()
    two = session(path, Surroundings(disk=disk))
    disk.was_read.clear()
    change(one, 3, lambda case: msgspec.structs.replace(case, title="seen"))
    assert two.refresh() == {"CASE00000003"}
    assert disk.was_read["cases.json"] == 0


def test_a_fold_of_saves_already_seen_is_adopted_without_reading_documents(path: Path) -> None:
    one, disk = session(path), CountingDisk()
    for number in range(50):
        add(one, number, contacts=10)
    one.storage.fold()
    two = session(path, Surroundings(disk=disk))
    change(one, 3, lambda case: msgspec.structs.replace(case, title="seen"))
    two.refresh()
    loads = two.storage.reading.loads
    one.storage.fold()
    assert two.refresh() == frozenset()
    assert two.storage.reading.loads == loads
    change(two, 4, lambda case: msgspec.structs.replace(case, title="back"))
    assert one.refresh() == {"CASE00000004"}


def test_a_fold_of_saves_not_seen_yet_is_read_and_only_their_cases_are_reported(path: Path) -> None:
    one, two = session(path), session(path)
    for number in range(5):
        add(one, number)
    two.refresh()
    change(one, 3, lambda case: msgspec.structs.replace(case, title="missed"))
    one.storage.fold()
    assert "CASE00000003" in two.refresh()
    change(one, 2, lambda case: msgspec.structs.replace(case, title="missed too"))
    one.storage.fold()
    assert two.refresh() == {"CASE00000002"}
    assert titles(two) == titles(one)


def test_looking_for_news_where_there_is_none_costs_two_stats(path: Path) -> None:
    disk = CountingDisk()
    store = session(path, Surroundings(disk=disk))
    add(store, 1)
    disk.calls.clear()
    store.refresh()
    assert dict(disk.calls) == {"stat": 2}


def test_the_folder_is_synced_once_for_what_was_found_and_not_for_every_save(path: Path) -> None:
    other = session(path)
    add(other, 1, title="0")
    disk = CountingDisk()
    store = session(path, Surroundings(disk=disk))

    def syncs(title: str) -> int:
        disk.calls.clear()
        change(store, 1, lambda case: msgspec.structs.replace(case, title=title))
        return disk.calls["sync"]

    assert syncs("a new journal") == 3, "what was found, the line, the name of the journal"
    assert syncs("the same") == syncs("and again") == 1, "the line"
    change(other, 1, lambda case: msgspec.structs.replace(case, title="by another, into the same journal"))
    assert syncs("after that") == 1
    other.storage.fold()
    assert syncs("after a fold of the other") == 3
    store.storage.fold()
    assert syncs("after a fold of its own") == 2, "the line, the name of the journal"


def test_a_replacement_with_the_same_size_and_time_is_noticed(path: Path) -> None:
    one = session(path)
    add(one, 1, title="aaaa")
    one.close()
    store = session(path)
    for title in ("bbbb", "cccc", "dddd"):
        old = path.stat()
        text = path.read_text(encoding="utf-8").replace(titles(store)["CASE00000001"], title)
        other = path.with_name("other")
        other.write_text(text, encoding="utf-8")
        os.utime(other, ns=(old.st_atime_ns, old.st_mtime_ns))
        other.replace(path)
        assert path.stat().st_size == old.st_size
        assert store.refresh() == {"CASE00000001"}
        assert titles(store) == {"CASE00000001": title}


def test_a_file_written_in_place_by_another_program_is_read_again(path: Path) -> None:
    one = session(path)
    add(one, 1, title="aaaa")
    one.close()
    store = session(path)
    old = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("aaaa", "bbbb"), encoding="utf-8")
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns + 1))
    assert store.refresh() == {"CASE00000001"}
    assert titles(store) == {"CASE00000001": "bbbb"}


def test_a_fold_is_due_after_quiet_or_after_many_saves(path: Path) -> None:
    clock = HandClock()
    store = session(path, Surroundings(tick=clock.tick, now=clock.now))
    add(store, 1)
    assert not store.tidy(), "the first save wrote the data file itself"
    add(store, 2)
    assert not store.tidy()
    clock.seconds += 0.31
    assert store.tidy()
    assert not path.with_name("cases.json.journal").exists()
    assert not store.tidy()


def test_the_snapshot_can_be_read_while_a_worker_saves(path: Path) -> None:
    store = session(path)
    add(store, 1, title="0")
    worker = threading.Thread(
        target=lambda: [
            change(store, 1, lambda case: msgspec.structs.replace(case, title=str(int(case.title) + 1)))
            for _ in range(50)
        ]
    )
    worker.start()
    seen = 0
    while worker.is_alive():
        now = int(store.cases()["CASE00000001"].title)
        assert now >= seen
        seen = now
    worker.join()
    assert titles(store) == {"CASE00000001": "50"}


def test_write_through_leaves_no_journal_behind_a_save(path: Path) -> None:
    store = session(path, Surroundings(write_through=True))
    add(store, 1)
    change(store, 1, lambda case: msgspec.structs.replace(case, title="through"))
    assert not path.with_name("cases.json.journal").exists()
    assert "through" in path.read_text(encoding="utf-8")


def test_times_keep_their_instant_and_offset(path: Path) -> None:
    store = session(path)
    case = add(store, 1)
    later = case.opened_at + timedelta(days=1, seconds=1)
    change(store, 1, lambda case: msgspec.structs.replace(case, closed_at=later))
    assert session(path).cases()[case.id].closed_at == later
