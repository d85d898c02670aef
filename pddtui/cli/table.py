"""Plain text in columns: Chinese characters take two cells, so a column is measured in cells and not in characters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

import click

from pddtui.domain.silence import Level

__all__ = ["aligned", "cells", "cut", "painted"]

_GAP = "  "
_COLOURS: dict[Level | None, str | None] = {"red": "red", "amber": "yellow", None: None}


def cells(text: str) -> int:
    """How many cells of a terminal the text takes."""
    return len(text) if text.isascii() else sum(map(_cells, text))


@cache
def _cells(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1


def cut(text: str, width: int) -> str:
    """The text in at most `width` cells; an ellipsis stands for what is left out."""
    if cells(text) <= width:
        return text
    kept, taken = "", 1
    for sign in text:
        taken += _cells(sign)
        if taken > width:
            break
        kept += sign
    return f"{kept}…"


def aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """One line a row, with the columns under each other and nothing behind the last."""
    columns = [_padded(column) for column in zip(*rows, strict=True)]
    return [_GAP.join(row).rstrip() for row in zip(*columns, strict=True)]


def _padded(column: Sequence[str]) -> list[str]:
    """The texts with blanks behind them, so that all are as wide as the widest; many are the same."""
    widths = {text: cells(text) for text in set(column)}
    widest = max(widths.values())
    padded = {text: f"{text}{' ' * (widest - width)}" for text, width in widths.items()}
    return [padded[text] for text in column]


def painted(text: str, level: Level | None) -> str:
    """The text in the colour of the level. `click.echo` takes the colour out where there is no terminal."""
    colour = _COLOURS[level]
    return text if colour is None else click.style(text, fg=colour)
