"""The palette: every deed and every setting is found by plain words, in both languages and in pinyin."""

from __future__ import annotations

import pytest

from pddtui.domain.text import fold
from pddtui.services.pinyin import pinyin
from pddtui.speech import Language
from pddtui.ui.actions import ACTIONS, of_place
from pddtui.ui.also import also_of
from pddtui.ui.app import DeskApp
from pddtui.ui.screens.agenda import AgendaScreen
from pddtui.ui.screens.desk import DeskScreen
from pddtui.ui.screens.export import ExportScreen
from pddtui.ui.screens.palette import PaletteCommand, commands, matching_commands
from pddtui.ui.screens.settings import SettingsScreen
from tests.ui.cases import desk, no_cases

FOUND: dict[str, str] = {
    # What a person types: the key of an entry that must be among the first three.
    "theme": "setting:theme", "colours": "setting:theme", "dark": "setting:theme", "主题": "setting:theme",
    "深色": "setting:theme", "zhuti": "setting:theme", "setting": "program.settings", "settings": "program.settings",
    "preferences": "program.settings", "设置": "program.settings", "shezhi": "program.settings",
    "language": "setting:language", "语言": "setting:language", "english": "setting:language",
    "keys": "setting:keys", "shortcuts": "setting:keys", "按键": "setting:keys", "快捷键": "setting:keys",
    "kuaijiejian": "setting:keys", "remap": "setting:keys", "zone": "setting:zone", "time zone": "setting:zone",
    "时区": "setting:zone", "private": "setting:private", "privacy": "setting:private", "隐私": "setting:private",
    "family": "setting:people.+", "weibo": "setting:quiet.q_social", "my phone": "setting:me.phone",
    "replace": "due.settle", "waive": "due.settle", "kept": "due.settle", "换承诺": "due.settle",
    "免除": "due.settle", "兑现": "due.settle", "duixian": "due.settle", "broken": "log.promise-broken",
    "违约": "log.promise-broken", "未兑现": "log.promise-broken", "snooze": "due.snooze", "put off": "due.snooze",
    "postpone": "due.snooze", "推迟": "due.snooze", "延期": "due.snooze", "yanqi": "due.snooze",
    "ics": "export:ics", "calendar": "export:ics", "日历": "export:ics", "rili": "export:ics", "agenda": "view.agenda",
    "csv": "export:csv", "excel": "export:csv", "spreadsheet": "export:csv", "表格": "export:csv",
    "biaoge": "export:csv", "json": "export:json", "zip": "export:zip", "markdown": "export:markdown",
    "print": "export:html", "pdf": "export:html", "打印": "export:html", "mask": "export:mask", "打码": "export:mask",
    "export": "program.export", "导出": "program.export", "daochu": "program.export", "draft": "drafts",
    "drafts": "drafts", "草稿": "drafts", "caogao": "drafts", "backup": "backups", "备份": "backups",
    "beifen": "backups", "recover": "backups", "恢复": "view.trash", "undo": "program.undo", "撤销": "program.undo",
    "chexiao": "program.undo", "redo": "program.redo", "重做": "program.redo", "tour": "begin_tour",
    "教程": "begin_tour",
    "demo": "demo", "示例": "demo", "guide": "begin_tour", "help": "program.help", "帮助": "program.help",
    "search": "view.filter", "filter": "view.filter", "筛选": "view.filter", "sort": "view.filter",
    "shaixuan": "view.filter", "saved filter": "view.saved", "tag": "case.tags", "tags": "case.tags",
    "标签": "case.tags", "biaoqian": "case.tags", "escalate": "case.escalate", "升级": "case.escalate",
    "file": "case.escalate", "complaint": "case.escalate", "投诉": "case.escalate", "12315": "case.escalate",
    "起诉状": "case.letter", "statement of claim": "case.letter", "证据清单": "case.letter", "新闻线索": "case.letter",
    "press lead": "case.letter", "售后申请": "case.letter", "匿名举报": "case.letter",
    "letter": "case.letter", "信函": "case.letter", "文书": "case.letter", "call": "log.call", "phone": "log.call",
    "打电话": "log.call", "dadianhua": "log.call", "promise": "log.contact", "承诺": "log.promise-broken",
    "follow up": "due.follow-up", "follow-up": "due.follow-up", "reminder": "due.follow-up", "提醒": "due.follow-up",
    "trash": "view.trash", "回收站": "view.trash", "delete": "case.trash", "删除": "case.trash",
    "restore": "view.trash", "quit": "program.quit", "exit": "program.quit", "退出": "program.quit",
    "tuichu": "program.quit", "evidence": "case.evidence", "screenshot": "case.evidence", "证据": "case.evidence",
    "refund received": "case.resolve", "close": "case.resolve", "statistics": "view.insights", "copy": "program.copy",
    "why": "view.why", "handbook": "view.handbook", "law": "view.handbook", "new case": "case.new",
    "keys program.export": "setting:keys.program.export",
}  # fmt: skip


def first_three(typed: str, offered: list[PaletteCommand]) -> list[str]:
    return [command.key for command in matching_commands(typed, offered, [])[:3]]


def shown(app: DeskApp) -> type[object]:
    return type(app.screen)


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_plain_word_leads_to_what_is_meant(language: Language) -> None:
    pinyin()
    with desk(language) as context:
        app = DeskApp(context)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            offered = list(commands(context, app.screen))
    assert len(FOUND) >= 80
    threes = {typed: first_three(typed, offered) for typed in FOUND}
    assert {typed: found for typed, found in threes.items() if FOUND[typed] not in found} == {}
    keys = [command.key for command in offered]
    assert len(set(keys)) == len(keys)
    of_desk = {action.id for action in of_place("desk") if action.group != "move"} - {"program.palette"}
    assert of_desk <= set(keys), "what cannot be done now is there too"
    for command in offered:  # each by its own word, in either language
        for name in command.names[:2]:
            found = [each.key for each in matching_commands(name, offered, [])]
            assert command.key in found or command.among, name


def test_whatever_a_key_does_has_further_words_in_both_languages() -> None:
    for action in ACTIONS:
        if (
            action.group != "move"
            and {"desk"} & {*action.places}
            and action.id not in ("program.palette", "page.close")
        ):
            words = also_of(action.id)
            assert {word.isascii() for word in words} == {True, False}, action.id
            assert len({fold(word) for word in words}) == len(words), action.id


async def test_what_cannot_be_done_is_grey_with_its_reason_and_a_page_reaches_the_desk() -> None:
    with no_cases("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("colon", *"escalate")
            picture = "\n".join(strip.text for strip in app.screen._compositor.render_strips())
            assert "✗ There is no case here: press n to open one." in picture
            await pilot.press("enter")
            await pilot.pause()
            assert [(note.message, note.severity) for note in app._notifications] == [
                ("There is no case here: press n to open one.", "error")
            ]
            await pilot.press("escape")
            assert list(app._notifications) == []
            await pilot.press("A")
            await pilot.pause()
            assert shown(app) is AgendaScreen
            await pilot.press("colon", *"filter", "enter")
            await pilot.pause()
            assert shown(app) is DeskScreen
            assert app.screen.query_one("#cases").has_focus_within


async def test_an_entry_without_a_key_does_what_it_says() -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("colon", *"ics", "enter")
            await pilot.pause()
            assert isinstance(app.screen, ExportScreen)
            assert app.screen.value("form") == "ics"
            await pilot.press("escape", "colon", *"csv", "enter")
            await pilot.pause()
            assert isinstance(app.screen, ExportScreen)
            assert app.screen.value("form") == "csv"
            await pilot.press("escape", "colon", *"drafts", "enter")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert "No form is half typed." in "\n".join(strip.text for strip in app.screen._compositor.render_strips())
            await pilot.press("escape")


async def test_a_setting_opens_the_settings_there() -> None:
    with desk("en") as context:
        app = DeskApp(context)
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.press("colon", *"zone", "enter")
            await app.workers.wait_for_complete()
            await pilot.pause()
            assert isinstance(app.screen, SettingsScreen)
            chosen = app.screen._chosen
            assert chosen is not None
            assert chosen.id == "zone"
