"""The flag of a silence: chase first, and once that was in vain go up."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from pddtui.domain import duetime, ladder
from pddtui.domain.case import Case
from pddtui.domain.flag import Flag
from pddtui.domain.rules import Rules
from pddtui.domain.silence import Silence
from pddtui.domain.step_words import step_words
from pddtui.message import Label, Message, msg

__all__ = ["quiet_flag"]


def quiet_flag(case: Case, silence: Silence, rules: Rules, *, limitation_near: bool) -> Flag | None:
    """The flag of an alarm that is on."""
    if silence.level is None or silence.limit is None or silence.since is None or silence.amber_at is None:
        return None
    reached = silence.red_at if silence.level == "red" and silence.red_at is not None else silence.amber_at
    return Flag(
        kind="quiet",
        level=silence.level,
        thing=silence.limit.id,
        due=_audible(case, reached),
        overdue=True,
        estimated=silence.estimated,
        subject=_Quiet(case, silence, rules, limitation_near),
    )


def _audible(case: Case, reached: datetime) -> datetime:
    """When an alarm that goes off at `reached` was heard: not before the last promise that ran then had run out."""
    spans = ((made.at, min(it.due, it.settled_at or it.due)) for made, it in case.promises if it.due is not None)
    for start, end in sorted(spans):
        if start <= reached < end:
            reached = end
    return reached


class _Quiet(Struct, frozen=True):
    case: Case
    silence: Silence
    rules: Rules
    limitation_near: bool

    @property
    def text(self) -> Message:
        return msg("silent since {since}", since=(self.silence.since or self.case.opened_at).date())

    @property
    def next_step(self) -> Message:
        """Red and chased already: go up. Otherwise chase first, so that nobody can say they were not asked.

        What skips rungs asks nobody to chase first.
        """
        silence = self.silence
        skip = ladder.straight(self.case, self.rules)
        if skip is not None:
            return step_words(skip)
        channel = self.rules.channels.get(silence.limit.channel if silence.limit else "") or self.rules.channels.get(
            silence.standing.channel or ""
        )
        where = channel.label if channel else Label(zh="对方", en="them")
        if silence.exhausted:
            step = ladder.next_step(self.case, self.rules, limitation_near=self.limitation_near)
            if step is None:
                return msg("Chase {where}; there is no higher rung.", where=where)
            up = step_words(step)
            return msg("The countdown in the app is over. {step}", step=up) if silence.counting_down else up
        if silence.counting_down:
            return msg("Look in the app: the countdown is about to end.")
        return msg("Chase {where} and ask for a date.", where=where)

    @property
    def why(self) -> Message:
        silence = self.silence
        since = silence.since or self.case.opened_at
        if silence.counting_down and silence.red_at is not None:
            return msg("Asked on {since}; the countdown in the app ends at {end}.", since=since, end=silence.red_at)
        reached = silence.reached
        if reached is None:
            return self.text
        elapsed = duetime.period(silence.elapsed or 0, reached.unit)
        if silence.clock is not None and silence.level == "red":
            return msg(
                "Silent for {elapsed} since {since}; “{label}” ended on {end}.",
                elapsed=elapsed,
                since=since,
                label=silence.clock.rule.label,
                end=silence.clock.due.at.date(),
            )
        return msg(
            "Silent for {elapsed} since {since}; the limit here is {limit}.",
            elapsed=elapsed,
            since=since,
            limit=duetime.period(reached.n, reached.unit),
        )
