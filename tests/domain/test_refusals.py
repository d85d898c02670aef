"""Secrets that are never stored, in the forms in which people paste them. Every number in here is invented."""

from __future__ import annotations

import pytest

from pddtui.domain.secrets import hide_secrets, refuse_secrets
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.services.masking import Masking

SECRET = [
    "验证码：123456",
    "验证码123456",
    "验证码 1234",
    "【拼多多】123456是您的验证码",
    "【拼多多】您的验证码是 654321，5分钟内有效",
    "123456为您的登录验证码，请勿泄露",
    "123456（短信验证码）",
    "【123456】是本次操作的校验码",
    "验证码是：8888",
    "验证码为: 123456",
    "验证码是１２３４５６",
    "您的验证码（123456）",
    "您的验证码为【123456】",
    "验证码（5分钟内有效）：123456",
    "验证码123 456",
    "验证码 12 34 56",
    "验证码 123-456",
    "验证码 1 2 3 4 5 6",
    "验证码\n123456",
    "短信码 123456",
    "动态密码 123456",
    "动态口令:12345678",
    "一次性密码 123456",
    "我把验证码123456告诉了客服",
    "code is 123456",
    "The code is 123456",
    "your code: 123456",
    "123456 is your verification code",
    "Use 123456 as your login code",
    "[Shop] 123456 is your Example verification code.",
    "one-time password: 123456",
    "OTP 4821",
    "SMS code 123456",
    "支付密码 123456",
    "支付密码是：123456",
    "支付密码：12 34 56",
    "123456是我的支付密码",
    "交易密码为（123456）",
    "他问我银行卡密码，我说银行卡密码是123456",
    "payment password is 123456",
    "my PIN is 1234",
    "CVV 123",
    "cvc2：1234",
    "安全码是 123",
    "银行卡背面三位 123",
    "卡背面的后三位数是123",
    "security code: 123",
    "123 is the security code",
    "您的驗證碼為482913",
    "驗證碼：482913",
    "驗證碼是 482913",
    "校驗碼 482913",
    "動態碼為482913",
    "動態密碼:482913",
    "482913為您的驗證碼",
    "认证码 482913",
    "認證碼：482913",
    "认證码:482913",
    "安全码:775521",
    "Your security code: 775521",
    "775521 is your security code",
    "验证码为AB12CD",
    "验证码：A1B2C3",
    "您的验证码是8K3F",
    "verification code is AB12CD",
    "Your verification code: AB12CD",
    "验证码发你了 482913",
    "验证码已发送，482913",
    "验证码发到你手机了，482913",
    "验证码刚发你了：482913",
    "验证码收到了，482913",
    "驗證碼已發送，482913",
    "【青禾】482913，您正在登录",
    "【青禾】482913，您正在注册账号",
    "482913，你正在登录，请勿泄露",
    "482913（登录验证）",
    "482913（验证）",
    "Use 482913 to sign in",
    "Use 482913 to log in to your account",
    "Enter 482913 to verify your identity",
    "[Shop] Use 482913 to sign in.",
]

HARMLESS = [
    "验证码发到 13812345678",
    "验证码 一直收不到",
    "验证码一直收不到，工单号123456",
    "验证码收不到 工单 123456",
    "订单 261118-123456789012345 的验证码没收到",
    "验证码 13812345678",
    "验证码 138 1234 5678 这个号收不到",
    "验证码 021-53395288 打来要的",
    "验证码 400-8822-528 说没发",
    "验证码 2026-11-22 才发来",
    "验证码 2026年11月22日才发来",
    "验证码12315发不了",
    "验证码是10086发的",
    "尾号5678的手机收不到验证码",
    "工单号123456是验证码问题",
    "工单 123456 一直没人管",
    "发票校验码 12345678901234567890",
    "code 12345 of the law",
    "art. 1165 of the Civil Code",
    "the error code is shown",
    "the tracking code is 12345678",
    "ticket 123456 is the verification code problem",
    "order 123456 was cancelled",
    "订单号 261118-123456789012345",
    "单号：123456789",
    "支付 123456 元，密码我没有给",
    "支付密码输错 3 次",
    "支付密码我没有告诉他，金额 12800 元",
    "取件码 123456",
    "退款 89.00 元，2026-11-22",
    "安全码没给",
    "背面三位划痕 123",
    "payment of 123456 was made",
    "pin number is on the parcel",
    "订单号：261118-123456789012345",
    "订单482913，您正在退款",
    "订单482913，您正在登录",
    "工单482913，您正在登录的账号有误",
    "取件码：AB12CD",
    "取件码8-2-3011",
    "验证码没收到 12345",
    "验证码没收到 482913",
    "验证码没收到，订单482913",
    "验证码已发送，请查收",
    "验证码已发送，12315",
    "验证码已发送，2026-11-20",
    "验证码已发送，2026年11月20日",
    "验证码收到了，退款8900元",
    "验证码发到13812345678",
    "验证码发到 13812345678 了",
    "验证码已发送到 13812345678",
    "验证码发给客服了，工单482913",
    "提货码 482913",
    "使用482913登录",
    "商品编号482913（验证通过）",
    "请在4829小时内登录",
    "安全码没给",
    "安全码在卡背面",
    "security code problem 12345",
    "the security code of the parcel",
    "Use 482913 as reference",
    "use 2 to sign in",
    "Use 12345 to complain",
    "热线12345（登录后拨打）",
    "12345，您正在登录",
    "验证码是什么",
    "验证码是HTTPS的",
    "型号AB12CD",
    "快递单号SF12345678",
    "验证码问题，型号AB12CD",
    "登录 482913 次",
    "您正在登录，订单482913",
    "优惠码AB12CD",
    "退款码",
    "页码：4829",
]


@pytest.mark.parametrize("text", SECRET)
def test_a_secret_is_not_stored(text: str) -> None:
    for around in (text, f"客服说：{text}。", f"后来\n{text}\n就没有了"):
        with pytest.raises(Refused):
            refuse_secrets(around, "said")


@pytest.mark.parametrize("text", SECRET)
def test_nor_kept_in_a_draft_or_let_through_a_mask(text: str) -> None:
    hidden = hide_secrets(text)
    assert refuse_secrets(hidden, "said") == hidden
    masked = MASKING.mask(text, "public").text
    assert not any(sign.isdigit() for sign in masked.replace("5分钟", "")), masked


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_speaks_of_one_is_stored(text: str) -> None:
    assert refuse_secrets(text, "said") == hide_secrets(text) == text


@pytest.mark.parametrize(
    "unit",
    [
        "验证码",
        "验证码 ",
        "1234 ",
        "1 ",
        "123456是",
        "123456 is your ",
        "（",
        "安全码1",
        "验证码为A1",
        "use 1234 to ",
        "验证码发",
        "验证码已发送，",
        "a1",
    ],
)
def test_a_long_text_is_read_at_once(unit: str) -> None:
    """It would take minutes if the time grew faster than the length."""
    assert len(hide_secrets((unit * 100_000)[:100_000])) == 100_000


MASKING = Masking(Handbook(), "zh")
