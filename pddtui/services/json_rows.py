"""What scripts get: the rows of `list --json`, `due --json` and the answer of `when --json`.

A field is always there, null when there is nothing to say, and is never renamed. Texts come in the
language of the reader, times in the zone of the reader.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from msgspec import Struct, convert, field

from pddtui.domain import attention as agenda
from pddtui.domain import duetime
from pddtui.domain.attention import Attention, StateId
from pddtui.domain.case import Direction, FilingState, Reply, Status, Substance, Turn
from pddtui.domain.duetime import Due
from pddtui.domain.entries import Side
from pddtui.domain.flags import FlagKind
from pddtui.domain.ladder import current_rung
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Level, Silence
from pddtui.domain.table import DEED_KEYS
from pddtui.domain.threads import Thread
from pddtui.domain.workdays import Unit
from pddtui.message import Words

if TYPE_CHECKING:
    from pddtui.services.pasting.messages import PastedMeaning, PastedMessage
    from pddtui.services.pasting.proposal import PasteProposal
    from pddtui.services.pasting.reading import PasteKind

__all__ = [
    "CaseRow",
    "DueRow",
    "PasteAnswer",
    "PhraseAnswer",
    "ThreadRow",
    "case_row",
    "due_row",
    "paste_answer",
    "phrase_answer",
    "thread_rows",
]

Say = Callable[[Words], str]
"""Says something in the reader's language; a plain text is somebody's own words and stays."""


class SilenceRow(Struct, frozen=True, kw_only=True):
    """How long they have been silent. All null while it is not their turn."""

    since: datetime | None = None
    elapsed: int | None = None
    """Whole units since then."""
    limit: int | None = None
    """After how many units it is amber; where red is counted in another unit and reached, after how many it is red."""
    unit: Unit | None = None
    """The unit of `elapsed` and `limit`."""
    level: Level | None = None
    red_limit: int | None = None
    red_unit: Unit | None = None
    estimated: bool | None = None


class ThreadRow(Struct, frozen=True, kw_only=True):
    """One addressee that was asked: a filing, or a side that was reached without one."""

    id: str
    """What `pddtui settle` takes: the id of the filing, or that of the case and the side."""
    side: Side
    filing: str | None
    """The id of the filing; null for a side without one."""
    turn: Turn
    since: datetime
    """When it became so."""
    elapsed: int | None
    """Whole units since then while they are to act."""
    limit: int | None
    """After how many units it is amber; where red is counted in another unit and reached, after how many it is red."""
    unit: Unit | None
    level: Level | None
    chases: int
    """How often I asked again since."""
    broken: int
    """How many promises were broken here."""


class CaseRow(Struct, frozen=True, kw_only=True):
    """One case of `list --json`."""

    id: str
    ref: str
    title: str
    status: Status
    rung: str | None
    """Rung id: the highest rung the case was taken to."""
    turn: Turn
    silence: SilenceRow
    next_due: datetime | None
    flags: tuple[FlagKind, ...]
    """What deserves attention, each kind once, soonest first; what merely runs is no flag."""
    level: Level | None
    """The worst level of all flags."""
    next_step: str
    state: StateId
    """The one thing to know of it, as `list` and the desk say it in words."""
    threads: tuple[ThreadRow, ...]
    """Each addressee that was asked."""
    act: str | None
    """The id of what to do now, as the handbook's table of next acts has it."""
    key: str | None
    """The key of the desk that does it; null where there is nothing to do but wait."""


class DueRow(Struct, frozen=True, kw_only=True):
    """One line of `due --json`."""

    kind: FlagKind
    level: Literal["amber", "red", "info"]
    case: str
    """The id of the case."""
    ref: str
    title: str
    text: str
    due: datetime
    overdue: bool
    estimated: bool
    next_step: str
    why: str
    id: str
    """What `pddtui settle` takes: promise, follow-up, ending, or thread to look at; else the rule that raised it."""
    act: str | None
    """The id of the leading act, as the handbook's table of next acts has it."""
    key: str | None
    """The key of the desk that does it; null where there is nothing to do but wait."""
    thread: str | None
    """The id of the thread that it belongs to."""


class DayRow(Struct, frozen=True, kw_only=True):
    """One day of a sum."""

    date: date
    counts: bool
    n: int | None
    """Its number in the period, if it counts."""
    reason: str | None


class PhraseAnswer(Struct, frozen=True, kw_only=True):
    """What a due phrase means: the answer of `when --json`."""

    phrase: str
    start: datetime = field(name="from")
    due: datetime
    whole_day: bool
    """Due at any time of that day."""
    estimated: bool
    steps: tuple[DayRow, ...]
    explanation: tuple[str, ...]


class PastedPersonRow(Struct, frozen=True, kw_only=True):
    name: str | None
    role: str | None
    staff_no: str | None


class PastedPromiseRow(Struct, frozen=True, kw_only=True):
    text: str
    due: datetime | None
    due_phrase: str | None
    estimated: bool


class PastedRow(Struct, frozen=True, kw_only=True):
    """One message of a paste, before messages are grouped into contacts."""

    at: datetime
    direction: Direction | None
    """Null where nothing says whose it is."""
    person: PastedPersonRow
    """Who spoke."""
    said: str
    substance: Substance | None
    reply: Reply | None
    demand: bool
    promises: tuple[PastedPromiseRow, ...]
    new: bool
    """Whether the case has it not yet."""


class PastedFilingRow(Struct, frozen=True, kw_only=True):
    """What the newest notice says of a filing."""

    channel: str
    state: FilingState
    reference: str | None
    at: datetime


class PastedOrderRow(Struct, frozen=True, kw_only=True):
    """What an order page says."""

    number: str | None
    product: str | None
    merchant: str | None
    amount: Decimal | None
    """Yuan."""
    ordered_at: datetime | None
    courier: str | None
    tracking: str | None


class PasteAnswer(Struct, frozen=True, kw_only=True):
    """What a paste would become: the answer of `paste --json`."""

    kind: PasteKind
    messages: tuple[PastedRow, ...]
    filing: PastedFilingRow | None
    order: PastedOrderRow | None
    unread: tuple[str, ...]
    """Lines that were not understood."""


def paste_answer(proposal: PasteProposal, zone: tzinfo) -> PasteAnswer:
    """What the paste would become, message by message."""
    page, notice = proposal.page, proposal.notice
    facts = dict(page.facts())
    return PasteAnswer(
        kind=proposal.kind,
        messages=tuple(
            _pasted_row(message, proposal.meaning(at), zone) for at, message in enumerate(proposal.messages)
        ),
        filing=PastedFilingRow(
            channel=notice.channel, state=notice.state, reference=notice.reference, at=notice.at.astimezone(zone)
        )
        if notice is not None
        else None,
        order=convert({name: facts.get(name) for name in page.__struct_fields__}, PastedOrderRow) if facts else None,
        unread=proposal.unread,
    )


def _pasted_row(message: PastedMessage, meaning: PastedMeaning, zone: tzinfo) -> PastedRow:
    person = message.person
    return PastedRow(
        at=message.at.astimezone(zone),
        direction=message.direction,
        person=PastedPersonRow(name=person.name, role=person.role, staff_no=person.staff_no),
        said=message.said,
        substance=meaning.heard.substance,
        reply=meaning.heard.reply,
        demand=meaning.demand,
        promises=tuple(
            PastedPromiseRow(
                text=one.text,
                due=_local(one.due.at if one.due is not None else None, zone),
                due_phrase=one.phrase,
                estimated=one.due.estimated if one.due is not None else False,
            )
            for one in meaning.promises
        ),
        new=not message.there,
    )


def case_row(attention: Attention, rules: Rules, zone: tzinfo, say: Say) -> CaseRow:
    """The row of one case."""
    case = attention.case
    rung, first = current_rung(case, rules), attention.first_step
    return CaseRow(
        id=case.id,
        ref=case.ref,
        title=case.title,
        status=case.status,
        rung=rung.id if rung else None,
        turn=attention.turn,
        silence=_silence_row(attention.silence, zone),
        next_due=_local(attention.next_due, zone),
        flags=tuple(dict.fromkeys(flag.kind for flag in attention.flags if flag.level is not None)),
        level=attention.level,
        next_step=say(first.words if first is not None else attention.next_step),
        state=attention.state.id,
        threads=thread_rows(attention.threads, attention.scene.silences, zone),
        act=first.act.id if first is not None else None,
        key=DEED_KEYS[first.act.deed] if first is not None else None,
    )


def thread_rows(threads: Sequence[Thread], silent: Sequence[Silence], zone: tzinfo | None) -> tuple[ThreadRow, ...]:
    """The rows of the threads of a case; `silent` are the silences of those in which they are to act."""
    found: dict[str, Silence] = {silence.thread.id: silence for silence in silent if silence.thread is not None}
    return tuple([_thread_row(thread, found.get(thread.id), zone) for thread in threads])


def _thread_row(thread: Thread, silence: Silence | None, zone: tzinfo | None) -> ThreadRow:
    return ThreadRow(
        id=thread.id,
        side=thread.side,
        filing=thread.filing.id if thread.filing is not None else None,
        turn=thread.turn,
        since=thread.since.astimezone(zone),
        elapsed=silence.elapsed if silence is not None else None,
        limit=_limit(silence) if silence is not None else None,
        unit=silence.unit if silence is not None else None,
        level=silence.level if silence is not None else None,
        chases=len(thread.asked),
        broken=thread.broken,
    )


def _silence_row(silence: Silence, zone: tzinfo) -> SilenceRow:
    limit = silence.limit
    return SilenceRow(
        since=_local(silence.since, zone),
        elapsed=silence.elapsed,
        limit=_limit(silence),
        unit=silence.unit,
        level=silence.level,
        red_limit=limit.red.n if limit else None,
        red_unit=limit.red.unit if limit else None,
        estimated=silence.estimated if limit else None,
    )


def _limit(silence: Silence) -> int | None:
    if silence.limit is None or silence.reached is None:
        return None
    amber = silence.limit.amber
    return amber.n if amber.unit == silence.reached.unit else silence.reached.n


def due_row(line: agenda.AgendaLine, zone: tzinfo, say: Say) -> DueRow:
    """The row of one line of the agenda."""
    case, flag = line.case, line.flag
    first = next(iter(flag.steps), None)
    return DueRow(
        kind=flag.kind,
        level=flag.level or "info",
        case=case.id,
        ref=case.ref,
        title=case.title,
        text=say(flag.text),
        due=flag.due.astimezone(zone),
        overdue=flag.overdue,
        estimated=flag.estimated,
        next_step=say(flag.next_step),
        why=say(flag.why),
        id=flag.thing,
        act=first.act.id if first is not None else None,
        key=DEED_KEYS[first.act.deed] if first is not None else None,
        thread=flag.thread,
    )


def phrase_answer(phrase: str, due: Due, say: Say) -> PhraseAnswer:
    """What `phrase` means, with the sum day by day."""
    return PhraseAnswer(
        phrase=phrase,
        start=due.start,
        due=due.at,
        whole_day=due.whole_day,
        estimated=due.estimated,
        steps=tuple(
            DayRow(date=step.date, counts=step.counts, n=step.n, reason=say(step.reason) if step.reason else None)
            for step in due.steps
        ),
        explanation=tuple(say(sentence) for sentence in duetime.explain(due)),
    )


def _local(moment: datetime | None, zone: tzinfo) -> datetime | None:
    return moment.astimezone(zone) if moment else None
