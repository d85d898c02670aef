"""A long text in another editor: whatever that one does, one sentence says it and nothing typed is lost."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from pddtui.errors import Refused
from pddtui.ui.editor import LARGEST, RunEditor, edit_outside, editor_command

SEEN: list[Path] = []
"""The files that an editor was given."""


def _editor(left: bytes | None, ends: int = 0) -> RunEditor:
    async def run(command: Sequence[str]) -> int:
        file = Path(command[-1])
        SEEN.append(file)
        assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
        assert (command[0], file.read_text(encoding="utf-8")) == ("ed", "前\n")
        if left is None:
            file.unlink()
        else:
            other = file.with_suffix(".new")  # as an editor does that never writes over a file
            other.write_bytes(left)
            other.replace(file)
        return ends

    return run


TAKEN: dict[bytes, tuple[str, bool] | None] = {
    b"\xe5\x89\x8d\n": None,
    b"\xe5\x89\x8d": None,
    "后\n第二行\n".encode(): ("后\n第二行", False),
    "\ufeff后\r\n第二行\r\n".encode(): ("后\n第二行", False),
    b"": ("", False),
    b"a\x1b[31mb\x00c\x07": ("abc", True),
}
"""What an editor leaves -> the text that is taken, and whether something was left out of it; None for nothing new."""


@pytest.mark.parametrize("left", TAKEN)
def test_what_an_editor_has_left_is_taken(left: bytes) -> None:
    edited = asyncio.run(edit_outside("前", ["ed"], _editor(left)))
    assert (None if edited is None else (edited.text, edited.remark is not None)) == TAKEN[left]
    assert not SEEN[-1].parent.exists()


REFUSED: dict[str, tuple[bytes | None, int, str]] = {
    "it fails": ("前\n".encode(), 1, "ended with a fault (1)"),
    "it is killed": (b"\xff\xfe", 137, "UTF-8"),
    "it takes the file away": (None, 0, "could not be used"),
    "another encoding": (b"\xff\xfe\xd6\xd0", 0, "UTF-8"),
    "too much": (b"x" * (LARGEST + 1), 0, "1 MB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_taken_is_one_sentence_and_no_file_stays(case: str) -> None:
    left, ends, sentence = REFUSED[case]
    with pytest.raises(Refused, match=r"as it was before\.$") as refused:
        asyncio.run(edit_outside("前", ["ed"], _editor(left, ends)))
    assert sentence in str(refused.value.message)
    assert not SEEN[-1].parent.exists()


@pytest.mark.parametrize("ends", [1, 137])
def test_what_an_editor_had_saved_before_it_ended_badly_is_taken(ends: int) -> None:
    edited = asyncio.run(edit_outside("前", ["ed"], _editor("前后\n".encode(), ends)))
    assert edited is not None
    assert edited.text == "前后"
    assert f"({ends})" in str(edited.remark)
    assert not SEEN[-1].parent.exists()


def test_an_editor_that_is_interrupted_leaves_no_file() -> None:
    async def run(command: Sequence[str]) -> int:
        SEEN.append(Path(command[-1]))
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(edit_outside("前", ["ed"], run))
    assert not SEEN[-1].parent.exists()


@pytest.mark.parametrize(
    ("environ", "there", "command"),
    [
        ({"VISUAL": "code --wait", "EDITOR": "vi"}, {"code", "vi"}, ["code", "--wait"]),
        ({"VISUAL": " ", "EDITOR": "'my editor' -n"}, {"my editor"}, ["my editor", "-n"]),
        ({}, {"vi", "nano"}, ["vi"]),
        ({}, {"nano"}, ["nano"]),
        ({}, set(), "No editor is set"),
        ({"EDITOR": "gone"}, {"vi"}, "“gone” was not found"),
        ({"EDITOR": "vi 'x"}, {"vi"}, "was not found"),
    ],
)
def test_which_editor(environ: dict[str, str], there: set[str], command: list[str] | str) -> None:
    def find(name: str) -> str | None:
        return name if name in there else None

    if isinstance(command, str):
        with pytest.raises(Refused) as refused:
            editor_command(environ, find)
        assert command in str(refused.value.message)
    else:
        assert editor_command(environ, find) == command
