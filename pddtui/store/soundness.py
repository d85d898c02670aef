"""What `doctor` finds in the cases of a file that opens: histories that do not hold, and what is there twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec
from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import broken_link
from pddtui.domain.replay import altered
from pddtui.message import Message, msg
from pddtui.store.layout import CASES
from pddtui.store.shelf import Shelf

__all__ = ["broken_histories", "counted", "doubles"]


class _Named(Struct):
    id: str
    ref: str


def broken_histories(cases: Iterable[Case]) -> Iterator[Message]:
    """Histories that were altered, and cases that are not what their history says."""
    for case in cases:
        entry = broken_link(case.history)
        if entry is not None:
            change = case.history[entry]
            yield msg(
                "The history of {ref} was altered outside pddtui: entry {entry} ({action}, {at}) breaks the chain. "
                "Compare it with a backup or an export.",
                ref=case.ref,
                entry=entry + 1,
                action=change.action,
                at=change.at,
            )
        elif not case.history and case.revision:
            yield msg(
                "The history of {ref} was emptied outside pddtui, though the case was saved {n} times. "
                "Compare it with a backup or an export.",
                ref=case.ref,
                n=case.revision,
            )
        elif (field := altered(case)) is not None:
            yield msg(
                "{ref} was altered outside pddtui, or the end of its history was cut off: "
                "the history does not lead to what stands in “{field}”. Compare it with a backup or an export.",
                ref=case.ref,
                field=field,
            )


def counted(cases: Iterable[Case]) -> Iterator[Message]:
    """Where not every save is in the history, which a case from another machine may have honestly."""
    for case in cases:
        if case.history and case.revision != len(case.history):
            yield msg(
                "{ref} was saved {saves} times and its history has {entries} entries: "
                "that can come from an import, or something was cut off at its end.",
                ref=case.ref,
                saves=case.revision,
                entries=len(case.history),
            )


def doubles(shelf: Shelf) -> Iterator[Message]:
    """One case under two keys, and two cases with one number."""
    keys: dict[str, list[str]] = {}
    named: dict[str, set[str]] = {}
    for key, document in shelf.documents(CASES):
        found = msgspec.json.decode(document, type=_Named)
        keys.setdefault(found.id, []).append(key)
        named.setdefault(found.ref, set()).add(found.id)
    for identity, places in keys.items():
        if len(places) > 1:
            yield msg(
                "The case {id} is in the file {n} times, as the documents {keys}: only the last one is shown. "
                "Compare them, and export what is missing from a copy of the file.",
                id=identity,
                n=len(places),
                keys=tuple(places),
            )
    for ref, identities in named.items():
        if len(identities) > 1:
            yield msg(
                "The number {ref} belongs to {n} cases ({ids}): name them by the start of their id.",
                ref=ref,
                n=len(identities),
                ids=tuple(sorted(identities)),
            )
