"""What must not be stored at all: one-time passwords, payment passwords, card security codes."""

from __future__ import annotations

import re

from pddtui.errors import Refused
from pddtui.message import Label, msg

__all__ = ["hide_secrets", "refuse_secrets"]

_SECRETS = (
    (
        Label(zh="短信验证码", en="a one-time password"),
        re.compile(
            r"(?:验证码|校验码|动态码|one[- ]time (?:password|code)|verification code|\botp\b)"
            r"\s*(?:[:：=为是]|is)?\s*\d{4,8}(?!\d)",
            re.IGNORECASE,
        ),
    ),
    (
        Label(zh="支付密码", en="a payment password"),
        re.compile(
            r"(?:支付密码|付款密码|交易密码|payment (?:password|pin))\s*(?:[:：=为是]|is)?\s*\d{6}(?!\d)", re.IGNORECASE
        ),
    ),
    (
        Label(zh="卡片安全码", en="a card security code"),
        re.compile(r"(?:\bcvv2?\b|\bcvc2?\b|安全码)\s*(?:[:：=为是]|is)?\s*\d{3,4}(?!\d)", re.IGNORECASE),
    ),
)


def refuse_secrets(text: str, field: str) -> str:
    """`text` itself, unless it holds a secret that nobody needs in a complaint: then `Refused`."""
    for name, pattern in _SECRETS:
        if pattern.search(text):
            raise Refused(
                msg("This holds {what}, which is never stored: take it out and save again.", what=name), field=field
            )
    return text


def hide_secrets(text: str) -> str:
    """`text` with the digits of such secrets blotted out, for what is kept before anybody could refuse it."""
    for _, pattern in _SECRETS:
        text = pattern.sub(lambda found: re.sub(r"\d", "•", found[0]), text)
    return text
