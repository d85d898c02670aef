from __future__ import annotations

from typing import Any

import pytest
from msgspec import structs

from pddtui.domain.case import Case, Operator
from pddtui.domain.ladder import next_step, prospect
from pddtui.domain.rules import Channel, Rules, Shortcut
from pddtui.message import Label
from tests.domain.build import RULES, at, case, filing, rung


def short(name: str, to: str, **fields: Any) -> Shortcut:
    return Shortcut(id=name, to=to, zh=name, en=name, **fields)


SHORTCUTS = (
    short("food_or_injury", "regulator", problems=("food", "injury")),
    short("off_platform_payment_or_fraud", "police", event="paid_off_platform"),
    short("courier_fault", "p12305", problems=("lost",), once_asked="courier"),
    short("merchant_address_missing", "regulator", problems=("merchant_gone",), waives=("operator",)),
    short("limitation_near", "court", limitation_near=True),
)
COURIER = {
    "courier_cs": Channel(id="courier_cs", label=Label("快递", "courier"), side="courier"),
    "p12305": Channel(id="p12305", label=Label("邮政", "postal"), side="authority"),
}
LONG = structs.replace(
    RULES,
    channels={**RULES.channels, **COURIER},
    ladder=(*RULES.ladder[:2], rung("regulator", 5, "c12315", "p12305", gates=("operator",)), rung("court", 7, "suit")),
    shortcuts=SHORTCUTS,
)


def goes_to(which: Case, rules: Rules = LONG, *, limitation_near: bool = False) -> tuple[str, str] | None:
    step = next_step(which, rules, limitation_near=limitation_near)
    return (step.rung.id, step.channel) if step else None


def test_without_a_reason_the_next_rung_is_the_one_above() -> None:
    assert goes_to(case(problem="quality")) == ("platform", "app")


@pytest.mark.parametrize("problem", ["food", "injury"])
def test_food_and_injury_go_straight_to_the_regulator(problem: str) -> None:
    assert goes_to(case(problem=problem)) == ("regulator", "c12315")


def test_the_fault_of_a_courier_goes_to_the_postal_authority_once_the_courier_was_asked() -> None:
    assert goes_to(case(problem="lost")) == ("platform", "app")
    asked = case(problem="lost", filings=(filing(at(2), "direct", "courier_cs"),))
    assert goes_to(asked) == ("regulator", "p12305")


def test_a_shop_that_is_gone_is_complained_of_where_the_platform_is_and_nobody_asks_for_its_address() -> None:
    gone = next_step(case(problem="merchant_gone"), LONG)
    assert gone is not None
    assert (gone.rung.id, gone.missing) == ("regulator", ())
    stays = next_step(case(problem="food"), LONG)
    assert stays is not None
    assert [gate.id for gate in stays.missing] == ["operator"]


def test_a_limitation_about_to_end_goes_before_every_other_reason() -> None:
    assert goes_to(case(problem="food"), limitation_near=True) == ("court", "suit")


def test_what_was_paid_outside_the_platform_is_a_reason_to_call_the_police_and_no_rung() -> None:
    paid = case(milestones={"paid_off_platform": at(2)})
    step = next_step(paid, LONG)
    assert step is not None
    assert step.rung.id == "platform"
    assert [short.to for short in step.shortcuts] == ["police"]


def test_a_rung_is_looked_at_with_the_same_eyes_wherever_one_comes_from() -> None:
    known = case(operator=Operator(name="某某", address="上海"))
    assert prospect(known, LONG.ladder[2], None, LONG).missing == ()
