"""A paper cites the part of the law that fits its case, and a report what it is for."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Complainant, Demand, Evidence, Operator, Order
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.services.letters.letters import Letters
from tests.services.test_letter_truth import a_case, heard, spoke, text
from tests.ui.cases import moment

BOOK = Handbook()
KINDS = BOOK.letters
REPORTS = [kind.id for kind in KINDS if kind.reports]
PROBLEMS = [problem.id for problem in BOOK.problems]


def about(problem: str, remedy: str | None = None, **order: object) -> Case:
    return structs.replace(a_case(problem=problem), demand=Demand(remedy=remedy), order=Order(**order))  # type: ignore[arg-type]


@pytest.mark.parametrize("problem", PROBLEMS)
def test_a_report_cites_prohibitions_and_penalties_and_no_claim(letters: Letters, problem: str) -> None:
    claims = {one for each in BOOK.problems for one in each.laws} | {one for it in BOOK.remedies for one in it.basis}
    claims -= {one for each in BOOK.problems for one in each.report}
    for report in REPORTS:
        told = text(letters, about(problem, "punitive3"), report)
        for one in claims:
            article = BOOK.articles[one]
            assert article.gives.zh not in told, one
        assert "退一赔" not in told
    for kind in KINDS:
        if not kind.reports:
            told = text(letters, about(problem), kind.id)
            assert not any(one.gives.zh in told for one in BOOK.articles if one.report), kind.id


@pytest.mark.parametrize(
    ("problem", "cited"),
    [
        ("food", "食品安全法》第三十四条 食品安全法》第六十七条 食品安全法》第一百二十四条"),
        (
            "counterfeit",
            "商标法》（2019年修正）第五十七条 产品质量法》第三十九条 产品质量法》第三十二条 处罚办法》第五条",
        ),
        ("counterfeit", "产品质量法》第五十条 消费者权益保护法》第五十六条 电子商务法》第八十三条"),
        ("merchant_gone", "电子商务法》第八十条"),
        ("false_ad", "反不正当竞争法》第九条 消费者权益保护法》第五十六条第一款第六项"),
    ],
)
def test_a_report_cites_what_forbids_the_problem(letters: Letters, problem: str, cited: str) -> None:
    told = text(letters, about(problem), "report")
    assert [one for one in cited.split() if one not in told] == []


def test_a_trade_mark_is_protected_by_the_law_of_the_day() -> None:
    old, new = BOOK.laws["tm"], BOOK.laws["tm2026"]
    assert old.valid_to is not None
    assert new.valid_from is not None
    assert (new.valid_from - old.valid_to).days == 1


def test_an_anonymous_report_says_nowhere_who_writes(letters: Letters) -> None:
    case = a_case(spoke("11-10 09:00", "merchant_chat", "我叫李小红，电话13800138000"), problem="food")
    case = structs.replace(
        case,
        complainant=Complainant(name="李小红", phone="13800138000", address="人民路1号"),
        order=Order(number="261113-123456789012345", tracking="YT1234567890", amount=Decimal("46.80")),
        description="李小红在家，订单261113-123456789012345",
    )
    told = letters.write(case, letters.nameless("report"), "zh").text
    for private in (
        "李小红",
        "13800138000",
        "人民路1号",
        "261113",
        "YT1234567890",
        "举报人：",
        "【姓名】",
        "【手机号】",
    ):
        assert private not in told, private
    assert "46.80元" in told
    assert "食品安全法》第三十四条" in told
    assert "李小红" in letters.write(case, letters.kind("report"), "zh").text
    with pytest.raises(Refused, match="only a report may be anonymous"):
        letters.nameless("c12315")


def test_tenfold_says_that_the_seller_knew_and_a_refund_does_not_cite_it(letters: Letters) -> None:
    tenfold = text(letters, about("food", "food10x", amount=Decimal("46.80")), "c12315")
    assert "食品安全法》第一百四十八条第二款" in tenfold
    assert tenfold.count("明知") >= 3
    assert "knew" in text(letters, about("food", "food10x", amount=Decimal("46.80")), "c12315", "en")
    plain = text(letters, about("food", "refund_only"), "c12315")
    assert "第一百四十八条第一款" in plain
    assert "十倍" not in plain


@pytest.mark.parametrize(
    ("problem", "there", "absent"),
    [
        ("quality", "第二十三条第一款、第二款", "举证"),
        ("warranty", "第二十三条第三款（如属于所列耐用商品", "五年"),
        ("refuse_refund", "第二十五条第三款", "无需说明理由"),
        ("refuse_return", "第二十五条（", "返还消费者支付"),
        ("injury", "第五十五条第二款", "三倍"),
        ("counterfeit", "第五十五条第一款", "二倍"),
        ("not_shipped", "电子商务法》第二十条", "十五日"),
    ],
)
def test_only_the_half_of_an_article_that_applies_is_cited(
    letters: Letters, problem: str, there: str, absent: str
) -> None:
    told = text(letters, about(problem), "demand")
    assert there in told
    assert absent not in told


def test_a_platform_is_told_to_pay_only_where_it_cannot_name_the_seller(letters: Letters) -> None:
    unknown = about("quality")
    known = structs.replace(unknown, operator=Operator(name="某某商贸有限公司", address="杭州市某路1号"))
    assert "消费者权益保护法》第四十四条" in text(letters, unknown, "platform")
    assert "消费者权益保护法》第四十四条" not in text(letters, known, "platform")
    gone = structs.replace(known, problem="merchant_gone")
    assert "消费者权益保护法》第四十四条" in text(letters, gone, "platform")


def test_what_the_page_promised_leads(letters: Letters) -> None:
    case = about("bad_fruit", "refund_only", page_promise="坏果包赔，24小时内")
    for kind in ("c12315", "association", "platform", "demand"):
        told = text(letters, case, kind)
        assert "商家在商品页承诺“坏果包赔，24小时内”" in told
        assert told.index("坏果包赔") < told.index("依据\n")
        first = told.split("（以下为条文要点，以现行文本为准）\n")[1].splitlines()[0]
        assert first.startswith("1. ")
        assert "第十条" in first
    assert "第十条（" not in text(letters, about("bad_fruit", "refund_only"), "demand")
    unnoted = text(letters, about("counterfeit", "promised_comp"), "demand")
    assert "【照抄商品页上的承诺】" in unnoted


@pytest.mark.parametrize(
    ("problem", "said", "answer"),
    [
        ("bad_fruit", "请提供照片", "只排除无理由退货"),
        ("quality", "生鲜不退的亲", "只排除无理由退货"),
        ("refuse_return", "您已经拆封了，影响二次销售", "第三条"),
        ("refuse_refund", "特价商品概不退换", "第二十六条"),
    ],
)
def test_an_excuse_is_answered(letters: Letters, problem: str, said: str, answer: str) -> None:
    case = a_case(spoke("11-10 09:00", "merchant_chat"), heard("11-10 10:00", "merchant_chat", said), problem=problem)
    assert answer in text(letters, case, "c12315").split("六、")[1]
    assert "只排除无理由退货" not in text(letters, about("quality"), "c12315")


@pytest.mark.parametrize("kind", ["c12315", "report", "association"])
def test_what_a_form_asks_for_and_nobody_knows_is_left_to_be_filled_in(letters: Letters, kind: str) -> None:
    told = text(letters, a_case(problem="quality"), kind)
    for blank in ("【订单号】", "【实付金额】", "【姓名】", "【手机号】", "【店铺资质页的经营者名称】"):
        assert blank in told
    known = structs.replace(
        a_case(problem="quality"), order=Order(number="261113-1", received_at=moment("11-12 09:00"))
    )
    assert "【订单号】" not in text(letters, known, kind)


def test_a_complaint_to_12315_has_what_order_121_asks_for(letters: Letters) -> None:
    told = text(letters, a_case(problem="quality"), "c12315")
    assert "证件类型和号码：【证件类型、证件号码" in told
    assert "本人同意调解" in told


# The papers for a court, the press and the app.


def test_a_statement_of_claim_has_what_a_court_asks_for(letters: Letters) -> None:
    case = a_case(spoke("11-10 09:00", "merchant_chat", "要求退款"), problem="counterfeit")
    case = structs.replace(
        case,
        demand=Demand(remedy="punitive3"),
        order=Order(amount=Decimal(100)),
        operator=Operator(name="某某商贸有限公司", address="杭州市某路1号"),
        complainant=Complainant(name="李小红", phone="13800138000", address="上海市某路2号"),
    )
    told = text(letters, case, "lawsuit")
    parts = ("民事起诉状", "当事人", "诉讼请求", "事实与理由", "此致", "具状人", "附：")
    places = [told.index(part) for part in parts]
    assert places == sorted(places)
    for there in ("原告：李小红", "被告：某某商贸有限公司", "诉讼费用由被告承担", "600.00元", "第五十五条第一款"):
        assert there in told
    for blank in (
        "【性别】",
        "【出生日期】",
        "【民族】",
        "【有管辖权的人民法院】",
        "法定代表人（负责人）：【",
        "【签名】",
    ):
        assert blank in told
    assert "〈中华人民共和国民事诉讼法〉的解释》第二十条" in told
    assert "交易平台：拼多多" not in told
    assert "五十六条" not in told


@pytest.mark.parametrize(
    ("problem", "remedy", "copies"),
    [("quality", None, 1), ("merchant_gone", None, 2), ("quality", "platform_first_pay", 1), ("account_pay", None, 3)],
)
def test_whoever_owes_is_sued(letters: Letters, problem: str, remedy: str | None, copies: int) -> None:
    told = text(letters, about(problem, remedy), "lawsuit")
    assert told.count("\n被告：") == copies
    assert f"副本{'零一两三'[copies]}份" in told
    assert told.count("Defendant: ") == 0
    assert text(letters, about(problem, remedy), "lawsuit", "en").count("\nDefendant: ") == copies


def test_a_list_of_evidence_is_a_sheet_of_its_own(letters: Letters) -> None:
    at = moment("11-10 09:00")
    page = Evidence(id="e1", kind="order_page", proves="付款459元", place="拼多多App订单页", added_at=at)
    bare = Evidence(id="e2", kind="photo", added_at=at)
    told = text(letters, a_case(page, bare, problem="quality"), "evidence_list")
    rows = [line for line in told.splitlines() if "｜" in line]
    assert [cell.strip() for cell in rows[0].split("｜")] == ["序号", "证据名称", "证据来源", "证明内容", "页码"]
    assert rows[1].startswith("1　｜　订单详情页")
    assert "拼多多App订单页　｜　付款459元" in rows[1]
    assert rows[2].count("【") == 3
    assert "共2份" in told
    assert "证据材料2份" in text(letters, a_case(page, bare, problem="quality"), "lawsuit")


def test_a_lead_for_the_press_is_masked_and_says_whom_to_call(letters: Letters) -> None:
    case = a_case(spoke("11-10 09:00", "merchant_chat", "我是李小红，电话13800138000"), problem="quality")
    case = structs.replace(case, complainant=Complainant(name="李小红", phone="13800138000"))
    letter = letters.write(case, letters.kind("press"), "zh")
    assert letter.public
    assert "李小红" not in letter.text
    assert "13800138000" not in letter.text
    assert "联系人：【姓名】" in letter.text
    assert letters.mask(case, letter, "none").text == letter.text


def test_a_text_for_the_app_says_how_much_of_it_must_go(letters: Letters) -> None:
    kind = letters.kind("app_text")
    case = about("bad_fruit", "partial_refund", amount=Decimal(39), page_promise="坏果包赔")
    letter = letters.write(case, kind, "zh")
    assert kind.limit is not None
    assert kind.unsure
    assert "\n" not in letter.text.strip()
    assert len(letter.text.strip()) <= kind.limit
    assert str(letter.room) == f"{len(letter.text.strip())} of at most 200 characters (the limit is unverified)"
    longer = letters.reworded(case, letter, "坏" * 230 + "\n")
    assert str(longer.room) == "230 characters, at most 200: 30 must go (the limit is unverified)"
    assert letters.write(case, letters.kind("demand"), "zh").room is None
