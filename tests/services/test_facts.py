"""A field of a case is one row of a table: once given it is shown, written out, taken in, merged and put into words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Complainant, Filing, Operator, Order, Outcome, Override
from pddtui.domain.duetime import period
from pddtui.domain.fields import CASE, StoredField, edited, value_of, values_of, with_values
from pddtui.domain.ladder import clash_id
from pddtui.domain.record import recorded
from pddtui.domain.workdays import PlainCalendar
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.message import Label, Sum
from pddtui.services.edit_conflicts import edit_merging
from pddtui.services.export.json import to_json
from pddtui.services.facts import facts
from pddtui.services.import_.read_json import read_export
from pddtui.services.inputs import NewCase
from pddtui.services.words import place_words, value_words
from pddtui.speech import LANGUAGES, Speech
from tests.conftest import SHANGHAI

NEW = [field for field in CASE if field.new]
EDITED = list(edited(CASE))


def by_name(field: StoredField) -> str:
    return field.name


def typed(field: StoredField, now: datetime, which: int = 0) -> object:
    """A value that a person could enter there; `which` tells two of them apart."""
    samples: dict[str, tuple[object, object]] = {
        "line": (f"{field.name} one", f"{field.name} two"),
        "text": (f"{field.name}\nhere", f"{field.name}\nthere"),
        "tags": (("a", "b"), ("c",)),
        "sum": (Decimal("89.00"), Decimal("1299.00")),
        "moment": (now, now.replace(day=1)),
        "limits": ("24h 3wd", "2d 5d"),
        "length": ("24h", "2d"),
        "complainant": (Complainant(name="王秀兰", phone="13900139000"), Complainant(name="李四", phone="13800138000")),
        "choice": {"problems": ("quality", "food"), "remedies": ("refund_only", "exchange")}.get(
            field.catalogue or "", ("", "")
        ),
    }
    return samples[field.kind][which]


@pytest.fixture
def case(now: datetime) -> Case:
    """A case in which everything that can be given was given."""
    return NewCase.of({field.name: typed(field, now) for field in NEW}).build("1", "PDD-2026-0001", now)


def unnamed(catalogue: str, key: str) -> Label | None:
    return None


@pytest.mark.parametrize("field", NEW, ids=by_name)
def test_what_is_given_stands_in_the_case(field: StoredField, case: Case, now: datetime) -> None:
    given = typed(field, now)
    stands = value_of(field, case)
    assert (f"{stands.amber} {stands.red}" if isinstance(stands, Override) else stands) == given


@pytest.mark.parametrize("field", NEW, ids=by_name)
def test_what_is_given_is_shown_as_a_fact(field: StoredField, case: Case, now: datetime) -> None:
    given = typed(field, now)
    if isinstance(given, Complainant):
        given = given.name  # phone and address are facts of their own
    if field.kind == "length":
        given = period(24, "hour")
    shown = {fact.id: fact.value for fact in facts(case, unnamed)}
    assert field.name == "title" or shown[field.name] == (Sum(given) if isinstance(given, Decimal) else given)


def test_the_facts_of_the_end_are_facts_too(case: Case, now: datetime) -> None:
    outcome = Outcome(id="o", kind="refunded", recovered=Decimal(50), verified_at=now)
    ended = structs.replace(case, closed_at=now, trashed_at=now, outcome=outcome)
    fresh = {fact.id for fact in facts(ended, unnamed)} - {fact.id for fact in facts(case, unnamed)}
    assert fresh == {"closed_at", "kind", "recovered", "verified_at", "trashed_at"}
    assert [fact.id for fact in facts(Case(id="", ref="", title="", opened_at=now, recorded_at=now), unnamed)] == [
        "opened_at"
    ]


def test_a_sum_is_in_the_currency_of_the_order_and_an_id_has_its_name(now: datetime) -> None:
    case = Case(
        id="1",
        ref="r",
        title="t",
        problem="quality",
        order=Order(amount=Decimal(1299), currency="EUR"),
        operator=Operator(name="x"),
        opened_at=now,
        recorded_at=now,
    )
    shown = {fact.id: fact.value for fact in facts(case, lambda *_: Label("质量", "quality"))}
    assert (str(shown["amount"]), shown["problem"]) == ("EUR 1,299.00", Label("质量", "quality"))


def test_what_is_given_goes_out_and_comes_in_again(case: Case, now: datetime) -> None:
    (back,) = read_export(to_json([case], rulebook(Handbook()), now, calendar=PlainCalendar()), "x.json")
    assert values_of(NEW, back) == values_of(NEW, case)


def test_every_sum_goes_out_to_the_cent_and_nothing_else_is_touched(case: Case, now: datetime) -> None:
    sums = [field for field in CASE if field.kind == "sum"]
    ended = structs.replace(case, outcome=Outcome(id="o", kind="refunded"))
    odd = with_values(sums, ended, {field.name: Decimal("89.5") for field in sums})
    exact = with_values(sums, ended, {field.name: Decimal("89.50") for field in sums})
    written = to_json([odd], rulebook(Handbook()), now, calendar=PlainCalendar())
    assert written == to_json([exact], rulebook(Handbook()), now, calendar=PlainCalendar())
    assert written.count(b'"89.50"') == len(sums)


@pytest.mark.parametrize("field", EDITED, ids=by_name)
def test_one_window_edits_it_while_another_edits_all_else(field: StoredField, case: Case, now: datetime) -> None:
    base = values_of(EDITED, case)
    other = NewCase.of({it.name: typed(it, now, which=1) for it in NEW}).build("1", case.ref, now)
    mine = {**base, field.name: value_of(field, other)}
    rest = {name: value for name, value in values_of(EDITED, other).items() if name != field.name}
    theirs = edit_merging(base, {**base, **rest})(case)
    merged = edit_merging(base, mine)(theirs)
    assert values_of(EDITED, merged) == values_of(EDITED, other)


@pytest.mark.parametrize("field", EDITED, ids=by_name)
def test_the_history_words_the_change(
    field: StoredField, case: Case, now: datetime, say: Callable[[object], str]
) -> None:
    other = NewCase.of({it.name: typed(it, now, which=1) for it in NEW}).build("1", case.ref, now)
    base = values_of(EDITED, case)
    changed = edit_merging(base, {**base, field.name: value_of(field, other)})(case)
    handbook = Handbook()
    patches = recorded(case, changed, action="edit", change_id="c", at=now).history[-1].patches
    assert patches
    for patch in patches:
        assert [str(word) for word in place_words(patch.path, handbook)][-1] in {
            str(it.said) for it in CASE if it.place.startswith(field.place)
        }
        assert value_words(patch.path, patch.after, say, handbook)


@pytest.fixture
def say() -> Callable[[object], str]:
    return str


def test_what_was_passed_knowingly_comes_in_again(case: Case, now: datetime) -> None:
    rules = rulebook(Handbook())
    passed = (*(gate for rung in rules.ladder for gate in rung.gates), *map(clash_id, rules.clashes))
    filing = Filing(id="f", rung="platform", channel="app_intervene", filed_at=now, passed_gates=passed)
    (back,) = read_export(
        to_json([structs.replace(case, filings=(filing,))], rules, now, calendar=PlainCalendar()), "x.json"
    )
    assert back.filings == (filing,)


def test_a_list_is_said_in_the_punctuation_of_the_language() -> None:
    said = [value_words(("tags",), ["a", "b"], Speech(language, SHANGHAI).render, Handbook()) for language in LANGUAGES]
    assert said == ["a、b", "a, b"]
