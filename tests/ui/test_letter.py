"""The letter screen as a person uses it: keys in, clipboard, file, log and gate out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec import structs
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import TextArea

from pddtui.domain.ladder import prospect
from pddtui.services.letters.letters import Letters
from pddtui.ui.app import DeskApp
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Confirm, Question
from pddtui.ui.screens.desk import DeskScreen
from pddtui.ui.screens.letter import IntoLetterFile, LetterScreen
from pddtui.ui.screens.plain import PlainScreen
from pddtui.ui.widgets.case_list import CaseList
from pddtui.ui.widgets.fields import Choice, Field
from pddtui.ui.widgets.key_line import KeyLine
from tests.ui.cases import KETTLE, NUTS, case, desk
from tests.ui.hostile import HOSTILE, offences

SIZES = {"wide": (120, 36), "medium": (80, 24), "narrow": (45, 30), "small": (40, 12)}


class Desk(DeskApp):
    """The desk with a clipboard that can be looked at."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.copied: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    with desk("zh") as made:
        config, state = tmp_path / "config" / "config.yaml", tmp_path / "state"
        yield structs.replace(made, places=structs.replace(made.places, config_file=config, state_folder=state))


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@asynccontextmanager
async def letter(
    context: Context, kind: str, ref: str = NUTS, size: str = "wide"
) -> AsyncIterator[tuple[Desk, Pilot[None]]]:
    """The desk with the letter of that kind open, the text in focus."""
    app = Desk(context)
    async with app.run_test(size=SIZES[size]) as pilot:
        await pilot.pause()
        app.screen.query_one(CaseList).select(case(context, ref).id)
        await pilot.pause()
        await pilot.press("t")
        await settled(pilot)
        assert shows(app) is LetterScreen
        app.screen.query_one("#letter-kind", Choice).value = kind
        await settled(pilot)
        app.screen.query_one(TextArea).focus()
        await pilot.pause()
        yield app, pilot


async def settled(pilot: Pilot[None]) -> None:
    """Until what was asked of the clerk is on the screen; a question to the person is not waited for."""
    app = pilot.app
    assert isinstance(app, Desk)
    for _ in range(3):
        await pilot.pause()
        await app.context.clerk.do(lambda: None)
    await pilot.pause()


async def until(pilot: Pilot[None], screen: type[object]) -> None:
    """Until that screen is on top: what is read from the disk takes as long as it takes."""
    while type(pilot.app.screen) is not screen:
        await pilot.pause()


def drawn(app: Desk) -> str:
    return "\n".join("".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips())


def shows(app: Desk) -> type[Screen[object]]:
    return type(app.screen)


def text(app: Desk) -> str:
    return app.screen.query_one(TextArea).text


async def test_it_opens_with_the_letter_that_fits_best(context: Context) -> None:
    async with letter(context, "chaser") as (app, _):
        assert text(app).startswith("零食店（商家D）客服：")
        assert "催办" in drawn(app)
        assert "不构成法律意见" in drawn(app) or "legal advice" in drawn(app)


async def test_the_disclaimer_is_on_the_screen_and_not_in_the_letter(context: Context) -> None:
    async with letter(context, "demand") as (app, _):
        assert "法律意见" not in text(app)
        assert "legal advice" not in text(app)


async def test_another_language_is_another_letter(context: Context) -> None:
    async with letter(context, "chaser") as (app, pilot):
        app.screen.query_one("#letter-language", Choice).value = "en"
        await settled(pilot)
        assert text(app).startswith("Dear ")


async def test_copy_takes_the_text_as_it_was_changed(context: Context) -> None:
    async with letter(context, "chaser") as (app, pilot):
        await pilot.press("ctrl+home", *"急")
        await pilot.press("ctrl+y")
        await settled(pilot)
        assert len(app.copied) == 1
        assert app.copied[0].startswith("急零食店")


async def test_a_changed_letter_waits_while_another_is_looked_at(context: Context) -> None:
    async with letter(context, "chaser") as (app, pilot):
        await pilot.press("ctrl+home", *"急")
        kind = app.screen.query_one("#letter-kind", Choice)
        kind.value = "demand"
        await settled(pilot)
        assert text(app).startswith("催告函")
        kind.value = "chaser"
        await settled(pilot)
        assert text(app).startswith("急零食店")


async def test_escape_asks_before_it_throws_a_changed_text_away(context: Context) -> None:
    async with letter(context, "chaser") as (app, pilot):
        await pilot.press(*"x")
        await pilot.press("escape")
        await settled(pilot)
        assert shows(app) is Confirm
        await pilot.press("n")
        await settled(pilot)
        assert shows(app) is LetterScreen
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        assert shows(app) is DeskScreen


async def test_escape_leaves_an_unchanged_letter_at_once(context: Context) -> None:
    async with letter(context, "chaser") as (app, pilot):
        await pilot.press("escape")
        await settled(pilot)
        assert shows(app) is DeskScreen


async def test_it_is_written_to_a_new_file_each_time(context: Context, tmp_path: Path) -> None:
    async with letter(context, "demand") as (app, pilot):
        for _ in range(2):
            await pilot.press("ctrl+s")
            await until(pilot, IntoLetterFile)
            await pilot.press("ctrl+s")
            await until(pilot, LetterScreen)
        files = sorted(path.name for path in tmp_path.glob("*.txt"))
        assert files == [f"{NUTS}-demand-2.txt", f"{NUTS}-demand.txt"]
        assert (tmp_path / f"{NUTS}-demand.txt").read_text(encoding="utf-8") == text(app)


async def test_the_person_says_into_which_file_and_nothing_is_written_over_unasked(
    context: Context, tmp_path: Path
) -> None:
    (tmp_path / "da.txt").write_text("mine", encoding="utf-8")
    async with letter(context, "demand") as (app, pilot):
        await pilot.press("ctrl+s")
        await until(pilot, IntoLetterFile)
        assert f"{NUTS}-demand.txt" in drawn(app)
        app.screen.query_one("#file", Field).value = "da.txt"
        await pilot.press("ctrl+s")
        await until(pilot, Confirm)
        await pilot.press("n")
        await until(pilot, IntoLetterFile)
        await pilot.press("escape")
        await until(pilot, LetterScreen)
    assert (tmp_path / "da.txt").read_text(encoding="utf-8") == "mine"
    assert list(tmp_path.glob("*demand*")) == []


async def test_the_data_file_is_not_written_over_and_nobody_is_asked(context: Context) -> None:
    file = context.places.data_file
    file.write_text("the cases", encoding="utf-8")
    async with letter(context, "demand") as (app, pilot):
        await pilot.press("ctrl+s")
        await until(pilot, IntoLetterFile)
        field = app.screen.query_one("#file", Field)
        field.value = str(file)
        await pilot.press("ctrl+s")
        await settled(pilot)
        assert shows(app) is IntoLetterFile
        assert str(file) in field.error
    assert file.read_text(encoding="utf-8") == "the cases"


async def test_one_key_logs_it_as_sent_and_makes_it_their_turn(context: Context) -> None:
    async with letter(context, "demand") as (app, pilot):
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert shows(app) is DeskScreen
    contact = case(context, NUTS).contacts[-1]
    assert (contact.direction, contact.channel, contact.demand) == ("out", "merchant_chat", True)
    assert contact.summary.startswith("【文书：催告函】\n催告函\n")
    assert "【姓名】\n2026年11月22日\n" in contact.summary


async def test_a_sent_letter_is_kept_in_its_own_words_and_named_in_the_next_one(context: Context) -> None:
    async with letter(context, "chaser") as (app, pilot):
        app.screen.query_one("#letter-language", Choice).value = "en"
        await settled(pilot)
        await pilot.press("ctrl+home", *"Hey ")
        words = text(app)
        await pilot.press("ctrl+l")
        await settled(pilot)
        assert "…… 还有" in drawn(app)  # the desk shows how it begins
    logged = case(context, NUTS)
    assert words.startswith("Hey Dear")
    assert words.strip() in logged.contacts[-1].summary
    letters = Letters(context.casebook, context.handbook, context.places.config_folder)
    assert "发出催办函" in letters.write(logged, letters.kind("c12315"), "zh").plain
    assert "Dear" not in letters.write(logged, letters.kind("c12315"), "zh").plain


async def test_a_request_for_confirmation_does_not_state_the_demand(context: Context) -> None:
    async with letter(context, "written_confirmation") as (_, pilot):
        await pilot.press("ctrl+l")
        await settled(pilot)
    assert case(context, NUTS).contacts[-1].demand is False


async def test_a_public_post_leaves_only_after_what_is_hidden_was_confirmed(context: Context) -> None:
    async with letter(context, "public") as (app, pilot):
        assert "阿杰 → 〔姓名〕" in drawn(app)
        await pilot.press("ctrl+y")
        await settled(pilot)
        assert shows(app) is Confirm
        assert "阿杰 → 〔姓名〕" in drawn(app)
        await pilot.press("n")
        await settled(pilot)
        assert app.copied == []
        assert "text_masked" not in case(context, NUTS).milestones
        await pilot.press("ctrl+y")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        (copied,) = app.copied
        assert "阿杰" not in copied
        assert "〔姓名〕" in copied
    rules = context.casebook.rules
    public = rules.rung("public")
    assert public is not None
    assert [gate.id for gate in prospect(case(context, NUTS), public, None, rules).missing] == []


async def test_a_confirmed_post_is_asked_about_again_only_when_it_has_changed(context: Context) -> None:
    async with letter(context, "public") as (app, pilot):
        await pilot.press("ctrl+y")
        await settled(pilot)
        await pilot.press("y")
        await settled(pilot)
        await pilot.press("ctrl+y")
        await settled(pilot)
        assert len(app.copied) == 2
        await pilot.press("ctrl+g", *"13800138000")
        await pilot.press("ctrl+y")
        await settled(pilot)
        assert shows(app) is Confirm
        assert "13800138000 → 〔手机号〕" in drawn(app)


async def test_a_post_is_shown_as_everybody_will_read_it_and_edited_in_full(context: Context) -> None:
    async with letter(context, "public") as (app, pilot):
        assert "店铺客服〔姓名〕通过" in drawn(app)
        assert "店铺客服阿杰" not in drawn(app)
        await pilot.press("ctrl+g")
        await settled(pilot)
        assert "店铺客服阿杰通过" in drawn(app)
        await pilot.press("ctrl+home", *"13800138000")
        await pilot.press("ctrl+g")
        await settled(pilot)
        assert "〔手机号〕整箱坚果" in drawn(app)
        assert "13800138000整箱" not in drawn(app)
        app.screen.query_one("#letter-kind", Choice).value = "chaser"
        await settled(pilot)
        assert app.screen.query_one(TextArea).display
        app.screen.query_one("#letter-level", Choice).value = "partial"
        await settled(pilot)
        assert not app.screen.query_one(TextArea).display


async def test_a_piece_that_was_hidden_wrongly_can_be_left_readable_and_hidden_again(context: Context) -> None:
    async with letter(context, "public") as (app, pilot):
        await pilot.press("ctrl+o")
        await until(pilot, Question)
        await pilot.press("1")
        await settled(pilot)
        assert "店铺客服阿杰通过" in drawn(app)
        assert "按你的意思不遮盖：阿杰" in drawn(app)
        await pilot.press("ctrl+y")
        await until(pilot, Confirm)
        assert "阿杰" in drawn(app)
        await pilot.press("y")
        await settled(pilot)
        assert "阿杰" in app.copied[0]
        await pilot.press("ctrl+o")
        await until(pilot, Question)
        await pilot.press("1")
        await settled(pilot)
        assert "店铺客服〔姓名〕通过" in drawn(app)


@pytest.mark.parametrize("size", list(SIZES))
@pytest.mark.parametrize("kind", ["chaser", "public"])
async def test_every_key_of_a_letter_is_named_at_every_size(context: Context, size: str, kind: str) -> None:
    async with letter(context, kind, size=size) as (app, _):
        named = {hint.id for hint in app.screen.query_one(KeyLine).shown}
        also = {"letter.full", "letter.pieces"} if kind == "public" else set()
        assert named >= {"letter.back", "letter.copy", "letter.save", "letter.sent", "letter.plain"} | also
        assert "Ctrl+T 纯文本" in drawn(app)
        assert "Ctrl+L 记为已发" in drawn(app)


async def test_a_complaint_is_not_masked_unless_the_person_says_so(context: Context) -> None:
    async with letter(context, "c12315", KETTLE) as (app, pilot):
        await pilot.press("ctrl+y")
        await settled(pilot)
        assert "小A" in app.copied[0]
        app.screen.query_one("#letter-level", Choice).value = "partial"
        await settled(pilot)
        await pilot.press("ctrl+y")
        await settled(pilot)
        assert "小A" not in app.copied[1]
        assert "小A" in text(app)


async def test_the_plain_view_shows_nothing_but_the_text(context: Context) -> None:
    async with letter(context, "chaser") as (app, pilot):
        wanted = text(app)
        await pilot.press("ctrl+t")
        await settled(pilot)
        assert shows(app) is PlainScreen
        seen = "".join(line.rstrip() for line in drawn(app).splitlines())
        assert seen.startswith("".join(wanted.splitlines()))  # a long line goes on in the next one
        await pilot.press("escape")
        await settled(pilot)
        assert shows(app) is LetterScreen


async def test_a_broken_template_is_said_and_no_other_letter_leaves_in_its_name(
    context: Context, tmp_path: Path
) -> None:
    folder = tmp_path / "config" / "letters"
    folder.mkdir(parents=True)
    (folder / "demand.zh.j2").write_text("{% if %}", encoding="utf-8")
    async with letter(context, "demand") as (app, pilot):
        assert text(app) == ""
        await pilot.press("ctrl+y")
        await settled(pilot)
        assert app.copied == []
        assert any("demand.zh.j2" in str(note.message) for note in app._notifications)


async def test_what_a_lost_connection_left_behind_is_offered_again(context: Context) -> None:
    async with letter(context, "demand") as (app, pilot):
        await pilot.press("ctrl+home", *"急")
        assert text(app).startswith("急催告函")
    with desk("zh") as later:
        again = structs.replace(later, places=context.places)
        app = Desk(again)
        async with app.run_test(size=SIZES["wide"]) as pilot:
            await pilot.pause()
            app.screen.query_one(CaseList).select(case(again, NUTS).id)
            await pilot.pause()
            await pilot.press("t")
            await until(pilot, Confirm)
            await pilot.press("n")
            await until(pilot, LetterScreen)
            await settled(pilot)
            app.screen.query_one("#letter-kind", Choice).value = "demand"
            await settled(pilot)
            assert text(app).startswith("急催告函")


@pytest.mark.parametrize("size", list(SIZES))
async def test_the_text_has_room_at_every_size(context: Context, size: str) -> None:
    async with letter(context, "public", size=size) as (app, pilot):
        for shown in ("#letter-masked", "#letter-text"):
            box = app.screen.query_one(shown)
            assert box.size.height >= 4
            assert box.region.bottom <= SIZES[size][1]
            await pilot.press("ctrl+g")


async def test_nothing_typed_acts_on_the_terminal(context: Context) -> None:
    async with letter(context, "public") as (app, pilot):
        for words in HOSTILE:
            app.screen.query_one(TextArea).load_text(words)
            await settled(pilot)
            assert offences(app) == []
