"""The files of the handbook as YAML gives them, before anything has been dropped or decoded."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from pddtui import assets

FILES = (
    "aftersales",
    "calendar",
    "channels",
    "deadlines",
    "evidence",
    "glossary",
    "ladder",
    "laws",
    "letters",
    "masks",
    "next",
    "outcomes",
    "pastes",
    "playbooks",
    "problems",
    "quiet",
    "remedies",
    "samples",
    "seed_issues",
    "sources",
)

Tables = dict[str, object]


def tables(file: str) -> Tables:
    found = yaml.safe_load(assets.read_text(f"data/{file}.yaml"))
    assert isinstance(found, dict)
    return found


def mappings(value: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Every mapping inside, with the path to it."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from mappings(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            name = inner.get("id", index) if isinstance(inner, dict) else index
            yield from mappings(inner, f"{path}.{name}")
