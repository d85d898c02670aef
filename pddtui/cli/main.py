"""The program: its commands, and the one line and the exit code that an error becomes.

A command is imported when it is called for. A first word that is no command is the case to open on the desk.
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
from pddtui.cli import trouble
from pddtui.cli.compose import Options
from pddtui.cli.grammar import Option, Worded, speech_of
from pddtui.errors import PddError
from pddtui.message import msg

__all__ = ["main", "program", "run"]

_MODULES = {
    "add": "move",
    "log": "move",
    "follow-up": "move",
    "file": "lodge",
    "filing": "filing",
    "milestone": "filing",
    "settle": "settle",
    "resolve": "settle",
    "undo": "settle",
    "redo": "settle",
    "list": "read",
    "due": "read",
    "show": "look",
    "why": "look",
    "when": "look",
    "evidence": "evidence",
    "handbook": "handbook",
    "insights": "insights",
    "export": "export",
    "import": "files",
    "schema": "files",
    "letter": "letter",
    "mask": "mask",
    "trash": "trash",
    "doctor": "care",
    "recover": "care",
    "demo": "desk",
}
"""Where each command is."""

_DESK = "desk"
INTERRUPTED = 130


class Program(Worded, click.Group):
    """The commands, and the desk for everything that is none."""

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
    words=msg("Keep complaints from being forgotten. Without a command, or with the number of a case: the desk."),
    invoke_without_command=True,
    subcommand_metavar="[COMMAND | REF]",
    callback=click.pass_context(_start),
    params=[
        Option(
            ["--version"],
            words=msg("Say which version this is."),
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
    trouble.have_streams()
    trouble.never_fail_on_a_character()
    _leave(run(sys.argv[1:] if args is None else args))


def _leave(code: int) -> NoReturn:
    """Leave at once when nothing runs any more; the desk leaves in the ordinary way.

    Everything is saved and said by now, and to give back thousands of cases one by one takes as long as to list them.
    """
    if threading.active_count() == 1 and "textual" not in sys.modules:
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)
    sys.exit(code)


def run(args: Sequence[str]) -> int:
    """Run one command line; its exit code. What went wrong has been said in one line."""
    options = Options()
    try:
        with program.make_context("pddtui", list(args), obj=options) as context:
            code: object = program.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        trouble.drop_output()
        return 0
    except (PddError, click.ClickException, OSError) as error:
        return trouble.report(error, options, args)
    return code if isinstance(code, int) else 0
