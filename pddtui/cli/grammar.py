"""How a command is written down: click's commands and options, with their help as messages of ours.

Every command takes the global options too, so that they may stand before and after its name. What click says
in English of its own is said here in the reader's language.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Literal

import click

from pddtui.cli.compose import Options
from pddtui.errors import Refused
from pddtui.message import Message, msg
from pddtui.settings import Settings
from pddtui.speech import Speech, choose_language

__all__ = ["Command", "Option", "Worded", "command", "flag", "global_options", "option", "speech_of"]


def speech_of(options: Options) -> Speech:
    """The language asked for, else that of the locale, for what is said before any settings are read."""
    return Speech(choose_language(os.environ, option=options.lang), Settings().tz)


class Option(click.Option):
    """An option that says what it is for in the reader's language."""

    def __init__(self, *args: Any, words: Message, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.words = words


class Worded(click.Command):
    """A command that explains itself in the reader's language and takes the global options."""

    def __init__(self, *args: Any, words: Message, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.words = words
        self.params.extend(global_options())

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if ctx.obj is None:
            ctx.obj = Options()
        return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        speech = speech_of(ctx.ensure_object(Options))
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=speech("Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(speech_of(ctx.ensure_object(Options)).say(self.words))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        speech = speech_of(ctx.ensure_object(Options))
        rows = []
        for param in self.get_params(ctx):
            if isinstance(param, click.Argument):
                continue  # the usage line and the text say what it is
            record = param.get_help_record(ctx)
            if record is not None:
                rows.append((record[0], speech.say(param.words if isinstance(param, Option) else _HELP)))
        with formatter.section(speech("Options")):
            formatter.write_dl(rows)


class Command(Worded):
    """A command of one action."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        left = super().parse_args(ctx, args)
        if left:
            raise Refused(
                msg(
                    "“{word}” is one word too many: put words with spaces into quotes, or see `{command} --help`.",
                    word=left[0],
                    command=ctx.command_path if ctx.info_name != "desk" else "pddtui",
                )
            )
        return left


_HELP = msg("Show this and do nothing.")

Decorator = Callable[[Callable[..., int | None]], Command]


def command(name: str, words: Message) -> Decorator:
    """Make a function the command `name`."""
    return click.command(name, cls=Command, words=words)


def option(*names: str, words: Message, **attributes: Any) -> Callable[[Any], Any]:
    """An option of a command."""
    return click.option(*names, cls=Option, words=words, **attributes)


def flag(*names: str, words: Message) -> Callable[[Any], Any]:
    """An option without a value."""
    return option(*names, words=words, is_flag=True)


def global_options() -> list[click.Parameter]:
    """The options of every command."""
    return [
        _global("file", "PATH", msg("The data file; else PDDTUI_FILE, else the usual place.")),
        _global("as_of", "WHEN", msg("Look as if it were that time.")),
        _global("lang", "zh|en", msg("Language of what is said."), click.Choice(("zh", "en"))),
        _global("config", "PATH", msg("The settings file, or its folder.")),
    ]


def _global(
    name: Literal["file", "as_of", "lang", "config"],
    metavar: str,
    words: Message,
    kind: click.Choice[str] | None = None,
) -> Option:
    long_name = f"--{name.replace('_', '-')}"

    def keep(ctx: click.Context, _: click.Parameter, value: str | None) -> None:
        if value is None:
            return
        if not value.strip():
            raise Refused(msg("{option} needs a value.", option=long_name))
        setattr(ctx.find_root().ensure_object(Options), name, value)

    return Option(
        [long_name], words=words, metavar=metavar, type=kind, expose_value=False, is_eager=True, callback=keep
    )
