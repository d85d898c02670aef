"""What somebody's words promise, and by when: 三个工作日内退款, "we will refund by Friday".

A promise is a clause that gives something and names a day. A clause that refuses, asks something of me, asks a
question or hangs on a condition promises nothing; nor does a rule of the shop (七天无理由) or a time that is over
(等了3天). It is a proposal: what it misses is typed, what it gets wrong is overruled.
"""

from __future__ import annotations

import re
from datetime import datetime

from msgspec import Struct

from pddtui.domain.case import Person
from pddtui.domain.duetime import Due
from pddtui.domain.phrases.due import due_in_words
from pddtui.domain.phrases.numbers import normalise
from pddtui.domain.phrases.reader import EVENT, EVENT_BEHIND
from pddtui.domain.reply import read_reply
from pddtui.domain.text import one_line
from pddtui.domain.workdays import Calendar

__all__ = ["SpokenPromise", "gives_something", "states_demand", "word_of_promise"]


class SpokenPromise(Struct, frozen=True):
    """A promise in somebody's words."""

    text: str
    """The clause, on one line."""
    phrase: str
    """The words of it that name the day."""
    due: Due


_MOST_CLAUSES, _LONGEST_CLAUSE = 60, 240
"""A pasted page is not read to its end: what is promised stands in the first clauses, or is typed."""

_CLAUSE = re.compile(r"(?:[^,，。.;；!！?？\n~～…]|(?<=\d)[.,](?=\d))+[?？]?")

_GIVES = re.compile(
    r"退|赔|补[偿发寄差给上]|返[还现]|打款|转[账款]|到[账帐]|[发寄送]货|寄|重发|发[出给货]|换|维修|答[复覆]|[回答]复|回[电访话]"
    r"|致电|电话|联系|反馈|处理|解决|办[理好妥]|给.{0,8}(?:结果|方案|说法|结论|答案|交代|消息)|结[果论]|方案|上门|取件|送达"
    r"|审核|核实|受理|下架|道歉"
    r"|refund|repl|answer|call|contact|send|sent|ship|pay|compensat|process|resolv|\bfix|repair|deliver|arriv"
    r"|get back|updat|decid|decision|result|respon|credit|review|issue|handle|settle|\bdone\b|let you know|collect",
    re.IGNORECASE,
)
"""What is given or done when a promise is kept."""

_NO_PROMISE = re.compile(
    r"[?？吗么]\s*$|如果|假如|要是|若|的话|除非|才能|才会|之前(?:申请|提交|反馈)|无理由|发货时效|客服(?:热线|时间)|在线时间"
    r"|\b(?:if|unless|once|provided|hotline|policy|no[- ]reason)\b"
    r"|请(?:您|你)?.{0,12}(?:提供|上传|补充|提交|填写|寄回|退回|申请|发给|联系商家)"
    r"|需要?(?:您|你).{0,8}(?:提供|上传|寄回|申请)"
    r"|\b(?:please|you (?:need|have|must|should)|kindly)\b.{0,20}"
    r"\b(?:provide|upload|send|submit|return|apply|fill|ship)",
    re.IGNORECASE,
)
"""A question, a condition, a rule, or something asked of me."""

_DONE = re.compile(
    r"已经?(?:退|赔|补|寄|发|打款|到账|处理|解决|答复)|(?:has|have|was|were) (?:been )?(?:refunded|sent|paid)",
    re.IGNORECASE,
)
"""What is done already is no promise."""

_STARTS = re.compile(
    r"(?<![0-9a-z*.])[0-9](?![0-9]{4,6}(?![0-9])|[0-9]{8})|(?<![零一二两俩三四五六七八九十百千廿卅第])[零一二两俩三四五六七八九十廿卅半](?![下些样定直起共致般旦切])"
    r"|(?<![每上双本这下])(?:周|星期|礼拜)|今[天日晚早]|明[天日晚早]|(?<!大)后天|大后天|[本这下]+个?(?:周|星期|礼拜|月)|月[底末]|年[底末]|当[天日晚]"
    r"|元旦|春节|清明|端午|中秋|国庆|节[前后]|除夕"
    r"|(?<![a-z])(?:mon|tue|wed|thu|fri|sat|sun|today|tonight|tomorrow|next|this|end of|noon|midnight"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|one|two|three|four|five|six|seven|ten|a|an|cob|eod)(?![0-9])"
)
"""Where a date may begin, in words as `normalise` leaves them."""

_OVER = re.compile(
    r"(?:昨[天日晚早]|前[天日]|今早|上[周个]|yesterday|最快|最早|起码|至少|快则|已经?|等了|过了|超过|超|用了|拖了|晚了|近|前|最近|上次?|每|满"
    r"|not before|earlier than|at least|for|past|last|waited|over|after|since|every)\s*$"
)
"""What stands before a time that is over, or is no date by which something is done."""

_LEAD = re.compile(r"(?:by|within|in|before|until|on|at|no later than|on or before)\s+(?:the\s+)?$")
"""The English words that belong to a date behind them."""

_NO_DATE = re.compile(
    r"\s*(?:[元块圆角%折件袋个次箱包瓶楼套斤克]|毛钱|公斤|无理由|小时客服|在线|yuan|rmb|cny|items?|bags?|pieces?|times|%)"
)
"""What stands behind a number that is none of a date."""


def word_of_promise(said: str, said_at: datetime, calendar: Calendar) -> SpokenPromise | None:
    """The first promise in what they said that names a day; None where there is none."""
    before: re.Match[str] | None = None
    for count, clause in enumerate(_CLAUSE.finditer(said)):
        if count >= _MOST_CLAUSES:
            break
        if len(clause[0]) > _LONGEST_CLAUSE:
            before = None
            continue
        gives = gives_something(clause[0])
        if not gives and before is None:
            continue
        if _takes_back(clause[0]):  # the dearest question comes last: most clauses give nothing
            before = None
            continue
        if (found := _dated(clause[0], said_at, calendar)) is not None:
            begin, end, due = found
            rest = clause[0][:begin] + clause[0][end:]
            alone = not gives_something(rest)
            first = before.start() if alone and before is not None else clause.start()
            return SpokenPromise(one_line(said[first : clause.end()]), clause[0][begin:end].strip(), due)
        before = clause if gives else None
    return None


def gives_something(words: str) -> bool:
    """Whether the words say that something is given or done, and not only when."""
    return bool(_GIVES.search(words))


def _takes_back(clause: str) -> bool:
    """Whether the clause promises nothing, whatever day it names."""
    if _NO_PROMISE.search(clause) or _DONE.search(clause):
        return True
    heard = read_reply("in", clause, Person(), promised=False, side=None)
    return heard.reply in ("refused", "asked") or heard.substance == "none"


def _dated(clause: str, said_at: datetime, calendar: Calendar) -> tuple[int, int, Due] | None:
    """Where a date by which something is done stands in the clause, and what it means."""
    words = normalise(clause)
    for start in _STARTS.finditer(words):
        at = start.start()
        if _OVER.search(words[:at]) or any(event.end() == at for event in EVENT.finditer(words[:at])):
            continue
        found = due_in_words(clause, at, said_at, calendar)
        if found is None or _NO_DATE.match(words, found[1]) or "." in words[at : found[1]]:
            continue
        if EVENT_BEHIND.match(words[found[1] :].lstrip()):
            continue
        lead = re.search(
            r"(?:(?:by|within|in|before|until|on|at|no later than|on or before)\s+(?:the\s+)?)$", words[:at]
        )
        return (lead.start() if lead else at), found[1], found[0]
    return None


_DEMANDS = re.compile(
    r"要求|请求|诉求|请(?:贵|你|您|尽快|马上|立即|于|在|平台|商家|.{0,8}(?:处理|答复|回复|给|寄|换))|申请|催|还我|退(?:我|款|货|钱)|[都全]退|一[起并]退|赔|补[发寄偿]|必须"
    r"|ask(?:ed|ing)? (?:for|them|him|her|to|when)|demand|request|insist|chas(?:e|ed|ing)|refund|want|compensat|remind",
    re.IGNORECASE,
)


def states_demand(said: str) -> bool:
    """Whether what I said probably states or repeats what I want."""
    return bool(_DEMANDS.search(said))
