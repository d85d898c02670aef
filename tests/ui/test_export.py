"""Letting cases out from the desk: what is offered, looked at, confirmed and written."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec import structs

from pddtui.services.casebook import UlidSource
from pddtui.services.evidence import EvidenceFolder, keep_file
from pddtui.services.import_.read_json import read_export
from pddtui.services.inputs import NewEvidence
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.screens.export import ExportScreen
from tests.ui.cases import KETTLE, desk
from tests.ui.forms import Bench, bench
from tests.ui.hostile import HOSTILE, offences
from tests.ui.test_evidence import beside


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The present folder, empty."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@asynccontextmanager
async def export(
    folder: Path, ref: str | None = KETTLE, *, size: tuple[int, int] = (100, 44), photo: bool = False
) -> AsyncIterator[Bench]:
    with desk("en") as plain:
        context = beside(plain, folder)
        if photo:
            keep_photo(context, folder)
        case = context.casebook.find(ref) if ref is not None else None
        async with bench(context, lambda context: ExportScreen(context, case), size=size) as opened:
            yield opened


def keep_photo(context: Context, folder: Path) -> None:
    source = folder / "crack.jpg"
    source.write_bytes(b"\xff\xd8 crack")
    case = context.casebook.find(KETTLE)
    keep_file(
        context.casebook, EvidenceFolder(context.places.evidence), case.id, source, NewEvidence(), ids=UlidSource()
    )


def preview(opened: Bench) -> str:
    form = opened.form
    assert isinstance(form, ExportScreen)
    return str(form._preview.text.content)


async def choose(opened: Bench, name: str, value: str) -> None:
    entry = opened.field(name).entry
    entry.value = value
    await opened.settle()


async def test_it_starts_with_json_and_says_what_it_writes_and_where(tmp_path: Path, here: Path) -> None:
    async with export(tmp_path) as opened:
        name = f"{KETTLE}-2026-11-22.json"
        assert opened.field("file").hint == f"JSON of 1 case → {here / name}"
        await choose(opened, "scope", "all")
        assert opened.field("file").hint == f"JSON of 4 cases → {here / 'pddtui-2026-11-22.json'}"
        await choose(opened, "form", "csv")
        opened.field("file").value = "sub/x.csv"
        await opened.settle()
        assert opened.field("file").hint == f"spreadsheet of 3 cases → {here / 'sub' / 'x.csv'}"
        opened.field("file").value = ""
        await opened.settle()
        assert opened.field("file").hint == ""


async def test_json_is_written_as_a_person_reads_it_and_comes_back(tmp_path: Path, here: Path) -> None:
    async with export(tmp_path) as opened:
        await opened.save()
    (path,) = here.iterdir()
    assert path.read_text(encoding="utf-8").startswith('{\n  "format": "pddtui.export",\n')
    assert len(read_export(path.read_bytes(), path.name)) == 1


async def test_a_calendar_reminds_if_that_is_wanted(tmp_path: Path, here: Path) -> None:
    async with export(tmp_path) as opened:
        assert not opened.field("alarm").display
        await choose(opened, "form", "ics")
        assert opened.field("alarm").display
        assert "VALARM" not in preview(opened)
        await choose(opened, "alarm", "1d")
        assert "VALARM" in preview(opened)
        await opened.save()
    (path,) = here.iterdir()
    assert b"TRIGGER:-PT15H" in path.read_bytes()


async def test_a_page_of_this_case_is_written_under_a_free_name(tmp_path: Path, here: Path) -> None:
    async with export(tmp_path) as opened:
        await choose(opened, "form", "html")
        await opened.save()
        assert [path.name for path in here.iterdir()] == [f"{KETTLE}-2026-11-22.html"]
        assert (here / f"{KETTLE}-2026-11-22.html").read_bytes().startswith(b"<!DOCTYPE html>")
        assert [saved.message for saved in opened.result if saved] == [
            f"Written to {here / f'{KETTLE}-2026-11-22.html'}."
        ]


@pytest.mark.parametrize("form", ["html", "markdown", "csv", "ics", "json", "zip"])
async def test_every_form_is_shown_before_and_written(tmp_path: Path, here: Path, form: str) -> None:
    async with export(tmp_path) as opened:
        await choose(opened, "form", form)
        assert opened.case(KETTLE).ref in preview(opened)
        await opened.save()
        assert len(list(here.iterdir())) == 1


async def test_the_proposed_name_follows_what_is_chosen_until_it_is_typed_over(tmp_path: Path) -> None:
    async with export(tmp_path) as opened:
        await choose(opened, "form", "csv")
        assert opened.field("file").value == f"{KETTLE}-2026-11-22.csv"
        await choose(opened, "scope", "all")
        assert opened.field("file").value == "pddtui-2026-11-22.csv"
        opened.field("file").value = "mine.csv"
        await choose(opened, "form", "ics")
        assert opened.field("file").value == "mine.csv"


async def test_without_a_case_everything_is_let_out(tmp_path: Path, here: Path) -> None:
    async with export(tmp_path, None) as opened:
        await choose(opened, "form", "markdown")
        await opened.save()
        written = (here / "pddtui-2026-11-22.md").read_text()
        assert all(case.ref in written for case in opened.casebook.cases())


async def test_all_cases_are_shown_before_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with export(tmp_path, None) as opened:
        await choose(opened, "form", "markdown")
        refs = [case.ref for case in opened.casebook.cases()]
        assert all(ref in preview(opened) for ref in refs)
        assert "the beginning" not in preview(opened)
        monkeypatch.setattr("pddtui.ui.screens.export._MOST_CASES", 2)
        await choose(opened, "form", "html")
        assert [ref in preview(opened) for ref in refs] == [True, True, False]
        assert "the beginning of an export of 3 cases" in preview(opened)


async def test_a_file_that_is_there_is_only_written_over_after_a_yes(tmp_path: Path, here: Path) -> None:
    (here / "mine.html").write_text("mine")
    async with export(tmp_path) as opened:
        opened.field("file").value = "mine.html"
        await opened.pilot.press("ctrl+s")
        await opened.pilot.pause()
        assert isinstance(opened.app.screen, Confirm)
        await opened.press("n")
        assert ((here / "mine.html").read_text(), opened.result) == ("mine", [])
        await opened.pilot.press("ctrl+s")
        await opened.pilot.pause()
        await opened.press("y")
        assert (here / "mine.html").read_text() != "mine"


async def test_a_public_export_is_looked_through_first(tmp_path: Path, here: Path) -> None:
    async with export(tmp_path) as opened:
        await choose(opened, "form", "markdown")
        assert "小A" in preview(opened).split("\n\n", 1)[1]
        await choose(opened, "mask", "public")
        assert "小A → " in preview(opened)
        await opened.pilot.press("ctrl+s")
        await opened.pilot.pause()
        assert isinstance(opened.app.screen, Confirm)
        assert "小A → " in opened.app.screen._detail
        assert "No rule finds these" in opened.app.screen._detail
        assert "other people's faces" in opened.app.screen._detail
        assert list(here.iterdir()) == []
        await opened.press("y")
        (path,) = here.iterdir()
        assert "小A" not in path.read_text()


@pytest.mark.parametrize("answer", ["out", "in"])
async def test_a_file_goes_into_a_public_bundle_only_when_it_is_ticked(tmp_path: Path, here: Path, answer: str) -> None:
    async with export(tmp_path, photo=True) as opened:
        name = f"tick-{len(opened.case(KETTLE).evidence)}"
        offered = []
        for field, value in (("form", "html"), ("form", "zip"), ("mask", "public")):
            await choose(opened, field, value)
            offered.append(opened.field(name).display)
        assert offered == [False, False, True]
        await choose(opened, name, answer)
        opened.field("file").value = "x.zip"
        await opened.pilot.press("ctrl+s")
        await opened.pilot.pause()
        await opened.press("y")
    with zipfile.ZipFile(here / "x.zip") as bundle:
        assert any(name.startswith("evidence/") for name in bundle.namelist()) == (answer == "in")


@pytest.mark.parametrize("name", ["", "no such folder/x.html", "/dev/null/x", "sub"])
async def test_a_place_that_does_not_take_it_is_said_at_the_field(tmp_path: Path, here: Path, name: str) -> None:
    (here / "sub").mkdir()
    async with export(tmp_path) as opened:
        opened.field("file").value = name
        await opened.save()
        assert opened.field("file").error
        assert opened.result == []
        assert [path.name for path in here.iterdir()] == ["sub"]


async def test_the_data_file_is_not_written_over_and_nobody_is_asked(tmp_path: Path, here: Path) -> None:
    async with export(tmp_path) as opened:
        file = opened.context.places.data_file
        file.parent.mkdir()
        file.write_text("my cases")
        (here / "link.html").symlink_to(file)
        for name in (str(file), "link.html", str(file.with_name("evidence") / "x.html")):
            opened.field("file").value = name
            await opened.save()
            assert "never overwritten" in str(opened.field("file").error)
            assert not isinstance(opened.app.screen, Confirm)
        assert file.read_text() == "my cases"


async def test_leaving_writes_nothing_and_asks_nothing(tmp_path: Path, here: Path) -> None:
    async with export(tmp_path) as opened:
        await choose(opened, "form", "csv")
        await opened.pilot.press("escape")
        await opened.pilot.pause()
        assert (opened.result, list(here.iterdir())) == ([None], [])
    drafts = tmp_path / "state" / "drafts"
    assert [path for path in drafts.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("size", [(40, 12), (45, 30), (60, 20), (120, 36), (3, 3)])
async def test_it_fits_every_terminal(tmp_path: Path, size: tuple[int, int]) -> None:
    async with export(tmp_path, size=size) as opened:
        await opened.press("tab", "tab", "tab", "tab")
        assert offences(opened.app) == []


async def test_what_others_wrote_does_not_act_in_the_preview(tmp_path: Path) -> None:
    with desk("en") as plain:
        context = beside(plain, tmp_path)
        case = structs.replace(context.casebook.find(KETTLE), description="\n".join(HOSTILE))
        with context.casebook.store.transaction() as box:
            box.put(structs.replace(case, revision=case.revision + 1))
        async with bench(context, lambda context: ExportScreen(context, case, form="html")) as opened:
            for form in ("markdown", "csv"):
                await choose(opened, "form", form)
                assert offences(opened.app) == []
