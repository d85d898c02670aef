"""Whatever stands in an export in place of what we write: it is refused with one sentence, or comes in as a case."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, TypeAlias

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from pddtui.domain.case import Case, Person
from pddtui.domain.rules import Rules
from pddtui.domain.text import clean
from pddtui.domain.workdays import PlainCalendar
from pddtui.errors import BadInput
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import UlidSource
from pddtui.services.demo import fill_with_samples
from pddtui.services.export.json import to_json
from pddtui.services.import_.apply import take_in
from pddtui.services.import_.read_json import read_export
from pddtui.services.inputs import NewCase, NewContact, NewEvidence, NewFollowUp, NewPromise
from pddtui.speech import Speech
from tests.conftest import SHANGHAI
from tests.memory_store import MemoryStore
from tests.services.test_exchange import Machine

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)

Place: TypeAlias = tuple[str | int, ...]


@cache
def sound() -> str:
    """The export of a case that has something of everything."""
    machine = Machine(NOW)
    case = machine.book.open_case(NewCase(title="水壶 kettle", merchant="Shop A", amount=Decimal("89.00")))
    machine.book.log(
        case.id,
        NewContact(
            direction="in",
            said="先登记",
            person=Person(name="小王", role="客服", staff_no="07"),
            promises=(NewPromise(text="退款", due_phrase="3天内"),),
        ),
    )
    machine.book.follow_up(case.id, NewFollowUp(text="call again", due_phrase="tomorrow"))
    machine.book.add_evidence(case.id, NewEvidence(proves="the crack", place="in the chat").build("e1", NOW))
    return machine.export().decode()


def places(tree: object, here: Place = ()) -> Iterator[Place]:
    """Every place in a JSON tree, from the root down."""
    yield here
    match tree:
        case dict():
            for key, value in tree.items():
                yield from places(value, (*here, key))
        case list():
            for index, value in enumerate(tree):
                yield from places(value, (*here, index))


PLACES = tuple(places(json.loads(sound())))

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=2**62, max_value=2**80)
    | st.floats()
    | st.text()
    | st.sampled_from(["../../cases.json", "/etc/passwd", "2026-02-30T00:00:00+08:00", "9999-12-31T23:59:59-12:00"])
    | st.sampled_from(["\x1b[2J", "[@click=app.quit]x[/]", "\u202eabc", "=cmd()", "1e999", "NaN", "-0.001", "a" * 5000])
    | st.datetimes(timezones=st.none() | st.just(SHANGHAI)).map(datetime.isoformat),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def altered(place: Place, value: object, *, gone: bool, again: bool) -> bytes:
    """The export with another value in one place, or without it, or with it once more."""
    tree: Any = json.loads(sound())
    if not place:
        return json.dumps(value).encode()
    *way, last = place
    holder = tree
    for step in way:
        holder = holder[step]
    if gone:
        del holder[last]
    elif again and isinstance(last, int):
        holder.append(copy.deepcopy(holder[last]))
    else:
        holder[last] = value
    return json.dumps(tree).encode()


def texts(tree: object) -> Iterator[str]:
    match tree:
        case str():
            yield tree
        case dict():
            for key, value in tree.items():
                yield from texts(key)
                yield from texts(value)
        case list():
            for value in tree:
                yield from texts(value)


@settings(max_examples=400)
@given(place=st.sampled_from(PLACES), value=JSON, gone=st.booleans(), again=st.booleans())
def test_whatever_stands_in_one_place(place: Place, value: object, *, gone: bool, again: bool) -> None:
    content = altered(place, value, gone=gone, again=again)
    try:
        cases = read_export(content, "export.json")
    except BadInput as refused:
        sentence = Speech("en", SHANGHAI).say(refused.message)
        assert clean(sentence) == sentence
        assert "\n" not in sentence
        return
    store = MemoryStore()
    take_in(store, cases)
    assert set(store.cases()) == {case.id for case in cases}
    for case in store.cases().values():
        kept = msgspec.json.encode(case)
        assert msgspec.json.decode(kept, type=Case) == case
        assert all(clean(text) == text for text in texts(json.loads(kept)))
    before = dict(store.cases())
    take_in(store, cases)
    assert store.cases() == before


@settings(max_examples=100)
@given(depth=st.integers(1, 20_000), sign=st.sampled_from(["[", '{"cases":', '{"format":']))
def test_however_deep_it_is_nested(depth: int, sign: str) -> None:
    try:
        read_export((sign * depth).encode(), "export.json")
    except BadInput:
        return
    raise AssertionError("nothing of ours looks like that")


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_whatever_bytes_they_are(content: bytes) -> None:
    try:
        assert read_export(content, "export.json") == ()
    except BadInput:
        return


def test_the_sample_cases_go_to_another_machine_and_back_without_a_word(now: datetime) -> None:
    here, there = MemoryStore(machine="here"), MemoryStore(machine="there")
    book = Handbook()
    fill_with_samples(
        here, book, rules=rulebook(book), calendar=ChinaCalendar(), ids=UlidSource(), now=now,
        say=Speech("zh", SHANGHAI).render,
    )  # fmt: skip
    first = to_json(here.cases().values(), Rules(), NOW, calendar=PlainCalendar())
    assert {arrival.kind for arrival in take_in(there, read_export(first, "x"))} == {"new"}
    back = to_json(there.cases().values(), Rules(), NOW, calendar=PlainCalendar())
    assert {arrival.kind for arrival in take_in(here, read_export(back, "x"))} == {"unchanged"}
    assert here.cases() == there.cases()
    assert all(case.clashes == () for case in there.cases().values())
