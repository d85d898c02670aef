"""Histories that do not hold: named by doctor, refused by import, left out by merge and recover, the others taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from pddtui.domain.case import Case
from pddtui.domain.history import Change, Patch, link
from pddtui.store.doctor import examine
from pddtui.store.merging import merged_in, read_copy, unite_into
from pddtui.store.recover import recover
from tests.store.making import START, contents, session
from tests.store.test_mending import at, lines_of, logged

Harm = Callable[[tuple[Change, ...]], tuple[Change, ...]]


def replaced(n: int, **fields: object) -> Harm:
    def harm(history: tuple[Change, ...]) -> tuple[Change, ...]:
        changed = msgspec.structs.replace(history[n], **fields)
        return tuple(changed if each is history[n] else each for each in history)

    return harm


def circle(history: tuple[Change, ...]) -> tuple[Change, ...]:
    first, *rest = history
    return (msgspec.structs.replace(first, parents=(rest[-1].id,)), *rest)


HARMS: dict[str, tuple[Harm, str]] = {
    "a word of the newest entry": (replaced(-1, action="resolve"), "its hash is another"),
    "a word of an entry that both have": (replaced(0, action="resolve"), "its hash is another"),
    "an entry that both have, with a hash of its own": (replaced(0, hash="0" * 64), "its hash is another"),
    "no such parent": (replaced(-1, parents=("NOBODY",)), "an entry that it was made on is missing"),
    "a parent fewer": (lambda history: (history[0], *history[2:]), "an entry that it was made on is missing"),
    "the beginning is gone": (lambda history: history[1:], "an entry that it was made on is missing"),
    "one id twice": (lambda history: (*history, history[-1]), "another entry has its id"),
    "a circle": (circle, "round a circle"),
    "its own parent": (
        lambda history: (*history[:-1], msgspec.structs.replace(history[-1], parents=(history[-1].id,))),
        "round a circle",
    ),
}


def hollow(patch: Patch | None) -> Harm:
    """A history that holds together, and leads to no case."""

    def harm(_: tuple[Change, ...]) -> tuple[Change, ...]:
        patches = () if patch is None else (patch,)
        return (link((), Change(id="HOLLOW", at=START, action="open", patches=patches)),)

    return harm


HOLLOW = {
    "nothing in it": hollow(None),
    "no path": hollow(Patch((), None, 1)),
    "a number for words": hollow(Patch(("title",), None, 7)),
    "a list for a thing": hollow(Patch(("order",), None, [1])),
    "a state that there is not": hollow(Patch(("status",), None, "lost")),
    "a contact without a time": hollow(Patch(("contacts", "A"), None, {"id": "A"})),
}
HARMS |= {name: (harm, "leads to no case") for name, harm in HOLLOW.items()}


def case_in(path: Path) -> Case:
    line = next(line for line in lines_of(path) if line.startswith(b'"1":'))
    return msgspec.json.decode(line.split(b":", 1)[1].removesuffix(b","), type=Case)


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """Two machines: both logged in case 1, and the other opened case 2 as well."""
    ours, theirs = tmp_path / "ours" / "cases.json", tmp_path / "theirs" / "cases.json"
    for path in (ours, theirs):
        path.parent.mkdir()
    logged(ours, ours.parent, 1, 1)
    logged(ours, ours.parent, 1, 2)
    theirs.write_bytes(ours.read_bytes())
    logged(ours, ours.parent, 1, 10)
    logged(theirs, theirs.parent, 1, 20)
    logged(theirs, theirs.parent, 1, 21)
    logged(theirs, theirs.parent, 2, 22)
    return ours, theirs


@pytest.mark.parametrize("harm", HARMS)
def test_a_history_that_does_not_hold_is_named_and_not_taken(sides: tuple[Path, Path], harm: str) -> None:
    ours, theirs = sides
    case, mine = case_in(theirs), case_in(ours)
    forged = msgspec.structs.replace(case, history=HARMS[harm][0](case.history))
    lines = lines_of(theirs)
    lines[2] = b'"1":' + msgspec.json.encode(forged) + b","
    theirs.write_bytes(b"\n".join(lines))
    before = contents(theirs.parent)

    said = "\n".join(str(each) for each in examine(theirs).trouble)
    assert "The history of PDD-2026-0001" in said
    assert HARMS[harm][1] in said

    alone = ours.with_name("alone.json")
    alone.write_bytes(ours.read_bytes())
    for united in (merged_in(alone, read_copy(theirs)), unite_into(ours, read_copy(theirs), at(ours.parent))):
        assert (united.refused, list(united.changed)) == (["PDD-2026-0001"], ["CASE00000002"])
    for path in (alone, ours):
        assert case_in(path) == mine
        assert len(session(path).cases()) == 2
    assert contents(theirs.parent) == before

    damaged = theirs.with_name("damaged.json")
    damaged.write_bytes(theirs.read_bytes()[:-2])
    done = recover(damaged)
    if harm in HOLLOW:  # what the case says can be read all the same
        assert (done.left_out, done.cases) == ((), 2)
    else:
        assert (done.left_out, done.cases) == (("PDD-2026-0001",), 1)
        assert not examine(damaged).trouble
