"""Evidence on the desk: a file is copied, its path is completed, and a copy that is gone or changed is marked."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec import structs
from textual.pilot import Pilot

from pddtui.domain.fields import EVIDENCE, edited, values_of
from pddtui.message import file_size
from pddtui.services.edit_conflicts import evidence_merging
from pddtui.services.evidence import EvidenceFolder
from pddtui.speech import Language
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Question
from pddtui.ui.forms.evidence import EvidenceForm
from pddtui.ui.screens.case import CasePage
from pddtui.ui.sections.entry import View
from pddtui.ui.sections.evidence import evidence_rows
from pddtui.ui.widgets.file_pick import FilePick, complete, read_path
from tests.ui.cases import KETTLE, desk
from tests.ui.forms import Bench, bench
from tests.ui.page_app import PageApp
from tests.ui.test_fields import burst

PHOTO = b"\xff\xd8 a crack"


def beside(context: Context, folder: Path) -> Context:
    """The program with its files in a folder of the test."""
    places = structs.replace(context.places, state_folder=folder / "state", data_file=folder / "data" / "cases.json")
    return structs.replace(context, places=places)


@asynccontextmanager
async def form(folder: Path) -> AsyncIterator[Bench]:
    with desk("en") as plain:
        context = beside(plain, folder)
        case = context.casebook.find(KETTLE)
        async with bench(context, lambda context: EvidenceForm(context, case)) as opened:
            yield opened


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "the crack.jpg"
    path.write_bytes(PHOTO)
    return path


async def test_a_file_is_copied_and_noted(tmp_path: Path, photo: Path) -> None:
    async with form(tmp_path) as opened:
        await opened.write("file", str(photo))
        await opened.write("proves", "it leaks")
        await opened.save()
        (saved,) = opened.result
        assert saved is not None
        record = next(it for it in opened.case(KETTLE).evidence if it.id == saved.thing)
        assert (record.original_name, record.size, record.proves) == ("the crack.jpg", len(PHOTO), "it leaks")
        assert EvidenceFolder(opened.context.places.evidence).verify(record) == "ok"
        assert "the crack.jpg" in saved.message


async def test_a_file_that_is_not_there_is_said_at_its_field_and_nothing_is_lost(tmp_path: Path) -> None:
    async with form(tmp_path) as opened:
        before = opened.case(KETTLE).evidence
        await opened.write("proves", "it leaks")
        opened.field("file").value = str(tmp_path / "no.jpg")
        await opened.save()
        assert "no.jpg" in opened.field("file").error
        assert (opened.field("proves").value, opened.result) == ("it leaks", [])
        assert opened.case(KETTLE).evidence == before


async def test_neither_a_file_nor_a_place_is_refused(tmp_path: Path) -> None:
    async with form(tmp_path) as opened:
        await opened.write("proves", "it leaks")
        await opened.save()
        assert opened.field("place").error
        assert opened.result == []


async def test_the_same_file_again_adds_nothing(tmp_path: Path, photo: Path) -> None:
    async with form(tmp_path) as opened:
        await opened.write("file", str(photo))
        await opened.save()
        had = opened.case(KETTLE).evidence
        again = EvidenceForm(opened.context, opened.case(KETTLE))
        opened.app.push_screen(again, opened.app.result.append)
        opened.form = again
        await opened.settle()
        await opened.write("file", str(photo))
        await opened.save()
        assert opened.case(KETTLE).evidence == had
        assert "already" in str(opened.result[-1] and opened.result[-1].message)


async def test_the_case_page_marks_a_copy_that_is_gone_or_changed(tmp_path: Path, photo: Path) -> None:
    async with form(tmp_path) as opened:
        await opened.write("file", str(photo))
        await opened.save()
        context, casebook = opened.context, opened.casebook
        case = opened.case(KETTLE)
        record = case.evidence[-1]
        path = EvidenceFolder(context.places.evidence).path_of(record)
        assert path is not None

        def told() -> tuple[str, str]:
            view = View(context=context, attention=casebook.attention(case), now=casebook.now())
            entry = next(entry for entry in evidence_rows(view) if entry.key == record.id)
            assert entry.why is not None
            return entry.look(100)[0].plain.split()[0], context.speech.render(entry.why()[-1])

        assert told()[0] == "✓"
        assert "is unchanged since it was added" in told()[1]
        path.write_bytes(PHOTO[::-1])
        assert "was changed" in told()[1]
        path.write_bytes(b"short")
        assert told()[0] == "✗"
        path.unlink()
        assert told()[0] == "✗"
        assert "missing" in told()[1]


# Correcting and taking out.


@asynccontextmanager
async def page(folder: Path, ref: str = KETTLE) -> AsyncIterator[tuple[PageApp, Pilot[None], Context]]:
    """The page of a case, open at its evidence."""
    with desk("en") as plain:
        context = beside(plain, folder)
        app = PageApp(CasePage(context, context.casebook.find(ref).id))
        async with app.run_test(size=(110, 40)) as pilot:
            await pilot.press("4")
            yield app, pilot, context


def held(context: Context) -> list[str | None]:
    return [record.kind for record in context.casebook.find(KETTLE).evidence]


async def to_evidence(app: PageApp, pilot: Pilot[None], words: str) -> None:
    """Put the cursor on the row that says so."""
    for _ in range(20):
        await pilot.press("j")
        if any(line.startswith("▌✓") and words in line for line in app.picture):
            return
    raise AssertionError(app.picture)


async def test_e_on_a_piece_of_evidence_corrects_it_and_the_file_stays(tmp_path: Path, photo: Path) -> None:
    async with form(tmp_path) as opened:
        await opened.write("file", str(photo))
        await opened.write("vanishes_at", "2026-12-01")
        await opened.save()
        record = opened.case(KETTLE).evidence[-1]
        again = EvidenceForm(opened.context, opened.case(KETTLE), record=record)
        opened.app.push_screen(again, opened.app.result.append)
        opened.form = again
        await opened.settle()
        assert again.value("vanishes_at") == "2026-12-01"
        await opened.write("proves", "it leaks")
        await opened.write("kind", "test report")
        await opened.save()
        corrected = opened.case(KETTLE).evidence[-1]
        assert structs.replace(corrected, proves=None, kind=None) == record
        assert (corrected.proves, corrected.kind) == ("it leaks", "test_report")
        assert opened.case(KETTLE).history[-1].action == "edit_evidence"


async def test_what_another_window_wrote_meanwhile_is_asked_about(tmp_path: Path) -> None:
    with desk("en") as plain:
        context = beside(plain, tmp_path)
        case = context.casebook.find(KETTLE)
        record = case.evidence[0]
        async with bench(context, lambda context: EvidenceForm(context, case, record=record)) as opened:
            base = values_of(edited(EVIDENCE), record)
            theirs = evidence_merging(record.id, base, {**base, "proves": "theirs"})
            context.casebook.apply(case.id, "edit_evidence", theirs)
            await opened.write("proves", "mine")
            await opened.save()
            assert opened.shows(Question)
            await opened.press("m")
            assert opened.case(KETTLE).evidence[0].proves == "mine"


async def test_e_on_the_page_opens_the_form_of_the_record(tmp_path: Path) -> None:
    async with page(tmp_path) as (app, pilot, context):
        await to_evidence(app, pilot, "payment")
        await pilot.press("e")
        await pilot.pause()
        assert isinstance(app.screen, EvidenceForm)
        assert app.screen.value("place") == context.casebook.find(KETTLE).evidence[1].place


async def test_d_on_a_piece_of_evidence_takes_it_out_after_asking_and_u_brings_it_back(tmp_path: Path) -> None:
    async with page(tmp_path) as (app, pilot, context):
        before = held(context)
        await to_evidence(app, pilot, "payment")
        await pilot.press("D")
        await pilot.pause()
        assert app.reads("Remove the evidence")
        await pilot.press("y")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert held(context) == [kind for kind in before if kind != "payment"]
        change = context.casebook.find(KETTLE).history[-1]
        assert (change.action, [patch.after for patch in change.patches]) == ("remove_evidence", [None])
        await pilot.press("u")
        await app.workers.wait_for_complete()
        assert held(context) == before
        await pilot.press("2", "D")
        await pilot.pause()
        assert app.reads("to the trash?")


async def test_v_on_a_contact_ties_the_evidence_to_it(tmp_path: Path) -> None:
    async with page(tmp_path) as (app, pilot, context):
        await pilot.press("2", "v")
        await pilot.pause()
        form = app.screen
        assert isinstance(form, EvidenceForm)
        assert app.reads("Belongs to the contact of")
        form.field("place").value = "screenshot"
        await pilot.press("ctrl+s")
        await app.workers.wait_for_complete()
        case = context.casebook.find(KETTLE)
        tied = [contact for contact in case.contacts if contact.evidence]
        assert [contact.evidence for contact in tied] == [(case.evidence[-1].id,)]
        await pilot.pause()
        assert app.reads("· evidence")


async def test_a_file_is_tied_to_its_contact_also_when_the_case_has_it_already(tmp_path: Path, photo: Path) -> None:
    async with form(tmp_path) as opened:
        await opened.write("file", str(photo))
        await opened.save()
        case = opened.case(KETTLE)
        again = EvidenceForm(opened.context, case, contact=case.contacts[0])
        opened.app.push_screen(again, opened.app.result.append)
        opened.form = again
        await opened.settle()
        await opened.write("file", str(photo))
        await opened.save()
        assert opened.case(KETTLE).contacts[0].evidence == (case.evidence[-1].id,)
        assert opened.case(KETTLE).evidence == case.evidence


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_state_of_a_copy_that_is_gone_fits_its_column(tmp_path: Path, language: Language) -> None:
    with desk(language) as plain:
        context = beside(plain, tmp_path)
        case = context.casebook.find(KETTLE)
        record = structs.replace(case.evidence[0], file=f"{'0' * 64}.jpg", sha256="0" * 64, size=1)
        view = View(
            context=context,
            attention=context.casebook.attention(structs.replace(case, evidence=(record,))),
            now=context.casebook.now(),
        )
        entry = next(entry for entry in evidence_rows(view) if entry.key == record.id)
        assert {"en": "✗ file gone", "zh": "✗ 缺失"}[language] in entry.look(108)[0].plain


# Paths.


async def test_folders_are_offered_first_and_then_the_newest_file(tmp_path: Path) -> None:
    for number, name in enumerate(("a old.jpg", "a new.jpg")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (number, number))
    (tmp_path / "a folder").mkdir()
    (tmp_path / "b.jpg").touch()
    offered = await complete(f"{tmp_path}/A")
    assert [it.text for it in offered] == [f"{tmp_path}/{name}" for name in ("a folder/", "a new.jpg", "a old.jpg")]


async def test_hidden_files_are_offered_when_asked_for(tmp_path: Path) -> None:
    (tmp_path / ".hidden").touch()
    assert await complete(f"{tmp_path}/") == []
    assert [it.text for it in await complete(f"{tmp_path}/.")] == [f"{tmp_path}/.hidden"]


@pytest.mark.parametrize("name", ["a\x1b[31m.jpg", "a\nb.jpg", "a\u202egpj.jpg", "a\udcff.jpg"])
async def test_a_name_that_would_act_or_hide_is_not_offered(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert await complete(f"{tmp_path}/a") == []


@pytest.mark.parametrize("typed", ["/no/such/folder/x", "~nobody-has-this-name/x", "a\0b/c"])
async def test_what_is_nowhere_completes_nothing(typed: str) -> None:
    assert await complete(typed) == []


def test_a_path_is_read_as_a_terminal_drops_it(tmp_path: Path) -> None:
    path = tmp_path / "a b.jpg"
    path.touch()
    for typed in (f"{path}", f" {path} ", f"'{path}'", f'"{path}"', str(path).replace(" ", "\\ ")):
        assert read_path(typed) == path


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (3_400_000, "3.4 MB"),
        (999_600, "1.0 MB"),
        (250_000_000_000, "250 GB"),
    ],
)
def test_a_size_is_said_in_round_numbers(size: int, words: str) -> None:
    assert file_size(size) == words


# The picker.


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a few things in it."""
    folder = tmp_path / "here"
    (folder / "pics" / "deep").mkdir(parents=True)
    for name in ("shot.png", "note 1.txt", "note 2.txt", ".hidden", "pics/crack.jpg"):
        (folder / name).write_bytes(b"x")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    return folder


async def picked(opened: Bench, *keys: str) -> tuple[str, list[str]]:
    """What stands in the line after these keys, and what the list offers; nothing while it is closed."""
    entry = opened.field("file").entry
    assert isinstance(entry, FilePick)
    entry.focus()
    await opened.press(*keys)
    return entry.value, [row.key for row in entry.list.rows][1:] if entry.is_open else []


@pytest.mark.parametrize(
    ("keys", "line", "offered"),
    [
        ("down", "", ["pics/", "note 1.txt", "note 2.txt", "shot.png"]),
        (". down", ".", [".hidden"]),
        ("s h tab", "shot.png", []),
        ("s h enter", "shot.png", []),
        ("n tab", "note ", ["note 1.txt", "note 2.txt"]),
        ("p tab", "pics/", ["pics/deep/", "pics/crack.jpg"]),
        ("down down enter", "pics/", ["pics/deep/", "pics/crack.jpg"]),
        ("down down enter down down enter", "pics/crack.jpg", []),
        ("p tab c tab", "pics/crack.jpg", []),
        ("~ tab", "~/", ["~/pics/", "~/note 1.txt", "~/note 2.txt", "~/shot.png"]),
        ("~ tab s tab", "~/shot.png", []),
        ("down escape", "", []),
        ("x down", "x", []),
    ],
)
async def test_a_file_is_found_as_in_a_shell(
    tmp_path: Path, here: Path, keys: str, line: str, offered: list[str]
) -> None:
    for name in ("note 1.txt", "note 2.txt", "shot.png", "pics/crack.jpg", ".hidden"):
        os.utime(here / name, (0, 0))
    async with form(tmp_path) as opened:
        assert await picked(opened, *keys.split()) == (line, offered)
        assert opened.app.focused is not None
        assert opened.app.focused.parent is opened.field("file").entry


@pytest.mark.parametrize(
    "keys", ["tab", "s h tab tab", "n o t e space tab", "s h escape tab", "p tab escape tab", "x tab"]
)
async def test_tab_leaves_the_line_when_there_is_nothing_to_add(tmp_path: Path, here: Path, keys: str) -> None:
    async with form(tmp_path) as opened:
        await picked(opened, *keys.split())
        assert opened.app.focused is opened.field("place").entry


async def test_what_is_typed_behind_a_tab_goes_on_from_what_it_completed(tmp_path: Path, here: Path) -> None:
    async with form(tmp_path) as opened:
        opened.field("file").focus()
        await opened.pilot.pause()
        burst(opened.app, "p", "tab", "c", "r", "tab", "tab", "x")
        await opened.settle()
        assert (opened.form.value("file"), opened.form.value("place")) == ("pics/crack.jpg", "x")


async def test_a_click_on_a_folder_leads_on_into_it(tmp_path: Path, here: Path) -> None:
    async with form(tmp_path) as opened:
        await picked(opened, "down")
        entry = opened.field("file").entry
        assert isinstance(entry, FilePick)
        await opened.pilot.click(entry.list, offset=(3, 1))
        await opened.app.workers.wait_for_complete()
        assert (entry.value, entry.is_open, entry.list.rows[1].key) == ("pics/", True, "pics/deep/")


async def test_a_folder_is_refused_with_what_to_do(tmp_path: Path, here: Path) -> None:
    async with form(tmp_path) as opened:
        await opened.write("file", str(here))
        await opened.save()
        assert "choose a file in it" in opened.field("file").error
        assert opened.result == []
