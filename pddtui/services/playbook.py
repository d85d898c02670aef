"""The handbook applied to one case: which playbooks fit, which steps are done, which evidence is there.

A playbook fits because a filing runs through its channel, because one begins such a problem with it, because it
leads through the rung that was reached, or because somebody has begun to tick it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import EvidenceType, Playbook, PlaybookStep
from pddtui.message import Message, msg
from pddtui.services.chapters.page import Fact, Page
from pddtui.services.chapters.procedure import RECORDS

__all__ = ["evidence_page", "routes", "step_of", "wanted_evidence"]


class Tick(Struct, frozen=True, kw_only=True):
    """A step of a playbook in a case."""

    key: str
    """`playbook.step`, as the case keeps it."""
    step: PlaybookStep
    done_at: datetime | None = None

    @property
    def record(self) -> Message | None:
        """What to write down when it is done."""
        return RECORDS[self.step.rec] if self.step.rec is not None else None


class Route(Struct, frozen=True, kw_only=True):
    """A playbook that fits the case."""

    playbook: Playbook
    why: Message
    ticks: tuple[Tick, ...]

    @property
    def done(self) -> int:
        return sum(tick.done_at is not None for tick in self.ticks)


class Want(Struct, frozen=True, kw_only=True):
    """A kind of evidence that the case should have."""

    kind: EvidenceType
    have: int
    """How many pieces there are."""
    base: bool
    """Every case needs it, whatever the problem."""


def routes(case: Case, book: Handbook) -> tuple[Route, ...]:
    """The playbooks that fit, the one in use first."""
    why: dict[str, Message] = {}
    for name, reason in _reasons(case, book):
        why.setdefault(name, reason)
    return tuple(
        Route(playbook=playbook, why=reason, ticks=_ticks(case, playbook))
        for key, reason in why.items()
        if (playbook := book.playbooks.get(key)) is not None
    )


def step_of(key: str, book: Handbook) -> Tick:
    """The step with that key, not ticked. Raises `Refused` for one that no playbook has."""
    name, _, wanted = key.partition(".")
    playbook = book.playbooks.get(name)
    for step in playbook.steps if playbook is not None else ():
        if step.id == wanted:
            return Tick(key=key, step=step)
    raise Refused(msg("There is no playbook step {step}.", step=key))


def wanted_evidence(case: Case, book: Handbook) -> tuple[Want, ...]:
    """What the problem calls for and then the base set, with what is there already."""
    problem = book.problems.get(case.problem)
    base = book.evidence_file.base_set
    ids = dict.fromkeys((*(problem.evidence if problem is not None else ()), *base))
    return tuple(
        Want(kind=kind, have=sum(piece.kind == key for piece in case.evidence), base=key in base)
        for key in ids
        if (kind := book.evidence_types.get(key)) is not None
    )


def evidence_page(case: Case, book: Handbook) -> Page:
    """The completeness of the evidence as a page: what is missing first, with what each must show."""
    wants = wanted_evidence(case, book)
    return Page(
        chapter="case",
        id="evidence",
        title=msg("Is the evidence complete?"),
        facts=(
            *_listed(msg("Missing"), [want for want in wants if not want.have], "✗"),
            *_listed(msg("There"), [want for want in wants if want.have], "✓"),
        ),
    )


def _listed(title: Message, wants: list[Want], glyph: str) -> Iterator[Fact]:
    if wants:
        yield Fact(words=title, heading=True)
    for want in wants:
        words = msg("{glyph} {kind} – {shows}", glyph=glyph, kind=want.kind.label, shows=want.kind.must_show)
        yield Fact(words=words, to=f"evidence/{want.kind.id}")


def _reasons(case: Case, book: Handbook) -> Iterator[tuple[str, Message]]:
    running = [filing.channel for filing in reversed(case.filings) if filing.running]
    yield from _through(running, msg("filed, in progress"), book)
    for playbook in book.playbooks:
        if any(key.startswith(f"{playbook.id}.") for key in case.steps):
            yield playbook.id, msg("started")
    problem = book.problems.get(case.problem)
    if problem is not None:
        yield from ((key, msg("first for: {problem}", problem=problem.label)) for key in problem.first)
    reached = [rung for filing in case.filings if (rung := book.ladder.get(filing.rung)) is not None]
    if reached:
        highest = max(reached, key=lambda rung: rung.level)
        yield from _through(highest.channels, msg("rung reached"), book)
    elif problem is None:
        yield from _through([door.id for door in book.channels if door.first], msg("start here"), book)


def _through(channels: Iterable[str], why: Message, book: Handbook) -> Iterator[tuple[str, Message]]:
    for channel in channels:
        yield from ((playbook.id, why) for playbook in book.playbooks if playbook.channel == channel)


def _ticks(case: Case, playbook: Playbook) -> tuple[Tick, ...]:
    keys = ((f"{playbook.id}.{step.id}", step) for step in playbook.steps)
    return tuple(Tick(key=key, step=step, done_at=case.steps.get(key)) for key, step in keys)
