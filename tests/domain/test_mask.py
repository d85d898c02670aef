"""What a text for strangers must not hold, and what it must keep. Every number in here is invented."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pddtui.domain import mask
from pddtui.domain.case import Operator, Order, Person
from pddtui.domain.history import Change
from pddtui.domain.mask import Known, KnownValues, Masked, Masker, MaskLevel, Rule, private_values
from pddtui.handbook.book import Handbook
from pddtui.services.masking import Masking, hide_in
from tests.domain.build import at, case, filing, heard
from tests.domain.mask_sentences import HARMLESS, SECRETS


@pytest.fixture(scope="module")
def masking() -> Masking:
    return Masking(Handbook(), "zh")


HIDDEN = [
    # text, what the public form is
    ("身份证11010519491231002X", "身份证〔身份证号〕"),
    ("证号：110105199003076534。", "证号：〔身份证号〕。"),
    ("订单261118-123456789012345到了", "订单〔订单号〕到了"),
    ("订单 ２６１１１８－１２３４５６７８９０１２３４５", "订单 〔订单号〕"),
    ("交易号4200001234202611221234567890", "交易号〔支付交易号〕"),
    ("支付宝2026112222001412345678901234", "支付宝〔支付交易号〕"),
    ("快递单号：773012345678901", "快递单号：〔运单号〕"),
    ("运单号为9876543210123", "运单号为〔运单号〕"),
    ("退货单号 75312345678901", "退货单号 〔运单号〕"),
    ("物流单号是YT7412345678901", "物流单号是〔运单号〕"),
    ("顺丰 SF1234567890123 在途", "顺丰 〔运单号〕 在途"),
    ("JT5123456789012，极兔", "〔运单号〕，极兔"),
    ("EMS EA123456789CN", "EMS 〔运单号〕"),
    ("DPK202611221234", "〔运单号〕"),
    ("卡号6222021234567890123", "卡号〔银行卡号〕"),
    ("卡号 6222 0212 3456 7890", "卡号 〔银行卡号〕"),
    ("退到4367-4212-3456-7890", "退到〔银行卡号〕"),
    ("电话13800138000", "电话〔手机号〕"),
    ("打138-0013-8000找我", "打〔手机号〕找我"),
    ("138 0013 8000", "〔手机号〕"),
    ("+86 13800138000", "〔手机号〕"),
    ("008613800138000", "〔手机号〕"),
    ("手机１３８００１３８０００", "手机〔手机号〕"),
    ("手机138\u200b0013\u200b8000", "手机〔手机号〕"),
    ("微\u2060信号：wo_de_hao1", "微\u2060信号：〔微信号〕"),
    ("座机021-61234567", "座机〔固定电话〕"),
    ("010 61234567转123", "〔固定电话〕"),
    ("0571-8123456", "〔固定电话〕"),
    ("邮箱zhang.san+1@example.com", "邮箱〔邮箱/支付宝账号〕"),
    ("a_b@mail.example.com.cn。", "〔邮箱/支付宝账号〕。"),
    ("微信：zhangsan88", "微信：〔微信号〕"),
    ("VX zhangsan_88", "VX 〔微信号〕"),
    ("wechat: abc12345", "wechat: 〔微信号〕"),
    ("QQ12345678", "QQ〔QQ号〕"),
    ("扣扣号：987654321", "扣扣号：〔QQ号〕"),
    ("取件码：3-2-1024", "取件码：〔取件码〕"),
    ("自提码A1B2", "自提码〔取件码〕"),
    ("收件人：王小明", "收件人：〔姓名〕"),
    ("姓名:欧阳娜娜，女", "姓名:〔姓名〕，女"),
    ("户名：买买提·艾力", "户名：〔姓名〕"),
    ("收货地址：上海市长宁区某路1弄2号301室", "收货地址：〔地址〕"),
    ("住址: 幸福里小区东门", "住址: 〔地址〕"),
    ("上海市长宁区娄山关路533号", "〔地址〕"),
    ("浙江省杭州市西湖区文三路90号5幢", "〔地址〕"),
    ("身份证110101 19900307 1234", "身份证〔身份证号〕"),
    ("身份证号 110101-19900307-123X", "身份证号 〔身份证号〕"),
    ("护照号 E12345678", "护照号 〔护照号〕"),
    ("passport no. EA1234567", "passport no. 〔护照号〕"),
    ("订单号：261118-123456789012", "订单号：〔订单号〕"),
    ("订单编号261118123456789012345", "订单编号〔订单号〕"),
    ("订单 261118–123456789012345", "订单 〔订单号〕"),
    ("订单号是：261118 123456789012345", "订单号是：〔订单号〕"),
    ("打138.1234.5678", "打〔手机号〕"),
    ("138–1234–5678", "〔手机号〕"),
    ("(010)62345678", "〔固定电话〕"),
    ("（０２１）６２３４５６７８", "〔固定电话〕"),
    ("座机：0755 8765 4321", "座机：〔固定电话〕"),
    ("座机：87654321", "座机：〔固定电话〕"),
    ("电话 6234 5678", "电话 〔固定电话〕"),
    ("021－62345678转8", "〔固定电话〕"),
    ("0755-87654321分机802", "〔固定电话〕"),
    ("我的QQ号码是12345678", "我的QQ号码是〔QQ号〕"),
    ("QQ群 123456789", "QQ群 〔QQ号〕"),
    ("QQ号为：123456", "QQ号为：〔QQ号〕"),
    ("微信号是：zhang_san1", "微信号是：〔微信号〕"),
    ("交易号0215339528812345678901234567", "交易号〔支付交易号〕"),
    ("取件码 123456", "取件码 〔取件码〕"),
    ("取件码是：8-2-3011", "取件码是：〔取件码〕"),
    ("取货码 12 3456", "取货码 〔取件码〕"),
    ("订单261118123456789012345", "订单〔订单号〕"),
    ("工单号SH20261122", "工单号〔工单号〕"),
    ("客服工号086说", "客服工号〔工号〕说"),
    ("（工号7）", "（工号〔工号〕）"),
    ("工号是：A-07", "工号是：〔工号〕"),
    ("staff no. 086", "staff no. 〔工号〕"),
    ("agent no. 12", "agent no. 〔工号〕"),
    ("联系人 李四", "联系人 〔姓名〕"),
    ("收件人　王小明，电话不通", "收件人　〔姓名〕，电话不通"),
    ("收件人：John Smith", "收件人：〔姓名〕"),
    ("Name: Mary-Ann O'Neill", "Name: 〔姓名〕"),
    ("快递单号是：773012345678", "快递单号是：〔运单号〕"),
    ("您的验证码：482913", "您的〔短信验证码〕"),
    ("地址：北京市朝阳区某街5号 电话13800138000", "地址：〔地址〕〔手机号〕"),
    ("a@b.com13800138000", "〔邮箱/支付宝账号〕〔手机号〕"),
]

KEPT = [
    "价格¥1299.00，退差价300元",
    "已售13800件，好评率98.7%",
    "2026-11-22 10:30:45 提交",
    "20261122103045",
    "拨打12315或12345投诉",
    "快递投诉12305，报警110，急救120",
    "官方热线021-53395288",
    "热线021-61897088转0",
    "客服 400-8822-528",
    "统一社会信用代码：91310105MA1FL0XX3K",
    "信用代码913101051990030765",
    "上海某某贸易有限公司",
    "3个工作日内给结论",
    "第55条，三倍，最低500元",
    "型号SF-600，容量1.7L",
    "版本1.13800138000.2",
    "重量12345678克",
    "法释〔2022〕8号",
    "等了60天，打了11次电话",
    "单价4.5元，共12345.67元",
    "¥88,888.00",
    "2026年11月22日至2027年1月21日",
    "姓名没有写",
    "地址不详",
    "微信支付89元",
    "按《消费者权益保护法》第24条",
    "联系人 没有写",
    "收件人 电话 地址都对",
    "联系人不在",
    "工号没有告诉我",
    "工号不明，3天后再问",
    "取件码没收到",
    "QQ上没有人",
    "QQ客服3天没回",
    "护照不需要",
    "型号 KFR-35GW/26，货号 6901234567892",
    "型号 AB12345678",
    "打电话 3 次，每次 20 分钟",
    "打了电话20261122，没人接",
    "电话12315",
    "热线（021）53395288",
    "订单号我再发一次",
    "订单 12345.67 元",
    "订单金额 1299 元，第 3 单",
    "Product name: Kettle Pro",
    "the shop name is unknown",
    "GB 4706.1-2005",
    "2026-11-22至2026-12-31",
    "民法典第577条、第195条",
    "SKU 2611-1234",
    "共 261118 元",
    "3.1234.5678",
]


@pytest.mark.parametrize(("text", "wanted"), HIDDEN)
def test_personal_data_is_hidden_from_the_public(masking: Masking, text: str, wanted: str) -> None:
    assert masking.mask(text, "public").text == wanted


@pytest.mark.parametrize("text", KEPT)
@pytest.mark.parametrize("level", ["none", "partial", "public"])
def test_what_is_public_or_no_person_s_stays(masking: Masking, text: str, level: MaskLevel) -> None:
    assert masking.mask(text, level) == Masked(text=text)


def told(kind: str) -> list[tuple[str, str]]:
    """The sentences of that kind, each with the secret that is between its brackets."""
    return [
        (each.replace("[[", "").replace("]]", ""), found[1])
        for each in SECRETS[kind]
        if (found := re.search(r"(?s)\[\[(.*?)\]\]", each)) is not None
    ]


TOLD = [pair for kind in SECRETS for pair in told(kind)]


def test_every_sentence_of_the_table_names_its_secret() -> None:
    assert len(TOLD) == sum(map(len, SECRETS.values()))


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_of_each_kind_is_gone_from_a_public_text(masking: Masking, kind: str) -> None:
    masked = [(text, secret, masking.mask(text, "public").text) for text, secret in told(kind)]
    assert [(text, shown) for text, secret, shown in masked if secret in shown] == []
    assert [text for text, _, shown in masked if masking.mask(shown, "public").text != shown] == []


@pytest.mark.parametrize("between", ["", " ", "，"])
def test_two_secrets_beside_each_other_are_masked_once_and_for_all(masking: Masking, between: str) -> None:
    """Numbers that stand side by side must not be read as one, nor a label as what it stands for."""
    for (one, _), (other, _) in zip(TOLD, TOLD[13:], strict=False):
        once = masking.mask(f"{one}{between}{other}", "public").text
        assert masking.mask(once, "public").text == once


@pytest.mark.parametrize("part", range(10))
def test_words_like_a_secret_stay(masking: Masking, part: int) -> None:
    masked = [(text, masking.mask(text, "public")) for text in HARMLESS[part::10]]
    assert [found for text, found in masked if found != Masked(text=text)] == []


def test_every_rule_is_needed_for_some_sentence(masking: Masking) -> None:
    """A rule that finds nothing here is no rule that anybody has tried."""
    texts = [*(text for text, _ in TOLD), *(text for text, _ in HIDDEN)]
    found = {span.rule for text in texts for span in masking.mask(text, "public").spans}
    masks = Handbook().masks
    assert {rule.id for rule in masks.rules} - found == set()
    assert {part.id for part in masks.parts if not any(f"%{part.id}%" in rule.pattern for rule in masks.rules)} == set()


@pytest.mark.parametrize("every", [6, pytest.param(1, marks=pytest.mark.slow)])
def test_what_spares_the_looking_spares_no_find(monkeypatch: pytest.MonkeyPatch, every: int) -> None:
    texts = [*(text for text, _ in TOLD), *(text for text, _ in HIDDEN), *KEPT, *HARMLESS][::every]
    sparing = [Masking(Handbook(), "zh").mask(text, "public") for text in texts]
    monkeypatch.setattr(mask, "_longest_number", lambda _: 10**6)
    monkeypatch.setattr(mask, "_has_one", lambda *_: True)
    looking = Masking(Handbook(), "zh")
    assert [looking.mask(text, "public") for text in texts] == sparing


def test_the_table_is_as_long_as_was_asked() -> None:
    assert (len(HIDDEN) >= 60, len(KEPT) >= 40) == (True, True)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("13800138000", "138****8000"),
        ("138.0013.8000", "138****8000"),
        ("+86 138 0013 8000", "138****8000"),
        ("11010519491231002X", "1****************X"),
        ("6222021234567890", "****7890"),
        ("261118-123456789012345", "261118-***********2345"),
        ("SF1234567890123", "SF****0123"),
        ("单号：773012345678", "单号：77****5678"),
        ("姓名：王小明", "姓名：〔姓名〕"),
    ],
)
def test_a_partly_hidden_number_is_still_recognised_by_its_owner(masking: Masking, text: str, wanted: str) -> None:
    assert masking.mask(text, "partial").text == wanted


def test_nothing_is_hidden_from_an_authority(masking: Masking) -> None:
    text = "姓名：王小明，电话13800138000"
    assert masking.mask(text, "none") == Masked(text=text)


def known(*values: str) -> KnownValues:
    return KnownValues([Known(kind="name", name="姓名", value=value) for value in values])


PLAIN = Masker([Rule(id="mobile", name="手机号", pattern=r"(?<!\d)1[3-9]\d{9}(?!\d)")], keep=["021-53395288"])


def test_known_values_go_first_and_the_longest_before_its_part() -> None:
    masked = PLAIN.mask("王小明明和王小明", "public", known("王小明", "王小明明"))
    assert [span.original for span in masked.spans] == ["王小明明", "王小明"]


@pytest.mark.parametrize(
    "written", ["AB-12-34", "ab1234", "A B 1 2 3 4", "ＡＢ１２３４", "AB\u200b12\u200d34", "AB–1234"]
)
def test_a_known_value_is_found_however_it_is_written(written: str) -> None:
    assert PLAIN.mask(f"号{written}。", "public", known("AB 12-34")).text == "号〔姓名〕。"


@pytest.mark.parametrize("value", ["7", "07", "  ", "-", "李"])
def test_a_value_too_short_to_tell_anything_is_not_looked_for(value: str) -> None:
    assert PLAIN.mask("07号李女士 - 7", "public", known(value)).spans == ()


def test_a_short_latin_name_is_not_found_inside_a_word() -> None:
    assert PLAIN.mask("Li said: delivery", "public", known("Li")).text == "〔姓名〕 said: delivery"


ODD = st.text("aAbBſsKkKıiİIßẞé\u0301王小明１1２2 -", min_size=1, max_size=6)


@settings(max_examples=400)
@given(value=ODD, text=ODD)
def test_no_value_is_passed_over_because_of_its_letters(value: str, text: str) -> None:
    """What spares the looking must never spare a find, however a pattern that ignores case compares letters."""

    class Everywhere(KnownValues):
        def perhaps_in(self, text: str) -> list[mask._Sought]:  # noqa: ARG002
            return list(self._sought)

    found, everywhere = known(value), Everywhere([Known(kind="name", name="姓名", value=value)])
    for written in (text, value, value.swapcase(), value.upper(), f"{text}{value.lower()}{text}"):
        assert PLAIN.mask(written, "public", found) == PLAIN.mask(written, "public", everywhere)


def test_the_values_of_a_case_are_compiled_once_for_all_its_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hundred and sixty people took more than two minutes, when each text compiled each of them again."""
    compiled = 0
    loose = mask._loose

    def counting(value: str) -> re.Pattern[str]:
        nonlocal compiled
        compiled += 1
        return loose(value)

    monkeypatch.setattr(mask, "_loose", counting)
    people = [
        f"{first}{second}{third}" for first in "赵钱孙李周吴" for second in "伟芳娜敏静" for third in "秀丽强磊军"
    ]
    contacts = tuple(
        heard(at(1), summary=f"{name}说退款，{people[n // 2]}同意", person=Person(name=name, staff_no=f"8{n:03d}"))
        for n, name in enumerate(people)
    )
    hidden, _ = hide_in(case(*contacts), "public", Masking(Handbook(), "zh"))
    assert not any(name in contact.summary for contact in hidden.contacts for name in people)
    assert compiled <= 3 * len(people)


def test_a_label_never_says_a_known_value_again() -> None:
    assert PLAIN.mask("姓名是姓名", "public", known("姓名")).text == "〔…〕是〔…〕"


def test_every_span_is_told_by_its_place_in_the_original() -> None:
    text = "\u200b甲１３８00138000乙13900139000"
    masked = PLAIN.mask(text, "public")
    assert [text[span.start : span.end] for span in masked.spans] == [span.original for span in masked.spans]
    assert [span.original for span in masked.spans] == ["１３８00138000", "13900139000"]


def test_what_a_case_knows_of_persons_orders_and_numbers_is_private() -> None:
    dispute = case(
        heard(at(2), person=Person(name="小王", role="店铺客服", staff_no="8807")),
        heard(at(3), person=Person(name="官方客服")),
        order=Order(number="261109-1234", tracking="77301"),
        filings=(filing(at(4), reference="SH2026"),),
        operator=Operator(name="上海某某贸易有限公司", address="某路1号"),
        merchant="小家电店",
    )
    assert set(private_values(dispute)) == {
        ("order", "261109-1234"),
        ("waybill", "77301"),
        ("reference", "SH2026"),
        ("name", "小王"),
        ("staff_no", "8807"),
    }


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("王记小吃店", {("address", "某路1号")}),
        ("王小明", {("address", "某路1号"), ("name", "王小明")}),
        ("上海某某贸易有限公司", set()),
    ],
)
def test_the_address_of_a_sole_trader_is_private_and_a_bare_name_too(name: str, wanted: set[tuple[str, str]]) -> None:
    assert set(private_values(case(operator=Operator(name=name, address="某路1号")))) == wanted


MASKING = Masking(Handbook(), "zh")

SHOP = case(
    heard(at(2), person=Person(name="小明", staff_no="8807")),
    merchant="杭州小明家纺店",
    operator=Operator(name="杭州小明家纺有限公司", address="某路1号"),
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("杭州小明家纺店的小明说", "杭州小明家纺店的〔姓名〕说"),
        ("杭州小明 家纺店", "杭州小明 家纺店"),
        ("经营者杭州小明家纺有限公司，客服小明", "经营者杭州小明家纺有限公司，客服〔姓名〕"),
        ("联系人：小明，工号8807", "联系人：〔姓名〕，工号〔工号〕"),
    ],
)
def test_the_shop_keeps_its_name_though_an_agent_is_called_like_a_part_of_it(text: str, wanted: str) -> None:
    assert MASKING.mask(text, "public", SHOP).text == wanted


@pytest.mark.parametrize(
    "piece", ["13800138000", "4000123456789012", "110105199003076534", "261118", "e6222021234567890123"]
)
def test_the_hash_of_the_record_stays_whole_whatever_its_digits_look_like(piece: str) -> None:
    """A random one looked like an account in about one letter of fifty, and proved nothing then."""
    whole = f"a{piece}b".ljust(64, "c")
    change = Change(id="1", at=at(1), action="open", hash=whole)
    known = case(order=Order(number=piece), history=(change,))
    assert MASKING.mask(f"校验值（SHA-256）{whole}，单号{piece}", "public", known).text.startswith(
        f"校验值（SHA-256）{whole}，"
    )
    assert piece not in MASKING.mask(f"校验值，单号{piece}", "public", known).text


def test_a_shop_that_is_called_as_a_person_is_hidden_with_the_person() -> None:
    trader = case(merchant="王小明", operator=Operator(name="王小明"))
    assert MASKING.mask("王小明不理我", "public", trader).text == "〔姓名〕不理我"


def test_what_somebody_asks_to_be_hidden_is_hidden_in_a_public_name_too() -> None:
    assert MASKING.mask("杭州小明家纺店", "public", SHOP, hide=["家纺"]).text == "杭州〔姓名〕〔已遮盖〕店"


def test_a_field_of_its_own_is_hidden_however_short_it_is() -> None:
    person = Person(name="李", role="店铺客服", staff_no="086")
    plain = case(
        heard(at(2), person=person, id="A"),
        heard(at(3), person=Person(name="官方客服"), id="B"),
        order=Order(number="12", tracking="3"),
        filings=(filing(at(4), reference="77"),),
    )
    levels: tuple[MaskLevel, ...] = ("partial", "public")
    for level in levels:
        shown = hide_in(plain, level, MASKING)[0]
        assert shown.contacts[0].person == Person(name="〔姓名〕", role="店铺客服", staff_no="〔工号〕")
        assert shown.contacts[1].person.name == "官方客服"
        assert (shown.order.number, shown.order.tracking) == ("〔订单号〕", "〔运单号〕")
        assert shown.filings[0].reference == "〔编号〕"
        assert hide_in(shown, level, MASKING)[0] == shown
        told = {span.original for span in hide_in(plain, level, MASKING)[1]}
        assert told == {"李", "086", "12", "3", "77"}


SNIPPETS = st.sampled_from(
    [text for text, _ in HIDDEN] + KEPT + ["〔手机号〕", "****", "，", " \n", "1", "号", "a@b.c"]
)
TEXTS = st.lists(st.one_of(SNIPPETS, st.text(max_size=6)), max_size=6).map("".join)
VALUES = st.lists(
    st.text(alphabet=st.sampled_from("王小明李四甲乙一区号3Z8- "), min_size=4, max_size=9).filter(
        lambda value: len(value.replace(" ", "").replace("-", "")) >= 4
    ),
    max_size=3,
)
LEVELS: st.SearchStrategy[MaskLevel] = st.sampled_from(["partial", "public"])


def compacted(text: str) -> str:
    return text.replace(" ", "").replace("-", "").casefold()


@given(TEXTS, TEXTS, VALUES, LEVELS)
def test_a_masked_text_holds_none_of_the_known_values(
    before: str, after: str, values: list[str], level: MaskLevel
) -> None:
    text = before + after.join(values) + after
    masked = MASKING.mask(text, level, hide=values).text
    assert [value for value in values if compacted(value) in compacted(masked)] == []


@given(TEXTS, VALUES, LEVELS)
def test_masking_twice_changes_nothing_more(text: str, values: Sequence[str], level: MaskLevel) -> None:
    once = MASKING.mask(text, level, hide=values).text
    assert MASKING.mask(once, level, hide=values).text == once


@given(st.text(), st.lists(st.text(), max_size=3), LEVELS)
def test_no_text_makes_it_fail_and_the_spans_rebuild_it(text: str, values: Sequence[str], level: MaskLevel) -> None:
    masked = MASKING.mask(text, level, hide=values)
    rebuilt, done = "", 0
    for span in masked.spans:
        rebuilt += text[done : span.start] + span.replacement
        done = span.end
    assert rebuilt + text[done:] == masked.text


def steps(masking: Masking, text: str) -> int:
    """Calls made while masking: the work outside the pattern machine."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        masking.mask(text, "public")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "unit",
    [
        *("1", "1 ", "13", "0", "010", "(010)", "261118-", "110101 ", "A", "Ab ", "联系人 ", "姓名：", "订单号 1 "),
        *("取件码 1-", "QQ1", "工号 a-", "电话 2", "座机 2222 ", "市", "甲乙丙区", "a@", "a.", "，", "〔"),
        *(
            "我是",
            "叫王",
            "女儿",
            "王",
            "①",
            "1\u20e3",
            "幺三",
            "微信a",
            "加V",
            "wxid_",
            "密码1",
            "1、",
            "沪A",
            "生日1",
            "31.1234,",
        ),
        *(
            "3栋",
            "路",
            "镇甲村",
            "村1组",
            "中通 1",
            "+86 ",
            "Room 1, ",
            "I am Amy ",
            "a#",
            "a点",
            "my name is Li ",
            "凭1-",
            "生日甲",
            "微博@",
            "一甲",
            "138O",
        ),
    ],
)
def test_a_long_text_is_read_at_once(masking: Masking, unit: str) -> None:
    """It would take minutes if the time grew faster than the length."""
    assert masking.mask((unit * 100_000)[:100_000], "public").text


@pytest.mark.parametrize("unit", ["我的电话13800138000，", "单号 ", "a@b.", "市区路", "1-", "地址：", "〔手机号〕"])
def test_the_work_grows_with_the_length_alone(masking: Masking, unit: str) -> None:
    short, long = steps(masking, unit * 500), steps(masking, unit * 2000)
    assert long <= 4 * short + 200


def test_a_gap_of_any_length_behind_a_label_is_no_trap(masking: Masking) -> None:
    gap = " " * 200_000
    assert masking.mask(f"单号{gap}无", "public").spans == ()
    assert masking.mask(f"单号{gap}773012345678", "public").text == f"单号{gap}〔运单号〕"
