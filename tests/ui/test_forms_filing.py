"""What became of a filing, what the app shows of it, milestones by hand, and the way up the ladder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Filing
from pddtui.domain.moves import CaseEdit
from pddtui.handbook.book import Handbook
from pddtui.services.inputs import FilingNews, NewFiling
from pddtui.speech import Language
from pddtui.ui.app import DeskApp
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.forms.filing import FilingForm, FilingStateForm, MilestoneForm
from pddtui.ui.screens.case import CasePage
from pddtui.ui.widgets.case_list import CaseList
from tests.ui.cases import KETTLE, NOW, NUTS, SUITCASE, case, desk
from tests.ui.forms import Bench, open_form
from tests.ui.page_app import PageApp

REJECTED = "rejected by the merchant, buyer to act"


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as context:
        yield context


def asked(context: Context, ref: str = NUTS) -> Case:
    """The case with a new request in the app."""
    new = NewFiling(rung="request", channel="app_aftersale")
    return context.casebook.file(case(context, ref).id, new, anyway=True)


def request(context: Context) -> FilingStateForm:
    nuts = asked(context)
    return FilingStateForm(context, nuts, nuts.filings[-1])


def milestone(context: Context) -> MilestoneForm:
    return MilestoneForm(context, case(context, SUITCASE))


def newest(form: Bench, ref: str = NUTS) -> Filing:
    return form.case(ref).filings[-1]


async def test_the_state_of_the_app_and_its_countdown_say_what_they_mean_and_are_one_change(tmp_path: Path) -> None:
    async with open_form(request, tmp_path) as form:
        before = len(form.case(NUTS).history)
        assert form.field("aftersale").hint == "Press Down to see them all, with whose turn it is."
        await form.write("aftersale", "rejected by")
        await form.press("down", "enter")
        assert form.field("aftersale").value == REJECTED
        assert form.field("aftersale").hint.startswith("→ my turn · amend the request")
        await form.write("countdown", "1天23时")
        assert form.field("countdown").hint == "→ Tue 24 Nov 11:00"
        await form.write("reference", "SH-9")
        await form.save()
        told = form.case(NUTS)
        filing = told.filings[-1]
        assert (filing.aftersale_state, filing.aftersale_turn, filing.reference) == (6, "mine", "SH-9")
        assert filing.countdown_until == NOW + timedelta(days=1, hours=23)
        assert [change.action for change in told.history[before:]] == ["aftersale"]


async def test_a_countdown_runs_from_when_it_was_seen(tmp_path: Path) -> None:
    async with open_form(request, tmp_path) as form:
        await form.write("countdown", "1天23时")
        await form.write("at", "11-22 09:00")
        assert form.field("countdown").hint == "→ Tue 24 Nov 08:00"
        await form.save()
        assert newest(form).countdown_until == NOW + timedelta(days=1, hours=20)
        assert newest(form).aftersale_state is None


async def test_what_stood_there_is_not_noted_again(tmp_path: Path) -> None:
    def form_of(context: Context) -> FilingStateForm:
        nuts = asked(context)
        news = FilingNews(aftersale=6, countdown="1天23时")
        noted = context.casebook.note_filing(nuts.id, nuts.filings[-1].id, news)
        return FilingStateForm(context, noted, noted.filings[-1])

    async with open_form(form_of, tmp_path) as form:
        assert form.field("aftersale").value == REJECTED
        assert form.field("countdown").hint == "currently until Tue 24 Nov 11:00"
        before = newest(form)
        await form.save()
        assert form.field("state").error
        await form.write("reference", "SH-9")
        await form.save()
        assert form.case(NUTS).history[-1].action == "reference"
        assert (newest(form).countdown_until, newest(form).aftersale_state) == (before.countdown_until, 6)


@pytest.mark.parametrize(
    ("field", "typed"), [("aftersale", "no such state"), ("countdown", "soon"), ("at", "yesterweek")]
)
async def test_what_cannot_be_read_stays_with_its_sentence(tmp_path: Path, field: str, typed: str) -> None:
    async with open_form(request, tmp_path) as form:
        before = form.case(NUTS)
        await form.write("reference", "SH-9")
        await form.write(field, typed)
        await form.save()
        assert form.field(field).error
        assert form.field(field).value == typed
        assert form.case(NUTS) == before


async def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    async with open_form(request, tmp_path) as form:
        for field, typed in {"aftersale": "no such state", "countdown": "soon", "at": "yesterweek"}.items():
            await form.write(field, typed)
        await form.save()
        assert all(form.field(name).error for name in ("aftersale", "countdown", "at"))


async def test_only_a_request_in_the_app_is_asked_what_the_app_shows(tmp_path: Path) -> None:
    def form_of(context: Context) -> FilingStateForm:
        suitcase = case(context, SUITCASE)
        return FilingStateForm(context, suitcase, suitcase.filings[-1])

    async with open_form(form_of, tmp_path) as form:
        assert form.case(SUITCASE).filings[-1].channel != "app_aftersale"
        assert not form.form.query("#aftersale, #countdown")


async def test_a_milestone_is_entered_by_hand_and_starts_its_clock(tmp_path: Path) -> None:
    def form_of(context: Context) -> MilestoneForm:
        return MilestoneForm(context, asked(context))

    async with open_form(form_of, tmp_path) as form:
        await form.save()
        assert (bool(form.field("event").error), bool(form.field("at").error)) == (True, True)
        await form.write("event", "return agreed")
        await form.save()
        assert (form.field("event").error, bool(form.field("at").error)) == ("", True)
        await form.write("at", "yesterday 20:00")
        assert form.field("at").hint == "→ Sat 21 Nov 20:00"
        await form.save()
        agreed = form.case(NUTS)
        assert agreed.milestones["return_agreed"] == NOW.replace(day=21, hour=20)
        flags = form.casebook.attention(agreed).flags
        assert "pdd_return_ship" in {flag.thing.split("@")[0] for flag in flags}


async def test_a_milestone_left_empty_is_taken_away(tmp_path: Path) -> None:
    def form_of(context: Context) -> MilestoneForm:
        context.casebook.note_milestone(case(context, SUITCASE).id, "shipped", NOW)
        return milestone(context)

    async with open_form(form_of, tmp_path) as form:
        await form.write("event", "shipped")
        assert form.field("event").hint == "Entered: Sun 22 Nov 12:00."
        assert form.field("at").hint == "Leave empty to remove the date entered."
        await form.save()
        assert "shipped" not in form.case(SUITCASE).milestones


async def test_what_the_log_says_of_an_event_is_told_before_it_is_overruled(tmp_path: Path) -> None:
    async with open_form(milestone, tmp_path) as form:
        await form.write("event", "demand made")
        assert form.field("event").hint.startswith("The log gives ")


async def test_m_on_the_page_of_a_case_opens_the_milestones(context: Context) -> None:
    app = PageApp(CasePage(context, case(context, SUITCASE).id))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("5", "m")
        await pilot.pause()
        assert isinstance(app.screen, MilestoneForm)


async def test_the_filing_under_the_cursor_is_the_one_that_is_decided(context: Context) -> None:
    kettle = case(context, KETTLE)
    app = PageApp(CasePage(context, kettle.id))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("1", "G", "S")
        await pilot.pause()
        form = app.screen
        assert isinstance(form, FilingStateForm)
        assert form._filing.id == kettle.filings[0].id
        assert kettle.filings[0] is not kettle.filings[-1]


@pytest.mark.parametrize(
    ("ref", "rung"),
    [(KETTLE, "Supervisor and written demand"), (SUITCASE, "Regulator"), (NUTS, "In-app request")],
)
async def test_escalating_on_the_desk_opens_the_next_rung(context: Context, ref: str, rung: str) -> None:
    app = DeskApp(context)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        app.screen.query_one(CaseList).select(case(context, ref).id)
        await pilot.pause()
        await pilot.press("E")
        await pilot.pause()
        form = app.screen
        assert isinstance(form, FilingForm)
        assert form.value("rung") == rung


async def test_a_shortcut_of_the_problem_is_shown_and_taken(tmp_path: Path) -> None:
    def form_of(context: Context) -> FilingForm:
        return FilingForm(context, context.casebook.edit(case(context, SUITCASE).id, CaseEdit(problem="food")))

    async with open_form(form_of, tmp_path) as form:
        assert form.field("rung").value == "Regulator"
        assert "↷ shorter: " in str(form.form.query_one(".form--remark").render())


async def test_what_stands_against_a_channel_is_said_before_it_is_chosen_and_why_it_is_filed_is_kept(
    tmp_path: Path,
) -> None:
    """The last answer stands beside the question what is wrong with it."""

    def form_of(context: Context) -> FilingForm:
        filed = NewFiling(rung="regulator", channel="c12315", filed_at=NOW - timedelta(days=2))
        return FilingForm(context, context.casebook.file(case(context, SUITCASE).id, filed, anyway=True))

    async with open_form(form_of, tmp_path) as form:
        assert isinstance(form.form, FilingForm)
        by_rung = {rung.id: form.form._foretold(rung) for rung in form.casebook.rules.ladder}
        assert "✗ conflict" not in by_rung["direct"]
        regulator = next(rung for rung in form.casebook.rules.ladder if rung.id == "regulator")
        assert form.form._against(regulator, "c12315").startswith("✗ conflict: ")
        assert "称包装拆封影响再售" in form.field("reason").hint
        await form.write("reason", "it was opened to look at it")
        assert form.form._entered().reason == "it was opened to look at it"


async def test_several_filings_run_side_by_side_each_with_its_clock(tmp_path: Path) -> None:
    async with open_form(lambda context: FilingForm(context, asked(context)), tmp_path) as form:
        form.field("rung").value = "Regulator"
        await form.settle()
        await form.save()
        assert form.shows(Confirm)
        await form.press("y")
        await form.settle()
        running = [filing.channel for filing in form.case(NUTS).filings if filing.running]
        assert running[-2:] == ["app_aftersale", "c12315"]
        flags = form.casebook.attention(form.case(NUTS)).flags
        assert {"pdd_merchant_reply", "admin_7wd_accept"} <= {flag.thing.split("@")[0] for flag in flags}


SIZES = ((120, 36), (80, 24), (45, 30))


def way_in(form: Bench) -> str:
    """How the channel is reached, as the form says it, its lines put together."""
    return " ".join(str(form.form.query_one(".form--way").render()).split())


@pytest.mark.parametrize(
    ("language", "channel", "told"),
    [
        ("en", "app_aftersale", "My orders > order page > Apply for after-sales"),
        ("en", "pdd_hotline_consumer", "Telephone: 021-53395288 (?), 400-8822-528 (?)"),
        ("en", "pdd_hotline_consumer", "Hours: 9:00-20:00 (third parties) (?)"),
        ("en", "pdd_hotline_consumer", "Caution: the numbers contradict each other"),
        ("en", "wechat_oa", "Account: the account third parties name"),
        ("en", "c12315", "the 12315 app and the WeChat and Alipay mini-programs"),
        ("en", "c12315", "Telephone: 12315"),
        ("en", "p12305", "Website: https://sswz.spb.gov.cn/"),
        ("en", "app_official_cs", "To say: polite and firm"),
        ("zh", "app_official_cs", "入口：个人中心 > 官方客服"),
        ("zh", "app_official_cs", "怎么说：客气而坚定"),
        ("zh", "weibo", "账号：名称以蓝V认证为准"),
        ("zh", "court", "电话：12368"),
    ],
)
async def test_a_channel_says_how_it_is_reached_and_what_to_say(
    tmp_path: Path, language: Language, channel: str, told: str
) -> None:
    async with open_form(lambda made: FilingForm(made, case(made, NUTS)), tmp_path, language=language) as form:
        await choose(form, channel)
        assert told.replace(" ", "") in way_in(form).replace(" ", "")


async def choose(form: Bench, channel: str) -> None:
    """Pick that channel at the lowest rung that it leads to."""
    rules = form.context.casebook.rules
    rung = rules.rung_of(channel)
    assert rung is not None
    form.field("rung").value = form.form.speech.say(rung.label)
    await form.settle()
    form.field("channel").value = form.form.speech.say(rules.channels[channel].label)
    await form.settle()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
async def test_another_channel_of_the_rung_moves_nothing(
    tmp_path: Path, language: Language, size: tuple[int, int]
) -> None:
    async with open_form(
        lambda made: FilingForm(made, case(made, NUTS)), tmp_path, language=language, size=size
    ) as form:
        for rung in form.context.casebook.rules.ladder:
            places, said = set(), set()
            for channel in rung.channels:
                form.field("rung").value = form.form.speech.say(rung.label)
                await form.settle()
                form.field("channel").value = form.form.speech.say(form.context.casebook.rules.channels[channel].label)
                await form.settle()
                places.add(tuple(form.field(name).virtual_region.y for name in ("channel", "reference", "at")))
                places.add((form.form.query_one(".form--sheet").region.y, 0, 0))
                said.add(way_in(form))
            assert len(places) == 2, rung.id
            assert len(said) == len(rung.channels), rung.id


async def test_a_channel_without_words_of_its_own_is_met_politely_and_firmly() -> None:
    entry = Handbook().channels["app_aftersale"]
    told = [str(way.said) for way in structs.replace(entry, say=None).ways_in]
    assert told[-1].startswith("To say: Stay polite and firm")
