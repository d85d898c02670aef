"""Commands of the log: what was said, promised and planned, and what became of it."""

from __future__ import annotations

import sys
from typing import Literal

import click
from msgspec import structs

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import (
    command,
    flag,
    happened,
    one_of,
    only_one,
    option,
    required_text,
    warn_if_ahead,
)
from pddtui.domain.case import (
    FILING_STATES,
    REPLIES,
    Case,
    Clash,
    Contact,
    Direction,
    FilingState,
    FollowUpState,
    Person,
    Promise,
    PromiseState,
    Reply,
    Substance,
    Turn,
)
from pddtui.errors import Refused
from pddtui.message import Message, msg
from pddtui.services.finding import Settleable
from pddtui.services.inputs import (
    NewContact,
    NewFollowUp,
    NewPromise,
)

__all__ = []

_AT = msg("When it happened (default: now).")

_NEWS: tuple[FilingState | Literal["none"], ...] = (*(state for state in FILING_STATES if state != "open"), "none")
_TURNS: tuple[Turn, ...] = ("mine", "theirs")


@command("log", msg("Log a contact and print its id."), reads=lambda given: given["said"] is None)
@click.argument("ref")
@flag("--in", "incoming", words=msg("They contacted me."))
@flag("--out", "outgoing", words=msg("I contacted them."))
@option("--said", metavar="TEXT", words=msg("What was said (default: read from standard input)."))
@option("--at", metavar="WHEN", words=_AT)
@option("--channel", metavar="ID", words=msg("The channel."))
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
@option(
    "--filing-state",
    metavar="|".join(_NEWS),
    words=msg("What became of the filing it came through (default: what the words suggest; none leaves it)."),
)
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
    filing_state: str | None,
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
        at=happened(session, at, case),
        channel=session.handbook.channels.find(channel, field="channel").id if channel is not None else None,
        person=Person(name=name, role=role, staff_no=staff_no),
        substance=substance,
        reply=answered,
        demand=demand,
        written="received" if written else "none",
        promises=promises,
        turn=one_of(_TURNS, turn, "turn"),
        news=one_of(_NEWS, filing_state, "filing-state"),
    )
    saved, contact = session.casebook.log(case.id, new)
    _explain(session, contact, proposed=substance is None and answered is None)
    if saved.status != "open":
        session.note(msg("{ref} is closed; if it goes on, reopen it with `pddtui reopen {ref}`.", ref=saved.ref))
    filing = next((each for each in saved.filings if each.id == contact.filing), None)
    if filing is not None and contact.at in (filing.accepted_at, filing.ended_at):
        session.note(
            msg(
                "The filing {filing} is now: {state}. If not: `pddtui undo`, then log it with --filing-state none.",
                filing=filing.reference or filing.id,
                state=FILING_STATES[filing.state].word,
            )
        )
    session.results.name(contact.id)


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
    reply = one_of(REPLIES, given, "reply")
    if reply is not None and (direction == "out" or substance in ("holding", "none")):
        raise Refused(
            msg("--reply says what their answer was; it cannot be given with --out, --holding or --no-answer."),
            field="reply",
        )
    return reply


def _said(session: Session, said: str | None) -> str:
    if said is not None:
        return said
    if sys.stdin.isatty():
        session.note(msg("What was said? End with Ctrl+D on a line of its own."))
    return session.typed.text()


def _explain(session: Session, contact: Contact, *, proposed: bool) -> None:
    """How the words were read, in one line, so that it can be overruled."""
    warn_if_ahead(session, contact.at)
    for promise in contact.promises:
        _say_when(session, promise)
        if contact.substance != "answer":
            return
    if proposed and contact.direction == "in":
        session.note(_read_as(contact))


def _read_as(contact: Contact) -> Message:
    """What the words were taken for, and how to say that they were something else."""
    match contact.substance:
        case "holding":
            return msg("Recorded as a holding reply, so their time keeps running; use --reply if it was an answer.")
        case "none":
            return msg("Recorded as no answer, so their time keeps running; use --reply if it was an answer.")
    reply = REPLIES[contact.reply or "other"].word
    if contact.turn == "theirs":
        return msg(
            "Recorded as an answer: {reply}; it stays their turn. Use --reply, --holding or --turn if it is not so.",
            reply=reply,
        )
    return msg(
        "Recorded as an answer: {reply}; it is your turn. Use --reply, --holding or --no-answer if it is not so.",
        reply=reply,
    )


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
    session.results.name(task.id)


_PROMISE: dict[str, PromiseState] = {"kept": "kept", "broken": "broken", "waived": "waived"}
_FOLLOW_UP: dict[str, FollowUpState] = {"done": "done", "waived": "waived"}
_ENDING = ("done", "kept")
_SIDES = tuple("123456789")
_RESULTS = ("kept", "broken", "replaced", "waived", "done", "looked", *_SIDES)


def _side(session: Session, found: Settleable, state: str) -> int | None:
    """Which side of a clash is meant; None for what is shown."""
    if state == "done":
        return None
    clash = next(each for each in found.case.clashes if each.id == found.id)
    if state not in _SIDES or int(state) > len(clash.sides):
        raise Refused(_sides(session, found.case, clash))
    return int(state) - 1


def _sides(session: Session, case: Case, clash: Clash) -> Message:
    from pddtui.services.clashes import clash_place, side_words

    sides = (side_words(clash, side, case, session.handbook) for side in clash.sides)
    return msg(
        "{place}: settle it with {sides}, or with done for what is shown.",
        place=clash_place(clash, case, session.handbook),
        sides=tuple(msg("{n} for “{value}”", n=n, value=value) for n, value in enumerate(sides, 1)),
    )


@command("settle", msg("Record the result of a promise, a follow-up or a closed case, or which machine is right."))
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
    moment = happened(session, at, found.case)
    match found.kind:
        case "clash":
            settled = book.settle_clash(found.case.id, found.id, _side(session, found, state))
            found = structs.replace(found, case=settled)
        case "promise" if state == "replaced":
            if promise is None:
                raise Refused(msg("Add --promise with what they promise now, and --due with by when."), field="promise")
            required_text(promise, "--promise")
            due = required_text(due, "--due") if due is not None else None
            new = NewPromise(text=promise, due_phrase=due, written=written)
            _, replacement = book.replace_promise(found.case.id, found.id, new, moment)
            _say_when(session, replacement)
            session.results.name(replacement.id)
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
