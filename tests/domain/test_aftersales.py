from __future__ import annotations

import pytest
from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.case import Case, Filing
from pddtui.domain.rules import Aftersale
from pddtui.domain.threads import case_turn, threads_of
from pddtui.domain.turn import awaits_me
from pddtui.errors import NotFound
from pddtui.message import Label
from tests.domain.build import RULES, at, case, filing

WAITS = Aftersale(code=2, label=Label("待商家处理", "waits"), turn="theirs")
REJECTED = Aftersale(code=6, label=Label("驳回", "rejected"), turn="mine", event="aftersale_rejected")
CLOSED = Aftersale(code=12, label=Label("逾期", "closed"), turn=None, ends="refused")
REFUNDED = Aftersale(code=10, label=Label("退款成功", "refunded"), turn=None, ends="answered", event="refunded")

ASKED = case(filings=(filing(at(2), "request", "app_aftersale", id="L"),))


def noted(which: Case, shown: Aftersale, day: int, **fields: object) -> Case:
    return moves.note_aftersale(which, "L", shown, at(day), **fields, rules=RULES)  # type: ignore[arg-type]


def turn(which: Case) -> str:
    return case_turn(which, threads_of(which, RULES))


def request(which: Case) -> Filing:
    return which.filings[0]


def test_the_state_in_the_app_says_whose_turn_it_is() -> None:
    assert turn(ASKED) == "theirs"
    assert turn(noted(ASKED, REJECTED, 3)) == "mine"
    assert turn(noted(noted(ASKED, REJECTED, 3), WAITS, 4)) == "theirs"


def test_a_state_is_an_event_and_may_be_the_end_of_the_filing() -> None:
    assert noted(ASKED, REJECTED, 3).milestones == {"aftersale_rejected": at(3)}
    done = noted(ASKED, REFUNDED, 3)
    assert (request(done).state, request(done).ended_at, done.milestones) == ("answered", at(3), {"refunded": at(3)})
    against_me = noted(ASKED, CLOSED, 3)
    assert (request(against_me).state, awaits_me(request(against_me), RULES)) == ("refused", False)


def test_a_state_noted_again_keeps_its_moment_and_takes_the_new_countdown() -> None:
    again = noted(noted(ASKED, REJECTED, 3, until=at(6)), REJECTED, 4, until=at(7))
    assert (request(again).aftersale_at, request(again).countdown_until) == (at(3), at(7))
    assert again.milestones == {"aftersale_rejected": at(3)}


def test_a_state_that_waits_opens_a_request_again_that_was_thought_to_be_over() -> None:
    over = moves.decide(ASKED, "L", "refused", at(3))
    assert awaits_me(request(over), RULES)
    back = noted(over, WAITS, 4)
    assert (request(back).state, request(back).ended_at, awaits_me(request(back), RULES)) == ("open", None, False)


def test_a_countdown_is_set_moved_and_taken_away() -> None:
    for until in (at(4), at(6), None):
        assert request(moves.set_countdown(ASKED, "L", until)).countdown_until == until


def test_what_the_app_showed_before_a_decision_goes_with_it() -> None:
    shown = noted(ASKED, WAITS, 3, until=at(6))
    decided = request(moves.decide(shown, "L", "refused", at(4)))
    assert (decided.countdown_until, decided.aftersale_state, decided.aftersale_at) == (None, None, None)
    assert awaits_me(decided, RULES)


@pytest.mark.parametrize("state", ["open", "accepted", "answered", "ended"])
def test_only_a_refusal_in_the_app_waits_for_me_where_no_state_was_noted(state: str) -> None:
    plain = structs.replace(request(ASKED), state=state)
    assert not awaits_me(plain, RULES)
    assert not awaits_me(structs.replace(plain, channel="c12315", state="refused"), RULES)


def test_a_countdown_of_a_filing_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotFound):
        moves.set_countdown(ASKED, "X", at(4))
