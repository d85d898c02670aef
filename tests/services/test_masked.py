"""What nobody listed is masked: the mask walks the value itself, and lets through only what is named as harmless."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TypeVar

import pytest
from msgspec import Struct, field, structs

from pddtui.domain.case import Amendment, Case, Contact, Evidence, Filing, FollowUp, Outcome, Person, Promise
from pddtui.domain.fields import FIELDS, with_values
from pddtui.domain.mask import MaskLevel
from pddtui.domain.query import haystack
from pddtui.handbook.book import Handbook
from pddtui.services.masking import Masking, hide_in

T = TypeVar("T", bound=Struct)

PHONE = "13912345678"
LEVELS: tuple[MaskLevel, ...] = ("partial", "public")


class Part(Struct, frozen=True):
    words: str
    by_name: dict[str, str] = {}


class WiderCase(Case, frozen=True, kw_only=True):
    """A case with fields that are in no table."""

    aside: str | None = None
    parts: tuple[Part, ...] = ()
    asides: dict[str, tuple[str, ...]] = field(default_factory=dict)


NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def bare(now: datetime) -> Case:
    return Case(id="1", ref="PDD-2026-0001", title="", opened_at=now, recorded_at=now)


@pytest.fixture
def masking() -> Masking:
    return Masking(Handbook(), "zh")


def filled(thing: T) -> T:
    """The thing with a telephone number in every text that is somebody's own."""
    own = [known for known in FIELDS[type(thing)] if known.kind in ("line", "text", "tags")]
    return with_values(own, thing, {known.name: (PHONE,) if known.kind == "tags" else PHONE for known in own})


def full(now: datetime) -> Case:
    """A case with one thing of each kind, all of them filled."""
    said = Contact(id="c", at=now, recorded_at=now, direction="in", summary="")
    promise = Promise(id="p", text="")
    old = Amendment(at=now, summary="", person=Person(), happened_at=now)
    filing = Filing(id="f", rung="platform", channel="app_intervene", filed_at=now)
    case = Case(
        id="1",
        ref="PDD-2026-0001",
        title="",
        opened_at=now,
        recorded_at=now,
        outcome=Outcome(id="o", kind="refunded"),
        filings=(filled(filing),),
        contacts=(structs.replace(filled(said), promises=(filled(promise),), amendments=(filled(old),)),),
        follow_ups=(filled(FollowUp(id="t", text="", due=now, created_at=now)),),
        evidence=(filled(Evidence(id="e", added_at=now)),),
    )
    return filled(case)


@pytest.mark.parametrize("level", LEVELS)
def test_every_text_of_every_thing_is_masked(level: MaskLevel, masking: Masking, now: datetime) -> None:
    case = full(now)
    assert repr(case).count(PHONE) == sum(
        known.kind in ("line", "text", "tags") for own in FIELDS.values() for known in own
    )
    assert PHONE not in repr(hide_in(case, level, masking)[0])


@pytest.mark.parametrize("level", LEVELS)
def test_a_field_that_is_in_no_table_is_masked(level: MaskLevel, masking: Masking, now: datetime) -> None:
    plain = full(now)
    known = {name: getattr(plain, name) for name in plain.__struct_fields__}
    part = Part(words=PHONE, by_name={PHONE: PHONE})
    wider = WiderCase(**known, aside=PHONE, parts=(part,), asides={PHONE: (PHONE,)})
    out = hide_in(wider, level, masking)[0]
    assert PHONE not in repr(out)
    assert isinstance(out, WiderCase)
    assert (bool(out.aside), len(out.parts), len(out.asides)) == (True, 1, 1)


def test_ids_times_and_words_of_the_program_stay(masking: Masking, now: datetime) -> None:
    person = Contact(id="q", at=now, recorded_at=now, direction="in", summary="x", person=Person(name="Quality"))
    case = structs.replace(full(now), problem="quality", milestones={"received": now}, contacts=(person,))
    out = hide_in(case, "public", masking)[0]
    assert (out.id, out.ref, out.problem, out.milestones, out.opened_at) == (
        "1",
        "PDD-2026-0001",
        "quality",
        {"received": now},
        now,
    )
    assert out.contacts[0].person.name != "Quality"
    assert out.outcome is not None
    assert (out.outcome.kind, out.filings[0].channel, out.order.currency) == ("refunded", "app_intervene", "CNY")


@pytest.mark.parametrize(
    ("original", "file", "shown"),
    [
        ("张三身份证.JPG", "ab.jpg", "exhibit 1.JPG"),
        ("我的录音", "ab.m4a", "exhibit 1.m4a"),
        ("通话.张三丰", "ab", "exhibit 1"),
        ("exhibit 1.png", "ab.png", "exhibit 1.png"),
        (None, "ab.png", None),
    ],
)
def test_the_name_of_a_file_is_its_number_in_public(original: str | None, file: str, shown: str | None) -> None:
    said = Contact(id="c", at=NOW, recorded_at=NOW, direction="out", summary=f"见附件{original}。")
    record = Evidence(id="e", added_at=NOW, original_name=original, file=file)
    case = structs.replace(bare(NOW), contacts=(said,), evidence=(record,))
    english = Masking(Handbook(), "en")
    out, pieces = hide_in(case, "public", english)
    assert (out.evidence[0].original_name, out.evidence[0].file) == (shown, file)
    assert out.contacts[0].summary == (f"见附件{shown}。" if original else said.summary)
    assert {piece.original for piece in pieces} == ({original} - {shown, None})
    assert hide_in(out, "public", english)[0] == out
    assert hide_in(case, "partial", english)[0].evidence[0].original_name == original


def test_the_name_of_a_file_is_no_end_of_another(now: datetime) -> None:
    record = Evidence(id="e", added_at=now, original_name="1.jpg", file="ab.jpg")
    case = structs.replace(bare(now), evidence=(record,), description="见11.jpg、1.jpg和1.jpgx")
    shown = hide_in(case, "public", Masking(Handbook(), "zh"))[0].description
    assert shown == "见11.jpg、证据1.jpg和1.jpgx"


def test_what_nobody_knows_how_to_mask_is_not_let_out(masking: Masking, now: datetime) -> None:
    class Odd(Case, frozen=True, kw_only=True):
        raw: bytes = b""

    plain = full(now)
    odd = Odd(**{name: getattr(plain, name) for name in plain.__struct_fields__}, raw=PHONE.encode())
    with pytest.raises(TypeError, match="raw"):
        hide_in(odd, "public", masking)


def test_every_text_of_every_thing_is_found_by_a_search(now: datetime) -> None:
    """Beside the masks, because the same sample is needed: a case with a word in every text."""
    texts = [known for kind, own in FIELDS.items() if kind is not Amendment for known in own]
    hay = haystack(full(now))
    assert hay.names.count(PHONE) + hay.text.count(PHONE) == sum(
        known.kind in ("line", "text", "tags") for known in texts
    )
