"""What a filter finds: by words, in pinyin, by what people call a problem, and what comes nearest to it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.domain.attention import attention
from pddtui.domain.case import Case, Demand, Order
from pddtui.domain.query import QueryReader, haystack
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.message import Language
from pddtui.services.pinyin import fits, pinyin, sounds_of
from pddtui.services.search import Found, find_cases, reader_of
from pddtui.speech import Speech
from tests.domain.build import CALENDAR, SHANGHAI, at, case, filing, heard, said

RULES = rulebook(Handbook())


def reader(language: Language = "zh") -> QueryReader:
    return reader_of(RULES, Speech(language, SHANGHAI).spellings, {"ma": "王秀兰"})


CASES = (
    case(
        said(at(2), summary="要求退款，请给处理时间"),
        heard(at(3), "holding", summary="已反馈，请耐心等待"),
        title="电热水壶不通电",
        merchant="晨光电器店",
        problem="quality",
        order=Order(product="Kettle 1.7L", amount=Decimal(89)),
        filings=(filing(at(4)),),
    ),
    case(
        said(at(2), summary="申请平台调解"),
        title="退款被拖着",
        merchant="重庆小面馆",
        problem="refuse_refund",
        order=Order(amount=Decimal(300)),
        demand=Demand(amount=Decimal(250)),
        tags=("银行卡",),
    ),
    case(title="高仿球鞋", merchant="绿叶旗舰店", problem="counterfeit"),
    case(title="Strawberries crushed", problem="bad_fruit", closed_at=at(5), status="resolved"),
)
NAMES = dict(zip(("kettle", "refund", "shoes", "berries"), CASES, strict=True))


def look(query: str, which: QueryReader | None = None) -> Found:
    understood = which if which is not None else reader()
    entries = [attention(each, at(8), RULES, CALENDAR) for each in CASES]

    return find_cases(query, entries, lambda entry: haystack(entry.case, understood), understood)


def found(query: str, which: QueryReader | None = None) -> list[str]:
    """The names of the cases that are found, in order."""
    by_title = {each.title: name for name, each in NAMES.items()}
    return [by_title[entry.case.title] for entry in look(query, which).entries]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("tk", "退款"), ("tuikuan", "退款"), ("tuik", "退款"), ("tuiku", "退款"), ("tuikuanbei", "退款被拖着"),
        ("tj", "调解"), ("tiaojie", "调解"), ("diaojie", "调解"), ("cf", "重发"), ("chongfa", "重发"), ("zf", "重发"),
        ("yh", "银行"), ("yinhang", "银行"), ("yinxing", "银行"), ("cq", "重庆"), ("chongqing", "重庆"),
        ("huankuan", "还款"), ("haikuan", "还款"), ("danhao", "单号"), ("lv", "绿"), ("nvzhuang", "女装"),
        ("lvshi", "律师"), ("xian", "西安"), ("xian", "先"), ("xi", "西"), ("shouhou", "售后"), ("sh", "售后"),
        ("shh", "售后货"), ("zhe", "这"), ("pdd", "拼多多"), ("pinduoduo", "拼多多"), ("kuaidi", "快递"),
        ("pingtai", "平台"), ("ptjr", "平台介入"), ("er", "二"),
    ],
)  # fmt: skip
def test_what_is_typed_as_it_sounds_is_found(typed: str, text: str) -> None:
    assert fits(typed, f"那{text}吧")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("tk", "款退"), ("tuikuan", "退货"), ("kuantui", "退款"), ("t", "退款"), ("tk", "tea"), ("xx", "退款"),
        ("tk2", "退款"), ("tu ik", "退款"), ("", "ab"), ("ukuan", "退款"), ("vv", "退款"), ("tuikuann", "退款了"),
    ],
)  # fmt: skip
def test_what_sounds_otherwise_is_not_found(typed: str, text: str) -> None:
    assert (typed == "") == fits(typed, text)


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=30))
def test_any_letters_can_be_typed(typed: str) -> None:
    sounds = sounds_of(typed)
    assert sounds is None or not sounds.within("plain english")


@given(st.lists(st.sampled_from("退款重发货银行调解还女绿平台客服先西安投诉"), min_size=2, max_size=8), st.data())
def test_every_reading_of_every_character_finds_the_word(chars: list[str], data: st.DataObject) -> None:
    readings = [data.draw(st.sampled_from(pinyin().order(char) * 2)) for char in chars]
    word = "".join(chars)
    assert fits("".join(reading[0] for reading in readings), word)
    spoken = sounds_of("".join(readings[:3]))
    assert spoken is not None
    assert spoken.within(word)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kettle", ["kettle"]),
        ("退款", ["kettle", "refund"]),
        ("tk", ["refund"]),  # in names first: in a longer text two letters meet by chance
        ("tuikuan", ["kettle", "refund"]),
        ("drsh", ["kettle"]),
        ("tiaojie", ["refund"]),
        ("cqxm", ["refund"]),
        ("yhk", ["refund"]),
        ("qnx", ["kettle"]),  # 请耐心 is only in the log, and is found because no name has it
        ("山寨", ["shoes"]),
        ("假货", ["shoes"]),
        ("fake", ["shoes"]),
        ("烂", ["berries"]),
        ("rotten", ["berries"]),
        ("kettle tk", ["kettle"]),
        ("-tk", ["kettle", "shoes", "berries"]),
        ("状态:已解决", ["berries"]),
        ("是:已解决", ["berries"]),
        ("is:yijiejue", ["berries"]),
        ("层级:平台", ["kettle"]),
        ("层级：平台", ["kettle"]),
        ("rung:plat", ["kettle"]),
        ("问题:假货", ["shoes"]),
        ("问题:jiahuo", ["shoes"]),
        ("problem:counter", ["shoes"]),
        ("problem:fake", ["shoes"]),
        ("标签:银行卡", ["refund"]),
        ("-标签:银行卡 -状态:已解决", ["kettle", "shoes"]),
        ("轮到:对方", ["kettle", "refund"]),
        ("轮到:我", ["shoes"]),
        ("turn:mine", ["shoes"]),
        ("为:我", ["kettle", "refund", "shoes", "berries"]),
        ("sort:sum", ["refund", "kettle", "shoes", "berries"]),
        ("排序:金额", ["refund", "kettle", "shoes", "berries"]),
        ("-sort:sum", ["berries", "shoes", "kettle", "refund"]),
        ("sort:title", ["kettle", "shoes", "berries", "refund"]),
        ("sort:silence -is:resolved", ["refund", "kettle", "shoes"]),
        ("客服:你好", []),
    ],
)
def test_what_a_filter_finds(query: str, names: list[str]) -> None:
    answer = found(query)
    assert answer == names if "sort" in query or "排序" in query else sorted(answer) == sorted(names)


@pytest.mark.parametrize("query", ["是:逾期", "is:overdue", "轮到:对方", "turn:theirs", "层级:平台", "sort:due"])
def test_fields_and_values_are_understood_in_both_languages(query: str) -> None:
    assert found(query, reader("en")) == found(query, reader("zh"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("ketle", "Nothing has “ketle”; nearest is “kettle”, in 1 case."),
        ("strawbery", "Nothing has “strawbery”; nearest is “strawberries”, in 1 case."),
        ("电热水壶坏", "Nothing has “电热水壶坏”; nearest is “电热水壶”, in 1 case."),
        ("kettle turn:theirs tag:x", "Nothing matches; without “tag:x” 1 case does."),
        ("退款 外套", "Nothing matches; without “外套” 2 cases do."),
    ],
)
def test_what_finds_nothing_says_what_comes_nearest(query: str, said: str) -> None:
    answer = look(query)
    assert answer.entries == ()
    assert answer.nearest is not None
    assert Speech("en", SHANGHAI).say(answer.nearest) == said


def test_what_is_like_nothing_says_nothing() -> None:
    assert look("qqqqzz").nearest is None


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("is:overdu", "There is no filter “is:overdu”; did you mean “is:overdue”?"),
        ("sort:colour", "There is no order “colour”; use due, silence, sum, title."),
        ("colour:red", "There is no field “colour”; use is, turn, rung, problem, tag, for, status, sort."),
    ],
)
def test_a_mistake_says_what_was_meant(query: str, said: str) -> None:
    with pytest.raises(Refused) as caught:
        look(query)
    assert Speech("en", SHANGHAI).say(caught.value.message) == said
    assert caught.value.position == 0


def test_a_handbook_lists_what_else_people_say() -> None:
    every = Handbook().problems
    assert all(problem.also for problem in every)
    assert isinstance(CASES[0], Case)
