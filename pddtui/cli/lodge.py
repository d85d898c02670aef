"""The command that lodges a case at a rung, and says what was missing or in conflict."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pddtui.cli.compose import Session, compose
from pddtui.cli.given import when
from pddtui.cli.grammar import command, flag, option
from pddtui.domain.ladder import passed_words, usual_channel
from pddtui.domain.text import halfwidth
from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.services.entries import NewFiling

if TYPE_CHECKING:
    from pddtui.domain.case import Case
    from pddtui.handbook.channels import Channel
    from pddtui.handbook.ladder import Rung

__all__ = ["file_command"]


@command("file", msg("Lodge a case at a rung and print the filing's id."))
@click.argument("ref")
@click.argument("rung")
@option("--channel", metavar="ID", words=msg("Through which channel."))
@option("--reference", metavar="NO", words=msg("Their number for it."))
@option("--at", metavar="WHEN", words=msg("When it happened; now if left out."))
@flag("--anyway", words=msg("File it although something is missing; that is recorded."))
@click.pass_context
def file_command(
    ctx: click.Context,
    *,
    ref: str,
    rung: str,
    channel: str | None,
    reference: str | None,
    at: str | None,
    anyway: bool,
) -> None:
    session = compose(ctx)
    case = session.casebook.find(ref)
    there = _rung(session, rung)
    through = _channel(session, there, channel) if channel is not None else _usual(session, case, there)
    new = NewFiling(rung=there.id, channel=through, reference=reference, filed_at=when(session, at))
    filed = session.casebook.file(case.id, new, anyway=anyway).filings[-1]
    missing, conflicts = passed_words(filed.passed_gates, session.rules)
    if missing:
        session.note(msg("Filed although this was missing: {gates}.", gates=missing))
    if conflicts:
        session.note(msg("Filed in spite of this: {conflicts}.", conflicts=conflicts))
    click.echo(filed.id)


def _rung(session: Session, typed: str) -> Rung:
    """A rung by its level, its id or its name. Refuses a channel and says where that belongs."""
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
            "{channel} stands on no rung of the ladder. Turn there directly, at any time, and write it down:"
            " `pddtui log {ref} --out --channel {id}`.",
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


def _known_channel(session: Session, typed: str) -> Channel | None:
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
