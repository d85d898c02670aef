"""Exports and tables that something has gnawed at: one sentence and exit code 8, or all of it, and never a half."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.cli.conftest import Program

PIECES = (b"NaN", b"1e999", b"9" * 400, b'"\\ud800"', b"[" * 3000, b"null", b"../", b"\xff", b"\0", b'"', b"-", b"{}")


def gnawed(content: bytes, chance: random.Random) -> bytes:
    """The content with a few bytes changed, cut out, doubled, or something nasty put in."""
    mutant = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(mutant) + 1)
        end = min(len(mutant), at + chance.choice((1, 1, 2, 8, 64)))
        match chance.randrange(4):
            case 0:
                mutant[at:end] = bytes(chance.randrange(256) for _ in range(end - at))
            case 1:
                del mutant[at:end]
            case 2:
                mutant[at:at] = mutant[at:end]
            case _:
                mutant[at:end] = chance.choice(PIECES)
    return bytes(mutant)


@pytest.mark.parametrize("name", ["mutant.json", "mutant.csv", "mutant.zip"])
@pytest.mark.parametrize("times", [60, pytest.param(5000, marks=pytest.mark.slow)])
def test_a_gnawed_file_comes_in_whole_or_not_at_all(kettle: Program, tmp_path: Path, name: str, times: int) -> None:
    sound = kettle("export").out.encode()
    if name.endswith(".csv"):
        sound = "日期,姓名,内容,承诺,到期\n2026-11-16,小王,先登记,退款,3天内\n2026-11-17,小李,好的,,\n".encode()
    if name.endswith(".zip"):
        assert kettle("export", "--format", "zip", "-o", str(tmp_path / "data" / "sound.zip")).code == 0
        sound = (tmp_path / "data" / "sound.zip").read_bytes()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    file = inbox / name
    chance = random.Random(20261122)  # noqa: S311 - the same mutants in every run
    before, refused = kettle.file.read_bytes(), 0
    for _ in range(times):
        file.write_bytes(gnawed(sound, chance))
        result = kettle("import", str(file))
        assert result.code in (0, 8), result
        if result.code == 8:
            refused += 1
            assert (result.out, result.err.count("\n")) == ("", 1), result
            assert kettle.file.read_bytes() == before
        else:
            assert kettle("list").code == 0
            before = kettle.file.read_bytes()
    assert refused
    assert {path.name for path in tmp_path.iterdir()} == {"inbox", "data"}
    assert [path.name for path in inbox.iterdir()] == [name]
