"""The schema says what the export, `list`, `due` and `when` really write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
import pytest

from pddtui.domain.rules import Rules
from pddtui.domain.workdays import PlainCalendar
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import UlidSource
from pddtui.services.demo import fill_with_samples
from pddtui.services.export import json as outgoing
from pddtui.services.export.json import Export, schema, to_json
from pddtui.speech import Speech
from tests.conftest import SHANGHAI
from tests.memory_store import MemoryStore

KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
    "array": list,
    "object": dict,
}


def faults(value: Any, rule: dict[str, Any], place: str = "$") -> Iterator[str]:
    """Where `value` is not what `rule` says. As much of JSON Schema as the export's schema uses."""
    unknown = set(rule) - {
        *("type", "properties", "required", "items", "enum", "anyOf", "$ref", "additionalProperties", "format"),
        *("title", "description", "default", "$schema", "$id", "$defs", "const", "minimum", "maximum"),
    }
    assert not unknown, f"the check does not know {unknown}"
    if "$ref" in rule:
        yield from faults(value, schema()["$defs"][rule["$ref"].rpartition("/")[2]], place)
    if "anyOf" in rule and all(list(faults(value, choice, place)) for choice in rule["anyOf"]):
        yield f"{place}: none of the choices"
    if "enum" in rule and value not in rule["enum"]:
        yield f"{place}: {value!r} not in {rule['enum']}"
    kind = rule.get("type")
    if kind is not None and not isinstance(value, KINDS[kind]):
        yield f"{place}: {value!r} is no {kind}"
    elif kind == "array":
        for number, item in enumerate(value):
            yield from faults(item, rule.get("items", {}), f"{place}[{number}]")
    elif kind == "object":
        known = rule.get("properties", {})
        yield from (f"{place}: lacks {name}" for name in rule.get("required", []) if name not in value)
        for name, item in value.items():
            inner = known.get(name, rule.get("additionalProperties", {}))
            yield from faults(item, inner if isinstance(inner, dict) else {}, f"{place}.{name}")
            if known and name not in known:
                yield f"{place}: {name} is not in the schema"
    if rule.get("format") == "date-time":
        assert datetime.fromisoformat(value).tzinfo is not None
    if rule.get("format") == "date":
        assert date.fromisoformat(value).isoformat() == value


def filled(now: datetime) -> tuple[MemoryStore, Rules]:
    store, book = MemoryStore(), Handbook()
    rules = rulebook(book)
    fill_with_samples(
        store, book, rules=rules, calendar=ChinaCalendar(), ids=UlidSource(), now=now, say=Speech("zh", SHANGHAI).render
    )
    return store, rules


def exported(now: datetime) -> Any:
    store, rules = filled(now)
    return json.loads(to_json(store.cases().values(), rules, now, calendar=PlainCalendar()))


def test_the_export_of_the_demo_fits_the_schema(now: datetime) -> None:
    assert list(faults(exported(now), schema())) == []


def test_the_check_sees_a_wrong_value_a_missing_and_a_foreign_field(now: datetime) -> None:
    document = exported(now)
    document["cases"][0]["title"] = 7
    del document["cases"][1]["contacts"][0]["person"]["role"]
    document["cases"][2]["foreign"] = None
    assert len(list(faults(document, schema()))) == 3


def test_money_is_a_decimal_string_with_two_places(now: datetime) -> None:
    case = exported(now)["cases"][0]
    assert (case["order"]["amount"], case["demand"]["amount"]) == ("89.00", "89.00")


def test_the_schema_also_has_the_rows_of_the_reading_commands() -> None:
    assert {"CaseRow", "DueRow", "PhraseAnswer"} <= set(schema()["$defs"])
    assert "from" in schema()["$defs"]["PhraseAnswer"]["required"]


@pytest.mark.parametrize("piece", [1, 1 << 18])
def test_what_is_written_in_pieces_is_the_export_as_it_would_be_encoded(
    now: datetime, piece: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "_PIECE", piece)
    store, rules = filled(now)
    cases = tuple(store.cases().values())
    whole = Export(
        exported_at=now,
        mask="none",
        cases=tuple(outgoing.exported(case, rules, now, PlainCalendar()) for case in cases),
    )
    assert to_json(cases, rules, now, calendar=PlainCalendar()) == msgspec.json.encode(whole)
    assert to_json((), rules, now, calendar=PlainCalendar()) == msgspec.json.encode(Export(exported_at=now, cases=()))
