from __future__ import annotations

import pytest

from pddtui.handbook.book import Handbook
from pddtui.handbook.shelf import LINKS, NOUNS, named
from tests.handbook import raw


def _ids(table: str) -> set[str]:
    file, _, name = table.partition(".")
    if not name:
        return {table}
    entries = raw.tables(file)[name]
    assert isinstance(entries, list)
    return {str(entry.get("id", entry.get("code"))) for entry in entries}


@pytest.mark.parametrize("file", raw.FILES)
def test_what_a_file_names_is_there(file: str) -> None:
    dangling = [
        f"{path}: {item}"
        for path, item, tables in named(file, raw.tables(file))
        if not any(item in _ids(table) for table in tables)
    ]
    assert dangling == []


def test_every_kind_of_link_occurs() -> None:
    seen = {(file, field) for file in raw.FILES for path, _, _ in named(file, raw.tables(file)) for field in path}
    unused = {
        (file, field)
        for file, field in LINKS
        if (file, field) not in seen and not (file == "*" and any(field == other for _, other in seen))
    }
    assert unused == set()


def test_every_table_that_is_named_has_a_noun() -> None:
    assert {tables[0] for tables in LINKS.values()} == set(NOUNS)


@pytest.mark.parametrize("file", sorted(set(raw.FILES) - {"glossary", "samples", "calendar", "sources", "masks"}))
def test_every_entry_says_where_it_comes_from(file: str) -> None:
    silent = [
        f"{name}.{entry.get('id', entry.get('code'))}"
        for name, table in raw.tables(file).items()
        if isinstance(table, list)
        for entry in table
        if isinstance(entry, dict) and not entry.get("src")
    ]
    assert silent == []


def test_every_channel_a_case_can_use_is_reached_by_a_rung_or_stands_beside_the_ladder(book: Handbook) -> None:
    beside = {channel.id for channel in book.channels if book.rung_of_channel(channel.id) is None}
    assert beside == {"pdd_hotline_merchant", "pdd_website", "wechat_oa", "police", "bank_payment"}


def test_a_channel_of_two_rungs_belongs_to_the_lower_one(book: Handbook) -> None:
    rung = book.rung_of_channel("app_official_cs")
    assert rung is not None
    assert rung.id == "platform"
