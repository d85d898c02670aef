"""Commands that change a case as a whole: opened, edited, filed, resolved, tagged."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import (
    agreed,
    command,
    flag,
    happened,
    option,
    required_text,
    warn_if_ahead,
)
from pddtui.domain.case import (
    FILING_STATES,
    Case,
    Filing,
    FilingState,
)
from pddtui.domain.fields import CASE, StoredField, edited, values_of
from pddtui.domain.ladder import passed_words, prospect, usual_channel
from pddtui.domain.phrases.numbers import read_sum
from pddtui.domain.text import halfwidth, one_line, tags_in
from pddtui.errors import NotFound, Refused
from pddtui.message import Message, msg
from pddtui.services.edit_conflicts import edit_merging
from pddtui.services.inputs import (
    FilingNews,
    NewCase,
    NewFiling,
    Readiness,
    likely_outcome,
    more_than_paid,
    newest_filing,
    typed_tags,
)

if TYPE_CHECKING:
    from pddtui.domain.case import Case
    from pddtui.domain.rules import Rung
    from pddtui.handbook.procedure import ChannelEntry

__all__ = []

_AT = msg("When it happened (default: now).")
_CHANNEL = msg("The channel.")


_EDITED = edited(CASE)
"""The fields of a case that `edit` takes; `add` takes them too, the title without an option."""


def _case_options(fields: Iterable[StoredField]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """An option for each of these fields of a case, in their order."""

    def with_options(run: Callable[..., None]) -> Callable[..., None]:
        for field in reversed(tuple(fields)):
            words = field.help or field.label
            if words is None:
                raise TypeError(f"nothing says what {field.name} is")
            run = option(_option_of(field), field.name, metavar=field.metavar, words=words)(run)
        return run

    return with_options


def _option_of(field: StoredField) -> str:
    return field.option or f"--{field.name.replace('_', '-')}"


@command("add", msg("Open a case and print its number."), reads=lambda given: given["paste"] is not None)
@click.argument("title", required=False)
@_case_options(field for field in CASE if field.new and field.name != "title")
@option(
    "--paste",
    metavar="FILE",
    is_flag=False,
    flag_value="-",
    words=msg("Take what an order page or a chat says, from the file or standard input; options say it better."),
)
@option("--me", "names", metavar="NAME", multiple=True, words=msg("With --paste: my name in the chat."))
@flag("--yes", words=msg("With --paste: ask nothing and leave out what is not decided."))
@click.pass_context
def add_command(
    ctx: click.Context,
    /,
    *,
    title: str | None,
    paste: str | None,
    names: Sequence[str],
    yes: bool,
    **typed: str | None,
) -> None:
    session = open_session(ctx)
    given = {field.name: _read(session, field, text, None) for field, text in _typed(typed)}
    if paste is not None:
        from pddtui.cli.paste import opened_by_paste  # all that reads pasted texts

        case = opened_by_paste(session, paste, title, given, names, sure=yes)
    elif names or yes:
        raise Refused(msg("--me and --yes go with --paste."))
    elif title is None:
        raise Refused(msg("{what} is missing; see `{command} --help`.", what="TITLE", command=ctx.command_path))
    else:
        case = session.casebook.open_case(NewCase.of({**given, "title": title}))
    _doubt(session, case, given)
    session.results.name(case.ref)


@command("edit", msg("Change facts of a case and print its number; an empty text removes a fact."))
@click.argument("ref")
@_case_options(_EDITED)
@click.pass_context
def edit_command(ctx: click.Context, /, *, ref: str, **typed: str | None) -> None:
    session = open_session(ctx)
    wanted = tuple(_typed(typed))
    if not wanted:
        raise Refused(msg("Nothing is to change: name a fact and its value, as in `--courier 中通`."))
    case = session.casebook.find(ref)
    given = dict(_corrected(session, wanted, case))
    if "complainant" in given:  # who is named again stays as he was entered
        given["complainant"] = session.handbook.own.for_whom(typed["complainant"] or "", case.complainant)
    new = NewCase.of({"title": case.title, **given}).build(case.id, case.ref, session.now)
    fields = tuple(field for field in _EDITED if field.name in given)
    edit = edit_merging(values_of(fields, case), values_of(fields, new))
    saved = session.casebook.apply(case.id, "edit", edit)
    _doubt(session, saved, given)
    session.results.name(saved.ref)


_DOUBTED = frozenset({"problem", "received_at"})


def _doubt(session: Session, case: Case, given: Mapping[str, object]) -> None:
    """Note that a day of receipt is an admission where goods never came, and that a clock waits for its length."""
    problem = session.handbook.problems.get(case.problem) if case.problem and given.keys() & _DOUBTED else None
    page = session.rules.page_clock
    if problem is None:
        return
    if page is not None and page.id in problem.deadlines and case.order.claim_within is None:
        session.note(msg("The goods page says within how many hours to claim: add them with --claim-within 24h."))
    if problem.undelivered and given.get("received_at") is not None:
        note = msg(
            "--received says that you have the goods; if only the carrier shows them as delivered, use --delivered "
            "and empty --received."
        )
        session.note(note)


def _typed(typed: Mapping[str, str | None]) -> Iterator[tuple[StoredField, str]]:
    """What was typed for which field, in the order of the fields."""
    for field in CASE:
        text = typed.get(field.name) if field.new else None
        if text is not None:
            yield field, text


def _corrected(session: Session, typed: Iterable[tuple[StoredField, str]], case: Case) -> Iterator[tuple[str, object]]:
    """What each field is to become. Refuses to empty one that a case must have."""
    for field, text in typed:
        if field.needed:
            required_text(text, _option_of(field))
        yield field.name, _read(session, field, text, case) if one_line(text) or field.kind == "tags" else None


def _read(session: Session, field: StoredField, typed: str, case: Case | None) -> object:
    """What was typed for a field of a case. Raises `Refused` for what cannot be read."""
    if field.catalogue is not None:
        return session.handbook.choices(field.catalogue).find(typed, field=field.name).key
    match field.kind:
        case "sum":
            return read_sum(typed, field.name)
        case "moment":
            return session.casebook.deadline(typed) if field.ahead else happened(session, typed, case)
        case "tags":
            return (typed,)
        case "complainant":
            return session.handbook.own.for_whom(typed)
    return typed


_STATES: dict[str, FilingState] = {state: state for state in FILING_STATES if state != "open"}


@command("file", msg("File a case at a rung and print the id of the filing."))
@click.argument("ref")
@click.argument("rung")
@option("--channel", metavar="ID", words=msg("The channel."))
@option("--reference", metavar="NO", words=msg("Their reference number for it."))
@option("--at", metavar="WHEN", words=msg("When it happened (default: now)."))
@flag("--identity-ready", words=msg("Your real name, phone and address are at hand."))
@flag("--masked", words=msg("Names, numbers and addresses in the text are hidden."))
@option("--operator", metavar="NAME", words=msg("The business behind the shop, from its licence page."))
@option("--operator-address", metavar="ADDRESS", words=msg("The address on that page."))
@option("--reason", metavar="TEXT", words=msg("Why their last answer does not settle it; letters say so."))
@flag("--anyway", words=msg("File it even if something is missing; this is recorded."))
@click.pass_context
def file_command(
    ctx: click.Context,
    *,
    ref: str,
    rung: str,
    channel: str | None,
    reference: str | None,
    at: str | None,
    identity_ready: bool,
    masked: bool,
    operator: str | None,
    operator_address: str | None,
    reason: str | None,
    anyway: bool,
) -> None:
    session = open_session(ctx)
    case = session.casebook.find(ref)
    there = _rung(session, rung)
    through = _channel(session, there, channel) if channel is not None else _usual(session, case, there)
    filed_at = happened(session, at, case)
    new = NewFiling(rung=there.id, channel=through, reference=reference, filed_at=filed_at, reason=reason)
    ready = Readiness(
        met=tuple(gate for gate, said in (("identity", identity_ready), ("masked", masked)) if said),
        operator=required_text(operator, "--operator") if operator is not None else None,
        operator_address=required_text(operator_address, "--operator-address")
        if operator_address is not None
        else None,
    )
    filed = session.casebook.file(case.id, new, ready=ready, anyway=anyway).filings[-1]
    missing, conflicts = passed_words(filed.passed_gates, session.rules)
    if missing:
        session.note(msg("Filed without: {gates}.", gates=missing))
    if conflicts:
        session.note(msg("Filed despite a conflict: {conflicts}.", conflicts=conflicts))
    bars = tuple(rule.label for rule in prospect(case, there, through, session.rules).bars)
    if bars:
        session.note(msg("Know from now on: {bars}.", bars=bars))
    reached = session.handbook.channels.get(through)
    for way in reached.ways_in if reached is not None else ():
        session.note(way.said)
    session.results.name(filed.id)


def _rung(session: Session, typed: str) -> Rung:
    """A rung by its level, id or name. Refuses a channel and says where that belongs."""
    ladder, level = session.handbook.ladder, halfwidth(typed).strip()
    by_level = {str(rung.level): rung for rung in ladder}
    if level in by_level:
        return by_level[level]
    try:
        return ladder.find(typed, field="rung")
    except Refused:
        channel = _known_channel(session, typed)
        if channel is None:
            raise
    reached = session.rules.rung_of(channel.id)
    if reached is None:
        refused = msg(
            "{channel} is not a rung of the ladder. Contact it directly at any time, then log it: "
            "`pddtui log {ref} --out --channel {id}`.",
            channel=channel.label,
            ref="REF",
            id=channel.id,
        )
    else:
        refused = msg(
            "{channel} is a channel, not a rung: file at `{rung}` with `--channel {id}`.",
            channel=channel.label,
            rung=reached.id,
            id=channel.id,
        )
    raise Refused(refused, field="rung")


def _known_channel(session: Session, typed: str) -> ChannelEntry | None:
    try:
        return session.handbook.channels.find(typed)
    except Refused:
        return None


def _usual(session: Session, case: Case, rung: Rung) -> str:
    return usual_channel(session.casebook.attention(case).way_up, rung)


def _channel(session: Session, rung: Rung, typed: str) -> str:
    channel = session.handbook.channels.find(typed, field="channel").id
    if channel not in rung.channels:
        raise Refused(
            msg(
                "{rung} is reached through {channels}, not {typed}.",
                rung=rung.label,
                channels=rung.channels,
                typed=channel,
            ),
            field="channel",
        )
    return channel


@command("filing", msg("Record the result of a filing or its state in the app, and print its id."))
@click.argument("ref")
@option(
    "--state",
    metavar="|".join(_STATES),
    type=click.Choice(tuple(_STATES)),
    words=msg("What they did with it."),
)
@option("--reference", metavar="NO", words=msg("Their reference number for it."))
@option(
    "--countdown",
    metavar="TEXT",
    words=msg("The countdown as the app shows it: 1天23时; an empty text removes the recorded one."),
)
@option("--aftersale", metavar="CODE", words=msg("The state the app shows, by the platform's code or by name."))
@option("--at", metavar="WHEN", words=msg("When it happened or was seen (default: now)."))
@option("--channel", metavar="ID", words=msg("The newest filing through this channel."))
@click.pass_context
def filing_command(
    ctx: click.Context,
    *,
    ref: str,
    state: str | None,
    reference: str | None,
    countdown: str | None,
    aftersale: str | None,
    at: str | None,
    channel: str | None,
) -> None:
    session = open_session(ctx)
    book = session.handbook
    case = session.casebook.find(ref)
    shown = book.aftersale_states.find(aftersale, field="aftersale") if aftersale is not None else None
    if channel is not None:
        channel = book.channels.find(channel, field="channel").id
    filing = _filing(session, case, channel or (session.rules.request_channel if shown is not None else None))
    news = FilingNews(
        state=_STATES[state] if state is not None else None,
        reference=reference,
        aftersale=shown.code if shown is not None else None,
        countdown=countdown,
        at=happened(session, at, case),
    )
    saved = session.casebook.note_filing(case.id, filing.id, news)
    until = next(each.countdown_until for each in saved.filings if each.id == filing.id)
    if countdown and until is not None:
        session.note(msg("The countdown ends {due}.", due=until))
    session.results.name(filing.id)


def _filing(session: Session, case: Case, channel: str | None) -> Filing:
    filing = newest_filing(case, channel)
    if filing is not None:
        return filing
    if channel is None or not case.filings:
        raise NotFound(msg("{ref} has no filing yet; create one with `pddtui file`.", ref=case.ref))
    label = session.handbook.channels[channel].label
    raise NotFound(msg("{ref} was never filed through {channel}.", ref=case.ref, channel=label))


@command(
    "milestone", msg("Record when something happened that starts or stops a deadline, and print the id of the event.")
)
@click.argument("ref")
@click.argument("event")
@option("--at", metavar="WHEN", words=msg("When it happened (default: now)."))
@flag("--clear", words=msg("Remove the date entered by hand, so that the log counts again."))
@click.pass_context
def milestone_command(ctx: click.Context, *, ref: str, event: str, at: str | None, clear: bool) -> None:
    session = open_session(ctx)
    case = session.casebook.find(ref)
    found = session.handbook.events.find(event, field="event")
    if clear and at is not None:
        raise Refused(msg("--clear removes a date; leave out --at."), field="at")
    if clear and found.id not in case.milestones:
        raise NotFound(msg("{event} was not entered by hand in {ref}.", event=found.label, ref=case.ref))
    moment = None if clear else happened(session, at, case) or session.now
    session.casebook.note_milestone(case.id, found.id, moment)
    if moment is not None:
        warn_if_ahead(session, moment)
    session.results.name(found.id)


@command(
    "resolve", msg("Close a case and print the id of its follow-up, which asks a week later whether the money arrived.")
)
@click.argument("ref")
@option("--outcome", metavar="ID", words=msg("The outcome: full, partial, settled, refused, withdrawn, abandoned."))
@option("--recovered", metavar="89.00", words=msg("The amount recovered."))
@option("--at", metavar="WHEN", words=_AT)
@flag("--yes", words=msg("Do not ask when more was recovered than was paid."))
@click.pass_context
def resolve_command(
    ctx: click.Context, *, ref: str, outcome: str | None, recovered: str | None, at: str | None, yes: bool
) -> None:
    session = open_session(ctx)
    case = session.casebook.find(ref)
    amount = read_sum(recovered, "recovered") if recovered is not None else None
    outcomes = session.handbook.outcomes
    ending = outcomes.find(outcome, field="outcome") if outcome else likely_outcome(case, amount, outcomes)
    moment = happened(session, at, case)
    doubt = more_than_paid(case, amount)
    if doubt is not None and not yes and not _goes_on(session, doubt):
        return
    saved = session.casebook.resolve(case.id, ending.id, ending.status, amount, moment)
    if moment is not None:
        warn_if_ahead(session, moment)
    session.note(msg("{ref} is closed: {outcome}.", ref=saved.ref, outcome=ending.label))
    if saved.outcome is not None:
        session.results.name(saved.outcome.id)


def _goes_on(session: Session, doubt: Message) -> bool:
    """Whether a person says that it is so. Refuses where nobody can be asked."""
    if not sys.stdin.isatty():
        raise Refused(msg("{doubt} Nothing was recorded; add --yes if it is right.", doubt=doubt), field="recovered")
    sure = agreed(session, msg("{doubt} Record it all the same?", doubt=doubt))
    if not sure:
        session.note(msg("Nothing was recorded."))
    return sure


@command("tag", msg("Give a case tags or take some away, and print its number."))
@click.argument("ref")
@click.argument("tags", nargs=-1, metavar="TAG…")
@option("--remove", metavar="TAG", multiple=True, words=msg("Take this tag away; it may be given several times."))
@click.pass_context
def tag_command(ctx: click.Context, ref: str, tags: Sequence[str], remove: Sequence[str]) -> None:
    session = open_session(ctx)
    added, removed = typed_tags(*tags), tags_in(*remove)
    if not added and not removed:
        raise Refused(msg("Name a tag to add, or one to take away with --remove."), field="tags")
    case = session.casebook.find(ref)
    session.results.name(session.casebook.tag(case.id, added, removed).ref)
