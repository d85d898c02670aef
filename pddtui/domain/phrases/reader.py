"""A cursor over what somebody typed, and the words around a date that change nothing.

Forms are tried one after the other; when none reads everything, `furthest` is where the best of them stopped, and
`PhraseError` points there. The words are written as `normalise` leaves a text: half-width, lower case, simplified.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from pddtui.domain.phrases.numbers import either_of_two, normalise, whole_number
from pddtui.domain.text import one_line
from pddtui.errors import Refused
from pddtui.message import Message

__all__ = ["AFTER_DATE", "AGO", "BEFORE_DATE", "PAST_WORDS", "RANGE", "VAGUE", "VAGUE_TIMES", "PhraseError", "Reader"]

T = TypeVar("T")

_LONGEST_QUOTE = 24

RANGE = ("-", "~", "到", "或", "、", "to", "or")
"""Words between the ends of a range."""

AGO = ("前", "以前", "之前", "ago")
"""Words behind a length that lead it into the past."""

VAGUE: tuple[str, ...] = (
    *("尽快", "尽早", "马上", "立刻", "立即", "即刻", "稍后", "稍候", "稍等", "晚点", "晚些", "回头", "一会"),
    *("几", "数日", "数天", "数小时", "数周", "数月", "若干", "这两天", "近日", "近期", "最近", "改天", "有空", "到时"),
    *("随时", "第一时间", "择日", "日后", "后续", "加急", "反馈", "通知", "消息", "耐心等", "不确定", "不清楚"),
    *("看情况", "优先", "催", "asap", "as soon as possible", "soon", "shortly", "immediately", "right away"),
    *("at once", "later", "a few", "several", "in due course", "eventually", "sometime", "some time", "someday"),
    *("some day", "one day", "a while", "let you know", "get back", "pass it on", "urgent"),
)
"""Words that promise and name no date. Where there is a number, something else is wrong with the phrase."""

VAGUE_TIMES: tuple[str, ...] = (
    *("月初", "月中", "年初", "年中", "周初", "周中", "年前", "年后", "节前", "节后", "early", "mid", "middle of"),
    *("beginning of", "start of", "元旦", "春节", "过年", "除夕", "清明", "五一", "端午", "中秋", "国庆", "十一前"),
    *("十一后", "双十一", "双11", "双十二", "双12", "618", "圣诞", "holiday", "christmas", "xmas", "new year"),
    *("spring festival", "labour day", "labor day", "mid-autumn", "dragon boat", "national day", "easter"),
)
"""Seasons and feasts: people mean some time around them, and not all the same one."""

PAST_WORDS: tuple[str, ...] = (
    *("昨天", "昨日", "昨晚", "昨早", "前天", "前日", "大前天", "上周", "上星期", "上礼拜", "上个月", "上月", "去年"),
    *("前年", "刚才", "刚刚", "yesterday", "the day before yesterday", "day before yesterday", "last night"),
    *("last week", "last month", "last year", "just now"),
)
"""Days for which nothing can be promised any more."""

_WHO: tuple[str, ...] = (
    *("我们", "我", "我方", "我司", "商家", "店家", "卖家", "平台", "客服", "专员", "专人", "工作人员", "相关人员"),
    *(
        "相关部门",
        "专属客服",
        "售后",
        "主管",
        "经理",
        "同事",
        "这边",
        "系统",
        "仓库",
        "财务",
        "银行",
        "快递",
        "您",
        "你",
    ),
)
"""Who is to do it, or for whom."""

BEFORE_DATE: tuple[str, ...] = (
    *_WHO,
    *("会", "将", "将会", "在", "于", "争取", "保证", "承诺", "请", "请您", "耐心", "等待", "等候", "尽快", "最迟"),
    *("最晚", "最快", "最多", "至多", "大概", "大约", "约", "预计", "预估", "估计", "不超过", "不晚于", "截止"),
    *("截止到", "到", "等", "再等", "直到", "需要", "需", "要", "一般", "通常", "可能", "差不多", "过", "再过", "正常"),
    *("~", "“", '"', "(", ",", "。", ":", "by", "before", "within", "in", "on", "until", "till"),
    *("no later than", "not later than", "at the latest", "the", "latest", "due", "about", "around"),
    *(
        "approximately",
        "up to",
        "at most",
        "max",
        "after",
        "from",
        "we will",
        "we'll",
        "i will",
        "i'll",
        "you will get it",
        "an answer",
        "a reply",
        "a refund",
        "your account",
        "please wait",
        "please allow",
        "at",
    ),
)
"""What may stand before a date. "Before" includes the day it names: the promise ends with that day."""

AFTER_DATE: tuple[str, ...] = (
    *_WHO,
    *("内", "以内", "之内", "前", "以前", "之前", "后", "以后", "之后", "左右", "为止", "止", "完", "的话"),
    *("的", "了", "会", "将", "给", "为", "帮", "向", "由", "与", "跟", "对", "客户", "到账", "到", "原路", "原路径"),
    *("答复", "回复", "反馈", "处理", "解决", "退款", "退回", "返回", "退还", "返还", "退", "钱款", "款项", "资金"),
    *("完成", "发货", "补寄", "补发", "寄出", "联系", "跟进", "核实", "来电", "致电", "回电", "打电话", "电话", "结果"),
    *("结论", "方案", "消息", "通知", "上门", "取件", "审核", "出", "好", "完毕", "尽快", "一定", "必须", "可以"),
    *("再", "都", "有", "就", "能", "进行", "一个", "吧", "哦", "呢", "啊", "哈", "呀", "哟", "(", ")", ",", "。"),
    *(".", "!", ";", "”", '"', "at the latest", "latest", "max", "from now", "later", "or so", "please"),
    *("at most", "sharp", "time", "'"),
)
"""What may stand behind a date."""


class PhraseError(Refused):
    """A date, time or period that cannot be read, or that does not exist."""

    def __init__(self, message: Message, position: int) -> None:
        super().__init__(message, position=position)


class Reader:
    """Reads a phrase from left to right. `at` may be set back to try another form."""

    def __init__(self, phrase: str) -> None:
        self.phrase = phrase
        self.text = normalise(phrase)
        self.at = 0
        self.furthest = 0

    def word(self, table: Mapping[str, T]) -> T | None:
        """Take the longest word of `table` that stands here, and give its value; None where no word does."""
        self.spaces()
        word = longest_word(self.text, self.at, table)
        if word is None:
            return None
        self._take(self.at + len(word))
        return table[word]

    def skip(self, *words: str) -> bool:
        """Take one of `words`, the longest that stands here."""
        return self.word(dict.fromkeys(words, True)) is not None

    def match(self, pattern: re.Pattern[str]) -> str | None:
        """Take what `pattern` finds here."""
        found = pattern.match(self.text, self.at)
        if found is None:
            return None
        self._take(found.end())
        return found[0]

    def follows(self, *words: str) -> bool:
        """Whether one of `words` stands here; nothing is taken."""
        at = self.at
        while self.text[at : at + 1] == " ":
            at += 1
        return longest_word(self.text, at, words) is not None

    def number(self) -> int | None:
        self.spaces()
        return self._found(whole_number(self.text, self.at))

    def pair(self) -> int | None:
        """Take two Chinese digits that mean "two or three", and give the larger one."""
        self.spaces()
        return self._found(either_of_two(self.text, self.at))

    def spaces(self) -> None:
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1

    def finished(self) -> bool:
        return not self.text[self.at :].strip()

    def quote(self, start: int = 0) -> str:
        """What was typed from `start`, fit to stand in a sentence."""
        rest = one_line(self.phrase[start:])
        return rest if len(rest) <= _LONGEST_QUOTE else rest[:_LONGEST_QUOTE] + "…"

    def _found(self, found: tuple[int, int] | None) -> int | None:
        if found is None:
            return None
        number, end = found
        self._take(end)
        return number

    def _take(self, end: int) -> None:
        self.at = end
        self.furthest = max(self.furthest, end)


def longest_word(text: str, at: int, words: Collection[str]) -> str | None:
    """The longest of `words` at `at`; one that ends in a Latin letter must not go on with another."""
    found = [word for word in words if text.startswith(word, at) and not _goes_on(word, text[at + len(word) :][:1])]
    return max(found, key=len, default=None)


def _goes_on(word: str, after: str) -> bool:
    return _latin(word[-1:]) and _latin(after)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()
