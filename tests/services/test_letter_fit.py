"""Which kinds of letter, articles, clocks and words fit a case: the law of what happened in it, and of nothing else."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Contact, Demand, Filing, Order
from pddtui.domain.deadlines import deadlines
from pddtui.handbook.book import Handbook
from pddtui.services.facts import fact_for_an_office, facts
from pddtui.services.letters.letters import Letters
from pddtui.ui.context import Context
from tests.services.test_letter_truth import a_case, filed, heard, promised, spoke, text
from tests.ui.cases import moment

BOOK = Handbook()
FRUIT = "五斤猕猴桃烂了一半"
DEMAND_ASKED = spoke("11-10 09:00", "merchant_chat")


def paid(case: Case, remedy: str = "refund_only", **more: object) -> Case:
    order = Order(amount=Decimal(199), **more)  # type: ignore[arg-type]
    return structs.replace(case, demand=Demand(remedy=remedy), order=order)


# What is said to an excuse.


@pytest.mark.parametrize(
    ("kind", "answered"),
    [
        *((kind, True) for kind in ("demand", "platform", "supervisor", "association", "c12315", "lawsuit")),
        *((kind, False) for kind in ("courier", "postal", "payment", "report")),
    ],
)
def test_an_excuse_is_answered_before_those_who_decide_on_it(letters: Letters, kind: str, answered: bool) -> None:
    for problem, excuse, answer in (
        ("bad_fruit", "生鲜不退", "只排除无理由退货"),
        ("refuse_refund", "已经拆封，影响二次销售", "不影响商品完好"),
        ("refuse_refund", "本店规定概不退换", "其内容无效"),
    ):
        case = a_case(DEMAND_ASKED, heard("11-10 10:00", "merchant_chat", excuse), title=FRUIT, problem=problem)
        assert (answer in "".join(letters.facts(case, letters.kind(kind), "zh").rebuttals)) is answered, excuse


def test_a_reminder_answers_the_excuse_of_the_shop_only_where_it_goes_to_one_who_decides(letters: Letters) -> None:
    shop = a_case(DEMAND_ASKED, title=FRUIT, problem="bad_fruit")
    courier = a_case(spoke("11-10 09:00", "courier_cs"), title=FRUIT, problem="bad_fruit")
    assert len(letters.facts(shop, letters.kind("chaser"), "zh").rebuttals) == 1
    assert letters.facts(courier, letters.kind("chaser"), "zh").rebuttals == ()


@pytest.mark.parametrize("problem", [problem.id for problem in BOOK.problems])
def test_an_answer_to_an_excuse_puts_words_into_nobody_s_mouth(letters: Letters, problem: str) -> None:
    said = "拆封、特价、生鲜的都不退"
    case = a_case(DEMAND_ASKED, heard("11-10 10:00", "merchant_chat", said), title=FRUIT, problem=problem)
    for language in ("zh", "en"):
        for answer in letters.facts(case, letters.kind("c12315"), language).rebuttals:
            assert re.search('[“”"]', answer) is None


# Clocks.


@pytest.mark.parametrize(
    ("problem", "basis"),
    [
        ("bad_fruit", ["inf8"]),
        ("counterfeit", ["inf8"]),
        ("quality", ["inf8"]),
        ("warranty", ["inf8"]),
        ("refund_only_refused", ["inf8"]),
        ("refuse_return", ["inf9"]),
    ],
)
def test_fifteen_days_rest_on_the_article_of_the_right_that_is_used(
    context: Context, problem: str, basis: list[str]
) -> None:
    book = context.casebook
    found = deadlines(a_case(DEMAND_ASKED, problem=problem), book.now(), book.rules, book.calendar)
    assert [list(clock.rule.basis) for clock in found if clock.rule.id == "stall_15d_demand"] == [basis]


@pytest.mark.parametrize(
    ("problem", "milestones", "clocks"),
    [
        ("refuse_refund", (), {"refund_7d_after_return": "crpl25_refund", "stall_15d_return": "inf9_refund"}),
        ("counterfeit", (), {"refund_7d_after_return": "crpl25_refund", "stall_15d_return": "inf8"}),
        ("counterfeit", ("no_return_right",), {"stall_15d_return": "inf8"}),
        ("bad_fruit", (), {"stall_15d_return": "inf8"}),
    ],
)
def test_goods_that_came_back_start_the_clocks_of_their_return(
    context: Context, problem: str, milestones: tuple[str, ...], clocks: dict[str, str]
) -> None:
    book, at = context.casebook, moment("11-05 09:00")
    case = structs.replace(
        a_case(problem=problem), milestones=dict.fromkeys(("merchant_received_return", *milestones), at)
    )
    found = deadlines(case, book.now(), book.rules, book.calendar)
    assert {clock.rule.id: clock.rule.basis[0] for clock in found if clock.rule.event.endswith("_return")} == clocks


# Reports.


@pytest.mark.parametrize(
    ("problem", "title", "cited", "absent"),
    [
        ("bad_fruit", FRUIT, "第三十四条第六项 第一百二十四条第一款第四项：", "保质期 第五项"),
        ("bad_fruit", "橙子只有四斤，缺斤少两", "处罚办法》第六条", "食品安全法 变质"),
        ("bad_fruit", "五斤猕猴桃", "第一百二十四条第一款第四项：", "保质期"),
        ("food", "还在保质期内的酸奶变质", "第三十四条第六项", "第十项"),
        ("food", "冬虫夏草过期", "第三十四条第十项", "第三十四条第六项"),
        ("food", "牛奶过期三天", "第三十四条第十项 第一百二十四条第一款第五项：", "混有异物 第四项"),
        ("food", "真空熟食胀袋", "第三十四条第六项 第一百二十四条第一款第四项：", "超过保质期"),
        ("food", "牛奶过期还发霉", "第三十四条第六项 第三十四条第十项 第五项：", "第四项、第五项"),
        ("food", "吃了不舒服", "第一百二十四条第一款第四项、第五项", ""),
        ("food", "进口饼干没有标签", "第三十四条第十一项", "第三十四条第六项"),
    ],
)
def test_a_report_cites_the_item_of_what_is_told(
    letters: Letters, problem: str, title: str, cited: str, absent: str
) -> None:
    told = text(letters, a_case(title=title, problem=problem), "report").split("请求")[0]
    assert [one for one in cited.split() if one not in told] == []
    assert [one for one in absent.split() if one in told.replace(title, "")] == []


# Which kinds are offered.

POST = {"courier", "postal"}
REPORTS = {"report", "report_anonymous"}


@pytest.mark.parametrize(
    ("problem", "parts", "there", "absent"),
    [
        ("bad_fruit", [DEMAND_ASKED], {"chaser", "silence", *REPORTS}, {*POST, "payment"}),
        ("bad_fruit", [], {"demand", "c12315"}, {*POST, "payment", "chaser", "silence"}),
        ("bad_fruit", [spoke("11-10 09:00", "courier_cs")], {"courier", "postal"}, {"payment"}),
        ("fake_sign", [DEMAND_ASKED], POST, {*REPORTS, "payment"}),
        ("lost", [], POST, {*REPORTS, "chaser", "silence"}),
        ("damaged", [], {*POST, *REPORTS}, {"payment"}),
        ("account_pay", [], {"payment"}, {*POST, *REPORTS}),
        ("quality", [spoke("11-10 09:00", "bank_payment")], {"payment", "chaser"}, POST),
        ("quality", [DEMAND_ASKED, heard("11-10 10:00", "merchant_chat", "不同意")], REPORTS, {"chaser", "silence"}),
        ("quality", [filed("11-20 09:00", "c12315")], {"chaser"}, POST),
        (
            "quality",
            [
                DEMAND_ASKED,
                heard("11-10 10:00", "merchant_chat", "周五退", promises=(promised("退款", "11-27 18:00"),)),
            ],
            {"chaser"},
            {"silence"},
        ),
        (None, [], REPORTS, {*POST, "chaser", "silence"}),
    ],
)
def test_only_the_kinds_that_say_something_are_offered(
    letters: Letters, problem: str | None, parts: list[Contact | Filing], there: set[str], absent: set[str]
) -> None:
    case = a_case(*parts, title=FRUIT, problem=problem)
    offered = {kind.id for kind in letters.offered_for(case)}
    assert there - offered == set()
    assert absent & offered == set()
    for name in absent:  # whoever names one gets it
        assert text(letters, case, name)
        assert name in {kind.id for kind in letters.offered_for(case, name)}
    listed = [kind.id for kind in letters.kinds_for(case)]
    assert sorted(listed) == sorted(kind.id for kind in letters.kinds)
    assert set(listed[: len(offered)]) == offered


def test_a_refund_that_was_agreed_to_and_has_not_come_is_asked_for_where_it_was_paid(letters: Letters) -> None:
    case = structs.replace(a_case(problem="quality"), milestones={"refund_agreed": moment("11-10 09:00")})
    assert "payment" in {kind.id for kind in letters.offered_for(case)}


# Conditions and facts.


@pytest.mark.parametrize(
    ("problem", "asked", "zh", "en"),
    [
        (
            "bad_fruit",
            "11-03 09:00",
            "（自2026年11月3日提出要求，至今已超过十五日）",
            "(asked for on 3 Nov 2026, more than",
        ),
        (
            "bad_fruit",
            "11-10 09:00",
            "（如自提出要求之日起满十五日仍无正当理由不处理）",
            "(once fifteen days have passed",
        ),
        (
            "refuse_return",
            "11-03 09:00",
            "（自2026年11月3日提出退货要求，至今已超过十五日）",
            "(the return was asked for on 3",
        ),
        ("refuse_return", "11-10 09:00", "（如存在所列情形）", "(where this is so)"),
    ],
)
def test_what_the_log_decides_is_no_condition(letters: Letters, problem: str, asked: str, zh: str, en: str) -> None:
    case = a_case(spoke(asked, "merchant_chat"), title=FRUIT, problem=problem)
    for kind in ("demand", "report"):
        assert zh in text(letters, case, kind)
        assert en in text(letters, case, kind, "en")


@pytest.mark.parametrize(
    ("back", "condition"),
    [
        ("11-03 09:00", "（自2026年11月3日收到退货，至今已超过十五日）"),
        ("11-10 09:00", "（如自收到退货之日起已超过十五日）"),
    ],
)
def test_nor_is_the_return_of_the_goods(letters: Letters, back: str, condition: str) -> None:
    case = structs.replace(a_case(problem="refuse_refund"), milestones={"merchant_received_return": moment(back)})
    assert condition in text(letters, case, "demand")


# Delivery.


@pytest.mark.parametrize("problem", ["fake_sign", "lost", "fake_shipping", "not_shipped"])
def test_goods_that_never_came_are_a_breach_of_the_contract(letters: Letters, problem: str) -> None:
    told = text(letters, a_case(DEMAND_ASKED, problem=problem), "demand")
    assert "电子商务法》第二十条" in told
    assert "民法典》第五百七十七条" in told
    assert "第五百六十三条" not in told
    ended = a_case(spoke("11-10 09:00", "merchant_chat", "要求解除合同，退款"), problem=problem)
    assert "第五百六十三条第一款第三项" in text(letters, ended, "demand")


def test_a_courier_is_told_the_rules_in_force(letters: Letters) -> None:
    told = text(letters, a_case(problem="fake_sign"), "postal")
    assert "《快递暂行条例》第二十八条" in told
    assert "《快递暂行条例》第二十九条" in told
    assert "文本）" not in told


# The problem, once, and as the person tells it.


@pytest.mark.parametrize(
    ("problem", "title", "zh", "en"),
    [
        ("bad_fruit", FRUIT, f"生鲜商品腐坏——{FRUIT}", f"spoiled fresh goods – {FRUIT}"),
        ("bad_fruit", "橙子缺斤少两", "生鲜商品缺重——橙子缺斤少两", "underweight fresh goods – 橙子缺斤少两"),
        ("bad_fruit", "橙子烂了三个，还少了半斤", "生鲜商品腐坏、缺重——橙子烂了三个，还少了半斤", None),
        ("bad_fruit", "橙子和说的不一样", "生鲜商品与约定不符——橙子和说的不一样", None),
        ("refuse_refund", "收到退货后拒绝退款", "收到退货后拒绝退款", None),
        ("refuse_refund", "收到退货后拒绝退款", None, "refund refused after the return – 收到退货后拒绝退款"),
        ("refuse_refund", "收到退货后以影响二次销售拒退", "收到退货后以影响二次销售拒退", None),
        ("refuse_refund", "退货寄回半个月没退款", "退货寄回半个月没退款", None),
        ("refuse_refund", "商家一直拖着", "收到退货后拖延退款——商家一直拖着", None),
        ("refuse_refund", "No refund since the return", None, "No refund since the return"),
        ("fake_sign", "显示签收但没有收到", "显示签收但没有收到", None),
        ("fake_sign", "快递丢在楼下", "签收与实际不符——快递丢在楼下", None),
        ("lost", "显示签收但未收到", "显示签收但未收到", None),
        ("quality", "耳机左边没有声音", "商品质量问题——耳机左边没有声音", None),
        ("counterfeit", "运动鞋疑似假货", "运动鞋疑似假货", None),
        ("privacy", "店家把我的电话公开了", "个人信息被泄露——店家把我的电话公开了", None),
        ("privacy", "差评后不断收到短信", "遭到骚扰——差评后不断收到短信", None),
        ("injury", "热水袋漏电", "商品存在安全隐患——热水袋漏电", None),
        (None, FRUIT, FRUIT, FRUIT),
    ],
)  # fmt: skip
def test_a_problem_is_said_once_and_no_more_of_it_than_was_told(
    letters: Letters, problem: str | None, title: str, zh: str | None, en: str | None
) -> None:
    case, kind = a_case(title=title, problem=problem), letters.kind("c12315")
    assert zh is None or letters.facts(case, kind, "zh").subject == zh
    assert en is None or letters.facts(case, kind, "en").subject == en


def test_a_description_tells_of_it_too_and_the_dossier_says_the_same(letters: Letters) -> None:
    case = structs.replace(a_case(title="橙子", problem="bad_fruit"), description="称重少了半斤")
    assert letters.facts(case, letters.kind("report"), "zh").subject == "生鲜商品缺重——橙子"
    fact = next(fact for fact in facts(case, BOOK.name_of) if fact.id == "problem")
    assert fact_for_an_office(fact, case, BOOK.problems["bad_fruit"])[1] == BOOK.problems["bad_fruit"].told("少了半斤")


# Goods that went back.


@pytest.mark.parametrize("remedy", ["refund_only", "return_refund"])
def test_a_refund_refused_after_the_return_is_of_goods_that_went_back(letters: Letters, remedy: str) -> None:
    case = paid(a_case(problem="refuse_refund"), remedy, received_at=moment("11-05 09:00"))
    told = text(letters, case, "demand")
    assert "退还货款199.00元（商品已退回）" in told
    assert "不退货" not in told
    assert "退货并退还" not in told
    english = text(letters, case, "demand", "en")
    assert "(the goods are back)" in english
    assert "without a return" not in english


def test_a_refund_of_goods_that_were_kept_still_says_so(letters: Letters) -> None:
    case = paid(a_case(title=FRUIT, problem="bad_fruit"), received_at=moment("11-05 09:00"))
    assert "退还货款199.00元（不退货）" in text(letters, case, "demand")
    back = structs.replace(case, milestones={"return_shipped": moment("11-08 09:00")})
    assert "退还货款199.00元（商品已退回）" in text(letters, back, "demand")
