"""A letter says nothing that the log does not say: whose silence it is, how it was spoken, what came before."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import datetime
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
        assert "自2026年11月10日 09:00通过快递企业客服提出起，已经12天没有收到" in text(letters, case, kind)
        assert "又询问" not in text(letters, case, kind)
    assert "自2026年11月16日 09:00通过拼多多官方客服（在线）提出起" in text(letters, case, "supervisor")
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
    assert "自2026年11月10日 09:00提出起，已经" in told
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
        ("zh", "贵方于2026年11月10日 09:00通过商家客服（店铺聊天）同意处理，至今已经12天没有办理完毕", "实质答复"),
        ("en", "On 10 Nov 2026, 09:00 (Merchant chat) you agreed; it has not been done", "substantive"),
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
    assert "编号SH1（2026年11月10日页面显示：驳回退款，待买家处理）" in text(letters, a_case(request), "c12315")
    refused = heard("11-12 09:00", "app_aftersale", "不退", reply="refused")
    assert "编号SH1（被驳回或不予受理）" in text(letters, a_case(request, refused), "c12315")


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("decided", "已有答复"),
        ("refused", "被驳回或不予受理"),
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
    assert "From 2 Nov 2026, 09:00 (Merchant chat) to 6 Nov 2026, 09:00 I had no substantive answer" in text(
        letters, case, "c12315", "en"
    )
    answered = heard("11-12 09:00", "merchant_chat", "不退", reply="refused")
    assert "实质答复" not in text(letters, a_case(*case.contacts, answered, request), "c12315")


def test_a_silence_that_went_into_a_request_is_told_from_its_beginning(letters: Letters) -> None:
    case = a_case(spoke("11-10 09:00", "merchant_chat"), filed("11-12 09:00", "app_aftersale", "request"))
    assert "自2026年11月10日 09:00通过商家客服（店铺聊天）提出起，已经12天没有收到实质答复，其间我又询问过1次" in text(
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
    assert "已另行向下列机构提出：\n- 2026年11月12日 09:00，消费者协会/消保委，编号X5" in told


@pytest.mark.parametrize("mark", ["【函件：催告函】", "【文书：催告函】", "[Letter: Formal demand]"])
def test_a_letter_is_known_by_its_mark_however_the_log_spells_it(letters: Letters, mark: str) -> None:
    case = a_case(spoke("11-10 09:00", "merchant_chat", f"{mark}\n全文"))
    assert "发出文书（催告函）" in text(letters, case, "c12315")
    assert "a formal demand" in text(letters, case, "c12315", "en")


# Articles.


def test_a_recipient_is_told_of_no_duty_that_is_not_his(letters: Letters) -> None:
    fake = structs.replace(a_case(problem="counterfeit"), demand=Demand(remedy="promised_comp"))
    lost = a_case(problem="lost")
    for kind in ("courier", "payment", "postal"):
        for case in (fake, lost):
            told = text(letters, case, kind)
            assert not any(name in told for name in ("消费者权益保护法》第", "侵害消费者权益", "电子商务法》第20条"))
    assert "电子商务法》第53条" in text(letters, fake, "payment")
    assert "快递暂行条例》第28条" in text(letters, lost, "courier")
    for kind in ("demand", "c12315", "association", "report"):
        told = text(letters, lost, kind)
        assert "快递暂行条例" not in told
        assert "邮政法" not in told
        assert "电子商务法》第20条" in told


def test_a_judicial_interpretation_bears_its_official_title(letters: Letters) -> None:
    told = text(letters, a_case(problem="counterfeit"), "demand")
    assert "《最高人民法院关于审理网络消费纠纷案件适用法律若干问题的规定（一）》第10条" in told


# How it was spoken.


@pytest.mark.parametrize(
    ("contact", "zh", "en"),
    [
        (
            spoke("11-10 09:00", None, "nobody picked up", substance="none"),
            "我联系对方，未得到应答：nobody picked up。",
            "I tried to reach them and got no answer: nobody picked up.",
        ),
        (
            spoke("11-10 09:00", "pdd_hotline_consumer", "打不通", substance="none"),
            "我拨打消费者热线，未得到应答：打不通。",
            "I tried to call the platform (PDD consumer hotline) and got no answer: 打不通.",
        ),
        (
            spoke("11-10 09:00", "pdd_hotline_consumer", "要求退款", person=Person(role="agent", name="Li")),
            "我拨打消费者热线联系agentLi：要求退款。",
            "I called the agent Li (PDD consumer hotline): 要求退款.",
        ),
        (spoke("11-10 09:00", None), "我提出：请退款。", "I contacted them: 请退款."),
        (
            spoke("11-10 09:00", "merchant_chat", "已反馈", direction="in", substance="holding"),
            "商家通过商家客服（店铺聊天）回复（未作实质答复）：已反馈。",
            "the merchant (Merchant chat) replied, without an answer to the matter: 已反馈.",
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
    assert "我通过商家客服（店铺聊天）发出文书（催办）。" in text(letters, case, "c12315")
    assert "I sent a chaser (Merchant chat)." in text(letters, case, "c12315", "en")
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
    assert "\n1. 未写明\n2. 商品照片/视频：壶底裂开\n" in text(letters, case, "c12315")


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
