"""Commands that look closely: at one case, at the reasons of its flags, at what a phrase means."""

from __future__ import annotations

from collections.abc import Iterator

import click

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import aligned, command, contact_line, cut_to_width, flag, option, painted, when
from pddtui.domain.attention import Attention
from pddtui.domain.case import FILING_STATES, TURNS, Case, Evidence, Promise
from pddtui.domain.subjects import thread_words
from pddtui.domain.text import clean
from pddtui.message import Message, Value, msg

__all__ = ["page"]

_INDENT = "  "
_PLACE = 40
"""Cells for the name of a file, or for where an original is."""


def page(session: Session, case: Case) -> Iterator[str]:
    """The lines of the page of `case`."""
    from pddtui.services.facts import facts

    say = session.say
    entry = session.casebook.attention(case, session.now)
    yield click.style(f"{case.ref}  {say(case.title)}", bold=True)
    how, turn = entry.state.word, TURNS[entry.turn]
    head = msg("{state}, {turn}. {step}", state=how, turn=turn, step=entry.next_step)
    if how == turn:
        head = msg("{state}. {step}", state=how, step=entry.next_step)
    yield painted(say(head), entry.level)
    known = list(facts(case, session.handbook.name_of))
    lines = ((say(fact.label), say(fact.value)) for fact in known if fact.kind != "text")
    yield from _section(session, msg("Facts"), aligned(lines))
    for fact in known:
        if fact.kind == "text":
            yield from _section(session, fact.label, clean(session.speech.render(fact.value)).splitlines())
    yield from _section(session, msg("Filings"), aligned(_filings(session, case)))
    if case.status == "open":
        told = (thread_words(thread, entry.scene.silence_in(thread), session.rules) for thread in entry.threads)
        yield from _section(session, msg("Threads"), [" · ".join(map(say, parts)) for parts in told])
    yield from _section(session, msg("Contact log"), list(_log(session, case)))
    yield from _section(session, msg("Evidence"), list(_evidence(session, case)))
    yield from _section(session, msg("Follow-ups"), aligned(_follow_ups(session, case)))
    flags = [painted(f"{say(flag.due)}  {say(flag.text)}", flag.level) for flag in entry.flags]
    yield from _section(session, msg("Due"), flags)


def _section(session: Session, heading: Message, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield click.style(session.say(heading), bold=True)
        for line in lines:
            yield f"{_INDENT}{line}"


def _filings(session: Session, case: Case) -> Iterator[tuple[str, ...]]:
    for filing in case.filings:
        rung, channel = session.rules.rung(filing.rung), session.handbook.channels.get(filing.channel)
        yield (
            session.speech.moment(filing.filed_at),
            session.say(rung.label if rung else filing.rung),
            session.say(channel.label if channel else filing.channel),
            session.say(filing.reference or ""),
            session.say(FILING_STATES[filing.state].word),
        )


def _log(session: Session, case: Case) -> Iterator[str]:
    newest_first = session.settings.log_newest_first
    for contact in reversed(case.contacts) if newest_first else case.contacts:
        yield contact_line(session, contact)
        for line in clean(contact.summary).splitlines():
            yield f"{_INDENT}{line}"
        for promise in contact.promises:
            yield f"{_INDENT}{_promise_line(session, promise)}"


def _promise_line(session: Session, promise: Promise) -> str:
    due: Value = promise.due if promise.due is not None else msg("no date")
    how = promise.mark(session.now).word
    return session.say(
        msg(
            "promise: {text} ({due}, {form}, {state}) {id}",
            text=promise.text,
            due=due,
            form=promise.form,
            state=how,
            id=promise.id,
        )
    )


def _evidence(session: Session, case: Case) -> Iterator[str]:
    """A line for each exhibit, in the order of their numbers; a copy that is gone or changed stands out."""
    from pddtui.services.evidence import CUSTODY, EvidenceFolder

    folder = EvidenceFolder(session.places.evidence)
    states = [folder.glance(record) for record in case.evidence]
    rows = aligned(
        (
            f"{number}.",
            _what(session, record),
            cut_to_width(session.say(record.original_name or record.place or ""), _PLACE),
            session.say(CUSTODY[custody].word),
            record.id,
        )
        for number, (record, custody) in enumerate(zip(case.evidence, states, strict=True), 1)
    )
    for row, custody in zip(rows, states, strict=True):
        yield painted(row, "red" if CUSTODY[custody].tone == "red" else None)


def _what(session: Session, record: Evidence) -> str:
    """What kind it is, else what it proves."""
    kind = session.handbook.evidence_types.get(record.kind)
    return session.say(kind.label if kind is not None else record.kind or record.proves or msg("unnamed"))


def _follow_ups(session: Session, case: Case) -> Iterator[tuple[str, ...]]:
    for task in case.follow_ups:
        yield session.speech.moment(task.due), session.say(task.text), session.say(task.mark(session.now).word), task.id


_JSON = msg("Print JSON, for scripts.")


@command("show", msg("Show one case."))
@click.argument("ref")
@flag("--json", "as_json", words=_JSON)
@click.pass_context
def show_command(ctx: click.Context, ref: str, as_json: bool) -> None:
    session = open_session(ctx)
    case = session.casebook.find(ref)
    if as_json:
        from pddtui.services.export.json import exported

        session.print_json(exported(case, session.rules, session.now, session.calendar))
        return

    for line in page(session, case):
        click.echo(line)


@command("why", msg("Explain each flag of a case, and how its date was calculated."))
@click.argument("ref")
@click.pass_context
def why_command(ctx: click.Context, ref: str) -> None:
    from pddtui.services.explain import NO_ADVICE, why_flag, why_step

    session = open_session(ctx)
    book = session.casebook
    case = book.find(ref)
    attention = book.attention(case, session.now)
    click.echo(session.say(msg("{ref} {title}: {step}", ref=case.ref, title=case.title, step=attention.next_step)))
    for sentence in (said for step in attention.steps[:1] for said in why_step(step, session.handbook)[1:]):
        click.echo(f"  {session.say(sentence)}")
    for found in attention.flags:
        click.echo(painted(f"\n{session.say(found.due)}  {session.say(found.text)}", found.level))
        for sentence in why_flag(book, case, found, session.handbook):
            click.echo(f"  {session.say(sentence)}")
    for head, told in _grounds(session, case, attention):
        click.echo(f"\n{session.say(head)}")
        for sentence in told:
            click.echo(f"  {session.say(sentence)}")
    click.echo(f"\n{session.say(NO_ADVICE)}")


def _asked(session: Session, attention: Attention, moment: str) -> Iterator[Message]:
    """What the table of next acts says of that moment, where it is one of the case."""
    from pddtui.services.explain import why_step

    asked = next((step for step in attention.steps if moment in step.row.moment), None)
    yield from why_step(asked, session.handbook) if asked is not None else ()


def _grounds(session: Session, case: Case, attention: Attention) -> Iterator[tuple[Message, tuple[Message, ...]]]:
    """What no flag explains: where the case goes next, the sum that is demanded, and the clocks that run unseen."""
    from pddtui.domain.deadlines import deadlines, delivery_wanted, receipt_wanted
    from pddtui.services.explain import why_amount, why_deadline, why_filing

    if receipt_wanted(case, session.rules):
        how = msg(
            "No period for a return is counted until it is entered: `pddtui edit {ref} --received WHEN`.", ref=case.ref
        )
        yield msg("The day of receipt is not known"), (how, *_asked(session, attention, "receipt_unknown"))
    elif delivery_wanted(case, session.rules):
        shown = msg(
            "If the carrier shows it as delivered enter that day, and no day of receipt: "
            "`pddtui edit {ref} --delivered WHEN`.",
            ref=case.ref,
        )
        yield (
            msg("The day that the carrier shows is not known"),
            (shown, *_asked(session, attention, "delivery_unknown")),
        )
    step = attention.way_up if case.active else None
    if step is not None:
        through = session.rules.channels.get(step.channel)
        where = msg("{rung} ({channel})", rung=step.rung.label, channel=through.label if through else step.channel)
        known = session.handbook.channels.get(step.channel)
        reached = tuple(way.said for way in known.ways_in) if known is not None else ()
        yield msg("Next filing: {where}", where=where), (*why_filing(step), *reached)
    amount = why_amount(case, session.handbook)
    if amount:
        remedy = session.handbook.remedies.get(case.demand.remedy)
        what = remedy.label if remedy is not None else msg("a sum")
        yield msg("Demanded: {what}", what=what), amount
    flagged = {found.thing for found in attention.flags}
    for clock in deadlines(case, session.now, session.rules, session.calendar) if case.active else ():
        if clock.runs and clock.key not in flagged and clock.rule.kind != "info":
            yield msg("{due}  {label}", due=clock.due.at, label=clock.rule.label), why_deadline(clock, session.handbook)


@command("when", msg("Show which date a phrase such as 3个工作日内 or by Friday means, and how it was calculated."))
@click.argument("words", nargs=-1, required=True, metavar="PHRASE")
@option("--from", "start", metavar="WHEN", words=msg("The start of the period (default: now)."))
@flag("--json", "as_json", words=_JSON)
@click.pass_context
def when_command(ctx: click.Context, words: tuple[str, ...], start: str | None, as_json: bool) -> None:
    from pddtui.domain.phrases.due import parse_due
    from pddtui.services.json_rows import phrase_answer

    session, phrase = open_session(ctx), " ".join(words)
    since = when(session, start)
    due = parse_due(phrase, since or session.now, session.calendar, from_event=since is not None)
    answer = phrase_answer(phrase, due, session.say)
    if as_json:
        session.print_json(answer)
        return
    click.echo(session.say(msg("~{due} (estimated)", due=due.at) if due.estimated else msg("{due}", due=due.at)))
    for sentence in answer.explanation:
        click.echo(f"  {sentence}")
