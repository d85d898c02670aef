"""Evidence files: copied whole or not at all, kept once, for the owner only, and checked against their hash."""

from __future__ import annotations

import hashlib
import os
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Evidence
from pddtui.domain.duetime import FixedClock
from pddtui.domain.rules import Rules
from pddtui.domain.workdays import PlainCalendar
from pddtui.durable import Files
from pddtui.errors import BadInput, CannotWrite, NotFound
from pddtui.message import msg
from pddtui.services.casebook import Casebook, UlidSource
from pddtui.services.checkup import check_evidence
from pddtui.services.evidence import EvidenceFolder, Kept, keep_file, media_type
from pddtui.services.inputs import NewCase, NewEvidence
from tests.conftest import SHANGHAI
from tests.memory_store import MemoryStore
from tests.ui.hostile import HOSTILE

PHOTO = "裂缝 照片.JPG"


class House:
    """A casebook with an evidence folder beside it and a folder of originals."""

    def __init__(self, top: Path, now: datetime) -> None:
        self.folder = EvidenceFolder(top / "data" / "evidence")
        self.originals = top / "originals"
        self.originals.mkdir()
        self.store = MemoryStore()
        self.book = Casebook(self.store, FixedClock(now), PlainCalendar(), Rules(), UlidSource())

    def case(self, title: str = "kettle") -> Case:
        return self.book.open_case(NewCase(title=title))

    def original(self, name: str = PHOTO, content: bytes = b"\xff\xd8 a crack") -> Path:
        path = self.originals / name
        path.write_bytes(content)
        return path

    def keep(self, case: Case, source: Path, new: NewEvidence | None = None) -> Kept:
        return keep_file(self.book, self.folder, case.id, source, new or NewEvidence(), ids=UlidSource())

    @property
    def held(self) -> list[str]:
        return sorted(path.name for path in self.folder.path.iterdir()) if self.folder.path.exists() else []


@pytest.fixture
def house(tmp_path: Path, now: datetime) -> House:
    return House(tmp_path, now)


def test_a_file_is_kept_under_its_hash_with_everything_that_was_known_of_it(house: House) -> None:
    source = house.original()
    taken = datetime(2026, 11, 12, 20, 15, tzinfo=SHANGHAI)
    os.utime(source, (taken.timestamp(), taken.timestamp()))
    kept = house.keep(house.case(), source, NewEvidence(kind="photo", proves="a crack on day three"))
    sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
    record = kept.record
    assert (record.sha256, record.file, record.size) == (sha256, f"{sha256}.jpg", len(source.read_bytes()))
    assert (record.original_name, record.media_type, record.taken_at) == (PHOTO, "image/jpeg", taken)
    assert (record.kind, record.proves) == ("photo", "a crack on day three")
    assert house.book.case(kept.case.id).evidence == (record,)
    assert (house.folder.path / f"{sha256}.jpg").read_bytes() == source.read_bytes()


def test_only_the_owner_can_read_it(house: House) -> None:
    source = house.original()
    source.chmod(0o644)
    record = house.keep(house.case(), source).record
    path = house.folder.path_of(record)
    assert path is not None
    assert (house.folder.path.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)


def test_the_same_file_again_changes_nothing_and_says_so(house: House) -> None:
    case = house.case()
    first = house.keep(case, house.original())
    again = house.keep(case, house.original("renamed.png"))
    assert (first.already, again.already, again.record) == (False, True, first.record)
    assert house.book.case(case.id).revision == first.case.revision
    assert len(house.held) == 1


def test_a_copy_and_a_folder_that_were_found_get_names_that_last(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever made them may have been killed before; the record that rests on them would outlive them."""
    house.keep(house.case(), house.original())
    synced: list[Path] = []
    monkeypatch.setattr(Files, "sync_folder", lambda _, folder: synced.append(folder))
    kept = house.keep(house.case(), house.original())
    assert {house.folder.path, house.folder.path.parent} <= set(synced)
    synced.clear()
    with house.original().open("rb") as content:
        assert not house.folder.receive(kept.record, content)
    assert {house.folder.path, house.folder.path.parent} <= set(synced)


def test_two_cases_share_one_copy(house: House) -> None:
    kettle, nuts = house.case("kettle"), house.case("nuts")
    house.keep(kettle, house.original())
    shared = house.keep(nuts, house.original("other name.png"))
    assert (shared.already, shared.also_in) == (False, (kettle.ref,))
    assert len(house.held) == 1
    assert house.folder.verify(shared.record) == "ok"


def test_a_copy_that_was_tampered_with_is_not_shared_but_made_good(house: House) -> None:
    first = house.keep(house.case("kettle"), house.original())
    path = house.folder.path_of(first.record)
    assert path is not None
    path.write_bytes(b"something else")
    house.keep(house.case("nuts"), house.original())
    assert house.folder.verify(first.record) == "ok"


def test_a_missing_and_a_changed_copy_are_told_apart(house: House) -> None:
    record = house.keep(house.case(), house.original(content=b"12345")).record
    path = house.folder.path_of(record)
    assert path is not None
    assert (house.folder.glance(record), house.folder.verify(record)) == ("ok", "ok")
    path.write_bytes(b"54321")
    assert (house.folder.glance(record), house.folder.verify(record)) == ("ok", "changed")
    path.write_bytes(b"123")
    assert (house.folder.glance(record), house.folder.verify(record)) == ("changed", "changed")
    path.unlink()
    assert (house.folder.glance(record), house.folder.verify(record)) == ("missing", "missing")
    assert house.folder.verify(structs.replace(record, file=None)) == "place"


def test_progress_ends_with_the_whole_file(house: House) -> None:
    told: list[tuple[int, int]] = []
    size = (3 << 20) + 5
    house.folder.take(house.original(content=b"x" * size), lambda done, total: told.append((done, total)))
    assert told == [(1 << 20, size), (2 << 20, size), (3 << 20, size), (size, size)]


class Interrupted(BaseException):
    """Ctrl+C, or the end of the world, in the middle of a copy."""


def test_an_interrupted_copy_leaves_nothing(house: House) -> None:
    def pull_the_plug(done: int, total: int) -> None:
        raise Interrupted

    with pytest.raises(Interrupted):
        house.folder.take(house.original(), pull_the_plug)
    assert house.held == []


def test_what_a_killed_copy_left_is_swept_but_not_one_that_is_under_way(house: House) -> None:
    house.folder.path.mkdir(parents=True)
    old, young = house.folder.path / ".copy.77.0a1b2c.tmp", house.folder.path / ".copy.78.0a1b2c.tmp"
    for path in (old, young):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    kept = house.keep(house.case(), house.original())
    assert house.held == sorted([young.name, str(kept.record.file)])


def test_a_full_disk_is_one_sentence_and_leaves_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    case = house.case()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="the disk is full"):
        house.keep(case, house.original())
    assert house.held == []
    assert house.book.case(case.id).evidence == ()


def test_a_copy_whose_record_cannot_be_saved_is_taken_back(house: House) -> None:
    case = house.case()
    house.store.trouble = CannotWrite(msg("the disk is full"))
    with pytest.raises(CannotWrite):
        house.keep(case, house.original())
    assert house.held == []


def test_nothing_is_copied_for_a_case_that_is_gone(house: House) -> None:
    with pytest.raises(NotFound):
        keep_file(house.book, house.folder, "gone", house.original(), NewEvidence(), ids=UlidSource())
    assert house.held == []


def test_a_file_that_grows_while_it_is_copied_is_refused(house: House) -> None:
    source = house.original(content=b"x" * (2 << 20))

    def grow(done: int, total: int) -> None:
        with source.open("ab") as file:
            file.write(b"y")

    with pytest.raises(BadInput, match="try again"):
        house.folder.take(source, grow)
    assert house.held == []


def test_a_link_leads_to_its_file(house: House) -> None:
    link = house.originals / "link.jpg"
    link.symlink_to(house.original())
    assert house.folder.verify(house.keep(house.case(), link).record) == "ok"


@pytest.mark.parametrize("kind", ["folder", "pipe", "link to a pipe", "device", "nothing", "loop", "nul"])
def test_what_is_no_file_is_refused_at_once(house: House, kind: str) -> None:
    path = house.originals / "thing"
    pipe = house.originals / "pipe"
    match kind:
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "link to a pipe":
            os.mkfifo(pipe)
            path.symlink_to(pipe)
        case "device":
            path = Path("/dev/zero")
        case "loop":
            path.symlink_to(path)
        case "nul":
            path = house.originals / "a\0b"
    with pytest.raises(BadInput):
        house.keep(house.case(), path)
    assert house.held == []


@pytest.mark.parametrize("name", [text.replace("/", "_").replace("\0", "") for text in HOSTILE if text.strip("\0")])
def test_no_name_leads_out_of_the_folder_or_acts_on_a_terminal(house: House, name: str) -> None:
    raw = os.fsencode(name.encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape"))[:200]
    source = house.originals / os.fsdecode(raw)
    try:
        source.write_bytes(b"x")
    except OSError:
        pytest.skip("no such name on this file system")
    record = house.keep(house.case(), source).record
    assert house.held == [record.file]
    assert record.original_name is not None
    assert record.original_name.isprintable() or "\u200d" in record.original_name


@pytest.mark.parametrize("file", ["../cases.json", "/etc/passwd", "a/b", "..", "a\0b"])
def test_a_record_from_elsewhere_cannot_name_a_file_outside(house: House, now: datetime, file: str) -> None:
    house.folder.path.mkdir(parents=True)
    assert house.folder.verify(Evidence(id="e", file=file, sha256="0", added_at=now)) == "missing"


def test_a_folder_that_went_away_is_noticed(house: House) -> None:
    record = house.keep(house.case(), house.original()).record
    shutil.rmtree(house.folder.path)
    assert house.folder.verify(record) == "missing"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.PNG", "image/png"),
        ("聊天.heic", "image/heic"),
        ("录音.amr", "audio/amr"),
        ("x.pdf", "application/pdf"),
        ("x", "application/octet-stream"),
        ("x.<b>", "application/octet-stream"),
    ],
)
def test_the_type_follows_the_suffix(name: str, kind: str) -> None:
    assert media_type(name) == kind


# Taking out, and bringing back.


def test_what_was_taken_out_and_brought_back_has_its_number_and_its_file_again(house: House) -> None:
    case = house.case()
    first, second = (house.keep(case, house.original(f"{name}.jpg", name.encode())).record for name in "ab")
    taken = house.book.remove_evidence(case.id, first.id)
    assert (taken.evidence, taken.history[-1].action) == ((second,), "remove_evidence")
    assert len(house.held) == 2
    (note,) = check_evidence([taken], house.folder.path).notes
    assert note.values["name"] == first.file
    (undone,) = house.book.undo()
    assert undone.case.evidence == (first, second)
    assert house.folder.verify(first) == "ok"


def test_a_file_of_what_was_taken_out_can_be_kept_again(house: House) -> None:
    case = house.case()
    first = house.keep(case, house.original())
    house.book.remove_evidence(case.id, first.record.id)
    again = house.keep(case, house.original())
    assert (again.already, again.record.file) == (False, first.record.file)
