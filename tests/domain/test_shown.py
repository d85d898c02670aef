"""Times that chats, notices and pages show. They were seen on Monday 30 November 2026, at noon in Shanghai."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pddtui.domain.phrases.shown import CLOCK_SHOWN, DAY_SHOWN, LONGEST_SHOWN, read_shown, read_shown_day

SHANGHAI = ZoneInfo("Asia/Shanghai")
SEEN = datetime(2026, 11, 30, 12, 0, tzinfo=SHANGHAI)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = "一二三四五六日"

TABLE = """
2026-11-03 10:21:05 = 2026-11-03 10:21:05 | 2026-11-03T10:21:05 | 2026/11/3 10:21:05 AM | 2026.11.03 10:21:05.250
2026-11-03 10:21:05 = 2026年11月3日 10:21:05 | 2026年11月3日10:21:05 | 20261103 10:21:05 | 2026-11-03, 10:21:05
2026-11-03 09:05 = 2026/11/03 9:05 AM | 2026/11/3 上午 9:05 | 2026年11月3日 上午9:05 | 2026年11月3日 早上9:05
2026-11-03 09:05 = 3 Nov 9:05 | Nov 3 9:05 a.m. | Nov 3, 2026 9:05 AM | November 3, 2026, 09:05 | 3 Nov 2026 09:05
2026-11-03 09:05 = 11-03 9:05 | 11/3 09:05 | 11月3日 上午9:05 | 11月3号 9:05 | 十一月三日 9:05
2026-11-03 09:05 = 2026年11月3日(星期二) 上午9:05 | 2026-11-03 星期二 09:05 | 11月3日 周二 9:05 | Tue, 3 Nov 2026 09:05
2026-11-03 21:05 = 2026/11/3 9:05 PM | 2026-11-03 9:05pm | 2026年11月3日 晚上9:05 | 11月3日 晚间 9:05 | 3 Nov 9:05 p.m.
2026-11-03 00:05 = 2026/11/03 12:05 AM | 11月3日 上午12:05 | 11月3日 凌晨12:05 | 2026-11-03 0:05 | 11月3日 00:05
2026-11-03 12:05 = 2026/11/03 12:05 PM | 11月3日 中午12:05 | 11月3日 下午12:05 | 2026-11-03 12:05
2026-11-03 01:05 = 11月3日 凌晨1:05 | 11月3日 上午1:05 | 2026/11/03 1:05 AM
2026-11-03 13:05 = 11月3日 中午1:05 | 11月3日 下午1:05 | 2026/11/03 1:05 PM | 11月3日 下午13:05 | 2026-11-03 13:05 PM
2026-11-13 00:10 = 11月12日 晚上12:10 | 2026年11月12日 晚上12:10
2026-11-03 18:10 = 11月3日 傍晚6:10 | 11月3日 晚上6:10 | 11月3日 下午18:10
2026-11-03 23:59 = 11月3日 夜里11:59 | 2026-11-03 23:59
2026-11-29 15:20 = 昨天 15:20 | 昨日 下午3:20 | 昨天　１５：２０ | Yesterday 15:20 | yesterday at 3:20 PM | 周日 15:20
2026-11-29 20:05 = 昨晚 8:05 | 昨天 晚上8:05 | Sun 20:05 | 星期天 20:05
2026-11-29 08:00 = 昨早 8:00
2026-11-28 20:10 = 前天 20:10 | 周六 晚上8:10 | Saturday 8:10 PM
2026-11-27 08:00 = 大前天 8:00 | 星期五 08:00 | 礼拜五 8:00
2026-11-25 10:00 = 星期三 10:00 | 周三 上午10:00 | Wednesday 10:00 | Wed 10:00
2026-11-23 09:00 = 星期一 09:00 | 周一 9:00 | Monday 9:00 | Mon 09:00
2026-11-30 10:21 = 10:21 | 10:21 AM | 上午10:21 | １０：２１ | 今天 10:21 | today 10:21 | 今早 10:21 | 11月30日 10:21
2026-11-30 00:05 = 上午12:05 | 凌晨12:05 | 0:05 | 12:05 AM
2026-11-30 12:00 = 12:00 | 中午12:00 | 12:00 PM
2026-11-29 12:01 = 12:01 | 下午12:01
2026-11-29 23:59 = 23:59 | 夜里11:59
2026-01-01 00:00 = 1月1日 0:00 | 01-01 00:00
2025-12-01 10:00 = 12月1日 10:00 | 12-01 10:00 | 1 Dec 10:00
2025-12-31 23:59 = 12-31 23:59 | 12月31日 晚上11:59
2024-02-29 10:00 = 2月29日 10:00 | 02-29 10:00
"""
CASES = [
    (text.strip(), meaning)
    for meaning, _, texts in (row.partition(" = ") for row in TABLE.splitlines() if row)
    for text in texts.split("|")
]


@pytest.mark.parametrize(("text", "meaning"), CASES, ids=[text for text, _ in CASES])
def test_what_is_shown_is_its_moment_in_the_zone_of_the_reader(text: str, meaning: str) -> None:
    found = read_shown(text, SEEN)
    assert found == datetime.fromisoformat(meaning).replace(tzinfo=SHANGHAI)
    assert found.tzinfo is SHANGHAI


@pytest.mark.parametrize(
    "text",
    [
        *("2026-02-30 10:21", "2026-13-01 10:21", "2025-02-29 10:21", "0000-01-01 10:00", "11月31日 10:00"),
        *("2026-11-10 25:61", "2026-11-10 10:60", "2026-11-10 10:21:60", "10:60", "25:00", "2026-11-10 24:00"),
        *("13:00 AM", "0:30 AM", "2026-11-10 0:05 AM", "0:30 PM"),
        *("晚上3:00", "凌晨7:00", "中午10:30"),
        *("1899-12-31 10:00", "2200-01-02 10:00", "9999-12-31 23:59", "0001-01-01 00:00"),  # beyond what is stored
        *("明天 10:00", "后天 10:00", "明早 8:00", "tomorrow 10:00"),  # nobody has seen it
        *("10:00-11:00", "2026-11-03 10:21 - 11:00", "11月25-27日 10:00"),  # from when to when, and no moment
        *("3点", "三点半", "下班", "now", "现在", "刚刚", "3小时前", "星期八 10:00", "上周三 10:00"),
        *("2026-11-03", "昨天", "星期三", "", " ", ":", "：", "10:", ":30", "1:2:3:4", "退款 10:21", "10:21 退款"),
        *(" 10:21" * 7, "2026-11-03 10:21" + " " * LONGEST_SHOWN + "x"),
    ],
)
def test_what_is_no_time_that_is_over_is_none(text: str) -> None:
    assert read_shown(text, SEEN) is None


@pytest.mark.parametrize(
    ("seen", "text", "meaning"),
    [
        ("2027-01-05 10:00", "12月30日 晚上8:05", "2026-12-30 20:05"),  # December read in January
        ("2027-01-05 10:00", "1月2日 9:15", "2027-01-02 09:15"),
        ("2027-01-05 10:00", "1月5日 9:15", "2027-01-05 09:15"),
        ("2027-01-05 10:00", "1月6日 9:15", "2026-01-06 09:15"),
        ("2027-01-01 00:10", "昨天 23:58", "2026-12-31 23:58"),
        ("2027-01-01 00:10", "23:58", "2026-12-31 23:58"),  # a time alone that is still to come was yesterday's
        ("2027-01-01 00:10", "00:10", "2027-01-01 00:10"),
        ("2027-01-01 00:10", "星期四 10:00", "2026-12-31 10:00"),
        ("2027-01-01 00:10", "星期五 10:00", "2026-12-25 10:00"),  # a chat does not call today by its weekday
        ("2028-03-01 08:00", "2月29日 10:00", "2028-02-29 10:00"),
        ("2028-03-01 08:00", "昨天 10:00", "2028-02-29 10:00"),
        ("2028-02-28 08:00", "2月29日 10:00", "2024-02-29 10:00"),
        ("2026-12-01 08:00", "前天 10:00", "2026-11-29 10:00"),
    ],
)
def test_what_is_left_unsaid_is_told_from_the_day_it_was_seen(seen: str, text: str, meaning: str) -> None:
    at, wanted = (datetime.fromisoformat(each).replace(tzinfo=SHANGHAI) for each in (seen, meaning))
    assert read_shown(text, at) == wanted


@pytest.mark.parametrize("back", range(1, 8))
def test_a_weekday_is_one_of_the_seven_days_before(back: int) -> None:
    day = SEEN - timedelta(days=back)
    for word in (
        "星期" + "一二三四五六日"[day.weekday()],
        "周" + "一二三四五六日"[day.weekday()],
        f"{day:%A}",
        f"{day:%a}",
    ):
        assert read_shown(f"{word} 10:00", SEEN) == day.replace(hour=10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        *(
            (text, "2026-11-03")
            for text in ("2026-11-03", "2026/11/3", "2026年11月3日", "11月3日", "11-03", "20261103")
        ),
        *((text, "2026-11-03") for text in ("3 Nov", "Nov 3, 2026", "2026-11-03 星期二", "2026年11月3日（星期二）")),
        ("昨天", "2026-11-29"),
        ("Yesterday", "2026-11-29"),
        ("今天", "2026-11-30"),
        ("前天", "2026-11-28"),
        ("星期三", "2026-11-25"),
        ("星期一", "2026-11-23"),
        ("12月24日", "2025-12-24"),
        *((text, None) for text in ("2026-11-03 10:21", "昨天 15:20", "10:21", "11月3日10：21")),  # also a time
        *((text, None) for text in ("", "明天", "2026-02-30", "11月", "三天内", "11月25-27日", "下班", "3点", "退款")),
    ],
)
def test_a_day_is_one_where_no_time_stands_beside_it(text: str, day: str | None) -> None:
    found = read_shown_day(text, SEEN)
    assert found == (date.fromisoformat(day) if day is not None else None)


def test_a_day_alone_is_its_start_where_a_page_shows_no_time() -> None:
    assert read_shown("2026-11-03", SEEN, timed=False) == datetime(2026, 11, 3, tzinfo=SHANGHAI)
    assert read_shown("2026-11-03 10:21", SEEN, timed=False) == datetime(2026, 11, 3, 10, 21, tzinfo=SHANGHAI)


def test_the_zone_is_that_of_the_reader() -> None:
    new_york = ZoneInfo("America/New_York")
    found = read_shown("2026-11-03 10:21", SEEN.astimezone(new_york))
    assert found == datetime(2026, 11, 3, 10, 21, tzinfo=new_york)
    assert found.tzinfo is new_york


PIECES = st.sampled_from(
    [
        *(
            "2026-11-03",
            "2026/2/30",
            "11月3日",
            "20261103",
            "0000年0月0日",
            "昨天",
            "昨晚",
            "星期三",
            "Mon",
            "today",
            "前天",
        ),
        *(
            "上午",
            "晚上",
            "凌晨",
            "AM",
            "p.m.",
            "12:10",
            "0:00",
            "99:99",
            "10:21:05",
            "：",
            ":",
            "点",
            "半",
            "24:00",
            "+08:00",
        ),
        *(
            "9" * 30,
            "-",
            "/",
            "年",
            "月",
            "日",
            "(",
            "）",
            ",",
            " ",
            "\xa0",
            "　",
            "\n",
            "\0",
            "٣",
            "²",
            "Ⅷ",
            "\ud800",
            "🙂",
        ),
    ]
)


def moments(first: int, last: int) -> st.SearchStrategy[datetime]:
    begin, end = datetime(first, 1, 1), datetime(last, 12, 31)  # noqa: DTZ001 - Hypothesis adds the zone
    return st.datetimes(begin, end, timezones=st.just(SHANGHAI))


SEEN_AT = moments(1901, 2198)
ZONES = st.sampled_from([ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Pacific/Apia", "UTC")])


@settings(max_examples=500)
@given(
    st.text() | st.lists(PIECES, max_size=6).map("".join) | st.lists(PIECES, max_size=6).map(" ".join), SEEN_AT, ZONES
)
@example("2월", SEEN, ZoneInfo("UTC"))
@example("0", SEEN, ZoneInfo("UTC"))
def test_any_text_is_a_moment_of_that_zone_or_none(text: str, seen: datetime, zone: ZoneInfo) -> None:
    there = seen.astimezone(zone)
    for timed in (True, False):
        found = read_shown(text, there, timed=timed)
        assert found is None or found.tzinfo is zone
    day, start = read_shown_day(text, there), read_shown(text, there, timed=False)
    assert day is None or (start is not None and day == start.date())


SHAPES = {
    "dashes": "{0:%Y-%m-%d %H:%M}",
    "seconds": "{0:%Y-%m-%d %H:%M:%S}",
    "short": "{0.year}-{0.month}-{0.day} {0.hour}:{0:%M}",
    "slashes": "{0:%Y/%m/%d} {1}:{0:%M} {2}",
    "slashes, no blank": "{0.year}/{0.month}/{0.day} {1}:{0:%M}{2}",
    "stops": "{0:%Y.%m.%d %H:%M}",
    "T": "{0:%Y-%m-%dT%H:%M:%S}",
    "digits": "{0:%Y%m%d %H:%M}",
    "Chinese": "{0.year}年{0.month}月{0.day}日 {0:%H:%M}",
    "Chinese, no blank": "{0.year}年{0.month}月{0.day}日{0:%H:%M}",
    "Chinese halves": "{0.year}年{0.month}月{0.day}日 {3}{1}:{0:%M}",
    "slashes, Chinese halves": "{0:%Y/%m/%d} {3} {1}:{0:%M}",
    "weekday behind": "{0.year}年{0.month}月{0.day}日(星期{4}) {0:%H:%M}",
    "English": "{5} {0.day}, {0.year} {1}:{0:%M} {2}",
    "English, day first": "{0.day} {5} {0.year} {0:%H:%M}",
}
"""How programs show a full date: of the moment, the hour of a clock face, the half of the day, weekday and month."""


def shown(at: datetime, shape: str) -> str:
    half, chinese = ("AM", "上午") if at.hour < 12 else ("PM", "下午")
    return SHAPES[shape].format(at, at.hour % 12 or 12, half, chinese, WEEKDAYS[at.weekday()], MONTHS[at.month - 1])


STAMPS = moments(2001, 2099).map(lambda at: at.replace(second=0, microsecond=0))


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=60)
@given(at=STAMPS, seen=SEEN_AT)
def test_a_full_date_reads_back_to_the_minute_whenever_it_was_seen(shape: str, at: datetime, seen: datetime) -> None:
    text = shown(at, shape)
    assert read_shown(text, seen) == at


@pytest.mark.parametrize("shape", SHAPES)
@settings(max_examples=30)
@given(at=STAMPS)
def test_what_can_be_read_is_also_found_in_a_line(shape: str, at: datetime) -> None:
    """The patterns by which a head is found in a chat take every such time, and nothing of it is left over."""
    text = shown(at, shape)
    found = re.compile(rf"(?:{DAY_SHOWN})[\sT,，]{{0,3}}{CLOCK_SHOWN}", re.IGNORECASE).fullmatch(text)
    assert found is not None, text
