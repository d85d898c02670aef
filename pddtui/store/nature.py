"""What a text is that is no data file: an empty one, ours in another encoding, ours but damaged, or somebody else's."""

from __future__ import annotations

import msgspec

from pddtui.store.foreign import recoded
from pddtui.store.layout import UNDECODABLE
from pddtui.store.opening import State

__all__ = ["nature"]

SIGNS = (b'"_meta"', b'"cases"', b'"revision"')
"""What stands in every data file of ours, at its head or in each of its documents."""


def nature(text: bytes) -> State:
    """The state of a data file that holds this text, which is not what one of ours looks like."""
    if not text.strip(b"\0 \t\r\n"):
        return "damaged" if text.strip() else "empty"
    if text.strip() == b"null":
        return "empty"
    if recoded(text) is not None:
        return "recoded"
    if _is_json(text):
        return "foreign"
    return "damaged" if any(sign in text for sign in SIGNS) else "foreign"


def _is_json(text: bytes) -> bool:
    try:
        msgspec.json.decode(text)
    except UNDECODABLE:
        return False
    return True
