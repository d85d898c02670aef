"""The file that an export becomes: never one of the program's own, a link stays a link, a pipe stays a pipe."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from pddtui.errors import CannotWrite
from pddtui.places import Places
from pddtui.services.export.files import free_path, replaces, write_file


@pytest.fixture
def places(tmp_path: Path) -> Places:
    folder = tmp_path / "data"
    (folder / "evidence").mkdir(parents=True)
    (folder / "cases.json.bak").mkdir()
    for name in ("cases.json", "cases.json.lock", "cases.json.journal", "evidence/a.jpg", "cases.json.bak/day.json"):
        (folder / name).write_bytes(b"mine")
    return Places(
        data_file=folder / "cases.json", config_file=tmp_path / "config.yaml", state_folder=tmp_path / "state"
    )


OURS = [
    "cases.json",
    "cases.json.lock",
    "cases.json.journal",
    "cases.json.bak",
    "cases.json.bak/day.json",
    "cases.json.bak/new.json",
    "evidence",
    "evidence/a.jpg",
    "evidence/new/x.html",
    "../data/cases.json",
    "evidence/../cases.json",
]


@pytest.mark.parametrize("name", OURS)
def test_what_holds_the_cases_is_never_written_over(places: Places, name: str) -> None:
    before = {path: path.read_bytes() for path in places.data_file.parent.rglob("*") if path.is_file()}
    with pytest.raises(CannotWrite, match="never overwritten"):
        write_file(places.data_file.parent / name, b"export", overwrite=True, kept=places.kept)
    assert {path: path.read_bytes() for path in places.data_file.parent.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("to", ["cases.json", "evidence/a.jpg", "evidence/new.html", "cases.json.journal"])
def test_a_link_is_no_way_round(places: Places, tmp_path: Path, to: str) -> None:
    link = tmp_path / "innocent.html"
    link.symlink_to(places.data_file.parent / to)
    with pytest.raises(CannotWrite, match="never overwritten"):
        write_file(link, b"export", overwrite=True, kept=places.kept)


def test_a_journal_that_is_not_there_yet_keeps_its_name(places: Places) -> None:
    journal = places.data_file.with_name("cases.json.journal")
    journal.unlink()
    with pytest.raises(CannotWrite):
        write_file(journal, b"export", kept=places.kept)
    assert not journal.exists()


def test_a_data_file_that_is_a_link_is_kept_at_both_ends(places: Places, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere.json"
    link.symlink_to(places.data_file)
    linked = Places(data_file=link, config_file=places.config_file, state_folder=places.state_folder)
    for path in (link, places.data_file, places.data_file.with_name("cases.json.journal")):
        with pytest.raises(CannotWrite, match="never overwritten"):
            write_file(path, b"export", overwrite=True, kept=linked.kept)


def test_beside_the_data_file_there_is_room(places: Places) -> None:
    path = places.data_file.with_name("export.html")
    write_file(path, b"export", kept=places.kept)
    assert path.read_bytes() == b"export"


def test_a_link_stays_one_and_what_it_leads_to_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target.html", tmp_path / "link.html"
    target.write_bytes(b"old")
    link.symlink_to("target.html")
    with pytest.raises(CannotWrite, match="already exists"):
        write_file(link, b"new")
    write_file(link, b"new", overwrite=True)
    assert (link.is_symlink(), target.is_symlink(), target.read_bytes()) == (True, False, b"new")


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_link_that_leads_nowhere_leads_to_the_export_afterwards(tmp_path: Path, *, overwrite: bool) -> None:
    link = tmp_path / "link.html"
    link.symlink_to("target.html")
    assert free_path(tmp_path, "link", "html").name == "link-2.html"
    write_file(link, b"new", overwrite=overwrite)
    assert (link.is_symlink(), (tmp_path / "target.html").read_bytes()) == (True, b"new")
    assert {path.name for path in tmp_path.iterdir()} == {"link.html", "target.html"}


@pytest.mark.parametrize("name", ["a", "b", "self", "to-a", "a/x", "folder/x"])
@pytest.mark.parametrize("overwrite", [False, True])
def test_links_that_lead_to_each_other_are_no_place(places: Places, tmp_path: Path, name: str, overwrite: bool) -> None:
    for link, to in (("a", "b"), ("b", "a"), ("self", "self"), ("to-a", "a"), ("folder", "folder/y")):
        (tmp_path / link).symlink_to(to)
    before = {path.name: path.is_symlink() for path in tmp_path.iterdir()}
    with pytest.raises(CannotWrite, match="cannot be written"):
        write_file(tmp_path / name, b"new", overwrite=overwrite, kept=places.kept)
    assert {path.name: path.is_symlink() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_pipe_is_written_into_and_stays_a_pipe(tmp_path: Path, *, overwrite: bool) -> None:
    pipe, came = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: came.append(pipe.read_bytes()))
    reader.start()
    assert not replaces(pipe)
    write_file(pipe, b"export", overwrite=overwrite)
    reader.join(5)
    assert (came, pipe.is_fifo()) == ([b"export"], True)
