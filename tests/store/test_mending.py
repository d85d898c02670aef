"""A data file that holds something twice: two sides between git's conflict markers, documents under one key."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from pddtui.domain.case import Case
from pddtui.domain.record import recorded
from pddtui.errors import Damaged
from pddtui.store import Surroundings
from pddtui.store.doctor import examine
from tests.store.making import START, contact, make, put_on_record, session, titles


def at(folder: Path) -> Surroundings:
    return Surroundings(own_records=folder / "own")


def logged(path: Path, folder: Path, number: int, contact_number: int, **fields: object) -> None:
    """Log a contact in the data file, as another session of that machine does."""
    store = session(path, at(folder))
    with store.transaction() as box:
        before = box.get(f"CASE{number:08d}")
        case = before or make(number, box.next_ref(2026), contacts=0, revision=0)
        after = msgspec.structs.replace(case, contacts=(*case.contacts, contact(contact_number)), **fields)
        change_id = f"{folder.name}-{number}-{contact_number}"
        at_last = START + timedelta(minutes=contact_number)
        box.put(recorded(before, after, action="log", change_id=change_id, at=at_last, save=box.save))
    store.close()


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path, Path]:
    """The file before, ours and theirs: each side logged in case 1, changed another case, and opened a new one."""
    base = tmp_path / "base" / "cases.json"
    base.parent.mkdir()
    for number in (1, 2, 3):
        logged(base, base.parent, number, number)
    files = []
    for n, name in enumerate(("ours", "theirs"), 4):
        folder = tmp_path / name
        folder.mkdir()
        files.append(Path(shutil.copy(base, folder / "cases.json")))
        logged(files[-1], folder, 1, 10 * n)
        logged(files[-1], folder, n - 2, 10 * n + 1, title=f"{name} {n - 2}")
        logged(files[-1], folder, n, 10 * n + 2)
    ours, theirs = files
    return base, ours, theirs


def merged(sides: tuple[Path, Path, Path], *options: str) -> bytes:
    base, ours, theirs = map(str, sides)
    done = subprocess.run(
        ["git", "merge-file", "-p", *options, "-L", "HEAD", "-L", "base", "-L", "other", ours, base, theirs],
        capture_output=True, check=False,
    )  # fmt: skip
    return done.stdout


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@needs_git
@pytest.mark.parametrize("options", [[], ["--diff3"], ["--zdiff3"], ["--marker-size=12"]], ids=str)
def test_both_sides_of_a_conflict_are_united_and_the_next_save_writes_it(
    sides: tuple[Path, Path, Path], options: list[str]
) -> None:
    ours = sides[1]
    text = merged(sides, *options)
    assert b"<<<<<<<" in text
    ours.write_bytes(text)
    store = session(ours, at(ours.parent))
    assert len(store.cases()) == 5
    first = store.cases()["CASE00000001"]
    assert {each.id for each in first.contacts} == {f"CONTACT{n:05d}" for n in (1, 40, 50)}
    assert {case.title for case in store.cases().values()} >= {"ours 2", "theirs 3"}
    assert len({case.ref for case in store.cases().values()}) == 5, "a number given twice is settled"
    assert any("conflict markers" in str(said) for said in store.warnings)
    seen = titles(store)
    store.close()
    assert ours.read_bytes() == text, "who only looks writes nothing"
    logged(ours, ours.parent, 1, 60)
    fresh = session(ours, at(ours.parent))
    assert (titles(fresh), fresh.warnings) == (seen, ())
    assert not examine(ours, at(ours.parent)).trouble
    kept = [copy.read_bytes() for copy in ours.with_name("cases.json.bak").glob("pre-merge-*")]
    assert kept == [text]


def cut(text: bytes) -> bytes:
    lines = text.split(b"\n")
    begin = next(n for n, line in enumerate(lines) if line.startswith(b"<<<<<<<"))  # git may take the mark along
    n = next(n for n in range(begin, len(lines)) if lines[n].startswith(b'"') and b'"id"' in lines[n])
    lines[n] = lines[n][:-9]
    return b"\n".join(lines)


@needs_git
@pytest.mark.parametrize(
    "harm",
    [
        cut,
        lambda text: text[: text.rindex(b">>>>>>>")],
        lambda text: text[: text.rindex(b"}}")],
        lambda text: text.replace(b"=======\n", b"", 1),
        lambda text: text.replace(b"<<<<<<< HEAD\n", b"", 1),
        lambda text: text.replace(b"=======\n", b"=======\nsomething\n", 1),
    ],
    ids=["half a line", "no end of a side", "no end", "no middle", "no beginning", "a word"],
)
def test_where_a_line_is_not_whole_it_is_damage_as_ever(
    sides: tuple[Path, Path, Path], harm: Callable[[bytes], bytes]
) -> None:
    ours = sides[1]
    text = harm(merged(sides))
    ours.write_bytes(text)
    with pytest.raises(Damaged):
        session(ours)
    assert ours.read_bytes() == text


def test_a_file_of_another_layout_has_two_sides_too(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    logged(path, tmp_path, 1, 1)
    flat = path.read_bytes().replace(b"\n", b"")
    other = flat.replace(b"CASE00000001", b"CASE00000009")
    path.write_bytes(b"<<<<<<< HEAD\n" + flat + b"\n=======\n" + other + b"\n>>>>>>> other\n")
    assert set(titles(session(path))) == {"CASE00000001"}, "the history of the other does not hold under its new id"


def lines_of(path: Path) -> list[bytes]:
    return path.read_bytes().split(b"\n")


def twice(path: Path, later: bytes, key: bytes, *, ahead: bool = False) -> None:
    """Put a second document into the table, under that key."""
    head, table, *documents, end, rest = lines_of(path)
    line = b'"%s":%s' % (key, later.split(b":", 1)[1].removesuffix(b","))
    documents[-1] = documents[-1].removesuffix(b",")
    documents = [line + b",", *documents] if ahead else [*documents[:-1], documents[-1] + b",", line]
    path.write_bytes(b"\n".join([head, table, *documents, end, rest]))


@pytest.mark.parametrize("ahead", [False, True])
@pytest.mark.parametrize("key", [b"1", b"9"], ids=["under one key", "under two keys"])
@pytest.mark.parametrize("running", [False, True], ids=["opened later", "open all the while"])
def test_a_case_that_stands_in_the_file_twice_is_united(
    sides: tuple[Path, Path, Path], key: bytes, ahead: bool, running: bool
) -> None:
    _, ours, theirs = sides
    line = next(line for line in lines_of(theirs) if line.startswith(b'"1":'))
    window = session(ours, at(ours.parent)) if running else None
    twice(ours, line, key, ahead=ahead)
    store = window or session(ours, at(ours.parent))
    store.refresh()
    assert {each.id for each in store.cases()["CASE00000001"].contacts} == {f"CONTACT{n:05d}" for n in (1, 40, 50)}
    assert any("PDD-2026-0001 stood in the data file twice" in str(said) for said in store.warnings), store.warnings
    assert (len(store.cases()), len(store.storage.reading.shelf.keys("cases"))) == (4, 4)
    put_on_record(store, 2, "edit", title="next")
    store.close()
    fresh = session(ours, at(ours.parent))
    assert (fresh.warnings, len(fresh.cases())) == ((), 4)
    assert len(fresh.storage.reading.shelf.keys("cases")) == 4


def test_two_cases_under_one_key_are_both_there(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    for number in (1, 2):
        logged(path, tmp_path, number, number)
    lines = lines_of(path)
    path.write_bytes(
        b"\n".join(line.replace(b'"2":', b'"1":', 1) if line.startswith(b'"2"') else line for line in lines)
    )
    store = session(path)
    assert set(titles(store)) == {"CASE00000001", "CASE00000002"}
    store.close()


def test_a_second_document_whose_history_does_not_hold_stays_where_it_is(sides: tuple[Path, Path, Path]) -> None:
    ours = sides[1]
    line = next(line for line in lines_of(ours) if line.startswith(b'"1":'))
    case = msgspec.json.decode(line.split(b":", 1)[1].removesuffix(b","), type=Case)
    *before, last = case.history
    forged = msgspec.structs.replace(case, history=(*before, msgspec.structs.replace(last, action="resolve")))
    twice(ours, b'"9":' + msgspec.json.encode(forged), b"9")
    found = examine(ours, at(ours.parent))
    assert any("in the file 2 times" in str(said) for said in found.trouble)
    assert any("do not hold together" in str(said) for said in found.trouble)
