"""The desk on a driver without a terminal: what it would send is counted, and nothing is drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.geometry import Size
from textual.pilot import Pilot

from pddtui.ui.app import DeskApp
from pddtui.ui.context import Context
from pddtui.ui.screens.desk import DeskScreen
from pddtui.ui.thrift import Outlet

__all__ = ["Desk", "on_paper"]


LOADING = {"load", "look", "write"}
"""Groups of workers that bring what is to be shown; others wait for an answer."""


PICTURE = 700
"""More bytes than a small change takes."""


class Paper(Driver):
    """Sends through our outlet, as to a terminal that knows the marks around a picture."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size or (120, 36))
        self._outlet = Outlet()
        self.sent = ""
        self.pictures = 0
        """How many times so much was sent at once that it was no small change."""

    def write(self, data: str) -> None:
        self._outlet.fit(self._app.size)
        self._outlet.take(data)
        given = self._outlet.give()
        self.pictures += len(given) > PICTURE
        self.sent += given

    def start_application_mode(self) -> None:
        size = Size(*(self._size or (120, 36)))
        self._app._sync_available = True
        self._app.post_message(events.Resize(size, size))

    def disable_input(self) -> None: ...

    def stop_application_mode(self) -> None: ...


class Desk:
    """The running desk and the keys to it."""

    def __init__(self, app: DeskApp, pilot: Pilot[object]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def paper(self) -> Paper:
        driver = self.app._driver
        assert isinstance(driver, Paper)
        return driver

    async def press(self, *keys: str) -> int:
        """Press them, wait until nothing more comes of it, and give the number of bytes that they have caused."""
        before = len(self.paper.sent.encode())
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
            await self.settle()
        return len(self.paper.sent.encode()) - before

    async def look(self) -> None:
        """Have the desk look for news and at the clock, as it does all the time."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, DeskScreen)
        await screen._watch.look()
        await self.settle()

    async def settle(self) -> None:
        """Until nothing is being loaded, nothing scrolls, and nothing is sent any more."""
        sent = -1
        while len(self.paper.sent) > sent or self._loading() or self._scrolling():
            sent = len(self.paper.sent)
            await self.pilot.pause()

    def _scrolling(self) -> bool:
        """Whether something is still on its way to where a field that was taken can be seen."""
        return any(
            (round(each.scroll_x), round(each.scroll_y)) != (round(each.scroll_target_x), round(each.scroll_target_y))
            for each in self.app.screen.query("*")
            if each.is_scrollable
        )

    def _loading(self) -> bool:
        return any(not worker.is_finished and worker.group in LOADING for worker in self.app.workers)


def on_paper(context: Context, run: Callable[[Desk], Awaitable[None]]) -> None:
    """Start the desk, have `run` use it, and end it. What goes wrong in it is raised."""
    app = DeskApp(context)
    app.driver_class = Paper
    trouble: list[BaseException] = []

    async def use(pilot: Pilot[object]) -> None:
        try:
            desk = Desk(app, pilot)
            await desk.settle()
            await run(desk)
        except BaseException as error:  # noqa: BLE001 -- raised below, outside of the program
            trouble.append(error)
        finally:
            app.exit()

    asyncio.run(app.run_async(auto_pilot=use))
    if trouble:
        raise trouble[0]
