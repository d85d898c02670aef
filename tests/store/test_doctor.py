"""What the examination of a file that opens finds in its cases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tinydb import TinyDB

from pddtui.domain.case import Case
from pddtui.store.doctor import examine
from tests.store.making import contact, put_on_record, session


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cases.json"
    store = session(path)
    for number in (1, 2):
        put_on_record(store, number, "open", title=f"case {number}")
        put_on_record(store, number, "log", contacts=(contact(1),))
    store.close()
    return path


def forge(path: Path, change: Callable[[dict[str, object]], object], key: int = 1) -> None:
    """Change the document of a case with another program, which leaves the rest as it is."""
    with TinyDB(path, encoding="utf-8") as stock:
        table = stock.table("cases")
        document = dict(table.get(doc_id=key))
        change(document)
        table.update(lambda found: (found.clear(), found.update(document)), doc_ids=[key])


def trouble(path: Path) -> list[str]:
    return [str(said) for said in examine(path).trouble]


def test_honest_cases_are_no_trouble(path: Path) -> None:
    found = examine(path)
    assert (found.trouble, found.notes) == ((), ())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda case: case.update(title="forged"), "the current value of “title”"),
        (lambda case: case.update(contacts=[]), "the current value of “contact”"),
        (lambda case: case["contacts"][0].update(summary="forged"), "the current value of “contact”"),
        (lambda case: case.update(history=[]), "was emptied outside pddtui, although the case was saved 2 times"),
        (lambda case: case["history"].pop(), "the end of its history was cut off"),
    ],
    ids=["a title", "a contact gone", "a contact altered", "emptied", "cut off"],
)
def test_contents_altered_beside_an_untouched_history_are_noticed(
    path: Path, change: Callable[[dict[str, object]], object], said: str
) -> None:
    forge(path, change)
    (line,) = trouble(path)
    assert line.startswith(("PDD-2026-0001", "The history of PDD-2026-0001"))
    assert said in line


def test_an_entry_cut_off_together_with_what_it_did_is_told_by_the_revision(path: Path) -> None:
    def cut(case: dict[str, object]) -> None:
        assert isinstance(case["history"], list)
        case["history"].pop()
        case["contacts"] = [msgspec.to_builtins(contact(0))]

    forge(path, cut)
    found = examine(path)
    assert found.trouble == ()
    assert "was saved 2 times, but its history has 1 entries" in str(found.notes[0])


def test_one_case_under_two_keys_and_two_cases_with_one_number_are_told(path: Path) -> None:
    with TinyDB(path, encoding="utf-8") as stock:
        table = stock.table("cases")
        first = dict(table.get(doc_id=1))
        table.insert(first)
        table.insert({**first, "id": "SOMEBODY"})
    said = trouble(path)
    assert "PDD-2026-0001 stood in the data file twice: both were united" in said[0]
    assert "The number PDD-2026-0001 belongs to 2 cases (CASE00000001, SOMEBODY)" in said[1]


def test_a_case_that_was_never_saved_by_us_needs_no_history(tmp_path: Path) -> None:
    path = tmp_path / "stock.json"
    case = Case(id="S", ref="PDD-2026-0001", title="from stock", opened_at=contact(1).at, recorded_at=contact(1).at)
    document = msgspec.json.decode(msgspec.json.encode(case))
    del document["history"], document["revision"]
    with TinyDB(path, encoding="utf-8") as stock:
        stock.table("cases").insert(document)
    assert trouble(path) == []
