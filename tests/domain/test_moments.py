"""Moments typed on the command line. Now is Sunday 22 November 2026, 15:30."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pddtui.domain.phrases.moment import parse_when
from pddtui.domain.phrases.reader import PhraseError

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=SHANGHAI)

TABLE = """
2026-11-22 00:00 = 2026-11-22 | 2026/11/22 | 2026.11.22 | 2026年11月22日 | 11-22 | 11/22 | 11月22日
2026-11-22 00:00 = 十一月二十二日 | 今天 | today | 22 Nov 2026 | ２０２６－１１－２２ | 2026-11-22 | 20261122
2026-11-22 20:00 = 2026-11-22 20:00 | 2026-11-22T20:00 | 2026-11-22T20:00+08:00 | 2026-11-22T12:00:00Z
2026-11-22 20:00 = 2026-11-22 20:00:00 | 2026-11-22T12:00:00.123456+00:00 | 2026-11-22T07:00-0500
2026-11-22 20:00 = 11月22日 20点 | 11月22日晚上8点 | 今天20:00 | 2026年11月22日20时 | 20:00 | 今晚8点 | 8pm
2026-11-22 20:00 = 11-22 8pm | 2026-11-22t20:00 | 20261122 20:00
2026-11-21 15:00 = 昨天15:00 | 昨天下午3点 | 昨天下午三点 | yesterday 3pm | yesterday at 15:00 | 11-21 15:00
2026-11-21 15:00 = 昨日15点
2026-11-21 20:00 = 昨晚8点 | 昨天晚上8点
2026-11-21 03:00 = 昨天3点 | 昨天03:00
2026-11-21 00:00 = 昨天 | yesterday
2026-11-20 00:00 = 前天 | the day before yesterday
2026-11-19 00:00 = 大前天
2026-11-23 00:00 = 明天 | tomorrow | 第二天
2026-11-02 00:00 = 26年11月2日 | 02.11.2026 | 2 Nov
2026-11-22 15:30 = now | 现在 | 刚才 | NOW
2026-11-22 13:30 = -2h | 2 hours ago | 2小时前 | 两小时之前 | - 2 hours
2026-11-22 15:00 = -30min | 30分钟前
2026-11-19 15:30 = -3d | 3天前 | 三天以前 | 3 days ago
2026-11-29 15:30 = +7d | +1w
2026-10-22 15:30 = -1m | 1个月前
2025-11-22 15:30 = -1y | 一年前 | 1 year ago
2026-12-01 00:00 = 12-01 | 12月1日
2026-05-01 00:00 = 05-01 | 5月1日
2024-02-29 00:00 = 2月29日
2027-12-01 00:00 = 明年12月1日
"""
CASES = [
    (text.strip(), meaning)
    for meaning, _, texts in (row.partition(" = ") for row in TABLE.splitlines() if row and row[0] != "#")
    for text in texts.split("|")
]


@pytest.mark.parametrize(("text", "meaning"), CASES, ids=[text for text, _ in CASES])
def test_a_text_means_its_moment_in_the_zone_of_now(text: str, meaning: str) -> None:
    found = parse_when(text, NOW)
    assert found == datetime.fromisoformat(meaning).replace(tzinfo=SHANGHAI)
    assert found.tzinfo is SHANGHAI


@pytest.mark.parametrize(
    ("now", "text", "meaning"),
    [
        ("2027-01-05", "12-30", "2026-12-30"),
        ("2026-12-28", "01-03", "2027-01-03"),
        ("2026-12-28", "02-26", "2027-02-26"),  # 60 days ahead
        ("2026-12-28", "02-27", "2026-02-27"),  # 61
        ("2026-11-22", "11-22", "2026-11-22"),
    ],
)
def test_a_date_without_its_year_is_the_latest_not_far_ahead(now: str, text: str, meaning: str) -> None:
    today = datetime.fromisoformat(now).replace(hour=12, tzinfo=SHANGHAI)
    assert parse_when(text, today).date().isoformat() == meaning


def test_a_day_without_a_time_takes_the_time_that_is_asked_for() -> None:
    assert parse_when("2026-11-25", NOW, default=time(23, 59, 59)).time() == time(23, 59, 59)
    assert parse_when("2026-11-25 08:00", NOW, default=time(23, 59, 59)).time() == time(8)


@pytest.mark.parametrize(
    ("text", "position", "sentence"),
    [
        ("", 0, "Enter a time"),
        ("2026-02-30", 0, "There is no 30 February 2026"),
        ("  2026-02-30", 2, "There is no 30 February 2026"),
        ("13-01", 0, "There is no month 13"),
        ("2026-11-22 25:00", 11, "There is no such time of day"),
        ("2026-11-22T20:00+99:99", 16, "There is no such UTC offset"),
        ("昨天下午", 2, "Add the time of day"),
        ("昨晚", 2, "Add the time of day"),
        ("2026", 4, "is not clear"),
        ("2026-11", 7, "is not clear"),
        ("2026326", 7, "is not clear"),
        ("202611221", 9, "is not clear"),
        ("1899-12-31", 0, "too far away"),
        ("1900-01-01", 0, "too far away"),
        ("2200-01-02", 0, "too far away"),
        ("P3D", 0, "“P3D”"),
        ("05/06/2026", 5, "“/2026”"),
        ("22/11/2026", 5, "“/2026”"),
        ("3天", 2, "is not clear"),
        ("Nov 20-22", 9, "is not clear"),
        ("昨天9点-18点", 4, "“-18点”"),
        ("-3", 2, "is not clear"),
        ("-3x", 2, "“x”"),
        ("-3d ago", 7, "is not clear"),
        ("-999999999d", 0, "too far away"),
        ("yesterday maybe", 9, "“maybe”"),
    ],
)
def test_anything_else_is_refused_in_one_sentence_with_its_place(text: str, position: int, sentence: str) -> None:
    with pytest.raises(PhraseError, match=sentence) as refused:
        parse_when(text, NOW)
    assert refused.value.position == position


PIECES = (*(text for text, _ in CASES), *"0123456789-/.:+tz 年月日点前", *("ago", "+99:99", "\x1b", "999999999999"))


def outcome(text: str) -> datetime | PhraseError:
    try:
        return parse_when(text, NOW)
    except PhraseError as refused:
        return refused


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=6).map("".join)))
def test_no_text_raises_anything_but_the_one_error(text: str) -> None:
    found = outcome(text)
    if isinstance(found, PhraseError):
        assert found.position is not None
        assert 0 <= found.position <= len(text)
    else:
        assert found.tzinfo is SHANGHAI


@given(st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=st.just(SHANGHAI)))  # noqa: DTZ001
def test_what_is_stored_can_be_typed(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=ZoneInfo("UTC"))
    assert parse_when(moment.isoformat(), NOW) == moment


BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "now", "expected"),
    [
        ("2026-03-29 02:30", "2026-03-28T12:00", "2026-03-29T03:30:00+02:00"),  # clocks never show it
        ("02:30", "2026-03-29T12:00", "2026-03-29T03:30:00+02:00"),
        ("昨天 2:30", "2026-03-30T12:00", "2026-03-29T03:30:00+02:00"),
        ("2026-10-25 02:30", "2026-10-24T12:00", "2026-10-25T02:30:00+02:00"),  # they show it twice
        ("-2h", "2026-03-29T03:30", "2026-03-29T00:30:00+01:00"),
        ("+20h", "2026-03-28T12:00", "2026-03-29T09:00:00+02:00"),
        ("-1d", "2026-03-30T02:30", "2026-03-29T03:30:00+02:00"),
        ("-1m", "2026-04-29T02:30", "2026-03-29T03:30:00+02:00"),
    ],
)
def test_what_is_read_is_what_will_be_shown_when_clocks_change(text: str, now: str, expected: str) -> None:
    moment = parse_when(text, datetime.fromisoformat(now).replace(tzinfo=BERLIN))
    assert moment.isoformat() == expected
