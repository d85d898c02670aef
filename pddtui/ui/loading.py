"""What is done behind the first picture: filling the board in slices so short that no key waits, looking for drafts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from pddtui.message import Message
from pddtui.services.board import Board
from pddtui.ui.context import Clerk

__all__ = ["load_rest", "waiting_drafts"]


async def load_rest(board: Board, clerk: Clerk, slices: Sequence[Sequence[str]], show: Callable[[], None]) -> None:
    """Have the clerk work the slices out one by one, between its other work, and `show` the board in the end."""
    for case_ids in slices:
        board.take(await clerk.do(partial(board.seen, case_ids)))
    if slices:
        show()


def waiting_drafts(folder: Path) -> Message | None:
    """That half-typed forms of lost sessions wait, or None when there are none."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return None
    from pddtui.services.drafts import Drafts

    return Drafts(folder).waiting()
