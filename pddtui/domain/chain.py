"""Histories of version 1, which were chains: how they were checked, and how one becomes a history of today.

Every entry keeps its id and what it says, and has the one before it as its only parent; its old hash stays beside the
new one. The same chain becomes the same history on every machine, so that copies of one file unite afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct, structs

from pddtui.domain.case import Case
from pddtui.domain.history import (
    FROM_A_FILE,
    Change,
    Patch,
    Tree,
    apply,
    difference,
    fingerprint,
    invert,
    link,
    tree_of,
)
from pddtui.domain.union import altered, rebuilt

__all__ = ["Link", "broken_chain", "from_chain", "links_of"]


class Link(Struct, frozen=True, kw_only=True):
    """One entry of such a history."""

    id: str
    at: datetime
    action: str
    patches: tuple[Patch, ...] = ()
    kind: Literal["do", "undo", "redo"] = "do"
    target: str | None = None
    previous: str = ""
    """The hash of the entry before; empty for the first."""
    hash: str = ""
    """SHA-256, in hex, of the canonical JSON of this entry without the field `hash`."""


class _Chained(Struct):
    history: tuple[Link, ...] = ()


def links_of(document: bytes | msgspec.Raw) -> tuple[Link, ...]:
    """The chain in the JSON of a case. Raises `msgspec.DecodeError` where there is none."""
    return msgspec.json.decode(document, type=_Chained).history


def broken_chain(links: Sequence[Link]) -> int | None:
    """Index of the first entry that was tampered with, or None when the chain holds."""
    previous = ""
    for index, each in enumerate(links):
        tree = tree_of(each)
        del tree["hash"]
        told = fingerprint(tree)
        if each.previous != previous or each.hash != told:
            return index
        previous = each.hash
    return None


def from_chain(case: Case, links: Sequence[Link]) -> Case:
    """The case with its history as it is kept today. What the chain does not explain goes on record beside it."""
    if not links:
        return structs.replace(case, history=(), clashes=())
    history: list[Change] = []
    base = _base(case, links)
    if base:
        history.append(link((), _unexplained(case, base, case.recorded_at, "open")))
    for each in links:
        change = Change(
            id=each.id, at=each.at, action=each.action, patches=each.patches, kind=each.kind, target=each.target,
            was=each.hash,
        )  # fmt: skip
        history.append(link(history[-1:], change))
    led = rebuilt(case, history)
    rest = altered(structs.replace(case, history=tuple(history), clashes=()))
    if rest:
        last = _unexplained(case, rest, links[-1].at, FROM_A_FILE)
        history.append(link(history[-1:], last))
        led = rebuilt(case, history)
    return led


def _base(case: Case, links: Sequence[Link]) -> tuple[Patch, ...]:
    """What stood in the case before its chain began; nothing where the chain begins with the case."""
    if any(patch.path == ("id",) and patch.before is None for patch in links[0].patches):
        return ()
    tree: Tree = tree_of(structs.replace(case, history=(), clashes=()))
    for each in reversed(links):
        tree, _ = apply(tree, invert(each.patches))
    return difference({}, tree)


def _unexplained(case: Case, patches: tuple[Patch, ...], at: datetime, action: str) -> Change:
    return Change(id=f"V{fingerprint([case.id, patches])[:25].upper()}", at=at, action=action, patches=patches)
