"""The chapters on the way a complaint takes: channels, requests in the app, clocks, playbooks, ladder, next acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from pddtui.domain.entries import SIDES, Stage
from pddtui.domain.ladder import gate_needs
from pddtui.domain.rules import ClashRule, Rung, Shortcut
from pddtui.domain.table import DEED_KEYS, Act, Deed, Moment, NextRow
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import Playbook, RecordKind
from pddtui.handbook.procedure import (
    AftersaleState,
    ChannelEntry,
    ChannelKind,
    DeadlineEntry,
    EventEntry,
    PhoneNumber,
    PlatformClock,
    QuietLimitEntry,
)
from pddtui.message import Filled, Label, Message, msg, plural
from pddtui.services.chapters.page import (
    Fact,
    Page,
    article_facts,
    channel_facts,
    clock_facts,
    event_facts,
    headed,
    length,
    linked,
    page_of,
    said,
)

__all__ = [
    "RECORDS",
    "aftersale_pages",
    "channel_pages",
    "deadline_pages",
    "event_pages",
    "ladder_pages",
    "next_pages",
    "playbook_pages",
    "quiet_pages",
    "scheme_pages",
]

_CHANNEL_KINDS: Mapping[ChannelKind, Message] = {
    "private": msg("private conversation"),
    "platform_form": msg("platform form"),
    "phone": msg("telephone"),
    "web": msg("website"),
    "public_or_private": msg("private message or public post"),
    "public": msg("public", context="channel"),
    "mediation": msg("mediation"),
    "government": msg("authority"),
    "court": msg("court"),
    "arbitration": msg("arbitration"),
    "emergency": msg("emergency call"),
}


def channel_pages(book: Handbook) -> Iterator[Page]:
    for channel in book.channels:
        yield page_of("channels", channel, channel.id, _facts(book, channel))
    for dud in book.channel_file.not_channels:
        facts = (Fact(name=msg("Not a channel"), words=dud.reason),)
        yield page_of("channels", dud, dud.id, iter(facts), detail=msg("not a channel"))


def _facts(book: Handbook, channel: ChannelEntry) -> Iterator[Fact]:
    yield from said(msg("Caution"), channel.warn)
    if channel.display_only:
        yield from said(
            msg("Caution"), msg("Not for consumers; listed so that it is not mistaken for a consumer line.")
        )
    if channel.public:
        yield from said(msg("Caution"), msg("Everybody can read what is posted there: mask it first."))
    yield from said(msg("Reaches"), SIDES[channel.side])
    yield from said(msg("Kind"), _CHANNEL_KINDS[channel.kind])
    if channel.first:
        yield from said(msg("When", context="channel"), msg("Start here."))
    yield from said(msg("When", context="channel"), channel.when)
    yield from said(msg("How to get there"), channel.entry, channel.also)
    yield from said(msg("Telephone"), channel.phone)
    for number in channel.numbers:
        yield Fact(name=msg("Telephone"), words=_claimed(book, number), unsure=number.conf == "low")
    if channel.numbers:
        yield from said(
            msg("Telephone"), msg("Sources contradict each other: check the number in the app before you dial.")
        )
    yield from said(msg("Website"), channel.url)
    yield from said(msg("Account"), channel.account)
    yield from said(msg("Hours"), channel.hours, unsure=channel.unsure)
    yield from said(msg("For"), channel.purpose, channel.scope)
    yield from said(msg("Before", context="channel"), channel.prereq)
    yield from said(msg("Needs"), channel.need)
    for gate in channel.gates or ():
        yield from said(msg("Before it is filed"), gate_needs(gate) or gate)
    yield from said(msg("Their number"), channel.reference)
    yield from said(msg("Keep", context="evidence"), channel.evidence)
    yield from said(msg("To say"), channel.say)
    yield from said(msg("Tip"), channel.tip)
    yield from said(msg("Note"), channel.note)
    for advice in book.playbook_file.advice:
        if channel.side in advice.sides or not advice.sides:  # what holds for all is one line, to be opened
            words = advice.advice if advice.sides else advice.label
            yield Fact(name=msg("Advice"), words=words, to=f"playbooks/{advice.id}")
    yield from headed(msg("Time limits"), _clocks(book, channel))
    yield from headed(msg("Step by step"), _playbooks(book, channel))
    yield from article_facts(book, channel.basis)


def _claimed(book: Handbook, number: PhoneNumber) -> Message:
    src = _cited(book, number.src)
    if number.contra:
        contra = _cited(book, number.contra)
        return msg("{number} (according to {src}; {contra} disagrees)", number=number.number, src=src, contra=contra)
    return msg("{number} (according to {src})", number=number.number, src=src)


def _cited(book: Handbook, ids: Iterable[str]) -> tuple[Label | str, ...]:
    """What the sources are called beside each other; an id that the handbook does not know stands for itself."""
    found = ((key, book.sources.get(key)) for key in ids)
    return tuple(key if source is None else source.short or source.label for key, source in found)


def _clocks(book: Handbook, channel: ChannelEntry) -> Iterator[Fact]:
    if channel.clock is not None:
        yield from clock_facts(book, (channel.clock,), msg("Starts"))
    for limit in book.quiet:
        if limit.channel == channel.id:
            words = msg("amber after {amber}, red after {red}", amber=length(limit.amber), red=length(limit.red))
            yield Fact(name=msg("Quiet"), words=words, to=f"quiet/{limit.id}")


def _playbooks(book: Handbook, channel: ChannelEntry) -> Iterator[Fact]:
    ids = [playbook.id for playbook in book.playbooks if playbook.channel == channel.id]
    return linked(None, "playbooks", book.playbooks, ids)


_TURNS: Mapping[str, Message] = {
    "none": msg("nobody"),
    "me": msg("me"),
    **dict(SIDES.items()),
}

_GROUPS: Mapping[str, Message] = {
    "none": msg("nothing is in progress"),
    "waiting_merchant": msg("waiting for the merchant"),
    "waiting_platform": msg("waiting for the platform"),
    "refunding": msg("the refund is on its way"),
    "my_turn": msg("I must act before the countdown ends"),
    "closed_against_me": msg("closed against me"),
    "closed": msg("closed", context="after-sales state"),
    "done": msg("done", context="after-sales state"),
}


def aftersale_pages(book: Handbook) -> Iterator[Page]:
    """States with whose turn it is, types of request, then the mistakes that cost a case."""
    for state in book.aftersale_states:
        detail = msg("turn: {who}", who=_TURNS[state.turn])
        yield page_of("aftersales", state, f"state_{state.code}", _state(state), detail=detail)
    for kind in book.aftersale_types:
        ids = [remedy.id for remedy in book.remedies if remedy.aftersale_type == kind.code]
        facts = linked(msg("Demand"), "remedies", book.remedies, ids)
        yield page_of("aftersales", kind, f"type_{kind.code}", facts, detail=msg("type of request"))
    for caution in book.aftersale_file.cautions:
        yield page_of("aftersales", caution, caution.id, iter(()), detail=msg("mistake to avoid"))


def _state(state: AftersaleState) -> Iterator[Fact]:
    yield from said(msg("Code"), str(state.code))
    yield from said(msg("Turn"), _TURNS[state.turn])
    yield from said(msg("State"), _GROUPS[state.group])
    yield from said(msg("What to do"), state.hint)


def scheme_pages(book: Handbook) -> Iterator[Page]:
    for scheme in book.schemes:
        facts = (
            *said(msg("Note"), scheme.note),
            *said(
                msg("Keep", context="evidence"),
                msg("A screenshot of the mark when you buy: it is binding like a promise."),
            ),
        )
        yield page_of("schemes", scheme, scheme.id, iter(facts))


_WHO: Mapping[str, Message] = {
    "me": msg("me"),
    **dict(SIDES.items()),
    "promisor": msg("whoever made the promise"),
    "as_state": msg("the party named by the after-sales state"),
}

_CLOCK_KINDS: Mapping[str, Message] = {
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
    "never": msg("If the last day is a day off, the deadline does not move."),
    "forward": msg("If the last day is a day off, the deadline moves to the next working day."),
    "back_to_workday_optional": msg("If the last day is a day off, it may be done one working day earlier."),
}

_STAGES: Mapping[str, Message] = {"submitted": msg("until it is accepted"), "accepted": msg("once it is accepted")}


def deadline_pages(book: Handbook) -> Iterator[Page]:
    """How days count, the clocks of the law, those of the platform, then how promises are read."""
    yield _counting(book)
    for clock in book.deadlines:
        yield page_of("deadlines", clock, clock.id, _deadline(book, clock))
    for own in book.platform_clocks:
        yield page_of("deadlines", own, own.id, _platform(book, own), detail=msg("time limit in the app"))
    for phrase in book.deadline_file.phrases:
        means = phrase.meant or phrase.means or msg("No date can be derived from this: ask for one.")
        facts = (*said(msg("Read as"), means), *_span(msg("Ask again after"), phrase.follow_up))
        yield page_of("deadlines", phrase, f"phrase_{phrase.id}", iter(facts), detail=msg("wording of a promise"))


def _counting(book: Handbook) -> Page:
    rules = book.calendar.calendar
    facts = (
        Fact(words=msg("The day of the event is day 0 (Civil Code art. 201).")),
        Fact(
            words=msg(
                "If the last day is a day off, their deadline moves to the next working day (art. 203); mine "
                "never does."
            )
        ),
        Fact(words=msg("A date without a time is due at the end of that day.")),
        Fact(words=msg("Working days follow the State Council calendar with its make-up weekends.")),
        *(Fact(words=rule) for rule in rules.rules),
        *(
            Fact(name=msg("Day off"), words=msg("{day} {feast}", day=feast.day.isoformat(), feast=feast.label))
            for year in book.calendar.years
            for feast in year.statutory
        ),
    )
    return Page(
        chapter="deadlines",
        id="counting",
        title=msg("How days are counted"),
        facts=facts,
        src=rules.src,
        conf="high",
        entry=rules,
    )


def _span(name: Message, text: str | None) -> Iterator[Fact]:
    return said(name, length(text) if text is not None else None)


def _deadline(book: Handbook, clock: DeadlineEntry) -> Iterator[Fact]:
    typed = msg("as the goods page says") if clock.on_page else msg("as stated, or as the app shows it")
    yield from said(msg("Length"), length(clock.span) if clock.span else typed)
    yield from event_facts(book, [clock.event] if clock.event in book.events else [], msg("Counts from"))
    yield from said(msg("Who must act"), _WHO[clock.who])
    yield from said(msg("Kind"), _CLOCK_KINDS[clock.kind])
    yield from _span(msg("They may extend by"), clock.extend)
    yield from event_facts(book, clock.met_by, msg("Met by"))
    yield from event_facts(book, clock.restart_on, msg("Restarts on"))
    yield from event_facts(book, clock.pause_on, msg("Does not count"))
    yield from _span(msg("Warning after"), clock.warn_after)
    yield from said(msg("Day off"), _ROLLS[clock.roll])
    yield from said(msg("Note"), clock.note)
    yield from channel_facts(book, clock.channels, msg("Through"))
    yield from article_facts(book, clock.basis)
    yield from headed(msg("Counts for"), linked(None, "problems", book.problems, clock.problems))
    yield from headed(msg("Does not count for"), linked(None, "problems", book.problems, clock.unless_problems))
    yield from event_facts(book, clock.unless, msg("Does not count after"))


def _platform(book: Handbook, clock: PlatformClock) -> Iterator[Fact]:
    yield from said(msg("Caution"), msg("This is an app rule, not a law: enter the countdown the app shows."))
    yield from said(msg("Length"), length(clock.span) if clock.span else msg("unknown"), unsure=clock.unsure)
    yield from event_facts(book, (clock.event,), msg("Counts from"))
    yield from said(msg("Who must act"), _WHO[clock.who])
    yield from event_facts(book, clock.met_by, msg("Met by"))
    yield from _span(msg("Warning after"), clock.warn_after)
    yield from said(msg("Note"), clock.note)
    yield from headed(msg("Counts for"), linked(None, "problems", book.problems, clock.problems))


def event_pages(book: Handbook) -> Iterator[Page]:
    """What starts and ends clocks, as `pddtui milestone` takes it."""
    for event in book.events:
        yield page_of("events", event, event.id, _event(book, event))


def _event(book: Handbook, event: EventEntry) -> Iterator[Fact]:
    yield from said(msg("Note"), event.note)
    yield from article_facts(book, event.basis)
    every = (*book.deadlines, *book.platform_clocks)
    yield from headed(msg("Starts"), clock_facts(book, [clock.id for clock in every if clock.event == event.id]))
    yield from headed(msg("Ends"), clock_facts(book, [clock.id for clock in every if event.id in clock.met_by]))
    yield from headed(
        msg("Restarts"), clock_facts(book, [clock.id for clock in book.deadlines if event.id in clock.restart_on])
    )


def quiet_pages(book: Handbook) -> Iterator[Page]:
    for limit in book.quiet:
        yield _limit(book, limit)
    again = book.quiet_file.look_again
    facts = (*said(msg("Every"), length(again.every)), *said(msg("Note"), again.label))
    yield Page(
        chapter="quiet",
        id="look_again",
        title=msg("How often to look"),
        facts=facts,
        src=again.src,
        conf=again.conf,
        entry=again,
    )


def _limit(book: Handbook, limit: QuietLimitEntry) -> Page:
    channel = book.channels.get(limit.channel)
    facts = (
        *said(msg("Stage"), _STAGES.get(limit.stage or "")),
        *said(msg("Amber after"), length(limit.amber)),
        *said(msg("Red after"), length(limit.red)),
        *_span(msg("Amber before the countdown ends"), limit.amber_before_countdown),
        *_span(msg("Amber again every"), limit.repeat),
        *said(msg("Note"), limit.note),
        *channel_facts(book, [channel.id] if channel else [], msg("Channel")),
        Fact(words=msg("Chase first, then escalate. You can set other limits per case and in the settings.")),
    )
    return Page(
        chapter="quiet",
        id=limit.id,
        title=channel.label if channel else msg("Any case"),
        detail=_STAGES.get(limit.stage or "", ""),
        facts=facts,
        src=limit.src,
        conf="mid",
        entry=limit,
    )


RECORDS: Mapping[RecordKind, Message] = {
    "contact": msg("the contact: who, when, what was said"),
    "demand": msg("what you demanded, and by when"),
    "promise": msg("the promise: what, by when, in writing or only oral"),
    "evidence": msg("the evidence, and what it proves"),
    "remedy": msg("which remedy you asked for"),
    "reference": msg("their number for it"),
    "deadline": msg("the deadline they gave you"),
    "escalation": msg("the escalation: to whom, and why"),
    "follow_up": msg("a follow-up with a date"),
    "redaction": msg("that the text was masked"),
    "note": msg("a note"),
}
"""What to write down when a step is done."""


def playbook_pages(book: Handbook) -> Iterator[Page]:
    for playbook in book.playbooks:
        yield page_of("playbooks", playbook, playbook.id, _steps(book, playbook))
    rule = book.playbook_file.note_rule
    fields = tuple(Fact(name=msg("Write down"), words=field.label) for field in book.playbook_file.note_fields)
    yield Page(
        chapter="playbooks",
        id="note_taking",
        title=msg("How to note a contact"),
        facts=(*said(msg("Rule"), rule.label), *fields),
        src=rule.src,
        conf=rule.conf,
        entry=rule,
    )
    for advice in book.playbook_file.advice:
        yield page_of("playbooks", advice, advice.id, said(msg("Advice"), advice.advice))


def _steps(book: Handbook, playbook: Playbook) -> Iterator[Fact]:
    yield from channel_facts(book, (playbook.channel,), msg("Channel"))
    yield Fact(words=msg("Steps"), heading=True)
    for step in playbook.steps:
        yield Fact(words=step.label, step=f"{playbook.id}.{step.id}")
        if step.rec is not None:
            yield from said(msg("Record"), RECORDS[step.rec])
        if step.clock is not None:
            yield from clock_facts(book, (step.clock,), msg("Starts"))
        if step.next is not None:
            yield from linked(msg("Continue"), "playbooks", book.playbooks, (step.next,))
        yield from article_facts(book, step.basis)


def ladder_pages(book: Handbook) -> Iterator[Page]:
    """The rungs from the lowest, then the ways past them and what stands in each other's way."""
    for rung in book.ladder:
        yield page_of("ladder", rung, rung.id, _rung(book, rung), detail=msg("rung {level}", level=rung.level))
    for shortcut in book.ladder_file.shortcuts:
        yield page_of("ladder", shortcut, shortcut.id, _to(book, shortcut), detail=msg("shortcut"))
    for conflict in book.ladder_file.conflicts:
        detail = msg("conflict") if conflict.clash else msg("no conflict")
        yield page_of("ladder", conflict, conflict.id, _conflict(book, conflict), detail=detail)


def _rung(book: Handbook, rung: Rung) -> Iterator[Fact]:
    yield from channel_facts(book, rung.channels, msg("Channels"))
    yield from said(msg("Needs"), rung.gate)
    for gate in rung.gates:
        yield from said(msg("Needs"), gate_needs(gate) or gate)
    yield from said(msg("Escalate when"), rung.move_on_when)
    yield from headed(msg("Shortcuts to here"), _shortcuts(book, rung))
    yield from headed(msg("Conflicts"), _conflicts(book, rung))


def _shortcuts(book: Handbook, rung: Rung) -> Iterator[Fact]:
    for shortcut in book.ladder_file.shortcuts:
        if shortcut.to == rung.id or shortcut.to in rung.channels:
            yield Fact(words=shortcut.label, unsure=shortcut.unsure, to=f"ladder/{shortcut.id}")


def _conflicts(book: Handbook, rung: Rung) -> Iterator[Fact]:
    for conflict in book.ladder_file.conflicts:
        if conflict.a in rung.channels or conflict.b in rung.channels:
            yield Fact(words=conflict.label, unsure=conflict.unsure, to=f"ladder/{conflict.id}")


def _to(book: Handbook, shortcut: Shortcut) -> Iterator[Fact]:
    if shortcut.to in book.ladder:
        return linked(msg("Leads to"), "ladder", book.ladder, (shortcut.to,))
    return channel_facts(book, (shortcut.to,), msg("Leads to"))


def _conflict(book: Handbook, conflict: ClashRule) -> Iterator[Fact]:
    yield from channel_facts(book, tuple(dict.fromkeys((conflict.a, conflict.b))), msg("Channels"))
    yield from article_facts(book, conflict.basis)


_MOMENTS: Mapping[Moment, Message] = {
    "first": msg("before all else"),
    "untold": msg("not raised yet"),
    "agreed": msg("they agree"),
    "refused": msg("they refuse"),
    "offered": msg("they make an offer"),
    "asked": msg("they ask for something"),
    "decided": msg("they have decided"),
    "answered": msg("they have answered something else"),
    "ended": msg("the filing has ended"),
    "app_waits": msg("the app waits for me"),
    "has_come": msg("shown as done"),
    "silent": msg("silent, amber"),
    "unanswered": msg("silent, red"),
    "countdown_near": msg("a countdown of theirs is about to end"),
    "countdown_over": msg("a countdown of theirs has ended"),
    "waiting": msg("their time is running"),
    "returning": msg("goods on their way back"),
    "promise_late": msg("a promise is due"),
    "promise_runs": msg("a promise is running"),
    "promise_undated": msg("a promise without a date"),
    "planned": msg("what I planned"),
    "clash": msg("changed apart on two machines"),
    "duty_runs": msg("a deadline of theirs is running"),
    "duty_missed": msg("a deadline of theirs has passed"),
    "right_runs": msg("a right of mine is about to end"),
    "limitation": msg("a limitation is about to end"),
    "my_clock_runs": msg("a deadline of mine is running"),
    "my_clock_missed": msg("a deadline of mine has passed"),
    "countdown_unknown": msg("the app waits for me, no countdown entered"),
    "receipt_unknown": msg("no day of receipt entered"),
    "delivery_unknown": msg("no day entered on which the carrier shows it as delivered"),
    "verify": msg("resolved, not checked yet"),
    "over": msg("the case has ended"),
}
"""What the moment of a row is, in the order of the chapter: first of all, my turn, theirs, single things."""

_DEEDS: Mapping[Deed, Message] = {
    "tell": msg("log a contact that states the demand"),
    "log": msg("log a contact"),
    "letter": msg("write a letter"),
    "file": msg("file the case"),
    "note": msg("record what became of the filing"),
    "settle": msg("settle the promise or follow-up"),
    "look": msg("note that I looked"),
    "resolve": msg("close the case"),
    "evidence": msg("add evidence"),
    "edit": msg("change the facts of the case"),
    "milestone": msg("note when it happened"),
    "wait": msg("nothing to record"),
}

_STANDINGS: Mapping[Stage, Message] = {
    "submitted": msg("lodged, not accepted yet"),
    "accepted": msg("accepted"),
    "returning": msg("goods on their way back"),
    "owed": msg("agreed, and not done yet"),
}

_BLANKS: Mapping[str, Message] = {
    "channel": msg("[the channel]"),
    "date": msg("[the date]"),
    "broken": msg("[how many]"),
    "hint": msg("[what the app asks for]"),
    "who": msg("[who]"),
    "what": msg("[what I planned]"),
    "rung": msg("[the rung]"),
}
"""What stands in the words of an act for what only a case knows."""


def next_pages(book: Handbook) -> Iterator[Page]:
    """The table of next acts row by row: moment by moment, in the order in which the rows are looked at."""
    order = list(_MOMENTS)
    rows = sorted(book.next_file.next, key=lambda row: (order.index(row.moment[0]), row.catch_all))
    acts = {act.id: act for act in book.next_file.acts}
    for row in rows:
        moments = tuple(_MOMENTS[moment] for moment in row.moment)
        detail = (
            msg("{moments} · catches the rest", moments=moments) if row.catch_all else msg("{moments}", moments=moments)
        )
        steps = [acts[name] for name in row.acts if name in acts]
        told = (fact for number, act in enumerate(steps, 1) for fact in _act(book, number, act))
        facts = (*_fits(book, row, moments), *told)
        page = page_of("next", row, row.id, iter(facts), detail=detail)
        yield replace(page, src=tuple(dict.fromkeys((*row.src, *(name for act in steps for name in act.src)))))


def _fits(book: Handbook, row: NextRow, moments: tuple[Message, ...]) -> Iterator[Fact]:
    """For which case and thread the row is."""
    if row.catch_all:
        yield from said(msg("When", context="act"), msg("Stands in where no row above fits."))
    yield from said(msg("When", context="act"), *moments)
    yield from linked(msg("Problems"), "problems", book.problems, row.problems)
    yield from said(msg("With"), *(SIDES[side] for side in row.sides))
    yield from linked(msg("At rung"), "ladder", book.ladder, row.rungs)
    yield from channel_facts(book, row.channels, msg("Through"))
    for state in row.states:
        shown = book.aftersale_states.get(str(state))
        yield Fact(
            name=msg("The app shows"),
            words=shown.label if shown is not None else str(state),
            to=f"aftersales/state_{state}" if shown is not None else None,
        )
    yield from said(msg("Stage"), *(_STANDINGS[stage] for stage in row.stages))
    if row.accepted is not None:
        yield from said(msg("Stage"), _STANDINGS["accepted" if row.accepted else "submitted"])
    yield from clock_facts(book, row.clocks, msg("About", context="act"))
    yield from clock_facts(book, row.running, msg("While it runs"))
    yield from event_facts(book, row.events, msg("Once noted"))
    yield from event_facts(book, row.without, msg("Before it is noted"))
    yield from channel_facts(book, row.tried, msg("Once used"))
    yield from channel_facts(book, row.untried, msg("Before it is used"))
    yield from channel_facts(book, row.pending, msg("While a filing runs there"))
    yield from linked(msg("Demanded"), "remedies", book.remedies, row.demands)
    if row.filed:
        yield from said(msg("Lodged there"), plural("at least once", "at least {n} times", row.filed))
    if row.broken:
        yield from said(msg("Promises broken"), msg("at least {n}", n=row.broken))
    if row.refusals:
        yield from said(msg("Refusals"), msg("at least {n}", n=row.refusals))
    if row.alone:
        yield from said(msg("Then", context="act"), msg("No row below follows while one of its acts can be done."))


def _act(book: Handbook, number: int, act: Act) -> Iterator[Fact]:
    """An act in words: how it is done and with which key, why, by which articles."""
    yield Fact(words=msg("Act {n}", n=number), heading=True)
    yield Fact(name=msg("To do", context="act"), words=Filled(act.label, dict(_BLANKS)), unsure=act.unsure)
    key = DEED_KEYS[act.deed]
    if key is None:
        yield Fact(name=msg("How"), words=_DEEDS[act.deed])
    else:
        named = msg("Space") if key == "space" else key
        yield Fact(name=msg("How"), words=msg("{deed}, key {key}", deed=_DEEDS[act.deed], key=named))
    yield Fact(name=msg("Reason"), words=act.reason, unsure=act.unsure)
    yield from linked(msg("At rung"), "ladder", book.ladder, (act.rung,) if act.rung else ())
    yield from channel_facts(book, (act.channel,) if act.channel else (), msg("Through"))
    if act.letter is not None:
        kind = next((letter for letter in book.letters if letter.id == act.letter), None)
        yield from said(msg("Letter"), kind.label if kind is not None else act.letter)
    yield from linked(msg("Evidence"), "evidence", book.evidence_types, act.evidence)
    yield from event_facts(book, (act.event,) if act.event else (), msg("Milestone"))
    yield from clock_facts(book, act.until, msg("By the end of"))
    yield from article_facts(book, act.basis)
    yield from said(msg("Note"), act.note)
