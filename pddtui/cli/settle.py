"""Commands that bring something to its end, and take the last thing back."""

from __future__ import annotations

from decimal import Decimal

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.given import when
from pddtui.cli.grammar import command, option
from pddtui.domain.case import Case
from pddtui.domain.contact import PromiseState
from pddtui.domain.sums import read_sum
from pddtui.domain.task import FollowUpState
from pddtui.errors import Refused
from pddtui.message import Message, msg
from pddtui.services.words import action

__all__ = ["redo_command", "resolve_command", "settle_command", "undo_command"]

_PROMISE: dict[str, PromiseState] = {"kept": "kept", "broken": "broken", "waived": "waived"}
_FOLLOW_UP: dict[str, FollowUpState] = {"done": "done", "waived": "waived"}
_ENDING = ("done", "kept")


@command("settle", msg("Say what became of a promise, a follow-up or an ending."))
@click.argument("thing", metavar="ID")
@click.argument("state", metavar="kept|broken|waived|done", type=click.Choice(("kept", "broken", "waived", "done")))
@option("--at", metavar="WHEN", words=msg("When it happened; now if left out."))
@click.pass_context
def settle_command(ctx: click.Context, thing: str, state: str, at: str | None) -> None:
    session = compose(ctx)
    book = session.casebook
    found = book.thing(thing)
    moment = when(session, at)
    match found.kind:
        case "promise" if state in _PROMISE:
            book.settle_promise(found.case.id, found.id, _PROMISE[state], moment)
        case "follow_up" if state in _FOLLOW_UP:
            book.settle_follow_up(found.case.id, found.id, _FOLLOW_UP[state], moment)
        case "outcome" if state in _ENDING:
            book.verify(found.case.id, moment)
        case "promise":
            raise Refused(msg("A promise can be {states}: say one of these.", states=tuple(_PROMISE)))
        case "follow_up":
            raise Refused(msg("A follow-up can be {states}: say one of these.", states=tuple(_FOLLOW_UP)))
        case "outcome":
            raise Refused(msg("An ending is confirmed with {states}; else open the case again.", states=_ENDING))
    session.note(msg("Settled in {ref}: {title}", ref=found.case.ref, title=found.case.title))


@command("resolve", msg("End a case and print the id of its ending, which is verified a week later."))
@click.argument("ref")
@option("--outcome", metavar="ID", words=msg("How it ended: full, partial, settled, refused, withdrawn, abandoned."))
@option("--recovered", metavar="89.00", words=msg("What really came back."))
@click.pass_context
def resolve_command(ctx: click.Context, ref: str, outcome: str | None, recovered: str | None) -> None:
    session = compose(ctx)
    case = session.casebook.find(ref)
    amount = read_sum(recovered, "recovered") if recovered is not None else None
    ending = session.handbook.outcomes.find(outcome or _likely(case, amount), field="outcome")
    saved = session.casebook.resolve(case.id, ending.id, ending.status, amount)
    session.note(msg("{ref} has ended: {outcome}.", ref=saved.ref, outcome=ending.label))
    if saved.outcome is not None:
        click.echo(saved.outcome.id)


def _likely(case: Case, recovered: Decimal | None) -> str:
    """All that was demanded has come, unless the sum says otherwise."""
    demanded = case.demand.amount or case.order.amount
    if recovered is None or demanded is None or recovered >= demanded:
        return "full"
    if recovered == 0:
        raise Refused(msg("Nothing came back: say with --outcome how it ended."), field="outcome")
    return "partial"


@command("undo", msg("Take the newest change back."))
@click.pass_context
def undo_command(ctx: click.Context) -> None:
    session = compose(ctx)
    case, change = session.casebook.undo()
    _say(session, msg("Taken back: {what} in {ref}.", what=action(change), ref=case.ref))


@command("redo", msg("Bring back what was taken back last."))
@click.pass_context
def redo_command(ctx: click.Context) -> None:
    session = compose(ctx)
    case, change = session.casebook.redo()
    _say(session, msg("Brought back: {what} in {ref}.", what=action(change), ref=case.ref))


def _say(session: Session, message: Message) -> None:
    click.echo(session.say(message))
