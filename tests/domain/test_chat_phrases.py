"""What agents write in a chat, by the working days of China. All of it is said on Tuesday 24 November 2026 at 10:00."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from pddtui.domain import duetime
from pddtui.domain.phrases import day, feast, numbers, period, reader
from pddtui.domain.phrases.due import VaguePhrase, parse_due
from pddtui.domain.phrases.moment import parse_when
from pddtui.domain.phrases.reader import PhraseError
from pddtui.services.calendar_cn import ChinaCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
SAID = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
CHINA = ChinaCalendar()

# What it means = how it is said. A meaning without a time is the end of that day; ~ marks an estimate.
TABLE = """
# in a chat
2026-11-27 = 亲，3天内哦 | 亲亲，3个工作日内给您答复哦~ | 亲爱的，预计1-3个工作日内处理好哈 | 收到，3天内回复您
2026-11-27 = 好的呢亲，周五前给您补发哈 | 您放心 三天之内给您说法 | 退款预计1-3个工作日到账 | 审核需要3个工作日
2026-11-27 = “3个工作日” | 【3个工作日】 | （3个工作日内） | 3个工作日…… | 3个工作日！ | 3个工作日~ | 3 个 工作日
2026-11-27 = Sorry, within 3 working days please | it takes 3 days | Dear, we will refund you within 3 working days
2026-11-26 10:00 = 亲亲，48小时内给您答复哦~ | Hi, we aim to reply within 48 hours | 48H | within 48hrs
2026-11-25 10:00 = 您好，24小时内会有专员联系您的呢 | 这边已加急，24小时内回复您 | 24h内处理
2026-11-24 12:00 = 2小时内回电话 | 2h内 | 一两个小时 | in an hour or two | 亲，2小时内回电话给您哈
2026-11-25 18:00 = 好的亲 明天下班前给您处理哈 | 明儿下午 | by close of play tomorrow
2026-11-24 18:00 = 亲，今天下班前一定给您退 | by close of play | today by close of play
2026-11-24 = 亲～今天内给您发出 | T+0 | by EOD
2026-11-25 = 亲 明天给您退款哦 | 隔天 | 次日达 | 次一工作日 | 下一工作日 | 次工作日 | 次一个工作日 | 今明两天
2026-11-25 = 下个上班日 | the following working day | T+1 | T+1到账 | 壹个工作日
2026-11-26 = 嗯嗯 后天给您回复 | 没问题，后天前给到您 | 放心吧亲，两天内解决 | 明后天 | 明后两天 | 明天或者后天
2026-11-26 = 这两天内 | tomorrow or the day after | in a couple of days | a day or two | 我们会在2个工作日内电话联系您
2026-11-26 = expect an answer within 2 days | T + 2 | d+2
2026-11-27 = 三个工做日 | 三个工做日内 | ３个工作天 | 叁个工作日 | 3个工作日以内 | 3个工作日之内 | 三天左右
2026-11-27 = 两三天 | T+3 | D+3 | 三个工作日左右 | T+1到T+3 | t+3个工作日 | T+1-3
2026-12-01 = 实在抱歉，请您耐心等待3-5个工作日哦 | 处理时效3-5个工作日 | ５个工作天内 | ３－５个工作日 | 7天之内
2026-12-01 = 不超过7天
2026-12-01 = 至多5个工作日 | 一周左右 | please allow up to 5 working days | 20261201 | １２月１日前 | 12.1前
2026-12-01 18:00 = 20261201 18:00
2026-11-30 = 11/30日 | 11.30日 | 11/30号前 | 11月30号前 | 月底前肯定给您赔付 | by month end | 截至11月30日 | 本月30号
2026-11-25 10:00 = 周三 10:00 | 周三10:00前
2026-11-25 12:00 = 周三上午 | 亲，最晚明天中午12点前 | 明天一早 | by lunchtime tomorrow
2026-11-25 20:00 = 最迟明晚8点
2026-11-27 = 最晚周五 | 最迟周五 | no later than Friday | by Friday at the latest | you will receive a reply by Friday
2026-11-27 18:00 = end of business Friday
2026-11-29 = 这周内 | should take 3-5 days
2026-12-01 = 1号前 | by the 1st
2026-12-05 = 下月5号 | 下个月的5号
2026-12-10 = 下个月的上旬
2026-12-24 = thirty days | within thirty days
2026-12-15 = 15号之前
2026-11-24 22:00 = 半天
2026-11-24 11:30 = 一个半小时
# the later part is the latest day
2026-12-01 = 最快3天，最晚7天 | 快则3天，慢则7天 | 预计最快3天，最慢7天
2026-12-09 = 一般3-7天到账，最晚15天
2026-11-27 = 最早周三，最迟周五 | 周三之后，周五之前 | from Wednesday to Friday | 从周三到周五
2026-11-30 = Friday at the earliest, Monday at the latest | 最快周五给您结果，最晚下周一
# 后 behind a length is a point, as in "in three days"; only 之后 and 以后 leave it open
2026-11-27 = 3天后 | 三天后给您答复 | 3个工作日后 | 3 days from now | 3 days later | 过3天
2026-12-01 = 一周后
2026-11-25 10:00 = 24小时后
2026-11-27 15:00 = 3天之后下午3点
# what is said beside it
2026-11-25 10:00 = 收到您的反馈，24小时内回复 | 已经提交，24小时内回复
2026-11-27 = 1-3个工作日（节假日顺延） | 已收到您的申请，3天内处理 | 不迟于周五 | we will check and reply by Friday
# lengths from a day that is named
2026-11-30 = 自11月25日起3个工作日内 | 11-25起3个工作日 | 3 working days from 11-25 | within 3 working days of 25 Nov
2026-11-30 = 周三收到退货后3个工作日
2026-12-02 = 11月25日签收后7天内 | within 7 days of 25 Nov
2026-11-27 = 今天起3天内 | 即日起3个工作日内 | 3 days from today | 11-20起7天 | 7 days from 20 Nov | 从现在起3天
2026-11-26 = 昨天起3个工作日 | yesterday起3天
2026-11-28 10:00 = 周五10:00起24小时内
2026-11-28 = 3 days from tomorrow | 周五起24小时内
# feasts
2026-12-31 = 元旦前 | 节前 | 元旦之前给您 | 元旦前一天 | 节前最后一个工作日 | 放假前 | New Year's Eve
2026-12-31 = 跨年 | before the holidays
2027-01-01 = 元旦 | 元旦当天 | by New Year's Day
~2027-01-03 = 元旦假期内 | during the holiday
~2027-01-04 = 节后 | 元旦后 | 节后第一个工作日 | 节后上班第一天 | 节后首个工作日 | 等节后 | 节假日后
~2027-01-04 = after the holidays | the first working day after the holiday | 收假后
~2027-01-04 18:00 = 节后首个工作日下班前
~2027-01-06 = 节后3个工作日内 | within 3 working days after the holiday
~2027-01-10 = 节后一周内
2027-02-04 = 春节前 | 年前 | 过年前 | 除夕前 | 明年春节前 | before Spring Festival | before Chinese New Year | 春节之前
~2027-02-04 = 春节放假前 | 春节假期前
2027-02-05 = 除夕 | 大年三十 | 年三十 | Chinese New Year's Eve
2027-02-05 15:00 = 除夕下午3点
2027-02-06 = 春节 | 正月初一 | 大年初一 | Spring Festival
~2027-02-10 = 春节期间
~2027-02-11 = 春节后 | 年后 | 过完年 | 春节后第一个工作日 | 春节之后第一天 | 年后第一个工作日 | after Spring Festival
2027-02-13 = 正月初八 | 大年初八 | 年初八
~2027-02-15 = 春节后第三个工作日
2027-02-20 = 元宵 | 元宵节 | 正月十五 | Lantern Festival
2027-04-05 = 清明 | 清明节
~2027-04-06 = 清明后
2027-04-30 = 五一前
~2027-05-05 = 五一后 | 五一后第一个工作日
2027-06-09 = 端午 | Dragon Boat Festival
2027-06-17 = 618前
2027-06-18 = 618 | 六一八
2027-09-14 = 中秋前 | 中秋节前 | before Mid-Autumn
~2027-09-16 = 中秋后 | 中秋節後
2027-09-30 = 国庆前 | 十一前
2027-10-01 = 国庆 | National Day
~2027-10-05 = 国庆期间 | 十一期间
~2027-10-06 = 国庆后第一个工作日 | 国庆后 | 十一后 | 国庆长假后 | after the National Day holiday
~2027-10-06 = 国庆节后 | 国庆假期结束后 | first working day after National Day | 2027年国庆后
2026-12-11 = 双十二前
2026-12-12 = 双十二 | 双12 | 双十二当天 | Double Twelve
2026-12-12 20:00 = 双12 20:00前
2027-11-11 = 双十一 | 双11 | Double Eleven
2026-12-24 = before Christmas | 圣诞前 | 平安夜
2026-12-25 = 圣诞 | by Christmas
"""


def rows(table: str) -> list[tuple[str, str]]:
    parts = (row.partition(" = ") for row in table.splitlines() if row and row[0] != "#")
    return [(phrase.strip(), meaning) for meaning, _, phrases in parts for phrase in phrases.split("|")]


CASES = rows(TABLE)


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)
    return at if ":" in text else at.replace(hour=23, minute=59, second=59)


def at(phrase: str, said: str) -> date:
    return parse_due(phrase, moment(f"{said} 10:00"), CHINA).at.date()


def test_the_table_is_large_and_says_nothing_twice() -> None:
    assert len(CASES) == len({phrase for phrase, _ in CASES}) >= 200


@pytest.mark.parametrize(("phrase", "meaning"), CASES, ids=[phrase for phrase, _ in CASES])
def test_a_phrase_means_its_moment(phrase: str, meaning: str) -> None:
    found = parse_due(phrase, SAID, CHINA)
    assert (found.at, found.estimated) == (moment(meaning.removeprefix("~")), meaning[0] == "~")
    assert found.start == SAID
    assert found.whole_day == (found.at.time() == duetime.END_OF_DAY)


EARLIEST = [
    *(
        "最快周五",
        "最早周五",
        "3天之后",
        "下周以后",
        "周三之后给您答复",
        "after Friday",
        "from Friday",
        "周三起",
        "周三后",
    ),
    *("Friday at the earliest", "not before Friday", "no earlier than Friday", "not until Friday", "earliest Friday"),
    *(
        "一周之后",
        "三天以后",
        "3天过后",
        "24小时之后",
        "半个月之后",
        "两天之后给您答复",
        "下周三以后",
        "月底之后",
        "25号以后",
    ),
    *("明天起", "从12月1日起", "从下周一起", "周一开始处理", "下周开始", "from next week", "starting Monday", "3天起"),
    *("Friday onwards", "Friday or later", "after 5pm", "after 3 days", "after tomorrow", "6点以后", "明天下班后"),
    *("18:00之后", "至少3天", "起码3个工作日", "最少一周", "3天以上", "3个工作日以上", "超过3天", "at least 3 days"),
    *(
        "over 3 days",
        "more than 3 days",
        "不早于11月30日",
        "最快也要3天",
        "最快3-5个工作日到账",
        "最快24小时到账",
        "最快节后",
    ),
    *(
        "周五才能给您答复",
        "国庆以后",
        "双十二后",
        "双11后",
        "618大促后",
        "after Christmas",
        "亲，最快明天哦",
        "最快下周吧",
    ),
    *("最快周五，看情况", "最早什么时候都不好说", "3天或以上", "明天之后再联系您"),
]


@pytest.mark.parametrize("phrase", EARLIEST)
def test_the_earliest_day_is_no_due_date(phrase: str) -> None:
    with pytest.raises(VaguePhrase, match=r"says when at the earliest, not by when: ask for the latest day, and enter"):
        parse_due(phrase, SAID, CHINA)


@pytest.mark.parametrize(
    "phrase", ["3天以内", "3天之内", "周五以前", "周五之前", "before Friday", "不超过3天", "最多3天"]
)
def test_what_only_looks_like_it_is_a_due_date(phrase: str) -> None:
    assert parse_due(phrase, SAID, CHINA).at == moment("2026-11-27")


FROM_WHEN = [
    ("收到退货后3个工作日", "2026-11-30"),
    ("收到货之后7天内", "2026-12-02"),
    ("商家收到退货后的3个工作日内", "2026-11-30"),
    ("仓库签收后48小时", "2026-11-27 09:00"),
    ("审核通过后24小时内", "2026-11-26 09:00"),
    ("平台审核后1-3个工作日", "2026-11-30"),
    ("亲，审核通过后24小时内给您退款哦", "2026-11-26 09:00"),
    ("自签收之日起7日内", "2026-12-02"),
    ("签收后7天", "2026-12-02"),
    ("退货入库后2天", "2026-11-27"),
    ("确认收货后15天", "2026-12-10"),
    ("提交申请后24小时内", "2026-11-26 09:00"),
    ("within 3 days of receipt", "2026-11-28"),
    ("3 working days after we receive the return", "2026-11-30"),
    ("within 24 hours after approval", "2026-11-26 09:00"),
    ("once approved, within 3 days", "2026-11-28"),
    ("within 7 days of receiving the goods", "2026-12-02"),
    ("3 days after delivery", "2026-11-28"),
]


@pytest.mark.parametrize(
    "phrase",
    [
        *(phrase for phrase, _ in FROM_WHEN),
        "after approval",
        "审核通过后",
        "收到货后给您退",
        "等仓库签收后给您退款，具体看情况",
        "收到货后几天内",
    ],
)
def test_what_counts_from_something_without_a_date_asks_from_when(phrase: str) -> None:
    with pytest.raises(VaguePhrase, match="does not say from when: enter the date it counts from") as refused:
        parse_due(phrase, SAID, CHINA)
    assert "--from" in str(refused.value)


@pytest.mark.parametrize(("phrase", "meaning"), FROM_WHEN)
def test_it_is_a_length_once_that_date_is_given(phrase: str, meaning: str) -> None:
    found = parse_due(phrase, moment("2026-11-25 09:00"), CHINA, from_event=True)
    assert found.at == moment(meaning)


@pytest.mark.parametrize("phrase", ["after approval", "审核通过后", "审核通过后给您退款"])
def test_after_something_without_a_length_has_no_latest_day_even_then(phrase: str) -> None:
    with pytest.raises(VaguePhrase, match="ask for the latest day"):
        parse_due(phrase, SAID, CHINA, from_event=True)


def test_a_length_from_a_named_day_shows_its_sum_from_that_day() -> None:
    found = parse_due("11-25起3个工作日", SAID, CHINA)
    assert str(duetime.explain(found)[0]) == "2026-11-25 is day 0; 3 working days are counted from the day after."
    assert [step.date.day for step in found.steps if step.counts] == [26, 27, 30]


@pytest.mark.parametrize(
    ("said", "phrase", "meaning"),
    [
        ("2026-10-03", "节后", "2026-10-08"),  # in the holiday, after that one
        ("2026-10-03", "国庆后第一个工作日", "2026-10-08"),
        ("2026-10-07", "节后3个工作日内", "2026-10-10"),  # a make-up Saturday
        ("2026-10-08", "节后", "2027-01-04"),  # over: after the next one
        ("2026-10-02", "国庆前", "2027-09-30"),
        ("2026-09-30", "国庆前", "2026-09-30"),
        ("2026-04-01", "五一期间", "2026-05-05"),
        ("2026-09-20", "节前", "2026-09-24"),
        ("2026-09-20", "节后", "2026-09-28"),  # Mid-Autumn comes first
        ("2026-02-01", "春节前", "2026-02-15"),
        ("2026-02-01", "春节放假前", "2026-02-14"),  # the make-up Saturday before the nine days
        ("2026-02-01", "节后上班第一天", "2026-02-24"),
        ("2026-02-20", "年后", "2026-02-24"),
        ("2026-02-16", "除夕", "2026-02-16"),
        ("2024-02-01", "春节", "2024-02-10"),
        ("2026-12-31", "元旦前", "2026-12-31"),
        ("2027-01-02", "元旦后", "2027-01-04"),
        ("2028-01-01", "春节前", "2028-01-24"),
    ],
)
def test_a_feast_is_the_one_that_runs_or_comes_next(said: str, phrase: str, meaning: str) -> None:
    assert at(phrase, said) == date.fromisoformat(meaning)


def test_a_published_holiday_is_no_estimate() -> None:
    assert not parse_due("国庆后", moment("2026-09-29 10:00"), CHINA).estimated


@pytest.mark.parametrize("phrase", ["2045年春节前", "2041年中秋", "2050年正月初八"])
def test_a_year_of_which_the_moon_is_not_known_is_refused_by_name(phrase: str) -> None:
    with pytest.raises(PhraseError, match="only known for 2014 to 2040: enter the date itself"):
        parse_due(phrase, SAID, CHINA)


@pytest.mark.parametrize("phrase", ["2045年国庆前", "2045年元旦"])
def test_a_feast_with_a_fixed_date_is_known_in_every_year(phrase: str) -> None:
    assert parse_due(phrase, SAID, CHINA).at.year == 2045


@pytest.mark.parametrize(
    "phrase",
    [
        "国庆前后",
        "春节左近",
        "节后再说",
        "年后再说",
        "这两天",
        "这几天",
        "月初",
        "下月初",
        "过一阵子",
        "一有结果就联系您",
        "ASAP",
        "尽快哦",
        "亲 尽快给您处理呢",
    ],
)
def test_words_around_a_feast_and_courtesies_still_name_no_date(phrase: str) -> None:
    with pytest.raises(VaguePhrase, match="gives no date: ask for one"):
        parse_due(phrase, SAID, CHINA)


@pytest.mark.parametrize(
    ("phrase", "sentence"),
    [
        ("20261301", "There is no month 13"),
        ("早于周五什么时候", "is not clear"),
        ("20260230", "There is no 30 February 2026"),
        ("20250101", "was already over on"),
        ("13/30日", "is not clear"),
        ("T+", "is not clear"),
        ("11-20起2天", "was already over on"),
    ],
)
def test_what_does_not_exist_is_refused_in_one_sentence(phrase: str, sentence: str) -> None:
    with pytest.raises(PhraseError, match=sentence):
        parse_due(phrase, SAID, CHINA)


@pytest.mark.parametrize("text", ["明后天", "今明两天", "节后", "T+3", "202611221"])
def test_what_names_no_exact_moment_is_none_for_the_log(text: str) -> None:
    with pytest.raises(PhraseError):
        parse_when(text, SAID)


def test_the_words_are_written_as_a_normalised_text_has_them() -> None:
    """A word that `normalise` alters would never be found."""
    tables = [
        (module.__name__, name, word)
        for module in (day, feast, period, reader)
        for name, table in vars(module).items()
        if isinstance(table, tuple | dict) and name != "EXAMPLES" and not name.startswith("__")
        for word in table
        if isinstance(word, str) and numbers.normalise(word) != word
    ]
    assert tables == []


@pytest.mark.parametrize(
    "unit", ["会", "after ", "最快", "收到", "of a ", "T+1-", "3天或", "节", "过完", "从", "之后", "亲，", "1-"]
)
def test_a_long_text_is_read_at_once(unit: str) -> None:
    """It would take minutes if the time grew faster than the length."""
    text = (unit * 50_000)[:50_000]
    try:
        assert parse_due(text, SAID, CHINA).at >= SAID
    except PhraseError as refused:
        assert refused.position is not None  # noqa: PT017
