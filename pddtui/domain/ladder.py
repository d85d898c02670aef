"""The escalation ladder: where a case stands, what comes next, and what the next rung needs.

Gates list what is missing; conflicts and shortcuts are said before the step is taken. None of them
forbids anything: a gate may be passed knowingly, and that is recorded in the filing.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.rules import ClashRule, Rules, Rung, Shortcut
from pddtui.message import Message, msg

__all__ = ["Gate", "Step", "current_rung", "next_step", "prospect"]


class Gate(Struct, frozen=True, kw_only=True):
    """One thing a rung needs, and whether this case has it."""

    id: str
    needs: Message
    met: bool


class Step(Struct, frozen=True, kw_only=True):
    """What going to one rung would mean for one case."""

    rung: Rung
    gates: tuple[Gate, ...]
    clashes: tuple[ClashRule, ...]
    """Running filings that conflict with the channel."""
    shortcuts: tuple[Shortcut, ...]
    """Reasons of this case to go elsewhere or straight up."""

    @property
    def missing(self) -> tuple[Gate, ...]:
        """The gates that are not met."""
        return tuple(gate for gate in self.gates if not gate.met)


def _needs(gate: str) -> tuple[Message, Callable[[Case], bool]] | None:
    match gate:
        case "demand_stated":
            return msg("the demand, stated to them once"), lambda case: any(c.demand for c in case.contacts)
        case "demand_sum":
            return msg("an act and a sum in the demand"), lambda case: case.demand.remedy is not None
        case "order_number":
            return msg("the order number"), lambda case: case.order.number is not None
        case "evidence":
            return msg("at least one piece of evidence"), lambda case: bool(case.evidence)
        case "reference":
            return (
                msg("a reference number from the rung below"),
                lambda case: any(filing.reference for filing in case.filings),
            )
        case "operator":
            return (
                msg("name and address of the business behind the shop"),
                lambda case: case.operator.name is not None and case.operator.address is not None,
            )
        case "asked_below":
            return msg("an attempt at a lower rung"), lambda case: bool(case.filings or case.contacts)
        case "identity":
            return (
                msg("your real name, phone and address at hand (they are not stored here)"),
                lambda case: "identity_ready" in case.milestones,
            )
        case "masked":
            return (
                msg("a masked text: names, numbers and addresses hidden"),
                lambda case: "text_masked" in case.milestones,
            )
    return None


def current_rung(case: Case, rules: Rules) -> Rung | None:
    """The highest rung the case was taken to; the lowest one before anything was filed."""
    reached = [rung for filing in case.filings if (rung := rules.rung(filing.rung)) is not None]
    return max(reached, key=lambda rung: rung.level, default=rules.ladder[0] if rules.ladder else None)


def next_step(case: Case, rules: Rules) -> Step | None:
    """The next rung up with what it needs, straight to a shortcut's rung where one applies; None at the top."""
    here = current_rung(case, rules)
    if here is None:
        return None
    above = [rung for rung in rules.ladder if rung.level > here.level]
    if not above:
        return None
    jump = [rung for short in _shortcuts(case, rules) if (rung := rules.rung(short.to)) is not None and rung in above]
    return prospect(case, jump[0] if jump else above[0], None, rules)


def prospect(case: Case, rung: Rung, channel: str | None, rules: Rules) -> Step:
    """What filing at `rung` through `channel` (None: its usual one) would mean for the case."""
    through = channel or rung.channels[0]
    gates = [
        Gate(id=gate, needs=needed[0], met=needed[1](case))
        for gate in rung.gates
        if (needed := _needs(gate)) is not None
    ]
    running = {filing.channel for filing in case.filings if filing.running}
    clashes = [
        rule
        for rule in rules.clashes
        if (rule.a == through and rule.b in running) or (rule.b == through and rule.a in running)
    ]
    return Step(rung=rung, gates=tuple(gates), clashes=tuple(clashes), shortcuts=_shortcuts(case, rules))


def _shortcuts(case: Case, rules: Rules) -> tuple[Shortcut, ...]:
    conditions = {
        "food_or_injury": case.problem in {"food", "injury"},
        "courier_fault": case.problem in {"lost", "fake_sign", "damaged"},
        "merchant_address_missing": case.problem == "merchant_gone",
    }
    return tuple(short for short in rules.shortcuts if conditions.get(short.when, False))
