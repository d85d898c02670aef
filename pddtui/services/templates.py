"""Templates of texts and pages: the program's own from `data/`, and a person's own, which may only write text.

Every template is sandboxed, and a name that it does not know is a fault instead of a gap in a letter. This is the
only module that knows the template engine.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pddtui import errors
from pddtui.durable import read_file
from pddtui.message import Message, msg
from pddtui.ownership import stat_of

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.runtime import Context

__all__ = ["TemplateFault", "fill_template"]

_PATIENCE = 2.0
"""Seconds for a template of a person's own; a letter takes five thousandths of one."""

_ROOM = 256 << 20
"""Bytes that such a template may fill while it runs."""

_LONGEST = 1_000_000
"""Bytes of a template, and characters of what is made of a person's own."""

_LARGEST = 1 << 64
"""The largest number that one may multiply."""

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


class _TooMuch(Exception):
    """What a template of a person's own does is out of bounds."""

    def __init__(self, problem: Message) -> None:
        super().__init__(problem)
        self.problem = problem


@lru_cache(maxsize=4)
def _engine(folders: tuple[Path, ...], *, html: bool, own: bool) -> Environment:
    """One that keeps what it has compiled, which takes longer than to fill it in, and sees when a file has changed."""
    from jinja2 import FunctionLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Sandbox(ImmutableSandboxedEnvironment):
        """One that multiplies no number until the machine has no room for it: no clock stops that meanwhile."""

        intercepted_binops = frozenset({"*", "**"}) if own else frozenset()

        def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
            if any(isinstance(side, int) and abs(side) > _LARGEST for side in (left, right)) or operator == "**":
                raise _TooMuch(msg("it reckons with numbers that are too large"))
            return super().call_binop(context, operator, left, right)

    engine = Sandbox(
        loader=FunctionLoader(partial(_source, folders)),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    if own:
        for name in ("striptags", "urlize"):  # for web pages, and slow on some texts
            del engine.filters[name]
    return engine


def _source(folders: Sequence[Path], name: str) -> tuple[str, str, Callable[[], bool]] | None:
    """The template of that name in the first folder that has it, with its file and whether that is still the same."""
    from jinja2.loaders import split_template_path

    for folder in folders:
        file = folder.joinpath(*split_template_path(name))
        if (found := stat_of(file)) is None:
            continue
        text = read_file(file, follow=True, most=_LONGEST).decode("utf-8")
        return text, str(file), lambda file=file, found=found: _same(stat_of(file), found)
    return None


def _same(now: os.stat_result | None, before: os.stat_result) -> bool:
    return now is not None and (now.st_mtime_ns, now.st_ino) == (before.st_mtime_ns, before.st_ino)


def fill_template(
    folders: Sequence[Path], name: str, values: Mapping[str, object], *, html: bool = False, own: bool = False
) -> str:
    """The template `name` of the first folder that has it, filled with `values`; with `html` every value is escaped.

    It may include templates of any of the folders. One that is a person's `own` has bounds: a time, a room, a length.
    Raises `TemplateFault`.
    """
    from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

    try:
        with _bounded() if own else nullcontext():  # what is constant is worked out when the template is compiled
            text = _engine(tuple(folders), html=html, own=own).get_template(name).render(values)
    except TemplateSyntaxError as error:
        file = Path(error.filename) if error.filename else None
        raise TemplateFault(error.message or "", file, error.lineno) from error
    except UndefinedError as error:
        found = _UNKNOWN.search(str(error))
        unknown = (found["name"] or found["attribute"]) if found is not None else None
        raise TemplateFault(str(error), *_place(error, folders), unknown) from error
    except _TooMuch as error:
        raise TemplateFault(error.problem, *_place(error, folders)) from error
    except MemoryError as error:
        raise TemplateFault(msg("it needs too much memory"), *_place(error, folders)) from error
    except (
        TemplateError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise TemplateFault(str(error) or type(error).__name__, *_place(error, folders)) from error
    except OSError as error:
        file = Path(str(error.filename)) if error.filename else None
        raise TemplateFault(errors.reason(error), file, None) from error
    if own and len(text) > _LONGEST:
        raise TemplateFault(msg("the text is too long"), None, None)
    return text


@contextmanager
def _bounded() -> Iterator[None]:
    """Stop what runs in this thread after `_PATIENCE` seconds, or once it has filled `_ROOM` bytes (`MemoryError`)."""
    import resource

    ends, before = time.monotonic() + _PATIENCE, sys.gettrace()

    def look(*_: object) -> Callable[..., Any]:  # before each line and each call
        if time.monotonic() > ends:
            raise _TooMuch(msg("it takes too long"))
        return look

    limits = resource.getrlimit(resource.RLIMIT_AS)
    taken = _taken()
    if taken is not None:
        highest = taken + _ROOM if limits[1] == resource.RLIM_INFINITY else min(taken + _ROOM, limits[1])
        resource.setrlimit(resource.RLIMIT_AS, (highest, limits[1]))
    sys.settrace(look)
    try:
        yield
    finally:
        sys.settrace(before)
        resource.setrlimit(resource.RLIMIT_AS, limits)


def _taken() -> int | None:
    """How many bytes of addresses the program takes now; None where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


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
