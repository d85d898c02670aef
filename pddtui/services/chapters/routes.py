"""The chapters of playbooks and of the ladder: how to go each way, and when to go the next one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.domain.ladder import gate_needs
from pddtui.handbook.book import Handbook
from pddtui.handbook.ladder import Conflict, Rung, Shortcut
from pddtui.handbook.playbooks import Playbook, Record
from pddtui.message import Label, Message, msg
from pddtui.services.chapters.links import articles, channels, clocks, headed, linked, said
from pddtui.services.page import Fact, Page, page_of

__all__ = ["RECORDS", "ladder_pages", "playbook_pages"]

RECORDS: Mapping[Record, Message] = {
    "contact": msg("the contact: who, when, what was said"),
    "demand": msg("what you demanded, and by when"),
    "promise": msg("the promise: what, by when, in writing or oral"),
    "evidence": msg("the evidence, and what it proves"),
    "remedy": msg("which remedy you asked for"),
    "reference": msg("their number for it"),
    "deadline": msg("the deadline they set you"),
    "escalation": msg("the escalation: to whom, and why"),
    "follow_up": msg("a follow-up with a date"),
    "redaction": msg("that the text was masked"),
    "note": msg("a note"),
}
"""What to write down when a step is done."""

_NOTES = Label("怎么记录一次沟通", "How to note a contact")


def playbook_pages(book: Handbook) -> Iterator[Page]:
    for playbook in book.playbooks:
        yield page_of("playbooks", playbook, playbook.id, _steps(book, playbook))
    rule = book.playbook_file.note_rule
    fields = tuple(Fact(name=msg("Write down"), words=field.label) for field in book.playbook_file.note_fields)
    yield Page(
        chapter="playbooks",
        id="note_taking",
        title=_NOTES,
        facts=(*said(msg("Rule"), rule.label), *fields),
        src=rule.src,
        conf=rule.conf,
        entry=rule,
    )


def _steps(book: Handbook, playbook: Playbook) -> Iterator[Fact]:
    yield from channels(book, (playbook.channel,), msg("Channel"))
    yield Fact(words=msg("Steps"), heading=True)
    for step in playbook.steps:
        yield Fact(words=step.label, step=f"{playbook.id}.{step.id}")
        if step.rec is not None:
            yield from said(msg("Record"), RECORDS[step.rec])
        if step.clock is not None:
            yield from clocks(book, (step.clock,), msg("Starts"))
        if step.next is not None:
            yield from linked(msg("Go on"), "playbooks", book.playbooks, (step.next,))
        yield from articles(book, step.basis)


def ladder_pages(book: Handbook) -> Iterator[Page]:
    """The rungs from the lowest, then the ways past them and what stands in each other's way."""
    for rung in book.ladder:
        yield page_of("ladder", rung, rung.id, _rung(book, rung), detail=msg("rung {level}", level=rung.level))
    for shortcut in book.ladder_file.shortcuts:
        yield page_of("ladder", shortcut, shortcut.id, _to(book, shortcut), detail=msg("shortcut"))
    for conflict in book.ladder_file.conflicts:
        detail = msg("conflict") if conflict.clash else msg("no conflict")
        yield page_of("ladder", conflict, conflict.id, _conflict(book, conflict), detail=detail)


def _rung(book: Handbook, rung: Rung) -> Iterator[Fact]:
    yield from channels(book, rung.channels, msg("Channels"))
    yield from said(msg("Needs"), rung.gate)
    for gate in rung.gates:
        yield from said(msg("Needs"), gate_needs(gate) or gate)
    yield from said(msg("Move on when"), rung.move_on_when)
    yield from headed(msg("Shortcuts to here"), _shortcuts(book, rung))
    yield from headed(msg("Conflicts"), _conflicts(book, rung))


def _shortcuts(book: Handbook, rung: Rung) -> Iterator[Fact]:
    for shortcut in book.ladder_file.shortcuts:
        if shortcut.to == rung.id or shortcut.to in rung.channels:
            yield Fact(words=shortcut.label, unsure=shortcut.unsure, to=f"ladder/{shortcut.id}")


def _conflicts(book: Handbook, rung: Rung) -> Iterator[Fact]:
    for conflict in book.ladder_file.conflicts:
        if conflict.a in rung.channels or conflict.b in rung.channels:
            yield Fact(words=conflict.label, unsure=conflict.unsure, to=f"ladder/{conflict.id}")


def _to(book: Handbook, shortcut: Shortcut) -> Iterator[Fact]:
    if shortcut.to in book.ladder:
        return linked(msg("Leads to"), "ladder", book.ladder, (shortcut.to,))
    return channels(book, (shortcut.to,), msg("Leads to"))


def _conflict(book: Handbook, conflict: Conflict) -> Iterator[Fact]:
    yield from channels(book, (conflict.a, conflict.b), msg("Channels"))
    yield from articles(book, conflict.basis)
