"""What nobody listed is masked: the mask walks the value itself, and lets through only what is named as harmless."""

from __future__ import annotations

from datetime import datetime

import pytest
from msgspec import Struct, field, structs

from pddtui.domain.case import (
    Amendment,
    Case,
    Contact,
    Demand,
    Evidence,
    Filing,
    FollowUp,
    Operator,
    Order,
    Outcome,
    Person,
    Promise,
)
from pddtui.domain.fields import FIELDS, value_of
from pddtui.domain.mask import Level
from pddtui.handbook.book import Handbook
from pddtui.services.masking import Masking, masked

PHONE = "13912345678"
LEVELS: tuple[Level, ...] = ("partial", "public")


class Part(Struct, frozen=True):
    words: str
    by_name: dict[str, str] = {}


class WiderCase(Case, frozen=True, kw_only=True):
    """A case with fields that are in no table."""

    aside: str | None = None
    parts: tuple[Part, ...] = ()
    asides: dict[str, tuple[str, ...]] = field(default_factory=dict)


@pytest.fixture
def masking() -> Masking:
    return Masking(Handbook(), "zh")


def full(now: datetime) -> Case:
    """A case with a telephone number in every text that is somebody's own."""
    person = Person(name=PHONE, role=PHONE, staff_no=PHONE)
    said = Contact(
        id="c",
        at=now,
        recorded_at=now,
        direction="in",
        summary=PHONE,
        person=person,
        promises=(Promise(id="p", text=PHONE, due_phrase=PHONE),),
        amendments=(Amendment(at=now, summary=PHONE, person=person, happened_at=now),),
    )
    return Case(
        id="1",
        ref="PDD-2026-0001",
        title=PHONE,
        description=PHONE,
        merchant=PHONE,
        operator=Operator(name=PHONE, address=PHONE),
        order=Order(number=PHONE, product=PHONE, courier=PHONE, tracking=PHONE),
        demand=Demand(bottom_line=PHONE),
        opened_at=now,
        recorded_at=now,
        outcome=Outcome(id="o", kind="refunded", note=PHONE),
        tags=(PHONE,),
        filings=(Filing(id="f", rung="platform", channel="app_intervene", reference=PHONE, filed_at=now),),
        contacts=(said,),
        follow_ups=(FollowUp(id="t", text=PHONE, due=now, due_phrase=PHONE, created_at=now),),
        evidence=(Evidence(id="e", proves=PHONE, place=PHONE, original_name=PHONE, added_at=now),),
    )


@pytest.mark.parametrize("level", LEVELS)
def test_every_text_of_every_thing_is_masked(level: Level, masking: Masking, now: datetime) -> None:
    case = full(now)
    for thing in (case, *case.filings, *case.contacts, *case.contacts[0].promises, *case.contacts[0].amendments):
        for known in FIELDS[type(thing)]:
            if known.kind in ("line", "text", "tags"):
                assert value_of(known, thing) in (PHONE, (PHONE,)), f"the sample leaves {known.place} empty"
    assert PHONE not in repr(masked(case, level, masking))


@pytest.mark.parametrize("level", LEVELS)
def test_a_field_that_is_in_no_table_is_masked(level: Level, masking: Masking, now: datetime) -> None:
    plain = full(now)
    known = {name: getattr(plain, name) for name in plain.__struct_fields__}
    part = Part(words=PHONE, by_name={PHONE: PHONE})
    wider = WiderCase(**known, aside=PHONE, parts=(part,), asides={PHONE: (PHONE,)})
    out = masked(wider, level, masking)
    assert PHONE not in repr(out)
    assert isinstance(out, WiderCase)
    assert (bool(out.aside), len(out.parts), len(out.asides)) == (True, 1, 1)


def test_ids_times_and_words_of_the_program_stay(masking: Masking, now: datetime) -> None:
    case = structs.replace(full(now), problem="quality", milestones={"received": now})
    out = masked(case, "public", masking)
    assert (out.id, out.ref, out.problem, out.milestones, out.opened_at) == (
        "1",
        "PDD-2026-0001",
        "quality",
        {"received": now},
        now,
    )
    assert out.outcome is not None
    assert (out.outcome.kind, out.filings[0].channel, out.order.currency) == ("refunded", "app_intervene", "CNY")


def test_what_nobody_knows_how_to_mask_is_not_let_out(masking: Masking, now: datetime) -> None:
    class Odd(Case, frozen=True, kw_only=True):
        raw: bytes = b""

    plain = full(now)
    odd = Odd(**{name: getattr(plain, name) for name in plain.__struct_fields__}, raw=PHONE.encode())
    with pytest.raises(TypeError, match="raw"):
        masked(odd, "public", masking)
