"""The grammar of a command: options with help in two languages, typed values read, text in columns.

Every command takes the global options too, so that they may stand before and after its name. What click would say in
English is said here in the reader's language.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from pddtui.cli.compose import Options, Session
from pddtui.cli.streams import aside
from pddtui.domain.text import halfwidth, one_line, pieces
from pddtui.errors import Refused
from pddtui.message import Message, Value, msg
from pddtui.settings import Settings
from pddtui.speech import Speech, choose_language

if TYPE_CHECKING:
    from pddtui.domain.case import Case, Contact
    from pddtui.domain.silence import Level

__all__ = [
    "Option",
    "Worded",
    "agreed",
    "aligned",
    "cells",
    "command",
    "contact_line",
    "cut_to_width",
    "flag",
    "happened",
    "one_of",
    "only_one",
    "option",
    "painted",
    "required_text",
    "speech_of",
    "warn_if_ahead",
    "when",
]

_GAP = "  "
_COLOURS: dict[Level | None, str | None] = {"red": "red", "amber": "yellow", None: None}


def cells(text: str) -> int:
    """How many cells of a terminal the text takes, as `ui.show.width` has it: no command loads Rich for that."""
    return len(text) if text.isascii() else sum(map(_cells, text))


@cache
def _cells(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def cut_to_width(text: str, width: int) -> str:
    """The text in at most `width` cells; an ellipsis stands for what is left out."""
    if cells(text) <= width:
        return text
    kept, taken = "", 1
    for char in text:
        taken += _cells(char)
        if taken > width:
            break
        kept += char
    return f"{kept}…"


def aligned(rows: Iterable[Sequence[str]]) -> list[str]:
    """One line a row, with the columns aligned and no blanks at the end."""
    columns = [_padded(column) for column in zip(*rows, strict=True)]
    return [_GAP.join(row).rstrip() for row in zip(*columns, strict=True)]


def _padded(column: Sequence[str]) -> list[str]:
    """The texts filled up with blanks to the width of the widest; each is measured once, as many are the same."""
    widths = {text: cells(text) for text in set(column)}
    widest = max(widths.values())
    padded = {text: f"{text}{' ' * (widest - width)}" for text, width in widths.items()}
    return [padded[text] for text in column]


def painted(text: str, level: Level | None) -> str:
    """The text in the colour of the level. `click.echo` takes the colour out where there is no terminal."""
    colour = _COLOURS[level]
    return text if colour is None else click.style(text, fg=colour)


def speech_of(options: Options) -> Speech:
    """The language asked for, or else that of the locale: for what is said before the settings are read."""
    return Speech(choose_language(os.environ, option=options.lang), Settings().tz, options=options.shell)


class Option(click.Option):
    """An option that says what it is for in the reader's language."""

    def __init__(self, *args: Any, words: Message, **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        self.words = words


class _Pages(click.HelpFormatter):
    """Help in columns of cells, with lines that end anywhere in a run of Han: click knows characters and blanks."""

    def write_heading(self, heading: str) -> None:
        if heading.isascii():
            return super().write_heading(heading)
        return self.write(f"{'':{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        if text.isascii():
            return super().write_text(text)
        for line in _lines(text, max(self.width - self.current_indent, _LEAST)):
            self.write(f"{'':{self.current_indent}}{line}\n")
        return None

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        if all(words.isascii() for _, words in rows):
            return super().write_dl(rows, col_max, col_spacing)
        column = min(max((cells(name) for name, _ in rows), default=0), col_max) + col_spacing
        indent = f"{'':{self.current_indent}}"
        for name, words in rows:
            beside = cells(name) <= column - col_spacing
            lines = _lines(words, max(self.width - column - 2, _LEAST))
            first = [f"{name}{'':{column - cells(name)}}{lines[0]}"] if beside else [name, f"{'':{column}}{lines[0]}"]
            for line in (*first, *(f"{'':{column}}{each}" for each in lines[1:])):
                self.write(f"{indent}{line}\n")
        return None


_LEAST = 10
"""Cells that a line of help has at least."""


def _lines(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells; a piece that is longer has a line of its own."""
    lines = [""]
    for start, end in pieces(text):
        if lines[-1] and cells(lines[-1]) + cells(text[start:end].rstrip()) > width:
            lines.append("")
        lines[-1] += text[start:end]
    return [line.rstrip() for line in lines]


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

    def get_help(self, ctx: click.Context) -> str:
        formatter = _Pages(width=ctx.terminal_width, max_width=ctx.max_content_width)
        self.format_help(ctx, formatter)
        return formatter.getvalue().rstrip("\n")

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
                continue  # the usage line and the text explain it
            record = param.get_help_record(ctx)
            if record is not None:
                rows.append((record[0], speech.say(param.words if isinstance(param, Option) else _HELP)))
        with formatter.section(speech("Options")):
            formatter.write_dl(rows)


class Command(Worded):
    """A command of one action.

    A `-` in the place of words stands for a line of standard input, the last one for all that is left of it, unless
    the command reads a text from there by itself.
    """

    def __init__(self, *args: Any, reads: Reads = lambda _: False, **attributes: Any) -> None:
        """`reads` says whether the command takes what is left of standard input, with these parameters."""
        super().__init__(*args, **attributes)
        self._reads = reads

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        marked = [f"{_LINE}{n}" if word == "-" and self._in_words(args[:n]) else word for n, word in enumerate(args)]
        left = super().parse_args(ctx, list(marked))  # which takes its words out of the list
        if marks := [word for word in marked if word.startswith(_LINE)]:
            typed = ctx.find_root().ensure_object(Options).typed
            lines = {mark: typed.line() for mark in marks[:-1]}
            last = typed.line if self._reads(ctx.params) or typed.spent else typed.text
            lines[marks[-1]] = last().rstrip("\r\n")
            ctx.params = {name: _filled_in(value, lines) for name, value in ctx.params.items()}
        if left:
            raise Refused(
                msg(
                    "Unexpected “{word}”: put text with spaces in quotes, or see `{command} --help`.",
                    word=left[0],
                    command=ctx.command_path if ctx.info_name != "desk" else "pddtui",
                )
            )
        return left

    def _in_words(self, before: Sequence[str]) -> bool:
        """Whether what comes after these words is a text, and not the name of a file."""
        named = {name: param for param in self.params if isinstance(param, click.Option) for name in param.opts}
        option = named.get(before[-1]) if before else None
        if option is not None and not option.is_flag:
            return option.type is click.STRING and option.metavar not in _FILES
        return any(isinstance(param, click.Argument) and param.name in _TEXTS for param in self.params)


Reads = Callable[[Mapping[str, object]], bool]

_LINE = "\0line "
"""Stands for a `-` until all options are known: no argument of a program has a NUL."""

_FILES = frozenset({"FILE", "PATH"})
_TEXTS = frozenset({"title", "text"})
"""Arguments that are words of the user."""


def _filled_in(value: object, lines: Mapping[str, str]) -> object:
    if isinstance(value, tuple):
        return tuple(_filled_in(each, lines) for each in value)
    return lines.get(value, value) if isinstance(value, str) else value


_HELP = msg("Show this help and exit.")

Decorator = Callable[[Callable[..., int | None]], Command]


def command(name: str, words: Message, **attributes: Any) -> Decorator:
    """Make a function the command `name`."""
    return click.command(name, cls=Command, words=words, **attributes)


def option(*names: str, words: Message, **attributes: Any) -> Callable[[Any], Any]:
    """An option of a command."""
    return click.option(*names, cls=Option, words=words, **attributes)


def flag(*names: str, words: Message) -> Callable[[Any], Any]:
    """An option without a value."""
    return option(*names, words=words, is_flag=True)


def global_options() -> list[click.Parameter]:
    """The options of every command."""
    return [
        _global("file", "PATH", msg("The data file (default: PDDTUI_FILE, then the usual place).")),
        _global("as_of", "WHEN", msg("Show everything as of this time.")),
        _global("lang", "zh|en", msg("Language of the output."), click.Choice(("zh", "en"))),
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


_YES = frozenset({"y", "yes", "是", "好", "ｙ"})


def when(session: Session, text: str | None) -> datetime | None:
    """The moment that `text` means, in the configured zone."""
    if text is None:
        return None
    from pddtui.domain.phrases.moment import parse_when  # most commands are given no moment

    return parse_when(text, session.now)


def happened(session: Session, text: str | None, case: Case | None) -> datetime | None:
    """The moment at which something in that case happened, or in one that is being opened.

    One that is far from everything else in it is asked about at a terminal, and noted for a script. Raises `Refused`
    when it was a slip.
    """
    at = when(session, text)
    if at is None:
        return None
    from pddtui.domain.bounds import life_of, life_of_moments
    from pddtui.domain.phrases.moment import far_words

    life = life_of(case, session.now) if case is not None else life_of_moments((), session.now)
    if life.holds(at):
        return at
    said = far_words(at, case.ref if case is not None else None)
    if not sys.stdin.isatty():
        session.note(said)
    elif not agreed(session, said):
        raise Refused(msg("Nothing was saved."))
    return at


def contact_line(session: Session, contact: Contact) -> str:
    """When it was, and who said it to whom; the words stand elsewhere."""
    channel = session.handbook.channels.get(contact.channel)
    person = contact.person
    parts: tuple[Value | None, ...] = (
        channel.label if channel else contact.channel,
        *person.parts,
        contact.amounts_to.word if contact.amounts_to else None,
        msg("demand") if contact.demand else None,
    )
    arrow = "→" if contact.direction == "out" else "←"
    content = " · ".join(session.say(part) for part in parts if part is not None)
    return f"{session.speech.moment(contact.at)} {arrow} {content}".rstrip()


def warn_if_ahead(session: Session, at: datetime) -> None:
    """Note that a time that lies ahead was saved all the same, as it is seldom meant."""
    if at > session.clock.now():  # what was said of the file before may have fixed what `now` is
        from pddtui.domain.phrases.moment import as_given

        session.note(msg("Saved, although {at} is in the future; `pddtui undo` reverts this.", at=as_given(at)))


def required_text(text: str, option: str) -> str:
    """`text` itself; refuses one without words."""
    if not one_line(text):
        raise Refused(msg("{option} has no text: write something or leave it out.", option=option))
    return text


_Known = TypeVar("_Known", bound=str)


def one_of(known: Iterable[_Known], given: str | None, name: str) -> _Known | None:
    """The one of these words that was given with that option."""
    known = tuple(known)
    found = next((each for each in known if each == halfwidth(given or "").strip().lower()), None)
    if given is not None and found is None:
        raise Refused(msg("--{option} takes {known}, not “{value}”.", option=name, known="|".join(known), value=given),
                      field=name)  # fmt: skip
    return found


def only_one(**given: bool) -> str | None:
    """The name of the flag that is set, or None; refuses several."""
    chosen = [name for name, there in given.items() if there]
    if len(chosen) > 1:
        options = tuple(f"--{name.replace('_', '-')}" for name in given)
        raise Refused(msg("Give only one of {options}.", options=options))
    return chosen[0] if chosen else None


def agreed(session: Session, question: Message) -> bool:
    """Ask a person at a terminal; anything but a yes is a no."""
    aside(f"{session.say(question)} {session.say(msg('[y/N]'))} ", nl=False)
    return one_line(sys.stdin.readline()).casefold() in _YES
