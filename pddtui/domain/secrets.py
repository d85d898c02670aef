"""Secrets that nobody needs in a complaint and that are never stored: one-time codes, payment passwords, card codes.

What is stored cannot be taken back, so these patterns are the program's own and no setting.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

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

_IS = r"(?:是|[为為]|即|就是|如下|设为|is|was)?"
_OPEN = r"(?<![\d.])(?<!号)(?<!单)(?<!单[:： ])(?<!号[:：是为 ])(?<!ticket )(?<!order )(?<!no\. )"
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


_MIXED = r"(?=\d{0,7}[a-z])(?=[a-z]{0,7}\d)[a-z\d]{4,8}(?![a-z\d])"
"""A code of letters and digits."""

_SENT = (
    r"(?:已经?|刚刚?)?(?:[发發](?:送|出|到)?|收到|告[诉知])给?(?:[你您我他她](?:的?(?:手机|邮箱)上?)?|客服)?了?"
    r"[ ,，:：。]{1,2}(?:是|[为為])?"
)
"""What is said of a code before it, as in `验证码发你了 482913`."""

_ACCOUNT = r"(?:登[录錄陆]|注[册冊]|[绑綁]定|修改|重置|找回)"


def _in_use(number: str) -> str:
    """A number by what it is used for, where no word calls it a code: `【青禾】482913，您正在登录`."""
    remark = rf"\s?[（(\[【](?:{_ACCOUNT}|身份|短信|安全|手机)?(?:[验驗][证證]|{_ACCOUNT})[）)\]】]"
    use = rf"\s?[,，。]\s?[您你](?:的账[号户])?正在{_ACCOUNT}"
    return (
        rf"{_OPEN}{number}(?:{remark}|{use})"
        rf"|\b(?:use|enter|type)\s{number}\sto\s(?:sign|log|verify|confirm your (?:account|identity)|authenticate)\b"
    )


def _secret(name: Message, *, chinese: str, english: str, digits: str, sent: bool = False) -> Secret:
    word = rf"(?:{chinese}|\b(?:{english})\b)"
    number = rf"{_PUBLIC}{digits}{_CLOSED}"
    behind = rf"{word}{_REMARK}{_SIGNS}{_IS}{_SIGNS}{number}"
    said = rf"(?:(?:是|[为為]|即|就是|作为){_FEW}|[（(\[【][^\d\n）)\]】]{{0,6}}?)(?:{chinese})"
    named = rf"(?:is|was|as)\s(?:[a-z]+\s){{0,4}}?(?:{english})\b"
    before = rf"{_OPEN}{number}{_CLOSING}(?:{said}|{named}){_NOT_THE_TOPIC}"
    forms = [behind, before]
    if sent:
        forms += [rf"(?:{chinese}){_SENT}{number}", _in_use(number)]
        forms.append(rf"{word}[\s\"“”‘’（(\[【]{{0,3}}(?:是|[为為]|[:：]|is\s){_SIGNS}{_MIXED}")
    return Secret(name, rf"(?i)(?:{'|'.join(forms)})")


SECRETS: Mapping[str, Secret] = {
    "sms_code": _secret(
        msg("a one-time password"),
        chinese="[验驗][证證][码碼]|(?<!发票)(?<!發票)校[验驗][码碼]|[动動][态態](?:密?[码碼]|口令)|[短简簡][信訊讯](?:密?[码碼]|口令)"
        "|手[机機][码碼]|一次性(?:密码|口令|代码|码)|随机(?:码|密码)|(?:登[录錄陆]|[确確][认認]|授[权權]|[认認][证證]|安全)[码碼]",
        english=r"one[- ]time (?:password|passcode|code|pin)|otp(?: code)?|passcode"
        r"|(?:verification|confirmation|authentication|authori[sz]ation|login|sms|text|security) code"
        r"|(?:your|my|his|her|their) code|(?<![a-z] )code(?= (?:is|was))|(?<=the )code(?= (?:is|was))",
        digits=_FOUR_TO_EIGHT,
        sent=True,
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


SECRET_WORDS = frozenset(
    (
        *("码", "碼", "口令", "卡", "验证", "驗證", "登", "正在", "code", "pass", "otp", "pin", "cv", "sign", "log"),
        *("verif", "auth", "confirm"),
    )
)
"""A text without one of them has no secret."""


_DIGIT = re.compile(r"\d")
_CODE = re.compile(r"[a-z]{0,7}\d[a-z\d]{0,7}", re.IGNORECASE)
"""With the letters of a code that has some."""


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
    """`text` with secrets blotted out, sign for sign, for what is kept before it can be refused."""
    if not _DIGIT.search(text):
        return text
    for key, secret in SECRETS.items():
        signs = _CODE if key == "sms_code" else _DIGIT
        text = re.sub(secret.pattern, partial(_blotted, signs), text)
    return text


def _blotted(signs: re.Pattern[str], secret: re.Match[str]) -> str:
    return signs.sub(lambda found: "•" * len(found[0]), secret[0])
