"""A file that a sync tool or a restored backup put in the place of another: nothing of either side is lost silently."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tinydb import TinyDB

from pddtui.domain.case import Case
from pddtui.store import Surroundings, TinyCaseStore
from pddtui.store.disk import Disk
from pddtui.store.doctor import examine
from pddtui.store.journal import Record, encode
from tests.store.making import HandClock, add, change, make, put_on_record, session, titles

ELSEWHERE = "0123456789abcdef"
"""Token of a generation that no file here descends from."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A data file of three cases."""
    path = tmp_path / "cases.json"
    store = session(path)
    for number in (1, 2, 3):
        add(store, number, title=f"ours {number}")
    store.close()
    return path


def journal_of(path: Path) -> Path:
    return path.with_name("cases.json.journal")


def saved(key: int, case: Case, base: str = ELSEWHERE) -> bytes:
    return encode(Record(base, [("cases", str(key), msgspec.Raw(msgspec.json.encode(case)))]))


def kept(path: Path, kind: str) -> list[bytes]:
    return [copy.read_bytes() for copy in sorted(path.with_name("cases.json.bak").glob(f"{kind}-*"))]


def retitle(store: TinyCaseStore, number: int, title: str) -> Case:
    return change(store, number, lambda case: msgspec.structs.replace(case, title=title))


def sibling(path: Path) -> Path:
    """The same file on another machine."""
    other = path.parent / "elsewhere" / "cases.json"
    other.parent.mkdir()
    shutil.copy(path, other)
    return other


def write(store: TinyCaseStore) -> None:
    """What the next save does with what was united, and leave."""
    store.storage.fold()
    store.close()


def synced(other: Path, path: Path) -> bytes:
    """Put the other file in the place of this one, as a sync tool does; what it holds."""
    incoming = path.with_name("incoming")
    shutil.copy(other, incoming)
    incoming.replace(path)
    return path.read_bytes()


def test_a_different_case_under_the_same_key_takes_nothing_away_and_is_not_dropped(path: Path) -> None:
    before, journal = path.read_bytes(), saved(1, make(77, "PDD-2026-0002", title="theirs", revision=9))
    journal_of(path).write_bytes(journal)
    store = session(path)
    assert titles(store) == {f"CASE{number:08d}": f"ours {number}" for number in (1, 2, 3)} | {"CASE00000077": "theirs"}
    assert store.cases()["CASE00000077"].ref == "PDD-2026-0004"
    assert {case.ref for case in store.cases().values()} == {f"PDD-2026-{number:04d}" for number in range(1, 5)}
    assert "PDD-2026-0002 from another copy of the data file is now PDD-2026-0004" in str(store.warnings[0])
    assert "1 save made on another copy" in str(store.warnings[1])
    seen = titles(store)
    write(store)
    assert (kept(path, "pre-merge"), kept(path, "journal")) == ([before], [journal])
    fresh = session(path)
    assert (titles(fresh), fresh.warnings) == (seen, ())
    with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
        assert [document.doc_id for document in stock.table("cases").all()] == [1, 2, 3, 4]


def test_a_case_is_the_same_under_whatever_key_it_has_elsewhere(path: Path) -> None:
    older = make(1, "PDD-2026-0009", title="older", revision=0)
    newer = make(2, "PDD-2026-0001", title="newer", revision=5)
    journal_of(path).write_bytes(saved(3, older) + saved(1, newer))
    store = session(path)
    assert titles(store) == {"CASE00000001": "ours 1", "CASE00000002": "newer", "CASE00000003": "ours 3"}
    assert [case.ref for case in store.cases().values()] == [f"PDD-2026-{number:04d}" for number in (1, 2, 3)]
    write(store)
    assert len(session(path).cases()) == 3


def test_a_case_of_a_foreign_journal_goes_on_where_it_was_given_its_new_key(path: Path) -> None:
    theirs = make(77, "PDD-2026-0001", title="opened")
    journal_of(path).write_bytes(saved(1, theirs) + saved(1, msgspec.structs.replace(theirs, title="on", revision=2)))
    store = session(path)
    assert titles(store)["CASE00000077"] == "on"
    assert (len(store.cases()), titles(store)["CASE00000001"]) == (4, "ours 1")
    add(store, 4)
    assert titles(session(path)) == titles(store)


@pytest.mark.parametrize("running", [False, True], ids=["opened later", "open all the while"])
def test_saves_that_a_synced_sibling_lacks_are_taken_over_and_told(path: Path, running: bool) -> None:
    other = sibling(path)
    here, there = session(path), session(other)
    retitle(here, 1, "only here")
    add(here, 4, title="new here")
    retitle(there, 2, "only there")
    add(there, 5, title="new there")
    there.storage.fold()
    pending = journal_of(path).read_bytes()
    incoming = synced(other, path)
    assert there.storage.reading.mark.past[0] == here.storage.reading.mark.token, "the same ancestor"
    store = here if running else session(path)
    store.refresh()
    expected = {"only here", "only there", "ours 3", "new there", "new here"}
    assert set(titles(store).values()) == expected
    assert len({case.ref for case in store.cases().values()}) == 5
    assert "made on another copy of the data file" in " ".join(map(str, store.warnings))
    write(store)
    assert (kept(path, "pre-merge"), kept(path, "journal")) == ([incoming], [pending])
    assert set(titles(session(path)).values()) == expected


def test_a_case_changed_on_either_side_is_told_and_both_are_kept(path: Path) -> None:
    other = sibling(path)
    here, there = session(path), session(other)
    put_on_record(here, 1, "edit", title="here")
    for title in ("there", "there again"):
        put_on_record(there, 1, "edit", title=title)
    there.close()
    pending = journal_of(path).read_bytes()
    synced(other, path)
    store = session(path)
    assert titles(store)["CASE00000001"] == "there again"
    assert "made on another copy of the data file" in str(store.warnings[0]), "that save was never in this file"
    write(store)
    assert kept(path, "journal") == [pending]


def test_a_fold_elsewhere_of_a_journal_of_the_same_length_is_not_taken_for_ours(path: Path) -> None:
    other = sibling(path)
    here, there = session(path), session(other)
    retitle(here, 1, "hier")
    retitle(there, 1, "dort")
    assert here.storage.reading.seen == there.storage.reading.seen
    there.close()
    synced(other, path)
    assert here.refresh() == {"CASE00000001"}
    assert titles(here)["CASE00000001"] == "dort"
    assert here.warnings != ()


def test_saves_that_are_really_folded_are_cleared_away_without_a_word(path: Path) -> None:
    store = session(path)
    put_on_record(store, 1, "edit", title="once")
    put_on_record(store, 1, "edit", title="twice")
    left = journal_of(path).read_bytes()
    store.close()
    copies = len(kept(path, ""))
    journal_of(path).write_bytes(left)
    found = examine(path)
    assert any("left over beside the data file" in str(note) for note in found.notes)
    assert journal_of(path).exists(), "looking changes nothing"
    again = session(path)
    assert (titles(again)["CASE00000001"], again.warnings) == ("twice", ())
    again.close()
    assert not journal_of(path).exists()
    assert (kept(path, "journal"), kept(path, "pre-merge"), len(kept(path, ""))) == ([], [], copies)
    assert not any("left over beside the data file" in str(note) for note in examine(path).notes)


def test_a_foreign_journal_with_an_unreadable_first_line_is_told_kept_and_its_rest_taken(path: Path) -> None:
    lines = saved(7, make(70, "PDD-2026-0070", title="unreadable")), saved(8, make(71, "PDD-2026-0071", title="good"))
    journal = lines[0].replace(b"unreadable", b"?nreadable") + lines[1]
    journal_of(path).write_bytes(journal)
    store = session(path)
    assert titles(store)["CASE00000071"] == "good"
    assert "1 save in the journal can no longer be read" in str(store.warnings[0])
    assert "1 save made on another copy" in str(store.warnings[1])
    write(store)
    assert kept(path, "journal") == [journal]
    assert titles(session(path))["CASE00000071"] == "good"


def test_every_unreadable_line_before_a_good_one_is_counted_once(path: Path) -> None:
    token = session(path).storage.reading.mark.token
    bad, ours = b"00000000 {}\n", saved(1, make(1, "PDD-2026-0001", title="on", revision=2), token)
    stray = saved(7, make(70, "PDD-2026-0070"))
    for lines, count in (([bad, stray, bad, ours], 2), ([bad, ours, bad, ours], 2), ([bad, stray, bad], 1)):
        journal_of(path).write_bytes(b"".join(lines))
        assert session(path).storage.reading.damaged == count
    journal_of(path).write_bytes(ours)
    reader = session(path)
    with journal_of(path).open("ab") as file:
        file.write(bad + stray + ours)
    reader.refresh()
    assert reader.storage.reading.damaged == 1


def test_records_of_another_generation_behind_our_own_are_old_blocks_of_the_disk(path: Path) -> None:
    store, reader = session(path), session(path)
    retitle(store, 1, "ours")
    reader.refresh()
    with journal_of(path).open("ab") as file:
        file.write(saved(9, make(90, "PDD-2026-0090", title="from nowhere")))
    for each in (reader, session(path)):
        each.refresh()
        assert (len(each.cases()), each.warnings) == (3, ())


def test_the_desk_clears_a_foreign_journal_away_when_it_is_quiet_and_tells_of_it_a_while(path: Path) -> None:
    journal_of(path).write_bytes(saved(7, make(70, "PDD-2026-0070", title="theirs")))
    clock = HandClock()
    store = session(path, Surroundings(tick=clock.tick, now=clock.now))
    assert not store.tidy()
    clock.seconds += 0.31
    assert store.tidy()
    assert not journal_of(path).exists()
    assert "another copy" in str(store.warnings[0]), "nobody has read it yet"
    clock.seconds += 61
    assert store.warnings == ()
    assert not store.tidy()
    assert "theirs" in path.read_text(encoding="utf-8")


def test_a_foreign_journal_that_cannot_be_removed_is_merged_and_kept_only_once(path: Path) -> None:
    class Sticky(Disk):
        def unlink(self, path: Path) -> None:
            if path.suffix == ".journal":
                raise PermissionError(1, "Operation not permitted", str(path))
            super().unlink(path)

    journal_of(path).write_bytes(saved(1, make(70, "PDD-2026-0001", title="theirs")))
    for _ in range(3):
        store = session(path, Surroundings(disk=Sticky()))
        assert titles(store)["CASE00000070"] == "theirs"
        write(store)
    assert (len(kept(path, "pre-merge")), len(kept(path, "journal"))) == (1, 1)
    assert session(path).warnings == ()


@pytest.mark.parametrize("sibling_of_ours", [False, True], ids=["foreign", "sibling"])
def test_what_was_taken_of_another_copys_journal_is_not_forgotten_when_the_journal_is_read_again(
    path: Path, sibling_of_ours: bool
) -> None:
    base = session(path).storage.reading.mark.past[0] if sibling_of_ours else ELSEWHERE
    journal_of(path).write_bytes(saved(1, make(70, "PDD-2026-0001", title="theirs"), base))
    one = session(path)
    with journal_of(path).open("ab") as file:
        file.write(saved(8, make(80, "PDD-2026-0080", title="theirs too"), base))
    one.refresh()
    assert "PDD-2026-0001 from another copy" in str(one.warnings[0])
    assert "2 saves made on another copy" in str(one.warnings[1])
    retitle(one, 1, "and on")
    expected = {"CASE00000001": "and on", "CASE00000070": "theirs", "CASE00000080": "theirs too"}
    assert titles(session(path)).items() >= expected.items()


def test_a_journal_that_shrank_or_is_another_one_is_read_again_with_the_file(path: Path) -> None:
    writer, reader = session(path), session(path)
    retitle(writer, 1, "one")
    first = journal_of(path).read_bytes()
    retitle(writer, 2, "two")
    reader.refresh()
    journal_of(path).write_bytes(first)
    assert "CASE00000002" in reader.refresh()
    assert (titles(reader)["CASE00000001"], titles(reader)["CASE00000002"]) == ("one", "two"), "it was acknowledged"
    token = reader.storage.reading.mark.token
    other = path.with_name("other")
    other.write_bytes(saved(1, make(1, "PDD-2026-0001", title="a longer title than before", revision=2), token))
    other.replace(journal_of(path))
    reader.refresh()
    assert titles(reader)["CASE00000001"] == "a longer title than before"


def test_a_file_written_in_place_is_neither_folded_over_nor_followed(path: Path) -> None:
    store = session(path)
    retitle(store, 1, "pending")
    text = path.read_bytes().replace(b"ours 3", b"mine 3")

    def write_in_place(*_: object) -> None:
        path.write_bytes(text)

    store.storage.reading.catch_up = write_in_place  # type: ignore[method-assign]
    store.storage.reading.stale = lambda: False  # type: ignore[method-assign]
    assert not store.storage._try_fold()
    assert "could not be brought up to date" in str(store.warnings[0])
    assert path.read_bytes() == text
    found = titles(session(path))
    assert (found["CASE00000001"], found["CASE00000003"]) == ("pending", "mine 3")


def test_a_session_does_not_follow_a_fold_into_a_newer_schema(path: Path) -> None:
    writer, reader = session(path), session(path)
    retitle(writer, 1, "seen")
    reader.refresh()
    loads = reader.storage.reading.loads
    writer.storage.fold()
    text = path.read_bytes().replace(b'"schema":2', b'"schema":3', 1)
    other = path.with_name("other")
    other.write_bytes(text)
    other.replace(path)
    reader.refresh()
    assert reader.storage.reading.loads == loads + 1
    assert "newer pddtui (schema 3" in str(reader.read_only)


def test_the_backups_of_a_clock_that_ran_ahead_neither_stop_new_ones_nor_push_old_ones_out(path: Path) -> None:
    folder = path.with_name("cases.json.bak")
    ahead = [folder / f"2031010{day}T000000.json" for day in range(1, 8)]
    for copy in ahead:
        shutil.copy(path, copy)
    clock = HandClock()
    store = session(path, Surroundings(tick=clock.tick, now=clock.now))
    for count in range(4):
        retitle(store, 1, f"title {count}")
        store.storage.fold()
        clock.seconds += timedelta(minutes=11).total_seconds()
    made = [copy for copy in folder.glob("2026*.json") if copy not in ahead]
    assert len(made) >= 4
    assert all(copy.exists() for copy in ahead)
