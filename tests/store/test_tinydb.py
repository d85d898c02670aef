"""The documented interface of TinyDB's tables, kept by ours. `DIFFERENCES` lists what is different on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tinydb import TinyDB, where
from tinydb.operations import delete, increment
from tinydb.storages import MemoryStorage
from tinydb.table import Document

from pddtui.store.storage import JournalStorage, JournalTable
from tests.store.making import add, session


class CaseDatabase(TinyDB):
    """TinyDB on a `JournalStorage`, as anybody may open our file."""

    table_class = JournalTable


@pytest.fixture(params=["ours", "stock"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TinyDB]:
    """The same tests on stock TinyDB: a contract test that TinyDB itself does not keep tests nothing."""
    if request.param == "stock":
        with TinyDB(storage=MemoryStorage) as stock:
            yield stock
    else:
        with CaseDatabase(tmp_path / "cases.json", storage=JournalStorage) as ours:
            yield ours


@pytest.fixture
def table(db: TinyDB) -> Any:
    table = db.table("things")
    table.insert_multiple({"int": 1, "char": char} for char in "abc")
    return table


def test_insert_gives_the_next_id(table: Any) -> None:
    assert table.insert({"int": 2}) == 4
    assert table.get(doc_id=4) == {"int": 2}
    assert table.get(doc_id=4).doc_id == 4


def test_insert_of_a_document_takes_its_id(table: Any) -> None:
    assert table.insert(Document({"int": 9}, doc_id=20)) == 20
    assert table.insert({"int": 10}) == 21


def test_insert_of_an_id_in_use_is_refused(table: Any) -> None:
    with pytest.raises(ValueError, match="already exists"):
        table.insert(Document({"int": 9}, doc_id=1))
    assert table.get(doc_id=1)["char"] == "a"


@pytest.mark.parametrize("what", [[1, 2], "text", 7])
def test_insert_of_what_is_no_mapping_is_refused(table: Any, what: object) -> None:
    with pytest.raises(ValueError, match="not a Mapping"):
        table.insert(what)
    with pytest.raises(ValueError, match="not a Mapping"):
        table.insert_multiple([{"int": 1}, what])
    assert len(table) == 3


def test_insert_multiple_gives_the_ids_in_order(table: Any) -> None:
    assert table.insert_multiple([{"int": 1}, {"int": 2}]) == [4, 5]
    assert table.insert_multiple({"int": number} for number in range(2)) == [6, 7]
    assert table.insert_multiple([]) == []


def test_insert_multiple_of_documents_takes_their_ids(table: Any) -> None:
    assert table.insert_multiple([Document({}, 12), Document({}, 77)]) == [12, 77]


def test_update_merges_fields_into_what_matches(table: Any) -> None:
    assert table.update({"int": 2}, where("char") == "a") == [1]
    assert table.count(where("int") == 2) == 1
    assert table.update({"int": 3}) == [1, 2, 3]
    assert table.update({"int": 4}, doc_ids=[1, 3]) == [1, 3]
    assert [document["int"] for document in table.all()] == [4, 3, 4]


def test_update_of_ids_that_are_not_there_says_so_by_leaving_them_out(table: Any) -> None:
    assert table.update({"int": 4}, doc_ids=[1, 99]) == [1]


def test_update_takes_an_operation(table: Any) -> None:
    table.update(increment("int"), where("char") == "a")
    table.update(delete("char"), doc_ids=[2])
    assert table.all() == [{"int": 2, "char": "a"}, {"int": 1}, {"int": 1, "char": "c"}]


def test_update_multiple_applies_each_pair(table: Any) -> None:
    assert table.update_multiple([({"int": 2}, where("char") == "a"), ({"int": 4}, where("char") == "b")]) == [1, 2]
    assert [document["int"] for document in table.all()] == [2, 4, 1]


def test_upsert_changes_what_matches_and_inserts_otherwise(table: Any) -> None:
    assert table.upsert({"int": 5, "char": "a"}, where("char") == "a") == [1]
    assert table.upsert({"int": 9, "char": "x"}, where("char") == "x") == [4]
    assert table.upsert(Document({"int": 7}, doc_id=2)) == [2]
    assert table.upsert(Document({"int": 8}, doc_id=9)) == [9]
    with pytest.raises(ValueError, match="query"):
        table.upsert({"int": 1})
    assert [document["int"] for document in table.all()] == [5, 7, 1, 9, 8]


def test_remove_gives_the_ids_removed(table: Any) -> None:
    assert table.remove(where("char") == "b") == [2]
    assert table.remove(doc_ids=[1, 99]) == [1]
    assert [document.doc_id for document in table] == [3]
    with pytest.raises(RuntimeError):
        table.remove()


def test_truncate_removes_everything(table: Any) -> None:
    table.truncate()
    assert len(table) == 0
    assert table.insert({}) == 1


def test_search_count_contains_and_get(table: Any) -> None:
    assert [document.doc_id for document in table.search(where("int") == 1)] == [1, 2, 3]
    assert table.search(where("int") == 9) == []
    assert (table.count(where("char") == "a"), len(table)) == (1, 3)
    assert table.contains(where("char") == "a")
    assert table.contains(doc_id=3)
    assert not table.contains(doc_id=4)
    assert table.get(where("char") == "c").doc_id == 3
    assert table.get(where("char") == "x") is None
    assert [document.doc_id for document in table.get(doc_ids=[1, 3, 9])] == [1, 3]
    with pytest.raises(RuntimeError):
        table.get()


def test_a_query_sees_what_was_just_written(table: Any) -> None:
    condition = where("int") == 2
    assert table.count(condition) == 0
    table.insert({"int": 2})
    assert table.count(condition) == 1


def test_an_exception_while_updating_changes_nothing_on_ours(tmp_path: Path) -> None:
    with CaseDatabase(tmp_path / "cases.json", storage=JournalStorage) as db:
        db.table("things").insert_multiple([{"int": 1}, {"int": "x"}])
        with pytest.raises(TypeError):
            db.table("things").update(increment("int"))
        assert db.table("things").all() == [{"int": 1}, {"int": "x"}]


def test_tables_are_apart_and_can_be_dropped(db: TinyDB) -> None:
    db.table("one").insert({"a": 1})
    db.table("two").insert({"b": 2})
    assert {"one", "two"} <= db.tables()
    db.drop_table("one")
    assert len(db.table("one")) == 0
    assert db.table("two").all() == [{"b": 2}]
    db.drop_tables()
    assert len(db.table("two")) == 0


def test_two_sessions_never_give_the_same_id(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    with CaseDatabase(path, storage=JournalStorage) as one, CaseDatabase(path, storage=JournalStorage) as two:
        ids = [db.table("things").insert({}) for db in (one, two, two, one)]
        assert ids == [1, 2, 3, 4]
        several = [db.table("things").insert_multiple([{}, {}]) for db in (one, two, one)]
        assert several == [[5, 6], [7, 8], [9, 10]]
        assert len(two.table("things")) == 10


def test_what_a_table_hands_out_is_a_copy(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    with CaseDatabase(path, storage=JournalStorage) as db:
        things = db.table("things")
        given = {"list": [1]}
        things.insert(given)
        given["list"].append(2)
        for handed in [things.get(doc_id=1), *things.all(), *things.search(where("list").exists()), *things]:
            handed["list"].append(3)
        tables = db.storage.read()
        assert tables is not None
        tables["things"]["1"]["list"].append(4)
        things.insert({})
        assert things.get(doc_id=1) == {"list": [1]}
    with TinyDB(path, access_mode="r") as stock:
        assert stock.table("things").get(doc_id=1) == {"list": [1]}


def _cache(db: TinyDB) -> object:
    try:
        return type(db.table("cached", cache_size=5))
    except TypeError:
        return "no query cache"


def _next(db: TinyDB) -> object:
    table = db.table("next")
    table.insert_multiple([{}, {}])
    table.insert_multiple([Document({}, doc_id=12)])
    return table.insert({})


def _same_fields(db: TinyDB) -> object:
    db.table("same").insert({"a": 1})
    before = db.storage.read()
    db.table("same").update({"a": 1})
    return before == db.storage.read()


def _empty(db: TinyDB) -> object:
    table = db.table("gone", persist_empty=True)
    return table.name in db.tables()


def _nan(db: TinyDB) -> object:
    db.table("values").insert({"x": float("nan")})
    return str(db.table("values").all()[0]["x"])


def _int_keys(db: TinyDB) -> object:
    db.table("values").insert({7: "x"})
    return list(db.table("values").all()[-1])


DIFFERENCES: dict[str, tuple[Callable[[TinyDB], object], object, object]] = {
    # what: (try it, stock, ours)
    "a query cache can be asked for": (_cache, TinyDB.table_class, "no query cache"),
    "the next id follows the highest": (_next, 3, 13),
    "an update that changes nothing leaves the file as it is": (_same_fields, True, True),
    "an empty table is kept": (_empty, True, False),
    "NaN is kept": (_nan, "nan", "None"),
    "keys that are no text are kept by a memory storage": (_int_keys, [7], ["7"]),
}


@pytest.mark.parametrize("what", DIFFERENCES)
def test_the_known_differences_are_these_and_no_others(what: str, tmp_path: Path) -> None:
    try_it, stock, ours = DIFFERENCES[what]
    with TinyDB(storage=MemoryStorage) as db:
        assert try_it(db) == stock
    with CaseDatabase(tmp_path / "cases.json", storage=JournalStorage) as db:
        assert try_it(db) == ours


def test_our_table_needs_our_storage() -> None:
    with pytest.raises(TypeError):
        CaseDatabase(storage=MemoryStorage).table("things")


def test_a_table_beside_the_cases_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "cases.json"
    store = session(path)
    add(store, 1)
    store.close()
    with CaseDatabase(path, storage=JournalStorage) as db:
        db.table("notes").insert({"text": "我的"})
    store = session(path)
    add(store, 2)
    store.close()
    with TinyDB(path, access_mode="r", encoding="utf-8") as stock:
        assert stock.table("notes").all() == [{"text": "我的"}]
        assert len(stock.table("cases")) == 2
