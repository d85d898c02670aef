from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.case import (
    Demand,
    Direction,
    Evidence,
    FilingState,
    Operator,
    Order,
    Outcome,
    Person,
    PromiseState,
    Substance,
)
from pddtui.domain.moves import ContactEdit
from pddtui.domain.rules import Aftersale, ClashRule, EventRule
from pddtui.errors import NotFound, PddError, Refused
from pddtui.message import Label
from tests.domain.build import RULES, at, case, contact, filing, follow_up, heard, promise, said

MADE = case(heard(at(3), "holding", promises=(promise(at(5)),)), follow_ups=(follow_up(at(6)),))


def refusal(attempt: object) -> PddError:
    with pytest.raises(PddError) as caught:
        attempt()  # type: ignore[operator]
    return caught.value


def test_a_contact_goes_where_it_belongs_in_time() -> None:
    log = moves.log(case(said(at(2)), said(at(6))), said(at(4), id="late"))
    assert [contact.at for contact in log.contacts] == [at(2), at(4), at(6)]


@pytest.mark.parametrize("words", ["", "  \n"])
def test_an_empty_title_a_contact_and_a_promise_without_words_are_refused_at_their_field(words: str) -> None:
    assert getattr(refusal(lambda: moves.open_case(case(title=words))), "field", None) == "title"
    assert getattr(refusal(lambda: moves.log(case(), said(at(2), summary=words))), "field", None) == "said"
    wordless = heard(at(2), promises=(promise(at(5), text=words),))
    assert getattr(refusal(lambda: moves.log(case(), wordless)), "field", None) == "promise"
    assert getattr(refusal(lambda: moves.add_follow_up(case(), follow_up(at(5), text=words))), "field", None) == "text"


def test_a_negative_sum_is_refused() -> None:
    assert refusal(lambda: moves.open_case(case(order=Order(amount=Decimal(-1))))).exit_code == 2
    changes = moves.CaseEdit(demand=Demand(amount=Decimal("-0.01")))
    assert getattr(refusal(lambda: moves.edit(case(), changes)), "field", None) == "demand_amount"


def test_an_edit_changes_what_it_names_and_nothing_else() -> None:
    edited = moves.edit(case(merchant="甲店"), moves.CaseEdit(title="新题", merchant=None))
    assert (edited.title, edited.merchant, edited.problem) == ("新题", None, None)


def test_within_ten_minutes_a_contact_is_corrected_without_trace() -> None:
    log = case(said(at(2), id="K"))
    fixed = moves.amend(log, "K", moves.ContactEdit(summary="改过"), at(2, 12, 10))
    assert (fixed.contacts[0].summary, fixed.contacts[0].amendments) == ("改过", ())


def test_after_ten_minutes_the_old_wording_person_and_time_stay_readable() -> None:
    log = case(said(at(2), id="K", person=Person(name="小王")))
    edit = moves.ContactEdit(summary="改过", person=Person(name="小李"), at=at(1))
    (kept,) = moves.amend(log, "K", edit, at(2, 12, 10) + timedelta(seconds=1)).contacts[0].amendments
    assert (kept.summary, kept.person.name, kept.happened_at) == ("说了一句话", "小王", at(2))


def test_an_amendment_that_changes_nothing_leaves_no_trace() -> None:
    log = case(said(at(2), id="K"))
    assert moves.amend(log, "K", moves.ContactEdit(summary="说了一句话"), at(20)) is log


@pytest.mark.parametrize("state", ["kept", "broken", "waived"])
def test_a_promise_is_settled_with_the_time_it_was(state: str) -> None:
    settled = moves.settle_promise(MADE, "P1", state, at(6)).promises[0][1]  # type: ignore[arg-type]
    assert (settled.state, settled.settled_at) == (state, at(6))
    reopened = moves.settle_promise(moves.settle_promise(MADE, "P1", state, at(6)), "P1", "open", at(7))  # type: ignore[arg-type]
    assert reopened.promises[0][1].settled_at is None


def test_a_replaced_promise_stays_with_the_new_one_beside_it() -> None:
    new = promise(at(9), id="P2", text="改为9日退款")
    old, newer = (made for _, made in moves.settle_promise(MADE, "P1", "replaced", at(6), new).promises)
    assert (old.state, old.replaced_by, newer.state) == ("replaced", "P2", "open")


def test_settling_twice_the_same_way_and_replacing_without_a_new_promise_are_refused() -> None:
    kept = moves.settle_promise(MADE, "P1", "kept", at(6))
    assert isinstance(refusal(lambda: moves.settle_promise(kept, "P1", "kept", at(7))), Refused)
    assert isinstance(refusal(lambda: moves.settle_promise(MADE, "P1", "replaced", at(7))), Refused)
    assert isinstance(refusal(lambda: moves.settle_promise(MADE, "P1", "kept", at(7), promise(at(9)))), Refused)
    wordless = promise(at(9), id="P2", text=" ")
    refused = refusal(lambda: moves.settle_promise(MADE, "P1", "replaced", at(7), wordless))
    assert getattr(refused, "field", None) == "promise"


def test_what_is_not_there_is_not_found() -> None:
    attempts = (
        lambda: moves.settle_promise(MADE, "nope", "kept", at(6)),
        lambda: moves.settle_follow_up(MADE, "nope", "done", at(6)),
        lambda: moves.amend(MADE, "nope", moves.ContactEdit(summary="x"), at(6)),
        lambda: moves.decide(MADE, "nope", "accepted", at(6)),
    )
    assert all(isinstance(refusal(attempt), NotFound) for attempt in attempts)


def test_snoozing_counts_and_a_done_follow_up_cannot_be_put_off() -> None:
    later = moves.snooze(MADE, "F1", at(9), "+3d", estimated=False)
    assert (later.follow_ups[0].due, later.follow_ups[0].snoozed) == (at(9), 1)
    done = moves.settle_follow_up(MADE, "F1", "done", at(6))
    assert done.follow_ups[0].settled_at == at(6)
    assert moves.settle_follow_up(done, "F1", "open", at(7)).follow_ups[0].settled_at is None
    assert isinstance(refusal(lambda: moves.snooze(done, "F1", at(9), None, estimated=False)), Refused)


@pytest.mark.parametrize(("written", "counts"), [(at(8), at(10)), (at(12), at(12))])
def test_what_is_planned_for_a_case_that_has_ended_counts_from_its_end_or_later(
    written: datetime, counts: datetime
) -> None:
    ended = case(status="resolved", closed_at=at(10))
    assert moves.add_follow_up(ended, follow_up(at(20), created_at=written)).follow_ups[0].created_at == counts


def test_filing_without_what_the_rung_needs_is_refused_with_the_list_and_possible_anyway_on_record() -> None:
    up = filing(at(4), "regulator", "c12315")
    refused = refusal(lambda: moves.file(case(), up, RULES, anyway=False))
    assert "order number" in str(refused)
    assert refused.exit_code == 2
    filed = moves.file(case(), up, RULES, anyway=True)
    assert filed.filings[0].passed_gates == ("operator", "order_number")


def test_a_running_filing_in_conflict_is_said_before_the_second_one() -> None:
    rules = structs.replace(
        RULES, clashes=(ClashRule(id="collide", a="c12315", b="app", zh="冲突", en="they collide"),)
    )
    at_platform = case(said(at(2)), filings=(filing(at(3)),), order=Order(number="1"))
    refused = refusal(lambda: moves.file(at_platform, filing(at(4), "regulator", "c12315"), rules, anyway=False))
    assert str(refused).startswith("regulator still needs: name and address of the operator behind the merchant. ")
    assert "conflicts with what is already running: they collide." in str(refused)
    complete = structs.replace(at_platform, operator=Operator(name="某某公司", address="上海"))
    only = refusal(lambda: moves.file(complete, filing(at(4), "regulator", "c12315"), rules, anyway=False))
    assert str(only).startswith("regulator conflicts with what is already running: they collide. End that first")
    ended = structs.replace(at_platform, filings=(filing(at(3), state="ended", ended_at=at(4)),))
    again = refusal(lambda: moves.file(ended, filing(at(4), "regulator", "c12315"), rules, anyway=False))
    assert "they collide" not in str(again)


def test_an_unknown_rung_is_refused_at_its_field() -> None:
    refused = refusal(lambda: moves.file(case(), filing(at(4), "moon"), RULES, anyway=True))
    assert getattr(refused, "field", None) == "rung"


def test_a_decision_sets_the_time_that_its_clocks_start_from() -> None:
    filed = case(filings=(filing(at(2), id="L"),))
    accepted = moves.decide(filed, "L", "accepted", at(5), "沪市监123").filings[0]
    assert (accepted.accepted_at, accepted.ended_at, accepted.reference) == (at(5), None, "沪市监123")
    assert moves.decide(filed, "L", "refused", at(5)).filings[0].ended_at == at(5)


def test_a_case_ends_once_and_may_be_taken_up_again() -> None:
    ended = moves.resolve(case(), Outcome(id="O", kind="full"), "resolved", at(9))
    assert (ended.status, ended.closed_at) == ("resolved", at(9))
    assert isinstance(refusal(lambda: moves.resolve(ended, Outcome(id="P", kind="full"), "resolved", at(9))), Refused)
    assert moves.reopen(ended).status == "open"
    assert isinstance(refusal(lambda: moves.reopen(case())), Refused)


def test_only_a_resolved_case_can_be_verified() -> None:
    ended = moves.resolve(case(), Outcome(id="O", kind="full"), "resolved", at(9))
    verified = moves.verify(ended, at(16)).outcome
    assert verified is not None
    assert verified.verified_at == at(16)
    assert isinstance(refusal(lambda: moves.verify(case(), at(16))), Refused)


def test_deleting_is_the_trash_and_back() -> None:
    gone = moves.trash(case(), at(9))
    assert gone.trashed_at == at(9)
    assert moves.restore(gone) == case()
    assert isinstance(refusal(lambda: moves.trash(gone, at(9))), Refused)
    assert isinstance(refusal(lambda: moves.restore(case())), Refused)


def test_evidence_is_a_file_or_a_place() -> None:
    assert moves.add_evidence(case(), Evidence(id="E", place="App聊天", added_at=at(2))).evidence[0].id == "E"
    assert isinstance(refusal(lambda: moves.add_evidence(case(), Evidence(id="E", added_at=at(2)))), Refused)


def test_milestones_and_steps_can_be_set_and_taken_away() -> None:
    noted = moves.note_milestone(case(), "received", at(2))
    assert noted.milestones == {"received": at(2)}
    assert moves.note_milestone(noted, "received", None).milestones == {}
    assert moves.tick(moves.tick(case(), "pb.s1", at(2)), "pb.s1", None).steps == {}


SHOWN = moves.tie_evidence(
    case(
        said(at(2), id="K"),
        evidence=(
            Evidence(id="E1", kind="photo", place="App", added_at=at(3)),
            Evidence(id="E2", file="f", added_at=at(4)),
        ),
    ),
    "E1",
    "K",
)


def test_evidence_is_described_otherwise_and_keeps_its_file() -> None:
    edited = moves.edit_evidence(SHOWN, "E2", {"proves": "it leaks"})
    assert (edited.evidence[1].proves, edited.evidence[1].file) == ("it leaks", "f")
    assert edited.evidence[0] is SHOWN.evidence[0]
    refused = refusal(lambda: moves.edit_evidence(SHOWN, "E1", {"place": " "}))
    assert getattr(refused, "field", None) == "place"


def test_evidence_that_is_taken_out_shows_no_contact_any_more() -> None:
    assert SHOWN.contacts[0].evidence == ("E1",)
    assert moves.tie_evidence(SHOWN, "E1", "K") == SHOWN
    left = moves.remove_evidence(SHOWN, "E1")
    assert ([record.id for record in left.evidence], left.contacts[0].evidence) == (["E2"], ())


def test_evidence_or_a_contact_that_is_not_there_is_not_found() -> None:
    attempts = (
        lambda: moves.edit_evidence(SHOWN, "nope", {"proves": "x"}),
        lambda: moves.remove_evidence(SHOWN, "nope"),
        lambda: moves.tie_evidence(SHOWN, "nope", "K"),
        lambda: moves.tie_evidence(SHOWN, "E1", "nope"),
    )
    assert all(isinstance(refusal(attempt), NotFound) for attempt in attempts)


@pytest.mark.parametrize(
    ("direction", "substance"), [("in", "holding"), ("in", "none"), ("in", None), ("out", None), ("out", "answer")]
)
def test_only_their_answer_has_a_reply(direction: Direction, substance: Substance | None) -> None:
    entry = contact(direction, at(3), substance=substance, reply="refused")
    with pytest.raises(Refused) as caught:
        moves.log(case(), entry)
    assert caught.value.field == "reply"


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        (ContactEdit(substance="holding"), ("holding", None)),
        (ContactEdit(substance="none"), ("none", None)),
        (ContactEdit(reply="agreed"), ("answer", "agreed")),
        (ContactEdit(reply=None), ("answer", None)),
        (ContactEdit(summary="不退了"), ("answer", "refused")),
        (ContactEdit(substance="answer"), ("answer", "refused")),
    ],
)
def test_a_correction_keeps_substance_and_reply_together(changes: ContactEdit, stands: tuple[str, str | None]) -> None:
    old = heard(at(3), reply="refused")
    (entry,) = moves.amend(case(old), old.id, changes, at(3)).contacts
    assert (entry.substance, entry.reply) == stands


def test_a_reply_makes_a_holding_reply_an_answer_and_a_contradiction_is_refused() -> None:
    old = heard(at(3), "holding")
    (entry,) = moves.amend(case(old), old.id, ContactEdit(reply="offered"), at(3)).contacts
    assert (entry.substance, entry.reply) == ("answer", "offered")
    with pytest.raises(Refused):
        moves.amend(case(old), old.id, ContactEdit(substance="holding", reply="offered"), at(3))


def test_two_windows_that_say_it_was_no_answer_and_what_it_was_come_to_no_answer() -> None:
    old = heard(at(3))
    merged = {"substance": "holding", "reply": "refused"}
    (entry,) = moves.amend_values(case(old), old.id, merged, at(3)).contacts
    assert (entry.substance, entry.reply) == ("holding", None)


@pytest.mark.parametrize("state", ["kept", "broken", "waived", "replaced"])
def test_a_promise_has_no_result_from_before_it_was_given(state: PromiseState) -> None:
    new = promise(at(9), id="P2") if state == "replaced" else None
    for early in (at(2), at(3, 11, 59), at(2, 0)):
        refused = refusal(lambda early=early: moves.settle_promise(MADE, "P1", state, early, new))
        assert isinstance(refused, Refused), early
        assert refused.field == "at"
    for late in (at(3, 12), at(3, 0), at(4)):  # a day without its time is that whole day
        assert moves.settle_promise(MADE, "P1", state, late, new).promises[0][1].settled_at == late


def test_a_promise_settled_in_the_minute_in_which_it_was_given_is_settled_after_it() -> None:
    within = case(heard(at(3).replace(second=42), promises=(promise(at(5)),)))
    assert moves.settle_promise(within, "P1", "kept", at(3)).promises[0][1].state == "kept"


def test_a_contact_is_not_moved_behind_the_result_of_its_promise() -> None:
    settled = moves.settle_promise(MADE, "P1", "broken", at(6))
    contact_id = settled.contacts[0].id
    assert isinstance(refusal(lambda: moves.amend(settled, contact_id, ContactEdit(at=at(7)), at(8))), Refused)
    assert moves.amend(settled, contact_id, ContactEdit(at=at(5)), at(8)).contacts[0].at == at(5)


@pytest.mark.parametrize("state", ["accepted", "answered", "refused", "ended"])
def test_a_filing_has_no_result_from_before_it_was_filed(state: FilingState) -> None:
    filed = case(filings=(filing(at(4), id="L"),))
    refused = refusal(lambda: moves.decide(filed, "L", state, at(3)))
    assert (isinstance(refused, Refused), getattr(refused, "field", None)) == (True, "at")
    assert moves.decide(filed, "L", state, at(4, 0)).filings[0].state == state


def test_the_app_shows_nothing_of_a_request_before_it_was_made() -> None:
    shown = Aftersale(code=2, label=Label("待商家处理", "waiting"), turn="theirs")
    asked = case(filings=(filing(at(4), "direct", "app_aftersale", id="L"),))
    assert isinstance(refusal(lambda: moves.note_aftersale(asked, "L", shown, at(3), rules=RULES)), Refused)
    assert moves.note_aftersale(asked, "L", shown, at(5), rules=RULES).filings[0].aftersale_at == at(5)


def test_a_follow_up_is_not_done_before_it_was_planned() -> None:
    planned = case(follow_ups=(follow_up(at(6), created_at=at(3)),))
    for state in ("done", "waived"):
        assert isinstance(refusal(lambda state=state: moves.settle_follow_up(planned, "F1", state, at(2))), Refused)
    assert moves.settle_follow_up(planned, "F1", "done", at(3, 0)).follow_ups[0].state == "done"


def test_a_milestone_is_not_before_the_filing_or_the_event_from_which_it_follows() -> None:
    filed = case(filings=(filing(at(4, 12), "regulator", "c12315"),))
    assert isinstance(refusal(lambda: moves.note_milestone(filed, "complaint_accepted", at(3, 12), RULES)), Refused)
    assert moves.note_milestone(filed, "complaint_accepted", at(4, 0), RULES).milestones  # days have no hours
    back = EventRule(id="merchant_received_return", follows={"return_shipped": Label("寄出退货", "sent")})
    rules = structs.replace(RULES, events={**RULES.events, back.id: back})
    sent = moves.note_milestone(case(), "return_shipped", at(4), rules)
    assert isinstance(refusal(lambda: moves.note_milestone(sent, back.id, at(3), rules)), Refused)
    assert moves.note_milestone(sent, back.id, at(4, 8), rules).milestones[back.id] == at(4, 8)
