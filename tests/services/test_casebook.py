from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from pddtui.domain.case import Person
from pddtui.domain.duetime import FixedClock
from pddtui.domain.moves import CaseEdit
from pddtui.errors import CannotWrite, Conflict, NotFound, Refused
from pddtui.message import msg
from pddtui.services.casebook import Casebook, UlidSource
from pddtui.services.inputs import NewCase, NewContact, NewFiling, NewFollowUp, NewPromise
from tests.domain.build import CALENDAR, RULES
from tests.memory_store import MemoryStore


@pytest.fixture
def clock(now: datetime) -> FixedClock:
    return FixedClock(now)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def casebook(store: MemoryStore, clock: FixedClock) -> Casebook:
    return Casebook(store, clock, CALENDAR, RULES, UlidSource())


def test_a_case_opens_under_the_next_number_of_the_year(casebook: Casebook) -> None:
    refs = [casebook.open_case(NewCase(title="壶")).ref for _ in range(2)]
    assert refs == ["PDD-2026-0001", "PDD-2026-0002"]


def test_what_is_typed_becomes_inert_text(casebook: Casebook) -> None:
    case = casebook.open_case(NewCase(title=" 壶\x1b[31m\n坏了 ", merchant="", description="一\r\n二\x07"))
    assert (case.title, case.merchant, case.description) == ("壶 坏了", None, "一\n二")


def test_a_promise_is_due_from_the_time_it_was_made_and_not_from_the_time_it_was_typed(
    casebook: Casebook, now: datetime
) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    made = NewContact(
        direction="in",
        said="三个工作日内给方案",
        at=now - timedelta(days=6),
        promises=(NewPromise(text="给方案", due_phrase="3个工作日内"),),
    )
    saved, contact = casebook.log(case.id, made)
    (promise,) = contact.promises
    assert promise.due == datetime(2026, 11, 19, 23, 59, 59, tzinfo=now.tzinfo)
    assert promise.due_phrase == "3个工作日内"
    assert contact.recorded_at == now
    assert casebook.attention(saved).flags[0].overdue


@pytest.mark.parametrize(
    ("said", "promised", "substance"),
    [
        ("同意退款", False, "answer"),
        ("已反馈专员，请耐心等待", False, "holding"),
        ("系统自动回复：您好", False, "none"),
        ("明天退款", True, "holding"),
    ],
)
def test_what_an_incoming_contact_amounts_to_is_proposed(
    casebook: Casebook, said: str, promised: bool, substance: str
) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    promises = (NewPromise(text="退款", due_phrase="明天"),) if promised else ()
    _, contact = casebook.log(case.id, NewContact(direction="in", said=said, promises=promises))
    assert contact.substance == substance
    _, overruled = casebook.log(case.id, NewContact(direction="in", said=said, promises=promises, substance="answer"))
    assert overruled.substance == "answer"


@pytest.mark.parametrize("said", ["验证码：123456", "他要我报支付密码 123456", "CVV 123", "your OTP is 4821"])
def test_a_secret_is_refused_at_its_field_and_nothing_is_stored(casebook: Casebook, said: str) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    with pytest.raises(Refused) as caught:
        casebook.log(case.id, NewContact(direction="in", said=said))
    assert caught.value.field == "said"
    assert casebook.case(case.id).contacts == ()


def test_two_windows_that_both_log_a_contact_keep_both(store: MemoryStore, clock: FixedClock) -> None:
    windows = [Casebook(each, clock, CALENDAR, RULES, UlidSource()) for each in (store, store.open_again())]
    case = windows[0].open_case(NewCase(title="壶"))
    for number, window in enumerate(windows):
        clock.advance(timedelta(seconds=1))
        window.log(case.id, NewContact(direction="out", said=f"第{number}句"))
    assert [contact.summary for contact in windows[1].case(case.id).contacts] == ["第0句", "第1句"]


def test_undo_takes_back_the_newest_change_of_any_case_and_redo_brings_it_back(
    casebook: Casebook, clock: FixedClock
) -> None:
    first = casebook.open_case(NewCase(title="壶"))
    second = casebook.open_case(NewCase(title="鞋"))
    clock.advance(timedelta(minutes=1))
    casebook.log(first.id, NewContact(direction="out", said="要求退款"))
    clock.advance(timedelta(minutes=1))
    casebook.edit(second.id, CaseEdit(title="运动鞋"))
    (undone,) = casebook.undo()
    assert (undone.case.title, undone.change.action) == ("鞋", "edit")
    (undone,) = casebook.undo()
    assert (undone.case.contacts, undone.change.action) == ((), "log")
    assert [casebook.redo()[0].change.action for _ in range(2)] == ["log", "edit"]
    assert casebook.case(second.id).title == "运动鞋"
    with pytest.raises(NotFound):
        casebook.redo()


def test_one_save_is_one_undo_however_many_cases_were_in_it(casebook: Casebook) -> None:
    cases = [casebook.open_case(NewCase(title=title)) for title in "壶鞋包"]
    casebook.tag_all([case.id for case in cases], ["急"])
    assert [undone.change.action for undone in casebook.undo()] == ["tag"] * 3
    assert [case.tags for case in casebook.cases()] == [()] * 3
    assert len(casebook.redo()) == 3
    assert [case.tags for case in casebook.cases()] == [("急",)] * 3


def test_the_order_of_undo_is_that_of_saves_and_not_of_the_clock(casebook: Casebook, clock: FixedClock) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    casebook.edit(case.id, CaseEdit(title="二"))
    clock.advance(timedelta(days=-3))
    casebook.edit(case.id, CaseEdit(merchant="店"))
    (undone,) = casebook.undo()
    assert (undone.case.title, undone.case.merchant) == ("二", None)


def test_something_new_in_any_case_ends_what_could_be_brought_back(casebook: Casebook, clock: FixedClock) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    clock.advance(timedelta(minutes=1))
    casebook.trash(case.id)
    casebook.undo()
    clock.advance(timedelta(minutes=1))
    casebook.open_case(NewCase(title="鞋"))
    with pytest.raises(NotFound):
        casebook.redo()
    assert casebook.case(case.id).trashed_at is None


def test_a_case_in_the_trash_takes_nothing_until_it_is_restored(casebook: Casebook) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    casebook.trash(case.id)
    with pytest.raises(Refused):
        casebook.log(case.id, NewContact(direction="in", said="你好"))
    casebook.restore(case.id)
    casebook.log(case.id, NewContact(direction="in", said="你好"))


def test_undoing_a_new_case_puts_it_into_the_trash(casebook: Casebook) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    casebook.undo()
    assert casebook.cases() == ()
    assert [each.id for each in casebook.cases(trash=True)] == [case.id]
    with pytest.raises(NotFound):
        casebook.undo()


def test_a_change_overtaken_in_the_same_place_is_a_conflict(casebook: Casebook, store: MemoryStore) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    casebook.edit(case.id, CaseEdit(title="二"))
    with store.transaction() as box:
        from msgspec import structs

        stored = box.get(case.id)
        assert stored is not None
        box.put(structs.replace(stored, title="别处改的", revision=stored.revision + 1))
    with pytest.raises(Conflict):
        casebook.undo()


def test_a_save_that_fails_changes_nothing(casebook: Casebook, store: MemoryStore) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    store.trouble = CannotWrite(msg("The disk is full."))
    with pytest.raises(CannotWrite):
        casebook.edit(case.id, CaseEdit(title="二"))
    assert casebook.case(case.id).title == "壶"


def test_the_whole_way_of_a_case(casebook: Casebook, clock: FixedClock) -> None:
    case = casebook.open_case(NewCase(title="壶", amount=Decimal("89.00"), remedy="return_refund", order="261109-1"))
    casebook.log(case.id, NewContact(direction="out", said="要求退货退款", demand=True, channel="chat"))
    _, task = casebook.follow_up(case.id, NewFollowUp(text="看结果", due_phrase="+3d"))
    casebook.snooze(case.id, task.id, "+5d")
    casebook.file(case.id, NewFiling(rung="platform", channel="app", reference="T1"))
    clock.advance(timedelta(days=10))
    assert {flag.kind for flag in casebook.attention(casebook.case(case.id)).flags} == {"quiet", "follow_up"}
    casebook.settle_follow_up(case.id, task.id, "done")
    ended = casebook.resolve(case.id, "full", "resolved", Decimal("89.00"))
    assert casebook.attention(ended).flags[0].kind == "verify"
    assert casebook.attention(casebook.verify(case.id)).flags == ()


@pytest.mark.parametrize(
    "ref",
    [
        "PDD-2026-0001", "pdd-2026-1", "2026-1", "1", "0001", "ＰＤＤ-2026-0001", "#1", "＃1", "# 0001", "No. 1",
        "PDD–2026–0001", "PDD—2026‑1", "pdd−2026−0001", "#2026-1",
    ],
)  # fmt: skip
def test_a_case_is_found_by_what_people_write(casebook: Casebook, ref: str) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    assert casebook.find(ref) == case
    assert casebook.find(case.id.lower()) == case


@pytest.mark.parametrize("ref", ["2", "PDD-2025-0001", "壶", "", "-", "0001x"])
def test_an_unknown_number_is_not_found(casebook: Casebook, ref: str) -> None:
    casebook.open_case(NewCase(title="壶"))
    with pytest.raises(NotFound):
        casebook.find(ref)


def test_a_thing_is_found_by_the_end_of_its_id(casebook: Casebook) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    promised = NewPromise(text="退款", due_phrase="明天")
    _, contact = casebook.log(
        case.id, NewContact(direction="in", said="明天退", person=Person(name="小王"), promises=(promised,))
    )
    (promise,) = contact.promises
    assert casebook.thing(promise.id[-6:]).kind == "promise"
    with pytest.raises(NotFound):
        casebook.thing(contact.id)


def test_ids_of_one_process_never_run_backwards(now: datetime) -> None:
    source = UlidSource()
    ids = [source.new(now) for _ in range(200)] + [source.new(now - timedelta(days=1))]
    assert ids == sorted(set(ids))


def test_a_follow_up_counts_from_when_its_words_were_typed(
    casebook: Casebook, clock: FixedClock, now: datetime
) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    clock.advance(timedelta(hours=13))
    saved, task = casebook.follow_up(case.id, NewFollowUp(text="催", due_phrase="明天", planned_at=now))
    assert (f"{task.due:%m-%d}", task.created_at, saved.history[-1].at) == ("11-23", now, clock.now())
    saved = casebook.snooze(case.id, task.id, "后天", now)
    assert (f"{saved.follow_ups[0].due:%m-%d}", saved.history[-1].at) == ("11-24", clock.now())


def test_what_is_planned_for_a_closed_case_is_due_there_whenever_it_was_typed(
    casebook: Casebook, clock: FixedClock, now: datetime
) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    clock.advance(timedelta(hours=3))
    casebook.resolve(case.id, "refunded", "resolved")
    saved, task = casebook.follow_up(case.id, NewFollowUp(text="看账户", due_phrase="2小时内", planned_at=now))
    assert task.due == now + timedelta(hours=2)
    assert task.id in {flag.thing for flag in casebook.attention(saved).flags}


def test_a_promise_that_replaces_another_counts_from_when_it_was_given(
    casebook: Casebook, clock: FixedClock, now: datetime
) -> None:
    case = casebook.open_case(NewCase(title="壶"))
    first = NewPromise(text="退款", due_phrase="今天")
    _, contact = casebook.log(case.id, NewContact(direction="in", said="今天退", promises=(first,)))
    clock.advance(timedelta(hours=13))
    again = NewPromise(text="退款", due_phrase="明天")
    saved, promise = casebook.replace_promise(case.id, contact.promises[0].id, again, now)
    assert f"{promise.due:%m-%d}" == "11-23"
    assert (saved.contacts[0].promises[0].settled_at, saved.history[-1].at) == (now, clock.now())
