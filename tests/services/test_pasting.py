"""Pasted text on its way into the log: what is read of it, what is one contact, what is there already, what it does.

The pastes of `pastes.yaml` say what people copy and what it must become; those of `pastes_unseen.yaml` were written
by somebody who did not know how they are read. All else is told on one case, in the year 2026, as chats of 阿明 with
店铺客服小王.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec
import pytest
import yaml
from msgspec import Struct, structs

from pddtui.domain.bounds import MOST_TEXT
from pddtui.domain.case import Case, Filing, FilingState, Order, Person
from pddtui.domain.duetime import FixedClock
from pddtui.domain.moves import CaseEdit, ContactEdit
from pddtui.domain.rules import Rules
from pddtui.errors import CannotWrite, Conflict, Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.message import msg
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.capture import Backdrop
from pddtui.services.casebook import Casebook, UlidSource
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.inputs import NewCase, NewContact, NewFiling
from pddtui.services.json_rows import paste_answer
from pddtui.services.pasting.messages import PastedMeaning
from pddtui.services.pasting.proposal import PasteProposal, propose
from pddtui.services.pasting.taking import TakenPaste, built_of, groups_of, page_changes, take, title_of
from tests.conftest import SHANGHAI
from tests.domain import build
from tests.memory_store import MemoryStore

PASTED = datetime(2026, 11, 30, 12, 0, tzinfo=SHANGHAI)
ME = ("阿明",)


class Known(Struct, frozen=True, forbid_unknown_fields=True):
    """What the case of a paste has."""

    merchant: str | None = None
    order: str | None = None
    people: tuple[str, ...] = ()


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A paste, and what it must become."""

    id: str
    why: str
    paste: str
    wants: dict[str, object]
    me: tuple[str, ...] = ()
    at: str = "2026-11-30T12:00"
    case: Known = Known()
    absent: tuple[str, ...] = ()

    @property
    def pasted_at(self) -> datetime:
        return datetime.fromisoformat(self.at).replace(tzinfo=SHANGHAI)


def _corpus() -> tuple[Entry, ...]:
    files = [Path(__file__).parent / name for name in ("pastes.yaml", "pastes_unseen.yaml")]
    written = [entry for file in files for entry in yaml.safe_load(file.read_text(encoding="utf-8"))]
    return msgspec.convert(written, tuple[Entry, ...])


CORPUS = _corpus()


@cache
def _reference() -> tuple[Handbook, Rules]:
    """Read once: nobody changes it."""
    handbook = Handbook()
    return handbook, rulebook(handbook)


def proposed(
    text: str, case: Case, me: Sequence[str] = ME, *, seen_at: datetime = PASTED, channel: str | None = None
) -> PasteProposal:
    """What the text would become in that case, with the handbook that is shipped."""
    handbook, rules = _reference()
    backdrop = Backdrop.of(case, rules, ChinaCalendar(), tuple(handbook.channels))
    return propose(text, backdrop, handbook.pastes, me=me, seen_at=seen_at, channel=channel)


def proposed_entry(entry: Entry) -> PasteProposal:
    return proposed(entry.paste, case_of(entry), entry.me, seen_at=entry.pasted_at)


def case_of(entry: Entry) -> Case:
    before = entry.pasted_at - timedelta(days=60)
    people = [
        build.contact("in", before, id=f"K{at}", person=Person(name=name)) for at, name in enumerate(entry.case.people)
    ]
    return build.case(*people, merchant=entry.case.merchant, order=Order(number=entry.case.order))


def answered(proposal: PasteProposal) -> dict[str, object]:
    """The answer for scripts, as it is written."""
    written = msgspec.json.encode(paste_answer(proposal, SHANGHAI))
    return msgspec.json.decode(written, type=dict[str, object])


def differences(wanted: object, found: object, place: str = "") -> Iterator[str]:
    """Where what was found is not what was wanted, at every depth. What is not wanted is not looked at.

    Who spoke is wanted beside the words, a time to the minute.
    """
    match wanted, found:
        case dict(), dict():
            person = found.get("person")
            there = {**found, **person} if isinstance(person, dict) else found
            for key, value in wanted.items():
                if key in there:
                    yield from differences(value, there[key], f"{place}.{key}")
                else:
                    yield f"{place}.{key} is no field"
        case list(), list():
            if len(wanted) != len(found):
                yield f"{place}: {len(found)} in place of {len(wanted)}: {found}"
            for at, (each, other) in enumerate(zip(wanted, found, strict=False)):
                yield from differences(each, other, f"{place}[{at}]")
        case str(), str() if place.endswith(("at", ".due")):
            if datetime.fromisoformat(found).replace(second=0, microsecond=0, tzinfo=None) != datetime.fromisoformat(
                wanted
            ):
                yield f"{place}: {found} in place of {wanted}"
        case _:
            if wanted != found:
                yield f"{place}: {found!r} in place of {wanted!r}"


def texts_in(value: object) -> Iterator[str]:
    """Every text in it, and every key."""
    match value:
        case str():
            yield value
        case dict():
            for key, each in value.items():
                yield from texts_in(key)
                yield from texts_in(each)
        case list() | tuple():
            for each in value:
                yield from texts_in(each)


# What people copy.


@pytest.mark.parametrize("entry", CORPUS, ids=[entry.id for entry in CORPUS])
def test_a_paste_becomes_what_it_says(entry: Entry) -> None:
    proposal = proposed_entry(entry)
    answer = answered(proposal)
    assert list(differences(entry.wants, answer)) == [], entry.why
    groups = groups_of(proposal)
    shown = [*texts_in(answer), *(group.said for group in groups)]
    assert [(text, gone) for text in shown for gone in entry.absent if gone in text] == [], entry.why
    taken = [at for at, message in enumerate(proposal.messages) if message.taken]
    assert [at for group in groups for at in group.places] == taken, "each decided message is in one contact"


def test_no_two_pastes_have_the_same_name_and_every_kind_is_among_them() -> None:
    assert len({entry.id for entry in CORPUS}) == len(CORPUS) > 150
    assert {entry.wants.get("kind") for entry in CORPUS} >= {"chat", "notice", "mail", "order", "text"}


def test_the_comparison_finds_what_is_wrong_at_every_depth() -> None:
    """A comparison that finds nothing would let every paste pass."""
    found = {
        "kind": "chat",
        "messages": [{"at": "2026-11-03T09:05:00+08:00", "person": {"name": "小王"}, "promises": [{"due": None}]}],
        "order": {"amount": "1.00"},
    }
    right: dict[str, object] = {
        "kind": "chat",
        "messages": [{"at": "2026-11-03T09:05", "name": "小王", "promises": [{}]}],
        "order": {"amount": "1.00"},
    }
    assert list(differences(right, found)) == []
    wrong: list[dict[str, object]] = [
        {"kind": "mail"},
        {"messages": []},
        {"messages": [{"at": "2026-11-03T09:06"}]},
        {"messages": [{"name": "小"}]},
        {"messages": [{"nmae": "小王"}]},
        {"messages": [{"promises": []}]},
        {"messages": [{"promises": [{"due": "2026-11-03T09:05"}]}]},
        {"order": None},
        {"order": {"amount": "1"}},
    ]
    assert [len(list(differences(each, found))) for each in wrong] == [1] * len(wrong)


def test_the_answer_for_scripts_has_all_its_fields_whatever_was_pasted() -> None:
    person, promise = {"name", "role", "staff_no"}, {"text", "due", "due_phrase", "estimated"}
    message = {"at", "direction", "person", "said", "substance", "reply", "demand", "promises", "new"}
    filing = {"channel", "state", "reference", "at"}
    order = {"number", "product", "merchant", "amount", "ordered_at", "courier", "tracking"}
    seen: set[str] = set()
    for entry in CORPUS:
        answer = answered(proposed_entry(entry))
        assert answer.keys() == {"kind", "messages", "filing", "order", "unread"}
        for place, fields in (("filing", filing), ("order", order)):
            assert answer[place] is None or answer[place].keys() == fields  # type: ignore[attr-defined]
            seen |= {place} if answer[place] is not None else set()
        assert isinstance(answer["messages"], list)
        for each in answer["messages"]:
            assert (each.keys(), each["person"].keys()) == (message, person)
            assert all(one.keys() == promise for one in each["promises"])
            seen |= {"promise"} if each["promises"] else set()
    assert seen == {"filing", "order", "promise"}


# What becomes one contact.


class House:
    """A case with its casebook, of which there may be a second window."""

    def __init__(self, now: datetime = PASTED) -> None:
        self.clock = FixedClock(now)
        self.store = MemoryStore()
        self.book = self._on(self.store)
        self.case = self.book.open_case(NewCase(title="空气炸锅"))

    def _on(self, store: MemoryStore) -> Casebook:
        return Casebook(store, self.clock, ChinaCalendar(), _reference()[1], UlidSource())

    def window(self) -> Casebook:
        """Another window on the same cases."""
        return self._on(self.store.open_again())

    def filed(self, reference: str | None = None, channel: str = "c12315", day: int = 9) -> Filing:
        new = NewFiling(
            rung="regulator", channel=channel, reference=reference, filed_at=PASTED.replace(day=day, hour=9)
        )
        self.case = self.book.file(self.case.id, new, anyway=True)
        return self.case.filings[-1]

    def propose(self, text: str, me: Sequence[str] = ME) -> PasteProposal:
        return proposed(text, self.case, me, seen_at=self.clock.now())

    def paste(self, text: str, me: Sequence[str] = ME) -> TakenPaste:
        taken = take(self.propose(text, me), self.book)
        self.case = taken.case
        return taken

    def new(self, text: str, me: Sequence[str] = ME) -> list[str]:
        """The messages of the text that the case has not."""
        return [message.said for message in self.propose(text, me).messages if not message.there]

    @property
    def log(self) -> list[str]:
        return [contact.summary for contact in self.case.contacts]


def chat(*lines: str, day: str = "2026-11-03") -> str:
    """A chat as it is copied from a computer; a line is `10:00 阿明 请退款`, or with seconds."""
    return "\n\n".join(f"{name} {day} {clock}\n{said}" for clock, name, said in (line.split(" ", 2) for line in lines))


SHOP = "店铺客服小王"


def grouped(proposal: PasteProposal) -> list[tuple[int, ...]]:
    return [group.places for group in groups_of(proposal)]


def test_what_one_person_says_within_ten_minutes_is_one_contact_that_keeps_every_line() -> None:
    house = House()
    text = chat(f"10:00 {SHOP} 亲，在的", f"10:09 {SHOP} 已反馈\n请耐心等待", f"10:18:30 {SHOP} 三个工作日内退款")
    (group,) = groups_of(house.propose(text))
    assert (group.places, group.said) == ((0, 1, 2), "亲，在的\n已反馈\n请耐心等待\n三个工作日内退款")
    (contact,) = house.paste(text).contacts
    assert (contact.summary, contact.minutes) == (group.said, 19)
    assert contact.at == datetime(2026, 11, 3, 10, 0, tzinfo=SHANGHAI)
    assert (contact.person, contact.written) == (Person(name="小王", role="店铺客服"), "received")
    (promise,) = contact.promises
    assert promise.due == datetime(2026, 11, 6, 23, 59, 59, tzinfo=SHANGHAI)
    assert promise.written


@pytest.mark.parametrize(
    ("lines", "groups"),
    [
        (("10:00 店铺客服小王 一", "10:10 店铺客服小王 二"), [(0, 1)]),
        (("10:00 店铺客服小王 一", "10:11 店铺客服小王 二"), [(0,), (1,)]),  # more than ten minutes later
        (
            ("10:00 店铺客服小王 一", "10:09 店铺客服小王 二", "10:18 店铺客服小王 三"),
            [(0, 1, 2)],
        ),  # each after the last
        (("10:00 店铺客服小王 一", "10:01 店铺客服小李 二"), [(0,), (1,)]),  # another person
        (("10:00 店铺客服小王 一", "10:01 阿明 二", "10:02 店铺客服小王 三"), [(0,), (1,), (2,)]),  # another side
        (("10:05 店铺客服小王 一", "10:00 店铺客服小王 二"), [(0,), (1,)]),  # it ran backwards
        (("10:00 店铺客服小王 一", "10:01 路人 二", "10:02 店铺客服小王 三"), [(0,), (2,)]),  # nobody knows whose it is
    ],
)
def test_whatever_stands_between_begins_another_contact(lines: tuple[str, ...], groups: list[tuple[int, ...]]) -> None:
    proposal = House().propose(chat(*lines), me=("阿明",) if any("阿明" in line for line in lines) else ())
    assert grouped(proposal) == groups


def test_a_notice_stands_for_itself() -> None:
    """Also beside another one through the same channel, as each says what became of a filing."""
    said = (
        "【拼多多】您好",
        "【拼多多】请稍候",
        "【拼多多】您的退款申请已提交。",
        "【拼多多】商家已拒绝您的退款申请。",
        "【拼多多】再见",
    )
    proposal = House().propose(unnamed(*said))
    assert [message.notice is not None for message in proposal.messages] == [False, False, True, True, False]
    assert proposal.messages[2].channel == proposal.messages[3].channel
    assert grouped(proposal) == [(0, 1), (2,), (3,), (4,)]


def test_what_a_person_corrected_stands_for_itself() -> None:
    proposal = House().propose(chat(f"10:00 {SHOP} 一", f"10:01 {SHOP} 二", f"10:02 {SHOP} 三"))
    proposal.put(1, structs.replace(proposal.messages[1], meaning=PastedMeaning(demand=True)))
    assert grouped(proposal) == [(0,), (1,), (2,)]
    assert groups_of(proposal)[1].meaning.demand


def test_messages_without_a_time_are_no_contact_of_those_that_have_one() -> None:
    proposal = House().propose(chat(f"10:00 {SHOP} 一", f"10:01 {SHOP} 二"))
    proposal.put(1, structs.replace(proposal.messages[1], timed=False))
    assert grouped(proposal) == [(0,), (1,)]


def test_a_contact_holds_no_more_lines_than_anybody_reads_at_once() -> None:
    long = "亲" * 5000
    proposal = House().propose(chat(*(f"10:0{n} {SHOP} {long}" for n in range(5))))
    assert grouped(proposal) == [(0, 1), (2, 3), (4,)]


# What a person decides.


def sides(proposal: PasteProposal) -> str:
    return "".join({"in": "i", "out": "o", None: "?"}[message.direction] for message in proposal.messages)


def unnamed(*said: str) -> str:
    """Text off a screenshot: times in the middle and no names."""
    return "\n".join(f"11月12日 10:{at:02}\n{words}" for at, words in enumerate(said))


def test_a_message_is_theirs_first_when_it_is_turned_around() -> None:
    proposal = House().propose(unnamed("一", "二"))
    assert sides(proposal) == "??"
    for seen in ("i?", "o?", "i?"):
        proposal.flip(0)
        assert sides(proposal) == seen


def test_all_from_here_on_that_have_the_same_side_are_turned_around() -> None:
    proposal = House().propose(chat("10:00 阿明 一", f"10:01 {SHOP} 二", "10:02 阿明 三", f"10:03 {SHOP} 四"))
    proposal.flip(2, onwards=True)
    assert sides(proposal) == "oiii"
    proposal.flip(1, onwards=True)
    assert sides(proposal) == "oooo"
    proposal.flip(0, onwards=True)
    assert sides(proposal) == "iiii"


def test_neither_a_notice_nor_what_is_there_is_turned_around() -> None:
    house = House()
    house.paste(chat("10:00 阿明 在吗"))
    proposal = house.propose(chat("10:00 阿明 在吗", "10:01 阿明 请退款"))
    proposal.flip(0, onwards=True)
    assert sides(proposal) == "oi"
    proposal = house.propose("【云鹿快递】您的投诉已受理，工单号：YL88001234。")
    proposal.flip(0)
    assert sides(proposal) == "i"


def test_what_it_means_follows_the_side() -> None:
    proposal = House().propose(unnamed("不退，三天内答复", "请退款"))
    assert [proposal.meaning(at) for at in range(2)] == [PastedMeaning(), PastedMeaning()]
    proposal.set_side(0, "in")
    proposal.set_side(1, "out")
    assert proposal.meaning(0).heard.substance is not None
    assert proposal.meaning(1).demand
    proposal.set_side(1, "in")
    assert not proposal.meaning(1).demand
    proposal.set_side(1, None)
    assert (proposal.undecided, proposal.meaning(1)) == (1, PastedMeaning())


GROUP = chat("10:00 小鱼儿 退款", "10:01 路人甲 我也是", "10:02 店铺客服小王 请稍等", "10:03 小鱼儿 快点")


def test_my_name_makes_all_others_theirs_and_is_remembered() -> None:
    proposal = House().propose(GROUP, me=())
    assert (sides(proposal), proposal.names, proposal.undecided) == ("??i?", ("小鱼儿", "路人甲"), 3)
    proposal.this_is_me("小鱼儿")
    assert (sides(proposal), proposal.names, proposal.me) == ("oiio", (), {"小鱼儿"})
    assert {message.channel for message in proposal.messages} == {"merchant_chat"}


def test_a_second_name_of_mine_is_mine_too() -> None:
    proposal = House().propose(GROUP, me=())
    proposal.this_is_me("小鱼儿")
    proposal.this_is_me("路人甲")
    assert (sides(proposal), proposal.me) == ("ooio", {"小鱼儿", "路人甲"})


def test_a_name_that_was_taken_for_mine_by_mistake_is_theirs_again() -> None:
    proposal = House().propose(GROUP, me=("路人甲",))
    assert (sides(proposal), proposal.me, proposal.not_me) == ("ioii", {"路人甲"}, set())
    proposal.this_is_me("路人甲")
    assert (sides(proposal), proposal.me, proposal.not_me) == ("iiii", set(), {"路人甲"})
    proposal.this_is_me("小鱼儿")
    proposal.this_is_me("路人甲")
    assert (sides(proposal), proposal.me, proposal.not_me) == ("ooio", {"小鱼儿", "路人甲"}, set())


def test_a_name_that_was_said_to_be_mine_by_mistake_leaves_nothing_behind() -> None:
    proposal = House().propose(GROUP, me=())
    proposal.set_side(1, "out")
    for name in ("小鱼儿", "小鱼儿"):
        proposal.this_is_me(name)
    assert (sides(proposal), proposal.me) == ("?oi?", set())
    for name in ("小鱼儿", "路人甲", "小鱼儿"):
        proposal.this_is_me(name)
    assert (sides(proposal), proposal.me) == ("ioii", {"路人甲"})


def test_what_a_person_entered_stays_when_it_is_mine_already_and_goes_where_the_chat_was() -> None:
    proposal = House().propose(GROUP, me=())
    entered = NewContact(direction="out", said="退款！", at=proposal.messages[0].at, channel="merchant_chat")
    proposal.put(0, structs.replace(proposal.messages[0], direction="out", entered=entered))
    proposal.this_is_me("小鱼儿")
    assert proposal.messages[0].entered == entered
    proposal.set_channel("app_official_cs")
    changed = proposal.messages[0].entered
    assert changed is not None
    assert (changed.said, changed.channel) == ("退款！", "app_official_cs")


def test_somebody_who_is_not_me_is_theirs_and_nobody_else_is() -> None:
    proposal = House().propose(GROUP, me=())
    proposal.this_is_them("路人甲")
    assert (sides(proposal), proposal.names, proposal.me) == ("?ii?", ("小鱼儿",), set())
    proposal.set_side(0, "out")
    proposal.this_is_them("小鱼儿")
    assert sides(proposal) == "oiii"


def test_the_names_that_were_given_as_mine_are_told_as_they_are_written() -> None:
    assert House().propose(chat("10:00 Ming 一", "10:01 x 二"), me=("ｍｉｎｇ", "另一个")).me == {"Ming"}


def test_what_is_left_out_is_taken_by_nobody_and_asked_of_nobody() -> None:
    proposal = House().propose(GROUP, me=())
    proposal.keep(0, kept=False)
    assert (proposal.undecided, proposal.names) == (2, ("路人甲", "小鱼儿"))
    proposal.keep(2, kept=False)
    assert grouped(proposal) == []
    proposal.keep(2, kept=True)
    assert grouped(proposal) == [(2,)]


def test_all_from_here_on_that_nobody_knows_get_a_side() -> None:
    proposal = House().propose(unnamed("一", "二", "三", "四"))
    proposal.set_side(2, "in")
    proposal.keep(3, kept=False)
    proposal.set_sides_from(1, "out")
    assert sides(proposal) == "?oi?"


def test_all_is_left_out_with_the_order_that_is_another() -> None:
    house = House()
    proposal = house.propose(f"{chat(f'10:00 {SHOP} 一')}\n\n{chat('10:01 阿明 订单号：261101-223344556677889')}")
    assert proposal.page.number == "261101-223344556677889"
    proposal.leave_all_out()
    assert (grouped(proposal), list(proposal.page.facts())) == ([], [])
    with pytest.raises(Refused):
        take(proposal, house.book)


def test_the_number_of_another_order_is_told() -> None:
    house = House()
    text = chat("10:01 阿明 订单号：261101-223344556677889")
    assert house.propose(text).other_order is None
    for known, other in (
        ("261101-223344556677889", None),
        ("订单号：261101-223344556677889", None),
        ("261101-*********677889", None),  # it cannot be compared
        ("261101-99", "261101-223344556677889"),
    ):
        house.case = structs.replace(house.case, order=structs.replace(house.case.order, number=known))
        assert house.propose(text).other_order == other


@pytest.mark.parametrize(
    ("text", "title", "called"),
    [
        ("订单编号：261101-1234567890\n商品：电热水壶\n店铺：小家电店", None, "电热水壶"),
        ("订单编号：261101-1234567890\n店铺：小家电店\n实付：¥5", None, "小家电店"),
        (chat("10:00 阿明 在吗", f"10:01 {SHOP} 在"), None, "小王"),
        ("订单编号：261101-1234567890\n商品：电热水壶\n店铺：小家电店", "壶", "壶"),
    ],
)
def test_a_case_is_called_by_what_the_text_is_about(text: str, title: str | None, called: str) -> None:
    assert title_of(House().propose(text), title) == called


def test_what_nothing_in_the_text_can_name_is_not_opened() -> None:
    with pytest.raises(Refused) as caught:
        title_of(House().propose("刚打了电话"), None)
    assert caught.value.field == "title"


# What is there already.

LONG = chat(
    "10:00:00 阿明 请退款",
    f"10:01:10 {SHOP} 亲，稍等",
    f"10:05:59 {SHOP} 三个工作日内退款",
    "10:06:30 阿明 好的，谢谢",
)


def test_the_same_chat_again_adds_nothing() -> None:
    house = House()
    first = house.paste(LONG)
    assert (first.messages, house.log) == (4, ["请退款", "亲，稍等\n三个工作日内退款", "好的，谢谢"])
    assert house.new(LONG) == []
    with pytest.raises(Refused):
        house.paste(LONG)
    assert house.book.case(house.case.id) == first.case


def _decided_at_a_time(entry: Entry) -> bool:
    """Whether it says of a message whose it is and when it was."""
    messages = entry.wants.get("messages")
    rows = [each for each in messages if isinstance(each, dict)] if isinstance(messages, list) else []
    return any(each.get("direction") is not None and "at" in each for each in rows)


@pytest.mark.parametrize(
    "entry", [entry for entry in CORPUS if _decided_at_a_time(entry)], ids=lambda entry: f"{entry.id} again"
)
def test_what_was_taken_with_its_time_is_there_when_it_is_pasted_again(entry: Entry) -> None:
    house = House(entry.pasted_at)
    house.case = house.book.open_case(NewCase(title="x", merchant=entry.case.merchant, order=entry.case.order))
    for name in entry.case.people:
        new = NewContact(direction="in", said="你好呀", person=Person(name=name), at=PASTED - timedelta(days=90))
        house.case, _ = house.book.log(house.case.id, new)
    proposal = house.propose(entry.paste, entry.me)
    decided = [at for at, one in enumerate(proposal.messages) if one.taken and one.timed]
    assert decided
    house.case = take(proposal, house.book).case
    again = house.propose(entry.paste, entry.me)
    assert [again.messages[at].said for at in decided if not again.messages[at].there] == []


def test_a_longer_piece_of_a_chat_adds_only_what_is_new() -> None:
    house = House()
    house.paste(LONG)
    before, after = chat("09:50 阿明 在吗"), chat(f"10:07 {SHOP} 不客气", "10:08 阿明 请退款")
    taken = house.paste(f"{before}\n\n{LONG}\n\n{after}")
    assert (taken.messages, [one.summary for one in taken.contacts]) == (3, ["在吗", "不客气", "请退款"])
    assert house.new(f"{before}\n\n{LONG}\n\n{after}") == []


def test_half_of_a_chat_is_there_too() -> None:
    house = House()
    house.paste(LONG)
    assert house.new(chat(f"10:05:59 {SHOP} 三个工作日内退款", "10:06:30 阿明 好的，谢谢", "10:09 阿明 还在吗")) == [
        "还在吗"
    ]


def test_the_same_words_twice_in_a_chat_are_two() -> None:
    house = House()
    once, twice = chat("10:00:01 阿明 在吗"), chat("10:00:01 阿明 在吗", "10:00:30 阿明 在吗")
    house.paste(once)
    assert house.new(twice) == ["在吗"]
    house.paste(twice)
    assert house.new(twice) == []
    assert house.new(f"{twice}\n\n{chat('10:00:50 阿明 在吗')}") == ["在吗"]


def test_the_same_words_of_the_other_side_or_at_another_time_are_new() -> None:
    house = House()
    house.paste(chat("10:00 阿明 好的"))
    assert house.new(chat(f"10:00 {SHOP} 好的")) == ["好的"]
    assert house.new(chat("10:03 阿明 好的")) == ["好的"]
    assert house.new(chat("10:00 阿明 好的", day="2026-11-04")) == ["好的"]
    assert house.new(chat("10:02 阿明 好 的")) == []


def test_a_part_of_a_line_is_not_the_line() -> None:
    house = House()
    house.paste(chat("10:00 阿明 请尽快退款给我"))
    assert house.new(chat("10:00 阿明 退款", "10:00 阿明 请尽快退款给我\n谢谢")) == ["退款", "谢谢"]


CUT = f"{SHOP} 2026/11/28 10:22\n明天给您退款"


def test_of_a_message_that_was_cut_only_the_rest_is_new() -> None:
    house = House()
    house.paste(CUT)
    for more in ("\n麻烦提供收款码", "\n麻烦提供收款码\n谢谢"):
        house.paste(f"{CUT}{more}")
        assert house.new(f"{CUT}{more}") == []
    assert house.log == ["明天给您退款", "麻烦提供收款码", "谢谢"]
    assert [len(contact.promises) for contact in house.case.contacts] == [1, 0, 0]
    assert {(contact.at, contact.person.name) for contact in house.case.contacts} == {
        (datetime(2026, 11, 28, 10, 22, tzinfo=SHANGHAI), "小王")
    }


def test_what_only_begins_like_another_message_is_whole() -> None:
    house = House()
    house.paste(chat("10:00 阿明 在吗", "10:05 阿明 好的"))
    assert house.new(chat("10:00 阿明 在吗", "10:00 阿明 在吗\n急", "10:05 阿明 好的")) == ["在吗\n急"]
    assert house.new(chat("10:00 阿明 在吗\n急")) == ["在吗\n急"], "the contact went on after it"
    assert house.new(chat(f"10:05 {SHOP} 好的\n急")) == ["好的\n急"]


def test_the_longer_copy_of_what_another_window_logged_meanwhile_is_not_logged() -> None:
    house = House()
    mine = house.propose(f"{CUT}\n麻烦提供收款码")
    saved = take(house.propose(CUT), house.window()).case
    with pytest.raises(Conflict):
        take(mine, house.book)
    assert [one.said for one in mine.seen_in(saved).messages] == ["麻烦提供收款码"]


@pytest.mark.parametrize("seconds_first", [True, False])
def test_a_chat_with_seconds_is_known_without_them(seconds_first: bool) -> None:
    house = House()
    with_seconds = chat("10:00:59 阿明 请退款", f"10:01:59 {SHOP} 不退", "10:09:58 阿明 凭什么")
    without = chat("10:00 阿明 请退款", f"10:01 {SHOP} 不退", "10:09 阿明 凭什么")
    first, second = (with_seconds, without) if seconds_first else (without, with_seconds)
    house.paste(first)
    assert house.new(second) == []
    assert house.new(without.replace("2026-11-03", "2026/11/3")) == []
    assert house.new(without.replace("2026-11-03", "2026-11-04")) == ["请退款", "不退", "凭什么"]


def test_words_that_are_long_enough_are_known_without_a_time() -> None:
    house = House()
    house.paste(LONG)
    told = f"我：请退款\n{SHOP}：亲，稍等\n{SHOP}：三个工作日内退款\n我：我已经等了一个星期了"
    assert house.new(told) == ["我已经等了一个星期了"]
    assert house.new("我：请退款\n我：我已经等了一个星期了") == ["请退款", "我已经等了一个星期了"], (
        "said again, perhaps"
    )


def test_words_that_were_corrected_later_are_still_known() -> None:
    house = House()
    house.paste(LONG)
    contact = house.case.contacts[1]
    house.clock.advance(timedelta(hours=1))
    house.case = house.book.amend(house.case.id, contact.id, ContactEdit(summary="小王说三天内退"))
    assert [one.summary for one in house.case.contacts[1].amendments] == [contact.summary]
    assert house.new(LONG) == []


def test_a_contact_that_was_typed_is_known_in_a_chat_that_is_pasted() -> None:
    house = House()
    at = datetime(2026, 11, 3, 10, 1, tzinfo=SHANGHAI)
    house.case, _ = house.book.log(house.case.id, NewContact(direction="in", said="亲，稍等", at=at))
    assert house.new(LONG) == ["请退款", "三个工作日内退款", "好的，谢谢"]


def test_a_message_that_is_there_is_told_so_although_nobody_knows_whose_it_is() -> None:
    house = House()
    house.paste(LONG)
    proposal = house.propose(LONG.replace("阿明", "小鱼儿"), me=())
    assert (proposal.undecided, [one.there for one in proposal.messages]) == (0, [True] * 4)


# What is taken in.


def accepted(day: int, number: str = "1310105002026110900012345") -> str:
    return f"11月{day}日 上午10:21\n【全国12315平台】您的投诉（编号：{number}）已受理，请保持电话畅通。"


def ended(day: int, number: str = "1310105002026110900012345") -> str:
    return f"11月{day}日 上午10:21\n【全国12315平台】您的投诉（编号：{number}）因双方未达成一致，终止调解。"


def test_a_notice_decides_the_filing_that_has_its_number() -> None:
    house = House()
    named, other = house.filed("1310105002026110900012345"), house.filed("999", day=10)
    taken = house.paste(accepted(12))
    found, left = taken.case.filings
    assert (found.state, found.accepted_at) == ("accepted", datetime(2026, 11, 12, 10, 21, tzinfo=SHANGHAI))
    assert left == other
    assert (taken.contacts[0].filing, taken.contacts[0].channel, taken.unfiled) == (named.id, "c12315", ())


def test_a_notice_decides_the_running_filing_and_gives_it_its_number() -> None:
    house = House()
    filing = house.filed()
    taken = house.paste(accepted(12))
    assert [(one.id, one.state, one.reference) for one in taken.case.filings] == [
        (filing.id, "accepted", "1310105002026110900012345")
    ]
    taken = house.paste(ended(18))
    assert [(one.state, one.ended_at) for one in taken.case.filings] == [
        ("ended", datetime(2026, 11, 18, 10, 21, tzinfo=SHANGHAI))
    ]


def test_a_notice_with_another_number_touches_no_filing() -> None:
    house = House()
    filing = house.filed("777000")
    taken = house.paste(accepted(12))
    assert taken.case.filings == (filing,)
    assert [one.reference for one in taken.unfiled] == ["1310105002026110900012345"]
    assert (taken.contacts[0].filing, taken.contacts[0].channel) == (None, "c12315")


@pytest.mark.parametrize("channel", ["r12315", "l12345"])
def test_a_notice_of_another_channel_touches_no_filing(channel: str) -> None:
    house = House()
    filing = house.filed(channel=channel)
    taken = house.paste(accepted(12))
    assert (taken.case.filings, len(taken.unfiled)) == ((filing,), 1)


def test_a_notice_from_before_the_filing_touches_it_not() -> None:
    house = House()
    filing = house.filed(day=20)
    assert house.paste(accepted(12)).case.filings == (filing,)


def test_a_notice_that_it_was_handed_in_only_brings_the_number() -> None:
    house = House()
    house.filed()
    taken = house.paste("11月10日 10:00\n【全国12315平台】您的投诉已提交成功，投诉编号：1310105002026110900012345。")
    assert [(one.state, one.reference) for one in taken.case.filings] == [("open", "1310105002026110900012345")]


@pytest.mark.parametrize("reference", [None, "1310105002026110900012345"])
def test_an_acceptance_that_is_pasted_late_does_not_undo_the_end(reference: str | None) -> None:
    house = House()
    house.filed(reference)
    house.paste(ended(18))
    before = house.case.filings
    taken = house.paste(accepted(12))
    assert taken.case.filings == before
    assert taken.contacts[0].filing == before[0].id


def test_all_news_of_one_paste_is_taken_in_its_order() -> None:
    house = House()
    house.filed()
    taken = house.paste(f"{accepted(12)}\n{ended(18)}")
    (filing,) = taken.case.filings
    assert (filing.state, filing.accepted_at, filing.ended_at) == (
        "ended",
        datetime(2026, 11, 12, 10, 21, tzinfo=SHANGHAI),
        datetime(2026, 11, 18, 10, 21, tzinfo=SHANGHAI),
    )
    assert len(taken.contacts) == 2


PAGE = (
    "订单编号：261101-123456789010101\n商品：空气炸锅 5L\n店铺：小家电店\n下单时间：2026-11-01 20:15:33\n"
    "实付：¥129.90\n快递公司：云鹿快递\n运单编号：YL1234567890123"
)


def facts(case: Case) -> dict[str, object]:
    order = case.order
    return {
        "order": order.number,
        "product": order.product,
        "merchant": case.merchant,
        "amount": order.amount,
        "ordered_at": order.ordered_at,
        "courier": order.courier,
        "tracking": order.tracking,
    }


FULL = {
    "order": "261101-123456789010101",
    "product": "空气炸锅 5L",
    "merchant": "小家电店",
    "amount": Decimal("129.90"),
    "ordered_at": datetime(2026, 11, 1, 20, 15, 33, tzinfo=SHANGHAI),
    "courier": "云鹿快递",
    "tracking": "YL1234567890123",
}


def test_a_page_fills_in_what_the_case_has_not() -> None:
    house = House()
    taken = house.paste(PAGE)
    assert facts(taken.case) == FULL
    assert (set(taken.changed), taken.contacts, taken.case.title) == (set(FULL), (), "空气炸锅")
    assert list(page_changes(house.propose(PAGE))) == []
    with pytest.raises(Refused):
        house.paste(PAGE)


@pytest.mark.parametrize("name", FULL)
def test_a_page_writes_over_nothing(name: str) -> None:
    mine = {
        "order": "261101-1",
        "product": "壶",
        "merchant": "别的店",
        "amount": Decimal(5),
        "ordered_at": PASTED - timedelta(days=9),
        "courier": "中通",
        "tracking": "1",
    }[name]
    house = House()
    house.case = house.book.open_case(NewCase.of({"title": "x", name: mine}))
    taken = house.paste(PAGE)
    assert facts(taken.case) == {**FULL, name: mine}
    assert set(taken.changed) == FULL.keys() - {name}
    assert list(page_changes(house.propose(PAGE))) == [(name, mine, FULL[name])]


@pytest.mark.parametrize(
    "text",
    [LONG, accepted(12), PAGE, f"{accepted(12)}\n{ended(18)}"],
    ids=["chat", "notice", "page", "two notices"],
)
def test_a_paste_is_one_save_and_one_undo(text: str) -> None:
    house = House()
    house.filed()
    before = house.case
    after = house.paste(text).case
    assert len(after.history) == len(before.history) + 1
    (undone,) = house.book.undo()
    assert undone.change.action == "paste"
    assert (undone.case.contacts, undone.case.filings, facts(undone.case)) == ((), before.filings, facts(before))
    (redone,) = house.book.redo()
    assert (redone.case.contacts, redone.case.filings, facts(redone.case)) == (
        after.contacts,
        after.filings,
        facts(after),
    )


def test_a_case_and_what_was_pasted_for_it_are_opened_in_one_save() -> None:
    house = House()
    new = NewCase(title="壶")
    proposal = proposed(f"{LONG}\n\n{chat('10:10 阿明 订单号：261101-223344556677889')}", new.build("", "", PASTED))
    case = house.book.open_case(new, built_of(proposal, house.book))
    assert (len(case.history), len(case.contacts), case.order.number) == (1, 3, "261101-223344556677889")


def test_what_another_window_logged_meanwhile_is_not_logged_again() -> None:
    house = House()
    window = house.window()
    mine, theirs = house.propose(LONG), house.propose(chat(f"10:01:10 {SHOP} 亲，稍等"))
    saved = take(theirs, window).case
    with pytest.raises(Conflict):
        take(mine, house.book)
    assert house.book.case(house.case.id) == saved
    house.case = saved
    assert house.paste(LONG).messages == 3


def test_what_another_window_did_besides_is_kept() -> None:
    house = House()
    mine = house.propose(LONG)
    house.window().log(house.case.id, NewContact(direction="out", said="打了电话"))
    saved = take(mine, house.book).case
    assert sorted(one.summary for one in saved.contacts) == sorted(
        ["请退款", "亲，稍等\n三个工作日内退款", "好的，谢谢", "打了电话"]
    )


def test_what_was_decided_stays_beside_the_case_as_another_window_left_it() -> None:
    house = House()
    mine = house.propose(GROUP, me=())
    mine.this_is_me("小鱼儿")
    mine.flip(1)
    saved = take(house.propose(chat("10:02 店铺客服小王 请稍等")), house.window()).case
    other = mine.seen_in(saved)
    assert (sides(other), other.me, other.case) == ("ooio", {"小鱼儿"}, saved)
    assert [message.there for message in other.messages] == [False, False, True, False]


def test_what_cannot_be_saved_leaves_nothing_behind(tmp_path: Path) -> None:
    house = House()
    folder = EvidenceFolder(tmp_path / "evidence")
    house.store.trouble = CannotWrite(msg("The disk is full."))
    with pytest.raises(CannotWrite):
        take(house.propose(LONG), house.book, text=LONG, folder=folder)
    assert house.book.case(house.case.id) == house.case
    assert list(folder.path.iterdir()) == []


def test_the_text_is_kept_as_evidence_of_every_contact(tmp_path: Path) -> None:
    house = House()
    folder = EvidenceFolder(tmp_path / "evidence")
    taken = take(house.propose(LONG), house.book, text=LONG, folder=folder)
    (record,) = taken.case.evidence
    assert {one.evidence for one in taken.contacts} == {(record.id,)}
    assert (record.original_name, record.media_type) == ("chat-20261130-1200.txt", "text/plain")
    path = folder.path_of(record)
    assert path is not None
    assert path.read_text(encoding="utf-8") == LONG
    house.book.undo()
    assert house.book.case(house.case.id).evidence == ()


# What nobody needs.

CODE = "482913"


@pytest.mark.parametrize(
    "text",
    [
        chat(f"10:00 阿明 我的验证码是{CODE}"),
        chat("10:00 阿明 收到验证码\n482 913"),
        chat(f"10:00 阿明 我收到了【拼多多】验证码{CODE}，请勿泄露", f"10:01 {SHOP} 亲，不要发给别人"),
        f"我：验证码：{CODE}\n{SHOP}：好的亲",
        f"【拼多多】您的售后申请已提交，售后单号：9900887766，验证码{CODE}。",
        f"11月12日 10:00\n您的验证码：{CODE}",
        f"发件人：平台客服 <a@b.example>\n发送时间：2026-11-13 09:30\n主题：登录\n\n您的验证码是 {CODE}。",
        f"您的验证码是 {CODE}",
        f"您的验证码是 {CODE}\n\n{chat(f'10:00 {SHOP} 在')}",  # in a line that was not understood
    ],
    ids=["behind", "apart", "handed on", "without a time", "notice", "screenshot", "mail", "words", "not understood"],
)
def test_a_one_time_password_is_in_no_field_and_no_file(text: str, tmp_path: Path) -> None:
    house = House()
    proposal = house.propose(text)
    proposal.set_sides_from(0, "in")
    folder = EvidenceFolder(tmp_path / "evidence")
    shown = [*texts_in(answered(proposal)), *(group.said for group in groups_of(proposal))]
    case = take(proposal, house.book, text=text, folder=folder).case
    kept = [path.read_text(encoding="utf-8") for path in folder.path.iterdir()]
    assert len(kept) == len(case.evidence) == 1
    everywhere = [*shown, *texts_in(msgspec.to_builtins(case)), *kept]
    assert [each for each in everywhere if CODE in each or "482 913" in each] == []
    assert any("•" in each for each in shown)


@pytest.mark.parametrize(
    "text", [f"【拼多多】验证码{CODE}，请勿泄露给他人。", f"【拼多多】您的验证码是\n{CODE}"], ids=["behind", "below"]
)
def test_a_text_message_of_nothing_but_a_password_is_left_out(text: str) -> None:
    house = House()
    proposal = house.propose(f"{text}\n\n【云鹿快递】您的投诉已受理，工单号：YL88001234。")
    assert (grouped(proposal), proposal.secrets) == ([(1,)], 1)
    assert [each for each in texts_in(answered(proposal)) if CODE in each] == []
    with pytest.raises(Refused):
        house.paste(text)


def test_how_many_passwords_were_left_out_is_told() -> None:
    text = chat(f"10:00 阿明 验证码{CODE}", "10:01 阿明 支付密码是 654321", f"10:02 {SHOP} 订单 777777 收到")
    proposal = House().propose(text)
    assert proposal.secrets == 2
    assert proposal.messages[2].said == "订单 777777 收到"


def test_a_password_is_one_wherever_it_is_said_again() -> None:
    proposal = House().propose(chat(f"10:00 阿明 验证码{CODE}", f"10:02 {SHOP} 收到{CODE}", f"10:03 {SHOP} 1{CODE}"))
    assert [one.said for one in proposal.messages] == ["验证码••••••", "收到••••••", f"1{CODE}"]


def test_a_password_that_stands_below_its_word_in_the_next_message_is_not_logged() -> None:
    house = House()
    house.paste(chat("10:00:00 阿明 我的验证码是", f"10:00:20 阿明 {CODE}"))
    assert house.log == ["我的验证码是\n••••••"]


def test_a_promise_counts_from_its_own_message_and_not_from_the_first_of_its_contact() -> None:
    house = House()
    text = (
        chat(f"23:55 {SHOP} 在的", day="2026-11-03")
        + "\n\n"
        + chat(f"00:03 {SHOP} 明天18:00前答复您", day="2026-11-04")
    )
    (shown,) = house.propose(text).meaning(1).promises
    (contact,) = house.paste(text).contacts
    assert (contact.summary, contact.minutes) == ("在的\n明天18:00前答复您", 8)
    assert shown.due is not None
    assert contact.promises[0].due == shown.due.at == datetime(2026, 11, 5, 18, 0, tzinfo=SHANGHAI)


ACCEPTED, REFUSED, ENDED = "已受理", "不予受理", "终止调解"


def told(*news: tuple[int, str]) -> str:
    """Text messages of 12315, each under its day."""
    return "\n\n".join(
        f"11月{day}日 10:00\n【全国12315平台】您的投诉（编号：13101050020261109）{word}。" for day, word in news
    )


@pytest.mark.parametrize(
    ("pastes", "state"),
    [
        ([told((20, ACCEPTED)), told((15, REFUSED))], "accepted"),
        ([told((18, ENDED)), told((15, REFUSED))], "ended"),
        ([told((18, ENDED), (12, ACCEPTED))], "ended"),
        ([told((12, ACCEPTED), (18, ENDED))], "ended"),
        ([told((12, ACCEPTED)), told((18, ENDED))], "ended"),
    ],
)
def test_the_newest_news_of_a_filing_holds_in_whatever_order_it_comes(pastes: list[str], state: FilingState) -> None:
    house = House()
    house.filed()
    for text in pastes:
        house.paste(text)
    (filing,) = house.case.filings
    assert filing.state == state
    assert filing.accepted_at is None or filing.accepted_at.day in (12, 20)
    assert (filing.accepted_at is None) == all(ACCEPTED not in text for text in pastes)
    assert filing.ended_at is None or (filing.accepted_at or filing.filed_at) <= filing.ended_at


@pytest.mark.parametrize("between", ["there", "left out"])
def test_whoever_spoke_in_between_ends_a_contact_though_it_is_not_taken(between: str) -> None:
    house = House()
    answer = f"10:02 {SHOP} 亲，这边不支持退款哦"
    if between == "there":
        house.paste(chat(answer))
    proposal = house.propose(chat("10:00 阿明 请退款", answer, "10:04 阿明 凭什么不退"))
    if between == "left out":
        proposal.keep(1, kept=False)
    assert grouped(proposal) == [(0,), (2,)]


def test_the_same_words_of_another_person_are_new() -> None:
    house = House()
    house.paste(chat(f"10:00 {SHOP} 您好"))
    assert house.new(chat("10:01 平台客服小林 您好")) == ["您好"]
    assert house.new(chat(f"10:01 {SHOP} 您好")) == []


def test_what_was_said_twice_is_known_at_its_own_time() -> None:
    house = House()
    house.paste(chat("10:01 阿明 在吗"))
    proposal = house.propose(chat("10:00 阿明 在吗", "10:01 阿明 在吗"))
    assert [one.there for one in proposal.messages] == [False, True]


def test_a_chat_without_times_is_known_again_though_its_lines_are_short() -> None:
    house = House()
    text = f"我：请退款\n{SHOP}：不退\n我：凭什么"
    house.paste(text, me=())
    assert house.new(text, me=()) == []
    assert house.new(f"{text}\n{SHOP}：稍等", me=()) == ["稍等"]


def test_a_message_that_seems_to_be_there_can_be_taken_all_the_same() -> None:
    house = House()
    house.paste(chat("10:00 阿明 在吗"))
    proposal = house.propose(chat("10:00 阿明 在吗"))
    proposal.keep(0, kept=True)
    assert [one.taken for one in proposal.messages] == [True]


def test_what_was_taken_all_the_same_stays_so_whatever_another_window_does() -> None:
    house = House()
    house.paste(chat("10:00 阿明 在吗"))
    proposal = house.propose(chat("10:00 阿明 在吗"))
    proposal.keep(0, kept=True)
    saved, _ = house.window().log(house.case.id, NewContact(direction="out", said="打了电话"))
    assert [one.taken for one in proposal.seen_in(saved).messages] == [True]
    assert take(proposal, house.book).messages == 1


def test_a_fact_that_another_window_filled_in_meanwhile_stays() -> None:
    house = House()
    proposal = house.propose(PAGE)
    house.window().edit(house.case.id, CaseEdit(merchant="别的店"))
    taken = take(proposal, house.book)
    assert facts(taken.case) == {**FULL, "merchant": "别的店"}
    assert set(taken.changed) == FULL.keys() - {"merchant"}


def test_a_fact_that_no_case_takes_refuses_the_page() -> None:
    page = f"订单编号：261101-888888888010101\n商品：{'锅' * (MOST_TEXT + 1)}\n店铺：店"
    house = House()
    with pytest.raises(Refused, match="may have"):
        house.paste(page)
    assert house.case.order.number is None
