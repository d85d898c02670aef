"""The escalation ladder: where a case stands, what comes next, and what the next rung needs.

Gates list what is missing; conflicts and shortcuts are shown before the step is taken. None of them forbids
anything: a gate may be passed knowingly, and the filing records it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from pddtui.domain.case import Case, Filing
from pddtui.domain.entries import Side
from pddtui.domain.rules import ClashRule, Rules, Rung, Shortcut
from pddtui.message import Label, Message, Value, msg, plural

__all__ = [
    "GATES_SAID",
    "RungStep",
    "clash_id",
    "current_rung",
    "gate_needs",
    "next_step",
    "passed_words",
    "prospect",
    "usual_channel",
]


class Gate(Struct, frozen=True, kw_only=True):
    """One thing a channel needs, and whether this case has it."""

    id: str
    needs: Message
    there: Value | None = None
    """What of it there is; None where it is missing."""
    waived: bool = False
    """The way that is taken does not need it."""

    @property
    def met(self) -> bool:
        """Whether it does not stand in the way."""
        return self.waived or self.there is not None


class RungStep(Struct, frozen=True, kw_only=True):
    """What going to one rung would mean for one case."""

    rung: Rung
    channel: str
    gates: tuple[Gate, ...]
    clashes: tuple[ClashRule, ...]
    """What runs, or was handled, and conflicts with the channel."""
    bars: tuple[ClashRule, ...] = ()
    """Ways that may be closed once it is filed there: to be known beforehand."""
    shortcuts: tuple[Shortcut, ...]
    """Reasons of this case to go elsewhere or straight up, until it was taken there."""

    @property
    def missing(self) -> tuple[Gate, ...]:
        """The gates that are not met."""
        return tuple(gate for gate in self.gates if not gate.met)


class _Plan(Struct, frozen=True):
    """A case that is about to be filed."""

    case: Case
    rules: Rules
    now: datetime


def _demand_stated(plan: _Plan) -> Value | None:
    first = next((contact.at for contact in plan.case.contacts if contact.demand), None)
    return msg("stated on {at}", at=first) if first is not None else None


def _demanded(plan: _Plan) -> Value | None:
    remedy = plan.case.demand.remedy
    return plan.rules.remedies.get(remedy, remedy) if remedy is not None else None


def _evidence(plan: _Plan) -> Value | None:
    pieces = len(plan.case.evidence)
    return plural("{n} piece of evidence", "{n} pieces of evidence", pieces) if pieces else None


def _facts(plan: _Plan) -> Value | None:
    return msg("the description") if plan.case.description else _evidence(plan)


def _operator(plan: _Plan) -> Value | None:
    name, address = plan.case.operator.name, plan.case.operator.address
    return (name, address) if name is not None and address is not None else None


def _said(gate: str, plan: _Plan) -> Value | None:
    at = plan.case.milestones.get(GATES_SAID[gate])
    return msg("you said so on {at}", at=at) if at is not None else None


def _courier_asked(plan: _Plan) -> datetime | None:
    """When the courier was first asked, in the log or by a filing."""
    case, side = plan.case, plan.rules.side
    asked = [it.at for it in case.contacts if it.direction == "out" and side(it.channel) == "courier"]
    return min([*asked, *(it.filed_at for it in case.filings if side(it.channel) == "courier")], default=None)


def _courier_late(plan: _Plan) -> Value | None:
    """The courier's seven days are over (Express Delivery Regulations), or it has answered or refused."""
    asked, case, side = _courier_asked(plan), plan.case, plan.rules.side
    if asked is None:
        return None
    heard = [it for it in case.contacts if it.at >= asked and side(it.channel) == "courier"]
    answered = next((it.at for it in heard if it.substance == "answer"), None)
    ended = (
        it.ended_at for it in case.filings if side(it.channel) == "courier" and it.state in ("answered", "refused")
    )
    answered = answered or next(ended, None)
    if answered is not None:
        return msg("answered on {at}", at=answered)
    passed = (plan.now.astimezone(asked.tzinfo).date() - asked.date()).days
    return msg("asked on {at}", at=asked) if passed > _COURIER_DAYS else None


_COURIER_DAYS = 7


_GATES: dict[str, tuple[Message, Callable[[_Plan], Value | None]]] = {
    "demand_stated": (msg("a demand stated to them"), _demand_stated),
    "demand_sum": (msg("a demand that names an act: refund, exchange, an amount"), _demanded),
    "order_number": (msg("the order number"), lambda plan: plan.case.order.number),
    "evidence": (msg("at least one piece of evidence"), _evidence),
    "facts": (msg("what happened: a description, or a piece of evidence"), _facts),
    "reference": (
        msg("a reference number from the rung below"),
        lambda plan: next((filing.reference for filing in plan.case.filings if filing.reference), None),
    ),
    "operator": (msg("name and address of the operator behind the merchant"), _operator),
    "waybill": (msg("the waybill number"), lambda plan: plan.case.order.tracking),
    "courier_named": (msg("the name of the courier"), lambda plan: plan.case.order.courier),
    "courier_asked": (msg("a complaint to the courier first"), _courier_asked),
    "courier_late": (msg("seven days since then, or an answer that does not satisfy"), _courier_late),
    "identity": (
        msg("your real name, phone and address at hand (they are not stored here)"),
        lambda plan: _said("identity", plan),
    ),
    "masked": (
        msg("a masked text: names, numbers and addresses hidden"),
        lambda plan: _said("masked", plan),
    ),
}
"""What a channel may need, by the id that the handbook uses, and what of it there is in a case.

The last two cannot be seen: they are met once the user has said so, as a milestone of the case.
"""

GATES_SAID: Mapping[str, str] = {"identity": "identity_ready", "masked": "text_masked"}
"""Gates that only the person can see to, and the milestone that says so."""


def current_rung(case: Case, rules: Rules) -> Rung | None:
    """The highest rung the case was taken to; the lowest one before anything was filed."""
    reached = [rung for filing in case.filings if (rung := rules.rung(filing.rung)) is not None]
    return max(reached, key=lambda rung: rung.level, default=rules.ladder[0] if rules.ladder else None)


def next_step(
    case: Case, rules: Rules, *, now: datetime | None = None, limitation_near: bool = False
) -> RungStep | None:
    """The next rung up with what it needs, straight to a shortcut's rung where one applies; None at the top.

    `limitation_near`: whether the limitation of the case is about to end, which the case alone does not show.
    """
    here = current_rung(case, rules)
    if here is None:
        return None
    above = [rung for rung in rules.ladder if rung.level > here.level]
    if not above:
        return None
    for short in _shortcuts(case, rules, limitation_near=limitation_near):
        channel, rung = _led_to(short, rules)
        if short.once_asked is not None and not _has_asked(short.once_asked, case, rules):
            continue
        if rung is not None and rung in above:
            return prospect(case, rung, channel, rules, now=now, limitation_near=limitation_near)
    return prospect(case, above[0], None, rules, now=now, limitation_near=limitation_near)


def prospect(
    case: Case,
    rung: Rung,
    channel: str | None,
    rules: Rules,
    *,
    now: datetime | None = None,
    limitation_near: bool = False,
) -> RungStep:
    """What filing at `rung` through `channel` (None: its usual one) would mean for the case.

    `now` is when it would be filed; without one, as soon as the last thing that is known of the case had happened.
    """
    plan = _Plan(case, rules, now or _last_known(case))
    through = channel or rung.channels[0]
    shortcuts = _shortcuts(case, rules, limitation_near=limitation_near)
    waived = {gate for short in shortcuts if short.to in (rung.id, through) for gate in short.waives}
    gates = [
        Gate(id=gate, needs=_GATES[gate][0], there=_GATES[gate][1](plan), waived=gate in waived)
        for gate in rules.gates_of(rung, through)
        if gate in _GATES
    ]
    clashes = [rule for rule in rules.clashes if _stands_in_the_way(rule, through, case)]
    return RungStep(
        rung=rung,
        channel=through,
        gates=tuple(gates),
        clashes=tuple(clashes),
        bars=tuple(rule for rule in rules.clashes if rule.b == through != rule.a and rule not in clashes),
        shortcuts=tuple(short for short in shortcuts if not _taken(short, case, rules)),
    )


def _last_known(case: Case) -> datetime:
    moments = (case.opened_at, *(it.at for it in case.contacts), *(it.filed_at for it in case.filings))
    return max(moments)


def _stands_in_the_way(rule: ClashRule, through: str, case: Case) -> bool:
    """Whether what was lodged keeps `through` from taking the case.

    What runs does, and what somebody accepted, or answered, before it ended; what was refused or withdrawn without
    having been accepted does not.
    """
    if rule.a == through and any(filing.channel == rule.b and _taken_on(filing) for filing in case.filings):
        return True
    return rule.both_ways and rule.b == through and any(it.channel == rule.a and it.running for it in case.filings)


def _taken_on(filing: Filing) -> bool:
    return filing.running or filing.accepted_at is not None or filing.state == "answered"


def usual_channel(step: RungStep | None, rung: Rung) -> str:
    """Through which channel the case would go to the rung if nobody says otherwise; `step` is where it goes next."""
    return step.channel if step is not None and step.rung.id == rung.id else rung.channels[0]


def gate_needs(gate: str) -> Message | None:
    """What the gate with that id asks for; None for an id that nothing here can see."""
    found = _GATES.get(gate)
    return found[0] if found is not None else None


def clash_id(rule: ClashRule) -> str:
    """The id under which a knowingly accepted conflict stands among the passed gates of a filing."""
    return f"clash:{rule.a}+{rule.b}"


def passed_words(passed: tuple[str, ...], rules: Rules) -> tuple[tuple[Message | str, ...], tuple[Label, ...]]:
    """What was missing when a filing was made, and what it was in conflict with, from the ids that it keeps."""
    clashes = {clash_id(rule): rule.label for rule in rules.clashes}
    missing = tuple(gate_needs(gate) or gate for gate in passed if gate not in clashes)
    return missing, tuple(clashes[gate] for gate in passed if gate in clashes)


def _shortcuts(case: Case, rules: Rules, *, limitation_near: bool) -> tuple[Shortcut, ...]:
    """The shortcuts that apply, in the order of the handbook; a limitation that is about to end comes first."""
    found = [
        short
        for short in rules.shortcuts
        if case.problem in short.problems
        or short.event in case.milestones
        or (short.limitation_near and limitation_near)
    ]
    return tuple(sorted(found, key=lambda short: not short.limitation_near))


def _taken(short: Shortcut, case: Case, rules: Rules) -> bool:
    """Whether the case was lodged there or higher up, or I have turned to that channel."""
    rung, way = rules.rung(short.to), rules.rung_of(short.to)
    here = max((rules.levels.get(filing.rung, 0) for filing in case.filings), default=-1)
    if rung is not None:
        return here >= rung.level
    if way is not None and here > way.level:
        return True
    turned_to = {filing.channel for filing in case.filings} | {contact.channel for contact in case.contacts}
    return short.to in turned_to


def _led_to(short: Shortcut, rules: Rules) -> tuple[str | None, Rung | None]:
    """The channel and the rung a shortcut leads to; no rung for one beside the ladder."""
    rung = rules.rung(short.to)
    if rung is not None:
        return (short.through if short.through in rung.channels else None), rung
    return short.to, rules.rung_of(short.to)


def _has_asked(side: Side, case: Case, rules: Rules) -> bool:
    """The postal authority takes an appeal only once the courier has been asked (Postal Law, art. 65)."""
    return any(rules.side(filing.channel) == side for filing in case.filings)
