"""Names inside roles: what is one, and, as often, what is none. Every person in here is invented."""

from __future__ import annotations

import pytest

from pddtui.domain.case import Amendment, Complainant, Operator, Person
from pddtui.domain.mask import MaskLevel, private_values
from pddtui.domain.names import is_role, names_in_role, person_names
from pddtui.handbook.book import Handbook
from pddtui.services.masking import Masking, hide_in
from pddtui.services.who import read_who
from tests.domain.build import at, case, heard

MASKING = Masking(Handbook(), "zh")


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("客服主管张伟", "张伟"),
        ("客服小王", "小王"),
        ("承办人王工", "王工"),
        ("市场监管所承办人王工", "王工"),
        ("12315承办人刘欣", "刘欣"),
        ("杨浦区市场监管所承办人陈晨", "陈晨"),
        ("快递员老李", "老李"),
        ("快递网点站长孙师傅", "孙师傅"),
        ("法官张明", "张明"),
        ("消协调解员何女士", "何女士"),
        ("值班经理周杰", "周杰"),
        ("客服欧阳娜娜", "欧阳娜娜"),
        ("客服果果", "果果"),
        ("客服Amy", "Amy"),
        ("客服（张伟）", "张伟"),
        ("客服-小王", "小王"),
        ("客服 张伟", "张伟"),
        ("店铺客服(昵称“小A”)", "小A"),
        ("张伟主管", "张伟"),
        ("小王客服", "小王"),
        ("王主管", "王"),
        ("李经理", "李"),
        ("欧阳主管", "欧阳"),
        ("客服李", "李"),
        ("agent Amy", "Amy"),
        ("Supervisor John Smith", "John Smith"),
        ("Amy, shop agent", "Amy"),
    ],
)
def test_a_name_in_a_role_is_found(role: str, name: str) -> None:
    assert (names_in_role(role), person_names(role)) == ((name,), (name,))


@pytest.mark.parametrize(
    "role",
    [
        *(
            "客服",
            "客服主管",
            "店铺客服",
            "平台客服",
            "官方客服",
            "高级客服",
            "智能客服",
            "金牌客服",
            "夜班客服",
            "商城客服",
        ),
        *("杭州客服", "苏州仓库主管", "退款专员", "售后专员", "时效专员", "商务专员", "客户经理", "大堂经理", "总经理"),
        *(
            "客服部",
            "客服中心",
            "客服热线",
            "客服小组",
            "客服人员",
            "客服007",
            "客服1号",
            "客服工号8807",
            "小二",
            "店小二",
        ),
        *(
            "市场监管所承办人",
            "区市场监管局工作人员",
            "12345话务员",
            "法官助理",
            "书记员",
            "自动回复",
            "机器人",
            "系统",
        ),
        *("支付平台", "银行客服", "快递网点站长", "客服安排", "客服时间", "主管马上", "拼多多官方客服", "店铺小二"),
        *("shop agent", "platform agent", "PDD Customer Service", "automatic reply", "system", "senior support staff"),
    ],
)
def test_a_role_alone_names_nobody(role: str) -> None:
    assert (names_in_role(role), is_role(role)) == ((), True)


@pytest.mark.parametrize("name", ["张伟", "小王", "果果", "李", "Amy", "Li", "买买提·艾力"])
def test_a_name_alone_is_all_of_it(name: str) -> None:
    assert person_names(name) == (name,)


KNOWN = case(
    heard(at(1), person=Person(role="客服主管张伟"), id="A"),
    heard(at(2), person=Person(name="客服小王"), id="B"),
    heard(at(3), person=Person(name="李", role="主管"), id="C"),
    heard(at(4), person=Person(name="刘欣", role="承办人"), id="D"),
    merchant="王府井小票打印店 13812345678",
    operator=Operator(name="上海某某贸易有限公司"),
    complainant=Complainant(name="陈秀兰"),
)
LEVELS: tuple[MaskLevel, ...] = ("partial", "public")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("客服主管张伟说三天内退", "客服主管〔姓名〕说三天内退"),
        ("张伟又说再等等", "〔姓名〕又说再等等"),
        ("打电话问小王，小王没接", "打电话问〔姓名〕，〔姓名〕没接"),
        ("李主管说已退", "〔姓名〕主管说已退"),
        ("李女士来电", "〔姓名〕女士来电"),
        ("客服李说已退", "客服〔姓名〕说已退"),
        ("主管李通过在线客服回复", "主管〔姓名〕通过在线客服回复"),
        ("刘工答复不予受理", "〔姓名〕工答复不予受理"),
        ("老刘说再等", "老〔姓名〕说再等"),
        ("陈女士您好", "〔姓名〕女士您好"),
    ],
)
def test_who_is_known_is_masked_in_the_words_of_others(text: str, masked: str, level: MaskLevel) -> None:
    assert MASKING.mask(text, level, KNOWN).text == masked
    assert MASKING.mask(masked, level, KNOWN).text == masked


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("客服主管赵敏说三天内退", "客服主管〔姓名〕说三天内退"),
        ("客服小孙答复：已反馈", "客服〔姓名〕答复：已反馈"),
        ("客服小孙会答复", "客服〔姓名〕会答复"),
        ("承办人孙工告知受理", "承办人〔姓名〕告知受理"),
        ("转给客服周晓明，他没回", "转给客服〔姓名〕，他没回"),
        ("快递员马超在门口打电话", "快递员〔姓名〕在门口打电话"),
        ("专员（吴敏）回电", "专员（〔姓名〕）回电"),
        ("调解员何女士来电", "调解员〔姓名〕来电"),
    ],
)
def test_a_name_behind_a_role_is_masked_though_nobody_knows_it(text: str, masked: str, level: MaskLevel) -> None:
    assert MASKING.mask(text, level).text == masked


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "text",
    [
        *(
            "客服主管说三天内退",
            "客服主管已记录",
            "客服小时内回复",
            "客服小票已开",
            "客服小组回复",
            "找客服小姐姐",
            "问店小二",
        ),
        *(
            "在王府井店买的，小票还在",
            "24小时内答复",
            "客服时间为9:00-20:00",
            "客服安排退款",
            "客服马上回复",
            "客服高度重视",
        ),
        *(
            "客服周三回复",
            "主管周一确认",
            "客服查了说没货",
            "客服应回复",
            "客服于三日内答复",
            "客服向我说",
            "客服单独联系我",
        ),
        *(
            "客服何时回复",
            "客服任何答复都没有",
            "主管明天回电",
            "客服安抚说别急",
            "客服全部拒绝",
            "客服关于退款的答复",
            "客服和商家",
        ),
        *(
            "客服方面承诺",
            "专员白天联系",
            "客服解释说",
            "快递员时间紧",
            "快递员包裹丢了",
            "客服解决，谢谢",
            "客服官方回复",
        ),
        *("向主管反映", "李子坏了，桃李都有", "张口就要钱", "每周工作日", "本周总共三次", "刘海剪刀", "客服程序已走完"),
        *("每小时一次", "客服部答复", "经理常说，再等等", "平台客服中心回复", "站长马上联系", "客服小程序，打不开"),
        *(
            "客服小心处理",
            "客服老是不回",
            "客服大概不会回",
            "客服不会回复",
            "经理在开会",
            "主管经手的单",
            "客服通过在线回复",
        ),
    ],
)
def test_what_is_no_name_stays(text: str, level: MaskLevel) -> None:
    assert MASKING.mask(text, level, KNOWN).text == text


@pytest.mark.parametrize("level", LEVELS)
def test_the_fields_of_a_person_keep_the_role_and_lose_the_name(level: MaskLevel) -> None:
    persons = [contact.person for contact in hide_in(KNOWN, level, MASKING)[0].contacts]
    assert [(person.name, person.role) for person in persons] == [
        (None, "客服主管〔姓名〕"),
        ("客服〔姓名〕", None),
        ("〔姓名〕", "主管"),
        ("〔姓名〕", "承办人"),
    ]


def test_a_name_from_before_a_correction_is_known_too() -> None:
    before = Amendment(at=at(2), summary="说三天", person=Person(role="客服主管张伟"), happened_at=at(1))
    corrected = case(heard(at(1), person=Person(role="客服主管"), amendments=(before,)))
    assert ("name", "张伟") in set(private_values(corrected))
    assert MASKING.mask("张伟说", "public", corrected).text == "〔姓名〕说"


@pytest.mark.parametrize(
    ("merchant", "public", "partial"),
    [
        ("王府井小票打印店 13812345678", "王府井小票打印店 〔手机号〕", "王府井小票打印店 138****5678"),
        ("老赵家电138-1234-5678", "老赵家电〔手机号〕", "老赵家电138****5678"),
        ("诚信数码88886666", "诚信数码〔已遮盖〕", "诚信数码〔已遮盖〕"),
        ("361度旗舰店", "361度旗舰店", "361度旗舰店"),
        ("1688五金店", "1688五金店", "1688五金店"),
        ("8848数码", "8848数码", "8848数码"),
    ],
)
def test_a_long_number_in_the_name_of_a_shop_is_masked_and_the_name_stays(
    merchant: str, public: str, partial: str
) -> None:
    shop = case(merchant=merchant)
    assert MASKING.mask(f"在{merchant}买的", "public", shop).text == f"在{public}买的"
    assert hide_in(shop, "public", MASKING)[0].merchant == public
    assert hide_in(shop, "partial", MASKING)[0].merchant == partial


@pytest.mark.parametrize(
    ("typed", "name", "role"),
    [
        ("客服小王", "小王", "客服"),
        ("客服主管张伟", "张伟", "客服主管"),
        ("承办人王工", "王工", "承办人"),
        ("王主管", "王", "主管"),
        ("智能客服", None, "智能客服"),
        ("退款客服", None, "退款客服"),
        ("杭州客服", None, "杭州客服"),
        ("客服部", None, "客服部"),
        ("客服主管", None, "客服主管"),
    ],
)
def test_role_and_name_typed_together_are_taken_apart_and_a_role_is_not(
    typed: str, name: str | None, role: str
) -> None:
    assert read_who(typed, (), {}).person == Person(name=name, role=role)
