"""What is done behind the first picture: filling the board in slices so short that no key waits, looking for drafts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from textual.screen import Screen

from pddtui.message import Message
from pddtui.services.board import Board
from pddtui.ui.context import Clerk, Context

__all__ = ["load_rest", "offer_drafts"]


async def load_rest(board: Board, clerk: Clerk, slices: Sequence[Sequence[str]], show: Callable[[], None]) -> None:
    """Have the clerk work the slices out one by one, between its other work, and `show` the board in the end."""
    for case_ids in slices:
        board.take(await clerk.do(partial(board.seen, case_ids)))
    if slices:
        show()
        if gc.get_freeze_count():
            gc.freeze()  # all of it stays as well: looking through it would stop the keys again and again


async def offer_drafts(screen: Screen[None], context: Context) -> None:
    """Say that half-typed forms of a lost session wait; their own form offers each of them again."""
    waiting = await context.clerk.do(partial(_waiting_drafts, context.places.drafts))
    if waiting is not None:
        screen.notify(context.speech.say(waiting), markup=False)


def _waiting_drafts(folder: Path) -> Message | None:
    """That half-typed forms of lost sessions wait, or None when there are none."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return None
    from pddtui.services.drafts import Drafts

    return Drafts(folder).waiting()
