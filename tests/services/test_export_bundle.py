"""The ZIP file: complete, checkable with an ordinary tool, and with no name in it that leads anywhere."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

import pytest
from msgspec import structs

from pddtui.domain.case import Case
from pddtui.errors import CannotWrite
from pddtui.services.casebook import UlidSource
from pddtui.services.evidence import EvidenceFolder, keep_file
from pddtui.services.export.bundle import MANIFEST, safe_name
from pddtui.services.export.export import Exporter
from pddtui.services.export.files import free_path, write_file, writing_new
from pddtui.services.inputs import NewEvidence, NewFollowUp
from pddtui.speech import Speech
from pddtui.ui.context import Context
from tests.ui.cases import KETTLE, SHANGHAI, desk
from tests.ui.hostile import HOSTILE

PHOTO = b"\xff\xd8\xff photo"


class Bench:
    """A case with two pieces of evidence, and the press."""

    def __init__(self, context: Context, folder: Path) -> None:
        self.context = context
        self.evidence = EvidenceFolder(folder / "evidence")
        self.press = Exporter(context.casebook, context.handbook, self.evidence, Speech("en", SHANGHAI).render, "en")
        for name, content in (("crack.jpg", PHOTO), ("聊天 记录.pdf", b"%PDF")):
            source = folder / name
            source.write_bytes(content)
            keep_file(context.casebook, self.evidence, self.case.id, source, NewEvidence(), ids=UlidSource())

    @property
    def case(self) -> Case:
        return self.context.casebook.find(KETTLE)

    def zip(self, case: Case | None = None, **how: object) -> zipfile.ZipFile:
        out = io.BytesIO()
        self.notes = self.press.write(out, [case or self.case], "zip", **how)  # type: ignore[arg-type]
        return zipfile.ZipFile(out)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with desk("en") as context:
        yield Bench(context, tmp_path)


def test_the_bundle_holds_every_form_and_the_evidence(bench: Bench) -> None:
    with bench.zip() as bundle:
        documents = {"papers.html", "papers.md", "contacts.csv", "calendar.ics", "export.json", "README.txt", MANIFEST}
        evidence = [name for name in bundle.namelist() if name.startswith("evidence/")]
        assert set(bundle.namelist()) == documents | set(evidence)
        assert [re.sub(r"/\d+-", "/", name) for name in evidence] == [
            f"evidence/{KETTLE}/crack.jpg",
            f"evidence/{KETTLE}/聊天_记录.pdf",
        ]
        assert bundle.read(evidence[0]) == PHOTO


def test_the_number_of_a_file_is_that_of_its_exhibit(bench: Bench) -> None:
    with bench.zip() as bundle:
        for number, record in enumerate(bench.case.evidence, 1):
            if record.file is not None:
                assert any(f"/{number:02d}-" in name for name in bundle.namelist() if name.startswith("evidence/"))


def test_an_ordinary_tool_finds_it_unchanged_and_finds_a_change(bench: Bench, tmp_path: Path) -> None:
    tool = shutil.which("sha256sum")
    if tool is None:
        pytest.skip("no sha256sum here")
    folder = tmp_path / "unpacked"
    with bench.zip() as bundle:
        bundle.extractall(folder)
        assert len(bundle.read(MANIFEST).splitlines()) == len(bundle.namelist()) - 1
    check = [tool, "--check", "--strict", "--quiet", MANIFEST]
    assert subprocess.run(check, cwd=folder, check=False, capture_output=True).returncode == 0
    (folder / "evidence" / KETTLE).chmod(0o700)
    changed = next((folder / "evidence" / KETTLE).iterdir())
    changed.chmod(0o600)
    changed.write_bytes(b"something else")
    assert subprocess.run(check, cwd=folder, check=False, capture_output=True).returncode == 1


def test_the_same_moment_gives_the_same_bytes(bench: Bench) -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for out in (first, second):
        bench.press.write(out, [bench.case], "zip")
    assert first.getvalue() == second.getvalue()


def test_it_can_be_written_into_a_pipe(bench: Bench) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.content = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: object, /) -> int:
            self.content += bytes(cast(bytes, piece))
            return len(cast(bytes, piece))

    pipe = Pipe()
    bench.press.write(cast(BinaryIO, pipe), [bench.case], "zip")
    with zipfile.ZipFile(io.BytesIO(pipe.content)) as bundle:
        assert bundle.testzip() is None


def test_a_missing_and_a_changed_file_are_told(bench: Bench) -> None:
    jpg, pdf = (bench.evidence.path_of(record) for record in bench.case.evidence if record.file)
    assert jpg is not None
    assert pdf is not None
    jpg.unlink()
    pdf.write_bytes(b"%pdf")
    with bench.zip() as bundle:
        told = bundle.read("README.txt").decode()
        assert [name for name in bundle.namelist() if name.startswith("evidence/")] == []
    assert "is missing" in told
    assert "left out, because its file is not the one that was added" in told
    assert len(bench.notes) == 3


def test_a_link_in_the_place_of_a_file_lets_nothing_else_out(bench: Bench, tmp_path: Path) -> None:
    jpg, _ = (bench.evidence.path_of(record) for record in bench.case.evidence if record.file)
    assert jpg is not None
    secret = tmp_path / "id_ed25519"
    secret.write_bytes(jpg.read_bytes())  # of the same content even
    jpg.unlink()
    jpg.symlink_to(secret)
    with bench.zip() as bundle:
        assert [name for name in bundle.namelist() if name.endswith(".jpg")] == []
        assert "left out, because its file is not the one that was added" in bundle.read("README.txt").decode()


def test_a_public_bundle_has_only_the_files_that_were_ticked(bench: Bench) -> None:
    ids = [record.id for record in bench.case.evidence if record.file]
    with bench.zip(mask="public") as bundle:
        assert [name for name in bundle.namelist() if name.startswith("evidence/")] == []
    with bench.zip(mask="public", ticked=[ids[1]]) as bundle:
        (name,) = [name for name in bundle.namelist() if name.startswith("evidence/")]
        assert bundle.read(name) == b"%PDF"
    with bench.zip(mask="partial") as bundle:
        assert len([name for name in bundle.namelist() if name.startswith("evidence/")]) == 2


@pytest.mark.parametrize("mask", ["none", "partial", "public"])
def test_what_the_other_side_must_not_know_is_left_out_or_said_to_be_in_it(bench: Bench, mask: str) -> None:
    case = bench.case
    bench.context.casebook.follow_up(case.id, NewFollowUp(text="SUE THEM", due_phrase="11-25"))
    case = bench.case
    case = structs.replace(case, demand=structs.replace(case.demand, bottom_line="SEVENTY-ONE"))
    assert case.history
    with bench.zip(case, mask=mask) as bundle:
        content = {
            name: bundle.read(name).decode() for name in bundle.namelist() if "." in name and "evidence" not in name
        }
        telling = {name for name, text in content.items() if "SEVENTY-ONE" in text or "SUE THEM" in text}
        (exported,) = json.loads(bundle.read("export.json"))["cases"]
    said = any("for yourself" in Speech("en", SHANGHAI).say(note) for note in bench.notes)
    if mask == "none":
        assert telling == {"export.json", "calendar.ics"}
        assert all(name in content["README.txt"].split("for yourself")[0] for name in telling)
        assert said
    else:
        assert telling == set()
        assert (exported["follow_ups"], exported["history"], exported["demand"]["bottom_line"]) == ([], [], None)
        assert "left out of all its files" in content["README.txt"]
        assert not said


@pytest.mark.parametrize("text", [*HOSTILE, "CON", "..", ".", "a/b", "a\\b", "C:\\x", "~", "-rf", "x" * 300, ".bashrc"])
def test_no_name_in_it_leads_out_of_its_folder(bench: Bench, text: str) -> None:
    text = text.encode("utf-8", "replace").decode()  # no file can hold a lone surrogate
    evidence = tuple(structs.replace(record, original_name=text) for record in bench.case.evidence)
    with bench.zip(structs.replace(bench.case, ref=text, evidence=evidence)) as bundle:
        for name in bundle.namelist():
            parts = PurePosixPath(name).parts
            assert len(name.encode()) < 600
            assert all(re.fullmatch(r"[\w.+-]+", part) and part.strip(".") == part for part in parts), name
        assert len(set(bundle.namelist())) == len(bundle.namelist())


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("聊天 记录.PDF", "聊天_记录.PDF"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\nb: c.jpg", "a_b__c.jpg"),
        ("", "_"),
        ("...", "_"),
        ("聊天.markdown2", "聊天.markdown2"),
        ("a.b.webarchive", "a.b.webarchive"),
        (".pdf", "_.pdf"),
        (f"{'长' * 300}.jpeg", f"{'长' * 75}.jpeg"),
        ("第1章。结束", "第1章_结束"),
        ("x.", "x"),
    ],
)
def test_a_safe_name_still_tells_what_it_was(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize("shown", ["***", "通话 138****0000", "a.b", None, "photo.JPG", "photo.jpeg"])
def test_a_name_in_it_keeps_the_suffix_of_the_file_whatever_a_mask_made_of_it(bench: Bench, shown: str | None) -> None:
    evidence = tuple(structs.replace(record, original_name=shown) for record in bench.case.evidence)
    wanted = sorted(Path(record.file).suffix for record in evidence if record.file is not None)
    with bench.zip(structs.replace(bench.case, evidence=evidence)) as bundle:
        found = sorted(Path(name).suffix.lower() for name in bundle.namelist() if name.startswith("evidence/"))
    assert found == wanted != []


def test_progress_ends_with_all_the_evidence(bench: Bench) -> None:
    told: list[tuple[int, int]] = []
    bench.press.write(io.BytesIO(), [bench.case], "zip", progress=lambda done, total: told.append((done, total)))
    size = len(PHOTO) + len(b"%PDF")
    assert told[-1] == (size, size)


# The file it is written into.


def test_a_file_that_is_there_is_not_written_over_unasked(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_bytes(b"old")
    with pytest.raises(CannotWrite):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    write_file(path, b"new", overwrite=True)
    assert path.read_bytes() == b"new"


def test_a_file_that_comes_meanwhile_is_not_written_over_either(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    with pytest.raises(CannotWrite), writing_new(path):
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def half_a_file(out: BinaryIO) -> None:
    out.write(b"half")
    raise KeyboardInterrupt


def test_what_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), writing_new(tmp_path / "x.zip") as out:
        half_a_file(out)
    assert list(tmp_path.iterdir()) == []


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    write_file(path, b"x")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_free_path_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    (tmp_path / "a-2.html").touch()
    assert free_path(tmp_path, "a", "html") == tmp_path / "a-3.html"
