"""Steps from one schema of the stored documents to the next.

They are pure functions, applied in order to all documents of a file in memory.
The schema is a number in the first line of the data file.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from pddtui.domain.history import Tree
from pddtui.store.layout import SCHEMA

__all__ = ["STEPS", "upgraded"]


def count_revisions(document: Tree) -> Tree:
    """0 to 1: a file without a mark, as stock TinyDB writes it, need not count saves nor record changes."""
    return {"revision": 0, "history": [], **document}


STEPS: tuple[Callable[[Tree], Tree], ...] = (count_revisions,)
"""`STEPS[n]` leads from schema n to n + 1."""


def upgraded(raw: bytes, schema: int) -> bytes:
    """The document of that schema as a document of this program's."""
    document = msgspec.json.decode(raw, type=Tree)
    for step in STEPS[schema:SCHEMA]:
        document = step(document)
    return msgspec.json.encode(document)
