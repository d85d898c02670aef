"""The entries of the handbook on the way of a complaint: channels, rungs, requests in the app, clocks, calendar.

Codes and Chinese names of requests are those of the platform's interface. The clocks of the platform are not law: a
countdown typed in from the app goes before each of them.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

import msgspec

from pddtui.domain.case import Turn
from pddtui.domain.entries import Bilingual, Confidence, Entry, Named, Side, Stage, Strict, WordedEntry, checked_words
from pddtui.domain.rules import NO_EVENTS, ChannelEvents, ClashRule, Rung, Shortcut, Track
from pddtui.domain.table import Act, NextRow
from pddtui.handbook.model import SpanText
from pddtui.message import Label, Message, Words, msg

__all__ = [
    "AftersaleFile",
    "AftersaleState",
    "AftersaleType",
    "CalendarFile",
    "CalendarYear",
    "ChannelEntry",
    "ChannelFile",
    "ChannelKind",
    "DeadlineEntry",
    "DeadlineFile",
    "EventEntry",
    "LadderFile",
    "NextFile",
    "PhoneNumber",
    "PlatformClock",
    "QuietFile",
    "QuietLimitEntry",
    "Scheme",
    "WayIn",
]

ChannelKind = Literal[
    "private",
    "platform_form",
    "phone",
    "web",
    "public_or_private",
    "public",
    "mediation",
    "government",
    "court",
    "arbitration",
    "emergency",
]


class PhoneNumber(Strict, frozen=True, kw_only=True):
    """A number that somebody gives for a line. The sources contradict each other, so all are kept."""

    number: str
    conf: Confidence
    src: tuple[str, ...]
    contra: tuple[str, ...] = ()
    """Sources that say otherwise."""


_FIRM = msg("Stay polite and firm: what happened, what you want, by when, and ask for an answer in writing.")
"""What to say where the handbook has nothing of its own."""


def _number(given: PhoneNumber) -> Words:
    return msg("{number} (?)", number=given.number) if given.conf == "low" else given.number


WayKind = Literal["where", "phone", "site", "account", "hours", "caution", "say"]


class WayIn(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to know of a channel when it is used: where it is, its number, its hours, what to say."""

    kind: WayKind
    name: Message
    words: Words
    unsure: bool = False
    caution: bool = False
    """Whether it warns of something."""

    @property
    def said(self) -> Message:
        """It in one line, with a "?" where it is unsure."""
        if self.unsure:
            return msg("{name}: {words} (?)", name=self.name, words=self.words)
        return msg("{name}: {words}", name=self.name, words=self.words)


def _bare(name: str) -> str:
    """A name without what stands in brackets after it."""
    return re.split(r"[(（]", name)[0].strip() or name


class ChannelEntry(WordedEntry, frozen=True, kw_only=True):
    """A way to reach somebody: what it is for, what it needs, and what to beware of."""

    tier: int
    """About how far up it is: 1 is the counterpart itself, 5 the authorities, 7 the court; 0 is not for consumers."""
    kind: ChannelKind
    side: Side
    first: bool = False
    """Whether it is the place to begin."""
    display_only: bool = False
    """Whether it is listed only so that nobody takes it for a consumer line, and never offered for a contact."""
    entry: Label | None = None
    """Where to find it."""
    numbers: tuple[PhoneNumber, ...] = ()
    """Disputed numbers, the likeliest first; to be checked in the app before dialling."""
    phone: str | None = None
    """A public short number that nobody disputes."""
    phone_src: tuple[str, ...] = ()
    """Where `phone` comes from, if not from `src`."""
    url: str | None = None
    url_src: tuple[str, ...] = ()
    purpose: Label | None = None
    when: Label | None = None
    """At what moment it can be used."""
    scope: Label | None = None
    prereq: Label | None = None
    """What must have happened before."""
    need: Label | None = None
    """What has to be handed in."""
    also: Label | None = None
    """Other doors to the same desk."""
    account: Label | None = None
    hours: Label | None = None
    reference: Label | None = None
    """The name of their number for the matter."""
    evidence: Label | None = None
    """How to keep what was said there."""
    say: Label | None = None
    """What to say or write there, politely and firmly. It is our own wording."""
    tip: Label | None = None
    warn: Label | None = None
    note: Label | None = None
    clock: str | None = None
    """The deadline that using it starts."""
    basis: tuple[str, ...] = ()
    """Article ids."""
    track: Track = "dispute"
    """What is pursued through it: the dispute with the shop, or a way beside it."""
    prods: bool = False
    """Whether what is said there is said on behalf of whatever office has the matter."""
    in_app: bool = False
    """Whether it is inside the app: what is filed there is what the app waits for."""
    shows_states: bool = False
    """Whether the app shows the state of a filing there, and counts down."""
    claims: bool = True
    """What is filed there says what I claim; a report says what somebody violated."""
    asking_files: bool = False
    """Whether a demand that was stated there counts as a filing, where none was lodged."""
    events: ChannelEvents = NO_EVENTS
    """The events that a filing there shows."""
    gates: tuple[str, ...] | None = None
    """Ids of what has to be there before it is filed there, where it is not what its rung asks for."""
    filed_zh: str = ""
    filed_en: str = ""
    """What I did there, inside a sentence after "I": `申请平台介入`, `asked the platform to step in`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        checked_words(self.filed_zh, self.filed_en)

    @property
    def in_letters(self) -> Label:
        """Where something was said, inside a sentence."""
        zh = self.letter_zh or f"通过{_bare(self.zh)}"
        return Label(zh, self.letter_en or f"through {_bare(self.en)}")

    @property
    def filed(self) -> Label:
        """What I did there, inside a sentence after "I"."""
        where = self.in_letters
        return Label(self.filed_zh or f"{where.zh}提出诉求", self.filed_en or f"turned to them {where.en}")

    @property
    def ways_in(self) -> tuple[WayIn, ...]:
        """Where it is, its numbers, site, account and hours, what to beware of, and what to say there."""
        numbers = (self.phone, *(_number(each) for each in self.numbers))
        phones: tuple[Words, ...] = tuple(number for number in numbers if number is not None)
        told: tuple[tuple[WayKind, Message, Words | None, bool], ...] = (
            *(("where", msg("How to get there"), words, False) for words in (self.entry, self.also)),
            ("phone", msg("Telephone"), msg("{numbers}", numbers=phones) if phones else None, False),
            ("site", msg("Website"), self.url, False),
            ("account", msg("Account"), self.account, self.unsure),
            ("hours", msg("Hours"), self.hours, self.unsure),
        )
        found = [
            WayIn(kind=kind, name=name, words=words, unsure=unsure)
            for kind, name, words, unsure in told
            if words is not None
        ]
        if self.warn is not None:
            found.append(WayIn(kind="caution", name=msg("Caution"), words=self.warn, caution=True))
        found.append(WayIn(kind="say", name=msg("To say"), words=self.say or _FIRM))
        return tuple(found)

    @property
    def public(self) -> bool:
        """Whether everybody can read what is written there, so that it must be masked first."""
        return self.kind in ("public", "public_or_private")


class NotChannel(Entry, frozen=True, kw_only=True):
    """A number that people try in vain."""

    reason: Label


class ChannelFile(Strict, frozen=True, kw_only=True):
    channels: tuple[ChannelEntry, ...]
    not_channels: tuple[NotChannel, ...]


class Way(Entry, frozen=True, kw_only=True):
    """One of the five ways that the law names to settle a dispute."""

    basis: tuple[str, ...]


class LadderFile(Strict, frozen=True, kw_only=True):
    ladder: tuple[Rung, ...]
    shortcuts: tuple[Shortcut, ...]
    conflicts: tuple[ClashRule, ...]
    five_ways: tuple[Way, ...]


class QuietLimitEntry(Strict, frozen=True, kw_only=True):
    """How long one channel may be silent at one stage."""

    id: str
    channel: str
    """A channel id, or `any`."""
    stage: Stage | None = None
    amber: SpanText
    red: SpanText
    amber_before_countdown: SpanText | None = None
    """Where a countdown is typed in: amber this long before its end, red at its end."""
    repeat: SpanText | None = None
    """Amber comes back after each such span."""
    note: Label | None = None
    src: tuple[str, ...]
    former: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What `Table` finds it by."""
        return self.id

    @property
    def label(self) -> Label:
        """The id in both languages, as a limit has no name of its own."""
        return Label(self.id, self.id)


class LookAgain(Named, frozen=True, kw_only=True):
    """How often to look when nothing else says so."""

    every: SpanText


class QuietFile(Strict, frozen=True, kw_only=True):
    quiet: tuple[QuietLimitEntry, ...]
    look_again: LookAgain


class _Coded(Named, frozen=True, kw_only=True):
    code: int
    """The platform's own number."""

    @property
    def key(self) -> str:
        """What `Table` finds it by."""
        return str(self.code)


class AftersaleType(_Coded, frozen=True, kw_only=True):
    """What a request asks for."""


class AftersaleState(_Coded, frozen=True, kw_only=True):
    """Where a request stands and who has to act."""

    turn: Literal["none", "merchant", "me", "platform", "payment"]
    group: Literal[
        "none",
        "waiting_merchant",
        "waiting_platform",
        "refunding",
        "my_turn",
        "closed_against_me",
        "closed",
        "done",
    ]
    event: str | None = None
    """The event that the state shows."""
    returns: bool | None = None
    """Whether the request asks for a return, where the state says so."""
    hint: Label | None = None
    """What to do before the time runs out."""


class PlatformClock(Entry, frozen=True, kw_only=True):
    """A time limit of the platform, as far as it is known."""

    span: SpanText | None
    """None where the length is not known and has to be typed in."""
    event: str = msgspec.field(name="from")
    """The event that starts it."""
    who: Literal["me", "merchant", "platform"]
    kind: Literal["platform", "right_window"] = "platform"
    """`right_window` for what I may do until then and not afterwards."""
    warn_after: SpanText | None = None
    """For a clock of mine: when the warning begins."""
    met_by: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    """Problem ids for which it counts; empty for all."""
    note: Label | None = None


class Scheme(Entry, frozen=True, kw_only=True):
    """A service mark on the goods page. It binds as a promise, so a picture of it is kept at purchase."""

    note: Label


class Caution(Entry, frozen=True, kw_only=True):
    """A mistake that costs the case."""


class AftersaleFile(Strict, frozen=True, kw_only=True):
    types: tuple[AftersaleType, ...]
    states: tuple[AftersaleState, ...]
    platform_clocks: tuple[PlatformClock, ...]
    schemes: tuple[Scheme, ...]
    cautions: tuple[Caution, ...]


class EventEntry(Entry, frozen=True, kw_only=True):
    """Something that happens in a case and starts or ends a clock."""

    note: Label | None = None
    basis: tuple[str, ...] = ()
    everyday: bool = False
    """Whether it happens in nearly every case: a clock that it starts counts only for the problems that list it."""
    turn: Turn | None = None
    """Whose turn it makes it when it is noted; None where it changes nothing."""
    asks_return: bool = False
    """Whether they ask me by it to send the goods back."""
    sent_back: bool = False
    """Whether it shows that I have sent the goods back."""
    owed: bool = False
    """Whether they owe the money from then on."""
    arrival: bool = False
    """Whether what I demanded has come with it."""
    counted_by_app: bool = False
    """Whether the app counts down itself what it starts."""
    else_from: tuple[str, ...] = ()
    """Where it was not noted itself, it happened with the earliest of these events that the case has."""
    else_filed: bool = False
    """Whether it happened with the first filing where that came before these."""
    follows: tuple[str, ...] = ()
    """The events that it cannot have been before."""
    in_a_sentence: Label | None = None
    """Its name inside a sentence, as that which restarted a clock."""


class DeadlineEntry(Entry, frozen=True, kw_only=True):
    """A clock of the law, of a scheme or of a promise. The day of the event is day 0."""

    span: SpanText | None
    """None where the length comes from what was said or from the app."""
    event: str = msgspec.field(name="from")
    """The event that starts it; `now` when it is typed in, `any` for my own reminders."""
    countdown: bool = False
    """Whether it is the countdown that the app shows."""
    on_page: bool = False
    """Whether the goods page says how long it is, which is typed into the case."""
    who: Literal["me", "merchant", "platform", "courier", "authority", "association", "court", "promisor", "as_state"]
    """Who has to act; `promisor` is whoever promised, `as_state` whoever the after-sales state names."""
    roll: Literal["never", "forward", "back_to_workday_optional"]
    """`forward`: an end on a day off moves to the next working day (Civil Code art. 203)."""
    kind: Literal[
        "right_window",
        "duty",
        "presumption",
        "promise",
        "platform",
        "scheme",
        "local",
        "limitation",
        "info",
        "reminder",
    ]
    extend: SpanText | None = None
    """By how much the other side may prolong it."""
    extend_on: tuple[str, ...] = ()
    """Events that prolong it."""
    pause_on: tuple[str, ...] = ()
    """Events that stop it until the event of the same name with `_done`."""
    restart_on: tuple[str, ...] = ()
    """Events that restart it; the latest one counts."""
    met_by: tuple[str, ...] = ()
    """Events that end it, in time if they come before it is due."""
    channels: tuple[str, ...] = ()
    """If any, only a filing through one of these channels starts it."""
    problems: tuple[str, ...] = ()
    """Problem ids for which it counts; empty for all."""
    unless_problems: tuple[str, ...] = ()
    """Problem ids for which it does not count; it counts for all others, whether they list it or not."""
    instead: tuple[str, ...] = ()
    """Clocks that stand in its place for the problems that list them and not this one."""
    unless: tuple[str, ...] = ()
    """Events that show that it does not count."""
    yields_to: tuple[str, ...] = ()
    """Clocks from the same event that are counted in its place where both would be."""
    warn_after: SpanText | None = None
    """For a clock of mine: when the warning begins, if long before the end."""
    basis: tuple[str, ...] = ()
    note: Label | None = None


class NextFile(Strict, frozen=True, kw_only=True):
    acts: tuple[Act, ...]
    next: tuple[NextRow, ...]


class Phrase(Entry, frozen=True, kw_only=True):
    """A wording in which people promise something, and how it is read."""

    means: str | None = None
    """How it is read; None where it names no date, so that one must be asked for."""
    meant: Label | None = None
    """The same as it is said."""
    follow_up: SpanText | None = None
    """When to ask again where there is no date."""


class DeadlineFile(Strict, frozen=True, kw_only=True):
    events: tuple[EventEntry, ...]
    deadlines: tuple[DeadlineEntry, ...]
    phrases: tuple[Phrase, ...]


class StatutoryDay(Bilingual, frozen=True, kw_only=True):
    """A statutory day off and the name of its feast."""

    day: date


class CalendarYear(Named, frozen=True, kw_only=True):
    """One year. Unless it is `published`, a date that is counted through it is an estimate."""

    year: int
    published: bool = False
    """Whether the State Council notice is out, so that `days_off` and `make_up` are complete."""
    statutory: tuple[StatutoryDay, ...] = ()
    """What is certain before the notice."""
    days_off: tuple[date, ...] = ()
    """Days off that fall on Monday to Friday."""
    make_up: tuple[date, ...] = ()
    """Make-up days: Saturdays and Sundays that count as working days."""

    @property
    def key(self) -> str:
        """What `Table` finds it by."""
        return str(self.year)


class WarnFrom(Strict, frozen=True, kw_only=True):
    """The day of each year from which on a missing calendar of the next year is worth a warning."""

    month: int
    day: int


class CalendarRules(Strict, frozen=True, kw_only=True):
    """In which order the calendars are consulted, and what an estimate means."""

    package: str
    first_year: int
    """The first year for which the package is exact."""
    last_year: int
    """The last such year; the package refuses later ones."""
    order: tuple[Literal["user", "package", "statutory", "weekdays"], ...]
    """Which calendar is consulted first."""
    red_after_estimate: SpanText
    """How long after an estimated date nothing turns red."""
    warn_from: WarnFrom
    estimated: Label
    """The word before an estimated date."""
    rules: tuple[Label, ...]
    src: tuple[str, ...]


class CalendarFile(Strict, frozen=True, kw_only=True):
    years: tuple[CalendarYear, ...]
    calendar: CalendarRules
