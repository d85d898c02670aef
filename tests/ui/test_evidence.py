"""Evidence on the desk: a file is copied, its path is completed, and a copy that is gone or changed is marked."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec import structs

from pddtui.services.evidence import EvidenceFolder
from pddtui.ui.context import Context
from pddtui.ui.paths import complete, read_path, size_words
from pddtui.ui.screens.forms import EvidenceForm
from pddtui.ui.sections.entry import View
from pddtui.ui.sections.evidence import evidence
from tests.ui.cases import KETTLE, desk
from tests.ui.forms import Bench, bench

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
            entry = next(entry for entry in evidence(view) if entry.key == record.id)
            assert entry.why is not None
            return entry.look(100)[0].plain.split()[0], context.speech.render(entry.why()[-1])

        assert told()[0] == "✓"
        assert "what it was" in told()[1]
        path.write_bytes(PHOTO[::-1])
        assert "has been changed" in told()[1]
        path.write_bytes(b"short")
        assert told()[0] == "✗"
        path.unlink()
        assert told()[0] == "✗"
        assert "missing" in told()[1]


# Paths.


async def test_the_newest_file_is_offered_first_and_folders_last(tmp_path: Path) -> None:
    for number, name in enumerate(("a old.jpg", "a new.jpg")):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (number, number))
    (tmp_path / "a folder").mkdir()
    (tmp_path / "b.jpg").touch()
    offered = await complete(f"{tmp_path}/A")
    assert [it.text for it in offered] == [f"{tmp_path}/{name}" for name in ("a new.jpg", "a old.jpg", "a folder/")]


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
    assert size_words(size) == words
