from __future__ import annotations

from collections.abc import Iterator

import pytest

from pddtui.handbook.book import Handbook
from tests.handbook import raw


def _ids(file: str, *names: str) -> set[str]:
    tables = raw.tables(file)
    found: set[str] = set()
    for name in names:
        table = tables[name]
        assert isinstance(table, list)
        found |= {str(entry.get("id", entry.get("code"))) for entry in table}
    return found


ARTICLES = _ids("laws", "articles")
CHANNELS = _ids("channels", "channels")
CLOCKS = _ids("deadlines", "deadlines") | _ids("aftersales", "platform_clocks")
EVENTS = _ids("deadlines", "events")
EVIDENCE = _ids("evidence", "evidence_types")
PLAYBOOKS = _ids("playbooks", "playbooks")
PROBLEMS = _ids("problems", "problems")
REMEDIES = _ids("remedies", "remedies")
RUNGS = _ids("ladder", "ladder")
SOURCES = _ids("sources", "sources")

# file (or * for all of them), field -> what it may name
LINKS: dict[tuple[str, str], set[str]] = {
    ("*", "src"): SOURCES,
    ("*", "contra"): SOURCES,
    ("*", "url_src"): SOURCES,
    ("*", "phone_src"): SOURCES,
    ("*", "basis"): ARTICLES,
    ("*", "clock"): CLOCKS,
    ("*", "remedy"): REMEDIES,
    ("*", "problem"): PROBLEMS,
    ("*", "problems"): PROBLEMS,
    ("*", "rung"): RUNGS,
    ("*", "channel"): CHANNELS | {"any"},
    ("*", "met_by"): EVENTS,
    ("*", "restart_on"): EVENTS,
    ("*", "event"): EVENTS,
    ("*", "extend_on"): EVENTS,
    ("*", "pause_on"): EVENTS,
    ("aftersales", "from"): EVENTS,
    ("deadlines", "from"): EVENTS | {"now", "any"},
    ("deadlines", "channels"): CHANNELS,
    ("evidence", "base_set"): EVIDENCE,
    ("ladder", "a"): CHANNELS,
    ("ladder", "b"): CHANNELS,
    ("ladder", "channels"): CHANNELS,
    ("ladder", "to"): RUNGS | CHANNELS,
    ("laws", "law"): _ids("laws", "laws"),
    ("laws", "replaces"): _ids("laws", "laws"),
    ("masks", "samples"): _ids("masks", "rules"),
    ("playbooks", "next"): PLAYBOOKS,
    ("problems", "deadlines"): CLOCKS,
    ("problems", "evidence"): EVIDENCE,
    ("problems", "first"): PLAYBOOKS,
    ("problems", "laws"): ARTICLES | _ids("laws", "laws"),
    ("problems", "remedies"): REMEDIES,
    ("remedies", "aftersale_type"): _ids("aftersales", "types"),
    ("samples", "aftersale_state"): _ids("aftersales", "states"),
    ("samples", "also"): REMEDIES,
    ("samples", "have"): EVIDENCE,
    ("samples", "kind"): _ids("outcomes", "outcomes"),
    ("samples", "milestones"): EVENTS,
    ("samples", "missing"): EVIDENCE,
    ("samples", "rule"): CLOCKS,
    ("samples", "standing"): _ids("glossary", "statuses"),
}


def _links(file: str) -> Iterator[tuple[str, str, object, set[str]]]:
    for path, mapping in raw.mappings(raw.tables(file)):
        for field, value in mapping.items():
            allowed = LINKS.get((file, field)) or LINKS.get(("*", field))
            named = [] if isinstance(value, dict) and "zh" in value else value
            for item in named if isinstance(named, list | dict) else [named]:
                if allowed is not None and not isinstance(item, dict):
                    yield path, field, item, allowed


@pytest.mark.parametrize("file", raw.FILES)
def test_what_a_file_names_is_there(file: str) -> None:
    dangling = [f"{path}.{field}: {item}" for path, field, item, allowed in _links(file) if str(item) not in allowed]
    assert dangling == []


def test_every_kind_of_link_occurs() -> None:
    seen = {(file, field) for file in raw.FILES for _, field, _, _ in _links(file)}
    unused = {
        (file, field)
        for file, field in LINKS
        if (file, field) not in seen and not (file == "*" and any(field == other for _, other in seen))
    }
    assert unused == set()


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
