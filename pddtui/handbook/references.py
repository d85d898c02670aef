"""What one entry of the handbook may name of another: a channel, an event, a source.

The tests hold the shipped files to it; a user's file is held to it when it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.handbook.faults import Path
from pddtui.message import Message, msg

__all__ = ["LINKS", "NOUNS", "named"]

_ARTICLES, _LAWS = "laws.articles", "laws.laws"
_CHANNELS = "channels.channels"
_CLOCKS = ("deadlines.deadlines", "aftersales.platform_clocks")
_EVENTS = "deadlines.events"
_EVIDENCE = "evidence.evidence_types"
_PLAYBOOKS, _PROBLEMS, _REMEDIES = "playbooks.playbooks", "problems.problems", "remedies.remedies"
_RUNGS = "ladder.ladder"
_SOURCES = "sources.sources"

LINKS: Mapping[tuple[str, str], tuple[str, ...]] = {
    **dict.fromkeys((("*", "src"), ("*", "contra"), ("*", "url_src"), ("*", "phone_src")), (_SOURCES,)),
    ("*", "basis"): (_ARTICLES,),
    ("*", "clock"): _CLOCKS,
    ("*", "remedy"): (_REMEDIES,),
    **dict.fromkeys((("*", "problem"), ("*", "problems")), (_PROBLEMS,)),
    ("*", "rung"): (_RUNGS,),
    ("*", "channel"): (_CHANNELS, "any"),
    **dict.fromkeys((("*", "met_by"), ("*", "restart_on"), ("*", "event")), (_EVENTS,)),
    **dict.fromkeys((("*", "extend_on"), ("*", "pause_on")), (_EVENTS,)),
    ("aftersales", "from"): (_EVENTS,),
    ("deadlines", "from"): (_EVENTS, "now", "any"),
    ("deadlines", "channels"): (_CHANNELS,),
    ("evidence", "base_set"): (_EVIDENCE,),
    **dict.fromkeys((("ladder", "a"), ("ladder", "b"), ("ladder", "channels")), (_CHANNELS,)),
    ("ladder", "to"): (_RUNGS, _CHANNELS),
    **dict.fromkeys((("laws", "law"), ("laws", "replaces")), (_LAWS,)),
    ("masks", "samples"): ("masks.rules",),
    ("playbooks", "next"): (_PLAYBOOKS,),
    ("problems", "deadlines"): _CLOCKS,
    ("problems", "evidence"): (_EVIDENCE,),
    ("problems", "first"): (_PLAYBOOKS,),
    ("problems", "laws"): (_ARTICLES, _LAWS),
    ("problems", "remedies"): (_REMEDIES,),
    ("remedies", "aftersale_type"): ("aftersales.types",),
    ("samples", "aftersale_state"): ("aftersales.states",),
    ("samples", "also"): (_REMEDIES,),
    **dict.fromkeys((("samples", "have"), ("samples", "missing")), (_EVIDENCE,)),
    ("samples", "kind"): ("outcomes.outcomes",),
    ("samples", "milestones"): (_EVENTS,),
    ("samples", "rule"): _CLOCKS,
    ("samples", "standing"): ("glossary.statuses",),
}
"""File (`*` for all of them) and field -> the tables whose ids it may name, and words that stand for no entry."""

NOUNS: Mapping[str, Message] = {
    _ARTICLES: msg("article"),
    _LAWS: msg("law"),
    _CHANNELS: msg("channel"),
    _CLOCKS[0]: msg("deadline"),
    _EVENTS: msg("event"),
    _EVIDENCE: msg("kind of evidence"),
    _PLAYBOOKS: msg("playbook"),
    _PROBLEMS: msg("problem"),
    _REMEDIES: msg("remedy"),
    _RUNGS: msg("rung"),
    _SOURCES: msg("source"),
    "masks.rules": msg("masking rule"),
    "aftersales.types": msg("after-sales type"),
    "aftersales.states": msg("after-sales state"),
    "outcomes.outcomes": msg("outcome"),
    "glossary.statuses": msg("state of a case"),
}
"""What an entry of each table is called, the first of several."""


def named(file: str, raw: object) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
    """Every id that a file names: where, the id, and the tables it may stand in. Links only, not ids of its own."""

    def below(value: object, path: Path) -> Iterator[tuple[Path, str, tuple[str, ...]]]:
        if isinstance(value, list):
            for index, inner in enumerate(value):
                yield from below(inner, (*path, index))
        elif isinstance(value, dict):
            for field, inner in value.items():
                there = (*path, str(field))
                tables = LINKS.get((file, field)) or LINKS.get(("*", field)) or ()
                if tables:
                    yield from ((place, str(item), tables) for place, item in _items(inner, there))
                yield from below(inner, there)

    yield from below(raw, ())


def _items(value: object, path: Path) -> Iterator[tuple[Path, object]]:
    """The single words in the value of a field; a name in two languages and entries inside are none."""
    if isinstance(value, dict):
        if "zh" not in value:
            yield from (((*path, str(key)), key) for key in value)
    elif isinstance(value, list):
        yield from (((*path, index), item) for index, item in enumerate(value) if not isinstance(item, dict))
    elif value is not None:
        yield path, value
