"""Templates of texts and pages: the program's own from `data/`, and a person's own, which may only write text.

Every template is sandboxed, and a name that it does not know is a fault instead of a gap in a letter. This is the
only module that knows the template engine.
"""

from __future__ import annotations

import os
import pickle
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from pddtui import errors
from pddtui.durable import read_file
from pddtui.message import Message, msg
from pddtui.ownership import stat_of

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["TemplateFault", "fill_template"]

_PATIENCE = 2
"""Seconds of the processor for a template of a person's own; a letter takes five thousandths of one."""

_ROOM = 1 << 30
"""Bytes that the process which fills it may have."""

_LONGEST = 1_000_000
"""Bytes of a template, and characters of what is made of a person's own."""

_MEMORY = msg("it needs too much memory")
_TIME = msg("it takes too long")

_UNKNOWN = re.compile(r"'(?P<name>[^']+)' is undefined|has no attribute '(?P<attribute>[^']+)'")
"""How the engine says which name it does not know."""


class TemplateFault(Exception):
    """A template that cannot be used, with the place where it is wrong as far as that is known."""

    def __init__(self, reason: Message | str, file: Path | None, line: int | None, unknown: str | None = None) -> None:
        """`unknown` is the name that the template uses and nothing has."""
        super().__init__(reason)
        self.reason = reason
        self.unknown = unknown
        self.file = file
        self.line = line


@lru_cache(maxsize=4)
def _engine(folders: tuple[Path, ...], *, html: bool) -> Environment:
    """One that keeps what it has compiled, which takes longer than to fill it in, and sees when a file has changed."""
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(partial(_source, folders)),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _source(folders: Sequence[Path], name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """The template of that name in the first folder that has it, with its file and whether that is still the same."""
    from jinja2.loaders import split_template_path

    for folder in folders:
        file = folder.joinpath(*split_template_path(name))
        if (found := stat_of(file)) is None or _disguised(file):
            continue
        text = read_file(file, follow=True, most=_LONGEST).decode("utf-8")
        return text, str(file), lambda file=file, found=found: _same(stat_of(file), found)
    return None


def _disguised(file: Path) -> bool:
    """Whether it is a link to what is no template, as one that came with templates could show a private file."""
    return file.is_symlink() and Path(os.path.realpath(file)).suffix != file.suffix


def _same(now: os.stat_result | None, before: os.stat_result) -> bool:
    return now is not None and (now.st_mtime_ns, now.st_ino) == (before.st_mtime_ns, before.st_ino)


def fill_template(
    folders: Sequence[Path], name: str, values: Mapping[str, object], *, html: bool = False, own: bool = False
) -> str:
    """The template `name` of the first folder that has it, filled with `values`; with `html` every value is escaped.

    It may include templates of any of the folders. One that is a person's `own` is filled by a process of its own,
    which has a time, a room and a length. Raises `TemplateFault`.
    """
    return _filled_apart(folders, name, values, html=html) if own else _filled(folders, name, values, html=html)


def _filled(folders: Sequence[Path], name: str, values: Mapping[str, object], *, html: bool) -> str:
    from jinja2 import TemplateNotFound, TemplateSyntaxError, UndefinedError

    try:
        return _engine(tuple(folders), html=html).get_template(name).render(values)
    except TemplateSyntaxError as error:
        file = Path(error.filename) if error.filename else None
        raise TemplateFault(error.message or "", file, error.lineno) from error
    except UndefinedError as error:
        found = _UNKNOWN.search(str(error))
        unknown = (found["name"] or found["attribute"]) if found is not None else None
        raise TemplateFault(str(error), *_place(error, folders), unknown) from error
    except MemoryError as error:
        raise TemplateFault(_MEMORY, *_place(error, folders)) from error
    except Exception as error:  # whatever a template does is its own fault
        if isinstance(error, OSError) and not isinstance(error, TemplateNotFound):
            file = Path(str(error.filename)) if error.filename else None
            raise TemplateFault(errors.reason(error), file, None) from error
        raise TemplateFault(str(error) or type(error).__name__, *_place(error, folders)) from error


class _Answer(Struct, kw_only=True):
    """What the process says that filled a template, which may not be what the program would have said."""

    text: str | None = None
    reason: str = ""
    memory: bool = False
    number: int | None = None
    """That of the error of the system, where it was one."""
    file: str | None = None
    line: int | None = None
    unknown: str | None = None


_Task = tuple[Sequence[Path], str, Mapping[str, object], bool, int, int]
"""The folders, the name, the values, whether it is HTML; seconds and bytes."""

_CHILD = "from pddtui.services.templates import answer; answer()"


def _filled_apart(folders: Sequence[Path], name: str, values: Mapping[str, object], *, html: bool) -> str:
    """Fill it where nothing that it does can reach the cases: no clock of ours stops a sum, and no memory is ours."""
    task: _Task = (tuple(folders), name, dict(values), html, _PATIENCE, _ROOM)
    command = [sys.executable, "-P", "-c", _CHILD]
    try:
        done = subprocess.run(  # noqa: S603 -- ourselves
            command, input=pickle.dumps(task), capture_output=True, timeout=10 * _PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise TemplateFault(_TIME, None, None) from error
    except OSError as error:
        raise TemplateFault(errors.reason(error), None, None) from error
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        raise TemplateFault(_TIME, None, None)
    try:
        told = msgspec.json.decode(done.stdout, type=_Answer)
    except msgspec.DecodeError as error:
        raise TemplateFault(msg("the template engine gave up"), None, None) from error
    if told.text is None:
        reason: Message | str = _MEMORY if told.memory else told.reason
        if told.number is not None:
            reason = errors.reason(OSError(told.number, ""))
        raise TemplateFault(reason, Path(told.file) if told.file else None, told.line, told.unknown)
    if len(told.text) > _LONGEST:
        raise TemplateFault(msg("the text is too long"), None, None)
    return told.text


def answer() -> None:
    """Fill the template that standard input asks for, in a process that may do little else."""
    import resource

    # What comes from the program itself, through a pipe that nobody else has.
    folders, name, values, html, seconds, room = pickle.loads(sys.stdin.buffer.read())  # noqa: S301
    for limit, most in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, room), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(limit, (most, most))
    try:
        told = _Answer(text=_filled(folders, name, values, html=html))
    except TemplateFault as fault:
        cause = fault.__cause__
        told = _Answer(
            reason=str(fault.reason),
            memory=fault.reason == _MEMORY,
            number=cause.errno if isinstance(cause, OSError) and isinstance(fault.reason, Message) else None,
            file=str(fault.file) if fault.file is not None else None,
            line=fault.line,
            unknown=fault.unknown,
        )
    sys.stdout.buffer.write(msgspec.json.encode(told))


def _place(error: BaseException, folders: Sequence[Path]) -> tuple[Path | None, int | None]:
    """The innermost line of a template that the error came through."""
    place: tuple[Path | None, int | None] = (None, None)
    trace = error.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if any(file.is_relative_to(folder) for folder in folders):
            place = (file, trace.tb_lineno)
        trace = trace.tb_next
    return place
