"""What a person sees, at three sizes and in two languages. The READMEs show these very pictures.

`pytest --snapshot-update` draws them anew; look at every one before it is committed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from pytest_textual_snapshot import PseudoApp, PseudoConsole, SvgSnapshotDiff, save_svg_diffs
from textual.events import Paste
from textual.pilot import Pilot

from pddtui.speech import Language
from pddtui.ui.app import DeskApp
from pddtui.ui.themes import LIGHT
from pddtui.ui.widgets.pasted_list import PastedList
from tests.ui.cases import NUTS, desk
from tests.ui.test_desk import SIZES

Compare = Callable[..., bool]


def keys(*pressed: str) -> Callable[[Pilot[None]], object]:
    async def press(pilot: Pilot[None]) -> None:
        await pilot.pause()
        for key in pressed:
            await pilot.press(key)
            await pilot.pause()
        await pilot.pause()

    return press


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", ["wide", "medium", "narrow"])
def test_the_desk(snap_compare: Compare, language: Language, size: str) -> None:
    with desk(language) as context:
        assert snap_compare(DeskApp(context), terminal_size=SIZES[size], run_before=keys())


def test_the_desk_in_daylight(snap_compare: Compare) -> None:
    with desk("en") as context:
        light = structs.replace(context, settings=structs.replace(context.settings, theme=LIGHT))
        assert snap_compare(DeskApp(light), terminal_size=SIZES["wide"], run_before=keys())


def test_the_desk_without_colours(snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    with desk("zh") as context:
        assert snap_compare(DeskApp(context), terminal_size=SIZES["medium"], run_before=keys())


@pytest.mark.parametrize(
    ("language", "pressed"),
    [
        pytest.param("zh", ("l",), id="contact-form"),
        pytest.param("en", ("E",), id="filing-form"),
        pytest.param("zh", ("enter",), id="case-page"),
        pytest.param("en", ("enter", "7"), id="timeline"),
        pytest.param("en", ("w",), id="why"),
        pytest.param("zh", ("A",), id="agenda"),
        pytest.param("en", ("H",), id="handbook"),
    ],
)
def test_a_screen(snap_compare: Compare, language: Language, pressed: tuple[str, ...]) -> None:
    with desk(language) as context:
        assert snap_compare(
            DeskApp(context, NUTS if pressed == () else None), terminal_size=SIZES["wide"], run_before=keys(*pressed)
        )


PASTED = """阿明 2026-11-17 09:02:05
你好，电热水壶第三天就坏了，要求退款

店铺客服小王 2026-11-17 09:05:40
亲，请提供一下故障的照片哦

阿明 2026-11-17 09:06:10
[图片]

店铺客服小王 2026-11-17 15:20:00
已反馈给售后
三个工作日内给您退款

店铺客服小王 2026-11-18 10:11:30
亲，超过七天不退的哦

小李 2026-11-18 10:15:02
我们可以补偿您5元券，您看可以吗
"""


def test_a_paste(snap_compare: Compare) -> None:
    async def paste(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.press("P")
        await pilot.pause()
        pilot.app.post_message(Paste(PASTED))
        while not pilot.app.screen.query(PastedList) or not pilot.app.screen.query_one(PastedList).rows:
            await pilot.pause(0.02)
        await pilot.press("down", "down")
        await pilot.pause()

    with desk("zh") as context:
        assert snap_compare(DeskApp(context), terminal_size=SIZES["wide"], run_before=paste)


def test_pictures_that_differ_are_reported(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plugin writes its report when all tests are over, where a warning would end the run without a summary."""
    monkeypatch.setattr(request.config.option, "snapshot_report", str(tmp_path / "report.html"))
    for mark in ("_textual_snapshots", "_textual_snapshot_html_report"):
        monkeypatch.setattr(request.config, mark, None, raising=False)
    app = PseudoApp(PseudoConsole(legacy_windows=False, size=(80, 24)))
    picture = SvgSnapshotDiff(
        snapshot="<svg/>", actual="<svg></svg>", test_name="test", path=Path(__file__), line_number=1, app=app,
        environment={}, docstring="", app_path=None, snapshot_exists=True,
    )  # fmt: skip
    save_svg_diffs([picture], request.session, 0)
    assert "<svg></svg>" in (tmp_path / "report.html").read_text(encoding="utf-8")
