"""The sentence that puts on their record what was said: what is in it, and what was not said is not."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Contact, Order, Person, Promise
from pddtui.message import Language
from pddtui.services.confirmation import confirming, to_confirm, wants_confirming
from pddtui.speech import Speech

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 22, 12, 0, tzinfo=ZONE)
CASE = Case(
    id="c1",
    ref="PDD-2026-0001",
    title="kettle",
    opened_at=AT,
    recorded_at=AT,
    order=Order(number="261122-123456789012345"),
)
REFUND = Promise(
    id="p1", text="三天内退款199元。", due=datetime(2026, 11, 25, 23, 59, 59, tzinfo=ZONE), due_phrase="三天内"
)
CALL_BACK = Promise(id="p2", text="回电", due=datetime(2026, 11, 23, 18, 0, tzinfo=ZONE), due_phrase="明天六点前")
CALL = Contact(
    id="k1",
    at=AT,
    recorded_at=AT,
    direction="in",
    substance="holding",
    summary="明天六点前回电",
    minutes=4,
    person=Person(name="小王", role="平台客服", staff_no="3307"),
    promises=(REFUND,),
)

SENTENCES: dict[str, tuple[Contact, Language, str]] = {
    "one promise": (
        CALL,
        "zh",
        (
            "您好，关于订单261122-123456789012345，就 2026年11月22日 12:00 与平台客服小王（工号3307）的通话向您确认："
            "贵方承诺“三天内退款199元”，期限为2026年11月25日。如无异议，请回复“确认”；如有不符，请直接更正。"
        ),
    ),
    "one promise, in English": (
        CALL,
        "en",
        (
            "Hello, about order 261122-123456789012345, to confirm our call of 22 Nov 2026, 12:00 with 平台客服 小王 "
            "(staff no. 3307): You promised “三天内退款199元” by 25 Nov 2026. If this is right, please reply "
            "“confirmed”; if anything is wrong, please correct it here."
        ),
    ),
    "several": (
        structs.replace(CALL, promises=(REFUND, CALL_BACK), person=Person(staff_no="52")),
        "zh",
        (
            "您好，关于订单261122-123456789012345，就 2026年11月22日 12:00 与工号52的客服的通话向您确认：\n贵方承诺：\n"
            "1. “三天内退款199元”，期限为2026年11月25日\n2. “回电”，期限为2026年11月23日 18:00（原话“明天六点前”）\n"
            "如无异议，请回复“确认”；如有不符，请直接更正。"
        ),
    ),
    "nobody named, no date, in a chat": (
        structs.replace(CALL, person=Person(), minutes=None, promises=(Promise(id="p3", text='会"尽快"处理！'),)),
        "zh",
        (
            "您好，关于订单261122-123456789012345，就 2026年11月22日 12:00 的沟通向您确认：贵方承诺“会'尽快'处理”。"
            "如无异议，请回复“确认”；如有不符，请直接更正。"
        ),
    ),
    "role and name said once, and no promise": (
        structs.replace(
            CALL, person=Person(name="客服果果", role="店铺客服"), minutes=None, promises=(), summary="要等审核。\n别急"
        ),
        "zh",
        (
            "您好，关于订单261122-123456789012345，就 2026年11月22日 12:00 店铺客服果果的答复向您确认："
            "贵方表示“要等审核。 别急”。如无异议，请回复“确认”；如有不符，请直接更正。"
        ),
    ),
    "an English role and name": (
        structs.replace(CALL, person=Person(name="Agent Li", role="agent"), promises=()),
        "en",
        (
            "Hello, about order 261122-123456789012345, to confirm our call of 22 Nov 2026, 12:00 with Agent Li: You "
            "said “明天六点前回电”. If this is right, please reply “confirmed”; if anything is wrong, please correct "
            "it here."
        ),
    ),
    "nobody answered": (structs.replace(CALL, substance="none", promises=()), "zh", ""),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_the_sentence(name: str) -> None:
    contact, language, sentence = SENTENCES[name]
    assert confirming(CASE, contact, language, Speech("en", ZONE)) == sentence


def test_a_settled_promise_is_not_confirmed_and_a_case_without_an_order_names_none() -> None:
    kept = structs.replace(CALL, promises=(structs.replace(REFUND, state="kept"), CALL_BACK))
    text = to_confirm(structs.replace(CASE, order=Order()), kept, Speech("zh", ZONE), ticket="T-77")
    assert text == (
        "您好，就 2026年11月22日 12:00 与平台客服小王（工号3307）的通话向您确认：贵方承诺“回电”，期限为2026年11月23日 "
        "18:00（原话“明天六点前”）。工单号：T-77。如无异议，请回复“确认”；如有不符，请直接更正。"
    )


def test_who_reads_english_gets_theirs_first_and_the_same_in_english() -> None:
    theirs, mine = to_confirm(CASE, CALL, Speech("en", ZONE)).split("\n\n")
    assert (theirs, mine) == (SENTENCES["one promise"][2], SENTENCES["one promise, in English"][2])


@pytest.mark.parametrize(
    ("contact", "wanted"),
    [
        (CALL, True),
        (structs.replace(CALL, promises=(structs.replace(REFUND, written=True),)), False),
        (structs.replace(CALL, promises=()), False),
        (structs.replace(CALL, direction="out"), False),
    ],
)
def test_only_what_they_promised_orally_wants_confirming(contact: Contact, wanted: bool) -> None:
    assert wants_confirming(contact) is wanted
