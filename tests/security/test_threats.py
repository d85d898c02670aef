"""The table of threats in SECURITY.md: each attack fails, and succeeds once its protection is taken away."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import jinja2
import pytest
from msgspec import structs

from pddtui import durable
from pddtui.domain import text as texts
from pddtui.domain.case import Case
from pddtui.handbook.written import parse_yaml
from pddtui.services import masking, templates
from tests.cli.conftest import Program
from tests.security.conftest import SOMEBODY, config_folder
from tests.security.test_bounds import SLOW
from tests.security.test_claims import forge, keep_backup, reword
from tests.security.test_replays import PLANTED, alter, words_alone, words_and_entry

ROOT = Path(__file__).resolve().parent.parent.parent

Attack = Callable[[Program, Path], bool]
"""Tries it on a program with one case; whether it succeeds."""

Mutant = Callable[[pytest.MonkeyPatch], None]
"""Takes the protection away."""

THREATS: dict[str, tuple[Attack, Mutant]] = {}
NEEDS: dict[str, bool] = {
    **dict.fromkeys(("other-user-journal", "other-user-target"), os.geteuid() == 0),
    "tampered-seal": shutil.which("ssh-keygen") is not None,
}
"""Threats that cannot be tried everywhere -> whether they can be here."""


def threat(name: str, mutant: Mutant) -> Callable[[Attack], Attack]:
    def keep(attack: Attack) -> Attack:
        THREATS[name] = attack, mutant
        return attack

    return keep


def instead(place: str, value: object) -> Mutant:
    """Something else in the place of a name of the program."""
    return lambda monkeypatch: monkeypatch.setattr(place, value)


def own_letter(text: str) -> None:
    templates._engine.cache_clear()
    folder = config_folder() / "letters"
    folder.mkdir(exist_ok=True)
    (folder / "mine.j2").write_text(text, encoding="utf-8")


def said(program: Program, words: str) -> int:
    return program("log", "1", "--in", "--channel", "merchant_chat", "--said", words).code


def exported(program: Program, tmp_path: Path) -> Path:
    said(program, "店家说同意退款40元，三天内到账")
    file = tmp_path / "export.json"
    file.write_text(program("export").out, encoding="utf-8")
    return file


def opened(self: durable.Files, path: Path, flags: int, mode: int = 0o600, *, left_out: int) -> int:
    return os.open(path, (flags | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOFOLLOW) & ~left_out, mode)


def without(flag: int) -> Mutant:
    """Files are opened without that flag."""
    return instead("pddtui.durable.Files.open", lambda self, *args: opened(self, *args, left_out=flag))


@threat("other-user-link", without(os.O_NOFOLLOW))
def _(program: Program, tmp_path: Path) -> bool:
    victim, lock = tmp_path / "victim", program.file.with_name("cases.json.lock")
    victim.write_bytes(b"")
    lock.unlink(missing_ok=True)
    lock.symlink_to(victim)
    program("add", "lamp")
    return victim.read_bytes() != b""


@threat("other-user-journal", instead("pddtui.durable.wrong_file", lambda *_: 0))
def _(program: Program, tmp_path: Path) -> bool:
    lock = program.file.with_name("cases.json.lock")
    lock.write_bytes(b"theirs")
    os.chown(lock, SOMEBODY, SOMEBODY)
    program("add", "lamp")
    return lock.read_bytes() != b"theirs"


class Waits(BaseException):
    """Nothing came for a while."""


@contextmanager
def patient(seconds: float) -> Iterator[None]:
    def give_up(number: int, frame: FrameType | None) -> None:
        raise Waits

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@threat("other-user-pipe", without(os.O_NONBLOCK))
def _(program: Program, tmp_path: Path) -> bool:
    os.mkfifo(config_folder() / "config.yaml")
    try:
        with patient(1.5):
            program("list")
    except Waits:
        return True
    return False


@threat("other-user-target", instead("pddtui.cli.compose.trusted", lambda _: True))
def _(program: Program, tmp_path: Path) -> bool:
    link = tmp_path / "link.json"
    link.symlink_to(program.file)
    os.chown(program.file, SOMEBODY, -1)
    return program.at(link)("list").code == 0


@threat("open-folder", instead("pddtui.store.tiny.exposed_folders", lambda *_: ()))
def _(program: Program, tmp_path: Path) -> bool:
    program.file.parent.chmod(0o777)
    return "chmod o-w" not in program("list").err


@threat("evidence-swapped", instead("pddtui.services.evidence.EvidenceFolder.verify", lambda *_: "ok"))
def _(program: Program, tmp_path: Path) -> bool:
    (tmp_path / "photo.png").write_bytes(b"photo")
    program("evidence", "1", str(tmp_path / "photo.png"))
    (copy,) = program.file.with_name("evidence").iterdir()
    copy.write_bytes(b"other")
    program("export", "1", "--format", "zip", "-o", str(tmp_path / "a.zip"))
    with zipfile.ZipFile(tmp_path / "a.zip") as bundle:
        return any(bundle.read(name) == b"other" for name in bundle.namelist())


@threat("arguments", instead("pddtui.cli.grammar.Command._in_words", lambda *_: False))
def _(program: Program, tmp_path: Path) -> bool:
    program("edit", "1", "--merchant", "-", stdin="某某店\n")
    return "某某店" not in program("show", "1", "--json").out


def theirs_whole(ours: Case, theirs: Case) -> Case:
    return structs.replace(theirs, revision=ours.revision + 1, history=ours.history)


@threat("replayed-export", instead("pddtui.services.import_.apply.unite", theirs_whole))
def _(program: Program, tmp_path: Path) -> bool:
    file = exported(program, tmp_path)
    alter(file, words_alone)
    program("import", str(file))
    return PLANTED in {one["summary"] for one in json.loads(program("show", "1", "--json").out)["contacts"]}


def _believe_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pddtui.domain.history.broken_link", lambda _: None)
    monkeypatch.setattr("pddtui.services.import_.apply.holds", lambda *_: True)


@threat("forged-entry", _believe_hashes)
def _(program: Program, tmp_path: Path) -> bool:
    file = exported(program, tmp_path)
    alter(file, words_and_entry)
    return program("import", str(file)).code == 0


def bundle_with(program: Program, tmp_path: Path, name: str, content: bytes) -> Path:
    file = tmp_path / "bundle.zip"
    program("export", "--format", "zip", "-o", str(file))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(name, content)
    return file


def believing(archive: zipfile.ZipFile, _name: str) -> dict[str, zipfile.ZipInfo]:
    return {info.filename: info for info in archive.infolist()}


@threat("zip-slip", instead("pddtui.services.import_.read_bundle._looked_at", believing))
def _(program: Program, tmp_path: Path) -> bool:
    return program("import", str(bundle_with(program, tmp_path, "../evil", b"x"))).code == 0


@threat("huge-file", instead("pddtui.services.import_.read_bundle._refuse_dense", lambda *_: None))
def _(program: Program, tmp_path: Path) -> bool:
    return program("import", str(bundle_with(program, tmp_path, "evidence/x", bytes(1 << 26)))).code == 0


@threat("yaml-aliases", instead("pddtui.handbook.shelf.parse_own", parse_yaml))
def _(program: Program, tmp_path: Path) -> bool:
    bomb = "channels:\n  - &a {id: a, zh: a, en: a}\n  - *a\n"
    (config_folder() / "channels.yaml").write_text(bomb, encoding="utf-8")
    return "repeats another entry" not in program("list").err


def _without_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jinja2.sandbox.ImmutableSandboxedEnvironment", jinja2.Environment)
    monkeypatch.setattr(templates, "_filled_apart", templates._filled)


@threat("prying-template", _without_sandbox)
def _(program: Program, tmp_path: Path) -> bool:
    own_letter("{{ ''.__class__.__mro__ }}")
    return "<class 'object'>" in program("letter", "1", "mine").out


def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "_filled_apart", templates._filled)


@threat("endless-template", _in_this_process)
def _(program: Program, tmp_path: Path) -> bool:
    own_letter("{% for a in range(8000) %}{% for b in range(8000) %}{% endfor %}{% endfor %}done")
    patience, templates._PATIENCE = templates._PATIENCE, 1
    try:
        return "done" in program("letter", "1", "mine").out
    finally:
        templates._PATIENCE = patience


@threat("endless-pattern", instead("pddtui.handbook.book.Handbook.own_patterns", frozenset()))
def _(program: Program, tmp_path: Path) -> bool:
    (config_folder() / "masks.yaml").write_text(SLOW, encoding="utf-8")
    patience, masking.PATIENCE = masking.PATIENCE, 0.3
    try:
        with patient(1.5):
            program("mask", stdin="x" * 60 + "?")
    except Waits:
        return True
    finally:
        masking.PATIENCE = patience
    return False


def _all_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "_PLAIN", re.compile(".*", re.DOTALL))


@threat("terminal", _all_is_plain)
def _(program: Program, tmp_path: Path) -> bool:
    said(program, "\x1b]0;owned\x07好的")
    return "\x1b]0" in program("show", "1").out


@threat("markup", instead("pddtui.services.export.document._SIGNS", re.compile("(?!)")))
def _(program: Program, tmp_path: Path) -> bool:
    said(program, "[点这里](https://evil.example) <b>")
    return "](https://evil.example)" in program("export", "1", "--format", "markdown").out


@threat("formula", instead("pddtui.services.export.csv._FORMULA", frozenset()))
def _(program: Program, tmp_path: Path) -> bool:
    said(program, "=HYPERLINK(1)")
    table = csv.reader(io.StringIO(program("export", "1", "--format", "csv").out.removeprefix("\ufeff")))
    return any(cell.startswith("=") for row in table for cell in row)


@threat("public-names", instead("pddtui.domain.mask.Masker._find", lambda *_: iter(())))
def _(program: Program, tmp_path: Path) -> bool:
    return "13800138000" in program("mask", stdin="电话 13800138000").out


@threat("stored-secret", instead("pddtui.domain.secrets.SECRETS", {}))
def _(program: Program, tmp_path: Path) -> bool:
    return said(program, "验证码是 482913") == 0


def _without_witness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pddtui.store.doctor.lost_since", lambda *_: ())
    monkeypatch.setattr("pddtui.store.doctor.off_own_record", lambda *_: ())


@threat("rewritten-file", _without_witness)
def _(program: Program, tmp_path: Path) -> bool:
    said(program, "同意退款40元")
    keep_backup(program)
    forge(program, reword)
    return program("doctor").code == 0


@threat("gone-case", instead("pddtui.store.doctor.lost_since", lambda *_: ()))
def _(program: Program, tmp_path: Path) -> bool:
    keep_backup(program)
    kept = [line for line in program.file.read_text("utf-8").splitlines() if '"PDD-2026-0001"' not in line]
    program.file.write_text("\n".join(kept).replace("},\n}", "}\n}") + "\n", encoding="utf-8")
    return program("doctor").code == 0


@threat("tampered-seal", instead("pddtui.services.sealing._good", lambda *_: True))
def _(program: Program, tmp_path: Path) -> bool:
    for name in ("theirs", "mine"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)], check=True)
    program("seal", "--key", str(tmp_path / "theirs"))
    return program("doctor", "--verify", "--key", str(tmp_path / "mine")).code == 0


@threat("export-over", lambda monkeypatch: monkeypatch.setattr("pddtui.places.Places.kept", ()))
def _(program: Program, tmp_path: Path) -> bool:
    settings = config_folder() / "config.yaml"
    settings.write_text("language: en\n", encoding="utf-8")
    program("export", "1", "-o", str(settings), "--force")
    return settings.read_text(encoding="utf-8") != "language: en\n"


def possible(name: str) -> None:
    if not NEEDS.get(name, True):
        pytest.skip("it takes root, or OpenSSH")


@pytest.mark.parametrize("name", THREATS)
def test_the_attack_fails(kettle: Program, tmp_path: Path, name: str) -> None:
    possible(name)
    attack, _ = THREATS[name]
    assert not attack(kettle, tmp_path)


@pytest.mark.parametrize("name", THREATS)
def test_without_its_protection_it_succeeds(
    kettle: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    possible(name)
    attack, mutant = THREATS[name]
    mutant(monkeypatch)
    try:
        assert attack(kettle, tmp_path)
    finally:
        templates._engine.cache_clear()


def test_the_table_of_the_page_is_this_one() -> None:
    page = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)`", page, re.MULTILINE) == list(THREATS)
