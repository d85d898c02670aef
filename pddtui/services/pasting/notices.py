"""What a notice of a platform, a carrier or an office says of a filing: which one, its number, what became of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from msgspec import Struct

from pddtui.domain.case import FilingState
from pddtui.domain.text import bare_number, fold, halfwidth
from pddtui.handbook.pasted import NoticeRule, PasteFile

__all__ = ["Notice", "NoticeReader"]


class Notice(Struct, frozen=True, kw_only=True):
    """News of a filing through one channel."""

    channel: str
    state: FilingState
    reference: str | None
    at: datetime


_BEGINNING, _END, _NAMED_AT_ONCE = 80, 30, 16
"""Characters in which a notice without 【 】 names its sender."""

_DENIED = re.compile(
    r"(?:[未没不]|[未没][能有被予获经]|并未|尚未|无法|是否|(?:not|if|be|to be)\s+(?:been\s+)?)$"
    r"|(?:将|(?<![员协])会|否则|逾期|可能|拟|若|如果|如(?!下)|一旦)[^，。；;,.]{0,8}$|(?:日|天|小时|时|周)(?:之?内|后)[^，。；;,.]{0,4}$"
)
"""What stands before a word that is no news then: it did not happen, or has yet to."""

_TITLES = re.compile(r"《[^》\n]{1,60}》")
"""Names of laws, which are about nothing here."""

_ONLY_NAMED = re.compile(r"(?<!许)可(?:以)?[^，。；;,.]{0,14}$|(?:请|需)(?:申请|联系)$")
"""What stands before a way that is still open, and not the matter."""

_NUMBER = (
    r"\s{0,3}(?:no\.?|number|#)?[\s:：为是“\"「『【\[(（#〔]{0,6}"
    r"(?P<number>[（(〔]\d{4}[）)〕][^\s，。,;；]{4,24}号|(?:[A-Za-z]{1,8}-){0,3}[A-Za-z]{0,8}\d[0-9A-Za-z-]{3,38})"
)


class NoticeReader:
    """Reads notices by the rules of the handbook."""

    def __init__(self, rules: PasteFile) -> None:
        self._rules = rules.notices
        words = "|".join(re.escape(word) for word in sorted(map(fold, rules.references), key=len, reverse=True))
        self._reference = re.compile(
            rf"(?<!订单)(?<!运单)(?<!快递)(?<!物流)(?<!支付)(?<!交易)(?:{words}){_NUMBER}", re.IGNORECASE
        )
        self._alone = re.compile(
            r"(?<![A-Za-z0-9-])(?P<number>[A-Z]{1,6}-?\d[0-9A-Z-]{5,24}|\d{13,26})(?![A-Za-z0-9-])"
        )
        self._court = re.compile(r"(?P<number>[（(〔]\d{4}[）)〕][^\s，。,;；]{3,24}号)")

    def read(self, said: str, sender: str | None, at: datetime) -> Notice | None:
        """The news in it; None where it is about no filing."""
        words = fold(_TITLES.sub("", said))
        beginning = fold(sender) if sender is not None else f"{words[:_BEGINNING]} {words[-_END:]}"
        for rule in self._rules:
            if not _has(beginning, rule.sender) or (rule.about and not _is_about(words, rule.about)):
                continue
            state = _state(rule, words)
            if state is not None:
                return Notice(channel=rule.channel, state=state, reference=self.reference(said), at=at)
        return None

    def is_sender(self, text: str) -> bool:
        """Whether the text begins by naming somebody who sends such notices."""
        return any(_has(fold(text)[:_NAMED_AT_ONCE], rule.sender) for rule in self._rules)

    def reference(self, said: str) -> str | None:
        """The number of the matter in it."""
        plain = halfwidth(said)
        found = self._court.search(said) or self._reference.search(plain) or self._alone.search(plain)
        if found is None:
            return None
        number = found["number"]
        return number if number[0] in "（(〔" else bare_number(number)


def _has(text: str, words: Sequence[str]) -> bool:
    return any(fold(word) in text for word in words)


def _is_about(text: str, words: Sequence[str]) -> bool:
    return any(not _ONLY_NAMED.search(text[: found.start()]) for word in words for found in _word(word).finditer(text))


def _state(rule: NoticeRule, text: str) -> FilingState | None:
    for state, said in rule.states.items():
        for word in said:
            if any(not _DENIED.search(text[: found.start()]) for found in _word(word).finditer(text)):
                return state
    return None


@cache
def _word(word: str) -> re.Pattern[str]:
    """A word of a rule as a pattern; … stands for some words of the same sentence."""
    return re.compile("[^。；;!！\n]{0,30}?".join(map(re.escape, fold(word).split("…"))))
