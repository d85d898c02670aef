"""What scripts get: the rows of `list --json`, `due --json` and the answer of `when --json`.

A field is always there, null when there is nothing to say, and is never renamed. Texts come in the
language of the reader, times in the zone of the reader.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Literal

from msgspec import Struct, field

from pddtui.domain import attention as agenda
from pddtui.domain import duetime
from pddtui.domain.attention import Attention, StateId
from pddtui.domain.case import Status, Turn
from pddtui.domain.duetime import Due
from pddtui.domain.flags import FlagKind
from pddtui.domain.ladder import current_rung
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Level, Silence
from pddtui.domain.workdays import Unit
from pddtui.message import Words

__all__ = ["CaseRow", "DueRow", "PhraseAnswer", "case_row", "due_row", "phrase_answer"]

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
    """What `pddtui settle` takes: the promise, the follow-up or the ending; else the rule that raised it."""


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


def case_row(attention: Attention, rules: Rules, zone: tzinfo, say: Say) -> CaseRow:
    """The row of one case."""
    case = attention.case
    rung = current_rung(case, rules)
    return CaseRow(
        id=case.id,
        ref=case.ref,
        title=case.title,
        status=case.status,
        rung=rung.id if rung else None,
        turn=attention.silence.standing.turn,
        silence=_silence_row(attention.silence, zone),
        next_due=_local(attention.next_due, zone),
        flags=tuple(dict.fromkeys(flag.kind for flag in attention.flags if flag.level is not None)),
        level=attention.level,
        next_step=say(attention.next_step),
        state=attention.state.id,
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
