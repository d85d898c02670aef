"""Templates of texts and pages: the program's own from `data/`, and a person's own, which may only write text.

Every template is sandboxed, and a name that it does not know is a fault instead of a gap in a letter. This is the
only module that knows the template engine.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["TemplateFault", "fill_template"]


_UNKNOWN = re.compile(r"'(?P<name>[^']+)' is undefined|has no attribute '(?P<attribute>[^']+)'")
"""How the engine says which name it does not know."""


class TemplateFault(Exception):
    """A template that cannot be used, with the place where it is wrong as far as that is known."""

    def __init__(self, reason: str, file: Path | None, line: int | None, unknown: str | None = None) -> None:
        """`unknown` is the name that the template uses and nothing has."""
        super().__init__(reason)
        self.reason = reason
        self.unknown = unknown
        self.file = file
        self.line = line


@lru_cache(maxsize=4)
def _engine(folders: tuple[Path, ...], *, html: bool) -> Environment:
    """One that keeps what it has compiled, which takes longer than to fill it in, and sees when a file has changed."""
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders, encoding="utf-8"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fill_template(folders: Sequence[Path], name: str, values: Mapping[str, object], *, html: bool = False) -> str:
    """The template `name` of the first folder that has it, filled with `values`; with `html` every value is escaped.

    It may include templates of any of the folders. Raises `TemplateFault`.
    """
    from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError

    try:
        return _engine(tuple(folders), html=html).get_template(name).render(values)
    except TemplateSyntaxError as error:
        file = Path(error.filename) if error.filename else None
        raise TemplateFault(error.message or "", file, error.lineno) from error
    except UndefinedError as error:
        found = _UNKNOWN.search(str(error))
        unknown = (found["name"] or found["attribute"]) if found is not None else None
        raise TemplateFault(str(error), *_place(error, folders), unknown) from error
    except (
        *(TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError),
        *(MemoryError, OSError, RecursionError),
    ) as error:
        raise TemplateFault(str(error) or type(error).__name__, *_place(error, folders)) from error


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
