"""What somebody's words promise, and by when: a clause that gives something and names a day."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from pddtui.domain.phrases.due import parse_due
from pddtui.domain.promised import states_demand, word_of_promise
from pddtui.services.calendar_cn import ChinaCalendar

SAID = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CALENDAR = ChinaCalendar()

PROMISES = [
    ("三个工作日内退款", "三个工作日内退款", "三个工作日内", "11-25"),
    ("会在3个工作日内退款199元到您的支付宝", "会在3个工作日内退款199元到您的支付宝", "3个工作日内", "11-25"),
    ("亲，同意退款的，三天到账哦", "三天到账哦", "三天", "11-25"),
    ("会退款，周三前", "会退款，周三前", "周三前", "11-25"),
    ("补寄2袋，11-25前给单号", "补寄2袋，11-25前给单号", "11-25前", "11-25"),
    ("最快周三退款，最晚周五到账", "最晚周五到账", "周五", "11-27"),
    ("24小时内会有专员联系您", "24小时内会有专员联系您", "24小时内", "11-23"),
    ("已收到反馈。明天下午3点回电", "明天下午3点回电", "明天下午3点", "11-23"),
    ("月底前退差价", "月底前退差价", "月底前", "11-30"),
    ("退 by Friday", "退 by Friday", "by Friday", "11-27"),
    ("We will refund within 3 working days.", "We will refund within 3 working days", "within 3 working days", "11-25"),
    ("the money arrives by the end of the month", None, "by the end of the month", "11-30"),
    ("refund 199 yuan by Friday 18:00 to your card", None, "by Friday 18:00", "11-27"),
    ("I will call you back tomorrow", None, "tomorrow", "11-23"),
    ("reviewed in 3-5 business days", None, "in 3-5 business days", "11-27"),
    ("We will refund within 3 business days", None, "within 3 business days", "11-25"),
    ("You will get your money back tomorrow", None, "tomorrow", "11-23"),
    ("最快3-5个工作日到账", None, "3-5个工作日", "11-27"),
    ("月底给您答复", None, "月底", "11-30"),
    ("下午给您回复", None, "下午", "11-22"),
    ("晚上8点给您回电", None, "晚上8点", "11-22"),
    ("下下周一给您", None, "下下周一", "11-30"),
    ("国庆后给您答复", None, "国庆后", "10-06"),
    ("2026年12月20日前给您发货", None, "2026年12月20日前", "12-20"),
    ("11月20日起15天内给您答复", None, "11月20日起15天内", "12-05"),
    ("11月20日-12月5日给您发货", None, "11月20日-12月5日", "12-05"),
    ("11月20日已退款，12月5日到账", "12月5日到账", "12月5日", "12-05"),
    ("9月15日前给您答复", None, "9月15日前", "09-15"),
    ("周五，18:00前给您回电", None, "周五，18:00前", "11-27"),
    ("原路3天内到账", None, "3天内", "11-25"),
    ("我知道3号给您答复", None, "3号", "12-03"),
    ("3号仓库给您发货", None, "3号", "12-03"),
    ("5号上门取件", None, "5号", "12-05"),
    ("请您放心3天内给您发货", None, "3天内", "11-25"),
    ("请耐心等待3天内原路退回", None, "3天内", "11-25"),
    ("麻烦您等一下明天给您回复", None, "明天", "11-23"),
    ("请商家3天内发货", None, "3天内", "11-25"),
    ("您放心我们明天联系您", None, "明天", "11-23"),
    ("已收到您的退货，3天内退款", "3天内退款", "3天内", "11-25"),
    ("您已寄回，3天内退款", "3天内退款", "3天内", "11-25"),
    ("收到您的反馈3天内给您答复", None, "3天内", "11-25"),
    ("我们核实后，24小时内给您答复", "24小时内给您答复", "24小时内", "11-23"),
    ("您退回来，12月5日前给您退款", "12月5日前给您退款", "12月5日前", "12-05"),
]


@pytest.mark.parametrize(("said", "text", "phrase", "due"), PROMISES)
def test_a_promise_is_found_in_the_words(said: str, text: str | None, phrase: str, due: str) -> None:
    found = word_of_promise(said, SAID, CALENDAR)
    assert found is not None
    assert (found.text, found.phrase, f"{found.due.at:%m-%d}") == (text or said, phrase, due)


@pytest.mark.parametrize(
    "said",
    [
        "", "我们会尽快处理", "退11.30元", "补2袋", "七天无理由退货", "24小时在线客服", "已经等了3天，还没退",
        "3天前已退款", "第三天不通电，要退货", "请您3天内提供照片", "不退款，三天内关闭工单", "3天内可以退款吗？",
        "如果3天内没到账请联系我们", "审核通过后3个工作日内退款", "收到退货后3天内退款", "最快周三退款", "昨天退款了",
        "每3天回复一次", "please send photos within 3 days", "refund within 3 days after receipt",
        "if not received in 3 days contact us", "we refunded 3 items", "within 3 days", "\x00", "退" * 5000,
        "3天，" * 5000, "11月20日已经给您退款了", "2026-11-20 已经给您发货", "账户11月18日16:30收到退款",
        "您11月3日的订单我们会处理", "预计11月18日送达", "11-20前给单号", "10月份的订单我们会处理",
        "今天已经给您退款了", "2026-11-20前给您发货", "Alipay refund arrived on 20 Nov",
        "We will refund you by 20 November 2026", "shipped on 11 Nov 2026", "寄到12号3栋", "货在3号楼，给您送",
        "人民路12号3单元4号给您送到", "地址青禾路1号，给您寄过去", "幸福小区3号送达", "取件码8-2-3011，请取件",
        "取件码:8-2-3011 给您送到", "尾号3-12的银行卡会收到退款", "电话1-3-8-1-2-3-4-5-6-7-8",
        "请尽快处理退款\n在 2026年11月24日，09:00，阿明 写道：", "我们会处理\n在 2026年11月30日，09:00，阿明 写道：",
        "We will help.\nOn Mon, Nov 30, 2026 at 9:00 AM Ming <a@b.c> wrote:\nrefund me by Friday",
        "麻烦您明天下午3点前联系我们", "请您明天前提供照片", "您可以3天内联系我们", "您明天12点前联系我们",
        "请明天12点前回复我们", "请您于12月5日前将商品寄回", "Please contact us within 3 days",
        "Please reply by Friday to get the refund", "您寄回后，仓库签收48小时内退款", "您寄回后，3天内退款",
        "我们会在仓库签收48小时内退款", "您把货寄回来，我们3天内退款", "您寄回来吧，收到后3天内退款",
        "下午好，我们会处理", "昨天下午3点给您回电了", "每天上午9点回复", "工作时间上午9点到下午6点处理",
        "上午您反馈的问题我们会处理", "3天前您说的问题我们会处理", "商家收到退货后的3个工作日内退款",
        "3天内您寄回，我们退款",
    ],
)  # fmt: skip
def test_what_is_no_promise_is_none(said: str) -> None:
    assert word_of_promise(said, SAID, CALENDAR) is None


@pytest.mark.parametrize(
    ("month", "day", "said", "due"),
    [
        (12, 28, "1月5日给您退款", "2027-01-05"),
        (12, 28, "12月20日给您退款", None),
        (1, 5, "12月20日给您退款", None),
        (1, 5, "明年1月3日前给您退款", "2027-01-03"),
        (2, 28, "1月底给您退款", None),
        (3, 1, "2月29日给您退款", "2028-02-29"),
    ],
)
def test_a_date_without_its_year_that_was_lately_is_the_past_one(
    month: int, day: int, said: str, due: str | None
) -> None:
    found = word_of_promise(said, SAID.replace(month=month, day=day), CALENDAR)
    assert (f"{found.due.at:%Y-%m-%d}" if found else None) == due


def test_a_typed_phrase_means_the_next_such_day_as_before() -> None:
    assert f"{parse_due('11月20日', SAID, CALENDAR).at:%Y-%m-%d}" == "2027-11-20"


@pytest.mark.parametrize(
    "said",
    [
        "要求退款", "再催一次", "请三天内答复", "asked for the refund", "I want my money", "把钱退给我", "给我换个新的",
        "取消订单，把钱退给我", "给我开发票", "Send me a replacement", "我不要了给我退了", "帮我退了", "退了吧",
        "麻烦尽快发货", "Please cancel my order", "退款还没收到", "退款到账了吗", "退款没到账", "我没收到退款",
        "你们没退款", "不是说好退款的吗", "我不是要换货，我要退款", "我没说不退款，我要退款", "把货款还给我",
        "收到退货后拒绝退款", "你们说退款三天到账，到现在没收到", "I did not get the refund",
        "I have not received my refund", "Give me my money back",
        "我想换货", "我不要换货，我要退款",
    ],
)  # fmt: skip
def test_what_i_want_is_a_demand(said: str) -> None:
    assert states_demand(said)


@pytest.mark.parametrize(
    "said",
    [
        "已寄回", "告知单号", "sent the photos", "said goodbye", "", "不用退款了", "我没说要退款", "谢谢，退款收到了",
        "退款到账了", "Thanks, got the refund", "the refund has arrived", "I received the refund yesterday",
        "I don't want a refund", "退货单号SF1234", "退货快递已经寄出了", "收到你们的退款了", "我没有申请退款",
        "已取消订单", "I cancelled the order", "快递3次派送失败", "货已收到，快递企业答复了", "不要退款了",
    ],
)  # fmt: skip
def test_what_i_only_say_is_none(said: str) -> None:
    assert not states_demand(said)
