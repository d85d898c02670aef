"""The words of those who answer, by what they show: the spelling they are brought into, and what only looks like a yes.

Every pattern has bounded gaps, so that the time taken grows with the length of the text and no faster.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Literal

from pddtui.domain.text import halfwidth

__all__ = ["bare_clause", "in_one_spelling", "is_automatic", "reply_clauses", "reply_pattern"]


def in_one_spelling(said: str) -> str:
    """The words in one spelling: narrow, in small letters, without spaces in Chinese and without padding."""
    text = halfwidth(said).lower().replace("’", "'")
    text = re.sub(r"(?<=[^\x00-\x7f])[ \t]{1,4}(?=[^\x00-\x7f])", "", text)
    for pattern, instead in _compiled("spelling"):
        text = pattern.sub(instead, text)
    return text


_Instead = str | Callable[[re.Match[str]], str]


@cache
def _compiled(name: Literal["spelling", "disguises"]) -> tuple[tuple[re.Pattern[str], _Instead], ...]:
    pairs = _SPELLING if name == "spelling" else _DISGUISES
    return tuple((re.compile(_named(_one(pattern))), _instead(instead)) for pattern, instead in pairs)


def _instead(text: str) -> _Instead:
    """What is put there: `sub` reads a text with a group in it anew on every call."""
    return (lambda found: found.expand(text)) if "\\" in text else text


_SPELLING = (
    (r"推款|腿款|退宽", "退款"),
    (r"(?<![可所难])[以己](?=经|退|反馈|登记|受理|为您|帮您|给您|安排|处理|发)", "已"),
    (r"知持|支特", "支持"),
    (r"[你妳]", "您"),
    (r"亲亲|亲爱的|(?<!母)(?<!父)亲(?!自|属|戚)|宝子|小主|[哦呢噢喔哈呀啦哟哒嘛滴诶喽咯]", ""),
    (r"您们", "您"),
)  # fmt: skip
"""Slips of the pinyin keyboard, and the particles that shops put around everything."""

_CLAUSE = re.compile(r"[^,，。.;；!！?？\n~～…]{1,400}[?？]?")


def reply_clauses(words: str) -> Iterator[str]:
    """The parts of what was said that are read one by one, a question with its mark."""
    return (found[0].strip() for found in _CLAUSE.finditer(words))


def bare_clause(clause: str) -> tuple[str, bool]:
    """The clause without what only looks like a yes or a no, and whether it asks."""
    for pattern, instead in _compiled("disguises"):
        clause = pattern.sub(instead, clause)
    return clause, bool(reply_pattern("question").search(clause)) and not reply_pattern("rhetorical").search(clause)


_DISGUISES = (
    (r"""
        (?:并不|又不|也不|不)是(?:说)?不[^,]{0,6}|(?:没有?|没人|从没|从未)(?:人)?说(?:过)?不[^,]{0,6}|不会不[^,]{0,4}
        不可能不[^,]{0,4}
        (?:没有?|从未|从没|并未|[不未]曾|不会|不是|并非)(?:我们?)?[要想说]?(?:拒绝|不同意|驳回)[^,]{0,8}
        """, "等待"),
    (r"""
        (?:如|若|要是|假如|万一)果?<THEM>?[还仍一直也再都坚持是然继续]{0,3}(?:不能?(?:同意|接受|处理|退|赔|认|理|回复)
            |拒绝|驳回|(?:未|没有?)(?:处理|同意|回复|退款|达成))(?:您的?|[退换]货|退款|申请|要求|诉求|赔偿|处理){0,4}
        <THEM>(?:不同意|拒绝|不处理)[^,]{0,6}(?:的话|[时后](?=$|您|可|请)|您可以申请)
        """, "如果"),
    (r"[超逾].{1,12}?[未没不]有?(?:处理|回[复应]|操作|发货|响应|审核|同意|答复)(?=[^,]{0,4}[会将的系自])", "等待如果"),
    (r"""
        (?:投诉|工单|举报|申诉|案件|诉求|申请)[单书件号]{0,2}(?:\([^()]{0,40}\)|[a-z]{0,4}[0-9]{6,30})?
            [已经被予以现给您]{0,4}退回(?!.{0,6}[款账元银])
        """, "不予受理"),
    (r"(?:包裹|快[件递]|商品|货物?|件|材料|资料)(?:已经?|被|给您|正在){1,3}退回(?!.{0,6}款)", "货件"),
    (r"""
        您(?<![给为帮替]您)(?:(?!请|把|补|需|要|麻烦|可以)[^,]){0,14}?(?:反[馈映]|投诉|举报|咨询|发|提[供交]|上传|拍|寄|传)
            (?:给?(?:我们?|商家|平台|客服)|过来|来)?的(?!话|时)
        """, "您的"),
    (r"(?<![让叫请])(?:物流|快递|仓库|厂家|商家|网点|平台)(?:那边|刚|已经?)?[发拍传录](?:给我们?|过?来)", "物流"),
    (r"""
        (?:查询|详[情询]|疑问|进度|了解)[^,]{0,4}(?:请|可以?)您?(?:拨打|致电|咨询|登录|访问|关注)[^,]{0,20}
        (?:请|可以?)您?(?:拨打|致电|登录|关注)[^,]{0,16}(?:查询|了解)[^,]{0,8}
        """, "有事"),
    (r"以(?:(?!影响|超|拆|人为)[^,]){0,10}[退赔补返](?:(?!影响|超|拆)[^,]){0,6}为(?:由|名|借口|幌子)", "以此为由"),
    (r"款(?<=仅退款)([^,]{0,4})不用?退货", r"款\1保留"),
    (r"[元块%](?<=[0-9].)([^,]{0,4})不用?退[货回]", r"元\1保留"),
    (r"不退货(?=[只仅部分给您再]{0,3}(?:退款?|补偿?|赔)[0-9])", "保留"),
    (r"[给为帮]您(?:审核)?(?:通过|同意)了?(?:您的)?(?:仅退款|退款|退货退款|退货)?的?申请", "给您通过了"),
    (r"""
        if (?:the |your )?(?:seller|shop|merchant|store|they|s?he|platform|we|it)\b.{0,40}?(?:refus|reject|declin
            |disagree|(?:not|n't) (?:agree|accept|refund|respon|reply|process)).{0,40}
        """, "if"),
    (r"""
        n(?:ot|'t) (?:been |be )?(?:(?:approved|agreed|granted|accepted|decided)(?: \w+)? yet\b|(?:issued|processed
            |refunded|credited|completed)\b)|not yet(?: been)? \w+|yet to be \w+
        (?:never|not|nobody|n't) (?:been )?(?:say|said|saying|refus\w+|reject\w+|denied|declined|mean\w*).{0,40}
        """, "wait"),
    (r"n(?:ot|'t) (?:been |be )?(?:approved|granted)\b", "rejected"),
    (r"(?:不用|不需要|无需|不必|不要|免)(?:您|再)?(?:把|将)?(?:货|商品)?(?:退货|退回|寄回|退|寄)(?:了|来)?", "保留"),
    (r"(?:不收|免|不用出|不用您出)(?:您)?(?:任何)?运费|运费(?:您|我们)?(?:不用|免)(?:您)?(?:出|管)?", ""),
    (r"在?不影响(?:二次|再次)?销售(?:的(?:情况|前提)|的话)", "如果"),
    (r"不影响您?(?:退款|退货|售后|销售|[二再]次销售)|不会影响您?退款", ""),
    (r"不(?<=([能会是退给行好要赔换该])不)\1", "否"),
    (r"(可|支|同)不(?=可以|支持|同意)", "是否"),
    (r"您.{0,14}(?:退|换货|赔偿|赔付|补发|补偿).{0,6}(?:问题|诉求|申请|情况|需求|事|要求|投诉|工单)", "您的申请"),
    (r"退货(?:退款)?(包裹|物流|单号|运费险|运费|快递|件|流程|原因|包运费|规则)", r"货件\1"),
    (r"退款(?:流程|原因|进度|状态|时效|规则|问题|方式|诉求|时间|结果|详情|页面)", "款项"),
    (r"收到.{0,6}退(?:货|件|回)", "收到货件"),
    (r"如有(?:任何|其他)?|有(?:任何|其他|什么|别的)(?:问题|疑问|需要)", "有事"),
    (r"(?<![您按以意行])假一(?:赔|罚|退)[0-9一二两三四五六七八九十百千万]{1,4}(?!不)", "保真"),
    (r"(?:鉴定|检测|检验|查)(?:出来)?(?:是|为|出)假(?:的|货)?", "如果是假"),
)  # fmt: skip
"""Each with what it leaves: a double negation says nothing, a condition stays one, a quoted demand is no consent."""

_WORDS: Mapping[str, str] = {
    "GIVE": r"""
        退款|退货|退钱|退您|退(?![休伍出订群市]|回途|回中)|换货|换(?:一|个|新|您|件|吧|了|$)|补发|补寄|补一|补货
        补给|补上|补您|赔付|赔偿|赔您|赔|重发|重寄|重新(?:发|寄)|再(?:发|寄|补)(?!一[遍下])
        发(?:一|个)(?:个|件|份|新)|打款|转账|返还|返现|维修|保修|取消订单|refund|replac
    """,
    "NOT": r"""
        不(?:能|会|可以|可|给|予|予以|想|肯|支持|同意|接受|允许|提供|包|享受|愿意?|打算|得)|不太(?:能|可能|好)|无法
        没法|没办法|没有办法|没得|无权|拒绝|恕不|概不|一律不|暂不|难以
    """,
    "BUSY": r"""
        申请|反馈|登记|催|跟进|协调|沟通|核实|核查|上报|问|看|查|争取|提交|咨询|了解|记录|转|联系|审核|不|否|等
    """,
    "ITEMS": r"""
        照片|图片|图|视频|录像|凭证|证据|截图|单号|订单|证明|报告|地址|电话|手机号|手机|联系方式|账号|账户|卡号
        收款码|支付宝|身份证|面单|材料|信息|姓名|原件|发票|批次|生产日期|编号|执照|样品|细节|标签|底单|交易记录
        聊天记录|清单
    """,
    "WHERE": r"""
        快递|物流|驿站|派件员|网点|顺丰|圆通|中通|韵达|申通|极兔|邮政|厂家|厂商|品牌方|品牌|生产商|平台|官方|拼多多
        商家|卖家|店铺|发件人|寄件人|发货方|123\d\d|消协|消费者协会|工商|市场监管|监管部门|法院|法律|司法|诉讼|仲裁
        银行|支付宝|微信|保险|公安|派出所|经营者所在地
    """,
    "SUBMIT": r"受理|立案",
    "THEM": r"商家|卖家|对方|店铺|店家|平台|他们|快递|我们|您|被投诉人|企业|经营者",
}
"""Words that stand in many patterns, by the name that stands for them there."""

_PATTERNS: Mapping[str, str] = {
    "robot": r"""
        自动(?:回复|应答|答复)|(?<![地窗菜玩具拖育伴])(?<!不是)机器人(?!坏|不能用)|智能(?:客服|助手|助理)|小助手
        无人接听|没人接|未接通|无法接通|占线|已关机|停机|语音信箱|忙音|打不通|没接(?:电话)?$|没有?人(?:理|回)
        auto(?:matic(?:ally)?|mated)?[- ](?:repl|respon|generat|messag)|\bautorepl|\b(?:chat)?bot\b
        (?:^|[.!] *)no ?(?:answer|one (?:answered|there|picked))|nobody|not picked up
        did(?:n't| not) (?:pick up|answer)|voicemail|line (?:is|was) busy|out of office
    """,
    "automatic": r"""
        排队|前面还有|转人工|人工(?:客服|坐席|服务)(?:繁忙|忙|请)|请按[0-9一二三]|按[0-9][键号]|系统自动发
        请勿(?:直接)?回复|选择(?:您)?(?:要|想|需要)?咨询|(?:猜|点击)您?(?:想问|下方)|do not reply|press \d|queue
        all agents
    """,
    "question": r"""
        [?？吗么]$|是否|[能会是退给行好要可同支赔换]否|有没有|(?:可以|行|好|怎么样|如何|多少)(?:吗|[?？])$
        (?:^|\b)(?:can|could|would|do|does|did|is|are|how|what|which|when|why)\b.{0,80}\?$
    """,
    "rhetorical": r"""
        凭什么|怎么可能|怎么(?:给您|还|能|好)?退|怎么(?:给您)?赔|还(?:想|要)?退什么|还想(?:要)?(?:什么|退)
        哪有.{0,8}退|谁(?:给|敢)您?退
    """,
    "holding": r"""
        稍等|稍候|稍后|等一下|等一等|等下|等等|再等|等通知|耐心|等待|等候
        等.{0,6}(?:回来|上班|结果|消息|回复|通知|答复)|尽快|尽早|抓紧|反馈|登记|记录(?:了|下)|上报|上级|加急|催|跟进
        转(?:交|接|达|办|给|至)|专员|专人|专门(?:的)?(?:同事|人员)
        (?:联系|回复|答复|通知|告知|回电|致电|答覆)(?:给)?您|给您.{0,4}(?:回电|回复|答复|电话|消息|反馈|交代)|答复
        回电|处理中|核实|核查|核对|查(?:一下|下|询|看|一查|证)|看(?:一下|下|一看|看)|了解(?:一下|下|情况)
        问(?:一下|下|问)|问.{0,4}(?:老板|主管|领导|仓库|厂家|同事|财务)|请示|商量|协调|沟通|督促|升级|留意
        关注(?!店)|畅通|第一时间|做不了主|(?:没有?|无)权限|权限(?:有限|不够)|下班|在忙|忙不过来|为准
        (?:按|按照|根据|依据|依照|遵照|依)(?:平台|相关|公司|国家|店铺)?.{0,6}(?:规定|规则|流程|政策|法律|法规)
        不会不管|会(?:给您)?(?:处理|解决|负责)|争取|处理好|给您(?:处理|解决|安排|个说法)|满意的?|重视
        (?<!经)审核(?!结果|通过|不通过|未通过)|正在
        (?:跟|和|向).{0,4}(?:老板|领导|主管|经理|上面).{0,3}(?:说|讲|反映)|通知(?:了)?(?:商家|快递|仓库|店铺)
        等(?:补货|到货|.{0,8}(?:收到|检查|验货))|派送|运输|在途|公平|公正|别急|着急|不要急|放心
        pass(?:ed|ing)? (?:it |this |your \w+ )?(?:on|along|to)|forward(?:ed|ing)|escalat|looking into|look into
        check(?:ing)? (?:it|this|that|with|on|your)|investigat|being (?:processed|reviewed|handled)|under review
        in process|process(?:ing)? your|please (?:wait|be patient|allow)|wait|hold on|one moment|a moment|bear with
        patien|get back to you|(?:will|shall) (?:contact|call|reach|reply|inform|notify|update|respond)
        as soon as possible|asap|shortly|soon|in due course|logged|registered|recorded|noted|specialist|supervisor
        follow(?:ing)? up|according to (?:our|the) (?:rules|polic)|take.{0,12} seriously|priorit|chas(?:e|ing)
        do (?:our|my) best|(?:申请|需要?|予以|已|将|会|批准)延期|延长.{0,8}(?:[时期]限|办理|办案|处理|调查|工作日)
    """,
    "pending": r"""
        (?:等|待|尚未|还未|还没|没有?|未|正在|预计|将(?:会)?|需要?|以.{0,6}|会).{0,8}(?:判定|审核|判决|裁定|同意|
            决定|审批|处理结果|仲裁|介入结果|受理)(?!通过|书|通知)
        (?:判定|审核|处理|介入)结果(?:会|将|出来|预计|稍后|请|以|在)|为准|(?:判定|审核|同意|审批)(?:之)?后|审核中
        (?:await|pending|subject to).{0,20}(?:decision|approval|review)
    """,
    "asked": r"""
        (?:方便|请|麻烦).{0,4}(?:说|描述|讲)一?下.{0,4}(?:具体|哪)
        (?:请(?!问)|麻烦|辛苦|需要?|方便|烦请|劳烦|把|将|能否?|可否|您|得).{0,10}(?:提供|发(?!货)|拍|上传|补充|填|
            出示|提交|补交|补传|补正|传|告知|告诉|录|报|给|寄送?|附上|准备|携带).{0,12}<ITEMS>
        <ITEMS>.{0,8}(?:发(?:一[下张个段遍份]|下|我|给我|过来|来|送)|再发|提供|拍|上传|填|补充|传|给我|报(?!警))
        ^(?:填写?|提供|上传|补充|(?:发|拍|传|补)(?:一?下|个|张)).{0,8}<ITEMS>
        (?:订单|单号|姓名|电话|手机号|地址|金额|账号|卡号).{0,4}(?:是)?(?:多少|什么|哪个|几)
        (?:请|麻烦|辛苦).{0,4}(?:再|重新)(?:[拍传录]|发(?!货)|上传|提[供交])
        (?:麻烦|请|您)(?:您|再)?补一(?:下|个|张|份|段)|(?:发|拍|录|传|补充).{0,4}(?:过来|给我们?|我看|来看)
        (?:拍|(?<!记)录)(?:一下|下|个|张|一张|一段)|有.{0,8}<ITEMS>吗|开.{0,6}证明(?!书)
        哪(?:里|个|些|儿)(?:坏|破|有问题|不对|损)|什么(?:质量)问题|(?:少|漏|缺)(?:发)?了?(?:什么|哪|几|多少)|坏了?几
        您.{0,4}(?:想|希望|要|打算|需要)(?:怎么|如何|咋|退.{0,6}还是|换.{0,6}还是)|(?:退货|退款|换货|补发)还是(?:退|换|补)
        (?:请|需要?|麻烦|须).{0,14}(?:举证|补正|补充|参加|出席|到庭|到所|到场|到我|缴|签字|签署|答辩|鉴定|检测|
            (?:把|将)?.{0,6}(?:寄回|退回|寄过来))
        (?:please|kindly|could you|can you|you need to|need you to|we need|would need|must).{0,24}(?:send|provide|
            upload|fill|attach|share|submit|supply|give|show|tell us|return the|enclose|state)
        what(?:'s| is) (?:your|the) (?:order|tracking|phone|parcel)
        we (?:\w+ )?need .{0,16}(?:proof|photo|video|receipt|evidence|picture|invoice)
        (?:photo|video|proof|evidence|receipt|order number)s? (?:is|are|needed|required)
    """,
    "my_act": r"""
        退货|寄回|(?<!原路)退回(?!您|到您|原)|寄过来|退过来|拒收|退件|拿回来|填(?:写|一下)?.{0,6}单号
        您(?!的).{0,4}申请|撤(?:销|诉|回)|收到(?:货|退|您退)|(?:return|send).{0,12}(?:it|them|item|goods|back)
    """,
    "permitted": r"(?:可以|能|支持)(?:全额)?(?:退|换)(?!款给|您)",
    "if": r"""
        如果|若(?!干)|假如|要是|倘若|的话|属实|一旦|只要|除非|否则|才(?:能|可|会|给)|如(?:您|确|经|果|是|有|属)
        确认是.{0,10}(?:就|会|再)|没有.{0,8}(?:视频|照片|凭证|证据|证明|报告)
        \b(?:if|unless|once|provided|without)\b
    """,
    "matter": r"""
        退|款|货|换|赔|补|钱|[0-9]元|[0-9]块|订单|单号|快递|物流|包裹|快件|签收|派件|收件|寄|发出|发走|缺货|断货
        质量|材质|尺寸|尺码|颜色|色差|型号|规格|包装|破|坏|损|漏|少发|假|正品|检测|检验|鉴定|责任|保修|质保|差价
        价格|涨价|降价|价保|运费|关店|关闭|查无此店|厂家|库存|平台(?!客服)|商家|投诉|诉求|申请|受理|案|调解|和解
        凭证|证据|证明|超时|期限|拆|用过|安装|使用|操作|打开|充电|开封|生产|日期|批次|成分|标准|标签|合同|协议|遗失
        丢|棉|面料|味道|新鲜|功能|电池|refund|return|order|parcel|deliver|goods|item|product|money|pay|paid|claim
        complain|courier|ship|sent|quality|broken|damage|defect|warehouse|stock|seller|shop|size|colou?r|package
        warranty|price|case|mediat|account|fake|genuine
    """,
    "refused": r"""
        <NOT>(?:(?!马上|立刻|立即|让您|怪|看到).){0,10}<GIVE>|不(?:再)?(?:退|换|赔|补)(?!回)
        (?:退款|退货|退|换|赔|补|修|取消|改|给|保|支持)不(?:了|成|到)(?!主)
        <GIVE>.{0,4}(?:是)?(?:不(?:支持|可以|行|能|同意|予|可能|允许)|没门|免谈)
        (?:无理由|售后|诉求|申请|要求).{0,6}(?:不(?:支持|可以|行|能|同意|予|通过|符合|成立)|未通过|(?:被|已)(?:驳回|
            拒绝|关闭))
        不(?:太|会|能|可能)?(?:同意|接受|认可|承认|认|答应)|拒绝(?!收)|驳回|否认|没门|休想|想都别想|做梦
        爱(?:咋|投诉|告|去哪|怎么)|随(?:便)?您(?:投诉|告|便|去|$)|您(?:就|可以|尽管)?去(?:投诉|告|起诉|举报|打差评)
        凭什么(?:给|退|赔)|怎么可能|怎么(?:给您|还|能|好)?(?:退|赔)|还(?:想|要)?退什么|还想要什么
        (?:不予|不能|无法|没法|没办法|没有办法|不支持|不给|不会|无权)(?:您)?(?:为您|给您|帮您|再)?(?:处理|支持|办理|
            满足|操作|干预|介入|撤销|追回|追款|止付|拒付|退单|认定|您的|您这|该|此|这|售后|七天|7天|无理由|$)
        不支持(?:的)?$|不存在(?!的)|(?:自己|自行|您)(?:出|承担|付)(?:来回|往返)?运费|没必要(?:退|换)
        ^(?:这个?|那|这样|真的|肯定|确实)?(?:也|都|真|是|还是)?(?:不行|不可以|办不到|做不到)(?:的|了)?$
        不收(?!费|您|运|钱|取)|不(?:参加|参与)|不符合.{0,14}(?:条件|规则|规定|范围|标准|资格|要求|权益)|不适用$
        不(?:满足|具备|适用).{0,10}(?:条件|资格|规则|无理由)
        (?<!不)影响(?:了|到)?(?:我们|商品)?(?:的)?(?:二次|再次|后续|再)?(?:销售|售卖|出售|售)
        (?:不是|非|不属于|不算|不存在|没有(?:任何)?|无|并非)(?:商品|产品|我们)?(?:的)?质量(?:的)?问题
        正常(?:的)?(?:现象|情况|损耗|范围|误差|色差|磨损|反应)|都?是?正常的$
        (?<!不)(?<!不会)(?:超过|已过|过了|超出|超|错过)(?:了)?.{0,8}(?:时效|期限|售后期|时间|天|质保|保修|有效期|小时|期)(?!.?(?:未|没有?)(?:处理|回|操作|发货|响应|审核|同意|答复))
        时效(?:已)?(?:过|到期)|(?:不在|超出|不属于).{0,10}(?:范围|范畴|期内)|人为(?:损坏|原因|因素|造成|破坏|弄)
        (?:买家|您|客户|个人|消费者)(?:自己|自身|本人|个人)?(?:的)?(?:责任|原因|操作不当|使用不当|保管不当|弄坏|
            操作问题|使用问题)
        (?:与|跟|和)(?:我们|本店|商家|我司|我店).{0,4}(?:无关|没关系|没有关系)|不关(?:我们|本店|我)|不归我们
        (?:不是|不属于|非)(?:我们|本店|商家|平台|我司)(?:的)?(?:责任|问题|原因|错)|(?:无|没有|没)(?:任何)?(?:责任|过错)|无责
        (?:我们|本店|店里|概|恕|一律)?不(?:承担|负责|管(?!$|了)|包运费|承诺)|只(?:管|负责)(?:发货|卖)
        (?:货|商品|产品|质量|包装|质检|东西|我们家?的?).{0,8}(?<!有)(?:没有?|无)(?:任何|什么)?(?:问题|毛病|瑕疵)
        发(?:货|出)(?:的时候|时|前|之前|去)?.{0,8}(?:好的|完好|检查|没问题|正常的)
        您(?:自己|自行)(?:承担|负责|解决|处理|想办法|协商|维修|看着办)
        自(?:行|己)(?:解决|处理|承担|负责|想办法|协商)|(?:凭证|证据|举证|依据).{0,4}(?:不足|不够|不充分|无效)
        (?<!是不是)(?<!不是)(?<!否)(?<!如果是)(?:我们|我家|本店|店里|店铺|保证|保真|绝对|肯定|确实|[0-9]%|百分百|百分之百|都|全|[这都就]是|专柜|官方)
            (?:家)?(?:的)?(?:都|全|全部)?(?:是)?(?:专柜|官方|品牌|原装|全新)?正品(?!的话)
        (?<!是否)(?<!有)没(?:有)?(?:发错|发少|少发|漏发|少给|少装|短少|掺假|造假|虚假|夸大|骗|坏(?!果|的)|破损|损坏)(?!的话|的情况|之?后)
        ^(?!.*[补缺剩漏]).*(?:已经?|都|全部?)(?:是)?发[齐足]|(?:发|寄|装|包)(?:了|的|出)?.{0,4}一[个件样袋盒]不[少差]|足斤足两|足秤|(?:重量|分量|斤数|克数|数量)
            (?:是|都)*(?:足|够|对的|没错)
        (?:商家|店铺|卖家|经营者|第三方).{0,12}(?:不能|无法|不便|不方便|不予|无权|没有?权限)(?:向您|给您|为您|对外)?
            (?:提供|透露|公开|告知)
        (?:不能|无法|不便|不方便|不予|无权|没有?权限)(?:向您|给您|为您|对外)?(?:提供|透露|公开|告知)(?:商家|店铺|卖家|
            经营者|第三方)
        \b(?:(?:can ?not|can't|won't|will not|unable to|not able to|don't|do not|does not|doesn't|never|refus\w+ to|
            not going to) (?:\w+ ){0,4}?(?:refund|return|exchange|replace|compensat\w*|accept|support|agree|pay|help|
            reimburse|process|cover)|refus(?:e|es|ed|al)|declin(?:e|es|ed)|reject(?:s|ed)?|den(?:y|ies|ied)|no refunds?|
            non-?refundable|not (?:eligible|covered|responsible|entitled|qualif\w+|our (?:fault|responsibility|problem)|
            a quality)|out of warranty|outside (?:the|our) (?:return|warranty)|too late|expired|normal wear|user damage|
            misuse|insufficient (?:evidence|proof)|nothing (?:we|i) can do)\b
        (?:^|\b(?:sorry|but|no|afraid) )(?:we|i) (?:can ?not|can't|won't|will not)(?: do (?:that|this|so|it))?$
    """,
    "weak_no": r"""
        (?:暂时|目前|暂|现在|这边|我这|我|客服)(?:还|这边|也|都|是|没权限)?(?:无法|不能|没法|没办法|处理不了|
            做不了主|决定不了|解决不了|没有?权限)(?!退换)
        (?:处理|解决|决定|做|查|操作)不了(?!主)?|不能(?:马上|立刻|立即|及时)
        无法(?:核实|确认|判断|联系|立即|马上|看到|查看)
    """,
    "elsewhere": r"""
        (?:(?<!申)请|您(?!的)|麻烦|建议|自己|自行|直接|需要?|让|叫|可以|先|去|只能|得|要|应|由|必须|还是|走|另行)
            (?:(?!<BUSY>).){0,8}?(?:联系|找|咨询|问(?!题)|拨打|打|走|申请|投诉|反映|反馈|协商|向|与|和|跟|通过|去|告|
            提起|提出)(?:一下|下|当地|您的|收货地|该|您|到|个)?(?:(?!<BUSY>).){0,4}?<WHERE>
        ^(?:找|走|联系|去找|问|投诉)<WHERE>|(?:您|请|建议).{0,6}(?:起诉|诉讼|报警|报案)
        (?:寄件人|发件人|卖家|商家)(?:来|才能|去|自己|发起|申请).{0,6}(?:理赔|赔|处理|申请)
        (?:contact|ask|go to|talk to|call|turn to|take it up with|reach out to|apply to|complain to) (?:the |your |
            our )?(?:courier|carrier|platform|manufactur|factory|brand|shop|seller|merchant|bank|court|post office|
            sender|store|police|12315|pinduoduo|delivery|pdd)
    """,
    "shop": r"商家|卖家|店铺|协商|\b(?:shop|seller|merchant|store)\b",
    "may_apply": r"""
        可以?(?:再|去|随时)?(?:申请|要求)(?:平台|官方|客服|小二)
        you (?:can|may) (?:ask|apply to|request) (?:the )?(?:platform|pdd|pinduoduo)
    """,
    "their_errand": r"""
        (?:帮您|给您|替您|为您|帮|我们|(?<!让)(?<!叫)我|这边|已|已经|正在|会|在|再|来|平台|马上|现在)(?:去|先|再|跟|
            和|与|向|同|又|会|已|已经|尽快|这边|正在|来|了)*(?:<WHERE>(?:那边)?)?(?:联系|催|督促|沟通|协调|反馈|反映|问|
            核实|申请|查|找)(?!您)
        (?<!让)(?<!叫)我(?:(?!您|建议).){0,5}(?:问(?!题)|联系|催|沟通|反映)|有事
        \bwe (?:will |have |are )?(?:contact|ask|chas)
    """,
    "invited": r"""
        (?:您|直接|重新|可以|麻烦|请|去|那|就|先|走|点)(?:.{0,6})(?:申请|发起|提交|点|走)(?:一下|下|
            个)?(?:仅)?(?:退|换|补寄|补发|维修)
        you (?:can|may|could) (?:apply|request|file).{0,12}(?:refund|return)
    """,
    "done": r"""
        (?:已|已经|刚|刚刚|都|成功)(?:给您|为您|帮您|全额|原路)?退(?:款)?(?:完成|成功|完|到|至|了)?.{0,8}(?:到账|
            账户|银行卡|零钱|支付宝|微信|查收)
        (?:退款|款项|钱|金额|赔款|货款)(?:(?!会|将|预计).){0,8}(?:到账了|已到账|退回您|退到您|退至|退还至|
            原路退回您?)(?!.{0,6}(?:预计|内))
        (?:已|已经|刚刚?)(?:[给为帮]您)?(?:全部|全额)?[打转汇]款?[到至进入]
        (?:已|已经).{0,6}到账|退款成功|(?:refund|money).{0,20}(?:has (?:been credited|arrived)|was credited)
    """,
    "agreed": r"""
        (?<!不)(?<!未)(?<!没)(?<!没有)(?<!否)(?:同意|答应|批准)(?!后|之后|书|的话|延[期长]|(?:帮您|给您|为您)?(?:反馈|上报|
            登记|转|协调|跟进|沟通|看|您的(?:看法|说法|观点|心情|感受|想法|担心|顾虑)))(?!.{0,8}(?:答复|回复|回电|反馈|上报|核实))
        (?<!不)(?<!否)(?<!才)(?:可以|能够?|支持|愿意|接受|帮您|给您|为您|替您|给你|马上|立即|立刻|这就|现在|全额|
            直接|安排|重新|负责|再)(?:(?!<BUSY>).){0,6}?<GIVE>
        (?:已|已经)(?:(?!<BUSY>).){0,8}?<GIVE>|退款(?:申请)?(?:已|已经)?(?:通过|同意|完成|发起|批准)
        申请(?:(?![没未不等能]).){0,6}通过|<GIVE>了(?:$|,)|(?:给|帮)您<GIVE>|原路(?:退|返)
        (?:给您|帮您)(?:审核)?通过|支持您的?(?:申请|诉求)|重新.{0,4}(?:派送|投递|配送)
        (?:您|货|商品).{0,6}(?:寄回|退回|寄过来|退过来).{0,6}(?:退|换|给您)
        收到(?:货|货件|退货)?(?:之)?后.{0,10}<GIVE>
        (?:收到|到了|验货)(?:货)?.{0,4}(?:就|马上|立即|立刻)(?:给您)?<GIVE>|(?:^|我|就|来)(?:退|赔|换)您(?!一|\d)
        退货地址(?:是|[:：]|发|给|在|如下)|(?:全额|全款)退|假一赔
        \b(?:agree[ds]?|approv(?:e|es|ed)|(?:will|can|shall|going to|happy to|have|has been|was|we'll|
            i'll) (?:\w+ ){0,3}?(?:refund(?:ed)?|replace[d]?|reimburse[d]?|exchange[d]?|resend|compensate you)|
            refund (?:has been |was |is )?(?:issued|approved|processed|on its way|granted)|full refund|you (?:can|
            may) (?:return|send)|send (?:you )?(?:a )?(?:replacement|new one)|supports? (?:your|the) (?:refund|return|
            claim|request))\b
    """,
    "doubt": r"试试|试一[试下]|试下|看.{0,3}能否",
    "fraud": r"诈骗|骗子|骗局|骗术|冒充|谨防|当心|警惕",
    "vague": r"尽快|尽早|稍后|争取|处理|申请|安排|核实|审核|反馈|登记",
    "dated": r"""
        (?:[0-9一二两三四五六七八九十]{1,3}个?(?:工作)?(?:天|日|小时|周|月)|明天|后天|今天|今晚|明早|下周|
            周[一二三四五六日]|月底|近期|号)(?:之?内|以内|左右|前|会|就)?<GIVE>
    """,
    "only": r"""
        只(?:能|可以|同意|愿意?|肯|给|退|接受|赔|补)|最多|顶多|最高|仅(?:能|可|同意|限|支持退(?!货))|部分|一半|差价
        折价|打折|\b(?:only|half|part(?:ial|ly)?|at most|up to)\b
    """,
    "proposal": r"""
        您看|看(?:行|可以|怎么|如何)|(?:可以|行|好|同意|接受|愿意|怎么样|如何|ok|成|中)(?:吗|么|[?？])|要不|行否
        好否|可否|how about|would you|is that ok
    """,
    "offered": r"""
        (?<![求请])(?:(?<!不)补偿(?!款|到账)|红包|优惠券|代金券|无门槛|返现|返.{0,3}[0-9一二两三四五六七八九十几]|
            赠品|小礼[品物]|礼品|多送|多发(?:您|一)|送您|打折|[0-9]折|打.{0,2}折|折扣|[0-9]元.{0,4}券|积分|好评返)
        (?<!假一)(?:退|赔|补|给|返|优惠|便宜|减|让)(?:您|给您|付|
            偿)?(?:了)?(?:大概)?[0-9一二两三四五六七八九十几半]{1,4}(?:\.[0-9]{1,2})?(?:元|块|毛|角|%|成|rmb|百|个点|吧|
            $|可以|行)
        (?:愿意?|可以|能够?|肯|只)(?:(?!全|申请|不).){0,6}退[款还]?[0-9]{1,5}(?:\.[0-9]{1,2})?(?:元|块)
        转(?:您|给您)?[0-9]|(?:退|赔|补|给)(?:您|给您|偿)?(?:一半|部分|差价|一部分|点)|部分退款
        只(?:能|可以|同意|愿意?|肯).{0,6}(?:退|换|赔|补|修|券)|(?:最多|顶多|最高).{0,6}(?:退|换|赔|补)|仅退部分|您看.{0,4}[0-9]{1,4}(?:元|块)|折价
        \b(?:coupon|voucher|discount|partial refund|half (?:of|the)|goodwill|compensat\w+ (?:of|you)|
            \w{0,2}offer(?:ed|s|ing)?)\b
        refund(?: of| you)? (?:\d{1,5}|half|part)|only (?:refund|exchange|replace)
        (?:accept|take|give you|pay you|send you|refund you) (?:\w+ ){0,2}\d{1,5}\b
    """,
    "decided": r"""
        判定|判决|裁定|裁决|判责|不予受理|予以受理|介入结果|(?:处理|审核|审查|判定|仲裁)结果(?:为|是|如下|[:：])
        处理决定|决定书|认定书|答复书|达成(?:了)?(?:调解|和解|协议|一致)|调解(?:成功|协议|书)|行政处罚
        (?:我局|本局|我院|本院|我会|平台)(?:最终)?(?:决定|认定|裁)
        \b(?:ruled|ruling|judg(?:e)?ment|we have decided|(?:final|our) decision (?:is|was)|decided (?:in|that|to|
            against)|adjudicat|settlement agreement)\b
    """,
    "accepted": r"""
        (?<!不予)(?<!不)(?<!未)(?<!未予)(?:已|已经|予以|准予|决定|正式|同意|现已|符合|依法|已于.{0,8}|于.{0,8}日)
            (?:被|经|依法|正式|予以)?<SUBMIT>(?!条件)
        告知<SUBMIT>|<SUBMIT>(?:通知|告知|决定)(?:书)?|立案(?:申请)?(?:已)?(?:审核)?(?:通过|成功)|案号
        \b(?:complaint|case|claim|appeal|suit) (?:has been |was |is )?(?:accepted|docketed|admitted)
    """,
    "ended": r"""
        终止(?:了)?(?:本次|该)?调解|调解(?:已)?(?:终止|不成|失败|未果|结束)|和解(?:不成|失败|未成)
        未(?:能)?达成(?:调解|和解|一致|协议)|(?:已|予以|现|做|作)(?:经)?(?:办结|结案|撤案|撤诉|关闭处理)
        (?:投诉|工单|案件|介入|申请|案子)(?:单)?(?:已|已经|被)(?:关闭|结束|完结|取消)
        mediation (?:has |was |is )?(?:been )?(?:ended|terminated|failed)|case (?:has been |was |is )?closed
    """,
    "formal_no": r"""
        (?:不予|不|未予|未|决定不|不能|无法|不符合)(?:准许|予以)?<SUBMIT>|不符合<SUBMIT>条件
        不(?:属于|归|在|是).{0,10}(?:管辖|职责|职权|受理范围|主管)|驳回(?:起诉|上诉|诉讼|您)
        (?:complaint|case|claim|appeal) (?:was |is |has been )?(?:not accepted|dismissed|rejected)|no jurisdiction
    """,
    "checked": r"""
        审核通过|经(?!营).{0,8}(?:审核|审查|审理|调查|研究|复核|核查|判定|调解)|审核(?:未|不)通过
        after (?:careful )?review
    """,
}
"""By what they show. Each line is an alternative; one that is indented goes on where the line before it ended."""


@cache
def reply_pattern(name: str) -> re.Pattern[str]:
    """What shows in a clause that it refuses, puts off, and so on, by the name of that."""
    return re.compile(_named(_one(_PATTERNS[name])))


def _named(pattern: str) -> str:
    """The expression with the words in the place of their names."""
    return re.sub(r"<([A-Z]+)>", lambda word: f"(?:{_one(_WORDS[word[1]])})", pattern)


def _one(lines: str) -> str:
    """The alternatives of a block as one expression."""
    margin = " " * 8
    return re.sub(rf"\n{margin} +", "", lines.strip("\n ")).replace(f"\n{margin}", "|")


def is_automatic(text: str) -> bool:
    """Whether nobody spoke: a robot, a text that sends itself, or a call that was not taken."""
    return bool(reply_pattern("robot").search(halfwidth(text).lower()))
