"""Secrets that nobody needs in a complaint and that are never stored: one-time codes, payment passwords, card codes.

What is stored cannot be taken back, so these patterns are the program's own and no setting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = ["SECRETS", "SECRET_WORDS", "hide_secrets", "refuse_secrets"]


class Secret(Struct, frozen=True):
    """One kind of secret.

    A number is one by the word that stands with it, in the forms in which people paste a text message: behind the
    word, before it, in brackets, with blanks inside. One of another length, a hotline, a date or a sum is none.
    """

    name: Message
    pattern: str
    """Read when the first text is looked at: most commands look at none, and it is long."""


_SIGNS = r"[\s:：=~→>*#\"'“”‘’（(\[【「『《〈-]{0,6}"
_REMARK = r"(?:[（(\[【][^（(\[【）)\]】\n]{0,16}[）)\]】])?"
"""A remark behind the word, as in `验证码（5分钟内有效）：123456`."""

_IS = r"(?:是|为|即|就是|如下|设为|is|was)?"
_OPEN = r"(?<![\d.])(?<!号)(?<!号[:：是为 ])(?<!ticket )(?<!order )(?<!no\. )"
"""Before the number stands nothing by which it is a ticket, an order or a part of a sum."""

_CLOSED = r"(?!\d|[ -]?\d{3}|[-./:：]\d|\s?(?:[年月日号元块万余多人件个位天次分秒条折岁%％点]|小时))"
"""It is not the beginning of a longer number, of a date or of a sum."""

_PUBLIC = r"(?!123(?:00|05|15|21|45|77|81)(?!\d)|100(?:00|10|86)(?!\d)|9[56]\d{3}(?!\d))"
_CLOSING = r"[\s\"'”’）)\]】」』》〉]{0,3}"
_FEW = r"[^\d\n，。；、,;收没不发]{0,10}?"
_NOT_THE_TOPIC = r"(?!\s*(?:问题|没|不|一直|收|发|的|problem|issue))"

_FOUR_TO_EIGHT = r"(?:\d{4,8}|\d\d(?: \d\d){2,3}|\d{2,4}[ -]\d{2,4}|(?:\d[ -]){3,7}\d)"
_FOUR_TO_SIX = r"(?:\d{4,6}|\d\d(?: \d\d){1,2}|\d{3}[ -]\d{3}|(?:\d[ -]){3,5}\d)"
_THREE_OR_FOUR = r"(?:\d{3,4}|(?:\d[ -]){2,3}\d)"


def _secret(name: Message, *, chinese: str, english: str, digits: str) -> Secret:
    word = rf"(?:{chinese}|\b(?:{english})\b)"
    number = rf"{_PUBLIC}{digits}{_CLOSED}"
    behind = rf"{word}{_REMARK}{_SIGNS}{_IS}{_SIGNS}{number}"
    said = rf"(?:(?:是|为|即|就是|作为){_FEW}|[（(\[【][^\d\n）)\]】]{{0,6}}?)(?:{chinese})"
    named = rf"(?:is|was|as)\s(?:[a-z]+\s){{0,4}}?(?:{english})\b"
    before = rf"{_OPEN}{number}{_CLOSING}(?:{said}|{named}){_NOT_THE_TOPIC}"
    return Secret(name, rf"(?i)(?:{behind}|{before})")


SECRETS: Mapping[str, Secret] = {
    "sms_code": _secret(
        msg("a one-time password"),
        chinese="验证码|(?<!发票)校验码|动态(?:码|口令|密码)|短信(?:码|口令|密码)|手机码"
        "|一次性(?:密码|口令|代码|码)|随机(?:码|密码)|(?:登录|登陆|确认|授权)码",
        english=r"one[- ]time (?:password|passcode|code|pin)|otp(?: code)?|passcode"
        r"|(?:verification|confirmation|authentication|authori[sz]ation|login|sms|text) code"
        r"|(?:your|my|his|her|their) code|(?<![a-z] )code(?= (?:is|was))|(?<=the )code(?= (?:is|was))",
        digits=_FOUR_TO_EIGHT,
    ),
    "pay_secret": _secret(
        msg("a payment password"),
        chinese="(?:支付|付款|交易|取款|提现|银行卡)密码(?:[六6]位数?)?",
        english=r"payment (?:password|pin|code)|(?:bank |card |atm |my |your )pin(?: code| number)?|pin(?= (?:is|was))",
        digits=_FOUR_TO_SIX,
    ),
    "card_code": _secret(
        msg("a card security code"),
        chinese=r"(?<![a-z])(?:cvv2?|cvc2?)(?![a-z])|安全码|卡的?(?:背面|后面|背后)的?[最末后]{0,2}[三3四4]位(?:数字?|码)?",
        english=r"(?:card )?security code",
        digits=_THREE_OR_FOUR,
    ),
}
"""By the id that the handbook uses."""


SECRET_WORDS = frozenset(("码", "口令", "卡", "code", "pass", "otp", "pin", "cv"))
"""A text without one of them has no secret."""


_DIGIT = re.compile(r"\d")


def refuse_secrets(text: str, field: str) -> str:
    """`text` itself. Raises `Refused` where it holds a secret, which nobody needs in a complaint."""
    if not _DIGIT.search(text):  # every secret is a number, and most texts of thousands are none
        return text
    for secret in SECRETS.values():
        if re.search(secret.pattern, text):
            raise Refused(
                msg("This text contains {what}, which is never stored: remove it and save again.", what=secret.name),
                field=field,
            )
    return text


def hide_secrets(text: str) -> str:
    """`text` with the digits of secrets blotted out, for what is kept before it can be refused."""
    for secret in SECRETS.values():
        text = re.sub(secret.pattern, lambda found: re.sub(r"\d", "•", found[0]), text)
    return text
