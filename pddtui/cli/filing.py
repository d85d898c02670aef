"""Commands for what starts and stops the clocks of a case: what became of a filing, and when something happened."""

from __future__ import annotations

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.given import tell_if_ahead, when
from pddtui.cli.grammar import command, flag, option
from pddtui.domain.case import Case, Filing, FilingState
from pddtui.errors import NotFound, Refused
from pddtui.message import msg
from pddtui.services.filing_news import FilingNews, newest_filing

__all__ = ["filing_command", "milestone_command"]

_STATES: dict[str, FilingState] = {
    "accepted": "accepted",
    "answered": "answered",
    "refused": "refused",
    "ended": "ended",
}
_IN_APP = "app_aftersale"


@command("filing", msg("Note what became of a filing or what the app shows of it, and print its id."))
@click.argument("ref")
@option(
    "--state",
    metavar="|".join(_STATES),
    type=click.Choice(tuple(_STATES)),
    words=msg("What they did with it."),
)
@option("--reference", metavar="NO", words=msg("Their number for it."))
@option("--countdown", metavar="TEXT", words=msg("As the app shows it: 1天23时; empty takes the one noted away."))
@option("--aftersale", metavar="CODE", words=msg("The state that the app shows, by the platform's code or by name."))
@option("--at", metavar="WHEN", words=msg("When it happened or was seen; now if left out."))
@option("--channel", metavar="ID", words=msg("Which filing: the newest through this channel."))
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
    session = compose(ctx)
    book = session.handbook
    case = session.casebook.find(ref)
    shown = book.aftersale_states.find(aftersale, field="aftersale") if aftersale is not None else None
    if channel is not None:
        channel = book.channels.find(channel, field="channel").id
    filing = _filing(session, case, channel or (_IN_APP if shown is not None else None))
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
        raise NotFound(msg("{ref} is filed nowhere yet; `pddtui file` lodges it.", ref=case.ref))
    label = session.handbook.channels[channel].label
    raise NotFound(msg("{ref} was never filed through {channel}.", ref=case.ref, channel=label))


@command("milestone", msg("Note when something happened that starts or stops a clock, and print which event it is."))
@click.argument("ref")
@click.argument("event")
@option("--at", metavar="WHEN", words=msg("When it happened; now if left out."))
@flag("--clear", words=msg("Take away what was noted by hand; the log counts again."))
@click.pass_context
def milestone_command(ctx: click.Context, *, ref: str, event: str, at: str | None, clear: bool) -> None:
    session = compose(ctx)
    case = session.casebook.find(ref)
    found = session.handbook.events.find(event, field="event")
    if clear and at is not None:
        raise Refused(msg("--clear takes a date away; leave out --at."), field="at")
    if clear and found.id not in case.milestones:
        raise NotFound(msg("{event} was not noted by hand in {ref}.", event=found.label, ref=case.ref))
    moment = None if clear else when(session, at) or session.now
    session.casebook.note_milestone(case.id, found.id, moment)
    if moment is not None:
        tell_if_ahead(session, moment)
    click.echo(found.id)
