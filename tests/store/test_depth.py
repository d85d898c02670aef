"""What is decoded when: heads at once, glances for whoever looks, whole cases for whoever asks."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from pddtui.domain.case import Case
from pddtui.domain.duetime import FixedClock
from pddtui.domain.threads import Thread
from pddtui.errors import Damaged
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.message import Message
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import Casebook, UlidSource
from pddtui.services.demo import fill_with_samples
from pddtui.speech import Speech
from pddtui.store import TinyCaseStore
from pddtui.store.codec import DEPTHS, Depth
from tests.conftest import SHANGHAI
from tests.store.making import add, change, session


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cases.json"


DEEP: tuple[Depth, ...] = tuple(DEPTHS)


def samples(path: Path, now: datetime) -> None:
    store, book = session(path), Handbook()
    calendar = ChinaCalendar()
    fill_with_samples(
        store,
        book,
        rules=rulebook(book),
        calendar=calendar,
        ids=UlidSource(),
        now=now,
        say=Speech("zh", SHANGHAI).render,
    )
    store.close()


@pytest.mark.parametrize("depth", DEEP)
def test_whatever_was_decoded_at_first_the_cases_are_the_same(path: Path, now: datetime, depth: Depth) -> None:
    samples(path, now)
    expected = session(path).cases()
    store = TinyCaseStore.open(path, depth=depth)
    assert dict(store.cases()) == dict(expected)
    assert store.refs() == {case.id: case.ref for case in expected.values()}
    assert all(case is store.cases()[case.id] for case in store.cases().values())


def threaded(thread: Thread) -> Thread:
    """The thread without what was said in it."""
    return structs.replace(thread, contacts=(), promised=(), answer=None)


@pytest.mark.parametrize("depth", DEEP)
def test_a_look_at_all_cases_sees_what_a_look_at_each_would(path: Path, now: datetime, depth: Depth) -> None:
    samples(path, now)
    whole = session(path)
    rules, calendar, ids = rulebook(Handbook()), ChinaCalendar(), UlidSource()
    book = Casebook(TinyCaseStore.open(path, depth=depth), FixedClock(now), calendar, rules, ids)
    for words in (False, True):
        seen = book.attentions(now, words=words)
        assert len(seen) == len(whole.cases())
        for entry in seen:
            other = book.attention(whole.cases()[entry.case.id], now)
            assert [(flag.kind, flag.thing, flag.due, flag.level) for flag in entry.flags] == [
                (flag.kind, flag.thing, flag.due, flag.level) for flag in other.flags
            ]
            assert (entry.level, entry.next_step) == (other.level, other.next_step)
            assert [(it.act.id, str(it.words)) for it in entry.steps] == [
                (it.act.id, str(it.words)) for it in other.steps
            ]
            assert [threaded(thread) for thread in entry.threads] == [threaded(thread) for thread in other.threads]
            silent = [structs.replace(it.silence, promise=None, thread=None) for it in (entry, other)]
            assert silent[0] == silent[1]


def test_what_is_due_names_who_promised_it(path: Path, now: datetime) -> None:
    samples(path, now)
    store = TinyCaseStore.open(path, depth="outlines")
    book = Casebook(store, FixedClock(now), ChinaCalendar(), rulebook(Handbook()), UlidSource())
    promised = [line for line in book.agenda(now) if line.flag.kind == "promise"]
    assert any(isinstance(line.flag.text, Message) and line.flag.text.values["who"] for line in promised)


@pytest.mark.parametrize("words", [False, True])
def test_a_glance_is_never_saved(path: Path, words: bool) -> None:
    add(session(path), 1)
    store = TinyCaseStore.open(path, depth="heads")
    (glance,) = store.glances(words=words)
    before = path.read_bytes()
    with pytest.raises(TypeError), store.transaction() as box:
        box.put(structs.replace(glance, revision=9))
    store.close()
    assert path.read_bytes() == before


def retitled(case: Case) -> Case:
    return structs.replace(case, title="neu")


def test_a_document_that_is_no_case_is_told_when_it_is_asked_for_and_is_kept_as_it_is(path: Path) -> None:
    with_two = session(path)
    add(with_two, 1)
    add(with_two, 2)
    with_two.close()
    strange = path.read_bytes().replace('"商家拒绝退款 2"'.encode(), b"7")
    path.write_bytes(strange)
    with pytest.raises(Damaged):
        session(path)
    store = TinyCaseStore.open(path, depth="heads")
    change(store, 1, retitled)
    with pytest.raises(Damaged):
        list(store.cases().values())
    with pytest.raises(Damaged):
        list(store.glances())
    store.close()
    lines = [line for line in strange.splitlines() if b'"title":7' in line]
    assert lines == [line for line in path.read_bytes().splitlines() if b'"title":7' in line]


@pytest.mark.parametrize("depth", DEEP)
def test_what_is_no_json_is_told_at_once(path: Path, depth: Depth) -> None:
    add(session(path), 1)
    session(path).close()
    path.write_bytes(path.read_bytes().replace(b'"title":', b'"title";'))
    with pytest.raises(Damaged):
        TinyCaseStore.open(path, depth=depth)


@pytest.mark.parametrize("depth", DEEP)
def test_the_journal_is_newer_than_what_was_looked_at_in_the_file(path: Path, depth: Depth) -> None:
    writer = session(path)
    add(writer, 1)
    writer.storage.fold()
    change(writer, 1, retitled)
    store = TinyCaseStore.open(path, depth=depth)
    assert [case.title for case in store.cases().values()] == ["neu"]
    assert [case.title for case in store.glances()] == ["neu"]
    assert msgspec.json.decode(path.read_bytes())["cases"]["1"]["title"] != "neu"
