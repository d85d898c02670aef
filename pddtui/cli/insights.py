"""The command that says what all cases say together: as bars for people, as JSON for scripts."""

from __future__ import annotations

from collections.abc import Iterator

import click

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import aligned, command, cut_to_width, flag
from pddtui.message import msg
from pddtui.services.insights import (
    BLOCKS,
    PIECES,
    InsightRow,
    InsightSection,
    insights,
    insights_rows,
    lengths,
    price_back,
    sparkline,
    telephones,
)

_BAR = 24
"""Cells of a bar."""
_LABEL = 28


@command("insights", msg("Show statistics over all cases: promises, silence, money, and what it cost you."))
@flag("--json", "as_json", words=msg("Print JSON, for scripts."))
@click.pass_context
def insights_command(ctx: click.Context, *, as_json: bool) -> None:
    session = open_session(ctx)
    book = session.handbook
    found = insights(session.store.cases().values(), session.now, session.rules, telephones(book), price_back(book))
    if as_json:
        session.print_json(found)
        return
    sections = insights_rows(found, session.rules, book)
    if not sections:
        session.note(msg("There are no cases yet."))
    for number, section in enumerate(sections):
        if number:
            click.echo()
        click.echo(click.style(session.say(section.title), bold=True))
        for line in _lines(session, section):
            click.echo(f"  {line}")


def _lines(session: Session, section: InsightSection) -> Iterator[str]:
    yield from aligned(
        (cut_to_width(session.say(row.label), _LABEL), _drawn(row, section.full), session.say(row.said))
        for row in section.rows
    )
    if section.legend:
        yield " ".join(f"{BLOCKS[kind]} {session.say(word)}" for kind, word in PIECES.items())


def _drawn(row: InsightRow, full: float) -> str:
    if row.trend:
        return sparkline(row.trend, _BAR)
    cells = lengths([piece.n for piece in row.pieces], full, _BAR)
    return "".join(BLOCKS[piece.kind] * n for piece, n in zip(row.pieces, cells, strict=True))
