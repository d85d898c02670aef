from __future__ import annotations

import ast
from functools import cache

import pytest

from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.handbook.shelf import LINKS, NOUNS, ids_named
from tests.handbook import raw
from tests.test_house import MODULES


@cache
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
        for path, item, tables in ids_named(file, raw.tables(file))
        if not any(item in _ids(table) for table in tables)
    ]
    assert dangling == []


def test_every_kind_of_link_occurs() -> None:
    seen = {(file, field) for file in raw.FILES for path, _, _ in ids_named(file, raw.tables(file)) for field in path}
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


def test_a_case_can_be_filed_through_every_channel_but_emergencies_and_what_is_only_to_be_known(book: Handbook) -> None:
    rules = rulebook(book)
    beside = {channel.id for channel in book.channels if rules.rung_of(channel.id) is None}
    assert beside == {channel.id for channel in book.channels if channel.display_only or channel.kind == "emergency"}


def test_every_event_of_a_channel_belongs_to_one_channel(book: Handbook) -> None:
    events = [event for channel in book.channels for event in channel.events.all]
    assert events
    assert sorted(events) == sorted(set(events))


def test_one_channel_shows_the_states_of_a_request_and_one_clock_is_the_countdown(book: Handbook) -> None:
    """The command line takes a state of the app for the request, and a flag of a countdown names its rule."""
    assert [channel.id for channel in book.channels if channel.shows_states] == ["app_aftersale"]
    assert [clock.id for clock in book.deadlines if clock.countdown] == ["app_countdown"]


def test_every_shortcut_says_when_it_is_open(book: Handbook) -> None:
    for short in book.ladder_file.shortcuts:
        assert bool(short.problems) + bool(short.event) + short.limitation_near == 1, short.id


def test_each_ending_that_a_sum_leads_to_is_one(book: Handbook) -> None:
    assert sorted(ending.got for ending in book.outcomes if ending.got) == ["all", "part"]


ALLOWED = {
    "arbitration": "a kind of channel",
    "court": "a side",
    "police": "a side",
    "damaged": "the state of a file of cases",
}
"""Words that are ids of channels or problems, and something else in code."""


def test_no_module_names_a_channel_or_a_problem() -> None:
    """What the program knows of one stands beside it in the data, so that another one can be added there."""
    ids = _ids("channels.channels") | _ids("problems.problems")
    named_by: dict[str, set[str]] = {}
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ids:
                named_by.setdefault(module, set()).add(node.value)
    assert {module for module, found in named_by.items() if found - ALLOWED.keys()} == set()
    assert set().union(*named_by.values()) >= ALLOWED.keys()


def test_no_module_of_the_letters_names_a_letter() -> None:
    """Elsewhere the ids of letters are words of their own: `platform`, `public`, `demand`."""
    ids = _ids("letters.letters") - {"platform", "payment", "association", "courier", "public", "demand"}
    modules = [module for module in MODULES if module.startswith("pddtui.services.letters.")]
    named = {
        (module, node.value)
        for module in [*modules, "pddtui.ui.screens.letter"]
        for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in ids
    }
    assert named == set()


def test_a_channel_of_two_rungs_belongs_to_the_lower_one(book: Handbook) -> None:
    rung = rulebook(book).rung_of("app_official_cs")
    assert rung is not None
    assert rung.id == "platform"
