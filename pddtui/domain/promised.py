"""What somebody's words promise, and by when: 三个工作日内退款, "we will refund by Friday".

A promise is a clause that gives something and names a day. A clause that refuses, asks something of me, asks a
question or hangs on a condition promises nothing; nor does a rule of the shop (七天无理由), a time that is over
(等了3天, 11月20日 said on the 30th) or a house number. It is a proposal: what it misses is typed, what it gets wrong
is overruled.
"""

from __future__ import annotations

import re
from datetime import datetime

from msgspec import Struct

from pddtui.domain.case import Person
from pddtui.domain.duetime import Due
from pddtui.domain.phrases.due import due_in_words
from pddtui.domain.phrases.numbers import normalise
from pddtui.domain.phrases.period import LATER_END
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

_CLAUSE = re.compile(
    r"(?:[^,，。.;；!！?？\n~～…]|(?<=\d)[.,](?=\d)|(?<=[\d日号天一二三四五六])[,，] ?(?=\d\d?[:：]\d\d))+[?？]?"
)

_GIVES = re.compile(
    r"退|赔|补[偿发寄差给上]|返[还现]|打款|转[账款]|到[账帐]|[发寄送]货|寄|重发|发[出给货]|换|维修|答[复覆]|[回答]复|回[电访话]"
    r"|致电|电话|联系|反馈|处理|解决|办[理好妥]|给(?:[您你][哦呢的哈]?$|.{0,8}(?:结果|方案|说法|结论|答案|交代|消息))|结[果论]|方案|上门|取件|送达"
    r"|审核|核实|受理|下架|道歉"
    r"|refund|repl|answer|call|contact|send|sent|ship|pay|compensat|process|resolv|\bfix|repair|deliver|arriv"
    r"|(?:get|money) back|updat|decid|decision|result|respon|credit|review|issue|handle|settle"
    r"|\bdone\b|let you know|collect",
    re.IGNORECASE,
)
"""What is given or done when a promise is kept."""

_NO_PROMISE = re.compile(
    r"[?？吗么]\s*$|如果|假如|要是|若|的话|除非|才能|才会|之前(?:申请|提交|反馈)|无理由|发货时效|客服热线|(?:客服|在线|工作|上班|营业|服务)时间"
    r"|\b(?:if|unless|once|provided|hotline|policy|no[- ]reason)\b"
    r"|(?:请|麻烦|辛苦|烦请|劳烦)(?:(?!等|放心|耐心|[给为帮][您你]|[会将留]|注意|保持|[理谅]解|您?(?:商家|快递|仓库)).){0,16}?"
    r"(?:提供|上传|补充|提交|填写|[寄退]回(?!您)|申请|发给|联系(?:[我商卖快平]|客服)|[回答]复我|告[知诉]我|来电|致电|到我|签收|确认收货)"
    r"|[内前][您你](?:这边|那边)?(?:把.{0,6})?(?:[寄退]回|提供|上传|补充)"
    r"|需要?(?:您|你).{0,8}(?:提供|上传|寄回|申请)|[您你](?:(?![我会将放等]).){0,12}(?:联系|[回答]复|致电|告[知诉]|发给)我"
    r"|\b(?:please|you (?:need|have|must|should)|kindly)\b.{0,20}"
    r"\b(?:provide|upload|send|submit|return|apply|fill|ship|confirm|c(?:ontact|all) us"
    r"|re(?:ply|spond) (?:to us|by)\b)",
    re.IGNORECASE,
)
"""A question, a condition, a rule, or something asked of me."""

_DONE = re.compile(
    r"已经?(?:退|赔|补|寄|发|打款|到账|处理|解决|答复)|(?:has|have|was|were) (?:been )?(?:refunded|sent|paid)",
    re.IGNORECASE,
)
"""What is done already is no promise."""

_STARTS = re.compile(
    r"(?<![0-9a-z*.])(?<![0-9][-/])[0-9](?![0-9]{4,6}(?![0-9])|[0-9]{8})|(?<![零一二两俩三四五六七八九十百千廿卅第])[零一二两俩三四五六七八九十廿卅半](?![下些样定直起共致般旦切])"
    r"|(?<![每上双本这下])(?:周|星期|礼拜)|今[天日晚早]|明[天日晚早]|(?<!大)后天|大后天|[本这下]+个?(?:周|星期|礼拜|月)|月[底末]|年[底末]|当[天日晚]"
    r"|[今明]年(?=[0-9一二三四五六七八九十])|元旦|春节|清明|端午|中秋|国庆|节[前后]|除夕"
    r"|(?:[上下中]午|傍晚|晚上|早上)(?=[0-9一二三四五六七八九十两前给会就再帮为联回答发退安处]|[之以左])"
    r"|(?<![a-z])(?:mon|tue|wed|thu|fri|sat|sun|today|tonight|tomorrow|next|this|end of|noon|midnight"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|one|two|three|four|five|six|seven|ten|a|an|cob|eod)(?![0-9])"
)
"""Where a date may begin, in words as `normalise` leaves them."""

_OVER = re.compile(
    r"(?:(?:昨[天日晚早]?|前[天日]|今早|上[周个]|每[天日周月晚])(?:[上下中]午|晚上|早上)?|yesterday|最快|最早|起码|至少|快则|已经?|等了|过了|超过|超|用了|拖了|晚了|近|前|最近|上次?|每|满"
    r"|not before|earlier than|at least|for|past|last|waited|over|after|since|every)\s*$"
)
"""What stands before a time that is over, or is no date by which something is done."""

_LEAD = re.compile(r"(?:by|within|in|before|until|on|at|no later than|on or before)\s+(?:the\s+)?$")
"""The English words that belong to a date behind them."""

_NO_DATE = re.compile(
    r"\s*(?:[元块圆角%折件袋个次箱包瓶楼套斤克好]|-[0-9]|[0-9]{0,4}(?:[栋幢楼室弄]|单元)|[就都才]?已|毛钱|公斤|无理由|小时客服|在线|yuan|rmb|cny|items?|bags?|pieces?|times|%)"
)
"""What stands behind a number that is none of a date."""

_MAY_BE_PLACE = re.compile(r"[0-9一二三四五六七八九十百]{1,4}(?:号|[-/][0-9]{1,4})")
_PLACE = re.compile(
    r"(?:[街巷弄村园苑镇]|(?<!原)(?<!网)路|小区|(?<!知)道|[尾编房工货型批牌]号|门牌|码|(?<=[0-9])-)[:是为]?\s*$"
)
"""What stands before the number of a house, of a card or of a shelf."""

_LENGTH = re.compile(r"(?<![今明后])天|小时|工作日|个月|[日周]内|\b(?:day|hour|week)")
_FROM_EVENT = re.compile(
    r"(?<!已)(?<!已经)(?:签收|收到(?:[您你]的)?(?:退?货|退件|商品|货物|包裹|快递|样品)|收货|到货|到仓|入库|入仓|验收|验货|质检"
    r"|寄回|退回)[了完后]?的?\s*$"
)
_EVENT_BEFORE = re.compile(
    r"(?:[寄退]回|寄[到过出]|退过来|签收|收到|收货|到货|入[库仓]|验[收货]|质检|提交|上传|补充|提供)[^0-9]{0,10}?(?:之?后|以后)\s*$"
    r"|^\s*[亲请麻烦]{0,2}[您你](?!.{0,10}已).{0,10}(?:[寄退]回|[寄退]过来)来?(?:[吧哈哦]|就行|即可)?\s*$"
)
"""What has no date yet, from which a length is counted: in the clause itself, or as the whole clause before it."""

_QUOTED = re.compile(r"在 ?20\d\d[^\n]{4,80}?写道|\bOn [^\n]{6,80}? wrote:|-{3,5} ?(?:原始邮件|Original Message)")
"""The head of a quoted mail: what follows was said before."""


def word_of_promise(said: str, said_at: datetime, calendar: Calendar) -> SpokenPromise | None:
    """The first promise in what they said that names a day; None where there is none."""
    if ("写道" in said or "wrote" in said or "---" in said) and (quoted := _QUOTED.search(said)):
        said = said[: quoted.start()]
    before: re.Match[str] | None = None
    last = ""
    for count, clause in enumerate(_CLAUSE.finditer(said)):
        if count >= _MOST_CLAUSES:
            break
        lead, last = last, clause[0]
        if len(clause[0]) > _LONGEST_CLAUSE:
            before = None
            continue
        gives = gives_something(clause[0])
        if not gives and before is None:
            continue
        found = _dated(clause[0], said_at, calendar)
        if found is None:
            before = clause if gives else None
            continue
        if before is not None and _takes_back(before[0]):  # the dearest question comes last: most name no day
            before = None
        if not (gives or before) or _takes_back(clause[0]) or _counts_from(lead, clause[0][found[0] : found[1]]):
            before = None
            continue
        begin, end, due = found
        alone = not gives_something(clause[0][:begin] + clause[0][end:])
        first = before.start() if alone and before is not None else clause.start()
        return SpokenPromise(one_line(said[first : clause.end()]), clause[0][begin:end].strip(), due)
    return None


def gives_something(words: str) -> bool:
    """Whether the words say that something is given or done, and not only when."""
    return bool(_GIVES.search(words))


def _counts_from(lead: str, phrase: str) -> bool:
    """Whether the clause before is something that has not happened yet, from which the phrase counts."""
    return bool(_LENGTH.search(phrase) and _EVENT_BEFORE.search(lead))


def _takes_back(clause: str) -> bool:
    """Whether the clause promises nothing, whatever day it names."""
    if _NO_PROMISE.search(clause) or _DONE.search(clause):
        return True
    heard = read_reply("in", clause, Person(), promised=False, side=None)
    return heard.reply in ("refused", "asked") or heard.substance == "none"


def _dated(clause: str, said_at: datetime, calendar: Calendar) -> tuple[int, int, Due] | None:
    """Where a date by which something is done stands in the clause, and what it means."""
    words = normalise(clause)
    behind = 0
    for start in _STARTS.finditer(words):
        at = start.start()
        if at < behind:
            continue
        over = _OVER.search(words[:at])
        if (over and not over[0].startswith("最快")) or any(event.end() == at for event in EVENT.finditer(words[:at])):
            continue
        found = due_in_words(clause, at, said_at, calendar)
        if found is None:
            continue
        due, end = found
        if due is None:  # over: no part of it is a date of its own
            behind = end
            continue
        if _NO_DATE.match(words, end) or "." in words[at:end] or EVENT_BEHIND.match(words[end:].lstrip()):
            continue
        if over and LATER_END not in due.notes:  # 最快3-5天 gives both ends
            continue
        if _MAY_BE_PLACE.fullmatch(words, at, end) and _PLACE.search(words[:at]):
            continue
        if _LENGTH.search(words, at, end) and _FROM_EVENT.search(words[:at]):
            continue
        lead = _LEAD.search(words[:at])
        return (lead.start() if lead else at), end, due
    return None


_NO_DEMAND = re.compile(
    r"(?:不用|不必|不需要|无需|不想|不打算|(?<!要)不要|别)(?:再|给我|帮我)?(?:退|赔|补|换)(?:款|货|钱|偿|发)?"
    r"|(?:没有?|从没|不是|并未)(?:[说讲提]过?(?:要|想)?|要求?|想|申请)过?(?:退|赔|补)[款货钱偿发]?"
    r"|(?:退货?款|退货|退的钱|赔(?:款|偿)|补发的?|退货(?:包裹|快递))[^,，。;；!！?？\n没未不天日内]{0,8}?(?:收到|到[账帐]|到了|寄(?:回|出)|单号)"
    r"(?!了?[吗么?？没])|(?<![没未有到])收到[了你您们的全额部分平台商家]{0,6}退款(?!申请)|谢谢[^,，。\n]{0,4}退款"
    r"|(?<!not )(?<!n't )(?<!never )\b(?:got|received|(?:thank you|thanks) for) (?:the |my |your |a )?(?:full )?"
    r"(?:refund|compensation|replacement)"
    r"|\brefund (?:has |was |is )?(?:arrived|received|here)"
    r"|(?:n't|not|never) (?:want|need|ask\w*|request\w*|said?)(?: (?:for|a|the|any|you|to)){0,3}(?: refund)?\b",
    re.IGNORECASE,
)
"""That I have it, or never wanted it."""

_DEMANDS = re.compile(
    r"要求|请求|诉求|请(?:贵|你|您|尽快|马上|立即|于|在|平台|商家|.{0,8}(?:处理|答复|回复|给|寄|换))|申请|催|还给?我|退(?:我|款|货|钱)|退(?:还|回)?给我|退[了掉]?吧|[给帮替]我.{0,6}?(?:[退换赔补修开寄发]|取消|处理|解决)|换[个一新]|(?<!已)(?<!已经)取消订单(?!了)"
    r"|(?<!不)想要?(?:[退换赔]|维修)|我要(?:[退换赔]|维修)"
    r"|开.{0,4}发票|(?:尽快|赶紧|赶快|马上|立即|立刻|抓紧|快[点些]).{0,4}(?:发货|[退赔换补寄修]|派送|处理|解决|[回答]复)|[都全]退|一[起并]退|赔|补[发寄偿]|必须"
    r"|ask(?:ed|ing)? (?:for|them|him|her|to|when)|demand|request|insist|chas(?:e|ed|ing)|refund|want|compensat|remind"
    r"|cancel (?:my|the|this|it)|send (?:me|us)|give (?:me|us|it)|money back"
    r"|(?:please|kindly) (?:send|ship|exchange|replace|fix|resolve)",
    re.IGNORECASE,
)


def states_demand(said: str) -> bool:
    """Whether what I said probably states or repeats what I want."""
    return bool(_DEMANDS.search(said)) and bool(_DEMANDS.search(_NO_DEMAND.sub(" ", said)))
