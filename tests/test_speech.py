from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from gettext import NullTranslations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.duetime import lasted, period
from pddtui.message import Hours, Label, Value, msg, plural
from pddtui.speech import Language, Speech, choose_language

SHANGHAI = ZoneInfo("Asia/Shanghai")
EN = Speech("en", SHANGHAI, year=2026)
ZH = Speech("zh", SHANGHAI, year=2026)


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "ZH"}, "zh"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LC_ALL": "en_US.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_the_locale_chooses_the_language(environ: dict[str, str], language: Language) -> None:
    assert choose_language(environ) == language


def test_the_option_is_stronger_than_the_settings_and_those_than_the_locale() -> None:
    assert choose_language({"LANG": "zh_CN"}, setting="en") == "en"
    assert choose_language({"LANG": "zh_CN"}, option="zh", setting="en") == "zh"
    assert choose_language({"LANG": "zh_CN"}, setting="auto") == "zh"


def test_english_is_the_template_itself() -> None:
    assert EN("{file}, line {line}", file="a", line=3) == "a, line 3"


def test_chinese_comes_from_the_catalogue() -> None:
    assert ZH("{file}, line {line}", file="a", line=3) == "a 第 3 行"
    assert ZH.say("true or false") == "true 或 false"


def test_messages_and_labels_inside_are_said_in_the_same_language() -> None:
    inner = msg("{file}, line {line}", file="a", line=3)
    message = msg("{place}: “{key}” must be {kind}.", place=inner, key="x", kind=Label("一", "one"))
    assert EN.say(message) == "a, line 3: “x” must be one."
    assert ZH.say(message) == "a 第 3 行：“x”应为一。"


def test_a_plural_follows_its_count() -> None:
    assert [EN.say(plural("{n} apple", "{n} apples", n)) for n in (0, 1, 2)] == ["0 apples", "1 apple", "2 apples"]


def test_a_context_says_which_sense_of_a_word_is_meant() -> None:
    assert [ZH("done"), ZH("done", context="after-sales state")] == ["已办", "已完成"]
    assert ZH("{n} found", context="handbook", n=3) == "找到 3 条"
    assert EN.say(msg("done", context="after-sales state")) == str(msg("done", context="after-sales state")) == "done"


def test_a_plural_has_a_context_too() -> None:
    speech = Speech("zh", SHANGHAI)
    speech._catalogue = _Senses()
    assert [speech.say(plural("{n} x", "{n} xs", n, context="sense")) for n in (1, 2)] == ["1 x, sense", "2 xs, sense"]
    assert speech.say(plural("{n} x", "{n} xs", 2)) == "2 xs"


class _Senses(NullTranslations):
    """A catalogue that shows which context it was asked with."""

    def npgettext(self, context: str, msgid1: str, msgid2: str, n: int) -> str:
        return f"{self.ngettext(msgid1, msgid2, n)}, {context}"


def test_two_senses_of_a_word_are_two_messages() -> None:
    assert msg("done", context="after-sales state") != msg("done")
    assert msg("done", context="after-sales state") == msg("done", context="after-sales state")
    assert plural("{n} x", "{n} xs", 2, context="sense") != plural("{n} x", "{n} xs", 2)


def test_what_a_person_may_type_for_a_word_is_the_sense_that_is_meant() -> None:
    assert EN.spellings(msg("open", context="case")) == ("open", "处理中")
    assert ZH.spellings(msg("open", context="promise")) == ("open", "待兑现")


def test_anything_can_be_spelled_in_both_languages_from_either() -> None:
    label, inside = (
        Label("拼单", "group order"),
        msg("{article}, {title}", article="24", title=Label("退货", "returns")),
    )
    for speech in (EN, ZH):
        assert speech.spellings(label) == ("group order", "拼单")
        assert speech.spellings(inside) == ("24, returns", "24 退货")
        assert speech.spellings("{my} words") == ("{my} words", "{my} words")


def test_sentences_follow_one_another_as_they_are_printed() -> None:
    assert (EN.sentences(["One.", "Two."]), ZH.sentences(["一。", "二。"])) == ("One. Two.", "一。二。")


def test_a_template_without_chinese_is_said_in_english_rather_than_not_at_all() -> None:
    assert ZH.say(plural("{n} apple", "{n} apples", 1)) == "1 apple"
    assert ZH("no such template") == "no such template"


def test_the_empty_string_is_not_the_header_of_the_catalogue() -> None:
    assert ZH.say("") == ""


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        ("{n} }{", "{n} }{", "{n} }{"),
        ("true or false", "true or false", "true or false"),
        (3, "3", "3"),
        (Decimal("1E+3"), "1000", "1000"),
        (Decimal("89.90"), "89.90", "89.90"),
        (Label("客服", "service"), "service", "客服"),
        (("a", Label("二", "two"), 3), "a, two, 3", "a、二、3"),
        ((), "", ""),
        (date(2026, 11, 25), "Wed 25 Nov", "11-25 周三"),
        (date(2027, 1, 3), "Sun 3 Jan 2027", "2027-01-03 周日"),
        (datetime(2026, 11, 25, 9, 5, tzinfo=SHANGHAI), "Wed 25 Nov 09:05", "11-25 周三 09:05"),
        (datetime(2026, 11, 25, 23, 59, 59, tzinfo=SHANGHAI), "Wed 25 Nov", "11-25 周三"),
        (datetime(2026, 11, 25, 23, 59, tzinfo=SHANGHAI), "Wed 25 Nov 23:59", "11-25 周三 23:59"),
        (datetime(2026, 12, 31, 16, 30, tzinfo=UTC), "Fri 1 Jan 2027 00:30", "2027-01-01 周五 00:30"),
    ],
)
def test_values_are_rendered_in_the_language(value: Value, english: str, chinese: str) -> None:
    assert EN("{x}", x=value) == english
    assert ZH("{x}", x=value) == chinese


def test_a_full_date_has_its_year() -> None:
    assert ZH.day(date(2026, 11, 25), full=True) == "2026-11-25 周三"
    assert EN.moment(datetime(2026, 11, 25, 9, 5, tzinfo=SHANGHAI), full=True) == "Wed 25 Nov 2026 09:05"


def test_without_a_year_of_the_reader_every_date_has_its_own() -> None:
    assert Speech("en", SHANGHAI).day(date(2026, 11, 25)) == "Wed 25 Nov 2026"


def test_times_are_shown_in_the_zone() -> None:
    assert EN.clock(datetime(2026, 11, 25, 1, 5, tzinfo=UTC)) == "09:05"


@pytest.mark.parametrize("speech", [EN, ZH])
def test_money_shows_two_decimals_and_its_currency(speech: Speech) -> None:
    assert speech.money(Decimal(89)) == "¥89.00"
    assert speech.money(Decimal("12.5"), "USD") == "USD 12.50"


@given(st.text())
def test_what_a_person_wrote_comes_out_as_it_went_in(text: str) -> None:
    assert EN("said: {x}", x=text) == f"said: {text}"
    assert ZH.render(text) == text


def test_english_loads_no_gettext() -> None:
    code = (
        "import sys\nfrom zoneinfo import ZoneInfo\nfrom pddtui.speech import Speech\n"
        "print(Speech(sys.argv[1], ZoneInfo('UTC'))('true or false'), 'gettext' in sys.modules)"
    )
    said = {
        language: subprocess.run(
            [sys.executable, "-X", "utf8", "-c", code, language], capture_output=True, encoding="utf-8", check=True
        ).stdout
        for language in ("en", "zh")
    }
    assert said == {"en": "true or false False\n", "zh": "true 或 false True\n"}


MIDNIGHT = datetime(2026, 11, 25, tzinfo=SHANGHAI)
"""How a day is stored on which something happened, and which time nobody gave."""


@pytest.mark.parametrize(
    ("now", "zh", "en"),
    [
        (None, "11-25 周三", "Wed 25 Nov"),
        (MIDNIGHT + timedelta(hours=9), "11-25 周三", "Wed 25 Nov"),
        (MIDNIGHT - timedelta(hours=9), "11-24 周二 24:00", "Wed 25 Nov 00:00"),
    ],
    ids=["no now", "past", "to come"],
)
def test_a_day_without_a_time_has_none(now: datetime | None, zh: str, en: str) -> None:
    chinese = Speech("zh", SHANGHAI, year=2026, now=now)
    english = Speech("en", SHANGHAI, year=2026, now=now)
    assert (chinese.moment(MIDNIGHT), english.moment(MIDNIGHT)) == (zh, en)
    assert chinese.spellings(msg("{day} is day 0", day=MIDNIGHT)) == (f"{en} is day 0", f"{zh} is day 0")


def test_the_time_of_what_happened_is_said_where_it_is_known() -> None:
    assert [ZH.time_of(at) for at in (MIDNIGHT, MIDNIGHT + timedelta(minutes=1))] == ["", "00:01"]


@pytest.mark.parametrize(
    ("hours", "zh", "en", "gauge"),
    [
        (71, "71 小时", "71 hours", "71/72 小时"),
        (72, "72 小时", "72 hours", "72/72 小时"),
        (73, "3天1小时", "3 d 1 h", "3天1小时/72 小时"),
        (96, "4 天", "4 days", "4天/72 小时"),
        (907, "37天19小时", "37 d 19 h", "37天19小时/72 小时"),
    ],
)
def test_many_hours_are_days_and_hours(hours: int, zh: str, en: str, gauge: str) -> None:
    assert (ZH.say(lasted(hours, "hour")), EN.say(lasted(hours, "hour"))) == (zh, en)
    limit = period(72, "hour")
    assert ZH.say(msg("{elapsed}/{limit}", elapsed=Hours(hours), limit=limit)) == gauge
    assert EN.say(msg("{elapsed}/{limit}", elapsed=Hours(hours), limit=limit)) == f"{hours}/72 hours"
