"""A table goes out and comes back, and whatever else is in a table is taken whole or refused with one sentence."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pddtui.domain.case import Case, Contact
from pddtui.domain.rules import Rules
from pddtui.domain.sequence import out_of_order
from pddtui.domain.text import clean, one_line
from pddtui.domain.workdays import PlainCalendar
from pddtui.errors import PddError
from pddtui.handbook.book import Handbook
from pddtui.services.casebook import Casebook, UlidSource
from pddtui.services.export.csv import guarded, to_csv, unguarded
from pddtui.services.export.document import DocumentWords
from pddtui.services.import_.read_csv import read_sheet
from pddtui.services.import_.table import MAPPED, read_table
from pddtui.services.import_.take_csv import plan_sheet, take_sheet
from pddtui.speech import Language, Speech
from tests.conftest import SHANGHAI
from tests.lives import NOW, lives, reference
from tests.memory_store import MemoryStore
from tests.services.test_exchange import Machine


def words(language: Language) -> DocumentWords:
    handbook, rules = reference()
    return DocumentWords(
        say=Speech(language, SHANGHAI).render,
        language=language,
        handbook=handbook,
        rules=rules,
        calendar=PlainCalendar(),
        now=NOW,
        custody=lambda _: "ok",
    )


def house() -> Casebook:
    machine = Machine(NOW)
    return Casebook(MemoryStore(), machine.clock, PlainCalendar(), Rules(), UlidSource())


def taken(book: Casebook, content: bytes) -> dict[str, Case]:
    """What is in the file after a table was taken."""
    ids = UlidSource()
    sheet = read_sheet(read_table(content, "t.csv", {}), NOW, reference()[0].channels)
    take_sheet(book, ids, plan_sheet(book, ids, sheet, title="t", case=None))
    return dict(book.store.cases())


def essence(contact: Contact) -> tuple[object, ...]:
    """What a table tells of a contact, to the minute."""
    minute = contact.at.astimezone(SHANGHAI).replace(second=0, microsecond=0)
    person = tuple(one_line(part or "") for part in (contact.person.name, contact.person.role, contact.person.staff_no))
    return minute, contact.direction, clean(contact.summary).strip(), person, contact.demand


@settings(max_examples=120)
@given(case=lives(), language=st.sampled_from(["zh", "en"]))
def test_every_life_comes_back_from_a_table(case: Case, language: Language) -> None:
    dates = [contact.at for contact in case.contacts]
    dates += [at for _, promise in case.promises for at in (promise.due, promise.settled_at) if at is not None]
    assume(all(at.year not in (1900, 2199) for at in dates))  # seconds decide there
    assume(not [*out_of_order(case)])  # a result from before its promise is refused, as when it is typed
    content = to_csv([case], words(language))
    book = house()
    cases = taken(book, content)
    found = [contact for each in cases.values() for contact in each.contacts]
    told = [contact for contact in case.contacts if clean(contact.summary).strip()]
    assert sorted(map(essence, found), key=str) == sorted(map(essence, told), key=str)
    assert sum(len(contact.promises) for contact in found) == sum(len(contact.promises) for contact in told)
    before = dict(book.store.cases())
    taken(book, content)
    assert book.store.cases() == before


CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["2026-11-16", "46342.5", "9999-12-31", "in", "我", "退款", "3天内", '="07"', "'=1", "0.5", "承诺", "yes"]
    ),
)
HEADINGS = st.sampled_from(
    [
        "日期",
        "时间",
        "姓名",
        "内容",
        "方向",
        "承诺",
        "到期",
        "案件",
        "标题",
        "类别",
        "回应",
        "编号",
        "x",
        "渠道",
        "状态",
        "",
    ]
)


@settings(max_examples=300)
@given(
    heading=st.lists(HEADINGS, max_size=8),
    rows=st.lists(st.lists(CELLS, max_size=8), max_size=6),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    before=st.sampled_from(["", "sep=|\r\n", "some words\n\n", "\ufeff"]),
    encoding=st.sampled_from(["utf-8", "utf-16", "gb18030"]),
)
def test_any_table_is_taken_whole_or_refused(
    heading: list[str], rows: list[list[str]], delimiter: str, before: str, encoding: str
) -> None:
    text = before + "\n".join(delimiter.join(cells) for cells in (["日期", "内容", *heading], *rows))
    book = house()
    with suppress(PddError):
        taken(book, text.encode(encoding, "replace"))
    for case in book.store.cases().values():
        assert case.contacts
        for contact in case.contacts:
            assert clean(contact.summary) == contact.summary != ""


@given(st.text(max_size=30) | st.text("'=+-@089\" x", max_size=8))
def test_what_is_guarded_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize(
    ("cell", "text"), [('="0123"', "0123"), ("'=1+1", "=1+1"), ("'086", "086"), ("'quoted'", "'quoted'")]
)
def test_what_others_guarded_is_read(cell: str, text: str) -> None:
    assert unguarded(cell) == text


def test_every_column_that_can_be_mapped_can_be_mapped() -> None:
    heading = [f"c{n}" for n in range(len(MAPPED))]
    content = (",".join(heading) + "\n" + ",".join("x" for _ in heading)).encode()
    table = read_table(content, "t.csv", dict(zip(MAPPED, heading, strict=True)))
    assert table.headings == dict(zip(MAPPED, heading, strict=True))
    assert table.unknown == ()


def test_every_channel_comes_back_from_its_name() -> None:
    """A table names a channel by its label, in the language it was written in."""
    channels = Handbook().channels
    for language in ("zh", "en"):
        say = Speech("zh" if language == "zh" else "en", SHANGHAI).say
        for entry in channels:
            assert channels.find(say(entry.label)).id == entry.id


def test_rows_that_are_all_the_same_are_as_many_as_they_are() -> None:
    rows = "2026-11-16 10:00,小王,喂\n" * 500
    book = house()
    content = f"日期,姓名,内容\n{rows}".encode()
    (case,) = taken(book, content).values()
    assert len(case.contacts) == 500
    assert taken(book, content) == book.store.cases()
    (case,) = book.store.cases().values()
    assert len(case.contacts) == 500
