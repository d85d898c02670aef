"""A letter says nothing that the log does not say: whose silence it is, how it was spoken, what came before."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Contact, Demand, Direction, Evidence, Filing, Order, Person, Promise, Substance
from pddtui.handbook.book import Handbook
from pddtui.message import Language
from pddtui.services.letters.letters import Letters
from pddtui.services.letters.model import sent_words
from pddtui.services.letters.words import LetterWords
from pddtui.ui.context import Context
from tests.ui.cases import moment, no_cases

NOBODY = Person()
KINDS = Handbook().letters
LANGUAGES: tuple[Language, ...] = ("zh", "en")


@pytest.fixture
def context() -> Iterator[Context]:
    with no_cases("zh") as made:
        yield made


@pytest.fixture
def letters(context: Context, tmp_path: Path) -> Letters:
    return Letters(context.casebook, context.handbook, tmp_path / "letters")


def a_case(
    *parts: Contact | Filing | Evidence, title: str = "快递显示签收但没有收到", problem: str | None = None
) -> Case:
    opened = moment("11-01 09:00")
    return Case(
        id="A",
        ref="PDD-2026-0001",
        title=title,
        problem=problem,
        opened_at=opened,
        recorded_at=opened,
        contacts=tuple(one for one in parts if isinstance(one, Contact)),
        filings=tuple(one for one in parts if isinstance(one, Filing)),
        evidence=tuple(one for one in parts if isinstance(one, Evidence)),
    )


def spoke(
    when: str,
    channel: str | None,
    said: str = "请退款",
    *,
    direction: Direction = "out",
    substance: Substance | None = None,
    person: Person = NOBODY,
    **more: Any,
) -> Contact:
    at = moment(when)
    return Contact(
        id=f"c{when}{channel}",
        at=at,
        recorded_at=at,
        channel=channel,
        direction=direction,
        substance=substance,
        person=person,
        summary=said,
        demand=direction == "out" and substance != "none",
        **more,
    )


def heard(when: str, channel: str | None, said: str, substance: Substance = "answer", **more: Any) -> Contact:
    return spoke(when, channel, said, direction="in", substance=substance, **more)


def promised(what: str, due: str, **more: Any) -> Promise:
    return Promise(id=f"p{what}", text=what, due=moment(due), **more)


def filed(when: str, channel: str, rung: str = "regulator", reference: str | None = None, **more: Any) -> Filing:
    return Filing(
        id=f"f{when}{channel}", rung=rung, channel=channel, filed_at=moment(when), reference=reference, **more
    )


def text(letters: Letters, case: Case, kind: str, language: Language = "zh") -> str:
    return letters.write(case, letters.kind(kind), language).plain


# Whose silence it is.


def test_a_letter_tells_only_of_the_silence_of_whom_it_is_about(letters: Letters) -> None:
    case = a_case(spoke("11-10 09:00", "courier_cs"), spoke("11-16 09:00", "app_official_cs"))
    assert "实质答复" not in text(letters, case, "payment")
    for kind in ("postal", "courier"):
        assert "自2026年11月10日通过快递企业客服渠道提出诉求之日起，已经12天没有收到" in text(letters, case, kind)
        assert "又询问" not in text(letters, case, kind)
    assert "自2026年11月16日通过App在线会话提出诉求之日起" in text(letters, case, "supervisor")
    everybody = text(letters, case, "silence")
    assert "没有收到快递企业的实质答复" in everybody
    assert "没有收到平台的实质答复" in everybody


def test_asking_again_counts_where_it_was_asked(letters: Letters) -> None:
    case = a_case(
        spoke("11-10 09:00", "courier_cs"),
        spoke("11-12 09:00", "courier_cs"),
        spoke("11-13 09:00", "courier_cs", "no one there", substance="none"),
    )
    assert "其间我又询问过1次" in text(letters, case, "courier")


def test_the_courier_stays_silent_when_the_appeal_is_filed(letters: Letters) -> None:
    case = a_case(
        spoke("11-10 09:00", "courier_cs"),
        filed("11-10 09:00", "courier_cs", "direct", "K1"),
        filed("11-19 09:00", "p12305", reference="A9"),
    )
    left = structs.replace(case.filings[0], state="ended", ended_at=moment("11-19 09:00"))
    for each in (case, structs.replace(case, filings=(left, case.filings[1]))):
        assert "已经12天没有收到快递企业的实质答复" in text(letters, each, "postal")


def test_an_answer_ends_the_silence_also_where_no_channel_was_noted(letters: Letters) -> None:
    case = a_case(
        spoke("11-10 09:00", "courier_cs"), spoke("11-12 09:00", None, "已赔付", direction="in", substance="answer")
    )
    assert "实质答复" not in text(letters, case, "postal")


@pytest.mark.parametrize("kind", ["chaser", "demand", "silence"])
def test_a_silence_without_a_channel_borrows_none(letters: Letters, kind: str) -> None:
    case = a_case(
        spoke("11-10 09:00", None), spoke("11-11 09:00", "weibo", "已反馈", direction="in", substance="holding")
    )
    told = text(letters, case, kind)
    assert "自2026年11月10日提出诉求之日起，已经" in told
    assert "通过微博提出" not in told


def test_what_came_before_the_appeal_is_what_was_taken_to_the_courier(letters: Letters) -> None:
    case = a_case(
        filed("11-05 09:00", "merchant_chat", "direct"),
        filed("11-10 09:00", "courier_cs", "direct", "K1"),
        filed("11-15 09:00", "c12315", reference="C1"),
        filed("11-19 09:00", "p12305", reference="A9"),
        spoke("11-12 10:00", "courier_cs", "再次投诉"),
        spoke("11-20 10:00", "courier_cs", "申诉之后"),
    )
    section = text(letters, case, "postal").split("先行向企业投诉的情况")[1].split("五、")[0]
    assert "K1" in section
    assert "再次投诉" in section
    assert not any(other in section for other in ("A9", "C1", "商家客服", "申诉之后"))


# What was promised, and what became of it.


EVERYBODY_PROMISED = a_case(
    spoke("11-09 09:00", "merchant_chat"),
    heard("11-09 10:00", "merchant_chat", "明天", "holding", promises=(promised("补发", "11-10 12:00"),)),
    spoke("11-10 09:00", "courier_cs"),
    heard("11-10 10:00", "courier_cs", "在查", "holding", promises=(promised("回电", "11-12 12:00"),)),
    spoke("11-11 09:00", "app_official_cs"),
    heard("11-11 10:00", "app_official_cs", "会催", "holding", promises=(promised("给结论", "11-13 12:00"),)),
)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("demand", {"补发"}),
        ("courier", {"回电"}),
        ("postal", {"回电"}),
        ("supervisor", {"给结论"}),
        ("platform", {"补发", "给结论"}),
        ("c12315", {"补发", "给结论"}),
        ("association", {"补发", "给结论"}),
        ("public", {"补发", "给结论"}),
        ("silence", {"补发", "回电", "给结论"}),
        ("written_confirmation", {"给结论"}),
        ("payment", set()),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_tells_the_promises_of_whom_it_is_about(
    letters: Letters, kind: str, told: set[str], language: Language
) -> None:
    written = text(letters, EVERYBODY_PROMISED, kind, language)
    assert {what for what in ("补发", "回电", "给结论") if what in written} == told


def test_a_confirmation_is_asked_of_who_gave_the_promise(letters: Letters) -> None:
    case = a_case(
        spoke("11-09 09:00", "merchant_chat"),
        spoke("11-20 09:00", "courier_cs"),
        heard("11-20 10:00", "courier_cs", "在查", "holding", promises=(promised("回电", "11-24 12:00"),)),
    )
    letter = letters.write(case, letters.kind("written_confirmation"), "zh")
    assert letter.channel == "courier_cs"
    assert "快递企业客服：" in letter.plain


def test_a_promise_without_a_name_is_that_of_the_side(letters: Letters) -> None:
    assert "平台承诺“给结论”" in text(letters, EVERYBODY_PROMISED, "supervisor")
    assert 'the platform promised "给结论"' in text(letters, EVERYBODY_PROMISED, "supervisor", "en")


# What is no silence.


@pytest.mark.parametrize(
    ("language", "agreed", "silent"),
    [
        ("zh", "贵方于2026年11月10日 09:00通过店铺聊天同意处理，至今已经12天没有办理完毕", "实质答复"),
        ("en", "On 10 Nov 2026, 09:00 you agreed in the shop chat; it has not been done", "substantive"),
    ],
)
def test_who_has_agreed_is_told_so_and_not_that_there_was_no_answer(
    letters: Letters, language: Language, agreed: str, silent: str
) -> None:
    case = a_case(
        spoke("11-09 09:00", "merchant_chat"),
        heard("11-10 09:00", "merchant_chat", "同意退款", reply="agreed", turn="theirs"),
        spoke("11-15 09:00", "merchant_chat", "还没到账"),
    )
    written = text(letters, case, "demand", language)
    assert agreed in written
    assert silent not in written


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", [kind.id for kind in KINDS])
def test_goods_on_their_way_back_are_no_silence(letters: Letters, kind: str, language: Language) -> None:
    request = filed("11-09 09:00", "app_aftersale", "request", "SH1", aftersale_state=7, aftersale_turn="mine")
    request = structs.replace(request, aftersale_at=moment("11-10 09:00"))
    case = structs.replace(a_case(request), milestones={"return_shipped": moment("11-11 09:00")})
    written = text(letters, case, kind, language)
    assert not any(words in written for words in ("实质答复", "substantive", "尚无结果", "no result so far"))
    if "SH1" in written:
        assert "2026年11月11日，寄出退货" in written or "return shipped on 11 Nov 2026" in written


def test_a_refund_that_is_owed_since_they_have_the_goods_is_told_from_that_day(letters: Letters) -> None:
    request = filed("11-05 09:00", "app_aftersale", "request", "SH1", aftersale_state=7, aftersale_turn="mine")
    request = structs.replace(request, aftersale_at=moment("11-06 09:00"))
    got = {"return_shipped": moment("11-07 09:00"), "merchant_received_return": moment("11-10 00:00")}
    case = structs.replace(a_case(request), milestones=got)
    assert "自2026年11月10日“商家收到退货”起，贵方至今已经12天没有办理完毕" in text(letters, case, "demand")
    told = text(letters, case, "c12315", "en")
    assert "Since 10 Nov 2026 (merchant received the return) the merchant has not done what is due: 12 days" in told
    assert "reference SH1 (merchant received the return on 10 Nov 2026)" in told


def test_what_the_app_showed_goes_before_that_there_is_no_result(letters: Letters) -> None:
    request = filed("11-09 09:00", "app_aftersale", "request", "SH1", aftersale_state=6, aftersale_turn="mine")
    request = structs.replace(request, aftersale_at=moment("11-10 09:00"))
    assert "编号SH1（2026年11月10日 App 显示：驳回退款，待买家处理）" in text(letters, a_case(request), "c12315")
    refused = heard("11-12 09:00", "app_aftersale", "不退", reply="refused")
    assert "编号SH1（商家已驳回）" in text(letters, a_case(request, refused), "c12315")


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("decided", "已有答复"),
        ("refused", "不予受理"),
        ("agreed", "已有答复"),
        ("offered", "已受理，尚未办结"),
        ("asked", "已受理，尚未办结"),
        ("other", "已受理，尚未办结"),
    ],
)
def test_what_was_accepted_and_decided_since_has_a_result(letters: Letters, reply: str, state: str) -> None:
    complaint = filed("11-09 09:00", "c12315", reference="C7", state="accepted", accepted_at=moment("11-10 09:00"))
    accepted = heard("11-10 09:00", "c12315", "决定受理", reply="decided")
    later = heard("11-18 09:00", "c12315", "终止调解", reply=reply)
    assert "编号C7（已受理，尚未办结）" in text(letters, a_case(complaint, accepted), "association")
    assert f"编号C7（{state}）" in text(letters, a_case(complaint, accepted, later), "association")


def test_an_authority_that_has_accepted_is_asked_for_its_result(letters: Letters) -> None:
    complaint = filed("11-09 09:00", "c12315", reference="C7", state="accepted", accepted_at=moment("11-10 09:00"))
    case = a_case(spoke("11-05 09:00", "merchant_chat"), complaint)
    assert "贵方于2026年11月10日 09:00受理，至今已经12天没有收到办理结果" in text(letters, case, "chaser")
    told = text(letters, case, "association")
    assert "至2026年11月10日 09:00，共5天没有收到商家的实质答复" in told
    assert "已经17天" not in told


def test_a_silence_that_was_not_waited_out_is_told_as_far_as_it_went(letters: Letters) -> None:
    request = filed("11-06 09:00", "app_intervene", "platform", state="refused", ended_at=moment("11-08 09:00"))
    case = a_case(spoke("11-02 09:00", "merchant_chat"), spoke("11-04 09:00", "merchant_chat"), request)
    told = "至2026年11月6日 09:00，共4天没有收到商家的实质答复，其间我又询问过1次"
    assert told in text(letters, case, "c12315")
    assert (
        "From 2 Nov 2026, when I stated my demand in the shop chat, to 6 Nov 2026, 09:00 I had no substantive answer"
        in text(letters, case, "c12315", "en")
    )
    answered = heard("11-12 09:00", "merchant_chat", "不退", reply="refused")
    assert "实质答复" not in text(letters, a_case(*case.contacts, answered, request), "c12315")


def test_a_silence_that_went_into_a_request_is_told_from_its_beginning(letters: Letters) -> None:
    case = a_case(spoke("11-10 09:00", "merchant_chat"), filed("11-12 09:00", "app_aftersale", "request"))
    assert "自2026年11月10日通过店铺聊天提出诉求之日起，已经12天没有收到实质答复，其间我又询问过1次" in text(
        letters, case, "demand"
    )


def test_nobody_is_called_silent_for_what_another_has_answered(letters: Letters) -> None:
    case = a_case(
        spoke("11-10 09:00", "merchant_chat"),
        spoke("11-10 10:00", "courier_cs"),
        heard("11-12 09:00", "courier_cs", "本人签收", reply="refused"),
    )
    assert "已经12天没有收到实质答复" in text(letters, case, "demand")
    assert "实质答复" not in text(letters, case, "courier")


# What lies elsewhere.


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_association_is_told_of_a_complaint_that_is_open(letters: Letters, language: Language) -> None:
    told = text(letters, a_case(filed("11-15 09:00", "c12315", reference="C77")), "association", language)
    assert "C77" in told
    assert "未就同一请求" not in told
    assert "No administrative mediation" not in told


def test_a_complaint_does_not_list_itself_and_names_the_association(letters: Letters) -> None:
    case = a_case(
        filed("11-10 09:00", "app_aftersale", "request", "S1"),
        filed("11-12 09:00", "consumer_assoc", "settle", "X5"),
        filed("11-15 09:00", "c12315", reference="C77"),
    )
    told = text(letters, case, "c12315")
    assert "S1" in told
    assert "C77" not in told
    assert "已另行向下列机构提出：\n- 2026年11月12日 09:00，向消费者协会（消保委）投诉，编号X5" in told


@pytest.mark.parametrize("mark", ["【函件：催告函】", "【文书：催告函】", "[Letter: Formal demand]"])
def test_a_letter_is_known_by_its_mark_however_the_log_spells_it(letters: Letters, mark: str) -> None:
    case = a_case(spoke("11-10 09:00", "merchant_chat", f"{mark}\n全文"))
    assert "发出催告函" in text(letters, case, "c12315")
    assert "a formal demand" in text(letters, case, "c12315", "en")


# Articles.


def test_a_recipient_is_told_of_no_duty_that_is_not_his(letters: Letters) -> None:
    fake = structs.replace(a_case(problem="counterfeit"), demand=Demand(remedy="promised_comp"))
    lost = a_case(problem="lost")
    for kind in ("courier", "payment", "postal"):
        for case in (fake, lost):
            told = text(letters, case, kind)
            assert not any(name in told for name in ("消费者权益保护法》第", "侵害消费者权益", "电子商务法》第二十条"))
    assert "电子商务法》第五十三条" in text(letters, fake, "payment")
    assert "《快递暂行条例》第二十九条" in text(letters, lost, "courier")
    for kind in ("demand", "c12315", "association"):
        told = text(letters, lost, kind)
        assert "快递暂行条例" not in told
        assert "邮政法" not in told
        assert "电子商务法》第二十条" in told


def test_a_judicial_interpretation_bears_its_official_title(letters: Letters) -> None:
    case = structs.replace(a_case(problem="counterfeit"), demand=Demand(remedy="promised_comp"))
    told = text(letters, case, "demand")
    assert "《最高人民法院关于审理网络消费纠纷案件适用法律若干问题的规定（一）》（以下简称" in told
    assert told.count("最高人民法院") == 1


# How it was spoken.


@pytest.mark.parametrize(
    ("contact", "zh", "en"),
    [
        (
            spoke("11-10 09:00", None, "nobody picked up", substance="none"),
            "我联系对方，未得到应答（nobody picked up）。",
            "I tried to reach them and got no answer (nobody picked up).",
        ),
        (
            spoke("11-10 09:00", "pdd_hotline_consumer", "打不通", substance="none"),
            "我拨打拼多多消费者热线，未得到应答（打不通）。",
            "I called the consumer hotline and got no answer (打不通).",
        ),
        (
            spoke("11-10 09:00", "pdd_hotline_consumer", "要求退款", person=Person(role="agent", name="Li")),
            "我在拼多多消费者热线通话中向客服 Li提出：“要求退款。”",
            'I told the agent Li on Pinduoduo\'s consumer hotline: "要求退款".',
        ),
        (spoke("11-10 09:00", None), "我提出：“请退款。”", 'I told them: "请退款".'),
        (
            spoke("11-10 09:00", "merchant_chat", "已反馈", direction="in", substance="holding"),
            "商家通过店铺聊天回复：“已反馈”，未作实质答复。",
            'the merchant replied in the shop chat, without answering the matter: "已反馈".',
        ),
    ],
)
def test_a_contact_is_told_as_it_was(letters: Letters, contact: Contact, zh: str, en: str) -> None:
    assert f"，{zh}\n" in text(letters, a_case(contact), "c12315")
    assert f": {en}\n" in text(letters, a_case(contact), "c12315", "en")


@pytest.mark.parametrize("sent_in", LANGUAGES)
def test_a_letter_that_was_sent_is_named_in_a_later_one_and_not_repeated(letters: Letters, sent_in: Language) -> None:
    words = sent_words(letters.kind("chaser"), "亲爱的客服\n第二行\n", LetterWords(sent_in))
    case = a_case(spoke("11-10 09:00", "merchant_chat", words))
    assert "第二行" in case.contacts[0].summary
    assert "我通过店铺聊天发出催办函。" in text(letters, case, "c12315")
    assert "I sent a reminder in the shop chat." in text(letters, case, "c12315", "en")
    assert "第二行" not in text(letters, case, "c12315")


# What is not there.


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_heading_stands_above_nothing_and_the_numbers_run_on(letters: Letters, language: Language) -> None:
    heading = re.compile(r"[一二三四五六七八九十]、.+" if language == "zh" else r"\d\. [A-Z][^.;]*")
    for kind in KINDS:
        lines = text(letters, a_case(), kind.id, language).splitlines()
        found = [place for place, line in enumerate(lines) if heading.fullmatch(line)]
        empty = [lines[at] for at in found if not lines[at + 1]]
        below = dict(itertools.pairwise(lines))
        empty += [line for line in lines if line.endswith(("：", ":")) and below.get(line) in ("谢谢。", "Thank you.")]
        assert empty == []
        if kind.id in ("demand", "platform", "association", "c12315", "report", "postal", "silence"):
            numerals = "一二三四五六七八九十" if language == "zh" else "123456789"
            assert "".join(lines[at][0] for at in found) == numerals[: len(found)]
            assert found
    bare = "".join(text(letters, a_case(), kind.id, language) for kind in KINDS)
    assert not any(empty in bare for empty in ("此前的处理途径", "On record so far", "Provisions that may", "申请记录"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_was_tried_where_nothing_was_logged(letters: Letters, language: Language) -> None:
    bare, said = a_case(), a_case(spoke("11-10 09:00", "merchant_chat"), spoke("11-11 09:00", "app_official_cs"))
    claims = {
        "supervisor": ("一线客服处理后仍未解决", "first line has not been able"),
        "demand": ("经沟通至今没有解决", "after our earlier contact"),
        "platform": ("协商后未能解决", "could not settle"),
    }
    for kind, (zh, en) in claims.items():
        words = zh if language == "zh" else en
        assert words not in text(letters, bare, kind, language)
        assert words in text(letters, said, kind, language)


def test_the_number_of_an_exhibit_is_that_of_the_dossier(letters: Letters) -> None:
    at = moment("11-10 09:00")
    case = a_case(
        Evidence(id="1", kind=None, added_at=at), Evidence(id="2", kind="photo", proves="壶底裂开。", added_at=at)
    )
    assert "\n1. 未写明\n2. 商品照片或视频：壶底裂开\n" in text(letters, case, "c12315")


# Wording.


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_one_mark_at_its_end(letters: Letters, language: Language) -> None:
    case = a_case(
        spoke("11-10 09:00", "merchant_chat", "什么时候退款？"),
        spoke("11-10 10:00", "merchant_chat", "Where is it?!"),
        spoke("11-10 11:00", "merchant_chat", "已经退了！", direction="in", substance="holding"),
        spoke("11-10 12:00", "merchant_chat", "等三天.", direction="in", substance="holding"),
        title="Broken kettle.",
    )
    for kind in KINDS:
        told = text(letters, case, kind.id, language)
        assert not any(
            twice in told for twice in ("？。", "！。", "!.", "?.", ".。", "。.", "Broken kettle.:", "kettle.：")
        ), kind


@pytest.mark.parametrize("language", LANGUAGES)
def test_courier_and_waybill_are_told_once_and_without_a_hole(letters: Letters, language: Language) -> None:
    case = structs.replace(a_case(problem="lost"), order=Order(tracking="SF1234567890123"))
    for kind in KINDS:
        told = text(letters, case, kind.id, language)
        assert told.count("SF1234567890123") <= 1, kind.id
        assert not any(hole in told for hole in ("快递： ", "Courier:  ", "Courier: \n", "快递：\n"))
    both = structs.replace(case, order=Order(courier="顺丰", tracking="SF1234567890123"))
    assert "快递：顺丰，运单号：SF1234567890123\n" in text(letters, both, "demand")
    assert "Courier: 顺丰, waybill SF1234567890123\n" in text(letters, both, "demand", "en")


def test_a_problem_that_the_title_names_is_not_said_twice(letters: Letters) -> None:
    assert "问题：运动鞋疑似假货\n" in text(letters, a_case(title="运动鞋疑似假货", problem="counterfeit"), "demand")
    assert "问题：疑似假货——球鞋不对\n" in text(letters, a_case(title="球鞋不对", problem="counterfeit"), "demand")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["chaser", "written_confirmation"])
def test_an_authority_is_asked_how_it_stands_and_set_no_date(letters: Letters, kind: str, language: Language) -> None:
    case = a_case(filed("11-15 09:00", "c12315", reference="C77"))
    letter = letters.write(case, letters.kind(kind), language)
    assert letter.answer_by not in letter.plain
    if kind == "chaser":
        assert "C77" in letter.plain


def test_days_are_counted_as_in_the_dossier(letters: Letters, context: Context) -> None:
    now: datetime = context.casebook.now()
    case = a_case(spoke("11-12 13:30", "merchant_chat"))
    assert (now - case.contacts[0].at).days == 9
    assert "已经10天没有收到实质答复" in text(letters, case, "demand")


# Words of a list are no words of a sentence.


def test_every_channel_problem_demand_and_kind_of_evidence_has_words_for_a_sentence() -> None:
    book = Handbook()
    tables = (book.channels, book.problems, book.remedies, book.evidence_types, book.letters)
    assert [entry.id for table in tables for entry in table if not (entry.letter_zh and entry.letter_en)] == []
    assert [channel.id for channel in book.channels if not (channel.filed_zh and channel.filed_en)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_pours_a_label_into_a_sentence(letters: Letters, language: Language) -> None:
    book = Handbook()
    for number, remedy in enumerate(book.remedies):
        problem = list(book.problems)[number % len(book.problems)].id
        said = [
            spoke(f"11-{9 + place} 09:00", channel.id)
            for place, channel in enumerate(list(book.channels)[number % 4 :: 4])
        ]
        case = structs.replace(
            a_case(*said, Evidence(id="1", kind="shop_licence", added_at=moment("11-10 09:00")), problem=problem),
            demand=Demand(remedy=remedy.id, amount=Decimal("15.00")),
            order=Order(amount=Decimal("89.00")),
        )
        for kind in KINDS:
            written = text(letters, case, kind.id, language)
            labels = (*(channel.label for channel in book.channels), remedy.label, book.problems[problem].label)
            listed = {label.zh if language == "zh" else label.en for label in labels}
            poured = [label for label in listed if re.search(r"[/(]", label) and label in written]
            assert poured == [], kind.id
            assert not re.search(r"[/{}\[][一-鿿]|[一-鿿][/{}\]]", written), kind.id


# Requests with their sums.

KETTLE_89 = Order(amount=Decimal("89.00"), received_at=moment("11-02 09:00"))
BACK = {"return_shipped": moment("11-05 09:00")}


@pytest.mark.parametrize(
    ("problem", "demand", "order", "milestones", "zh", "en"),
    [
        (
            "quality",
            ("partial_refund", "15"),
            KETTLE_89,
            {},
            "退还部分货款15.00元",
            "refund part of the price, CNY 15.00",
        ),
        (
            *("quality", ("return_refund", None), KETTLE_89, {}, "退货并退还货款89.00元，退货运费由被投诉人承担"),
            "take the goods back and refund the price of CNY 89.00, with the return freight borne by the merchant",
        ),
        (
            *("refuse_return", ("return_refund", None), KETTLE_89, {}, "退货并退还货款89.00元"),
            "take the goods back and refund the price of CNY 89.00",
        ),
        (
            *("refuse_return", ("return_refund", "89"), KETTLE_89, BACK, "退还货款89.00元（商品已退回）"),
            "refund the price of CNY 89.00 (the goods are back)",
        ),
        (
            "lost",
            ("refund_only", None),
            KETTLE_89,
            {},
            "退还货款89.00元（未收到货）",
            "refund the price of CNY 89.00 (never received)",
        ),
        (
            "quality",
            ("refund_only", "50"),
            KETTLE_89,
            {},
            "退还货款50.00元（不退货）",
            "refund the price of CNY 50.00 (without a return)",
        ),
        ("quality", ("refund_only", None), Order(), {}, "退还货款", "refund the price"),
        (
            *("counterfeit", ("punitive3", None), Order(amount=Decimal(459)), {}),
            "退还货款459.00元，并依《中华人民共和国消费者权益保护法》第五十五条第一款增加赔偿1377.00元，合计1836.00元",
            (
                "refund the price of CNY 459.00 and, under Article 55, paragraph 1, of the Consumer Rights Protection "
                "Law of the People's Republic of China, pay further compensation of CNY 1377.00 (CNY 1836.00 in all)"
            ),
        ),
        (
            *("counterfeit", ("punitive3", "2000"), Order(amount=Decimal(459)), {}),
            "增加赔偿1377.00元，另赔偿其他损失164.00元，合计2000.00元",
            "pay further compensation of CNY 1377.00, plus CNY 164.00 for other losses (CNY 2000.00 in all)",
        ),
        (
            *("counterfeit", ("promised_comp", "3949"), Order(amount=Decimal(359)), {}),
            "退还货款359.00元，并按商家的承诺赔付3590.00元，合计3949.00元",
            (
                "refund the price of CNY 359.00 and pay the compensation that the shop promised, CNY 3590.00 "
                "(CNY 3949.00 in all)"
            ),
        ),
        (
            "quality",
            ("promised_comp", "35"),
            KETTLE_89,
            {},
            "按商家的承诺赔付35.00元",
            "pay the compensation that the shop promised, CNY 35.00",
        ),
        (
            *("merchant_gone", ("platform_first_pay", "430"), Order(), {}),
            "请求平台提供经营者的真实名称、地址和有效联系方式；不能提供的，先行赔付430.00元",
            (
                "I ask that the platform give the real name, address and working contact of the operator or, failing "
                "that, pay CNY 430.00 in the operator's place"
            ),
        ),
        (
            "false_ad",
            ("correct_page", None),
            Order(),
            {},
            "建议下架或更正该商品页面",
            "I suggest to take down or correct the listing",
        ),
        ("quality", ("apology", "10"), Order(), {}, "书面致歉", "apologise in writing"),
    ],
)
def test_a_demand_is_asked_for_in_a_sentence_with_its_sums(
    letters: Letters, *, problem: str, demand: tuple[str, str | None], order: Order, milestones: Any, zh: str, en: str
) -> None:
    remedy, amount = demand
    case = structs.replace(
        a_case(problem=problem),
        demand=Demand(remedy=remedy, amount=Decimal(amount) if amount else None),
        order=order,
        milestones=milestones,
    )
    assert f"{zh}。\n" in text(letters, case, "c12315").replace("由商家承担", "由被投诉人承担")
    assert f"{en}.\n" in text(letters, case, "c12315", "en")


def test_less_than_the_law_gives_is_no_sum_of_it(letters: Letters) -> None:
    case = structs.replace(
        a_case(problem="counterfeit"),
        demand=Demand(remedy="punitive3", amount=Decimal(500)),
        order=Order(amount=Decimal(459)),
    )
    written = text(letters, case, "c12315")
    assert "增加赔偿41.00元，合计500.00元。" in written
    assert "1377" not in written


# What was said, once, between quotation marks.


@pytest.mark.parametrize(
    ("contact", "zh", "en"),
    [
        (
            heard(
                "11-10 09:00", "app_aftersale", "驳回：“生鲜概不负责。”", reply="refused", person=Person(role="商家")
            ),
            "商家在售后单中驳回，理由为：“生鲜概不负责。”",
            'the merchant rejected it in the after-sales request, giving as the reason: "生鲜概不负责".',
        ),
        (
            heard(
                "11-10 09:00",
                "app_intervene",
                "平台判定：凭证不足",
                reply="decided",
                person=Person(name="阿华", role="平台客服", staff_no="2201"),
            ),
            "平台客服阿华（工号2201）在售后单中告知判定结果：“凭证不足。”",
            'the platform agent 阿华 (staff no. 2201) told me the decision in the after-sales request: "凭证不足".',
        ),
        (
            heard("11-10 09:00", "app_aftersale", "系统提示：店铺已关闭", "none", person=Person(role="系统")),
            "系统在售后单中提示：“店铺已关闭。”",
            'the system notified me in the after-sales request: "店铺已关闭".',
        ),
        (
            heard("11-10 09:00", "merchant_chat", "自动回复“耐心等待”", "none", person=Person(role="自动回复")),
            "商家通过店铺聊天自动回复：“耐心等待。”",
            'the merchant sent an automatic reply in the shop chat: "耐心等待".',
        ),
        (
            heard(
                "11-10 09:00",
                "merchant_chat",
                "亲，“坏果包赔”已下线！",
                person=Person(role="店铺客服果果", name="果果"),
            ),
            "店铺客服果果通过店铺聊天答复：“亲，‘坏果包赔’已下线！”",
            '店铺客服果果 answered in the shop chat: "亲，‘坏果包赔’已下线！"',
        ),
        (
            heard("11-10 09:00", "c12315", "告知受理", reply="decided", person=Person(role="承办人", name="王工")),
            "承办人王工就此告知：“受理。”",
            'the officer 王工 told me the decision through the national 12315 platform: "受理".',
        ),
        (
            heard("11-10 09:00", "merchant_chat", "称包装拆封影响再售", reply="refused"),
            "商家通过店铺聊天表示拒绝：“包装拆封影响再售。”",
            'the merchant refused in the shop chat: "包装拆封影响再售".',
        ),
        (
            spoke("11-10 09:00", "merchant_chat", "说明：称重少了200克"),
            "我通过店铺聊天提出：“称重少了200克。”",
            'I wrote to the merchant in the shop chat: "称重少了200克".',
        ),
        (
            spoke("11-10 09:00", "p12305", "满7日无答复"),
            "我向邮政管理部门（12305）提出申诉，说明：“满7日无答复。”",
            'I appealed to the postal authority (12305): "满7日无答复".',
        ),
        (
            spoke("11-10 09:00", "app_intervene", "申请平台介入并上传视频"),
            "我申请平台介入并上传视频。",
            "I asked the platform to step in:",
        ),
        (
            heard(
                "11-10 09:00",
                "app_official_cs",
                "会有结果的",
                "holding",
                person=Person(name="客服3307", staff_no="3307"),
            ),
            "平台客服（工号3307）通过App在线会话回复：“会有结果的”，未作实质答复。",
            "客服 (staff no. 3307) replied in the official chat of the app, without answering the matter:",
        ),
    ],
)
def test_what_was_said_is_told_by_its_kind_and_quoted_once(
    letters: Letters, contact: Contact, zh: str, en: str
) -> None:
    assert f"，{zh}\n" in text(letters, a_case(contact), "c12315")
    assert f": {en}" in text(letters, a_case(contact), "c12315", "en")


@pytest.mark.parametrize("kind", ["supervisor", "platform", "demand", "postal", "silence"])
def test_words_are_quoted_once_in_a_letter(letters: Letters, kind: str) -> None:
    case = a_case(
        spoke("11-10 09:00", "courier_cs", "请出示签收凭证"),
        heard("11-10 10:00", "courier_cs", "已登记核实", "holding"),
        spoke("11-11 09:00", "merchant_chat", "没有收到货"),
    )
    written = text(letters, case, kind)
    assert [written.count(words) for words in ("请出示签收凭证", "已登记核实", "没有收到货")] == [1, 1, 1]


# Why the first line failed.


def thrice(*due: str, staff: str = "10086", wording: str = "回电") -> Iterator[Contact]:
    for day in due:
        made = Promise(id=f"p{day}", text=wording, due=moment(f"{day} 23:59"), due_phrase="3个工作日内")
        agent = Person(name="小鹿", role="平台客服", staff_no=staff)
        yield heard(f"{day} 15:00", "pdd_hotline_consumer", "会回电", "holding", person=agent, promises=(made,))


def test_a_supervisor_is_told_that_the_same_agent_broke_three_promises(letters: Letters) -> None:
    case = a_case(spoke("11-02 09:00", "pdd_hotline_consumer"), *thrice("11-04", "11-09", "11-12"))
    assert (
        "同一客服（平台客服小鹿，工号10086）自2026年11月4日起三次承诺“3个工作日内回电”，均未兑现，"
        "因此我不能接受目前的处理。" in text(letters, case, "supervisor")
    )
    told = text(letters, case, "supervisor", "en")
    assert "The same agent (the platform agent 小鹿, staff no. 10086) has promised three times since 4 Nov 2026" in told
    assert "None of this was kept" in told
    assert "同一客服" not in text(letters, case, "demand")


def test_several_agents_are_told_as_the_side_and_a_kept_promise_is_not_counted(letters: Letters) -> None:
    first, second = thrice("11-04", wording="回电"), thrice("11-09", staff="7", wording="给结论")
    case = a_case(spoke("11-02 09:00", "pdd_hotline_consumer"), *first, *second)
    assert "平台方面自2026年11月4日起两次作出承诺（“3个工作日内回电”、“3个工作日内给结论”），均未兑现" in text(
        letters, case, "supervisor"
    )
    kept = structs.replace(case.contacts[1].promises[0], state="kept")
    contacts = (case.contacts[0], structs.replace(case.contacts[1], promises=(kept,)), case.contacts[2])
    assert "其中1次未兑现" in text(letters, structs.replace(case, contacts=contacts), "supervisor")


def test_the_platform_is_told_why_it_failed_with_the_shop(letters: Letters) -> None:
    case = a_case(
        spoke("11-10 09:00", "merchant_chat"),
        heard("11-10 10:00", "merchant_chat", "亲稍等", "holding"),
        heard("11-12 10:00", "merchant_chat", "在催了", "holding"),
    )
    assert "商家自2026年11月10日起共回复2次，均未作实质答复，因此我不能接受目前的处理。" in text(
        letters, case, "platform"
    )
    answered = a_case(*case.contacts, heard("11-13 10:00", "merchant_chat", "不退", reply="refused"))
    assert "均未作实质答复" not in text(letters, answered, "platform")


def test_a_promise_of_an_agent_of_the_platform_in_the_chat_of_a_shop_is_the_platform_s(letters: Letters) -> None:
    agent = Person(role="平台客服", name="小美")
    case = a_case(
        spoke("11-09 09:00", "merchant_chat"),
        heard(
            "11-09 10:00", "merchant_chat", "在看", "holding", person=agent, promises=(promised("判定", "11-12 12:00"),)
        ),
    )
    assert "判定" not in text(letters, case, "demand")
    assert "平台客服小美承诺“判定”" in text(letters, case, "supervisor")


def test_a_promise_is_told_with_the_words_the_date_and_how_it_ended(letters: Letters) -> None:
    spoken = Promise(id="1", text="明天给您答复。", due=moment("11-11 23:59").replace(second=59), due_phrase="明天")
    apart = Promise(
        id="2",
        text="判定结果",
        due=moment("11-12 23:59").replace(second=59),
        due_phrase="1-3个工作日",
        written=True,
        state="kept",
    )
    case = a_case(
        spoke("11-10 09:00", "app_official_cs"),
        heard(
            "11-10 10:00", "app_official_cs", "好的", "holding", promises=(spoken, apart, Promise(id="3", text="回电"))
        ),
    )
    written = text(letters, case, "supervisor")
    assert "平台承诺“明天给您答复”（即2026年11月11日前），到期未兑现。" in written
    assert "平台承诺“判定结果”（原话期限“1-3个工作日”，即2026年11月12日前；书面），已兑现。" in written
    assert "平台承诺“回电”，未说明期限，尚未兑现。" in written


# Who can be reached, and what never came.


UNSIGNED = {"public", "report_anonymous", "evidence_list", "app_text"}
"""Letters that say nowhere how to reach me: they are read by everybody, or go with one that says it."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_but_a_public_one_says_how_to_reach_the_writer(letters: Letters, language: Language) -> None:
    for kind in KINDS:
        blank = "【手机号】" if language == "zh" else "[your phone number]"
        assert (blank in text(letters, a_case(), kind.id, language)) is (kind.id not in UNSIGNED), kind.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_never_came_was_not_received(letters: Letters, language: Language) -> None:
    case = structs.replace(a_case(problem="fake_sign"), order=Order(received_at=moment("11-06 09:00")))
    written = text(letters, case, "c12315", language)
    shown = {
        "zh": "物流显示签收：2026年11月6日（本人未收到）",
        "en": "Carrier shows delivered on 6 Nov 2026, not received by me",
    }
    assert shown[language] in written
    assert not re.search("签收日期|^Received", written, re.MULTILINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_masked_letter_says_a_name_that_stands_in_a_role(letters: Letters, language: Language) -> None:
    def theirs(when: str, said: str, person: Person) -> Contact:
        return spoke(when, "app_official_cs", said, direction="in", substance="holding", person=person)

    case = a_case(
        spoke("11-10 09:00", "merchant_chat"),
        theirs("11-11 09:00", "三天内退款", Person(role="客服主管张伟")),
        theirs("11-12 09:00", "张伟说的不算，要问张主管", Person(name="客服小王")),
        theirs("11-13 09:00", "李主管：转客服小孙处理", Person(name="李", role="主管")),
    )
    for kind in KINDS:
        letter = letters.write(case, kind, language)
        for level in ("partial", "public"):
            masked = letters.mask(case, letter, level).text
            assert (kind.id, [name for name in ("张伟", "张主管", "小王", "小孙", "李") if name in masked]) == (
                kind.id,
                [],
            )


@pytest.mark.parametrize(
    ("person", "zh", "en"),
    [
        (
            Person(role="平台客服", name="小美", staff_no="3307"),
            "平台客服（姓名、工号已遮盖）通过",
            "the platform agent (name and staff number hidden) replied",
        ),
        (
            Person(role="平台客服", staff_no="3307"),
            "平台客服（工号已遮盖）通过",
            "the platform agent (staff number hidden) replied",
        ),
        (Person(role="平台客服", name="小美"), "平台客服〔姓名〕通过", "the platform agent 〔name〕 replied"),
    ],
)
def test_what_is_hidden_of_an_agent_does_not_look_like_a_blank(
    letters: Letters, person: Person, zh: str, en: str
) -> None:
    case = a_case(heard("11-10 10:00", "app_official_cs", "在看", "holding", person=person))
    for language, said in (("zh", zh), ("en", en)):
        letter = letters.write(case, letters.kind("public"), "zh" if language == "zh" else "en")
        assert said in letters.mask(case, letter, "public").text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("已登记，工单TS001，24小时内回复", "工单〔工单号〕，24小时内回复"),
        ("受理编号：20261108-77", "受理编号：〔工单号〕"),
        ("工单24小时内处理", "工单24小时内处理"),
        ("工单2026年前办结", "工单2026年前办结"),
    ],
)
@pytest.mark.parametrize("kind", ["report_anonymous", "press"])
def test_a_ticket_leads_to_me_and_is_told_to_nobody_who_must_not_know(
    letters: Letters, kind: str, said: str, told: str
) -> None:
    case = a_case(heard("11-10 10:00", "courier_cs", said, "holding"), problem="fake_sign")
    letter = letters.write(case, letters.kind(kind), "zh")
    assert told in letters.mask(case, letter).text
