"""The words around a date: small ones that change nothing, and those that only sound like a promise.

Compared as `normalise` leaves them: half-width, lower case, simplified.
"""

__all__ = ["AFTER_DATE", "BEFORE_DATE", "RANGE", "VAGUE"]

RANGE = ("-", "~", "到", "或", "、", "to", "or")
"""Between the ends of a range."""

VAGUE: tuple[str, ...] = (
    *("尽快", "尽早", "马上", "立刻", "立即", "即刻", "稍后", "稍候", "稍等", "晚点", "晚些", "回头", "一会"),
    *("几", "这两天", "近日", "近期", "改天", "有空", "到时", "随时", "第一时间", "择日", "日后", "后续"),
    *("加急", "反馈", "通知", "消息", "耐心等", "不确定", "不清楚", "看情况", "月初", "月中", "年初", "年中"),
    *("年前", "年后", "节前", "节后", "优先", "催", "asap", "as soon as possible", "soon", "shortly"),
    *("immediately", "right away", "at once", "later", "a few", "several", "in due course", "eventually"),
    *("sometime", "some time", "a while", "let you know", "get back"),
)
"""They promise and name no date."""

BEFORE_DATE: tuple[str, ...] = (
    *("我们", "我", "我方", "商家", "平台", "客服", "专员", "会", "将", "将会", "在", "于", "争取", "保证"),
    *("承诺", "请", "尽快", "最迟", "最晚", "最快", "最多", "至多", "大概", "大约", "约", "预计", "预估"),
    *("不超过", "不晚于", "截止", "截止到", "到", "等", "再等", "直到", "需要", "需", "要", "一般", "通常"),
    *("可能", "差不多", "过", "再过", "~", "“", '"', "(", ",", "。", "by", "before", "within", "in", "on"),
    *("until", "till", "no later than", "not later than", "at the latest", "the", "latest", "due", "about"),
    *("around", "approximately", "up to", "at most", "max", "after", "from", "we will", "at"),
)
"""What may stand before a date. "Before" includes the day it names, as a promise ends with that day."""

AFTER_DATE: tuple[str, ...] = (
    *("内", "以内", "之内", "前", "以前", "之前", "后", "以后", "之后", "左右", "为止", "止", "完", "的话"),
    *("的", "了", "会", "将", "给", "为", "帮", "向", "您", "你", "我", "我们", "客户", "到账", "答复", "回复"),
    *("反馈", "处理", "解决", "退款", "退回", "完成", "发货", "补寄", "寄出", "联系", "来电", "致电", "回电"),
    *("电话", "结果", "结论", "方案", "消息", "通知", "上门", "取件", "审核", "出", "到", "好", "完毕", "尽快"),
    *("一定", "必须", "可以", "再", "都", "有", "一个", "吧", "哦", "呢", "啊", "哈", "呀", "(", ")", ","),
    *("。", ".", "!", ";", "”", '"', "at the latest", "latest", "max", "from now", "later", "or so", "please"),
    *("at most", "sharp", "time", "'"),
)
"""What may stand behind a date."""
