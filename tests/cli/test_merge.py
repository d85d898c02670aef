"""`pddtui merge BASE OURS THEIRS`: as a merge driver of git, on copies of a sync tool, on exports."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from pddtui.domain.record import recorded
from pddtui.store import TinyCaseStore
from tests.cli.conftest import Hands, Program, Result
from tests.cli.test_care import to_trash
from tests.store.making import contents

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)

Change = Callable[[Program], object]


def log(said: str) -> Change:
    return lambda program: program("log", "1", "--out", "--channel", "merchant_chat", "--said", said)


def retitle(title: str) -> Change:
    return lambda program: program("edit", "1", "--title", title)


def erase(program: Program) -> None:
    to_trash(program)
    assert program("trash", "--empty", "--yes").code == 0


class Copies:
    """Copies of one data file, each on a machine of its own."""

    def __init__(self, program: Program, folder: Path, hands: Hands) -> None:
        self.program = program
        self.folder = folder
        self.hands = hands
        assert program("add", "电热水壶").id == "PDD-2026-0001"

    def copy(self, name: str, *changes: Change) -> Path:
        """The data file as another machine has it after these changes, with nothing beside it."""
        file = self.folder / f"on {name}" / "cases.json"
        file.parent.mkdir()
        shutil.copy(self.program.file, file)
        for change in changes:
            self.hands.now += timedelta(minutes=1)
            change(self.program.at(file))
        alone = self.folder / f"{name}.json"
        shutil.copy(file, alone)
        return alone

    def merge(self, ours: Path, theirs: Path, base: str = os.devnull) -> Result:
        return self.program("merge", base, str(ours), str(theirs))

    def shown(self, file: Path) -> dict[str, object]:
        said = self.program.at(file)("show", "1", "--json")
        assert said.code == 0, said
        case: dict[str, object] = json.loads(said.out)
        return case

    def title_and_log(self, file: Path) -> tuple[object, list[str]]:
        case = self.shown(file)
        contacts = case["contacts"]
        assert isinstance(contacts, list)
        return case["title"], [contact["summary"] for contact in contacts]


@pytest.fixture
def copies(pddtui: Program, tmp_path: Path, hands: Hands) -> Copies:
    return Copies(pddtui, tmp_path, hands)


MERGES: list[tuple[str, list[Change], list[Change], int, object]] = [
    ("nothing", [], [], 0, ("电热水壶", [])),
    ("only here", [log("a")], [], 0, ("电热水壶", ["a"])),
    ("only there", [], [log("b")], 0, ("电热水壶", ["b"])),
    ("both log", [log("a")], [log("b")], 0, ("电热水壶", ["a", "b"])),
    ("one field twice", [retitle("A")], [retitle("B")], 1, ("B", [])),
    ("one field alike", [retitle("A")], [retitle("A")], 0, ("A", [])),
    ("different fields", [retitle("A")], [log("b")], 0, ("A", ["b"])),
]


@pytest.mark.parametrize(("mine", "others", "code", "expected"), [each[1:] for each in MERGES],
                         ids=[each[0] for each in MERGES])  # fmt: skip
def test_a_merge_is_the_union_and_a_conflict_is_an_exit_code(
    copies: Copies, mine: list[Change], others: list[Change], code: int, expected: object
) -> None:
    ours, theirs = copies.copy("a", *mine), copies.copy("b", *others)
    before, mode = set(copies.folder.iterdir()), ours.stat().st_mode
    said = copies.merge(ours, theirs)
    assert said.code == code, said
    assert ("in conflict: PDD-2026-0001" in said.err) is bool(code)
    if code:
        assert "“A” here, “B” there" in said.err
    assert set(copies.folder.iterdir()) == before, "a temporary file of git gets nothing beside it"
    assert ours.stat().st_mode == mode
    assert copies.title_and_log(ours) == expected
    assert copies.merge(ours, theirs).code == 0, "what is to be settled was so before"
    assert copies.title_and_log(ours) == expected
    assert copies.merge(theirs, ours).code == 0
    assert copies.title_and_log(theirs) == expected


def test_a_case_erased_on_one_side_stays_erased(copies: Copies) -> None:
    ours, theirs = copies.copy("a", log("a")), copies.copy("b", erase)
    for target, source in ((ours, theirs), (theirs, ours)):
        assert copies.merge(target, source).code == 0
        assert copies.program.at(target)("list", "--json").out == "[]\n"
        assert b"\xe7\x94\xb5\xe7\x83\xad" not in target.read_bytes()


def test_the_file_somebody_works_on_is_saved_as_a_session_saves(copies: Copies) -> None:
    theirs = copies.copy("b", log("b"), retitle("B"))
    copies.program("edit", "1", "--title", "A")
    window = TinyCaseStore.open(copies.program.file)
    said = copies.merge(copies.program.file, theirs)
    assert (said.code, "“A” here, “B” there" in said.err) == (1, True)
    assert len(window.refresh()) == 1
    (case,) = window.cases().values()
    assert ([each.summary for each in case.contacts], len(case.clashes)) == (["b"], 1)
    window.release()
    assert copies.program("doctor").code == 0


def export(program: Program, target: Path) -> Path:
    said = program("export", "--format", "json", "--output", str(target))
    assert said.code == 0, said
    return target


def test_exports_unite_to_an_export(copies: Copies) -> None:
    ours = export(copies.program.at(copies.copy("a", retitle("A"))), copies.folder / "ours.export")
    other = copies.copy("b", retitle("B"), log("b"))
    theirs = export(copies.program.at(other), copies.folder / "theirs.export")
    assert copies.merge(ours, theirs).code == 1
    assert copies.merge(ours, other).code == 0, "a data file unites with an export too"
    made = json.loads(ours.read_text(encoding="utf-8"))
    assert (made["format"], made["version"], len(made["cases"])) == ("pddtui.export", 2, 1)
    taken = copies.program.at(copies.folder / "new.json")
    assert taken("import", str(ours)).code == 0
    assert copies.title_and_log(taken.file) == ("B", ["b"])


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"not json", b'{"_meta":{"1":', b"\xff\xfe"], ids=range(6))
@pytest.mark.parametrize("side", ["ours", "theirs"])
def test_what_is_no_data_file_changes_nothing(copies: Copies, content: bytes, side: str) -> None:
    ours, theirs = copies.copy("a", log("a")), copies.copy("b", log("b"))
    (ours if side == "ours" else theirs).write_bytes(content)
    before = contents(copies.folder)
    said = copies.merge(ours, theirs)
    assert (said.code, said.err.count("\n")) == (8, 1), said
    assert contents(copies.folder) == before
    assert copies.merge(ours, copies.folder / "missing").code == 8


def altered(file: Path, **fields: object) -> None:
    """Change what the last entry of the history says, or a field of the case, without the other."""
    head, table, line, *rest = file.read_text(encoding="utf-8").split("\n")
    key, document = line.rstrip(",").split(":", 1)
    case = json.loads(document)
    if "action" in fields:
        case["history"][-1] |= fields
    else:
        case |= fields
    file.write_text("\n".join([head, table, f"{key}:{json.dumps(case, ensure_ascii=False)}", *rest]), encoding="utf-8")


def test_a_case_whose_history_does_not_hold_is_named_and_the_others_are_taken(copies: Copies) -> None:
    theirs = copies.copy("b", lambda program: program("add", "耳机"), log("b"))
    altered(theirs, action="edit")
    ours = copies.copy("a", log("a"))
    said = copies.merge(ours, theirs)
    assert (said.code, "PDD-2026-0001" in said.err) == (8, True)
    assert [row["title"] for row in json.loads(copies.program.at(ours)("list", "--json").out)] == ["电热水壶", "耳机"]
    assert copies.title_and_log(ours) == ("电热水壶", ["a"])


def test_words_that_the_history_does_not_lead_to_are_a_conflict(copies: Copies) -> None:
    ours, theirs = copies.copy("a", log("a")), copies.copy("b", log("b"))
    altered(theirs, title="forged")
    said = copies.merge(ours, theirs)
    assert (said.code, "forged" in said.err, "电热水壶" in said.err) == (1, True, True)
    assert copies.title_and_log(ours)[0] == "电热水壶"


@pytest.mark.parametrize("pending", [False, True], ids=["at rest", "with a journal"])
def test_a_data_file_is_imported_like_an_export(copies: Copies, pending: bool, tmp_path: Path) -> None:
    copies.copy("b", log("b"), lambda program: program("add", "耳机"))
    file = tmp_path / "on b" / "cases.json"
    if pending:
        window = TinyCaseStore.open(file)
        with window.transaction() as box:
            (case,) = (each for each in box.cases().values() if each.title == "耳机")
            later = recorded(case, structs.replace(case, merchant="数码店"), action="edit", change_id="LATER", at=NOON)
            box.put(later)
    before = contents(file.parent)
    wanted = copies.program("import", str(file), "--dry-run")
    assert "Would import: 1 new case, 1 changed, 0 conflicts." in wanted.out
    assert copies.title_and_log(copies.program.file) == ("电热水壶", [])
    said = copies.program("import", str(file))
    assert (said.code, said.out.splitlines()[-1]) == (0, "Imported: 1 new case, 1 changed, 0 conflicts.")
    assert contents(file.parent) == before
    assert copies.title_and_log(copies.program.file) == ("电热水壶", ["b"])
    assert json.loads(copies.program("show", "2", "--json").out)["merchant"] == ("数码店" if pending else None)
    assert "Nothing new" in copies.program("import", str(file)).out
    if not pending:
        assert "Nothing new" in copies.program("import", "-", stdin=file.read_text(encoding="utf-8")).out


def test_what_was_erased_in_an_imported_data_file_is_erased_here(copies: Copies) -> None:
    theirs = copies.copy("b", erase)
    for dry, said in ((("--dry-run",), "Would import"), ((), "Imported")):
        done = copies.program("import", str(theirs), *dry)
        assert "erased: PDD-2026-0001 电热水壶 was erased there for good" in done.out
        assert f"{said}: 0 new cases, 0 changed, 0 conflicts, 1 erased." in done.out
    assert copies.program("list", "--json").out == "[]\n"


def test_an_imported_data_file_is_taken_whole_or_not_at_all(copies: Copies) -> None:
    theirs = copies.copy("b", lambda program: program("add", "耳机"), log("b"))
    altered(theirs, action="edit")
    said = copies.program("import", str(theirs))
    assert (said.code, "The history is not consistent" in said.err) == (8, True)
    assert len(json.loads(copies.program("list", "--json").out)) == 1


needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Repository:
    """A clone with the data file in it, on a machine of its own."""

    def __init__(self, program: Program, folder: Path, origin: Path | None = None) -> None:
        self.folder = folder
        self.program = program.at(folder / "cases.json")
        if origin is None:
            self.git("init", "-q", "-b", "main", str(folder), at=folder.parent)
        else:
            self.git("clone", "-q", str(origin), str(folder), at=folder.parent)
        driver = f"{sys.executable} -m pddtui merge %O %A %B"
        for name, value in (("user.name", "me"), ("user.email", "me@example.com"), ("merge.pddtui.driver", driver)):
            self.git("config", name, value)

    def git(self, *args: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
        root = Path(__file__).parents[2]
        environ = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PYTHONPATH": str(root)}
        return subprocess.run(
            ["git", *args], cwd=at or self.folder, env=environ, capture_output=True, text=True, check=False
        )

    def commit(self, *changes: Change) -> None:
        for change in changes:
            change(self.program)
        assert self.git("add", "-A").returncode == 0
        assert self.git("commit", "-qm", "changed").returncode == 0


@needs_git
def test_git_merges_branches_by_it(pddtui: Program, tmp_path: Path) -> None:
    one = Repository(pddtui, tmp_path / "one")
    (one.folder / ".gitattributes").write_text("cases.json merge=pddtui\n", encoding="utf-8")
    (one.folder / ".gitignore").write_text("cases.json.*\n", encoding="utf-8")
    assert one.program("add", "电热水壶").code == 0
    one.commit()
    two, three = (Repository(pddtui, tmp_path / name, one.folder) for name in ("two", "three"))
    one.commit(log("one"))
    two.commit(log("two"))
    three.commit(log("three"), lambda program: program("add", "耳机"))
    for other in (two, three):
        pulled = one.git("pull", "-q", "--no-rebase", str(other.folder), "main")
        assert pulled.returncode == 0, pulled
    shown = json.loads(one.program("show", "1", "--json").out)
    assert {contact["summary"] for contact in shown["contacts"]} == {"one", "two", "three"}
    assert one.program("doctor").code == 0

    assert two.git("pull", "-q", "--ff", str(one.folder), "main").returncode == 0
    one.commit(retitle("A"))
    two.commit(retitle("B"))
    pulled = one.git("pull", "-q", "--no-rebase", str(two.folder), "main")
    assert pulled.returncode == 1, pulled
    assert "“A” here, “B” there" in pulled.stderr
    assert one.git("status", "--short").stdout == "UU cases.json\n"
    clashes = json.loads(one.program("show", "1", "--json").out)["clashes"]
    assert len(clashes) == 1
    one.commit()

    left = sorted(path.name for path in one.folder.iterdir() if not path.name.startswith(".git"))
    assert left == ["cases.json", "cases.json.bak", "cases.json.lock"]


READING = [
    ("list",),
    ("list", "--json"),
    ("show", "1"),
    ("due",),
    ("insights",),
    ("doctor",),
    ("recover",),
    ("export", "--format", "json"),
]


def test_who_only_reads_a_file_that_is_not_the_one_last_saved_says_so_and_writes_nothing(
    copies: Copies, tmp_path: Path
) -> None:
    file = copies.program.file
    old = file.read_bytes()
    log("kept on the own record")(copies.program)
    file.write_bytes(old)
    before = contents(tmp_path)
    for args in READING:
        said = copies.program(*args)
        if args[0] != "recover":
            assert "was united with it (PDD-2026-0001, 1 contact)" in said.err + said.out, args
        assert contents(tmp_path) == before, args
    assert copies.program("edit", "1", "--title", "next").code == 0
    assert copies.title_and_log(file) == ("next", ["kept on the own record"])
    assert copies.program("list").err == ""
    assert b"kept on the own record" in file.read_bytes()
