"""The flags of a request in the app that needs me: it waits for me and nobody knows how long, or was closed against me.

My own time-outs count as much as theirs: a request that is closed against me is due on the day I see it and
overdue from then on, until I say or lodge something.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct

from pddtui.domain import duetime
from pddtui.domain.case import Case
from pddtui.domain.clock import zone_of
from pddtui.domain.deadlines import Deadline
from pddtui.domain.flag import Flag, dealt_with, level_of
from pddtui.domain.rules import Aftersale, DeadlineRule, Rules
from pddtui.domain.turn import done_for
from pddtui.message import Message, Words, msg

__all__ = ["request_flags"]


def request_flags(case: Case, clocks: tuple[Deadline, ...], now: datetime, rules: Rules) -> Iterator[Flag]:
    """What the requests in the app of an open case ask of me."""
    if not case.filings:
        return
    if rules.my_countdown is not None:
        yield from _waiting(case, clocks, rules.my_countdown)
    yield from _closed(case, now, rules)


def _waiting(case: Case, clocks: tuple[Deadline, ...], rule: DeadlineRule) -> Iterator[Flag]:
    """Those that wait for me while nobody has typed in how long; `rule` is that of my countdowns."""
    waiting = [
        filing
        for filing in case.filings
        if filing.awaits_me and filing.countdown_until is None and done_for(case, filing) is None
    ]
    if not waiting or any(clock.rule.mine and clock.rule.kind == "platform" and clock.runs for clock in clocks):
        return
    for filing in waiting:
        since = filing.aftersale_at or filing.ended_at or filing.filed_at
        if not dealt_with(case, since):
            yield Flag(
                kind="my_deadline",
                level="amber",
                thing=f"{rule.id}@{filing.id}",
                due=duetime.end_of_day(since.date(), zone_of(since)),
                overdue=False,
                subject=_Uncounted(rule, since),
            )


def _closed(case: Case, now: datetime, rules: Rules) -> Iterator[Flag]:
    for filing in case.filings:
        if filing.state != "refused" or filing.aftersale_state is None or filing.aftersale_at is None:
            continue
        shown = rules.aftersales.get(filing.aftersale_state)
        if shown is None or dealt_with(case, filing.aftersale_at):
            continue
        due = duetime.end_of_day(filing.aftersale_at.date(), zone_of(filing.aftersale_at))
        yield Flag(
            kind="my_deadline",
            level=level_of(due, now, estimated=False),
            thing=f"aftersale_{shown.code}@{filing.id}",
            due=due,
            overdue=now > due,
            subject=_Closed(shown, filing.aftersale_at),
        )


class _Uncounted(Struct, frozen=True):
    rule: DeadlineRule
    since: datetime

    @property
    def text(self) -> Words:
        return self.rule.label

    @property
    def next_step(self) -> Message:
        return msg("Type in the countdown that the app shows, then answer there or ask the platform to step in.")

    @property
    def why(self) -> Message:
        return msg(
            "Since {since} the app has been waiting for you. What you do not answer in time is closed against you.",
            since=self.since,
        )


class _Closed(Struct, frozen=True):
    shown: Aftersale
    since: datetime

    @property
    def text(self) -> Words:
        return msg("closed against me: {state}", state=self.shown.label)

    @property
    def next_step(self) -> Message:
        if self.shown.hint is None:
            return msg("The request was closed against you: file it anew, or go up.")
        return msg("The request was closed against you: {hint}.", hint=self.shown.hint)

    @property
    def why(self) -> Message:
        return msg(
            "On {since} the app showed “{state}”. Nobody acts there any more unless you do.",
            since=self.since,
            state=self.shown.label,
        )
