"""The chapters of deadlines and of silence: what starts a clock, how long it runs, for whom, and how days count."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.handbook.aftersales import PlatformClock
from pddtui.handbook.book import Handbook
from pddtui.handbook.deadlines import Deadline, Event
from pddtui.handbook.ladder import QuietLimit
from pddtui.message import Label, Message, msg
from pddtui.services.chapters.links import articles, channels, clocks, events, headed, length, linked, said
from pddtui.services.page import Fact, Page, page_of

__all__ = ["deadline_pages", "event_pages", "quiet_pages"]

_WHO: Mapping[str, Message] = {
    "me": msg("me"),
    "merchant": msg("the merchant"),
    "platform": msg("the platform"),
    "courier": msg("the courier"),
    "authority": msg("the authority"),
    "association": msg("the association"),
    "court": msg("the court"),
    "promisor": msg("whoever promised"),
    "as_state": msg("whoever the after-sales state names"),
}

_KINDS: Mapping[str, Message] = {
    "right_window": msg("a right that expires"),
    "duty": msg("a duty of the law"),
    "presumption": msg("a presumption against them"),
    "promise": msg("a promise"),
    "platform": msg("a rule of the platform"),
    "scheme": msg("a rule of a scheme"),
    "local": msg("a local rule"),
    "limitation": msg("a limitation"),
    "info": msg("for information"),
    "reminder": msg("a reminder of mine"),
}

_ROLLS: Mapping[str, Message] = {
    "never": msg("An end on a day off stays there."),
    "forward": msg("An end on a day off moves to the next working day."),
    "back_to_workday_optional": msg("An end on a day off may be taken a working day earlier."),
}

_DAYS = Label("怎么数日子", "How days are counted")
_STAGES: Mapping[str, Message] = {"submitted": msg("until it is accepted"), "accepted": msg("once it is accepted")}


def deadline_pages(book: Handbook) -> Iterator[Page]:
    """How days count, the clocks of the law, those of the platform, then how promises are read."""
    yield _counting(book)
    for clock in book.deadlines:
        yield page_of("deadlines", clock, clock.id, _deadline(book, clock))
    for own in book.platform_clocks:
        yield page_of("deadlines", own, own.id, _platform(book, own), detail=msg("clock of the app"))
    for phrase in book.deadline_file.phrases:
        means = phrase.means or msg("No date can be had from this: ask for one.")
        facts = (*said(msg("Read as"), means), *_span(msg("Ask again after"), phrase.follow_up))
        yield page_of("deadlines", phrase, f"phrase_{phrase.id}", iter(facts), detail=msg("wording of a promise"))


def _counting(book: Handbook) -> Page:
    rules = book.calendar.calendar
    facts = (
        Fact(words=msg("The day of the event is day 0 (Civil Code art. 201).")),
        Fact(words=msg("A deadline of theirs that ends on a day off moves on (art. 203); one of mine never does.")),
        Fact(words=msg("A date without a time is due at the end of that day.")),
        Fact(words=msg("Working days follow the State Council calendar with its make-up weekends.")),
        *(Fact(words=rule) for rule in rules.rules),
        *(
            Fact(name=msg("Day off"), words=msg("{day} {feast}", day=feast.day.isoformat(), feast=feast.label))
            for year in book.calendar.years
            for feast in year.statutory
        ),
    )
    return Page(chapter="deadlines", id="counting", title=_DAYS, facts=facts, src=rules.src, conf="high", entry=rules)


def _span(name: Message, text: str | None) -> Iterator[Fact]:
    return said(name, length(text) if text is not None else None)


def _deadline(book: Handbook, clock: Deadline) -> Iterator[Fact]:
    yield from said(msg("Length"), length(clock.span) if clock.span else msg("as it was said, or as the app shows it"))
    yield from events(book, [clock.event] if clock.event in book.events else [], msg("Counts from"))
    yield from said(msg("Who must act"), _WHO[clock.who])
    yield from said(msg("Kind"), _KINDS[clock.kind])
    yield from _span(msg("They may extend by"), clock.extend)
    for stage in clock.stages:
        yield from said(msg("Stage"), msg("{name}: {length}", name=stage.label, length=length(stage.span)))
    yield from events(book, clock.met_by, msg("Met by"))
    yield from events(book, clock.restart_on, msg("Starts anew on"))
    yield from events(book, clock.pause_on, msg("Does not count"))
    yield from _span(msg("Warns after"), clock.warn_after)
    yield from said(msg("Day off"), _ROLLS[clock.roll])
    yield from said(msg("Note"), clock.note)
    yield from channels(book, clock.channels, msg("Through"))
    yield from articles(book, clock.basis)
    yield from headed(msg("Counts for"), linked(None, "problems", book.problems, clock.problems))


def _platform(book: Handbook, clock: PlatformClock) -> Iterator[Fact]:
    yield from said(msg("Beware"), msg("A rule of the app and no law: type in the countdown that it shows."))
    yield from said(msg("Length"), length(clock.span) if clock.span else msg("unknown"), unsure=clock.unsure)
    yield from events(book, (clock.event,), msg("Counts from"))
    yield from said(msg("Who must act"), _WHO[clock.who])
    yield from events(book, clock.met_by, msg("Met by"))
    yield from _span(msg("Warns after"), clock.warn_after)
    yield from said(msg("Note"), clock.note)
    yield from headed(msg("Counts for"), linked(None, "problems", book.problems, clock.problems))


def event_pages(book: Handbook) -> Iterator[Page]:
    """What starts and ends clocks, as `pddtui milestone` takes it."""
    for event in book.events:
        yield page_of("events", event, event.id, _event(book, event))


def _event(book: Handbook, event: Event) -> Iterator[Fact]:
    yield from said(msg("Note"), event.note)
    yield from articles(book, event.basis)
    every = (*book.deadlines, *book.platform_clocks)
    yield from headed(msg("Starts"), clocks(book, [clock.id for clock in every if clock.event == event.id]))
    yield from headed(msg("Ends"), clocks(book, [clock.id for clock in every if event.id in clock.met_by]))
    yield from headed(
        msg("Starts anew"), clocks(book, [clock.id for clock in book.deadlines if event.id in clock.restart_on])
    )


def quiet_pages(book: Handbook) -> Iterator[Page]:
    for limit in book.quiet:
        yield _limit(book, limit)
    again = book.quiet_file.look_again
    facts = (*said(msg("Every"), length(again.every)), *said(msg("Note"), again.label))
    yield Page(
        chapter="quiet",
        id="look_again",
        title=Label("多久看一次", "How often to look"),
        facts=facts,
        src=again.src,
        conf=again.conf,
        entry=again,
    )


def _limit(book: Handbook, limit: QuietLimit) -> Page:
    channel = book.channels.get(limit.channel)
    facts = (
        *said(msg("Stage"), _STAGES.get(limit.stage or "")),
        *said(msg("Amber after"), length(limit.amber)),
        *said(msg("Red after"), length(limit.red)),
        *_span(msg("Amber before the countdown ends"), limit.amber_before_countdown),
        *_span(msg("Amber again every"), limit.repeat),
        *said(msg("Note"), limit.note),
        *channels(book, [channel.id] if channel else [], msg("Channel")),
        Fact(words=msg("Chase first, escalate next. Other limits can be set per case and in the settings.")),
    )
    return Page(
        chapter="quiet",
        id=limit.id,
        title=channel.label if channel else Label("任何案件", "Any case"),
        detail=_STAGES.get(limit.stage or "", ""),
        facts=facts,
        src=limit.src,
        conf="mid",
        entry=limit,
    )
