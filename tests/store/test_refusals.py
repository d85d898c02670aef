"""What is said of a file that cannot be opened, or only be read, and that nothing is written over it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tinydb import TinyDB

from pddtui.domain.history import tree_of
from pddtui.errors import CannotWrite, Damaged
from pddtui.speech import Language, Speech
from pddtui.store import Surroundings
from pddtui.store.disk import Disk
from pddtui.store.doctor import examine
from pddtui.store.journal import Record, encode
from pddtui.store.recover import newest_backup, plan, recover
from tests.store.making import HandClock, add, change, contents, make, put_on_record, session, titles


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.json"


@pytest.fixture
def full(path: Path) -> Path:
    """A data file of three cases, without backups."""
    store = session(path)
    for number in (1, 2, 3):
        put_on_record(store, number, "open", title=f"退款 {number}")
    store.close()
    shutil.rmtree(path.with_name("cases.json.bak"))
    return path


def retitle(store: object, number: int, title: str) -> None:
    change(store, number, lambda case: msgspec.structs.replace(case, title=title))  # type: ignore[arg-type]


# Never made, or lost?


def test_a_file_that_is_lost_after_the_only_save_is_not_taken_for_one_that_was_never_made(path: Path) -> None:
    store, other = session(path), session(path)
    add(store, 1)
    other.refresh()
    store.close()
    assert [item.name for item in sorted(path.parent.iterdir())] == ["cases.json", "cases.json.lock"]
    path.unlink()
    with pytest.raises(Damaged, match="is missing"):
        session(path)
    with pytest.raises(Damaged, match="is missing"):
        other.refresh()
    with pytest.raises(Damaged, match="is missing"):
        add(other, 2)
    assert not path.exists()


def test_a_running_session_knows_itself_that_there_was_a_file(path: Path) -> None:
    store = session(path)
    add(store, 1)
    for item in path.parent.iterdir():
        item.unlink()
    with pytest.raises(Damaged, match="is missing"):
        store.refresh()
    assert len(store.cases()) == 1


def test_a_session_that_began_without_a_file_does_not_take_the_note_of_it_back(path: Path) -> None:
    early, store = session(path), session(path)
    add(store, 1)
    with early.transaction():
        pass
    path.unlink()
    with pytest.raises(Damaged, match="is missing"):
        session(path)


def test_a_first_save_that_was_refused_leaves_a_new_store_new_and_says_how_much_room_it_needs(path: Path) -> None:
    class Full(Disk):
        def write(self, fd: int, chunk: bytes | memoryview) -> int:  # noqa: ARG002 -- there is no room for anything
            raise OSError(28, "No space left on device")

    with pytest.raises(CannotWrite, match=r"disk is full: .* needs [1-9][0-9.]* k?B"):
        add(session(path, Surroundings(disk=Full())), 1)
    assert dict(session(path).cases()) == {}


# The mark


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ('"schema":9,"gen":"x"', "schema 9"),
        ('"schema":"3","gen":1', "schema 3"),
        ('"schema":3.0,"gen":1', "schema 3"),
        ('"schema":2,"gen":"x"', "is unknown"),
        ('"schema":"one","gen":1', "is unknown"),
        ('"schema":-1,"gen":1', "is unknown"),
        ('"schema":null,"gen":1', "is unknown"),
        ('"version":2,"gen":1', "is unknown"),
    ],
)
def test_a_mark_that_is_there_and_cannot_be_read_makes_the_file_read_only(full: Path, mark: str, said: str) -> None:
    text = full.read_text(encoding="utf-8")
    gen = json.loads(text.split("\n")[0].rstrip(",") + "}")["_meta"]["1"]["gen"]
    strange = text.replace(f'"schema":2,"gen":{gen}', mark, 1)
    assert strange != text
    full.write_text(strange, encoding="utf-8")
    store = session(full)
    assert len(store.cases()) == 3
    assert said in str(store.read_only)
    with pytest.raises(CannotWrite, match=said):
        add(store, 4)
    store.tidy()
    store.close()
    assert full.read_text(encoding="utf-8") == strange


# Another encoding, other words


def test_a_file_in_another_encoding_is_named_so_and_recovered_from_it(full: Path) -> None:
    full.write_bytes(full.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(Damaged, match=r"another encoding.*pddtui recover") as caught:
        session(full)
    assert Speech("zh", ZoneInfo("UTC")).say(caught.value.message).startswith("数据文件")
    found = plan(full)
    assert "GB 18030" in " ".join(map(str, found.sentences))
    assert (found.cases, found.lost) == (3, 0)
    recover(full)
    assert titles(session(full))["CASE00000001"] == "退款 1"


def test_stock_files_in_another_encoding_are_named_so_too(path: Path) -> None:
    text = json.dumps({"cases": {"1": tree_of(make(1, "PDD-2026-0001", title="退款"))}}, ensure_ascii=False)
    path.write_bytes(text.encode("gb18030"))
    with pytest.raises(Damaged, match="another encoding"):
        session(path)


def test_lines_of_a_damaged_file_in_another_encoding_are_salvaged(full: Path) -> None:
    text = full.read_text(encoding="utf-8").encode("gb18030")
    full.write_bytes(text[: text.index(b"\n", text.index(b'"2":{'))])
    assert plan(full).from_file == 2


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace(b'"id":"CASE00000002"', b'"id"x"CASE00000002"'),
        lambda text: text.replace("退款 2".encode(), b"\xff\xfe"),
        lambda text: text.replace(b'"id":"CASE00000002"', b'"id":null'),
    ],
    ids=["syntax", "bytes", "type"],
)
def test_no_word_of_a_library_is_shown(full: Path, spoil: Callable[[bytes], bytes], language: Language) -> None:
    full.write_bytes(spoil(full.read_bytes()))
    with pytest.raises(Damaged) as caught:
        session(full)
    said = Speech(language, ZoneInfo("UTC")).say(caught.value.message)
    assert "2" in said
    for word in ("malformed", "codec", "byte", "Expected", "UTF"):
        assert word not in said


def test_what_only_pythons_json_writes_is_read_in_our_own_layout_too(full: Path) -> None:
    text = full.read_bytes().replace(b'"title":"\xe9\x80\x80\xe6\xac\xbe 2"', b'"odd":NaN,"title":"a \\udce4"', 1)
    full.write_bytes(text)
    store = session(full)
    assert titles(store)["CASE00000002"] == "a �"
    retitle(store, 2, "saved again")
    store.close()
    with TinyDB(full, access_mode="r", encoding="utf-8") as stock:
        assert stock.table("cases").get(doc_id=2)["odd"] is None


# What is no data file at all


@pytest.mark.parametrize("text", [b"hello\n", b"# Notes\n\n- milk\n", b"a,b\n1,2\n", b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_text_of_something_else_is_not_called_damaged(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    with pytest.raises(Damaged, match="not a data file of pddtui"):
        session(path)
    assert path.read_bytes() == text


@pytest.mark.parametrize("text", [b"hello\n", b"{}", bytes(300)])
def test_it_is_damage_where_backups_say_that_it_was_one(full: Path, text: bytes) -> None:
    store = session(full)
    retitle(store, 1, "changed")
    store.close()
    full.write_bytes(text)
    with pytest.raises(Damaged, match=r"damaged.*pddtui recover"):
        session(full)


@pytest.mark.parametrize("act", [session, examine, plan, recover], ids=lambda act: act.__name__)
@pytest.mark.parametrize(("kind", "said"), [("folder", "is a folder"), ("pipe", "not a regular file")])
def test_a_folder_and_a_pipe_are_one_sentence_and_hold_nobody_up(
    path: Path, act: Callable[[Path], object], kind: str, said: str
) -> None:
    if kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    if act is examine:
        assert said in str(examine(path).trouble[0])
        return
    with pytest.raises(Damaged, match=said):
        act(path)


# Recovering


def test_a_lone_empty_file_names_the_one_way_out_and_that_way_works(path: Path) -> None:
    path.write_bytes(b"")
    for act in (session, recover):
        with pytest.raises(Damaged, match="recover --empty"):
            act(path)
    recover(path, empty=True)
    assert dict(session(path).cases()) == {}


def test_the_plan_counts_the_lines_of_the_journal_that_cannot_be_read(full: Path) -> None:
    store = session(full)
    for title in ("first", "second", "third"):
        retitle(store, 1, title)
    journal = full.with_name("cases.json.journal")
    journal.write_bytes(journal.read_bytes().replace(b"first", b"f?rst").replace(b"third", b"th?rd") + b"torn")
    full.write_bytes(b"")
    found = plan(full)
    assert (found.journal_lost, found.from_journal) == (2, 1)
    assert "2 lines of the journal can no longer be read" in " ".join(map(str, found.sentences))


def test_two_cases_that_a_journal_has_under_one_key_are_both_recovered(full: Path) -> None:
    store = session(full)
    retitle(store, 1, "here")
    journal = full.with_name("cases.json.journal")
    lines = journal.read_bytes()
    elsewhere = msgspec.Raw(msgspec.json.encode(make(70, "PDD-2026-0070", title="elsewhere")))
    journal.write_bytes(encode(Record("0123", [("cases", "1", elsewhere)])) + lines)
    full.write_bytes(b"")
    recover(full)
    assert {"here", "elsewhere"} <= set(titles(session(full)).values())


def test_a_sound_file_with_backups_that_cannot_be_read_needs_no_recovery(full: Path) -> None:
    class Shut(Disk):
        def names(self, folder: Path) -> list[str]:
            if folder.suffix == ".bak":
                raise PermissionError(13, "Permission denied", str(folder))
            return super().names(folder)

    around = Surroundings(disk=Shut())
    assert not plan(full, around).needed
    assert not recover(full, around).needed
    assert examine(full, around).trouble == ()


def test_a_backup_that_cannot_be_read_is_passed_over(full: Path) -> None:
    clock = HandClock()
    store = session(full, Surroundings(now=clock.now, tick=clock.tick))
    for title in ("one", "two"):
        retitle(store, 1, title)
        store.storage.fold()
        clock.seconds += 3600
    folder = full.with_name("cases.json.bak")
    newest = max(folder.iterdir())
    newest.unlink()
    newest.mkdir()
    full.write_bytes(b"")
    assert plan(full).from_backup == 3


def test_the_newest_backup_is_the_newest_whatever_the_clock_said(full: Path) -> None:
    clock = HandClock()
    store = session(full, Surroundings(now=clock.now, tick=clock.tick))
    for title in ("one", "two", "three"):
        retitle(store, 1, title)
        store.storage.fold()
        clock.seconds += 3600
    oldest, *_, newest = sorted(full.with_name("cases.json.bak").iterdir())
    oldest.rename(oldest.with_name("20310101T000000.json"))
    full.write_bytes(b"")
    assert newest_backup(full) == newest
    recover(full)
    assert titles(session(full))["CASE00000001"] == "two"


def test_that_something_is_kept_is_said_only_where_there_was_something(full: Path) -> None:
    store = session(full)
    retitle(store, 1, "changed")
    store.close()
    before = contents(full.parent)
    assert plan(full).kept is False
    full.unlink()
    assert recover(full).kept is False
    full.write_bytes(b"")
    assert recover(full).kept is True
    assert len(contents(full.parent)) == len(before) + 1


# A fold that fails


def test_the_warning_of_a_failed_fold_does_not_say_that_nothing_was_saved(path: Path) -> None:
    class Full(Disk):
        full = False

        def replace(self, source: Path, target: Path) -> None:
            if self.full:
                raise OSError(28, "No space left on device")
            super().replace(source, target)

    disk, clock = Full(), HandClock()
    store = session(path, Surroundings(disk=disk, tick=clock.tick, now=clock.now))
    add(store, 1)
    add(store, 2)
    disk.full = True
    clock.seconds += 1
    assert not store.tidy()
    said = str(store.warnings[0])
    assert said.endswith("could not be brought up to date: the disk is full")
    assert "othing was saved" not in said
