"""Commands that change a case: opened, edited, logged, filed, settled, resolved."""

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
    only_one,
    option,
    required_text,
    warn_if_ahead,
    when,
)
from pddtui.domain.case import (
    FILING_STATES,
    REPLIES,
    Case,
    Contact,
    Direction,
    Filing,
    FilingState,
    FollowUpState,
    Person,
    Promise,
    PromiseState,
    Reply,
    Substance,
    Turn,
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
    NewContact,
    NewFiling,
    NewFollowUp,
    NewPromise,
    likely_outcome,
    more_than_paid,
    newest_filing,
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


@command("add", msg("Open a case and print its number."))
@click.argument("title")
@_case_options(field for field in CASE if field.new and field.name != "title")
@click.pass_context
def add_command(ctx: click.Context, /, *, title: str, **typed: str | None) -> None:
    session = open_session(ctx)
    given = {field.name: _read(session, field, text) for field, text in _typed(typed)}
    case = session.casebook.open_case(NewCase.of({**given, "title": title}))
    _doubt(session, case, given)
    click.echo(case.ref)


@command("edit", msg("Change facts of a case and print its number; an empty text removes a fact."))
@click.argument("ref")
@_case_options(_EDITED)
@click.pass_context
def edit_command(ctx: click.Context, /, *, ref: str, **typed: str | None) -> None:
    session = open_session(ctx)
    given = dict(_corrected(session, _typed(typed)))
    if not given:
        raise Refused(msg("Nothing is to change: name a fact and its value, as in `--courier 中通`."))
    case = session.casebook.find(ref)
    new = NewCase.of({"title": case.title, **given}).build(case.id, case.ref, session.now)
    fields = tuple(field for field in _EDITED if field.name in given)
    edit = edit_merging(values_of(fields, case), values_of(fields, new))
    saved = session.casebook.apply(case.id, "edit", edit)
    _doubt(session, saved, given)
    click.echo(saved.ref)


def _doubt(session: Session, case: Case, given: Mapping[str, object]) -> None:
    """Note that a day of receipt is an admission where the goods are said never to have come."""
    if given.get("received_at") is None or case.problem is None:
        return
    problem = session.handbook.problems.get(case.problem)
    if problem is not None and problem.undelivered:
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


def _corrected(session: Session, typed: Iterable[tuple[StoredField, str]]) -> Iterator[tuple[str, object]]:
    """What each field is to become. Refuses to empty one that a case must have."""
    for field, text in typed:
        if field.needed:
            required_text(text, _option_of(field))
        yield field.name, _read(session, field, text) if one_line(text) or field.kind == "tags" else None


def _read(session: Session, field: StoredField, typed: str) -> object:
    """What was typed for a field of a case. Raises `Refused` for what cannot be read."""
    if field.catalogue is not None:
        return session.handbook.choices(field.catalogue).find(typed, field=field.name).key
    match field.kind:
        case "sum":
            return read_sum(typed, field.name)
        case "moment":
            return session.casebook.deadline(typed) if field.ahead else when(session, typed)
        case "tags":
            return (typed,)
    return typed


@command("log", msg("Log a contact and print its id."))
@click.argument("ref")
@flag("--in", "incoming", words=msg("They contacted me."))
@flag("--out", "outgoing", words=msg("I contacted them."))
@option("--said", metavar="TEXT", words=msg("What was said (default: read from standard input)."))
@option("--at", metavar="WHEN", words=_AT)
@option("--channel", metavar="ID", words=_CHANNEL)
@option("--name", metavar="NAME", words=msg("The name of the person."))
@option("--role", metavar="ROLE", words=msg("The role of the person, for example shop agent."))
@option("--staff-no", metavar="NO", words=msg("The staff number of the person."))
@flag("--demand", words=msg("I stated or repeated what I want."))
@flag("--answer", words=msg("It is an answer to the matter."))
@flag("--holding", words=msg("It is a holding reply: passed on, asked to wait, or automatic."))
@flag("--no-answer", words=msg("Nobody answered."))
@option("--reply", metavar="|".join(REPLIES), words=msg("What their answer was."))
@option("--promise", metavar="TEXT", words=msg("What they promised."))
@option("--due", metavar="PHRASE", words=msg("When it is due, in their words: 3个工作日内, by Friday."))
@flag("--written", words=msg("I have it in writing."))
@option("--turn", metavar="mine|theirs", words=msg("Whose turn it is now, if not what the words suggest."))
@click.pass_context
def log_command(
    ctx: click.Context,
    *,
    ref: str,
    incoming: bool,
    outgoing: bool,
    said: str | None,
    at: str | None,
    channel: str | None,
    name: str | None,
    role: str | None,
    staff_no: str | None,
    demand: bool,
    answer: bool,
    holding: bool,
    no_answer: bool,
    reply: str | None,
    promise: str | None,
    due: str | None,
    written: bool,
    turn: str | None,
) -> None:
    session = open_session(ctx)
    direction = _direction(incoming, outgoing)
    substance = _substance(direction, only_one(answer=answer, holding=holding, no_answer=no_answer))
    answered = _reply(direction, substance, reply)
    if due is not None and promise is None:
        raise Refused(msg("--due needs a promise: add --promise with what they will do."), field="promise")
    promises: tuple[NewPromise, ...] = ()
    if promise is not None:
        required_text(promise, "--promise")
        due = required_text(due, "--due") if due is not None else None
        promises = (NewPromise(text=promise, due_phrase=due, written=written),)
    case = session.casebook.find(ref)
    new = NewContact(
        direction=direction,
        said=_said(session, said),
        at=when(session, at),
        channel=session.handbook.channels.find(channel, field="channel").id if channel is not None else None,
        person=Person(name=name, role=role, staff_no=staff_no),
        substance=substance,
        reply=answered,
        demand=demand,
        written="received" if written else "none",
        promises=promises,
        turn=_turn(turn),
    )
    saved, contact = session.casebook.log(case.id, new)
    _explain(session, contact, proposed=substance is None and answered is None)
    if saved.status != "open":
        session.note(msg("{ref} is closed; if it goes on, reopen it with `pddtui reopen {ref}`.", ref=saved.ref))
    click.echo(contact.id)


def _direction(incoming: bool, outgoing: bool) -> Direction:
    if incoming == outgoing:
        raise Refused(msg("Add --in if they contacted you, or --out if you contacted them."), field="direction")
    return "in" if incoming else "out"


def _substance(direction: Direction, chosen: str | None) -> Substance | None:
    match chosen:
        case None:
            return None
        case "no_answer":
            return "none"
    if direction == "out":
        raise Refused(msg("Only what they say can be an answer; --out allows only --no-answer."), field="substance")
    return "answer" if chosen == "answer" else "holding"


def _reply(direction: Direction, substance: Substance | None, given: str | None) -> Reply | None:
    if given is None:
        return None
    found = next((known for known in REPLIES if known == halfwidth(given).strip().lower()), None)
    if found is None:
        raise Refused(msg("--reply takes {known}, not “{value}”.", known="|".join(REPLIES), value=given), field="reply")
    if direction == "out" or substance in ("holding", "none"):
        raise Refused(
            msg("--reply says what their answer was; it cannot be given with --out, --holding or --no-answer."),
            field="reply",
        )
    return found


def _turn(given: str | None) -> Turn | None:
    match given:
        case "mine" | "theirs" | None:
            return given
    raise Refused(msg("--turn takes mine or theirs, not “{value}”.", value=given), field="turn")


def _said(session: Session, said: str | None) -> str:
    if said is not None:
        return said
    if sys.stdin.isatty():
        session.note(msg("What was said? End with Ctrl+D on a line of its own."))
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


def _explain(session: Session, contact: Contact, *, proposed: bool) -> None:
    """How the words were read, in one line, so that it can be overruled."""
    warn_if_ahead(session, contact.at)
    for promise in contact.promises:
        _say_when(session, promise)
        return
    if proposed and contact.direction == "in" and contact.substance == "holding":
        session.note(msg("Recorded as a holding reply, so their time keeps running; use --answer if it was an answer."))
    elif proposed and contact.direction == "in" and contact.substance == "none":
        session.note(msg("Recorded as no answer, so their time keeps running; use --answer if it was an answer."))
    elif proposed and contact.direction == "in":
        session.note(msg("Recorded as an answer, so it is your turn; use --holding or --no-answer if it was not one."))


def _say_when(session: Session, promise: Promise) -> None:
    """The day that was read from the words of a promise."""
    if promise.due is None:
        session.note(msg("The promise has no date and can never be overdue: ask them by when."))
    else:
        due = msg("{due} (estimated)", due=promise.due) if promise.estimated else msg("{due}", due=promise.due)
        session.note(msg("The promise {id} is due {due}.", id=promise.id, due=due))


@command("follow-up", msg("Plan a follow-up and print its id."))
@click.argument("ref")
@click.argument("text")
@option("--due", metavar="PHRASE", required=True, words=msg("When it is due: tomorrow 18:00, 3wd, 11-25."))
@click.pass_context
def follow_up_command(ctx: click.Context, ref: str, text: str, due: str) -> None:
    session = open_session(ctx)
    case = session.casebook.find(ref)
    _, task = session.casebook.follow_up(case.id, NewFollowUp(text=text, due_phrase=due))
    session.note(msg("Due {due}.", due=task.due))
    click.echo(task.id)


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
    anyway: bool,
) -> None:
    session = open_session(ctx)
    case = session.casebook.find(ref)
    there = _rung(session, rung)
    through = _channel(session, there, channel) if channel is not None else _usual(session, case, there)
    new = NewFiling(
        rung=there.id,
        channel=through,
        reference=reference,
        filed_at=when(session, at),
        ready=tuple(gate for gate, said in (("identity", identity_ready), ("masked", masked)) if said),
        operator=required_text(operator, "--operator") if operator is not None else None,
        operator_address=required_text(operator_address, "--operator-address")
        if operator_address is not None
        else None,
    )
    filed = session.casebook.file(case.id, new, anyway=anyway).filings[-1]
    missing, conflicts = passed_words(filed.passed_gates, session.rules)
    if missing:
        session.note(msg("Filed without: {gates}.", gates=missing))
    if conflicts:
        session.note(msg("Filed despite a conflict: {conflicts}.", conflicts=conflicts))
    bars = tuple(rule.label for rule in prospect(case, there, through, session.rules).bars)
    if bars:
        session.note(msg("Know from now on: {bars}.", bars=bars))
    click.echo(filed.id)


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
    there = session.rules.rung(rung.id)
    return usual_channel(case, there, session.rules) if there is not None else rung.channels[0]


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


_STATES: dict[str, FilingState] = {state: state for state in FILING_STATES if state != "open"}


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
        at=when(session, at),
    )
    saved = session.casebook.note_filing(case.id, filing.id, news)
    until = next(each.countdown_until for each in saved.filings if each.id == filing.id)
    if countdown and until is not None:
        session.note(msg("The countdown ends {due}.", due=until))
    click.echo(filing.id)


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
    moment = None if clear else when(session, at) or session.now
    session.casebook.note_milestone(case.id, found.id, moment)
    if moment is not None:
        warn_if_ahead(session, moment)
    click.echo(found.id)


_PROMISE: dict[str, PromiseState] = {"kept": "kept", "broken": "broken", "waived": "waived"}
_FOLLOW_UP: dict[str, FollowUpState] = {"done": "done", "waived": "waived"}
_ENDING = ("done", "kept")
_RESULTS = ("kept", "broken", "replaced", "waived", "done", "looked")


@command("settle", msg("Record the result of a promise, a follow-up or a closed case."))
@click.argument("thing", metavar="ID")
@click.argument("state", metavar="|".join(_RESULTS), type=click.Choice(_RESULTS))
@option("--at", metavar="WHEN", words=_AT)
@option("--promise", metavar="TEXT", words=msg("With replaced: what they promise now."))
@option("--due", metavar="PHRASE", words=msg("With replaced: when it is due, in their words: 3个工作日内, by Friday."))
@flag("--written", words=msg("With replaced: you have the new promise in writing."))
@click.pass_context
def settle_command(
    ctx: click.Context, *, thing: str, state: str, at: str | None, promise: str | None, due: str | None, written: bool
) -> None:
    session = open_session(ctx)
    book = session.casebook
    if state != "replaced" and (promise is not None or due is not None or written):
        raise Refused(msg("A new promise only goes with replaced: leave out --promise, --due and --written."))
    found = book.thing(thing)
    moment = when(session, at)
    match found.kind:
        case "promise" if state == "replaced":
            if promise is None:
                raise Refused(msg("Add --promise with what they promise now, and --due with by when."), field="promise")
            required_text(promise, "--promise")
            due = required_text(due, "--due") if due is not None else None
            new = NewPromise(text=promise, due_phrase=due, written=written)
            _, replacement = book.replace_promise(found.case.id, found.id, new, moment)
            _say_when(session, replacement)
            click.echo(replacement.id)
        case "promise" if state in _PROMISE:
            book.settle_promise(found.case.id, found.id, _PROMISE[state], moment)
        case "follow_up" if state in _FOLLOW_UP:
            book.settle_follow_up(found.case.id, found.id, _FOLLOW_UP[state], moment)
        case "thread" if state == "looked":
            book.look(found.case.id, found.id, moment)
        case "outcome" if state in _ENDING:
            book.verify(found.case.id, moment)
        case "promise":
            raise Refused(msg("A promise can be {states}: choose one of these.", states=(*_PROMISE, "replaced")))
        case "follow_up":
            raise Refused(msg("A follow-up can be {states}: choose one of these.", states=tuple(_FOLLOW_UP)))
        case "thread":
            raise Refused(msg("A thread can be {states}: choose one of these.", states=("looked",)))
        case "outcome":
            raise Refused(
                msg(
                    "A closed case is confirmed with {states}; if the money has not arrived, reopen the case.",
                    states=_ENDING,
                )
            )
    session.note(msg("Settled in {ref}: {title}", ref=found.case.ref, title=found.case.title))


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
    moment = when(session, at)
    doubt = more_than_paid(case, amount)
    if doubt is not None and not yes and not _goes_on(session, doubt):
        return
    saved = session.casebook.resolve(case.id, ending.id, ending.status, amount, moment)
    if moment is not None:
        warn_if_ahead(session, moment)
    session.note(msg("{ref} is closed: {outcome}.", ref=saved.ref, outcome=ending.label))
    if saved.outcome is not None:
        click.echo(saved.outcome.id)


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
    added, removed = tags_in(*tags), tags_in(*remove)
    if not added and not removed:
        raise Refused(msg("Name a tag to add, or one to take away with --remove."), field="tags")
    case = session.casebook.find(ref)
    click.echo(session.casebook.tag(case.id, added, removed).ref)
