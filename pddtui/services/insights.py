"""What many cases say together: promises kept and broken, silence and answers, money, and what it cost me.

A pure computation over cases as seen at one moment; cases in the trash do not count. Where there is nothing to
count from, a median is None and a list is empty: nothing is made up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from pddtui.domain.case import Case
from pddtui.domain.contact import Contact, Promise
from pddtui.domain.rules import Rules
from pddtui.domain.text import fold
from pddtui.services.insight_facts import Effort, Insights, Money, OutcomeCount, Promises, RungSilence, Spread, Week
from pddtui.services.silences import Stretch, stretches

__all__ = ["insights"]

WEEKS = 12
"""How many weeks of contacts are told, this one included."""

_PRICE_BACK = frozenset({"refund_only", "return_refund", "punitive3", "food10x"})
"""Remedies that give back at least the price, and so demand it where they name no sum."""

_CENT = Decimal("0.01")
_DAY = timedelta(days=1)


def insights(cases: Iterable[Case], now: datetime, rules: Rules, phones: Collection[str] = ()) -> Insights:
    """The insights of `cases` at `now`; `phones` are the ids of the channels that are telephones."""
    seen = sorted((case for case in cases if case.trashed_at is None), key=lambda case: (case.opened_at, case.id))
    made = [promise for case in seen for promise in case.promises]
    ended = [case for case in seen if case.status != "open"]
    resolved = [case for case in ended if case.status == "resolved"]
    outcomes = Counter(case.outcome.kind if case.outcome else None for case in ended)
    return Insights(
        cases=len(seen),
        open=len(seen) - len(ended),
        ended=len(ended),
        outcomes=tuple(OutcomeCount(outcome=kind, cases=n) for kind, n in outcomes.most_common()),
        promises=_tally(None, (promise for _, promise in made), now),
        by_side=_grouped(made, now, lambda contact: rules.side(contact.channel)),
        by_role=_grouped(made, now, lambda contact: contact.person.role),
        by_channel=_grouped(made, now, lambda contact: contact.channel),
        rungs=_rungs([stretch for case in seen for stretch in stretches(case, now, rules)], rules),
        resolution=_spread(case.closed_at - case.begun for case in resolved if case.closed_at is not None),
        money=_money(seen),
        effort=_effort(seen, phones),
        weeks=_weeks([contact for case in seen for contact in case.contacts], now),
    )


def _grouped(
    made: Sequence[tuple[Contact, Promise]], now: datetime, kind: Callable[[Contact], str | None]
) -> tuple[Promises, ...]:
    """By kind, those who broke and let pass the most first. Roles that differ in nothing one reads are one."""
    names: dict[str, str | None] = {}
    groups: dict[str, list[Promise]] = {}
    for contact, promise in made:
        name = kind(contact)
        key = fold(name or "").strip()
        names.setdefault(key, name)
        groups.setdefault(key, []).append(promise)
    tallies = [_tally(names[key], promises, now) for key, promises in groups.items()]
    return tuple(sorted(tallies, key=lambda it: (-(it.broken + it.overdue), -it.total, it.of is None, it.of or "")))


def _tally(of: str | None, promises: Iterable[Promise], now: datetime) -> Promises:
    ends = Counter(_end(promise, now) for promise in promises)
    return Promises(of=of, **ends)


def _end(promise: Promise, now: datetime) -> str:
    if promise.state != "open":
        return promise.state
    return "overdue" if promise.due is not None and promise.due < now else "running"


def _rungs(found: Sequence[Stretch], rules: Rules) -> tuple[RungSilence, ...]:
    groups: dict[str, list[Stretch]] = {}
    for stretch in sorted(found, key=lambda stretch: stretch.start):
        groups.setdefault(stretch.rung, []).append(stretch)
    levels = {rung.id: rung.level for rung in rules.ladder}
    return tuple(
        RungSilence(
            rung=rung,
            silence=_spread(stretch.length for stretch in groups[rung]),
            answer=_spread(stretch.length for stretch in groups[rung] if stretch.answered),
        )
        for rung in sorted(groups, key=lambda rung: (levels.get(rung, len(levels)), rung))
    )


def _spread(lengths: Iterable[timedelta]) -> Spread:
    days = [max(0.0, length / _DAY) for length in lengths]
    if not days:
        return Spread(n=0)
    return Spread(
        n=len(days),
        median=round(median(days), 1),
        longest=round(max(days), 1),
        each=tuple(round(each, 1) for each in days),
    )


def _money(cases: Sequence[Case]) -> tuple[Money, ...]:
    sums: dict[str, list[Decimal]] = {}
    for case in cases:
        demanded = _demanded(case)
        recovered = (case.outcome.recovered if case.outcome else None) or Decimal(0)
        if demanded or recovered:
            so_far = sums.setdefault(case.order.currency, [Decimal(0), Decimal(0), Decimal(0)])
            for place, amount in enumerate((demanded, demanded if case.status == "open" else Decimal(0), recovered)):
                so_far[place] += amount
    return tuple(
        Money(
            currency=currency,
            demanded=demanded.quantize(_CENT),
            still_open=still_open.quantize(_CENT),
            recovered=recovered.quantize(_CENT),
        )
        for currency, (demanded, still_open, recovered) in sorted(sums.items(), key=lambda it: (-it[1][0], it[0]))
    )


def _demanded(case: Case) -> Decimal:
    demand = case.demand
    if demand.amount is not None:
        return demand.amount
    return (case.order.amount if demand.remedy in _PRICE_BACK else None) or Decimal(0)


def _effort(cases: Sequence[Case], phones: Collection[str]) -> Effort:
    calls: set[tuple[str, str | None, datetime]] = set()
    messages = minutes = 0
    for case in cases:
        for contact in case.contacts:
            minutes += contact.minutes or 0
            if contact.minutes is not None or contact.channel in phones:
                calls.add((case.id, contact.channel, contact.at))
            elif contact.direction == "out":
                messages += 1
    return Effort(calls=len(calls), messages=messages, minutes=minutes)


def _weeks(contacts: Sequence[Contact], now: datetime) -> tuple[Week, ...]:
    this = _monday(now)
    spoken = Counter((_monday(contact.at.astimezone(now.tzinfo)), contact.direction) for contact in contacts)
    mondays = [this - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    return tuple(Week(monday=day, mine=spoken[day, "out"], theirs=spoken[day, "in"]) for day in mondays)


def _monday(at: datetime) -> date:
    return at.date() - timedelta(days=at.weekday())
