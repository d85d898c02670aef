"""The program: its commands, and the one line and the exit code that an error becomes.

A command is imported when it is called. A first word that is not a command is the case to open on the desk.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

import click

from pddtui import __version__
from pddtui.cli.compose import Options, Session
from pddtui.cli.crash import crashed
from pddtui.cli.grammar import Option, Worded, speech_of
from pddtui.cli.streams import aside, drop_output, have_streams, never_fail_on_a_character, nobody_reads
from pddtui.domain.text import one_line
from pddtui.durable import reason
from pddtui.errors import CannotWrite, PddError, Refused, Unlisted
from pddtui.message import Message, msg
from pddtui.speech import Speech

__all__ = ["main", "run_line"]


def report(error: Exception, options: Options, args: Sequence[str]) -> int:
    """Say what is wrong in one line on stderr; the exit code that goes with it."""
    known = error if isinstance(error, PddError) else _known(error)
    message = known.message
    if isinstance(known, Unlisted):
        message = msg("{said} `pddtui handbook {chapter}` lists them.", said=message, chapter=known.chapter)
    said = one_line(_speech(options, args).say(message))
    aside(f"pddtui: {said}")
    return known.exit_code


def _speech(options: Options, args: Sequence[str]) -> Speech:
    """The language of the run as far as it was read: a command line that broke off may still have asked for one."""
    if options.lang is None:
        for asked, value in zip(("", *args), (*args, ""), strict=True):
            if (asked == "--lang" and value in ("zh", "en")) or value in ("--lang=zh", "--lang=en"):
                options.lang = "zh" if value.endswith("zh") else "en"
    options.as_of = None
    try:
        return Session(options, os.environ).speech
    except Exception:  # noqa: BLE001 -- the settings are wrong, or the very fault that is to be reported is there
        return speech_of(options)


def _known(error: Exception) -> PddError:
    if isinstance(error, click.ClickException):
        return Refused(_usage(error))
    why = reason(error) if isinstance(error, OSError) else str(error)
    file = error.filename if isinstance(error, OSError) else None
    if file is None:
        return CannotWrite(msg("The system reported an error ({reason}); try again.", reason=why))
    return CannotWrite(msg("{file} cannot be used ({reason}); choose another place.", file=str(file), reason=why))


def _usage(error: click.ClickException) -> Message:
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "pddtui"
    match error:
        case click.NoSuchOption():
            if error.possibilities:
                return msg(
                    "There is no option {option}. Did you mean {close}?",
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
                given = _name(error.param) if isinstance(error.param, click.Option) else msg("Result")
                return msg("{what} must be one of {choices}.", what=given, choices=tuple(kind.choices))
            return msg("{what} is not valid; see `{command} --help`.", what=_name(error.param), command=command)
    return msg("The command was not used correctly; see `{command} --help`.", command=command)


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[-1]
    return param.make_metavar(click.Context(click.Command(""))) if param else "?"


_MODULES = {
    "add": "write",
    "edit": "write",
    "log": "log",
    "paste": "paste",
    "follow-up": "log",
    "file": "write",
    "filing": "write",
    "milestone": "write",
    "settle": "log",
    "resolve": "write",
    "reopen": "care",
    "tag": "write",
    "undo": "care",
    "redo": "care",
    "list": "read",
    "due": "read",
    "show": "show",
    "why": "show",
    "when": "show",
    "evidence": "evidence",
    "handbook": "handbook",
    "insights": "insights",
    "export": "papers",
    "import": "files",
    "merge": "merge",
    "schema": "files",
    "letter": "papers",
    "mask": "papers",
    "trash": "care",
    "doctor": "care",
    "seal": "care",
    "recover": "care",
    "demo": "desk",
}
"""The module of each command."""

_DESK = "desk"
INTERRUPTED = 130


class Program(Worded, click.Group):
    """The commands, and the desk for a first word that is none of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, asked by click
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002, asked by click
        module = _MODULES.get(cmd_name)
        return _load(module, cmd_name) if module is not None else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] in _MODULES:
            return super().resolve_command(ctx, args)
        return _DESK, _load("desk", _DESK), args

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        speech = speech_of(ctx.ensure_object(Options))
        known = {name: self.get_command(ctx, name) for name in _MODULES}
        with formatter.section(speech("Commands")):
            formatter.write_dl([(name, speech.say(it.words)) for name, it in known.items() if isinstance(it, Worded)])


def _load(module: str, name: str) -> click.Command:
    found: object = getattr(importlib.import_module(f"pddtui.cli.{module}"), f"{name.replace('-', '_')}_command")
    if not isinstance(found, click.Command):
        raise TypeError(f"{name} is no command")
    return found


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked:
        click.echo(f"pddtui {__version__}")
        ctx.exit()


def _start(ctx: click.Context) -> int | None:
    if ctx.invoked_subcommand is None:
        code: int | None = ctx.invoke(_load("desk", _DESK))
        return code
    return None


program = Program(
    "pddtui",
    words=msg("Keep complaints from being forgotten. Without a command, or with only a case number, open the desk."),
    invoke_without_command=True,
    subcommand_metavar="[COMMAND | REF]",
    callback=click.pass_context(_start),
    params=[
        Option(
            ["--version"],
            words=msg("Show the version."),
            is_flag=True,
            expose_value=False,
            is_eager=True,
            callback=_version,
        )
    ],
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the program and leave with its exit code."""
    gc.disable()  # a command is over before it pays; the desk turns it on again
    have_streams()
    never_fail_on_a_character()
    _leave(run_line(sys.argv[1:] if args is None else args))


def _leave(code: int) -> NoReturn:
    """Leave at once when nothing else runs; the desk leaves in the ordinary way.

    Everything is saved and said by now, and freeing thousands of cases one by one takes as long as listing them.
    """
    if threading.active_count() == 1 and "textual" not in sys.modules:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


def run_line(args: Sequence[str]) -> int:
    """Run one command line and return its exit code; what went wrong has been said in one line."""
    options = Options()
    code = _run(args, options)
    unwritten = options.results.unwritten()
    if unwritten is None:
        return code
    wrong = report(unwritten, options, args)
    return code or wrong


def _run(args: Sequence[str], options: Options) -> int:
    try:
        with program.make_context("pddtui", list(args), obj=options) as context:
            code: object = program.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except (PddError, click.ClickException) as error:
        return report(error, options, args)
    except OSError as error:
        if error.filename is None and nobody_reads():
            drop_output()
            return options.results.verdict
        return report(error, options, args)
    except Exception as fault:  # noqa: BLE001 -- the last door: what comes here should not have happened
        return report(crashed(fault), options, args)
    return code if isinstance(code, int) else 0
