"""Three of the sample cases as a person would have entered them, for everything that shows cases.

On Sunday 22 November 2026, noon: the kettle waits for the platform's promise and has one broken behind it, the
nuts have a promise two days overdue, the suitcase has gone quiet. A fourth case lies in the trash.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from pddtui.domain.case import Case, Evidence, Person
from pddtui.domain.duetime import FixedClock
from pddtui.domain.rules import Rules
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.places import Places
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import Casebook
from pddtui.services.demo import fill_with_samples
from pddtui.services.inputs import NewCase, NewContact, NewFiling, NewFollowUp, NewPromise
from pddtui.settings import Settings
from pddtui.speech import Language, Speech
from pddtui.ui.context import Clerk, Context
from tests.memory_store import MemoryStore

__all__ = ["KETTLE", "NOW", "NUTS", "SHANGHAI", "SUITCASE", "TRASHED", "case", "desk", "no_cases", "samples"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)

KETTLE = "PDD-2026-0001"
NUTS = "PDD-2026-0002"
SUITCASE = "PDD-2026-0003"
TRASHED = "PDD-2026-0004"

SHOP = Person(role="店铺客服", name="小A")
MERCHANT = Person(role="商家")


class _CountedIds:
    """Ids that are the same in every run, in the order they were asked for."""

    def __init__(self) -> None:
        self._count = 0

    def new(self, at: datetime) -> str:
        self._count += 1
        return f"{at:%Y%m%d}-{self._count:06d}"


@cache
def _reference() -> tuple[Handbook, Rules]:
    """Read once for all tests: nobody changes it."""
    handbook = Handbook()
    return handbook, rulebook(handbook)


@contextmanager
def no_cases(language: Language = "zh", *, store: MemoryStore | None = None) -> Iterator[Context]:
    """The program before the first case."""
    handbook, rules = _reference()
    clerk = Clerk()
    with TemporaryDirectory() as folder:
        home = Path(folder)
        try:
            yield Context(
                casebook=Casebook(store or MemoryStore(), FixedClock(NOW), ChinaCalendar(), rules, _CountedIds()),
                open_handbook=lambda: handbook,
                speech=Speech(language, SHANGHAI, year=NOW.year),
                settings=Settings(),
                places=Places(
                    data_file=home / "cases.json", config_file=home / "config.yaml", state_folder=home / "state"
                ),
                clerk=clerk,
            )
        finally:
            clerk.close()


@contextmanager
def desk(language: Language = "zh") -> Iterator[Context]:
    """The program with the three cases and the one in the trash."""
    with no_cases(language) as context:
        story = _Story(context.casebook)
        _kettle(story)
        _nuts(story)
        _suitcase(story)
        _trashed(story)
        story.at("11-22 12:00")
        yield context


@contextmanager
def samples(language: Language, now: datetime) -> Iterator[Context]:
    """The program with the ten sample cases, as `pddtui demo` shows them at that moment."""
    handbook, rules = _reference()
    with no_cases(language) as context:
        clock = context.casebook.clock
        assert isinstance(clock, FixedClock)
        clock.advance(now - clock.now())
        fill_with_samples(
            context.casebook.store,
            handbook,
            rules=rules,
            calendar=context.casebook.calendar,
            ids=_CountedIds(),
            now=now,
            say=context.speech.render,
        )
        yield context


def case(context: Context, ref: str) -> Case:
    return context.casebook.find(ref)


def moment(text: str) -> datetime:
    """`11-15 19:20` of the year 2026, in Shanghai."""
    return datetime.strptime(f"2026-{text} +0800", "%Y-%m-%d %H:%M %z").astimezone(SHANGHAI)


class _Story:
    """Moves of one case after the other, each typed in at the moment it happened."""

    def __init__(self, casebook: Casebook) -> None:
        self.casebook = casebook
        self.case_id = ""

    def at(self, when: str) -> None:
        clock = self.casebook.clock
        assert isinstance(clock, FixedClock)
        clock.advance(moment(when) - clock.now())

    def open(self, when: str, new: NewCase) -> None:
        self.at(when)
        self.case_id = self.casebook.open_case(new).id

    def say(self, when: str, channel: str, words: str, *, demand: bool = False) -> None:
        self.at(when)
        self.casebook.log(
            self.case_id, NewContact(direction="out", channel=channel, said=words, demand=demand, person=Person())
        )

    def hear(self, when: str, channel: str, person: Person, words: str, promise: NewPromise | None = None) -> str:
        """Returns the id of the promise, or ""."""
        self.at(when)
        promises = (promise,) if promise is not None else ()
        new = NewContact(
            direction="in",
            channel=channel,
            said=words,
            person=person,
            promises=promises,
            written="received" if promise is not None and promise.written else "none",
        )
        contact = self.casebook.log(self.case_id, new)[1]
        return contact.promises[0].id if contact.promises else ""

    def file(self, when: str, rung: str, channel: str, reference: str | None = None) -> str:
        self.at(when)
        filed = self.casebook.file(
            self.case_id, NewFiling(rung=rung, channel=channel, reference=reference), anyway=True
        )
        return filed.filings[-1].id

    def show(self, *kinds: str, place: str = "拼多多 App 内截图，已存相册") -> None:
        now = self.casebook.now()
        for kind in kinds:
            record = Evidence(id=f"{self.case_id}-{kind}", kind=kind, place=place, added_at=now)
            self.casebook.add_evidence(self.case_id, record)


def _kettle(story: _Story) -> None:
    new = NewCase(
        title="电热水壶第三天不通电",
        problem="quality",
        description="第三天起按下开关没有任何反应，换插座也一样。",
        merchant="小家电店（商家A）",
        order="261109-***********0101",
        product="电热水壶 1.7 升",
        amount=Decimal("89.00"),
        remedy="return_refund",
        demand_amount=Decimal("89.00"),
        ordered_at=moment("11-09 12:00"),
        received_at=moment("11-12 12:00"),
        tags=("家电",),
    )
    story.open("11-15 19:10", new)
    direct = story.file("11-15 19:15", "direct", "merchant_chat")
    story.say("11-15 19:20", "merchant_chat", "告知故障并附视频，要求退货退款", demand=True)
    answer = NewPromise(text="给处理方案", due_phrase="24小时内", written=True)
    broken = story.hear("11-15 19:41", "merchant_chat", SHOP, "答应24小时内答复", answer)
    story.at("11-17 09:50")
    story.casebook.settle_promise(story.case_id, broken, "broken")
    story.casebook.decide(story.case_id, direct, "ended")
    story.show("order_page", "payment", "photo", "chat_merchant")
    request = story.file("11-17 10:05", "request", "app_aftersale", "SH20261117****4417")
    story.hear("11-18 09:30", "app_aftersale", MERCHANT, "驳回，称人为损坏")
    story.casebook.decide(story.case_id, request, "refused")
    story.file("11-18 20:08", "platform", "app_intervene", "JR20261118****4417")
    story.say("11-18 20:10", "app_intervene", "申请平台介入并上传视频", demand=True)
    verdict = NewPromise(text="平台结论", due_phrase="3个工作日内", written=True)
    story.hear("11-20 15:00", "app_official_cs", Person(role="平台客服", staff_no="**07"), "3个工作日内给结论", verdict)
    story.show("aftersale_page", "goods_page")
    story.casebook.follow_up(story.case_id, NewFollowUp(text="看平台结论，不利则补检测依据", due_phrase="11-25"))


def _nuts(story: _Story) -> None:
    new = NewCase(
        title="整箱坚果少两袋",
        problem="short_missing",
        merchant="零食店（商家D）",
        order="261106-***********0404",
        product="每日坚果 30 袋装",
        amount=Decimal("68.00"),
        remedy="resend",
        demand_amount=Decimal("11.30"),
        ordered_at=moment("11-06 12:00"),
        received_at=moment("11-11 12:00"),
    )
    story.open("11-12 12:00", new)
    story.file("11-12 12:05", "direct", "merchant_chat")
    story.say("11-12 12:10", "merchant_chat", "发送开箱视频和面单重量，要求补寄两袋", demand=True)
    parcel = NewPromise(text="补寄两袋并给单号", due_phrase="11月20日前")
    story.hear("11-12 18:00", "merchant_chat", Person(role="店铺客服", name="阿杰"), "11月20日前补寄并给单号", parcel)
    story.show("order_page", "unboxing", "weight", "chat_merchant")
    story.casebook.follow_up(story.case_id, NewFollowUp(text="申请售后（补寄），不再等口头催促", due_phrase="11-22"))


def _suitcase(story: _Story) -> None:
    new = NewCase(
        title="收到退货后以影响二次销售拒退",
        problem="refuse_refund",
        merchant="箱包店（商家G）",
        order="261028-***********0707",
        product="20 寸登机箱",
        amount=Decimal("199.00"),
        remedy="return_refund",
        demand_amount=Decimal("199.00"),
        ordered_at=moment("10-28 12:00"),
        received_at=moment("11-01 12:00"),
    )
    story.open("11-10 11:20", new)
    story.casebook.note_milestone(story.case_id, "merchant_received_return", moment("11-09 12:00"))
    story.hear("11-10 11:30", "merchant_chat", Person(role="店铺客服"), "称包装拆封影响再售")
    story.file("11-12 18:58", "platform", "app_intervene", "JR20261112****5210")
    story.say("11-12 19:00", "app_intervene", "说明为检查而拆封且完好，要求按约退款", demand=True)
    story.hear("11-14 10:00", "app_official_cs", Person(role="平台客服", staff_no="**52"), "已反馈，未给时间")
    story.say("11-18 12:00", "app_official_cs", "再次询问处理进度，要求书面答复时间")
    story.show("order_page", "return_proof", "photo", "chat_merchant", "aftersale_page")


def _trashed(story: _Story) -> None:
    story.open("11-13 09:00", NewCase(title="重复登记的坚果案", merchant="零食店（商家D）"))
    story.at("11-13 09:05")
    story.casebook.trash(story.case_id)
