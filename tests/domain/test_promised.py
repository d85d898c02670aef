"""What somebody's words promise, and by when: a clause that gives something and names a day."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

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
        "如果3天内没到账请联系我们",
        "审核通过后3个工作日内退款", "收到退货后3天内退款", "最快周三退款", "昨天退款了", "每3天回复一次",
        "please send photos within 3 days", "refund within 3 days after receipt",
        "if not received in 3 days contact us", "we refunded 3 items", "within 3 days",
        "\x00", "退" * 5000, "3天，" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_promise_is_none(said: str) -> None:
    assert word_of_promise(said, SAID, CALENDAR) is None


@pytest.mark.parametrize("said", ["要求退款", "再催一次", "请三天内答复", "asked for the refund", "I want my money"])
def test_what_i_want_is_a_demand(said: str) -> None:
    assert states_demand(said)


@pytest.mark.parametrize("said", ["已寄回", "告知单号", "sent the photos", "said goodbye", ""])
def test_what_i_only_say_is_none(said: str) -> None:
    assert not states_demand(said)
