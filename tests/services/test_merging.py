"""Two windows change one record: nothing that one of them wrote is lost without a question."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from pddtui.domain.case import Case, Contact, Order, Person
from pddtui.domain.fields import CASE, CONTACT, edited, values_of
from pddtui.services.edit_conflicts import EditedTwice, FieldClash, amend_merging, edit_merging, three_way

VALUES = st.sampled_from(["a", "b", "c", None])
RECORD = st.fixed_dictionaries({"x": VALUES, "y": VALUES})


def test_each_side_keeps_what_it_alone_changed() -> None:
    merge = three_way({"x": 1, "y": 1, "z": 1}, {"x": 2, "y": 1, "z": 3}, {"x": 1, "y": 2, "z": 3})
    assert merge.values == {"x": 2, "y": 2, "z": 3}
    assert merge.clashes == ()


def test_what_both_changed_differently_is_a_clash() -> None:
    merge = three_way({"x": 1}, {"x": 2}, {"x": 3})
    assert merge.clashes == (FieldClash("x", 2, 3),)


@given(RECORD, RECORD, RECORD)
def test_no_change_of_either_side_is_lost_without_a_clash(
    base: dict[str, str | None], mine: dict[str, str | None], theirs: dict[str, str | None]
) -> None:
    merge = three_way(base, mine, theirs)
    clashing = {clash.field for clash in merge.clashes}
    for field, before in base.items():
        for side in (mine, theirs):
            if side[field] != before and field not in clashing:
                assert merge.values[field] == side[field]


@given(RECORD, RECORD)
def test_alone_nobody_is_asked(base: dict[str, str | None], mine: dict[str, str | None]) -> None:
    assert three_way(base, mine, base) == three_way(base, mine, mine)
    assert three_way(base, mine, base).values == mine


@pytest.fixture
def case(now: datetime) -> Case:
    contact = Contact(id="c1", at=now, recorded_at=now, direction="in", summary="说了", person=Person(name="小A"))
    order = Order(number="1", courier="SF", amount=Decimal("89.00"))
    return Case(id="1", ref="r", title="old", order=order, opened_at=now, recorded_at=now, contacts=(contact,))


def test_an_edit_leaves_what_its_form_does_not_show_and_what_others_changed(case: Case) -> None:
    base = values_of(edited(CASE), case)
    fresh = structs.replace(case, merchant="theirs", tags=("t",))
    changed = edit_merging(base, {**base, "title": "new", "order": "2"})(fresh)
    assert (changed.title, changed.merchant, changed.tags) == ("new", "theirs", ("t",))
    assert changed.order == Order(number="2", courier="SF", amount=Decimal("89.00"))


def test_an_edit_of_the_same_field_is_refused_with_both_values(case: Case) -> None:
    base = values_of(edited(CASE), case)
    with pytest.raises(EditedTwice) as raised:
        edit_merging(base, {**base, "title": "mine"})(structs.replace(case, title="theirs"))
    assert raised.value.clashes == (FieldClash("title", "mine", "theirs"),)


def test_a_correction_merges_with_that_of_another_window(case: Case, now: datetime) -> None:
    base = values_of(edited(CONTACT), case.contacts[0])
    renamed = structs.replace(case.contacts[0], person=Person(name="小A", role="客服"))
    fresh = structs.replace(case, contacts=(renamed,))
    corrected = amend_merging("c1", base, {**base, "said": "说了别的"}, now)(fresh).contacts[0]
    assert (corrected.summary, corrected.person) == ("说了别的", Person(name="小A", role="客服"))
    assert corrected.amendments == ()


def test_a_late_correction_keeps_the_old_wording(case: Case, now: datetime) -> None:
    base = values_of(edited(CONTACT), case.contacts[0])
    later = now + timedelta(minutes=11)
    corrected = amend_merging("c1", base, {**base, "said": "另一句"}, later)(case).contacts[0]
    assert [amendment.summary for amendment in corrected.amendments] == ["说了"]


def test_every_field_of_a_contact_that_can_be_corrected_merges(case: Case, now: datetime) -> None:
    other: dict[str, object] = {
        "at": now - timedelta(hours=1),
        "channel": "platform_cs",
        "name": "小B",
        "role": "客服",
        "staff_no": "07",
        "said": "别的",
        "substance": "answer",
        "reply": "refused",
        "turn": "mine",
        "demand": True,
        "written": "asked",
    }
    assert set(other) == {field.name for field in edited(CONTACT)}
    for names in (("substance", "reply"), *((name,) for name in other if name not in ("substance", "reply"))):
        base = values_of(edited(CONTACT), case.contacts[0])
        rest = {**other, **{name: base[name] for name in names}}
        theirs = amend_merging("c1", base, {**base, **rest}, now)(case)
        merged = amend_merging("c1", base, {**base, **{name: other[name] for name in names}}, now)(theirs)
        assert values_of(edited(CONTACT), merged.contacts[0]) == other
