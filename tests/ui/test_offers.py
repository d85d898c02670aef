"""What the desk asks when it opens: whether copies of the data file beside it are to be united with it."""

from __future__ import annotations

from msgspec import structs

from pddtui.domain.ports import StrayCopy
from pddtui.ui.app import DeskApp
from pddtui.ui.context import Copies
from pddtui.ui.forms.confirm import Confirm
from tests.ui.cases import no_cases
from tests.ui.test_desk import drawn, running

COPY = StrayCopy(name="cases.sync-conflict-1.json", path="/x", cases=2, contacts=1)


def asking(app: DeskApp) -> bool:
    return isinstance(app.screen, Confirm)


async def test_copies_are_asked_about_once_and_united_by_one_key() -> None:
    asked: list[str] = []

    def found() -> tuple[StrayCopy, ...]:
        asked.append("found")
        return (COPY,)

    def unite() -> tuple[int, int, int]:
        asked.append("unite")
        return 2, 1, 1

    for key, did in (("enter", ["found"]), ("y", ["found", "unite"])):
        asked.clear()
        with no_cases("en") as context:
            async with running(structs.replace(context, copies=Copies(found, unite))) as (app, pilot):
                while not asking(app):
                    await pilot.pause()
                assert "cases.sync-conflict-1.json: 2 cases, 1 contact" in drawn(app)
                await pilot.press(key)
                while asking(app) or asked != did:
                    await pilot.pause()
                told = [notice.message for notice in app._notifications]
                assert told == ["United: 2 cases changed, 1 new contact, 1 conflict."][: int(key == "y")]
