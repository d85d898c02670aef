"""Looking after the file from the command line: it is told how it is, and nothing is changed without consent."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from pddtui.domain.case import Evidence
from pddtui.domain.record import recorded
from pddtui.places import find_places
from pddtui.services.drafts import Drafts, DraftSubject
from pddtui.store import TinyCaseStore
from pddtui.store.journal import Record, encode
from tests.cli.conftest import Hands, Program, at_a_terminal
from tests.store.making import contents, make


def change(program: Program, move: dict[str, object]) -> None:
    """Change these fields of the only case, on record as the casebook does it."""
    store = TinyCaseStore.open(program.file)
    with store.transaction() as box:
        (case,) = box.cases().values()
        at = datetime(2026, 11, 20, tzinfo=UTC)
        box.put(recorded(case, replace(case, **move), action="edit", change_id=f"T{case.revision}", at=at))
    store.close()


def forge(program: Program, move: dict[str, object]) -> None:
    """Change these fields of the only case, behind the back of the casebook."""
    store = TinyCaseStore.open(program.file)
    with store.transaction() as box:
        (case,) = box.cases().values()
        box.put(replace(case, revision=case.revision + 1, **move))
    store.close()


def damage(program: Program) -> bytes:
    """Cut the file in its middle, after a backup was made of it."""
    store = TinyCaseStore.open(program.file)
    store.storage.reading.backups.keep("", datetime(2026, 11, 20, tzinfo=UTC), program.file)
    store.release()
    text = program.file.read_bytes()
    program.file.write_bytes(text[: len(text) // 2])
    return program.file.read_bytes()


def test_a_sound_file_is_fine_and_is_not_touched(kettle: Program) -> None:
    before = contents(kettle.file.parent)
    done = kettle("doctor")
    assert (done.code, done.err) == (0, "")
    assert "1 case in" in done.out
    assert done.out.splitlines()[-1] == "All is well."
    assert contents(kettle.file.parent) == before


def test_the_report_is_json_for_scripts(kettle: Program) -> None:
    done = kettle("doctor", "--json")
    report = json.loads(done.out)
    assert report["ok"] is True
    assert report["trouble"] == []
    assert report["file"] == str(kettle.file)


def test_it_speaks_chinese(kettle: Program) -> None:
    assert "1 个案件" in kettle("doctor", "--lang", "zh").out


def test_it_says_which_entry_of_which_case_breaks_the_chain_and_repairs_nothing(kettle: Program) -> None:
    store = TinyCaseStore.open(kettle.file)
    (case,) = store.cases().values()
    store.close()
    second = case.history[1]
    forged = (case.history[0], replace(second, action="amend"), *case.history[2:])
    forge(kettle, {"history": forged})
    before = kettle.file.read_bytes()
    done = kettle("doctor")
    assert done.code == 5
    (line,) = [line for line in done.out.splitlines() if line.startswith("!")]
    assert case.ref in line
    assert "entry 2 (amend" in line
    assert kettle.file.read_bytes() == before
    assert kettle("doctor").code == 5


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_readme_shows_how_to_check_the_chain_without_this_program(
    kettle: Program, checkout: Path, readme: str
) -> None:
    text = (checkout / readme).read_text(encoding="utf-8")
    _, _, script = text.partition("pddtui export | python3 -c '")
    script, _, _ = script.partition("\n'\n```")

    def checked(export: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "-c", script]
        done = subprocess.run(command, input=export.encode(), capture_output=True, check=False)
        return done.returncode, (done.stdout + done.stderr).decode().strip()

    export = kettle("export").out
    assert checked(export) == (0, "every history is whole")
    forged = json.loads(export)
    forged["cases"][0]["history"][1]["patches"][0]["after"] = "something else"
    ref = forged["cases"][0]["ref"]
    assert checked(json.dumps(forged)) == (1, f"{ref}: entry 2 does not hold")
    del forged["cases"][0]["history"][1]
    assert checked(json.dumps(forged)) == (1, f"{ref}: entry 2 does not hold")


def test_a_damaged_file_has_its_own_exit_code(kettle: Program) -> None:
    cut = damage(kettle)
    done = kettle("doctor")
    assert done.code == 5
    assert kettle.hint("recover") in done.out
    assert kettle.file.read_bytes() == cut


def test_evidence_is_checked_against_its_hash(kettle: Program) -> None:
    folder = kettle.file.parent / "evidence"
    folder.mkdir()
    content = b"a picture of a kettle"
    digest = hashlib.sha256(content).hexdigest()
    now = datetime(2026, 11, 20, tzinfo=UTC)
    record = Evidence(id="E1", file=f"{digest}.jpg", original_name="水壶.jpg", sha256=digest, added_at=now)
    change(kettle, {"evidence": (record,)})
    missing = kettle("doctor")
    assert (missing.code, "水壶.jpg" in missing.out, "is missing" in missing.out) == (5, True, True)
    (folder / f"{digest}.jpg").write_bytes(content)
    assert kettle("doctor").code == 0
    (folder / "stray.png").write_bytes(b"x")
    stray = kettle("doctor")
    assert (stray.code, "stray.png" in stray.out) == (0, True)
    (folder / f"{digest}.jpg").write_bytes(content + b"!")
    altered = kettle("doctor")
    assert (altered.code, "was altered" in altered.out) == (5, True)


def test_no_file_of_evidence_is_called_right_where_none_is(kettle: Program) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    change(kettle, {"evidence": (Evidence(id="E1", file=f"{'0' * 64}.jpg", sha256="0" * 64, added_at=now),)})
    said = kettle("doctor").out
    assert "is missing" in said
    assert "are unchanged" not in said


def test_evidence_and_backups_of_a_linked_file_are_found_beside_the_file_itself(
    kettle: Program, tmp_path: Path
) -> None:
    link = tmp_path / "link.json"
    link.symlink_to(kettle.file)
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"a picture")
    linked = kettle.at(link)
    assert linked("evidence", "1", str(picture)).code == 0
    assert (kettle.file.parent / "evidence").is_dir()
    assert not (tmp_path / "evidence").exists()
    assert (kettle("doctor").code, linked("doctor").code) == (0, 0)


def test_evidence_is_never_looked_for_outside_its_folder(kettle: Program) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    change(kettle, {"evidence": (Evidence(id="E1", file="../cases.json", added_at=now),)})
    done = kettle("doctor")
    assert (done.code, "is not one that pddtui gives its copies" in done.out) == (5, True)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (datetime(2026, 11, 14, 12, tzinfo=UTC), "published until the end of 2026"),
        (datetime(2026, 11, 15, 12, tzinfo=UTC), "The working days of 2027 are not known"),
    ],
)
def test_from_the_middle_of_november_it_asks_for_the_calendar_of_next_year(
    kettle: Program, hands: Hands, today: datetime, said: str
) -> None:
    hands.now = today
    done = kettle("doctor")
    assert (done.code, said in done.out) == (0, True)


def test_a_form_that_waits_is_named_with_its_case(kettle: Program) -> None:
    store = TinyCaseStore.open(kettle.file)
    (case,) = store.cases().values()
    store.close()
    form = Drafts(find_places(os.environ).drafts).open(DraftSubject(form="contact", case=case.id))
    form.keep({"summary": "half"}, datetime(2026, 11, 20, tzinfo=UTC))
    form.close()
    done = kettle("doctor")
    assert (done.code, f"{case.ref} has an unsaved form" in done.out) == (0, True)


def test_wrong_settings_are_one_finding_among_the_others(kettle: Program, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("zone: Nowhere/Land\n", encoding="utf-8")
    done = kettle("doctor", "--config", str(config))
    assert done.code == 5
    assert "1 case in" in done.out
    assert "zone" in next(line for line in done.out.splitlines() if line.startswith("!"))


def test_recovering_a_sound_file_does_nothing(kettle: Program) -> None:
    before = kettle.file.read_bytes()
    done = kettle("recover", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "nothing to recover" in done.out
    assert kettle.file.read_bytes() == before


def test_a_script_recovers_only_with_its_explicit_consent(kettle: Program) -> None:
    cut = damage(kettle)
    refused = kettle("recover")
    assert refused.code == 2
    assert "1 case can be recovered" in refused.out
    assert refused.err.count("\n") == 1
    assert kettle.file.read_bytes() == cut
    done = kettle("recover", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "is repaired and has 1 case" in done.out
    assert kettle("doctor").code == 0
    assert kettle("show", "1").code == 0
    kept = [path.read_bytes() for path in kettle.file.with_name("cases.json.bak").glob("corrupt-*")]
    assert kept == [cut]


@pytest.mark.parametrize(
    ("answer", "code", "sound"), [("", 5, False), ("n", 5, False), ("y", 0, True), ("是", 0, True)]
)
def test_a_person_is_shown_the_counts_and_asked(kettle: Program, answer: str, code: int, sound: bool) -> None:
    damage(kettle)
    done = at_a_terminal(kettle, "recover", answer=answer)
    assert done.code == code
    assert "1 case can be recovered: 0 from the file, 1 from a backup, 0 from the journal." in done.out
    assert "Rebuild the data file from this? [y/N]" in done.err
    assert (kettle("doctor").code == 0) is sound


def test_where_nothing_was_there_nothing_is_said_to_be_kept(kettle: Program) -> None:
    damage(kettle)
    kettle.file.unlink()
    done = kettle("recover", "--yes")
    assert done.out.splitlines()[-1] == f"{kettle.file} is repaired and has 1 case."


def test_where_nothing_is_left_an_empty_file_has_to_be_asked_for(pddtui: Program) -> None:
    pddtui.file.parent.mkdir()
    pddtui.file.write_bytes(b'{"cases": {"1": ')
    pddtui.file.with_name("cases.json.journal").write_bytes(b"torn")
    assert pddtui("recover", "--yes").code == 5
    assert pddtui("recover", "--yes", "--empty").code == 0
    assert pddtui("list").code == 0


@pytest.mark.parametrize("command", [["list"], ["add", "x"], ["doctor"], ["recover", "--yes"], ["recover"]])
@pytest.mark.parametrize(("kind", "said"), [("folder", "is a folder"), ("pipe", "not a regular file")])
def test_a_folder_or_a_pipe_in_the_place_of_the_file_is_one_fitting_sentence(
    pddtui: Program, command: list[str], kind: str, said: str
) -> None:
    pddtui.file.parent.mkdir()
    if kind == "folder":
        pddtui.file.mkdir()
    else:
        os.mkfifo(pddtui.file)
    done = pddtui(*command)
    assert done.code == 5
    assert said in (done.out if command == ["doctor"] else done.err)
    assert done.err.count("\n") == (0 if command == ["doctor"] else 1)


def test_every_command_clears_a_journal_of_another_copy_away_and_tells_of_it_once(kettle: Program) -> None:
    case = msgspec.Raw(msgspec.json.encode(make(70, "PDD-2026-0001", title="from elsewhere")))
    journal = kettle.file.with_name("cases.json.journal")
    journal.write_bytes(encode(Record("0123456789abcdef", [("cases", "1", case)])))
    assert "another copy of the data file" in kettle("doctor").out
    told = kettle("list")
    assert "from elsewhere" in told.out
    assert "another copy of the data file" in told.err
    assert journal.exists(), "a command that reads decides nothing"
    assert kettle("tag", "1", "seen").code == 0
    assert not journal.exists()
    again = kettle("list")
    assert (again.err, len(again.out.splitlines())) == ("", len(told.out.splitlines()))


def test_the_trash_lists_what_was_deleted_and_gives_it_back(kettle: Program) -> None:
    assert "The trash is empty." in kettle("trash").err
    to_trash(kettle)
    listed = kettle("trash")
    assert (listed.code, "电热水壶" in listed.out) == (0, True)
    assert kettle("list").out == ""
    assert kettle("trash", "--restore", "1").code == 0
    assert "电热水壶" in kettle("list").out
    assert kettle("trash", "--restore", "1").code == 3


def test_the_trash_is_emptied_only_on_purpose(kettle: Program) -> None:
    to_trash(kettle)
    assert kettle("trash", "--empty").code == 2
    assert at_a_terminal(kettle, "trash", "--empty", answer="n").code == 0
    assert kettle("trash").out != ""
    assert kettle("trash", "--empty", "--yes").code == 0
    assert kettle("trash").out == ""
    assert "电热水壶" not in kettle.file.read_text(encoding="utf-8")
    assert kettle("add", "another").id.endswith("-0002")
    assert kettle("doctor").code == 0


def test_restoring_and_emptying_at_once_is_refused(kettle: Program) -> None:
    assert kettle("trash", "--restore", "1", "--empty").code == 2


def to_trash(program: Program) -> None:
    change(program, {"trashed_at": datetime(2026, 11, 20, tzinfo=UTC)})


def test_a_fold_that_fails_at_the_end_is_told_and_fails_nothing(
    kettle: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pddtui.store.folding.replace", refuse)
    done = kettle("log", "1", "--in", "--said", "noted although")
    assert done.code == 0
    assert "Your saves are safe in the journal" in done.err
    assert "othing was saved" not in done.err
    monkeypatch.undo()
    assert "noted although" in kettle("show", "1").out


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ('zone: Asia/Shanghai\nkeys:\n  log.contact: "q"\n', 3, "program.quit"),
        ('keys:\n  log.contract: "x"\n', 2, "log.contract"),
        ("zone: Asia/Shanghai\ntheme: nrod\n", 2, "nrod"),
        ("filters:\n  good: 是:逾期\n  bad: 'is:overdeu'\n", 3, "is:overdeu"),
    ],
)
def test_doctor_names_keys_and_themes_that_the_desk_cannot_use(
    text: str, line: int, word: str, kettle: Program, tmp_path: Path
) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(text)
    done = kettle("doctor", "--config", str(config))
    assert done.code == 5
    assert f"config.yaml, line {line}: " in done.out
    assert word in done.out
    assert "The settings are in order." not in done.out


def test_doctor_says_what_no_other_machine_would_take(kettle: Program) -> None:
    store = TinyCaseStore.open(kettle.file)
    with store.transaction() as box:
        (case,) = box.cases().values()
        odd = replace(
            case,
            order=replace(case.order, received_at=datetime(1800, 1, 1, tzinfo=UTC)),
            problem="of_an_old_handbook",
            revision=case.revision + 1,
        )
        box.put(odd)
    store.close()
    done = kettle("doctor")
    assert "PDD-2026-0001 could not be imported on another machine: 1800-01-01T00:00:00+00:00 is not" in done.out
    assert "“of_an_old_handbook” is not in the handbook of this machine" in done.out
    assert done.code == 5


def test_doctor_says_how_large_things_are_and_which_file_is_empty(kettle: Program, tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    (tmp_path / "full.png").write_bytes(b"x" * 1500)
    kept = kettle("evidence", "1", str(tmp_path / "empty.png"), str(tmp_path / "full.png"))
    assert (kept.code, "empty.png is empty: it proves nothing." in kept.err) == (0, True)
    done = kettle("doctor")
    assert re.search(r"1 case in \S+ \(\d\.\d kB\)\.", done.out)
    assert "2 evidence files are unchanged (1.5 kB)." in done.out
    assert "~ The file of the evidence “empty.png” of PDD-2026-0001 is empty: add it once more." in done.out
    assert done.code == 0


def test_doctor_names_what_is_not_ours(kettle: Program, tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"x")
    kettle("evidence", "1", str(tmp_path / "photo.png"))
    folder = kettle.file.with_name("evidence")
    (folder / "holiday.jpg").write_bytes(b"x")
    (folder / "more").mkdir()
    (folder / "link").symlink_to(tmp_path)
    backups = kettle.file.with_name("cases.json.bak")
    backups.mkdir(exist_ok=True)
    (backups / "thesis.doc").write_bytes(b"x")
    done = kettle("doctor")
    assert "The file holiday.jpg in" in done.out
    assert f"more in {folder} is no file of evidence" in done.out
    assert f"link in {folder} is no file of evidence" in done.out
    assert f"thesis.doc in {backups} is no backup of pddtui." in done.out
    assert done.code == 0


@pytest.mark.parametrize("command", ["list", "doctor", "when"])
@pytest.mark.parametrize("config", ["nowhere.yaml", "nowhere", "folder/config.yaml"])
def test_settings_that_were_named_and_are_not_there_are_an_error(
    kettle: Program, tmp_path: Path, command: str, config: str
) -> None:
    (tmp_path / "folder").mkdir()
    args = (command, "3wd") if command == "when" else (command,)
    refused = kettle("--config", str(tmp_path / config), *args)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == f"pddtui: There is no file or folder {tmp_path / config} for --config.\n"
    assert kettle("--config", str(tmp_path / "folder"), *args).code == 0
