"""What is typed on the command line, read as what it means. Each refuses with a reason."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from pddtui.cli.compose import Session
from pddtui.domain.moments import parse_when
from pddtui.domain.text import one_line
from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = ["agreed", "only_one", "required_text", "tell_if_ahead", "when"]


_YES = frozenset({"y", "yes", "是", "好", "ｙ"})


def when(session: Session, text: str | None) -> datetime | None:
    """The moment that `text` means, in the configured zone."""
    return None if text is None else parse_when(text, session.now)


def tell_if_ahead(session: Session, at: datetime) -> None:
    """Say of a time that lies ahead that it was saved all the same: it is seldom meant."""
    if at > session.now:
        session.note(msg("Saved, although {at} lies ahead; `pddtui undo` takes it back.", at=at))


def required_text(text: str, option: str) -> str:
    """`text`, unless there is nothing in it."""
    if not one_line(text):
        raise Refused(msg("{option} has no words in it; leave it out or say something.", option=option))
    return text


def only_one(**given: bool) -> str | None:
    """Which of these flags is set, none or one."""
    chosen = [name for name, there in given.items() if there]
    if len(chosen) > 1:
        options = tuple(f"--{name.replace('_', '-')}" for name in given)
        raise Refused(msg("Only one of {options} can hold.", options=options))
    return chosen[0] if chosen else None


def agreed(session: Session, question: Message) -> bool:
    """Ask a person at a terminal; anything but a yes is a no."""
    click.echo(f"{session.say(question)} {session.say(msg('[y/N]'))} ", nl=False, err=True)
    return one_line(sys.stdin.readline()).casefold() in _YES
