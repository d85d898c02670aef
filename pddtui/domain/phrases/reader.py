"""A cursor over what somebody typed, and the words around a date that change nothing.

Forms are tried one after the other; when none reads everything, `furthest` is where the best of them stopped, and
`PhraseError` points there. The words are written as `normalise` leaves a text: half-width, lower case, simplified.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from functools import cache
from typing import TypeVar

from pddtui.domain.phrases.numbers import TOO_MANY, either_of_two, normalise, whole_number
from pddtui.domain.text import one_line
from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = [
    "AFTER_DATE",
    "AGO",
    "BEFORE_DATE",
    "DATES_FROM",
    "EARLIEST",
    "EVENT",
    "EVENT_BEHIND",
    "EXAMPLES",
    "IN_THE_PAST",
    "LATEST",
    "NEXT_DAY",
    "ONWARDS",
    "PAST_WORDS",
    "RANGE",
    "STARTING",
    "VAGUE",
    "VAGUE_TIMES",
    "PhraseError",
    "Reader",
    "VaguePhrase",
    "from_when",
    "not_before",
    "unreadable",
]

T = TypeVar("T")

_LONGEST_QUOTE = 24

EXAMPLES = (msg("within 3 working days"), msg("tomorrow 18:00"), "11-25", "+48h")
"""In the words of the reader, each of which can be typed as it stands."""
IN_THE_PAST = msg("This is in the past: enter a date in the future.")

RANGE = ("-", "~", "到", "或", "、", "或者", "to", "or")
"""Words between the ends of a range."""

DATES_FROM = 10
"""3-5日 without a month mostly means three to five days; from the tenth on, 日 counts days of the month."""

NEXT_DAY = ("第二天", "第2天")
"""The day after; not a length of two days."""

AGO = ("前", "以前", "之前", "ago")
"""Words behind a length that lead it into the past."""

VAGUE: tuple[str, ...] = (
    *("尽快", "尽早", "马上", "立刻", "立即", "即刻", "稍后", "稍候", "稍等", "晚点", "晚些", "回头", "一会"),
    *("几", "数日", "数天", "数小时", "数周", "数月", "若干", "这两天", "近日", "近期", "最近", "改天", "有空"),
    *("到时", "随时", "第一时间", "择日", "日后", "后续", "加急", "反馈", "通知", "消息", "耐心等", "不确定"),
    *("不清楚", "看情况", "段时间", "阵子", "一有", "有结果就", "a bit", "优先", "催", "asap"),
    *("as soon as possible", "soon", "shortly", "immediately", "right away", "at once", "later", "a few"),
    *("several", "in due course", "eventually", "sometime", "some time", "someday", "some day", "one day"),
    *("a while", "let you know", "get back", "pass it on", "urgent"),
)
"""Words that promise and name no date. Where there is a number, something else is wrong with the phrase."""

VAGUE_TIMES: tuple[str, ...] = (
    *("月初", "月中", "年初", "年中", "周初", "周中", "年前", "年后", "节前", "节后", "early", "mid"),
    *("middle of", "beginning of", "start of", "腊月", "农历", "阴历", "元旦", "春节", "过年", "除夕", "清明"),
    *("五一", "端午", "中秋", "国庆", "十一前", "十一后", "双十一", "双11", "双十二", "双12", "618", "圣诞"),
    *("holiday", "christmas", "xmas", "new year", "spring festival", "labour day", "labor day", "mid-autumn"),
    *("dragon boat", "national day", "easter"),
)
"""Seasons and feasts: people mean some time around them, and not all the same one."""

PAST_WORDS: tuple[str, ...] = (
    *("昨天", "昨日", "昨晚", "昨早", "前天", "前日", "大前天", "上周", "上星期", "上礼拜", "上个月", "上月"),
    *("去年", "前年", "刚才", "刚刚", "yesterday", "the day before yesterday", "day before yesterday"),
    *("last night", "last week", "last month", "last year", "just now"),
)
"""Days for which nothing can be promised any more."""

_WHO: tuple[str, ...] = (
    *("我们", "我", "我方", "我司", "商家", "店家", "卖家", "平台", "客服", "专员", "专人", "工作人员"),
    *("相关人员", "相关部门", "专属客服", "售后", "主管", "经理", "同事", "这边", "系统", "仓库", "财务"),
    *("银行", "快递", "您", "你"),
)
"""Who is to do it, or for whom."""

_COURTESIES: tuple[str, ...] = (
    *("亲", "亲亲", "亲爱的", "亲爱哒", "亲爱的顾客", "宝", "宝宝", "您好", "你好", "好的", "好的呢", "好"),
    *("好哒", "好滴", "嗯", "嗯嗯", "哦", "噢", "是的", "是", "可以的", "没问题", "没事", "放心", "您放心"),
    *("请放心", "抱歉", "不好意思", "实在抱歉", "非常抱歉", "很抱歉", "实在不好意思", "久等了", "让您久等了"),
    *("感谢", "感谢您", "谢谢", "谢谢您", "麻烦", "麻烦您", "辛苦", "辛苦您", "了解", "明白", "理解", "呢"),
    *("哈", "呀", "啊", "的", "了", "吧", "哟", "您稍等", "收到,", "收到。", "收到!", "收到~", "收到 "),
    *("反馈了", "已反馈", "已登记", "已上报", "已催促", "已加急", "已为您登记", "dear", "hi", "hello", "sorry"),
    *("ok", "okay", "sure", "yes", "thanks", "thank you", "no problem", "certainly"),
)
"""What a chat says around it."""

EARLIEST: tuple[str, ...] = (
    *("最快", "最早", "到少", "最少", "起码", "最起码", "不早于", "不少于", "不低于", "超过", "快则", "after"),
    *("not before", "no earlier than", "not earlier than", "no sooner than", "not sooner than", "not until"),
    *("earliest", "at the earliest", "the earliest", "the earliest is", "at least", "over", "more than"),
    *("no less than", "not less than"),
)
"""Words before a date that make it the earliest."""

ONWARDS: tuple[str, ...] = (
    *("以后", "之后", "过后", "往后", "起", "开始", "以上", "或以上", "或更久", "或更长", "才", "才能", "才会"),
    *("最早", "最快", "onwards", "onward", "at the earliest", "earliest", "or later", "and later", "or after"),
    *("or more", "or longer", "at least"),
)
"""Words behind a date that make it the earliest."""

_SAID_OF_THE_EARLIEST = (
    *("最快", "最早", "以后", "之后", "起码", "到少", "过后", "at the earliest", "not before", "no earlier"),
    *("no sooner", "not until", "at least", "onwards", "or later"),
)
"""Words that say so of whatever stands beside them."""

STARTING: tuple[str, ...] = ("从", "自", "自从", "from", "starting", "starting from", "as of", "beginning")
"""Words before a date from which on something is done, or before the earlier end of a range."""

EVENT = re.compile(
    "(?:收到|收货|签收|到货|发货|寄出|寄回|退回|退货|退件|入库|入仓|验收|验货|质检|检测|检验|鉴定|确认|审核|审批|复核|核实"
    "|核查|通过|同意|批准|受理|立案|提交|申请|申诉|举证|上传|补充|付款|支付|下单|成团|揽收|揽件|取件|送达|妥投|接到|生效"
    "|登记|退款成功|核对|开票|回传|提供|介入|判定|调解)[^,。;!?0-9零一二两三四五六七八九十]{0,16}?"
    "(?:之日起|次日起|日起|时起|起算|算起|以后|之后|后|起)"
)
"""Something that starts a period in Chinese, up to the word that counts from it: 收到退货后, 审核通过之日起."""

EVENT_BEHIND = re.compile(
    "(?:after|of|from|upon|following|once|when|since|on) (?:[a-z']{1,12} ){0,5}?"
    "(?:receipt|receiv|approv|deliver|return|review|sign|ship|dispatch|inspect|confirm|accept|submi|request|appl"
    "|payment|paid|pickup|pick-up|collect|arriv|process|verif|check|order|purchase|complet)[a-z]{0,9}"
    "(?: (?:of|the|your|our|my|goods|return|returned|parcel|item|items|it|is|has|been|by|warehouse|seller|shop"
    "|package|documents|product|request|application|refund|claim|case|up|from|to|you|us)(?![a-z])){0,8}"
)
"""The same in English: `of receipt`, `after we have received the return`."""

LATEST: tuple[str, ...] = (
    *("最晚", "最迟", "最慢", "慢则", "最多", "到多", "最长", "不超过", "不晚于", "不迟于", "at the latest"),
    *("latest", "no later than", "not later than", "at most", "no more than", "not more than", "up to"),
)
"""Words before a date that make it the latest, whatever was said before."""

BEFORE_DATE: tuple[str, ...] = (
    *_WHO,
    *("会", "将", "将会", "在", "于", "争取", "保证", "承诺", "请", "请您", "耐心", "等待", "等候", "尽快"),
    *("最迟", "最晚", "最多", "到多", "最长", "大概", "大约", "约", "预计", "预估", "估计", "不超过", "不晚于"),
    *("不迟于", "截止", "截止到", "截到", "到", "等", "再等", "直到", "需要", "需", "要", "一般", "通常"),
    *("可能", "差不多", "过", "再过", "正常", "一定", "肯定", "尽量", "就", "也", "那", "那就", "计划", "打算"),
    *("准备", "安排", "安排在", "定在", "约定", "给您", "给你", "帮您", "帮你", "为您", "这边会", "我们会"),
    *("处理", "处理时效", "处理时间", "时效", "时间", "审核", "退款", "赔付", "补发", "发货", "到账", "答复"),
    *("回复", "结果", "核实", "期限", "本店", "小店", "店铺", "咱们", "咱", "厂家", "物流", "技术", "后台"),
    *("上级", "领导", "仓库那边", "那边", "最终", "目前", "现在", "即日起", "自即日起", "从即日起", "即日"),
    *("从现在起", "从现在开始", "现在起", "现在开始", "今起", "其实", "应该", "应", "可以", "能"),
    *_COURTESIES,
    *("~", "“", '"', "(", ",", "。", ":", "!", ".", "?", "、", "…", "[", "【", "by", "before", "within", "in"),
    *("on", "until", "till", "during", "no later than", "not later than", "at the latest", "the", "latest"),
    *("due", "about", "around", "approximately", "up to", "at most", "max", "no more than", "not more than"),
    *("we will", "we'll", "i will", "i'll", "you will get it", "you'll get it", "an answer", "a reply"),
    *("a refund", "your account", "please wait", "please allow", "at", "it will be", "it'll be", "will be"),
    *("should be", "done", "reply", "expect", "expected", "you will have it", "you'll have it", "we aim"),
    *("for", "reply to you", "answer", "you", "refund", "refunded", "get back to you", "get it done", "sorted"),
    *("and", "but", "it", "should", "will", "takes", "take", "receive", "aim to reply", "to reply"),
    *("hear back", "hear from us", "first thing", "deliver", "sent", "resolved"),
    *LATEST,
    *("已收到", "已收到您的申请", "已收到您的反馈", "收到您的反馈", "您的申请已受理", "已受理", "已提交"),
    *("已经提交", "提交成功", "正在处理", "处理中", "正在审核", "审核中", "正在核实", "核实中", "check and"),
    *("delivered", "shipped"),
)
"""What may stand before a date. "Before" includes the day it names: the promise ends with that day."""

AFTER_DATE: tuple[str, ...] = (
    *_WHO,
    *("内", "以内", "之内", "里", "前", "以前", "之前", "后", "以后", "之后", "左右", "上下", "为止", "止"),
    *("完", "的话", "的", "了", "会", "将", "给", "为", "帮", "向", "由", "与", "跟", "对", "客户", "到账"),
    *("到", "原路", "原路径", "把", "答复", "回复", "反馈", "处理", "解决", "退款", "退回", "返回", "退还"),
    *("返还", "退", "钱款", "款项", "资金", "钱", "完成", "发货", "补寄", "补发", "寄出", "联系", "跟进"),
    *("核实", "来电", "致电", "回电", "打电话", "电话", "结果", "结论", "方案", "消息", "通知", "上门", "取件"),
    *("审核", "出", "好", "完毕", "尽快", "一定", "必须", "可以", "再", "都", "有", "就", "能", "进行", "一个"),
    *("吧", "哦", "呢", "啊", "哈", "呀", "哟", "(", ")", ",", "。", "回", "回您", "回你", "回电话"),
    *("回个电话", "回复电话", "回访", "回话", "回应", "去电", "拨打", "办", "办理", "办好", "搞定", "肯定"),
    *("保证", "绝对", "应该", "尽量", "争取", "达", "弄好", "查", "查清", "查询", "调查", "安排", "落实"),
    *("给到", "打款", "赔付", "赔偿", "补偿", "入账", "转账", "寄", "寄回", "寄到", "发出", "发", "送达"),
    *("送到", "换货", "换", "重发", "签收", "出结果", "说法", "准信", "回音", "答案", "信息", "进度", "后续"),
    *("个", "还", "是", "没问题", "亲", "亲亲", "噢", "喔", "嗷", "啦", "咯", "喽", "滴", "嘞", "哒", "么"),
    *("嘛", "哈哈", "~", "…", "?", "、", "-", "请放心", "放心", "谢谢", "感谢", "请", "耐心等待", "等待"),
    *("好吗", "可以吗", "行吗", "谢谢理解", "感谢理解", "久等了", "]", "】", "收到", "您的", "你的", "问题"),
    *("这个", "订单", ".", "!", ";", "”", '"', "at the latest", "latest", "max", "from now", "later", "or so"),
    *("please", "at most", "sharp", "time", "'", "and", "but", "then", "thanks", "thank you", "dear", "ok"),
    *("'s time", "' time", "必定", "必", "上班", "开工", "复工", "不等", "或以前", "或之前", "节假日顺延"),
    *("遇节假日顺延", "节假日除外", "法定节假日除外", "不含节假日", "不含周末", "周末除外", "or before"),
    *("or earlier", "or sooner"),
)
"""What may stand behind a date."""


class PhraseError(Refused):
    """A date, time or period that cannot be read, or that does not exist."""

    def __init__(self, message: Message, position: int) -> None:
        super().__init__(message, position=position)


class VaguePhrase(PhraseError):
    """A phrase that names no day by which something is due: 尽快, "soon", 最快周五, "3 days after receipt"."""


class Reader:
    """Reads a phrase from left to right. `at` may be set back to try another form.

    `looks_back`: how long a date without its year may be over before the next such date is meant.
    """

    def __init__(self, phrase: str, looks_back: timedelta = timedelta()) -> None:
        self.phrase = phrase
        self.looks_back = looks_back
        self.text = normalise(phrase)
        self.at = 0
        self.furthest = 0

    def word(self, table: Mapping[str, T]) -> T | None:
        """Take the longest word of `table` that stands here, and give its value; None where no word does."""
        self.spaces()
        words = _indexed(table).get(self.text[self.at : self.at + 1])
        word = longest_word(self.text, self.at, words) if words is not None else None
        if word is None:
            return None
        self._take(self.at + len(word))
        return table[word]

    def skip(self, *words: str) -> bool:
        """Take one of `words`, the longest that stands here."""
        self.spaces()
        found = _by_first_character(words).get(self.text[self.at : self.at + 1])
        word = longest_word(self.text, self.at, found) if found is not None else None
        if word is None:
            return False
        self._take(self.at + len(word))
        return True

    def skip_all(self, words: tuple[str, ...]) -> None:
        """Take as many of `words` as stand here, in whatever order."""
        while self.skip(*words):
            pass

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


@cache
def _by_first_character(words: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    """Hundreds of words may stand around a date, few of which begin with the same character."""
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        found[word[:1]] = (*found.get(word[:1], ()), word)
    return found


_TABLES: dict[int, tuple[Mapping[str, object], Mapping[str, tuple[str, ...]]]] = {}


def _indexed(table: Mapping[str, object]) -> Mapping[str, tuple[str, ...]]:
    """The words of a table by their first characters. Tables are constants: each is kept, so that its id stays its."""
    known = _TABLES.get(id(table))
    if known is None:
        known = _TABLES[id(table)] = table, _by_first_character(tuple(table))
    return known[1]


def longest_word(text: str, at: int, words: Collection[str]) -> str | None:
    """The longest of `words` at `at`; one that ends in a Latin letter must not go on with another."""
    found = [word for word in words if text.startswith(word, at) and not _goes_on(word, text[at + len(word) :][:1])]
    return max(found, key=len, default=None)


def _goes_on(word: str, after: str) -> bool:
    return _latin(word[-1:]) and _latin(after)


def _latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def not_before(reader: Reader, begin: int) -> VaguePhrase:
    """The refusal of a phrase that names the earliest day and not the latest."""
    message = msg(
        "“{phrase}” says when at the earliest, not by when: ask for the latest day, and enter that.",
        phrase=reader.quote(),
    )
    return VaguePhrase(message, begin)


def from_when(reader: Reader, begin: int) -> VaguePhrase:
    """The refusal of a period from something whose date is not said."""
    message = msg(
        "“{phrase}” does not say from when: enter the date it counts from, as in “3 working days from 11-25”, or give "
        "it with --from.",
        phrase=reader.quote(),
    )
    return VaguePhrase(message, begin)


def unreadable(reader: Reader, begin: int) -> PhraseError:
    """The refusal of a phrase that no form reads whole; its date, if there is one, begins at `begin`."""
    text = reader.text
    digits = any(char.isdigit() for char in text)
    reader.at = begin
    if reader.follows(*PAST_WORDS):
        return PhraseError(IN_THE_PAST, begin)
    if EVENT.search(text) or EVENT_BEHIND.search(text):
        return from_when(reader, begin)
    if any(word in text for word in _SAID_OF_THE_EARLIEST):
        return not_before(reader, begin)
    if any(word in text for word in (VAGUE_TIMES if digits else (*VAGUE_TIMES, *VAGUE))):
        return VaguePhrase(msg("“{phrase}” gives no date: ask for one, and enter that.", phrase=reader.quote()), begin)
    reader.skip("+", "第")
    number = reader.number()
    reader.skip("个")
    position = max(reader.furthest, reader.at)
    if number is not None and number < TOO_MANY and position == reader.at:
        if reader.finished():
            message = msg("Add a unit to {n}: {n}h, {n}d or {n}wd (hours, days, working days).", n=number)
        else:
            message = msg(
                "“{unit}” is not a unit: use hours, days, working days, weeks, months or years.",
                unit=reader.quote(position),
            )
        return PhraseError(message, position)
    if position >= len(text):
        return PhraseError(
            msg(
                "“{phrase}” is not a date or period: enter one such as {examples}.",
                phrase=reader.quote(),
                examples=EXAMPLES,
            ),
            position,
        )
    return PhraseError(
        msg(
            "“{rest}” (character {column}) is not clear: enter it like {examples}.",
            rest=reader.quote(position),
            column=position + 1,
            examples=EXAMPLES,
        ),
        position,
    )
