"""What is left of a data file is united by histories: file, newest backup, journal and this machine's own record."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from pddtui.domain.case import Case
from pddtui.errors import Damaged
from pddtui.store import Surroundings
from pddtui.store.doctor import examine
from pddtui.store.recover import plan, recover
from tests.store.making import contents, session
from tests.store.test_mending import at, lines_of, logged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A data file of three cases, saved on this machine."""
    path = tmp_path / "data" / "cases.json"
    path.parent.mkdir()
    for number in (1, 2, 3):
        logged(path, path.parent, number, number)
    return path


def contacts(path: Path, around: Surroundings) -> dict[str, set[str]]:
    return {case.id: {each.id for each in case.contacts} for case in session(path, around).cases().values()}


def without(path: Path, kind: str) -> None:
    for backup in path.with_name("cases.json.bak").glob("*"):
        if kind == "backup":
            backup.unlink()


def test_the_own_record_gives_back_what_no_other_file_has(path: Path) -> None:
    around = at(path.parent)
    older = path.read_bytes()
    logged(path, path.parent, 1, 40)
    logged(path, path.parent, 4, 41)
    wanted = contacts(path, around)
    without(path, "backup")
    path.write_bytes(older[:-30])
    before = contents(path.parent)
    found = plan(path, around)
    assert contents(path.parent) == before, "looking writes nothing"
    assert (found.cases, found.from_own, found.left_out) == (4, 3, ())
    assert any("this machine's own record" in str(said) for said in found.sentences)
    recover(path, around)
    assert contacts(path, around) == wanted
    assert not examine(path, around).trouble


def test_a_file_that_is_gone_is_told_and_what_this_machine_saved_is_offered(path: Path) -> None:
    around = at(path.parent)
    wanted = contacts(path, around)
    for each in path.parent.glob("cases.json*"):
        if each.is_file():
            each.unlink()
    without(path, "backup")
    path.with_name("cases.json.bak").rmdir()
    store = session(path, around)
    assert (len(store.cases()), len(store.warnings)) == (0, 1)
    assert "although this machine saved cases there" in str(store.warnings[0])
    store.close()
    assert not path.exists()
    assert plan(path, around).from_own == 3
    assert not plan(path, Surroundings(own_records=path.parent / "another")).needed
    assert recover(path, around).cases == 3
    assert contacts(path, around) == wanted
    assert session(path, around).warnings == ()


def test_histories_decide_and_not_how_often_a_copy_was_saved(path: Path) -> None:
    """A backup with a higher revision does not hide what only the file has."""
    around = at(path.parent)
    logged(path, path.parent, 1, 40)
    logged(path, path.parent, 1, 41)
    backup = path.with_name("cases.json.bak") / "20990101T000000.json"
    backup.parent.mkdir(exist_ok=True)
    other = path.parent / "other"
    other.mkdir()
    copy = other / "cases.json"
    copy.write_bytes(path.read_bytes())
    for number in range(50, 60):
        logged(copy, other, 1, number)
    backup.write_bytes(copy.read_bytes())
    logged(path, path.parent, 1, 42)
    path.write_bytes(path.read_bytes()[:-2])
    with pytest.raises(Damaged):
        session(path, around)
    recover(path, around)
    assert contacts(path, around)["CASE00000001"] == {f"CONTACT{n:05d}" for n in (1, 40, 41, 42, *range(50, 60))}


@pytest.mark.parametrize("elsewhere", [True, False], ids=["a backup holds", "nothing else holds"])
def test_what_does_not_hold_is_left_out_and_told(path: Path, elsewhere: bool) -> None:
    around = at(path.parent / "nothing")
    sound = path.read_bytes()
    lines = lines_of(path)
    case = msgspec.json.decode(lines[2].split(b":", 1)[1].removesuffix(b","), type=Case)
    forged = msgspec.structs.replace(case, history=tuple(msgspec.structs.replace(e, action="x") for e in case.history))
    lines[2] = b'"1":' + msgspec.json.encode(forged) + b","
    path.write_bytes(b"\n".join(lines)[:-2])
    without(path, "backup")
    if elsewhere:
        (path.with_name("cases.json.bak") / "20260101T000000.json").write_bytes(sound)
    found = recover(path, around)
    assert (found.left_out, found.cases) == (("PDD-2026-0001",), 3 if elsewhere else 2)
    assert any("PDD-2026-0001 does not hold together" in str(said) for said in found.sentences)
    assert len(session(path, around).cases()) == found.cases
    if not elsewhere:
        assert msgspec.json.encode(forged) in path.read_bytes(), "it is kept aside"


def test_a_file_does_not_claim_saves_of_others_that_only_a_lost_one_had(tmp_path: Path) -> None:
    """An old copy came back here: what another machine saved in between is not in it, and is not said to be."""
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    mine, other = here / "cases.json", there / "cases.json"
    logged(mine, here, 1, 1)
    old = mine.read_bytes()
    other.write_bytes(old)
    logged(other, there, 2, 2)
    mine.write_bytes(other.read_bytes())
    logged(mine, here, 1, 3)
    mine.write_bytes(old)
    logged(mine, here, 1, 4)
    assert set(contacts(mine, at(here))) == {"CASE00000001"}
    other.write_bytes(mine.read_bytes())
    found = contacts(other, at(there))
    assert found == {"CASE00000001": {f"CONTACT{n:05d}" for n in (1, 3, 4)}, "CASE00000002": {"CONTACT00002"}}
