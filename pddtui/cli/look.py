"""Commands that look closely: at one case, at the reasons of its flags, at what a phrase means."""

from __future__ import annotations

import click
import msgspec

from pddtui.cli.compose import compose
from pddtui.cli.given import when
from pddtui.cli.grammar import command, flag, option
from pddtui.cli.table import painted
from pddtui.message import msg

__all__ = ["show_command", "when_command", "why_command"]

_JSON = msg("As JSON, for scripts.")


@command("show", msg("Show one case."))
@click.argument("ref")
@flag("--json", "as_json", words=_JSON)
@click.pass_context
def show_command(ctx: click.Context, ref: str, as_json: bool) -> None:
    session = compose(ctx)
    case = session.casebook.find(ref)
    if as_json:
        from pddtui.services.exchange.outgoing import exported

        click.echo(msgspec.json.encode(exported(case, session.rules)))
        return
    from pddtui.cli.page import page

    for line in page(session, case):
        click.echo(line)


@command("why", msg("Say why each flag of a case is there, with the sum behind its date."))
@click.argument("ref")
@click.pass_context
def why_command(ctx: click.Context, ref: str) -> None:
    from pddtui.services.explain import why_flag

    session = compose(ctx)
    book = session.casebook
    case = book.find(ref)
    attention = book.attention(case, session.now)
    click.echo(session.say(msg("{ref} {title}: {step}", ref=case.ref, title=case.title, step=attention.next_step)))
    for found in attention.flags:
        click.echo(painted(f"\n{session.say(found.due)}  {session.say(found.text)}", found.level))
        for sentence in why_flag(book, case, found, session.handbook):
            click.echo(f"  {session.say(sentence)}")


@command("when", msg("Say what a phrase such as 3个工作日内 or by Friday means, and how that is counted."))
@click.argument("words", nargs=-1, required=True, metavar="PHRASE")
@option("--from", "start", metavar="WHEN", words=msg("From when it counts; now if left out."))
@flag("--json", "as_json", words=_JSON)
@click.pass_context
def when_command(ctx: click.Context, words: tuple[str, ...], start: str | None, as_json: bool) -> None:
    from pddtui.domain.phrases import parse_due
    from pddtui.services.report import phrase_answer

    session, phrase = compose(ctx), " ".join(words)
    due = parse_due(phrase, when(session, start) or session.now, session.calendar)
    answer = phrase_answer(phrase, due, session.say)
    if as_json:
        click.echo(msgspec.json.encode(answer))
        return
    click.echo(session.say(msg("~{due} (estimated)", due=due.at) if due.estimated else msg("{due}", due=due.at)))
    for sentence in answer.explanation:
        click.echo(f"  {sentence}")
