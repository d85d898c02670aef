"""Filling the board behind the first picture, in slices so short that no key waits for one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from pddtui.services.board import Board
from pddtui.ui.context import Clerk

__all__ = ["load_rest"]


async def load_rest(board: Board, clerk: Clerk, slices: Sequence[Sequence[str]], show: Callable[[], None]) -> None:
    """Have the clerk work the slices out one by one, between its other work, and `show` the board in the end."""
    for case_ids in slices:
        board.take(await clerk.do(partial(board.seen, case_ids)))
    if slices:
        show()
