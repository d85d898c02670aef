"""A long text in the person's own editor: on a private file for as long as it is open, and back from there.

What goes wrong is one sentence, and the text in the form stays as it was; what an editor has saved takes its place,
also where it ended badly afterwards: nothing that was typed is lost with it. The file is gone on every way out.
"""

from __future__ import annotations

import os
import shlex
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from pddtui.domain.text import clean
from pddtui.errors import Refused, reason
from pddtui.message import Message, msg

__all__ = ["LARGEST", "Edited", "RunEditor", "edit_outside", "editor_command"]

USUAL: Final = ("vi", "nano")
"""The editors that are taken where none is named."""

LARGEST: Final = 1 << 20
"""Bytes that come back at most."""

RunEditor = Callable[[Sequence[str]], Awaitable[int]]
"""Runs a command in the terminal until it ends, and gives how it ended."""


class Edited(Struct, frozen=True):
    """What an editor has left behind."""

    text: str
    remark: Message | None = None
    """What had to be done to it."""


def editor_command(environ: Mapping[str, str], find: Callable[[str], str | None] = shutil.which) -> list[str]:
    """The editor as a command. Raises `Refused` where there is none, or not the one that is named."""
    named = next((wish for name in ("VISUAL", "EDITOR") if (wish := environ.get(name, "").strip())), None)
    if named is None:
        usual = next((name for name in USUAL if find(name) is not None), None)
        if usual is None:
            raise Refused(msg("No editor is set: name one in the environment variable EDITOR."))
        return [usual]
    try:
        command = shlex.split(named)
    except ValueError:
        command = []
    if not command or find(command[0]) is None:
        raise Refused(msg("The editor “{name}” was not found: set VISUAL or EDITOR to another one.", name=named))
    return command


async def edit_outside(text: str, command: Sequence[str], run: RunEditor) -> Edited | None:
    """What the editor made of the text; None where it changed nothing. Raises `Refused`."""
    try:
        with tempfile.TemporaryDirectory(prefix="pddtui-", ignore_cleanup_errors=True) as folder:
            file = Path(folder, "text.txt")
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
                opened.write(f"{text}\n".encode())
            ended = await run([*command, str(file)])
            with file.open("rb") as opened:
                left = opened.read(LARGEST + 1)
    except OSError as error:
        raise Refused(
            msg("The editor could not be used ({reason}); the text is as it was before.", reason=reason(error))
        ) from error
    edited = _read(left, text)
    if ended == 0:
        return edited
    if edited is None:
        raise Refused(msg("The editor ended with a fault ({code}); the text is as it was before.", code=ended))
    return Edited(edited.text, msg("The editor ended with a fault ({code}); what it had saved is here.", code=ended))


def _read(left: bytes, before: str) -> Edited | None:
    if len(left) > LARGEST:
        raise Refused(msg("The editor left more than 1 MB; the text is as it was before."))
    try:
        text = left.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(msg("The editor saved something else than UTF-8; the text is as it was before.")) from error
    text = text.replace("\r\n", "\n").removesuffix("\n")
    tidy = clean(text)
    if tidy == before:
        return None
    lost = any((character < " " and character not in "\n\t") or character in "\x7f\x9b" for character in text)
    remark = msg("Control characters were left out of what the editor saved.") if lost else None
    return Edited(tidy, remark)
