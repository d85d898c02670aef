"""Histories of version 1, which were chains, become histories of today: the same on every machine."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from msgspec import structs

from pddtui.domain.case import Case, Contact, Status
from pddtui.domain.chain import Link, broken_chain, from_chain
from pddtui.domain.history import Patch, broken_link, difference, in_line, tree_of
from pddtui.domain.union import altered, unite

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def case(**fields: object) -> Case:
    return structs.replace(Case(id="K", ref="PDD-2026-0001", title="壶", opened_at=AT, recorded_at=AT), **fields)


def said(number: int) -> Contact:
    at = AT + timedelta(minutes=number)
    return Contact(id=f"C{number}", at=at, recorded_at=at, direction="out", summary=f"第{number}句")


def chained(*states: Case, begun: bool = True) -> tuple[Case, tuple[Link, ...]]:
    """The last state with the chain that version 1 made of the way there."""
    links: list[Link] = []
    trees = [tree_of(state) for state in states]
    steps = list(zip([{}, *trees] if begun else trees, trees if begun else trees[1:], strict=False))
    for number, (before, after) in enumerate(steps):
        link = Link(
            id=f"{number:02}-{states[-1].revision}" if number == len(steps) - 1 else f"{number:02}",
            at=AT + timedelta(minutes=number),
            action="open" if not number else "edit",
            patches=difference(before, after),
            previous=links[-1].hash if links else "",
        )
        told = tree_of(link)
        del told["hash"]
        text = msgspec.json.encode(told, order="sorted")
        links.append(structs.replace(link, hash=hashlib.sha256(text).hexdigest()))
    return states[-1], tuple(links)


def test_a_chain_keeps_its_entries_and_its_old_hashes() -> None:
    last, links = chained(case(), case(title="电热水壶"), case(title="电热水壶", contacts=(said(1),)))
    assert broken_chain(links) is None
    made = from_chain(last, links)
    assert [change.id for change in made.history] == [link.id for link in links]
    assert [change.was for change in made.history] == [link.hash for link in links]
    assert in_line(made.history)
    assert (broken_link(made.history), altered(made), made.contacts) == (None, (), last.contacts)


@pytest.mark.parametrize("wrong", [0, 1, 2])
def test_a_chain_that_was_tampered_with_names_the_entry(wrong: int) -> None:
    _, links = chained(case(), case(title="二"), case(title="三"))
    forged = structs.replace(links[wrong], patches=(Patch(("title",), "a", "b"),))
    assert broken_chain((*links[:wrong], forged, *links[wrong + 1 :])) == wrong


@pytest.mark.parametrize("begun", [True, False], ids=["from the beginning", "from later on"])
def test_what_a_chain_does_not_explain_goes_on_record(begun: bool) -> None:
    """A case that was imported got another number and date; one of another program had no history at first."""
    last, links = chained(case(), case(merchant="店"), begun=begun)
    brought = structs.replace(last, ref="PDD-2026-0099", description="only here")
    made = from_chain(brought, links)
    assert (made.ref, made.description, altered(made), broken_link(made.history)) == (
        "PDD-2026-0099",
        "only here",
        (),
        None,
    )
    assert made == from_chain(brought, links), "the same on every machine"
    assert {link.id for link in links} <= {change.id for change in made.history}


def test_two_copies_that_went_on_apart_unite_after_each_was_taken_over() -> None:
    one, two = (
        from_chain(*chained(case(), case(contacts=(said(number),), revision=number, **extra)))
        for number, extra in ((1, {"merchant": "店"}), (2, {"problem": "quality"}))
    )
    assert unite(one, two) == unite(two, one)
    both = unite(one, two)
    assert ([contact.id for contact in both.contacts], both.merchant, both.problem) == (["C1", "C2"], "店", "quality")
    assert both.clashes == ()


def test_a_case_without_a_chain_stays_without_a_history() -> None:
    status: Status = "resolved"
    assert from_chain(case(status=status), ()).history == ()
