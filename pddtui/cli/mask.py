"""The command that hides personal data in a text on its way from standard input to standard output."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from pddtui.cli.compose import compose
from pddtui.cli.grammar import command, option
from pddtui.domain.mask import Level
from pddtui.domain.text import clean
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["mask_command"]

_LEVELS: dict[str, Level] = {"partial": "partial", "public": "public"}


@command("mask", msg("Hide names, numbers and addresses in a text: standard input to standard output."))
@option("--level", metavar="partial|public", default="public", words=msg("How much is hidden; public if left out."))
@option("--case", "ref", metavar="REF", words=msg("Also hide what this case knows: names, order, waybill."))
@option("--hide", metavar="WORD", multiple=True, words=msg("Also hide this; may be given several times."))
@click.pass_context
def mask_command(ctx: click.Context, *, level: str, ref: str | None, hide: Sequence[str]) -> None:
    from pddtui.services.masking import Masking

    if level not in _LEVELS:
        levels = tuple(_LEVELS)
        raise Refused(msg("{option} takes {known}, not “{value}”.", option="--level", known=levels, value=level))
    session = compose(ctx)
    case = session.casebook.find(ref) if ref is not None else None
    text = clean(sys.stdin.buffer.read().decode("utf-8", errors="replace"))
    masked = Masking(session.handbook, session.speech.language).mask(text, _LEVELS[level], case, hide)
    click.echo(masked.text, nl=False)
