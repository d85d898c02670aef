"""The tables of fields are whole: what a value has is in them, worded, and no text of it is let out by oversight."""

from __future__ import annotations

from datetime import datetime
from typing import get_type_hints

import pytest
from msgspec import Struct, inspect

from pddtui.domain.case import Case, Contact, Evidence, Filing, FollowUp
from pddtui.domain.fields import (
    CASE,
    CONTACT,
    EVIDENCE,
    FIELDS,
    HARMLESS,
    StoredField,
    edited,
    value_of,
    values_of,
    with_values,
)
from pddtui.services.inputs import NewCase, NewContact, NewEvidence, NewFiling, NewFollowUp
from tests import catalogue

LISTED = [pytest.param(kind, field, id=f"{kind.__name__}.{field.place}") for kind in FIELDS for field in FIELDS[kind]]
ENTRIES = (
    (CASE, NewCase),
    (CONTACT, NewContact),
    (EVIDENCE, NewEvidence),
    (FIELDS[Filing], NewFiling),
    (FIELDS[FollowUp], NewFollowUp),
)


def places(kind: type[Struct], before: str = "") -> dict[str, object]:
    """Every field of such a thing, and of the parts that have no table of their own, with its type."""
    found: dict[str, object] = {}
    for name, hint in get_type_hints(kind).items():
        place = f"{before}{name}"
        found[place] = hint
        for part in structs_in(inspect.type_info(hint)):
            if part not in FIELDS and part.__name__ not in ("Change", "Clash"):
                found |= places(part, f"{place}.")
    return found


def structs_in(info: inspect.Type) -> list[type[Struct]]:
    match info:
        case inspect.StructType():
            return [info.cls]
        case inspect.UnionType():
            return [found for each in info.types for found in structs_in(each)]
        case inspect.VarTupleType():
            return structs_in(info.item_type)
    return []


def free_text(info: inspect.Type) -> bool:
    """Whether a value of the type may hold words that nobody foresaw; a literal may not."""
    match info:
        case inspect.StrType():
            return True
        case inspect.UnionType():
            return any(map(free_text, info.types))
        case inspect.VarTupleType():
            return free_text(info.item_type)
        case inspect.DictType():
            return free_text(info.value_type)
    return False


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_every_field_of_a_value_is_in_its_table_and_nothing_else_is(kind: type[Struct]) -> None:
    listed = [field.place for field in FIELDS[kind]]
    assert sorted(listed) == sorted(places(kind))
    names = [field.name for field in FIELDS[kind] if field.new or field.edited]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_a_text_is_masked_or_it_is_said_why_it_is_harmless(kind: type[Struct]) -> None:
    free = {place for place, hint in places(kind).items() if free_text(inspect.type_info(hint))}
    masked = {field.place for field in FIELDS[kind] if field.kind in ("line", "text", "tags")}
    harmless = {field.place for field in FIELDS[kind] if HARMLESS.get(field.kind)}
    assert free <= masked | harmless
    assert masked <= free


@pytest.mark.parametrize(("kind", "field"), LISTED)
def test_what_a_person_enters_or_is_shown_has_a_label(kind: type[Struct], field: StoredField) -> None:
    if field.new or field.edited or field.group is not None:
        assert field.said is not None
    if (field.new and field.asked) or field.group is not None:
        assert field.label is not None


def test_every_label_is_said_in_chinese() -> None:
    known = catalogue.translations(catalogue.read(catalogue.PO))
    words = [word for fields in FIELDS.values() for field in fields for word in (field.label, field.word, field.column)]
    assert [word for word in words if word is not None and (word.template, word.context) not in known] == []


@pytest.mark.parametrize(("kind", "field"), LISTED)
def test_a_choice_names_its_table_and_only_a_choice_does(kind: type[Struct], field: StoredField) -> None:
    assert (field.kind == "choice") == (field.catalogue is not None)


@pytest.mark.parametrize(("fields", "entry"), ENTRIES, ids=lambda it: getattr(it, "__name__", ""))
def test_what_can_be_given_is_an_attribute_of_what_is_entered(
    fields: tuple[StoredField, ...], entry: type[Struct]
) -> None:
    taken = set(entry.__struct_fields__) - {"person", "promises", "planned_at"}  # when it is typed is seen, not given
    if entry is NewContact:
        taken = (taken - {"news"}) | {"name", "role", "staff_no"}  # what is new of its filing is no field of it
    assert {field.name for field in fields if field.new} == taken


@pytest.mark.parametrize(("fields", "entry"), ENTRIES, ids=lambda it: getattr(it, "__name__", ""))
def test_what_can_be_corrected_can_be_given(fields: tuple[StoredField, ...], entry: object) -> None:
    assert [field.place for field in fields if field.edited and not field.new] == []


def test_values_that_are_put_in_are_those_that_stand_there(now: datetime) -> None:
    case = NewCase(title="水壶漏水", operator="某某公司", quiet="24h 3wd").build("1", "PDD-2026-0001", now)
    values = values_of(edited(CASE), case)
    blank = Case(id="1", ref="PDD-2026-0001", title="", opened_at=now, recorded_at=now)
    assert values_of(edited(CASE), with_values(edited(CASE), blank, values)) == values


def test_a_value_of_another_kind_is_not_put_in(now: datetime) -> None:
    blank = Case(id="1", ref="r", title="", opened_at=now, recorded_at=now)
    values = {**values_of(edited(CASE), blank), "amount": "89.00"}
    with pytest.raises(TypeError, match=r"order\.amount"):
        with_values(edited(CASE), blank, values)


def test_a_part_that_is_missing_has_nothing_in_its_fields(now: datetime) -> None:
    blank = Case(id="1", ref="r", title="", opened_at=now, recorded_at=now)
    assert [value_of(field, blank) for field in CASE if field.place.startswith("outcome.")] == [None] * 5


def test_a_contact_and_a_piece_of_evidence_go_there_and_back(now: datetime) -> None:
    contact = NewContact(direction="in", said="不知道").build(lambda: "c", now, lambda *_: pytest.fail("no phrase"))
    plain = Contact(id="c", at=now, recorded_at=now, direction="in", summary="-")
    assert values_of(edited(CONTACT), with_values(edited(CONTACT), plain, values_of(edited(CONTACT), contact))) == (
        values_of(edited(CONTACT), contact)
    )
    record = NewEvidence(place="手机里", proves="漏水").build("e", now)
    assert with_values(edited(EVIDENCE), Evidence(id="e", added_at=now), values_of(edited(EVIDENCE), record)) == record
