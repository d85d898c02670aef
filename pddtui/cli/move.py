"""Commands that write down what happened: a case, a contact, a follow-up. Each prints the new thing's id."""

from __future__ import annotations

import sys

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.given import only_one, required_text, tell_if_ahead, when
from pddtui.cli.grammar import command, flag, option
from pddtui.domain.contact import Contact, Direction, Person, Substance, Turn
from pddtui.domain.sums import read_sum
from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.services.entries import NewCase, NewContact, NewFollowUp, NewPromise

__all__ = ["add_command", "follow_up_command", "log_command"]

_AT = msg("When it happened; now if left out.")
_CHANNEL = msg("Through which channel.")


@command("add", msg("Open a case and print its number."))
@click.argument("title")
@option("--problem", metavar="ID", words=msg("What went wrong; `pddtui handbook problems` lists them."))
@option("--merchant", metavar="NAME", words=msg("The shop's name as the order page shows it."))
@option("--order", metavar="NO", words=msg("The order number."))
@option("--product", metavar="TEXT", words=msg("What was ordered."))
@option("--amount", metavar="89.00", words=msg("What was paid."))
@option("--demand", metavar="REMEDY", words=msg("What is demanded, for example refund_only."))
@option("--received", metavar="WHEN", words=msg("When the goods came."))
@option("--at", metavar="WHEN", words=msg("When the matter began; now if left out."))
@click.pass_context
def add_command(
    ctx: click.Context,
    *,
    title: str,
    problem: str | None,
    merchant: str | None,
    order: str | None,
    product: str | None,
    amount: str | None,
    demand: str | None,
    received: str | None,
    at: str | None,
) -> None:
    session = compose(ctx)
    book = session.handbook
    case = session.casebook.open_case(
        NewCase(
            title=title,
            problem=book.problems.find(problem, field="problem").id if problem is not None else None,
            merchant=merchant,
            order=order,
            product=product,
            amount=read_sum(amount, "amount") if amount is not None else None,
            remedy=book.remedies.find(demand, field="demand").id if demand is not None else None,
            received_at=when(session, received),
            opened_at=when(session, at),
        )
    )
    click.echo(case.ref)


@command("log", msg("Log a contact and print its id."))
@click.argument("ref")
@flag("--in", "incoming", words=msg("They said it to me."))
@flag("--out", "outgoing", words=msg("I said it to them."))
@option("--said", metavar="TEXT", words=msg("What was said; left out, it is read from standard input."))
@option("--at", metavar="WHEN", words=_AT)
@option("--channel", metavar="ID", words=_CHANNEL)
@option("--name", metavar="NAME", words=msg("Who it was."))
@option("--role", metavar="ROLE", words=msg("In which role, for example shop agent."))
@option("--staff-no", metavar="NO", words=msg("Their staff number."))
@flag("--demand", words=msg("I stated or repeated what I want."))
@flag("--answer", words=msg("It settles something."))
@flag("--holding", words=msg("It puts me off."))
@flag("--no-answer", words=msg("Nobody really answered."))
@option("--promise", metavar="TEXT", words=msg("What they promised to do."))
@option("--due", metavar="PHRASE", words=msg("By when, in their words: 3个工作日内, by Friday."))
@flag("--written", words=msg("I have it in writing."))
@option("--turn", metavar="mine|theirs", words=msg("Whose turn it is after this, if not as the words suggest."))
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
    promise: str | None,
    due: str | None,
    written: bool,
    turn: str | None,
) -> None:
    session = compose(ctx)
    direction = _direction(incoming, outgoing)
    substance = _substance(direction, only_one(answer=answer, holding=holding, no_answer=no_answer))
    if due is not None and promise is None:
        raise Refused(msg("--due belongs to a promise: say with --promise what they will do."), field="promise")
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
        demand=demand,
        written="received" if written else "none",
        promises=promises,
        turn=_turn(turn),
    )
    _, contact = session.casebook.log(case.id, new)
    _explain(session, contact, proposed=substance is None)
    click.echo(contact.id)


def _direction(incoming: bool, outgoing: bool) -> Direction:
    if incoming == outgoing:
        raise Refused(msg("Say who spoke: --in for them, --out for me."), field="direction")
    return "in" if incoming else "out"


def _substance(direction: Direction, chosen: str | None) -> Substance | None:
    match chosen:
        case None:
            return None
        case "no_answer":
            return "none"
    if direction == "out":
        raise Refused(msg("Only what they say can be an answer; --out takes at most --no-answer."), field="substance")
    return "answer" if chosen == "answer" else "holding"


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
    """What was read into the words, in one line, so that it can be overruled."""
    tell_if_ahead(session, contact.at)
    for promise in contact.promises:
        if promise.due is None:
            session.note(msg("The promise has no date: ask them by when, or it can never be overdue."))
        else:
            due = msg("{due} (estimated)", due=promise.due) if promise.estimated else msg("{due}", due=promise.due)
            session.note(msg("The promise {id} is due {due}.", id=promise.id, due=due))
        return
    if proposed and contact.direction == "in" and contact.substance == "holding":
        session.note(msg("Taken as putting me off, so their time runs on; --answer says otherwise."))
    elif proposed and contact.direction == "in" and contact.substance == "none":
        session.note(msg("Taken as no answer, so their time runs on; --answer says otherwise."))
    elif proposed and contact.direction == "in":
        session.note(msg("Taken as an answer, so it is your turn; --holding or --no-answer says otherwise."))


@command("follow-up", msg("Plan something to do and print its id."))
@click.argument("ref")
@click.argument("text")
@option("--due", metavar="PHRASE", required=True, words=msg("By when: tomorrow 18:00, 3wd, 11-25."))
@click.pass_context
def follow_up_command(ctx: click.Context, ref: str, text: str, due: str) -> None:
    session = compose(ctx)
    case = session.casebook.find(ref)
    _, task = session.casebook.follow_up(case.id, NewFollowUp(text=text, due_phrase=due))
    session.note(msg("Due {due}.", due=task.due))
    click.echo(task.id)
