"""The JSON Schema of the export, and of the rows that `list`, `due` and `when` print as JSON.

It is made from the values themselves, so that it cannot say anything else than what is written.
"""

from __future__ import annotations

from typing import Any

import msgspec

from pddtui.services.exchange.outgoing import Export
from pddtui.services.report import CaseRow, DueRow, PhraseAnswer

__all__ = ["schema"]

_ROOTS = (Export, CaseRow, DueRow, PhraseAnswer)


def schema() -> dict[str, Any]:
    """The schema of the export; its `$defs` also hold `CaseRow`, `DueRow` and `PhraseAnswer`."""
    (export, *_), components = msgspec.json.schema_components(
        _ROOTS, schema_hook=_anything, ref_template="#/$defs/{name}"
    )
    for component in components.values():
        if "properties" in component:
            component["required"] = list(component["properties"])  # every field is always written
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:pddtui:export:1",
        "title": "pddtui export",
        **export,
        "$defs": components,
    }


def _anything(kind: type) -> dict[str, Any]:
    """A patch of the history holds whatever stood there."""
    if kind is object:
        return {"description": "any JSON value"}
    raise NotImplementedError
