"""What agents promise and what it means. Everything here is said on Wednesday 18 November 2026 at 10:00."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pddtui.domain import duetime
from pddtui.domain.phrases.due import VaguePhrase, parse_countdown, parse_due
from pddtui.domain.phrases.reader import (
    AFTER_DATE,
    BEFORE_DATE,
    EARLIEST,
    ONWARDS,
    PAST_WORDS,
    STARTING,
    VAGUE,
    VAGUE_TIMES,
    PhraseError,
)
from pddtui.domain.workdays import PlainCalendar
from pddtui.errors import Refused

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAID = datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI)
CALENDAR = PlainCalendar()

# What it means = how it is said. A meaning without a time is the end of that day.
TABLE = """
# hours, from the moment
2026-11-18 10:30 = 30分钟内 | 半小时 | 半个小时内 | within half an hour | 30 min | +30min
2026-11-18 11:00 = 1小时内 | 一个钟头 | within an hour | +1h
2026-11-18 11:30 = 一个半小时 | 1.5小时 | 1.5h | 1小时30分 | 90分钟 | 1h30m
2026-11-18 22:00 = 半天内 | 12小时
2026-11-19 10:00 = 24小时内 | 24 小时之内 | ２４小时 | 二十四小时 | within twenty-four hours | 24h | 24時內
2026-11-20 10:00 = 48小时内 | +48h | 24-48小时 | 24小时到48小时内 | 四十八个小时 | 48 hours | 48小时后回复
2026-11-21 10:00 = 72小时左右 | within 72 hrs | 最迟72小时内答复
# a countdown as the app shows it
2026-11-20 09:00 = 1天23时 | 1天23小时后 | 还剩1天23时 | 1d 23h | 1d23h | 1 day 23 hours | 剩余1天23小时
2026-11-20 09:59 = 1天23时59分 | 还剩1天23时59分 | 1天 23:59:00
2026-11-19 09:59:59 = 还剩23:59:59 | 剩23时59分59秒
# calendar days: the end of the last one
2026-11-19 = 一天内 | 1天 | 次日 | 明天 | 明日 | 明天给您答复 | tomorrow | +1d | 明天之前 | 翌日 | in a day
2026-11-20 = 两天内 | 2天 | 俩天 | 两日内 | 2个自然日 | 后天 | 后天之前 | in 2 days | +2d | two days | 一两天
2026-11-20 = 2 calendar days | the day after tomorrow | a couple of days | 兩天內 | 两天后 | 2 days from now
2026-11-20 = 周五前 | 周五 | 本周五 | 这周五 | 星期五 | 礼拜五之前 | by Friday | this Friday | fri | on Friday
2026-11-20 = 20号 | 20日前 | 二十号 | 廿号 | by the 20th | 本月20号 | 11月20号 | 周末前 | 1-2天内 | 1到2天
2026-11-21 = 大后天 | 3天内 | 三天 | 3-2天 | 两三天 | 2-3天 | 三日内 | 第三天 | within three days | 三天之内处理
# working days
2026-11-19 23:59:59 = 1个工作日 | 下一个工作日 | next working day | 一个工作日内 | 1wd | next business day
2026-11-23 = 3个工作日内 | 1-3个工作日 | 1~3个工作日 | 1至3个工作日 | 一到三个工作日 | +3wd
2026-11-23 = within 3 working days | 三個工作日 | ２－３个工作日 | 3 business days | 3 workdays
2026-11-23 = 在3个工作日内给您回复 | 3工作日 | 两三个工作日 | 我们会在3个工作日内尽快处理
2026-11-23 = 预计1—3个工作日到账 | up to three working days | 下周一 | 周一 | Monday
2026-11-25 = 三到五个工作日 | 3-5个工作日到账 | 3－5个工作日 | 三五个工作日 | 5wd | five working days
2026-11-25 = 5个工作天 | 一周内 | 7天内 | 七天 | 一个星期 | 1 week | a week | +1w | 7日内 | within a week
2026-11-25 = 下周三 | 25号 | 11月25日前 | 11月25号 | 11月25 | 十一月二十五日 | 11-25 | 11/25 | 11.25
2026-11-25 = 2026-11-25 | 2026/11/25 | 2026.11.25 | 2026年11月25日 | 二〇二六年十一月二十五日
2026-11-25 = ２０２６年１１月２５日 | 25 Nov | Nov 25th, 2026 | 25th of November | by November 25 | 11-25 周三
2026-11-25 = 11月25日(周三)前 | Wed 25 Nov | next Wednesday | 廿五号 | 截止11月25日 | 不晚于2026-11-25
2026-11-25 = 11月23日-25日 | 23号到25号 | 11月23-25日
# times of day
2026-11-18 18:00 = 今天下班前 | 下班前 | 今日下午 | by close of business | today 18:00 | 18:00 | 6pm | 6点前
2026-11-18 18:00 = cob
2026-11-18 12:00 = 中午前 | 今天中午 | by noon | 今天上午 | noon today | 12点
2026-11-19 09:30 = 明天9点半 | 明天上午九点半 | tomorrow at 9:30 am | 明早9:30 | 9:30 | 明天早上9点30分
2026-11-19 12:00 = 明天中午 | 明天中午12点前 | tomorrow noon | 明天上午 | tomorrow morning
2026-11-19 15:00 = 明天下午3点 | 明天3点 | 明天15点 | 明天15:00 | tomorrow 3pm | 3pm tomorrow | 明日下午三点前
2026-11-19 18:00 = 明天下班前 | 明天下午 | 明天下班之前给您回电 | tomorrow by close of business | 1天后下午6点
2026-11-19 20:00 = 明晚8点 | 明天晚上八点 | 明天20:00 | tomorrow 8 p.m. | 明天20时
2026-11-18 23:59:59 = 今天 | 今天内 | 今晚 | tonight | 当天 | 今晚12点前 | 晚上十二点 | today | by end of day
2026-11-18 23:59:59 = eod | 24:00 | 周三 | 今天24点前 | midnight | 18号 | 11-18
2026-11-20 18:00 = 周五下班前 | by 6pm on Friday | Friday 6pm | 11月20日下班前 | 周五18:00 | 两天后下午6点
2026-11-25 20:00 = 11月25日20:00前 | 2026-11-25 20:00 | 2026-11-25T20:00 | 11月25日晚8点 | 下周三 20点
# weeks, months, years
2026-11-22 = 本周内 | 这周 | 本周末 | 周末 | 周日 | 周内 | this week | end of week | eow | this weekend
2026-11-22 = 礼拜天
2026-11-29 = 下周内 | 下周 | 下周末 | next week | 下星期日 | 下周日之前 | 下礼拜天
2026-11-30 = 月底 | 月底前 | 本月底 | 本月内 | 月末 | 11月底 | 11月 | end of month | eom | this month | 下旬
2026-12-02 = 两周 | 2周内 | 两个星期 | +2w | a fortnight | 下下周三 | two weeks | 14天 | 十四天
2026-12-03 = 半个月 | 半月内 | 15天 | 十五日内 | 15 days
2026-12-05 = 下个月5号 | 下月5日 | 下月五号前 | by 5 Dec | 5th of December | 12月5日 | December 5
2026-12-05 = next month 5
2026-12-10 = 下月上旬 | 12月上旬 | 12月10日
2026-12-18 = 一个月内 | 1个月 | +1m | a month | within one month | 30天
2026-12-31 = 年底 | 年底前 | 今年底 | 年内 | 12月底 | 下月底 | 下个月内 | end of year | next month | 31号
2026-12-31 = 本季度末
2027-01-02 = 一个半月
2027-01-05 = 明年1月5日 | 1月5日 | 2027-01-05 | 5 Jan | Jan 5 2027
2027-05-18 = 半年内 | 6个月 | half a year
2027-11-18 = 一年 | 1 year | +1y | 12个月
2027-12-31 = 明年底 | 明年内 | next year
2028-02-29 = 2月29日 | 2028-02-29
2028-05-18 = 一年半
"""


def cases(table: str) -> list[tuple[str, str]]:
    rows = (row.partition(" = ") for row in table.splitlines() if row and row[0] != "#")
    return [(phrase.strip(), meaning) for meaning, _, phrases in rows for phrase in phrases.split("|")]


CASES = cases(TABLE)

# The same, said on Tuesday 24 November 2026 at 10:00.
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
CASES_OF_TUESDAY = cases("""
# the day after, and lengths that are counted off
2026-11-25 = 第二天 | 第2天 | 明天（周三） | 明天周三 | tomorrow (Wed) | tomorrow, Wednesday | 第二天给您答复
2026-11-25 15:00 = 第二天下午3点
2026-11-26 = 第二个工作日
# what agents say
2026-11-27 = 3个工作日内会有专员联系您 | 1-3个工作日内原路返回 | 预计1到3个工作日内原路退回 | 请您耐心等待3个工作日
2026-11-27 = 3个工作日内由售后专员与您联系 | 我司会在3个工作日内进行核实 | please allow 3 working days
2026-11-25 10:00 = within the next 24 hours | 未来24小时内
2026-11-26 = in the next 2 days | 接下来的两天 | 今后2天内
2026-11-27 = next 3 working days
# ranges
2026-11-29 = 三至五日 | 3-5日 | 三至五日内 | 三到五日
2026-11-27 = 25-27日 | Nov 25-27 | 25-27 Nov | Nov 25 - Nov 27 | 25th to 27th of November | Nov 25-27, 2026 | 11/25-27
2026-11-27 = Thursday/Friday | 周四/周五 | Thursday or Friday | 两三日 | 二十五至二十七日 | 11月25日到27日
2026-12-02 = 25 Nov - 2 Dec | 11月28日-12月2日 | Nov 28 to 2 Dec
2026-12-05 = 3-5号
2026-11-25 12:00 = 明天上午10点到12点 | 明天10:00-12:00 | 明天10点~12点
2026-11-25 18:00 = 明天9点-18点 | tomorrow 9am to 6pm | tomorrow 9:00-18:00 | 9am-6pm tomorrow
2026-11-25 15:00 = 明天下午2-3点 | 明天下午两三点 | 明天下午 两三点 | 明天下午2点到3点 | 明天2点到3点 | tomorrow 2-3pm
2026-11-24 18:00 = 9:00-18:00 | 9点到6点
2026-11-25 09:00 = 明天9点到账
2026-11-30 11:00 = Monday 9-11am | Monday, 9 - 11 am
2026-11-27 12:00 = 3天后上午9点到12点
# dates
2026-12-31 = 2026年12月 | 2026年底 | 26年底 | 2026年内 | 2026年12月底 | December 2026 | by December | end of 2026
2026-12-31 = 26年12月 | Dec 2026
2026-12-01 = 26年12月1日 | 1.12.2026 | 01.12.2026 | Tuesday next week | 下周2 | 星期二（12月1日）
2026-11-30 = 30.11.2026
2027-01-23 = 六十日 | 60日
2026-12-02 = 下周3 | 下周周三 | Wednesday of next week
2026-12-06 10:00 = 下周10:00
2026-11-27 = 周5 | by the end of Friday | Friday this week | Friday the 27th | 周五（27号）
2026-12-04 = Friday next week
2026-11-24 = end of today
2026-12-01 18:00 = 2026-12-01T18:00+08:00 | 2026-12-01T18:00:00+08:00 | 2026-12-01T10:00:00Z | 2026-12-01 18:00 +0800
2026-12-01 18:00 = 2026-12-01T05:00-05:00
2026-12-01 = 2026-12-01T23:59:59+08:00
# times
2026-11-24 20:00 = tonight 8pm | tonight at 8 | 今晚8点
2026-11-27 17:00 = Fri. 5pm | Friday at 5 | Fri at 5pm
2026-11-25 09:00 = tomorrow at 9
2026-11-26 22:00 = two and a half days
2026-11-24 11:30 = an hour and a half
2026-11-24 12:30 = two and a half hours
2026-11-27 15:00 = 3天零5小时 | 3天5小时 | 3 days and 5 hours | 3天又5小时
2026-11-24 12:05 = 2小时零5分
2026-11-24 10:15 = 一刻钟 | a quarter of an hour
2026-11-24 12:45 = 2小时三刻
# more than so many: the most that can be meant
2026-12-13 = 10多天
2026-11-24 13:00 = 两个多小时
2027-01-24 = 一个多月
2026-11-28 = 3天多
""")


def due(phrase: str, said: datetime = SAID) -> duetime.Due:
    return parse_due(phrase, said, CALENDAR)


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    return at if ":" in text else at.replace(hour=23, minute=59, second=59)


@pytest.mark.parametrize(("phrase", "meaning"), CASES, ids=[phrase for phrase, _ in CASES])
def test_a_phrase_means_its_moment(phrase: str, meaning: str) -> None:
    found = due(phrase)
    assert found.at == moment(meaning)
    assert found.whole_day == (found.at.time() == duetime.END_OF_DAY)


@pytest.mark.parametrize(("phrase", "meaning"), CASES_OF_TUESDAY, ids=[phrase for phrase, _ in CASES_OF_TUESDAY])
def test_a_phrase_means_its_moment_on_a_tuesday(phrase: str, meaning: str) -> None:
    found = due(phrase, TUESDAY)
    assert found.at == moment(meaning)
    assert found.whole_day == (found.at.time() == duetime.END_OF_DAY)


def test_what_is_answered_in_json_can_be_asked_again() -> None:
    for phrase, _ in CASES_OF_TUESDAY:
        found = due(phrase, TUESDAY)
        again = due(found.at.isoformat(), TUESDAY)
        assert (again.at, again.whole_day) == (found.at, found.whole_day)


# A countdown that the app shows on the same Tuesday at 10:00.
COUNTDOWNS = cases("""
2026-11-25 09:59:59 = 23:59:59 | 23时59分59秒 | 还剩23:59:59 | 23小时59分59秒
2026-11-24 15:30 = 05:30:00 | 5时30分 | 剩余 05:30:00
2026-11-26 09:59:59 = 47:59:59 | 1天23:59:59 | 1天 23:59:59
2026-11-26 09:00 = 1天23时 | 47:00:00
2026-11-26 10:00 = 2天 | 48小时
2026-11-25 18:00 = 11-25 18:00 | 明天18:00
""")


@pytest.mark.parametrize(("shown", "meaning"), COUNTDOWNS, ids=[shown for shown, _ in COUNTDOWNS])
def test_a_countdown_is_what_is_left_or_its_end(shown: str, meaning: str) -> None:
    assert parse_countdown(shown, TUESDAY, CALENDAR).at == moment(meaning)


@pytest.mark.parametrize(
    ("shown", "sentence"),
    [
        ("1天25时", "not a valid countdown"),
        ("23:75:00", "not a valid countdown"),
        ("1天 24:00:00", "not a valid countdown"),
        ("0天0时", "has run out"),
        ("00:00:00", "has run out"),
        ("尽快", "gives no date"),
        ("", "Enter a due date"),
    ],
)
def test_a_countdown_that_no_clock_shows_is_refused(shown: str, sentence: str) -> None:
    with pytest.raises(PhraseError, match=sentence):
        parse_countdown(shown, TUESDAY, CALENDAR)


@pytest.mark.parametrize("phrase", ["1天25时", "0天0时", "1小时90分"])
def test_a_length_that_no_clock_shows_is_refused_in_a_due_phrase_too(phrase: str) -> None:
    with pytest.raises(PhraseError, match=r"not a valid countdown|has run out"):
        due(phrase)


def test_a_time_of_day_stays_one_where_no_countdown_is_asked_for() -> None:
    assert due("23:59:58", TUESDAY).at == moment("2026-11-24 23:59:58")


def test_the_table_is_large_and_says_nothing_twice() -> None:
    assert len(CASES) == len({phrase for phrase, _ in CASES}) >= 150


@pytest.mark.parametrize(
    ("said", "phrase", "meaning"),
    [
        ("2026-11-20 10:00", "周五", "2026-11-20"),  # on a Friday, that day
        ("2026-11-20 10:00", "下周五", "2026-11-27"),
        ("2026-11-20 10:00", "next Friday", "2026-11-27"),
        ("2026-11-21 10:00", "周五", "2026-11-27"),  # on a Saturday, the next one
        ("2026-11-22 10:00", "本周内", "2026-11-22"),  # a week ends on Sunday
        ("2026-11-22 10:00", "next Tuesday", "2026-11-24"),
        ("2026-11-22 10:00", "周末前", "2026-11-27"),
        ("2026-11-30 10:00", "月底前", "2026-11-30"),
        ("2026-11-30 10:00", "下个月31号", "2026-12-31"),
        ("2026-11-30 10:00", "29号", "2026-12-29"),
        ("2027-01-31 10:00", "30号", "2027-03-30"),  # February has none
        ("2027-01-31 10:00", "一个月", "2027-02-28"),
        ("2028-01-31 10:00", "一个月", "2028-02-29"),
        ("2028-02-29 10:00", "一年", "2029-02-28"),
        ("2026-12-30 10:00", "2号", "2027-01-02"),
        ("2026-12-30 10:00", "下月5号", "2027-01-05"),
        ("2026-12-30 10:00", "1月底", "2027-01-31"),
        ("2026-12-30 10:00", "本季度内", "2026-12-31"),
        ("2026-12-30 10:00", "下季度末", "2027-03-31"),
        ("2026-11-18 21:00", "20:00前", "2026-11-19 20:00"),  # a bare time that has passed is tomorrow's
        ("2026-11-18 19:00", "下班前", "2026-11-19 18:00"),
        ("2026-11-22 10:00", "12月25-27日", "2026-12-27"),
        ("2026-11-22 10:00", "明天或后天", "2026-11-24"),
        ("2026-11-22 10:00", "周三到周五下班前", "2026-11-27 18:00"),
    ],
)
def test_a_named_day_is_seen_from_the_day_it_is_said(said: str, phrase: str, meaning: str) -> None:
    assert due(phrase, moment(said)).at == moment(meaning)


@pytest.mark.parametrize(
    "phrase",
    [
        *(
            "尽快",
            "马上",
            "稍后",
            "会反馈",
            "加急",
            "加急处理",
            "asap",
            "soon",
            "尽快给您答复",
            "几天内",
            "十几天",
            "过几天",
        ),
        *(
            "这两天",
            "近期",
            "第一时间",
            "As soon as possible",
            "we will get back to you",
            "a few days",
            "月初",
            "盡快",
        ),
        *("耐心等待", "later", "有消息会通知您", "immediately", "馬上"),
        *(
            "国庆前后",
            "春节前后",
            "最近",
            "数日内",
            "若干天",
            "12月初",
            "正月初十一",
            "国庆前3天",
            "下周初",
        ),
        *("around Easter", "someday", "early next week", "mid December"),
    ],
)
def test_words_that_name_no_date_say_to_ask_for_one(phrase: str) -> None:
    with pytest.raises(VaguePhrase, match="gives no date: ask for one"):
        due(phrase)


@pytest.mark.parametrize(
    ("phrase", "position", "sentence"),
    [
        ("", 0, "Enter a due date"),
        ("   ", 0, "Enter a due date"),
        ("-3天", 0, "positive number"),
        ("负3天", 0, "positive number"),
        ("minus 3 days", 0, "positive number"),
        ("3个功作日", 2, "“功作日” is not a unit"),
        ("5 fortnits", 2, "“fortnits” is not a unit"),
        ("3", 1, "Add a unit to 3"),
        ("第3个", 3, "Add a unit to 3"),
        ("2月30日", 0, "There is no 30 February 2026"),
        ("2027-02-29", 0, "There is no 29 February 2027"),
        ("13月1日", 0, "There is no month 13"),
        ("11月31号前", 0, "There is no 31 November 2026"),
        ("32号", 0, "No month has a day 32"),
        ("下个月0号", 3, "There is no 0 December 2026"),
        ("11-25 周四", 0, "does not fall on that weekday"),
        ("明天25点", 2, "There is no such time of day"),
        ("明天上午15点", 2, "There is no such time of day"),
        ("10:60", 0, "There is no such time of day"),
        ("3天前", 0, "is in the past"),
        ("2 weeks ago", 0, "is in the past"),
        ("2026-01-01", 0, "was already over on"),
        ("今天上午9点", 0, "was already over on"),
        ("本周一", 0, "was already over on"),
        ("30000天", 0, "nearer date"),
        ("99999999999999999999999小时", 0, "nearer date"),
        ("60年", 0, "more than 50 years"),
        ("9999年", 0, "too far away"),
        ("9999-12-31", 0, "more than 50 years"),
        ("999999小时999999分", 0, "A countdown cannot be that long"),
        ("asdf", 0, "“asdf” .character 1."),
        ("明天下午3点qwerty", 6, "“qwerty” .character 7."),
        ("3个工作日，如果下雨", 6, "“如果下雨”"),
        ("05/06/2026", 5, "“/2026”"),
        ("2026-11", 7, "“2026-11” is not a date or period"),
        ("1-2-3天", 5, "“天”"),
        ("五三天", 0, "is not clear"),
        ("1.55h", 4, "“h”"),
        ("202612011", 9, "“202612011” is not a date or period"),
        ("昨天", 0, "is in the past"),
        ("昨天下午3点", 0, "is in the past"),
        ("yesterday", 0, "is in the past"),
        ("last week", 0, "is in the past"),
        ("上周五", 0, "is in the past"),
        ("明天（周五）", 0, "does not fall on that weekday"),
        ("Nov 25-31", 0, "There is no 31 November 2026"),
        ("2026-12-01T18:00+99:00", 16, "There is no such UTC offset"),
        ("1天25时", 0, "not a valid countdown"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_sentence_with_its_place(
    phrase: str, position: int, sentence: str
) -> None:
    with pytest.raises(PhraseError, match=sentence) as refused:
        due(phrase)
    assert not isinstance(refused.value, VaguePhrase)
    assert isinstance(refused.value, Refused)
    assert refused.value.position == position


def test_a_sentence_quotes_neither_terminal_escapes_nor_a_whole_page() -> None:
    with pytest.raises(PhraseError) as refused:
        due("\x1b]0;owned\x07" + "x" * 500)
    said = str(refused.value)
    assert "\x1b" not in said
    assert "x" * 100 not in said


@pytest.mark.parametrize(
    ("phrase", "note"),
    [
        ("1-3个工作日", "The later end of the range is used."),
        ("10多天", "The later end of the range is used."),
        ("25-27 Nov", "The later end of the range is used."),
        ("明天9点-18点", "The later end of the range is used."),
        ("三五天", "The later end of the range is used."),
        ("周三到周五", "The later end of the range is used."),
        ("明天下班前", "Office hours are assumed to end at 18:00."),
        ("明天3点", "3 o'clock without morning or afternoon is read as the afternoon."),
    ],
)
def test_an_assumption_is_noted_and_explained(phrase: str, note: str) -> None:
    found = due(phrase)
    assert [str(message) for message in found.notes] == [note]
    assert note in [str(message) for message in duetime.explain(found)]


@pytest.mark.parametrize("phrase", ["明天15:00", "明天下午3点", "3个工作日", "周五", "48h"])
def test_what_is_said_exactly_needs_no_note(phrase: str) -> None:
    assert due(phrase).notes == ()


def test_a_counted_phrase_is_the_same_sum_as_its_period() -> None:
    assert due("3个工作日内") == duetime.add(SAID, 3, "working_day", CALENDAR)
    assert due("48h") == duetime.add(SAID, 48, "hour", CALENDAR)
    assert due("两天") == duetime.add(SAID, 2, "natural_day", CALENDAR)


def test_a_time_on_a_counted_day_keeps_the_sum() -> None:
    found = due("3个工作日后下午3点")
    assert found.at == moment("2026-11-23 15:00")
    assert not found.whole_day
    assert [step.n for step in found.steps if step.counts] == [1, 2, 3]


def test_hours_run_through_a_change_of_the_clocks() -> None:
    berlin = datetime(2026, 10, 24, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert due("24h", berlin).at.isoformat() == "2026-10-25T11:00:00+01:00"


PIECES = (
    *AFTER_DATE,
    *BEFORE_DATE,
    *EARLIEST,
    *ONWARDS,
    *STARTING,
    *(
        "国庆",
        "节",
        "年",
        "除夕",
        "正月初",
        "2045年",
        "双12",
        "第一个工作日",
        "收到退货后",
        " of receipt",
        "T+",
        "20261201",
    ),
    *VAGUE,
    *VAGUE_TIMES,
    *PAST_WORDS,
    *(phrase for phrase, _ in (*CASES, *CASES_OF_TUESDAY, *COUNTDOWNS)),
    *"0123456789零一二三五十百千廿两半年月日号周天时点分秒:-/.,~+ ",
    *("多", "个多", "周3", "T", "+08:00", "-99:99", "年", "and a half", "at", "第", "/"),
    *("99999999999", "²", "٣", "İ", "\x00", "\ud800", "月底", "下下", "end of", "工作日", "Ⅳ", "㊂", "🙂"),
)
anything = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=7).map("".join))
moments = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.just(SHANGHAI))  # noqa: DTZ001


def outcome(phrase: str, said: datetime) -> duetime.Due | PhraseError:
    try:
        return parse_due(phrase, said, CALENDAR)
    except PhraseError as refused:
        return refused


@settings(max_examples=400, deadline=None)
@example("9" * 5000 + "天", SAID)
@example("2" * 300 + "个工作日", SAID)
@example("一" * 300, SAID)
@example("大" * 300 + "后天", SAID)
@example("31号", datetime(9999, 12, 30, tzinfo=SHANGHAI))
@example("20000个工作日", datetime(9999, 12, 30, tzinfo=SHANGHAI))
@given(anything, moments)
def test_no_text_raises_anything_but_the_one_error(phrase: str, said: datetime) -> None:
    found = outcome(phrase, said)
    if isinstance(found, PhraseError):
        assert found.position is not None
        assert 0 <= found.position <= len(phrase)
        assert str(found)
    else:
        assert found.at >= said
        assert found.start == said
        assert duetime.explain(found)


@settings(max_examples=200, deadline=None)
@example("9" * 5000 + ":00:00")
@given(anything)
def test_no_countdown_raises_anything_but_the_one_error(shown: str) -> None:
    try:
        found = parse_countdown(shown, SAID, CALENDAR)
    except PhraseError as refused:
        assert refused.position is not None  # noqa: PT017
        assert 0 <= refused.position <= len(shown)  # noqa: PT017
    else:
        assert found.at >= SAID


@given(st.integers(0, 400))
def test_full_width_and_ascii_digits_mean_the_same(n: int) -> None:
    wide = str(n).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert due(f"{wide}个工作日内") == due(f"{n} working days")


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(SHANGHAI)), st.integers(0, 6))  # noqa: DTZ001
def test_a_bare_weekday_is_within_the_seven_days_from_today(said: datetime, weekday: int) -> None:
    found = due("周" + "一二三四五六日"[weekday], said.replace(microsecond=0))
    assert found.at.weekday() == weekday
    assert timedelta(0) <= found.at - said < timedelta(days=7)
