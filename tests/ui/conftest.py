"""The loop of the screens' tests: tasks start as in the program, and a pause lasts until all is at rest."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
import pytest_asyncio
from textual import app, pilot
from textual._context import active_app
from textual.screen import Screen


@pytest_asyncio.fixture(autouse=True)
async def _tasks_start_as_in_the_program() -> None:
    """`App.run` has tasks started at once where Python can do that; `run_test` does not."""
    eager = getattr(asyncio, "eager_task_factory", None)
    if eager is not None:
        asyncio.get_running_loop().set_task_factory(eager)


@pytest.fixture(autouse=True)
def _pauses_last_until_all_is_at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's own pause sleeps for 20 ms at least, twice for each key, and guesses from the time of the processor."""
    errands: set[Future[Any]] = set()
    run_in_executor = asyncio.BaseEventLoop.run_in_executor

    def noted(loop: asyncio.BaseEventLoop, executor: Any, work: Callable[..., Any], *args: Any) -> Future[Any]:
        errand = run_in_executor(loop, executor, work, *args)
        errands.add(errand)
        errand.add_done_callback(errands.discard)
        return errand

    async def at_rest(min_sleep: float = 0, max_sleep: float = 1) -> None:
        """Until nothing is ready to run, no thread has work for us, and the screen shows all that it knows."""
        loop, until = asyncio.get_running_loop(), monotonic() + max_sleep
        await asyncio.sleep(0)
        while monotonic() < until:
            if ready(loop):
                await asyncio.sleep(0)
            elif errands:
                await asyncio.wait(errands, timeout=max_sleep, return_when=asyncio.FIRST_COMPLETED)
            elif active_app.get()._resize_event is not None:  # Textual waits for the last of several
                await asyncio.sleep(0.001)
            elif unshown(screen := active_app.get().screen):
                screen._on_timer_update()
                await asyncio.sleep(0)
            else:
                return

    monkeypatch.setattr(asyncio.BaseEventLoop, "run_in_executor", noted)
    monkeypatch.setattr(pilot, "wait_for_idle", at_rest)
    monkeypatch.setattr(app, "wait_for_idle", at_rest)


def ready(loop: AbstractEventLoop) -> bool:
    """Whether something waits to be run now."""
    return bool(getattr(loop, "_ready", ()))


def unshown(screen: Screen[object]) -> bool:
    """Whether there is something to be drawn, which the screen does at its next tick."""
    return not screen.app._batch_count and bool(
        screen._layout_required or screen._scroll_required or screen._repaint_required or screen._dirty_widgets
    )
