"""What a person is told when a command cannot do its work: one line, and an exit code for scripts."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress

import click

from pddtui.cli.compose import Options, Session
from pddtui.cli.grammar import speech_of
from pddtui.domain.text import one_line
from pddtui.errors import CannotWrite, PddError, Refused, Unlisted
from pddtui.message import Message, msg
from pddtui.speech import Speech

__all__ = ["drop_output", "have_streams", "never_fail_on_a_character", "report"]


def report(error: Exception, options: Options, args: Sequence[str]) -> int:
    """Say what is wrong in one line on stderr; the exit code that goes with it."""
    known = error if isinstance(error, PddError) else _known(error)
    message = known.message
    if isinstance(known, Unlisted):
        message = msg("{said} `pddtui handbook {chapter}` lists them.", said=message, chapter=known.chapter)
    said = one_line(_speech(options, args).say(message))
    with suppress(OSError):
        click.echo(f"pddtui: {said}", err=True)
    return known.exit_code


def never_fail_on_a_character() -> None:
    """A terminal that cannot show a character gets a question mark for it, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def drop_output() -> None:
    """Nobody reads on: leave in silence, also when the interpreter flushes at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def have_streams() -> None:
    """A stream that was closed before the start leads nowhere, lest the next file that is opened takes its place."""
    for name, number in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
            setattr(sys, name, os.fdopen(number, "r" if number == 0 else "w", encoding="utf-8"))


def _speech(options: Options, args: Sequence[str]) -> Speech:
    """The language of the run as far as it was read: a command line that broke off still asked for one."""
    if options.lang is None:
        for asked, value in zip(("", *args), (*args, ""), strict=True):
            if (asked == "--lang" and value in ("zh", "en")) or value in ("--lang=zh", "--lang=en"):
                options.lang = "zh" if value.endswith("zh") else "en"
    options.as_of = None
    try:
        return Session(options, os.environ).speech
    except PddError:  # the settings themselves are what is wrong
        return speech_of(options)


def _known(error: Exception) -> PddError:
    if isinstance(error, click.ClickException):
        return Refused(_usage(error))
    reason = error.strerror if isinstance(error, OSError) else None
    file = error.filename if isinstance(error, OSError) else None
    if file is None:
        return CannotWrite(msg("The system refuses ({reason}); try again.", reason=reason or str(error)))
    return CannotWrite(
        msg("{file} cannot be used ({reason}); choose another place.", file=str(file), reason=reason or str(error))
    )


def _usage(error: click.ClickException) -> Message:
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "pddtui"
    match error:
        case click.NoSuchOption():
            if error.possibilities:
                return msg(
                    "There is no option {option}; did you mean {close}?",
                    option=error.option_name,
                    close=tuple(error.possibilities),
                )
            return msg(
                "There is no option {option}; see `{command} --help`.", option=error.option_name, command=command
            )
        case click.BadOptionUsage():
            return msg("{option} needs a value.", option=error.option_name)
        case click.MissingParameter():
            return msg("{what} is missing; see `{command} --help`.", what=_name(error.param), command=command)
        case click.BadParameter():
            kind = error.param.type if error.param else None
            if isinstance(kind, click.Choice):
                given = _name(error.param) if isinstance(error.param, click.Option) else msg("What became of it")
                return msg("{what} takes {choices}.", what=given, choices=tuple(kind.choices))
            return msg("{what} does not fit; see `{command} --help`.", what=_name(error.param), command=command)
    return msg("That is not how it is used; see `{command} --help`.", command=command)


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[-1]
    return param.make_metavar(click.Context(click.Command(""))) if param else "?"
