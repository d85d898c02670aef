from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tinydb import TinyDB

from pddtui.errors import BadInput, CannotWrite, Damaged
from pddtui.store import Surroundings, TinyCaseStore
from pddtui.store.doctor import examine
from pddtui.store.journal import Record, encode
from pddtui.store.opening import FilesBeside, FileState, refusal
from pddtui.store.recover import plan, recover
from pddtui.store.storage import network_kind
from tests.store.making import HandClock, add, change, contents, put_on_record, session, titles

Damage = Callable[[bytes], bytes]

CASES = 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.json"


@pytest.fixture
def full(path: Path) -> Path:
    """A data file of forty cases with one older backup."""
    clock = HandClock()
    store = session(path, Surroundings(tick=clock.tick, now=clock.now))
    for number in range(CASES):
        add(store, number, contacts=2, title=f"退款 {number}")
    store.storage.fold()
    clock.seconds += 3600
    change(store, 0, lambda case: msgspec.structs.replace(case, title="newest"))
    store.close()
    return path


def without_backups(path: Path) -> Path:
    shutil.rmtree(path.with_name("cases.json.bak"))
    return path


@pytest.mark.parametrize(
    ("state", "beside", "word"),
    [
        ("ours", FilesBeside(journal=True, backups=3, kept=True), None),
        ("missing", FilesBeside(), None),
        ("missing", FilesBeside(journal=True), "is missing"),
        ("missing", FilesBeside(backups=1), "is missing"),
        ("missing", FilesBeside(kept=True), "is missing"),
        ("empty", FilesBeside(), "empty"),
        ("empty", FilesBeside(kept=True), "empty"),
        ("empty", FilesBeside(backups=1), "recover"),
        ("damaged", FilesBeside(), "damaged"),
        ("foreign", FilesBeside(), "not a data file"),
        ("foreign", FilesBeside(backups=1), "recover"),
    ],
)
def test_what_is_found_decides_whether_it_is_opened(state: FileState, beside: FilesBeside, word: str | None) -> None:
    said = refusal(state, beside, "x")
    assert (said is None) == (word is None)
    assert word is None or word in str(said)


def test_nothing_at_all_is_a_new_store_and_opening_it_creates_nothing(tmp_path: Path) -> None:
    path = tmp_path / "new" / "deep" / "cases.json"
    store = session(path)
    assert dict(store.cases()) == {}
    store.close()
    assert not (tmp_path / "new").exists()
    add(store, 1)
    assert [(tmp_path / "new").stat().st_mode & 0o777, path.stat().st_mode & 0o777] == [0o700, 0o600]


@pytest.mark.parametrize("text", [b"", b"null", b"   \n"])
def test_an_empty_file_is_never_taken_for_an_empty_store(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    with pytest.raises(Damaged, match="empty"):
        session(path)
    assert path.read_bytes() == text


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"{}",
        b"7",
        b'"cases"',
        b'{"a": 1}',
        b'{"_default": {"1": {"a": 1}}}',
        b'{"cases": {"1": 7}}',
        b'{"cases": {"1": {"title": "no id"}}}',
        b'{"cases": [{"id": "1"}]}',
        b'{"cases": {"one": {"id": "1"}}}',
        b"hello",
        b"\x89PNG\r\n",
    ],
)
def test_what_is_not_ours_is_refused_and_left_alone(path: Path, text: bytes) -> None:
    path.write_bytes(text)
    with pytest.raises(Damaged):
        session(path)
    assert contents(path.parent) == {"cases.json": text}


def test_a_data_file_that_is_gone_while_its_backups_are_there_is_not_started_anew(full: Path) -> None:
    full.unlink()
    with pytest.raises(Damaged, match="is missing"):
        session(full)
    shutil.rmtree(full.with_name("cases.json.bak"))
    with pytest.raises(Damaged, match="is missing"):
        session(full)


def test_a_data_file_that_vanishes_while_it_is_open_is_not_silently_started_anew(full: Path) -> None:
    store = session(full)
    full.unlink()
    with pytest.raises(Damaged, match="is missing"):
        add(store, 99)
    assert len(store.cases()) == CASES
    assert not full.exists()


def middle(text: bytes) -> int:
    return text.index(b"\n", len(text) // 2) + 1


DAMAGES: dict[str, tuple[Damage, range]] = {
    "cut in the middle": (lambda text: text[: len(text) // 2], range(15, 25)),
    "last byte cut": (lambda text: text.rstrip()[:-1], range(CASES, CASES + 1)),
    "old tail": (lambda text: text + text[-300:], range(CASES, CASES + 1)),
    "hole": (lambda text: text[: len(text) // 2] + bytes(500) + text[len(text) // 2 + 500 :], range(CASES - 3, CASES)),
    "flipped bit": (
        lambda text: text[: middle(text) + 60] + b'"' + text[middle(text) + 61 :],
        range(CASES - 1, CASES),
    ),
    "conflict markers without an end": (
        lambda text: text[: middle(text)] + b"<<<<<<< HEAD\n=======\n" + text[middle(text) :],
        range(CASES, CASES + 1),
    ),
    "GB 18030": (lambda text: text.decode("utf-8").encode("gb18030"), range(CASES, CASES + 1)),
    "all NUL": (lambda text: bytes(len(text)), range(1)),
    "emptied": (lambda _: b"", range(1)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_refused_and_every_whole_line_is_salvaged(full: Path, damage: str) -> None:
    spoil, expected = DAMAGES[damage]
    without_backups(full).write_bytes(spoil(full.read_bytes()))
    before = contents(full.parent)
    with pytest.raises(Damaged):
        session(full)
    found = plan(full)
    assert contents(full.parent) == before, "looking writes nothing"
    assert found.needed
    assert found.from_file == found.cases
    assert found.cases in expected


@pytest.mark.parametrize("damage", DAMAGES)
def test_recovery_takes_the_best_of_file_backup_and_journal(full: Path, damage: str) -> None:
    store = session(full)
    change(store, 1, lambda case: msgspec.structs.replace(case, title="only in the journal"))
    spoiled = DAMAGES[damage][0](full.read_bytes())
    full.write_bytes(spoiled)
    done = recover(full)
    assert done.needed
    assert done.cases == CASES
    assert done.from_journal == 1
    again = session(full)
    assert len(again.cases()) == CASES
    assert titles(again)["CASE00000001"] == "only in the journal"
    kept = [path for path in full.with_name("cases.json.bak").iterdir() if path.name.startswith("corrupt-")]
    assert [path.read_bytes() for path in kept] == [spoiled]
    add(again, 500)
    assert session(full).cases()["CASE00000500"].ref == "PDD-2026-0041"


def test_a_lost_file_comes_back_from_its_backup(full: Path) -> None:
    full.unlink()
    assert recover(full).from_backup == CASES
    assert len(session(full).cases()) == CASES


def test_a_sound_file_is_not_recovered(full: Path) -> None:
    before = contents(full.parent)
    assert not plan(full).needed
    assert not recover(full).needed
    assert contents(full.parent) == before


def test_where_nothing_is_left_recovery_asks_before_it_begins_anew(path: Path) -> None:
    path.write_bytes(bytes(1000))
    with pytest.raises(Damaged, match="Nothing"):
        recover(path)
    assert path.read_bytes() == bytes(1000)
    assert recover(path, empty=True).cases == 0
    assert dict(session(path).cases()) == {}


def test_a_document_that_is_no_case_is_kept_aside_by_recovery(full: Path) -> None:
    full.write_bytes(full.read_bytes().replace(b'"id":"CASE00000003"', b'"id":null'))
    with pytest.raises(Damaged, match="Document 4"):
        session(full)
    done = recover(without_backups(full))
    assert (done.cases, done.unreadable) == (CASES - 1, 1)
    with TinyDB(full, access_mode="r") as stock:
        assert [document["id"] for document in stock.table("unreadable").all()] == [None]
    assert len(session(full).cases()) == CASES - 1


def test_a_byte_order_mark_is_accepted(full: Path) -> None:
    full.write_bytes(b"\xef\xbb\xbf" + full.read_bytes())
    assert len(session(full).cases()) == CASES


def test_the_end_of_a_journal_that_was_never_acknowledged_is_ignored(full: Path) -> None:
    store = session(full)
    change(store, 1, lambda case: msgspec.structs.replace(case, title="acknowledged"))
    journal = full.with_name("cases.json.journal")
    whole = journal.read_bytes()
    again = store
    for tail in (b"0", whole[:50], bytes(300), whole.replace(b"acknowledged", b"not finished")[:-1]):
        journal.write_bytes(whole + tail)
        again = session(full)
        assert titles(again)["CASE00000001"] == "acknowledged"
        assert again.warnings == ()
    add(again, 100)
    assert len(session(full).cases()) == CASES + 1


def test_a_damaged_save_before_a_good_one_is_told_and_the_journal_kept(full: Path) -> None:
    store = session(full)
    change(store, 1, lambda case: msgspec.structs.replace(case, title="first"))
    change(store, 2, lambda case: msgspec.structs.replace(case, title="second"))
    journal = full.with_name("cases.json.journal")
    spoiled = journal.read_bytes().replace(b"first", b"f?rst", 1)
    journal.write_bytes(spoiled)
    again = session(full)
    assert titles(again)["CASE00000002"] == "second"
    assert "1 save in the journal can no longer be read" in str(again.warnings[0])
    again.close()
    kept = list(full.with_name("cases.json.bak").glob("journal-*"))
    assert [path.read_bytes() for path in kept] == [spoiled]
    assert session(full).warnings == ()


def test_a_journal_left_by_a_death_between_rename_and_unlink_is_ignored(full: Path) -> None:
    store = session(full)
    change(store, 1, lambda case: msgspec.structs.replace(case, title="folded"))
    journal = full.with_name("cases.json.journal")
    left = journal.read_bytes()
    store.storage.fold()
    change(store, 1, lambda case: msgspec.structs.replace(case, title="after the fold"))
    store.storage.fold()
    journal.write_bytes(left)
    again = session(full)
    assert titles(again)["CASE00000001"] == "after the fold"
    assert again.warnings == ()
    change(again, 1, lambda case: msgspec.structs.replace(case, title="and on"))
    assert titles(session(full))["CASE00000001"] == "and on"


def test_old_records_that_come_back_behind_a_torn_save_are_not_replayed(full: Path) -> None:
    store = session(full)
    change(store, 1, lambda case: msgspec.structs.replace(case, title="100"))
    old = full.with_name("cases.json.journal").read_bytes()
    store.storage.fold()
    change(store, 1, lambda case: msgspec.structs.replace(case, title="200"))
    journal = full.with_name("cases.json.journal")
    journal.write_bytes(journal.read_bytes() + b"torn\n" + old)
    assert titles(session(full))["CASE00000001"] == "200"


def test_the_journal_of_another_file_gives_only_what_is_newer(full: Path) -> None:
    restored = full.read_bytes()
    store = session(full)
    change(store, 1, lambda case: msgspec.structs.replace(case, title="revision 2"))
    store.storage.fold()
    change(store, 1, lambda case: msgspec.structs.replace(case, title="revision 3"))
    journal = full.with_name("cases.json.journal")
    kept = journal.read_bytes()
    old = session(full).cases()["CASE00000000"]
    journal.write_bytes(kept + encode(Record("elsewhere", [("cases", "1", msgspec.Raw(msgspec.json.encode(old)))])))
    full.write_bytes(restored)
    again = session(full)
    assert titles(again)["CASE00000001"] == "revision 3"
    assert titles(again)["CASE00000000"] == "newest"
    assert "made on another copy of the data file" in str(again.warnings[0])
    add(again, 100)
    assert len(list(full.with_name("cases.json.bak").glob("journal-*"))) == 1
    fresh = session(full)
    assert (titles(fresh)["CASE00000001"], fresh.warnings) == ("revision 3", ())


def test_an_erased_case_does_not_come_back_with_an_old_journal(full: Path) -> None:
    store = session(full)
    change(store, 1, lambda case: msgspec.structs.replace(case, title="old"))
    journal = full.with_name("cases.json.journal")
    old = journal.read_bytes()
    with store.transaction() as box:
        box.erase("CASE00000001")
    store.storage.fold()
    for record in (old, old.replace(store.storage.reading.mark.past[0].encode(), b"0123456789abcdef")):
        journal.write_bytes(record)
        assert "CASE00000001" not in session(full).cases()


def test_a_newer_schema_is_opened_read_only_and_says_so(full: Path) -> None:
    running = session(full)
    newer = full.read_bytes().replace(b'"schema":2', b'"schema":99', 1)
    full.write_bytes(newer)
    store = session(full)
    assert len(store.cases()) == CASES
    assert "newer" in str(store.read_only)
    with pytest.raises(CannotWrite, match="schema 99"):
        add(store, 100)
    running.refresh()
    assert "newer" in str(running.read_only), "a session that was open already stops writing too"
    store.close()
    assert full.read_bytes() == newer


def test_a_newer_schema_that_cannot_be_read_names_the_version(full: Path) -> None:
    text = full.read_bytes().replace(b'"schema":2', b'"schema":99', 1)
    full.write_bytes(text.replace(b'"title":', b'"name":'))
    with pytest.raises(Damaged, match="schema 99"):
        session(full)


def test_a_data_file_that_may_not_be_written_is_read_with_its_journal(
    full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = session(full)
    change(store, 1, lambda case: msgspec.structs.replace(case, title="in the journal"))
    monkeypatch.setattr("pddtui.store.disk.Disk.writable", lambda *_: False)
    reader = session(full)
    assert titles(reader)["CASE00000001"] == "in the journal"
    assert "read-only" in str(reader.read_only)
    with pytest.raises(CannotWrite):
        add(reader, 100)
    before = contents(full.parent)
    assert not reader.tidy()
    reader.close()
    assert contents(full.parent) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_sentence(full: Path) -> None:
    full.chmod(0)
    with pytest.raises(CannotWrite, match="No permission to read"):
        session(full)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("1 1 0:1 / / rw - ext4 /dev/sda rw", None),
        ("2 1 0:2 / /srv rw shared:1 - nfs4 server:/x rw", "nfs4"),
        ("2 1 0:2 / /srv/ada rw - cifs //x rw", "cifs"),
        ("2 1 0:2 / /srv/ada/my\\040files rw - fuse.sshfs x rw", "fuse.sshfs"),
        ("2 1 0:2 / /srv/adam rw - nfs x rw", None),
    ],
)
def test_a_network_file_system_is_recognised(tmp_path: Path, line: str, kind: str | None) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(f"1 1 0:1 / / rw - ext4 /dev/sda rw\n{line}\n", encoding="utf-8")
    assert network_kind(Path("/") / "srv" / "ada" / "my files" / "cases.json", str(mounts)) == kind


def test_on_a_network_file_system_the_store_is_read_only_until_the_user_trusts_it(full: Path, tmp_path: Path) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text("1 1 0:1 / / rw - nfs server:/x rw\n", encoding="utf-8")
    store = session(full, Surroundings(mounts=str(mounts)))
    assert "network" in str(store.read_only)
    trusted = session(full, Surroundings(mounts=str(mounts), trust_network=True))
    assert trusted.read_only is None
    add(trusted, 100)


def test_a_file_without_a_mark_is_migrated_at_the_first_save_after_a_backup(path: Path) -> None:
    source = path.with_name("other.json")
    store = session(source)
    add(store, 1, title="written by the first version")
    store.close()
    with TinyDB(source, access_mode="r") as ours:
        documents = [{**document, "mood": "tired"} for document in ours.table("cases").all()]
    for document in documents:
        del document["revision"]
        del document["history"]
    with TinyDB(path, encoding="utf-8") as stock:
        stock.table("notes").insert({"text": "mine"})
        stock.table("cases").insert_multiple(documents)
    text = path.read_bytes()
    store = session(path)
    assert titles(store) == {"CASE00000001": "written by the first version"}
    store.close()
    assert path.read_bytes() == text, "reading migrates nothing"
    store = session(path)
    add(store, 2)
    store.close()
    assert [kept.read_bytes() for kept in path.with_name("cases.json.bak").glob("pre-v2-*")] == [text]
    with TinyDB(path, access_mode="r") as stock:
        assert stock.table("_meta").get(doc_id=1)["schema"] == 2
        assert stock.table("notes").all() == [{"text": "mine"}]
        first = stock.table("cases").get(doc_id=1)
    assert (first["mood"], first["revision"], first["history"]) == ("tired", 0, [])


def test_the_examination_names_trouble_and_facts(path: Path) -> None:
    store = session(path)
    for number in (1, 2):
        put_on_record(store, number, "open")
    put_on_record(store, 1, "edit", title="changed")
    store.close()
    sound = examine(path)
    assert sound.trouble == ()
    assert "2 cases" in str(sound.facts[0])
    path.write_bytes(b"[]")
    assert "pddtui recover" in str(examine(path).trouble[0])


def test_every_refusal_of_a_file_has_the_exit_code_of_damage(path: Path) -> None:
    path.write_bytes(b"[]")
    with pytest.raises(Damaged) as caught:
        TinyCaseStore.open(path)
    assert caught.value.exit_code == 5
    assert not isinstance(caught.value, BadInput)
