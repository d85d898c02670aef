"""Numbers as lengths of terminal cells: bars of several pieces, and sparklines of one line.

What is not nothing is at least one cell, so that a single broken promise among hundreds is still seen.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["lengths", "sparkline"]

_STEPS = "▁▂▃▄▅▆▇█"


def lengths(pieces: Sequence[float], full: float, cells: int) -> tuple[int, ...]:
    """How many of `cells` each piece takes, where `full` would take all. Together never more than `cells`."""
    if full <= 0 or cells <= 0:
        return (0,) * len(pieces)
    found: list[int] = []
    so_far, ends = 0.0, 0
    for piece in pieces:
        so_far += piece
        end = max(round(min(1.0, so_far / full) * cells), ends + (piece > 0))
        found.append(end - ends)
        ends = end
    for _ in range(ends - cells):  # one for each small piece that was made to be seen
        found[found.index(max(found))] -= 1
    return tuple(found)


def sparkline(values: Sequence[float], cells: int) -> str:
    """One column a value, the latest `cells` of them; nothing is a blank, the highest fills its cell."""
    shown = values[-cells:] if cells > 0 else ()
    top = max(shown, default=0)
    return "".join(_STEPS[min(7, int(value / top * 8))] if value > 0 else " " for value in shown)
