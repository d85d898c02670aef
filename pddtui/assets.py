"""The style sheets and the reference data that ship with the program: where they are, and how to read them.

They stand beside the package in a checkout and inside it in a wheel. They are never written.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["path", "read_text"]


@cache
def _root() -> Path:
    package = Path(__file__).resolve().parent
    return package if (package / "styles").is_dir() else package.parent


def path(name: str) -> Path:
    """The file or folder `name`, as in `data/ladder.yaml` or `styles/base.tcss`."""
    return _root() / name


def read_text(name: str) -> str:
    """The whole of the UTF-8 file `name`."""
    return path(name).read_text(encoding="utf-8")
