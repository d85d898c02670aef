"""The next act: what a good adviser would say that I do now, why, and with which key.

What the moment is, is seen here, in a thread or in one thing of a case; what is to be done about it stands in a table,
`data/next.yaml`. The first row that fits leads and the others follow; an act that cannot be done, or that was done, is
left out. Nothing else in the program words a step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.deadlines import Deadline, limitation_near
from pddtui.domain.ladder import RungStep, next_step, prospect
from pddtui.domain.rules import LOOK_AGAIN, Rules
from pddtui.domain.silence import Silence
from pddtui.domain.table import Act, Moment, NextRow
from pddtui.domain.threads import Thread
from pddtui.domain.turn import awaits_me, done_for
from pddtui.message import Filled, Message, Value, msg

__all__ = [
    "BLANKS",
    "Scene",
    "Situation",
    "Step",
    "lead",
    "situation_of",
    "state_shown",
    "steps",
    "steps_in_turn",
    "way_up",
]

BLANKS: Final = ("channel", "date", "broken", "hint", "who", "what", "rung")
"""What the words of an act may name: the channel of the thread, the date that the act is about, how many promises were
broken there, what the app asks for, who promised, what I planned, and where the case was taken."""


_UNHURRIED: Final[tuple[Moment, ...]] = ("waiting", "returning")
"""Moments in which looking is all that there is to do, and comes up again by its own clock."""


class Scene(Struct, frozen=True, kw_only=True, gc=False):
    """A case at one moment, with everything that was seen in it."""

    case: Case
    now: datetime
    rules: Rules
    threads: tuple[Thread, ...]
    silences: tuple[Silence, ...]
    """Those of the threads in which they are to act, in the same order."""
    clocks: tuple[Deadline, ...]
    """Those near `now`."""

    @property
    def used(self) -> frozenset[str | None]:
        """The channels through which anything was said by me, or lodged."""
        filed = {filing.channel for filing in self.case.filings}
        return frozenset(filed | {contact.channel for contact in self.case.contacts if contact.direction == "out"})

    def silence_in(self, thread: Thread) -> Silence | None:
        """The silence in that thread; None where nobody owes an answer, or it rests."""
        for silence in self.silences:
            if silence.thread is thread:
                return silence
        return None

    def thread(self, thread_id: str | None) -> Thread | None:
        """The thread with that id."""
        for thread in self.threads:
            if thread.id == thread_id:
                return thread
        return None

    def whose(self, clock: Deadline) -> Thread | None:
        """The thread to which a clock belongs: its filing's, or that of whoever has to act by then."""
        if clock.filing is not None or clock.rule.mine:
            return self.thread(clock.filing) if not clock.rule.right else None
        found: Thread | None = None
        for thread in self.threads:
            if thread.side == clock.rule.who:
                if thread.live:
                    return thread
                found = found or thread
        return found


class Situation(Struct, frozen=True, kw_only=True, gc=False):
    """What an act is about."""

    moment: Moment
    thread: Thread | None = None
    clock: Deadline | None = None
    state: int | None = None
    """What the app shows, by code."""
    date: datetime | None = None
    who: Value | None = None
    what: Value | None = None
    """What I planned, in my words."""


class Step(Struct, frozen=True, kw_only=True, gc=False):
    """One act, as this case may do it now."""

    act: Act
    row: NextRow
    """The row of the table that says so."""
    words: Message
    thread: str | None = None
    until: datetime | None = None
    """By when, where a clock says so."""


def moment_of(scene: Scene, thread: Thread) -> Moment:
    """What the moment is in a thread in which it is my turn."""
    case, rules, filing = scene.case, scene.rules, thread.filing
    if _has_come(case, thread.since, rules):
        return "has_come"
    answer = thread.answer
    if filing is not None:
        if filing.running and awaits_me(filing, rules) and done_for(case, filing, rules) is None:
            return "app_waits"
        since = answer is not None and filing.ended_at is not None and answer.at > filing.ended_at
        if filing.state == "refused" and not since:
            return "refused"
        if filing.state == "ended" and not since:
            return "ended"
    if answer is not None and answer.reply is not None and answer.reply != "other":
        return answer.reply
    if answer is None and not thread.contacts and filing is None:
        return "untold"
    if not scene.used and all(contact.substance != "answer" for contact in thread.contacts):
        return "untold"
    return "answered"


def state_shown(thread: Thread | None) -> int | None:
    """What the app shows of the filing of the thread, by code."""
    return thread.filing.aftersale_state if thread is not None and thread.filing is not None else None


def situation_of(scene: Scene, thread: Thread) -> Situation:
    """What an act in that thread is about."""
    shown = state_shown(thread)
    if thread.turn == "mine":
        return Situation(moment=moment_of(scene, thread), thread=thread, state=shown, date=thread.since)
    silence = scene.silence_in(thread)
    if silence is None:
        return Situation(moment="over", thread=thread)
    moment: Moment = "returning" if thread.stage == "returning" else "waiting"
    date = silence.amber_at
    if silence.counting_down:
        if silence.level is not None:
            moment = "countdown_over" if silence.level == "red" else "countdown_near"
        date = silence.red_at
    elif silence.level is not None:
        moment = "unanswered" if silence.level == "red" else "silent"
        date = silence.since
    elif silence.promise is not None:
        date = silence.promise[1].due
    return Situation(moment=moment, thread=thread, state=shown, date=date)


def steps(scene: Scene, situation: Situation) -> tuple[Step, ...]:
    """What to do in that situation, the leading act first. There is always one: waiting, if nothing else."""
    return tuple(steps_in_turn(scene, situation))


def steps_in_turn(scene: Scene, situation: Situation) -> Iterator[Step]:
    """The same, each worked out as it is asked for: of most situations only the leading act is shown."""
    said: set[str] = set()
    for row in scene.rules.rows_at.get(situation.moment, ()):
        if not _fits(row, scene, situation):
            continue
        can = False
        for act_id in row.acts:
            act = scene.rules.acts.get(act_id)
            if act is not None and act.way not in said and possible(act, scene, situation):
                can = True
                said.add(act.way)
                yield _step(act, row, scene, situation)
        if can and row.alone:
            break


def lead(found: Sequence[Step]) -> Message:
    """The leading act in words; that there is nothing to do, where there is none."""
    return found[0].words if found else msg("Nothing to do for now.")


def way_up(found: Iterable[Step], scene: Scene) -> RungStep | None:
    """What the first of the acts that lodges the case somewhere would mean; without one, the next rung up.

    A report brings no money, so it is meant only where it leads or goes before all else, as for food.
    """
    case, rules = scene.case, scene.rules
    for place, step in enumerate(found):
        rung = rules.rung(step.act.rung or "") if step.act.deed == "file" else None
        meant = place == 0 or "first" in step.row.moment or not _reports(step.act, rules)
        if rung is not None and meant:
            return prospect(case, rung, step.act.channel, rules, now=scene.now)
    return next_step(case, rules, now=scene.now, limitation_near=limitation_near(scene.clocks, scene.now))


def _reports(act: Act, rules: Rules) -> bool:
    """Whether what is filed tells of a violation and claims nothing."""
    channel = rules.channels.get(act.channel or "")
    return channel is not None and not channel.claims


def _fits(row: NextRow, scene: Scene, situation: Situation) -> bool:
    return _fits_case(row, scene) and _fits_thread(row, scene, situation.thread) and _fits_thing(row, situation)


def _fits_case(row: NextRow, scene: Scene) -> bool:
    case = scene.case
    return (
        (not row.problems or case.problem in row.problems)
        and (not row.events or any(event in case.milestones for event in row.events))
        and not any(event in case.milestones for event in row.without)
        and (not row.tried or not scene.used.isdisjoint(row.tried))
        and scene.used.isdisjoint(row.untried)
        and (not row.pending or any(it.running and it.channel in row.pending for it in case.filings))
        and (not row.demands or case.demand.remedy in row.demands)
        and (not row.running or any(clock.rule.id in row.running and clock.runs for clock in scene.clocks))
    )


def _fits_thread(row: NextRow, scene: Scene, thread: Thread | None) -> bool:
    if thread is None:
        of_thread = (row.sides, row.rungs, row.channels, row.broken, row.refusals, row.filed, row.stages, row.accepted)
        return not any(of_thread)
    return (
        (not row.sides or thread.side in row.sides)
        and (not row.rungs or _rung(scene, thread) in row.rungs)
        and (not row.channels or thread.through in row.channels)
        and (not row.stages or thread.stage in row.stages)
        and (row.accepted is None or row.accepted == (thread.stage == "accepted"))
        and (not row.broken or thread.broken >= row.broken)
        and (not row.refusals or _refusals(scene, thread) >= row.refusals)
        and (not row.filed or sum(it.channel == thread.through for it in scene.case.filings) >= row.filed)
    )


def _fits_thing(row: NextRow, situation: Situation) -> bool:
    clock = situation.clock
    return (not row.clocks or (clock is not None and clock.rule.id in row.clocks)) and (
        not row.states or situation.state in row.states
    )


def _refusals(scene: Scene, thread: Thread) -> int:
    """How often the side of the thread has refused, in all that was taken to it; a refused filing is one at least."""
    return sum(
        max(
            sum(contact.reply == "refused" for contact in each.contacts),
            each.filing is not None and each.filing.state == "refused",
        )
        for each in scene.threads
        if each.side == thread.side and each.track == thread.track
    )


def _rung(scene: Scene, thread: Thread | None) -> str | None:
    if thread is None:
        return None
    if thread.filing is not None:
        return thread.filing.rung
    rung = scene.rules.rung_of(thread.channel or "")
    return rung.id if rung is not None else (scene.rules.ladder[0].id if scene.rules.ladder else None)


def possible(act: Act, scene: Scene, situation: Situation) -> bool:
    """Whether the act can be done in this case, and was not done yet."""
    case, thread = scene.case, situation.thread
    match act.deed:
        case "tell" | "log" | "letter":
            return not _said(act, scene, thread)
        case "file":
            return _can_file(act, scene)
        case "note":
            return bool(case.filings)
        case "evidence":
            return all(record.kind not in act.evidence for record in case.evidence)
        case "milestone":
            return act.event is None or act.event not in case.milestones
        case "resolve":
            return case.status == "open"
        case "look":
            return thread is None or situation.moment in _UNHURRIED or not _looked_at(scene, thread)
    return True


def _looked_at(scene: Scene, thread: Thread) -> bool:
    """Whether I looked how it stands there so lately that I need not look again yet."""
    looked = scene.case.looked.get(thread.id)
    return looked is not None and looked > scene.now - LOOK_AGAIN


def _said(act: Act, scene: Scene, thread: Thread | None) -> bool:
    """Whether it was said to that side so lately that it need not be said again.

    What a thread asks to be said in it is asked for by whose turn it is there; to another side it is said once since.
    """
    side, since = scene.rules.side(act.channel), scene.now - LOOK_AGAIN
    if thread is not None:
        if side is None or side == thread.side:
            return False
        since = thread.since
    return any(
        contact.at >= since and contact.direction == "out" and side in (None, scene.rules.side(contact.channel))
        for contact in scene.case.contacts
    )


def _can_file(act: Act, scene: Scene) -> bool:
    """Whether nothing was lodged there yet, and nothing that runs or was handled stands in its way."""
    rung = scene.rules.rung(act.rung or "")
    if rung is None:
        return False
    channel = act.channel or rung.channels[0]
    lodged = [filing for filing in scene.case.filings if filing.channel == channel and filing.rung == rung.id]
    if any(filing.running for filing in lodged) or (lodged and not act.again):
        return False
    return not prospect(scene.case, rung, channel, scene.rules, now=scene.now).clashes


def _step(act: Act, row: NextRow, scene: Scene, situation: Situation) -> Step:
    thread = situation.thread
    until = min(
        (
            clock.due.at
            for clock in scene.clocks
            if clock.rule.id in act.until and clock.runs and clock.due.at >= scene.now
        ),
        default=None,
    )
    return Step(
        act=act,
        row=row,
        words=_words(act, scene, situation, until),
        thread=thread.id if thread is not None else None,
        until=until,
    )


def _words(act: Act, scene: Scene, situation: Situation, until: datetime | None) -> Message:
    """The sentence of the act, with what the rung still needs and by when it has to be done."""
    said: Value = act.label
    if "{" in act.zh or "{" in act.en:
        named = _values(scene, situation).items()
        said = Filled(act.label, {name: it for name, it in named if f"{{{name}}}" in act.zh + act.en})
    missing: tuple[Message, ...] = ()
    if act.deed == "file":
        rung = scene.rules.rung(act.rung or "")
        if rung is not None:
            step = prospect(scene.case, rung, act.channel, scene.rules, now=scene.now)
            missing = tuple(gate.needs for gate in step.missing)
    if until is not None and missing:
        return msg("{act}, by {until}. Still missing: {missing}.", act=said, until=until, missing=missing)
    if missing:
        return msg("{act}. Still missing: {missing}.", act=said, missing=missing)
    if until is not None:
        return msg("{act}, by {until}.", act=said, until=until)
    return msg("{act}.", act=said)


def _values(scene: Scene, situation: Situation) -> dict[str, Value]:
    thread, rules = situation.thread, scene.rules
    known = rules.channels.get(thread.through or "") if thread is not None else None
    shown = rules.aftersales.get(situation.state) if situation.state is not None else None
    rung = rules.rung(_rung(scene, thread) or "")
    return {
        "channel": known.label if known is not None else msg("them"),
        "date": situation.date or scene.now,
        "broken": thread.broken if thread is not None else 0,
        "hint": shown.hint if shown is not None and shown.hint is not None else msg("answer there"),
        "who": situation.who or msg("they"),
        "what": situation.what or "",
        "rung": rung.label if rung is not None else msg("them"),
    }


def _has_come(case: Case, since: datetime, rules: Rules) -> bool:
    """Whether the last thing heard is that it is done: the app says so, or the refund was noted."""
    noted = (case.milestones.get(name) for name in rules.arrivals)
    return any(at is not None and at >= since for at in noted) or any(
        filing.state == "answered" and filing.aftersale_at is not None and filing.aftersale_at >= since
        for filing in case.filings
    )
