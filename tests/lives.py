"""Lives: cases as people and time make them, and as files from elsewhere have them, for whatever reads a case.

A life is opened and goes on by the real moves, each put on record; a move that refuses leaves it as it was. A twist
then puts in what no move makes and an import takes all the same: ids used again, ends without an outcome, states
without their moment, logs out of order, ids that no handbook knows. Times lie on both sides of `NOW`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, get_args

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy
from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.case import (
    Amendment,
    Case,
    Contact,
    Demand,
    Evidence,
    Filing,
    FilingState,
    FollowUp,
    FollowUpState,
    Operator,
    Order,
    Outcome,
    Override,
    Person,
    Promise,
    PromiseState,
    Reply,
    Status,
    Substance,
    Turn,
    Written,
)
from pddtui.domain.record import recorded
from pddtui.domain.rules import Rules
from pddtui.domain.text import clean, one_line
from pddtui.errors import PddError
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from tests.conftest import SHANGHAI

__all__ = ["NOW", "desks", "lives"]

Thing = TypeVar("Thing")
Move = Callable[[Case], Case]

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)
"""A Sunday noon; all that is near is within some weeks of it."""

DAY = timedelta(days=1)

_ZONES = (SHANGHAI, UTC, timezone(timedelta(hours=-11)), timezone(timedelta(hours=14)))
_FAR = (
    datetime(1900, 1, 1, tzinfo=UTC),
    datetime(2003, 12, 31, 23, 59, 59, tzinfo=SHANGHAI),
    datetime(2024, 2, 29, 0, 0, tzinfo=SHANGHAI),
    datetime(2100, 1, 1, tzinfo=SHANGHAI),
    datetime(2199, 12, 31, 23, 59, 59, tzinfo=UTC),
)
"""The first and last moments that an import takes, and years without a calendar."""

_WORDS = (
    "退款89元",
    "3个工作日内给结论",
    "已反馈，未给时间",
    "亲亲，请耐心等待",
    "refund by Friday",
    "[b]bold[/b] [@click=app.quit]x[/]",
    "{due} {{ case.title }} {% raw %}",
    "=1+1",
    "100% \\ | ` <b>&amp;</b>",
    "👨‍👩‍👧‍👦 ﷽ שלום",
    "e" + "\u0301" * 4,
    "长" * 200,
    "13800138000 小王 张三丰 SH20261117",
    "x",
)
_IDS = ("X", "me", "axis", "1", "section:overdue", "heading:case", "2026-11-22")
"""Ids that an import takes and that anything may bear: some are keys of our own lists."""


@cache
def reference() -> tuple[Handbook, Rules]:
    """Read once for all: nobody changes it."""
    handbook = Handbook()
    return handbook, rulebook(handbook)


def lines() -> SearchStrategy[str]:
    """A line of text that may stand in a case: inert, and not empty."""
    odd = st.text(max_size=30).map(one_line).filter(bool)
    return st.sampled_from(_WORDS) | odd


def texts() -> SearchStrategy[str]:
    """Several lines, as what was said may have."""
    return st.lists(lines(), min_size=1, max_size=4).map("\n".join).map(clean).map(str.strip).filter(bool)


def maybe(strategy: SearchStrategy[Thing]) -> SearchStrategy[Thing | None]:
    return st.none() | strategy


@st.composite
def moments(draw: DrawFn) -> datetime:
    """Mostly within weeks of `NOW`, often just it or the edge of a day; seldom as far as an import takes."""
    kind = draw(st.integers(0, 19))
    if kind == 0:
        return draw(st.sampled_from(_FAR))
    day = NOW + draw(st.integers(-45, 20)) * DAY
    if kind == 1:
        return NOW
    if kind <= 4:
        return day.replace(hour=23, minute=59, second=59)
    if kind <= 6:
        return day.replace(hour=0)
    if kind == 7:
        day += draw(st.sampled_from((-3, -1, 1, 3))) * 365 * DAY
    return (day + timedelta(minutes=draw(st.integers(0, 1439)))).astimezone(draw(st.sampled_from(_ZONES)))


def sums() -> SearchStrategy[Decimal]:
    return st.sampled_from(("0.00", "0.01", "89.00", "1234.56", "999999999999.99")).map(Decimal)


def one_of_literal(literal: Any) -> SearchStrategy[Any]:
    return st.sampled_from(get_args(literal))


def _known(*ids: str) -> SearchStrategy[str]:
    """An id of the handbook, seldom one that it does not know."""
    return st.sampled_from((*ids, "gone_with_an_old_handbook"))


@cache
def _pools() -> dict[str, SearchStrategy[str]]:
    book, rules = reference()
    events = {rule.event for rule in rules.deadlines} | {
        shown.event for shown in rules.aftersales.values() if shown.event is not None
    }
    return {
        "channel": _known(*rules.channels),
        "problem": _known(*(each.id for each in book.problems)),
        "remedy": _known(*(each.id for each in book.remedies)),
        "rung": st.sampled_from(tuple(rung.id for rung in rules.ladder)),
        "outcome": _known(*(each.id for each in book.outcomes)),
        "evidence": _known(*(each.id for each in book.evidence_types)),
        "event": _known(*sorted(events), "text_masked"),
        "step": _known(*(f"{each.id}.{number}" for each in book.playbooks for number in (1, 2))),
    }


class _Life:
    """One case while it is lived."""

    def __init__(self, draw: DrawFn, number: int) -> None:
        self.draw = draw
        self._number = number
        self._made = 0
        self.case = self._opened()

    def id(self) -> str:
        """A new one; seldom one that is used elsewhere."""
        self._made += 1
        if self.draw(st.integers(0, 24)) == 0:
            return self.draw(st.sampled_from(_IDS))
        return f"T{self._number}-{self._made:03d}"

    def pool(self, name: str) -> str:
        return self.draw(_pools()[name])

    def go(self, action: str, move: Move) -> None:
        """Do a move and put it on record, as the casebook does."""
        try:
            after = move(self.case)
        except PddError:
            return
        at = self.draw(moments())
        self.case = recorded(self.case, after, action=action, change_id=self.id(), at=at)

    def _opened(self) -> Case:
        draw = self.draw
        at = draw(moments())
        case = Case(
            id=f"C{self._number}",
            ref=f"PDD-2026-{self._number:04d}",
            title=draw(lines()),
            problem=draw(maybe(_pools()["problem"])),
            description=draw(maybe(texts())),
            merchant=draw(maybe(lines())),
            operator=draw(
                st.sampled_from((Operator(), Operator(name="某某商贸有限公司", address="浙江省杭州市某路 1 号")))
            ),
            order=Order(
                number=draw(maybe(st.sampled_from(("261109-123456789010101", "1")))),
                product=draw(maybe(lines())),
                amount=draw(maybe(sums())),
                currency=draw(st.sampled_from(("CNY", "USD", "XXX"))),
                ordered_at=draw(maybe(moments())),
                received_at=draw(maybe(moments())),
                courier=draw(maybe(lines())),
                tracking=draw(st.sampled_from((None, "SF1234567890123"))),
            ),
            demand=Demand(
                remedy=draw(maybe(_pools()["remedy"])),
                amount=draw(maybe(sums())),
                deadline=draw(maybe(moments())),
                bottom_line=draw(maybe(lines())),
            ),
            opened_at=at,
            recorded_at=draw(moments()),
            tags=tuple(draw(st.lists(lines(), max_size=2))),
            quiet=draw(st.sampled_from((None, Override(amber="24h", red="3wd"), Override(amber="1d", red="1y")))),
        )
        return recorded(None, moves.open_case(case), action="open", change_id=self.id(), at=at)

    def person(self) -> Person:
        draw = self.draw
        return Person(
            name=draw(maybe(lines())),
            role=draw(maybe(st.sampled_from(("店铺客服", "平台客服", "店铺客服 小王")))),
            staff_no=draw(st.sampled_from((None, "07", "**52"))),
        )

    def promise(self) -> Promise:
        draw = self.draw
        return Promise(
            id=self.id(),
            text=draw(lines()),
            due=draw(maybe(moments())),
            due_phrase=draw(st.sampled_from((None, "3个工作日内", "by Friday"))),
            estimated=draw(st.booleans()),
            written=draw(st.booleans()),
        )

    def contact(self) -> None:
        draw = self.draw
        inward = draw(st.booleans())
        at = draw(moments())
        substance: Substance | None = (
            draw(one_of_literal(Substance)) if inward else draw(st.sampled_from((None, None, "none")))
        )
        contact = Contact(
            id=self.id(),
            at=at,
            recorded_at=draw(st.just(at) | moments()),
            channel=draw(maybe(_pools()["channel"])),
            direction="in" if inward else "out",
            substance=substance,
            reply=draw(maybe(one_of_literal(Reply))) if substance == "answer" else None,
            person=self.person(),
            summary=draw(texts()),
            demand=draw(st.booleans()),
            written=draw(one_of_literal(Written)),
            promises=tuple(self.promise() for _ in range(draw(st.integers(0, 2)))) if inward else (),
            filing=self.some(filing.id for filing in self.case.filings),
            turn=draw(maybe(one_of_literal(Turn))),
            minutes=draw(st.sampled_from((None, 0, 7, 600))),
        )
        self.go("log", lambda case: moves.log(case, contact))

    def some(self, ids: Iterator[str]) -> str | None:
        found = tuple(ids)
        return self.draw(st.sampled_from(found)) if found else None

    def amend(self) -> None:
        contact = self.some(contact.id for contact in self.case.contacts)
        if contact is not None:
            changes = moves.ContactEdit(summary=self.draw(texts()), at=self.draw(moments()), person=self.person())
            now = self.draw(moments())
            self.go("amend", lambda case: moves.amend(case, contact, changes, now))

    def settle(self) -> None:
        promise = self.some(promise.id for _, promise in self.case.promises)
        if promise is not None:
            state: PromiseState = self.draw(one_of_literal(PromiseState))
            at = self.draw(moments())
            new = self.promise() if state == "replaced" else None
            self.go("settle", lambda case: moves.settle_promise(case, promise, state, at, new))

    def lodge(self) -> None:
        draw, rung = self.draw, self.pool("rung")
        channels = next(each.channels for each in reference()[1].ladder if each.id == rung) or ("merchant_chat",)
        filing = Filing(
            id=self.id(),
            rung=rung,
            channel=draw(st.sampled_from(channels)),
            reference=draw(maybe(lines())),
            filed_at=draw(moments()),
            countdown_until=draw(maybe(moments())),
        )
        self.go("file", lambda case: moves.file(case, filing, reference()[1], anyway=True))

    def request(self) -> None:
        """A request in the app, and what the app shows of it."""
        lodged = Filing(id=self.id(), rung="request", channel="app_aftersale", filed_at=self.draw(moments()))
        self.go("file", lambda case: moves.file(case, lodged, reference()[1], anyway=True))
        self.shown(lodged.id)

    def shown(self, filing: str | None = None) -> None:
        asked = filing or self.some(each.id for each in self.case.filings)
        if asked is not None:
            state = self.draw(st.sampled_from(tuple(reference()[1].aftersales.values())))
            at, until = self.draw(moments()), self.draw(maybe(moments()))
            self.go("aftersale", lambda case: moves.note_aftersale(case, asked, state, at, until, rules=reference()[1]))

    def decide(self) -> None:
        filing = self.some(each.id for each in self.case.filings)
        if filing is not None:
            state: FilingState = self.draw(one_of_literal(FilingState))
            at, number, until = self.draw(moments()), self.draw(maybe(lines())), self.draw(maybe(moments()))
            self.go("decide", lambda case: moves.decide(case, filing, state, at, number))
            self.go("countdown", lambda case: moves.set_countdown(case, filing, until))

    def task(self) -> None:
        draw = self.draw
        task = FollowUp(
            id=self.id(),
            text=draw(lines()),
            due=draw(moments()),
            due_phrase=draw(st.sampled_from((None, "明天"))),
            estimated=draw(st.booleans()),
            created_at=draw(moments()),
        )
        self.go("follow_up", lambda case: moves.add_follow_up(case, task))

    def do_task(self) -> None:
        task = self.some(each.id for each in self.case.follow_ups)
        if task is not None:
            state: FollowUpState = self.draw(one_of_literal(FollowUpState))
            at = self.draw(moments())
            self.go("snooze", lambda case: moves.snooze(case, task, at, None, estimated=False))
            self.go("settle", lambda case: moves.settle_follow_up(case, task, state, at))

    def show(self) -> None:
        draw, filed = self.draw, self.draw(st.booleans())
        record = Evidence(
            id=self.id(),
            kind=draw(maybe(_pools()["evidence"])),
            proves=draw(maybe(lines())),
            place=None if filed else draw(lines()),
            file="a" * 64 + ".png" if filed else None,
            original_name=draw(maybe(lines())) if filed else None,
            sha256="a" * 64 if filed else None,
            size=draw(st.sampled_from((0, 1, 2**40))) if filed else None,
            media_type="image/png" if filed else None,
            taken_at=draw(maybe(moments())),
            vanishes_at=draw(maybe(moments())),
            added_at=draw(moments()),
        )
        self.go("evidence", lambda case: moves.add_evidence(case, record))
        contact = self.some(each.id for each in self.case.contacts)
        if contact is not None:
            self.go("evidence", lambda case: moves.tie_evidence(case, record.id, contact))

    def hide(self) -> None:
        record = self.some(each.id for each in self.case.evidence)
        if record is not None:
            self.go("remove_evidence", lambda case: moves.remove_evidence(case, record))

    def milestone(self) -> None:
        event, at = self.pool("event"), self.draw(maybe(moments()))
        self.go("milestone", lambda case: moves.note_milestone(case, event, at))

    def tick(self) -> None:
        step, at = self.pool("step"), self.draw(maybe(moments()))
        self.go("tick", lambda case: moves.tick(case, step, at))

    def end(self) -> None:
        draw = self.draw
        outcome = Outcome(
            id=self.id(), kind=self.pool("outcome"), recovered=draw(maybe(sums())), note=draw(maybe(texts()))
        )
        status: Status = draw(st.sampled_from(("resolved", "resolved", "closed", "withdrawn", "abandoned")))
        at = draw(moments())
        self.go("resolve", lambda case: moves.resolve(case, outcome, status, at))
        if draw(st.integers(0, 2)) == 0:
            self.go("verify", lambda case: moves.verify(case, at))

    def trash(self) -> None:
        at = self.draw(moments())
        self.go("trash", lambda case: moves.trash(case, at))

    def twist(self) -> None:
        """What no move makes, and what an import or an older program has."""
        draw, case = self.draw, self.case
        twists: list[Callable[[], Case]] = [
            lambda: structs.replace(case, contacts=tuple(reversed(case.contacts))),
            lambda: structs.replace(case, contacts=tuple(map(self._twisted_contact, case.contacts))),
            lambda: structs.replace(case, filings=tuple(map(self._twisted_filing, case.filings))),
            lambda: structs.replace(case, filings=(*case.filings, *case.filings)),
            lambda: structs.replace(case, follow_ups=(*case.follow_ups, *case.follow_ups)),
            lambda: structs.replace(case, evidence=(*case.evidence, *case.evidence)),
            lambda: structs.replace(case, status=draw(one_of_literal(Status)), closed_at=draw(maybe(moments()))),
            lambda: structs.replace(case, outcome=None),
            lambda: structs.replace(case, history=()),
            lambda: structs.replace(case, milestones={**case.milestones, "X": draw(moments())}, steps={"X": NOW}),
            lambda: structs.replace(case, tags=("", "x", "x"), title=draw(st.sampled_from(("", case.title)))),
            lambda: structs.replace(case, merchant="", description="", operator=Operator(name="", address="")),
            lambda: structs.replace(case, order=Order(number="", product="", currency="XXX", tracking="")),
        ]
        self.case = draw(st.sampled_from(twists))()

    def _twisted_contact(self, contact: Contact) -> Contact:
        draw = self.draw
        same = structs.replace(contact, promises=tuple(map(self._twisted_promise, contact.promises)))
        return draw(
            st.sampled_from(
                (
                    structs.replace(same, substance=None, reply=None),
                    structs.replace(same, direction="in", substance="answer", reply=draw(one_of_literal(Reply))),
                    structs.replace(same, person=Person(name="", role="", staff_no=""), channel="gone"),
                    structs.replace(same, filing="gone", evidence=("gone", "gone")),
                    structs.replace(same, promises=(*same.promises, *same.promises)),
                    structs.replace(
                        same, amendments=(Amendment(at=NOW, summary="", person=Person(), happened_at=draw(moments())),)
                    ),
                    structs.replace(same, direction="out", substance="answer", reply=None),
                )
            )
        )

    def _twisted_promise(self, promise: Promise) -> Promise:
        state: PromiseState = self.draw(one_of_literal(PromiseState))
        return structs.replace(
            promise,
            state=state,
            settled_at=self.draw(maybe(moments())),
            replaced_by=self.draw(st.sampled_from((None, promise.id, "gone"))),
            due_phrase=self.draw(st.sampled_from((promise.due_phrase, ""))),
        )

    def _twisted_filing(self, filing: Filing) -> Filing:
        draw = self.draw
        state: FilingState = draw(one_of_literal(FilingState))
        return structs.replace(
            filing,
            rung=draw(st.sampled_from((filing.rung, "gone"))),
            channel=draw(st.sampled_from((filing.channel, "app_aftersale", "gone"))),
            reference=draw(st.sampled_from((filing.reference, ""))),
            state=state,
            accepted_at=draw(maybe(moments())),
            ended_at=draw(maybe(moments())),
            aftersale_state=draw(st.sampled_from((None, 6, 9, 13, 999))),
            aftersale_turn=draw(maybe(one_of_literal(Turn))),
            aftersale_at=draw(maybe(moments())),
            countdown_until=draw(maybe(moments())),
            passed_gates=draw(st.sampled_from(((), ("gone", "demand_stated")))),
        )


_STEPS: tuple[Callable[[_Life], None], ...] = (
    *(_Life.contact,) * 6,
    *(_Life.settle,) * 2,
    *(_Life.lodge,) * 2,
    *(_Life.request,) * 2,
    _Life.shown,
    _Life.decide,
    *(_Life.task,) * 2,
    _Life.do_task,
    _Life.show,
    _Life.hide,
    _Life.milestone,
    _Life.tick,
    _Life.amend,
    _Life.end,
    _Life.trash,
)
"""What happens in a life, as often as in a real one."""


@st.composite
def lives(draw: DrawFn, number: int = 1) -> Case:
    """One case, somewhere in its life."""
    life = _Life(draw, number)
    for step in draw(st.lists(st.sampled_from(_STEPS), max_size=14)):
        step(life)
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        life.twist()
    return life.case


def desks(least: int = 0, most: int = 4) -> SearchStrategy[tuple[Case, ...]]:
    """The cases of one file, from `least` to `most`."""
    return st.integers(least, most).flatmap(lambda n: st.tuples(*(lives(number) for number in range(1, n + 1))))
