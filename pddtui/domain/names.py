"""Names of people where they stand with a role: 客服主管张伟, 客服小王, 王主管, `agent Amy`.

A field for a role or a name is taken apart: what is a role is not private, and what is a name is. Han has no capitals
and no blanks, so a name is known by its form: a surname with one or two characters behind it, 小王, 王工, 果果. A
role alone names nobody, and neither does a place or a kind of work before one: 杭州客服, 退款专员.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = [
    "IN_WORDS",
    "ROLE",
    "beside_title",
    "is_role",
    "names_in_role",
    "person_names",
    "surname_of",
]

OF_A_PLACE = (
    "拼多多|多多|平台|官方|店铺|商家|卖家|快递|物流|售后|在线|人工|专属|值班|高级|投诉|消费者"
    "|电商|运营|银行|支付|网点|客服|市场监管[所局]?|监管所"
)
POSTS = (
    "客服|主管|经理|专员|组长|班长|店长|店主|老板|掌柜|承办人|工作人员|快递员|派件员|站长|站点|调解员|书记员|法官|坐席"
    "|座席|审核员|负责人|领导|系统|机器人|自动回复|小二|助手|所长|科员|民警|话务员|接线员|受理员|办事员|仲裁员|记者|助理|代表|店员|仓管员|顾问"
)
ALONE = "拼多多|平台|官方|店铺|商家|卖家|快递|物流|仓库|厂家|支付平台|银行|消协|市监局|市场监管(?:局|所)|法院|热线"
ROLE = f"(?:(?:{OF_A_PLACE})*(?:{POSTS})|{ALONE})"
"""A pattern for a role: a place and a post, or one of those that stand alone."""

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪"
    "范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜"
    "倪庄聂章鲁岳翟殷詹申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房"
    "滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂佟应臧闵苟邬边卞姬师仇栾隋商刁沙荣"
    "巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼闻厉伊仝郜阚屠朴盖廉禹祖漆"
    "狄索晋芮阙戈薄邸雍辜裘亓邰赫杭况宿逯茹亢嵇湛戎茅尉檀昝衡欧常傅岑"
)
_TWO = "欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|慕容|令狐|司徒|东方|南宫|长孙|宇文|端木|轩辕"
_SURNAME = f"(?:{_TWO}|[{_SURNAMES}])"
_HAN = "\u4e00-\u9fff"

_TITLES = "女士|先生|小姐|老师|师傅|同志|警官|律师|主任|科长|处长|局长|队长|部长|总监|工程师"
_SHORT_TITLES = (
    "工(?![作资商程单人厂期具号夫])|总(?![共是部计额数会之有要])"
    "|姐|哥|妹|队(?!伍)|科(?!技)|处(?![理罚分置于在])|局(?!面)"
)
_NICKNAME = f"(?:[小老阿](?![时票店二件样区姐组心额程板师是客里家众堂型批声费份事错问])[{_HAN}A-Za-z]|大[{_SURNAMES}])"

_NO_NAME = (
    "高级|官方|高峰|高见|程序|文明|方才|方式|方向|张口|常说|余下|成立|施压|周[一二三四五六日末内]|于[明今本\\d]|钱[已没还都款]|马上|高度|安排|应该|应当|方面|方便|时间|时候|时效|关于|关闭|解释|解决|任何|白天|白班|满意|单独|单号|单证|平时|温馨|万一"
    "|明天|明确|明白|全部|商品|商务|商城|官网|商量|查询|查看|查找|查明|和解|成功|成交|连续|包裹|包赔|金额|金融|金牌|安全|安装|安保"
    "|房产|车险|路线|文员|文字|文书|费用|管理|原因|原先|原来|路上|迟迟|向我|于是|方案|易碎|常用|常规|司机|项目|余额|何时|何人"
    "|付款|乐意|乐于|施工|华东|华南|华北|华中|南方|南区|文档|严重|严格|严肃|强制|燕郊|终于|曾经|许诺|许可|许多|易货|游客|毕竟|计划"
    "|杭州|苏州|郑州|徐州|温州|常州|柳州|梅州|安徽|安阳|安庆|江苏|江西|江门|云南|吉林|宁波|宁夏|武汉|成都|海口|金华|连云|景德"
    "|黄石|黄山|黄冈|马鞍|南京|南昌|南宁|南通|包头|毕节|曲靖|商丘|周口|许昌|齐齐|甘肃|阳江|阳泉|石家|荆州|桂林|华为|中通|顺丰"
    "|万科|万达|京东|唯品|苏宁|单位|关系|左右|时段|应诉|应急|查收|封号|封存|古董|简单|简称|从来|连接|安抚|解答|解散|路由|谈话"
)
"""Words that begin with the character of a surname."""

_OFFICES = "部组处科站店网台厅院镇街区县市省所局"
_NO_PERSON = f"[{_HAN}]*(?:[{_OFFICES}]|中心|团队|热线|人员|专线|电话|通道|平台|公司|小组|大队)"
"""What ends like this is an office or a place."""

_FULL = (
    f"(?!{_NO_NAME})(?!{_SURNAME}[{_HAN}]?[{_OFFICES}](?![{_HAN}]))(?!{_SURNAME}(?:{POSTS})(?![{_HAN}]))"
    f"{_SURNAME}[{_HAN}]{{1,2}}?"
)
_BY_TITLE = f"{_SURNAME}(?:{_TITLES}|{_SHORT_TITLES})"
_TWICE = f"(?!常常|刚刚|天天|人人|个个|往往|慢慢|好好|多多|说说|看看|问问|等等|谢谢|拜拜)([{_HAN}])\\1"
_LATIN = "[A-Z][A-Za-z]{1,19}"
_NAME = f"(?:{_BY_TITLE}|{_NICKNAME}|{_FULL})"

_WHOLE = re.compile(f"(?:{_NAME}|{_LATIN}|{_TWICE})")
_ONE = re.compile(_SURNAME)
_OFFICE = re.compile(
    f"{_NO_PERSON}|(?:{_NO_NAME})[{_HAN}]*|(?:工号|编号)?\\d+|[\\d一二三四五六七八九十A-Z]{{1,6}}[号线]?"
    f"|(?:{POSTS}|{ALONE}|{OF_A_PLACE})+"
)
_LAST = re.compile(f"(?P<name>[^\\s]{{1,4}}?)(?P<role>(?:{OF_A_PLACE})*(?:{POSTS}))")
_ROLE_ALONE = re.compile(ROLE)
_SAID_TO_BE = re.compile(r"(?:昵称|姓名|名叫|花名|名字是)\s*[:：]?\s*[“\"「『]?(?P<name>[^”\"」』）)\s，。]{1,8})")
_BETWEEN = re.compile(r"[\s()（）\[\]【】“”\"「」『』,，、/|:：·—_-]+")

_VERBS = (
    "说|称|讲|问|表示|回[复答电访应]|答[复应]|告[知诉]|承诺|保证|让|要求|来电|来信|通知|同意|拒绝|确认"
    "|处理|联系|打来|发来|挂"
)
_MEANWHILE = "于|在|已|又|再|也|还|就|把|给|和|与|跟|的|对|当|昨|今|一|会|将|能|没|不|刚|只|都|向|通过|经"
_STOPS = f"[^{_HAN}A-Za-z]|$"
_COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭林罗郑梁谢宋唐韩冯邓曹彭曾肖田董袁潘蒋蔡余杜"
    "叶苏魏吕丁沈姚卢姜崔钟谭陆汪范廖贾夏韦邹孟熊秦邱尹薛闫段侯陶黎顾郝龚邵覃戴莫孔"
)
_VERBAL = "查解谈应关管单时封向于从连包简申计项车满由商官原强和任"
"""Surnames that are other words more often: where the words alone are at hand they are none."""

_SPEAKS = (
    "客服|主管|经理|专员|组长|班长|站长|店长|承办人|工作人员|快递员|派件员|调解员|书记员|法官"
    "|坐席|座席|话务员|接线员|负责人|民警"
)
IN_WORDS = (
    rf"(?:{_SPEAKS})(?:叫|名叫|[（(“\"])?[ ]?"
    rf"({_BY_TITLE}|{_NICKNAME}(?=(?:{_VERBS}|{_MEANWHILE}|{_STOPS}))"
    rf"|(?=[{_COMMON}]){_FULL}(?=(?:{_VERBS}|{_MEANWHILE}|{_STOPS}))|(?![{_VERBAL}]){_FULL}(?=(?:{_VERBS}|{_STOPS})))"
)
"""A name behind a role in a text, by its form alone; the name is the first group."""


def beside_title(surname: str) -> str:
    """A pattern for somebody called by the surname with a title or a role; the surname is one of the groups."""
    english = rf"(?<=[A-Za-z] )({re.escape(surname)})(?![{_HAN}])"  # alone in an English sentence, as in "the agent 李"
    if surname in _VERBAL:
        return f"({surname})(?={_TITLES})|{english}"
    called = f"{_TITLES}|{_SHORT_TITLES}|{POSTS}"
    others = f"(?:{_SPEAKS})[ ]?({re.escape(surname)})(?=(?:{_VERBS}|{_MEANWHILE}|{_STOPS}))"
    fond = f"[小老阿]({re.escape(surname)})(?=(?:{_VERBS}|{_STOPS}))"
    return rf"({re.escape(surname)})(?={called})|{others}|{fond}|{english}"


_ENGLISH_ROLE = re.compile(
    r"(?i)\b(?:agents?|reps?|representative|supervisor|manager|specialist|officer|clerk|operator|owner|support|service"
    r"|automatic reply|auto[- ]?reply|staff|leader|courier|driver|merchant|seller|mediator|judge"
    r"|dispatcher|bot|robot|system)\b"
)
_ENGLISH_WORDS = frozenset((
    *("shop", "store", "platform", "customer", "senior", "duty", "team", "lead", "head", "help", "desk", "after"),
    *("sales", "order", "refund", "official", "pdd", "pinduoduo", "bank", "court", "market", "regulator"),
    *("association", "ai", "vip", "app", "the", "of", "at", "from", "night", "day", "chat", "online", "hotline"),
    *("first", "second", "line", "handling", "china", "sf", "yto", "zto", "jd", "local", "case", "reply", "automatic"),
))  # fmt: skip


def names_in_role(role: str) -> tuple[str, ...]:
    """The names of people in what was typed as a role; none in a role alone."""
    return tuple(dict.fromkeys(_names(role, of_a_name=False)))


def person_names(name: str) -> tuple[str, ...]:
    """The names of people in what was typed as a name: all of it, unless a role stands in it or is all of it."""
    if not _has_role(name):
        return (name,)
    return tuple(dict.fromkeys(_names(name, of_a_name=True)))


def is_role(name: str) -> bool:
    """Whether what was typed as a name is a role and names nobody."""
    return not person_names(name)


def surname_of(name: str) -> str | None:
    """The surname by which a person may be called with a title: 李 of 李, 张 of 张伟, 王 of 王工 and of 小王."""
    bare = re.sub("^[小老阿大](?=.$)", "", name.strip())
    found = _ONE.match(bare)
    return found[0] if found is not None and len(bare) <= len(found[0]) + 2 else None


def _has_role(text: str) -> bool:
    return bool(re.search(f"{POSTS}|{ALONE}", text) or _ENGLISH_ROLE.search(text))


def _names(text: str, *, of_a_name: bool) -> Iterator[str]:
    if (said := _SAID_TO_BE.search(text)) is not None:
        yield said["name"]
        text = text.replace(said[0], " ")
    if text.isascii():
        yield from _english(text)
        return
    for token in filter(None, _BETWEEN.split(text)):
        yield from _in_token(token, of_a_name=of_a_name)


def _in_token(token: str, *, of_a_name: bool) -> Iterator[str]:
    if _ROLE_ALONE.fullmatch(token):
        return
    if _WHOLE.fullmatch(token) and not _OFFICE.fullmatch(token):
        yield token
        return
    first = _longest(token)
    if first:
        name = token[len(first) :]
        person = _WHOLE.fullmatch(name) or (of_a_name and len(name) > 1) or _ONE.fullmatch(name)
        if name and person and not _OFFICE.fullmatch(name):
            yield name
            return
    if (last := _LAST.fullmatch(token)) is not None and (
        _WHOLE.fullmatch(last["name"]) or _ONE.fullmatch(last["name"])
    ):
        yield last["name"]


def _longest(token: str) -> str:
    """The role that the token begins with, as far as it goes; "" where it does not begin with one."""
    ends = [found.end() for found in re.finditer(ROLE, token)]
    return token[: ends[-1]] if ends else ""


def _english(text: str) -> Iterator[str]:
    if _ENGLISH_ROLE.search(text) is None:
        return
    left = re.findall(r"[A-Za-z][A-Za-z.'-]*", _ENGLISH_ROLE.sub(" / ", text).replace("/", ";"))
    words = [word for word in left if word.lower() not in _ENGLISH_WORDS and word[:1].isupper() and len(word) > 1]
    if words:
        yield " ".join(words)
