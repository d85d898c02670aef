"""The shelf of the handbook: its files as they ship, with the user's own laid over them, each checked.

A file of the user's adds entries or overrides them by id. One that is broken, contradicts itself, refers to an entry
that does not exist, or has a name that the handbook does not use costs a warning, with the file, the line and the
entry. The line is looked for only then: a sound file is read without positions.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple, TypeVar

import msgspec

from pddtui.domain.acts import BLANKS
from pddtui.domain.duetime import inverted, span
from pddtui.domain.entries import Strict
from pddtui.domain.workdays import SATURDAY
from pddtui.durable import MOST_WRITTEN, read_file, reason
from pddtui.errors import Damaged
from pddtui.handbook.law import LawFile
from pddtui.handbook.model import (
    ClaimFile,
    EvidenceFile,
    LetterFile,
    MaskFile,
    OutcomeFile,
    PlaybookFile,
    ProblemFile,
    RemedyFile,
    SourceFile,
    WordFile,
)
from pddtui.handbook.pasted import PasteFile
from pddtui.handbook.procedure import (
    AftersaleFile,
    CalendarFile,
    CalendarYear,
    ChannelFile,
    DeadlineFile,
    LadderFile,
    NextFile,
    QuietFile,
)
from pddtui.handbook.samples import SampleFile
from pddtui.handbook.written import (
    EntryPath,
    Fault,
    Raw,
    entry_key,
    parse_own,
    parse_yaml,
    place,
    refuse_duplicates,
)
from pddtui.message import Message, msg

__all__ = ["FILES", "LATE_AMBER", "LINKS", "NOUNS", "SETTINGS", "Bookshelf", "at_fault", "ids_named"]

SETTINGS = "config.yaml"
"""The usual name of the settings file, in whose folder the user's files are."""

FILES: Mapping[str, type[Strict]] = {
    "aftersales.yaml": AftersaleFile,
    "calendar.yaml": CalendarFile,
    "channels.yaml": ChannelFile,
    "deadlines.yaml": DeadlineFile,
    "evidence.yaml": EvidenceFile,
    "glossary.yaml": WordFile,
    "ladder.yaml": LadderFile,
    "laws.yaml": LawFile,
    "letters.yaml": LetterFile,
    "masks.yaml": MaskFile,
    "next.yaml": NextFile,
    "outcomes.yaml": OutcomeFile,
    "pastes.yaml": PasteFile,
    "playbooks.yaml": PlaybookFile,
    "problems.yaml": ProblemFile,
    "quiet.yaml": QuietFile,
    "remedies.yaml": RemedyFile,
    "samples.yaml": SampleFile,
    "seed_issues.yaml": ClaimFile,
    "sources.yaml": SourceFile,
}
"""The shape of every file by its name, in `data/` and in the user's folder."""

_F = TypeVar("_F", bound=Strict)

_ARTICLES, _LAWS = "laws.articles", "laws.laws"
_CHANNELS = "channels.channels"
_CLOCKS = ("deadlines.deadlines", "aftersales.platform_clocks")
_EVENTS = "deadlines.events"
_EVIDENCE = "evidence.evidence_types"
_PLAYBOOKS, _PROBLEMS, _REMEDIES = "playbooks.playbooks", "problems.problems", "remedies.remedies"
_ACTS = "next.acts"
_RUNGS = "ladder.ladder"
_SOURCES = "sources.sources"

LINKS: Mapping[tuple[str, str], tuple[str, ...]] = {
    **dict.fromkeys((("*", "src"), ("*", "contra"), ("*", "url_src"), ("*", "phone_src")), (_SOURCES,)),
    ("*", "basis"): (_ARTICLES,),
    ("*", "clock"): _CLOCKS,
    ("*", "remedy"): (_REMEDIES,),
    **dict.fromkeys((("*", "problem"), ("*", "problems"), ("deadlines", "unless_problems")), (_PROBLEMS,)),
    ("*", "rung"): (_RUNGS,),
    ("*", "channel"): (_CHANNELS, "any"),
    **dict.fromkeys((("*", "met_by"), ("*", "restart_on"), ("*", "event")), (_EVENTS,)),
    **dict.fromkeys((("*", "extend_on"), ("*", "pause_on"), ("deadlines", "unless")), (_EVENTS,)),
    **dict.fromkeys((("deadlines", "instead"), ("deadlines", "yields_to"), ("problems", "deadlines")), _CLOCKS),
    **dict.fromkeys((("aftersales", "from"), ("deadlines", "else_from"), ("samples", "milestones")), (_EVENTS,)),
    **dict.fromkeys((("channels", "filed"), ("channels", "accepted"), ("channels", "answered")), (_EVENTS,)),
    **dict.fromkeys((("channels", "ended"), ("channels", "refused"), ("channels", "agreed")), (_EVENTS,)),
    ("deadlines", "follows"): (_EVENTS,),
    ("deadlines", "from"): (_EVENTS, "now", "any"),
    **dict.fromkeys((("evidence", "base_set"), ("next", "evidence"), ("problems", "evidence")), (_EVIDENCE,)),
    ("deadlines", "channels"): (_CHANNELS,),
    **dict.fromkeys((("ladder", "a"), ("ladder", "b"), ("ladder", "channels")), (_CHANNELS,)),
    ("ladder", "to"): (_RUNGS, _CHANNELS),
    **dict.fromkeys((("laws", "law"), ("laws", "replaces")), (_LAWS,)),
    ("laws", "always_for"): (_PROBLEMS,),
    **dict.fromkeys((("laws", "stands_for"), ("letters", "articles"), ("problems", "report")), (_ARTICLES,)),
    **dict.fromkeys((("letters", "rungs"), ("next", "rungs")), (_RUNGS,)),
    ("masks", "samples"): ("masks.rules",),
    ("next", "acts"): (_ACTS,),
    **dict.fromkeys((("next", "until"), ("next", "clocks"), ("next", "running")), _CLOCKS),
    **dict.fromkeys((("next", "channels"), ("next", "tried"), ("next", "untried"), ("next", "pending")), (_CHANNELS,)),
    **dict.fromkeys((("letters", "events"), ("next", "events"), ("next", "without")), (_EVENTS,)),
    **dict.fromkeys((("letters", "anonymous_as"), ("next", "letter")), ("letters.letters",)),
    **dict.fromkeys((("playbooks", "next"), ("problems", "first")), (_PLAYBOOKS,)),
    ("problems", "laws"): (_ARTICLES, _LAWS),
    **dict.fromkeys((("next", "demands"), ("problems", "remedies")), (_REMEDIES,)),
    ("remedies", "aftersale_type"): ("aftersales.types",),
    **dict.fromkeys((("next", "states"), ("samples", "aftersale_state")), ("aftersales.states",)),
    ("samples", "also"): (_REMEDIES,),
    **dict.fromkeys((("samples", "have"), ("samples", "missing"), ("samples", "from_the_start")), (_EVIDENCE,)),
    ("samples", "kind"): ("outcomes.outcomes",),
    ("samples", "rule"): _CLOCKS,
    ("samples", "standing"): ("glossary.statuses",),
}
"""The tables whose ids a field may name, and words that stand for no entry, by file (`*` for all) and field."""

NOUNS: Mapping[str, Message] = {
    _ARTICLES: msg("article"),
    _LAWS: msg("law"),
    _CHANNELS: msg("channel"),
    _CLOCKS[0]: msg("deadline"),
    _EVENTS: msg("event"),
    _EVIDENCE: msg("kind of evidence"),
    _PLAYBOOKS: msg("playbook"),
    _PROBLEMS: msg("problem"),
    _REMEDIES: msg("remedy"),
    _RUNGS: msg("rung"),
    _SOURCES: msg("source"),
    _ACTS: msg("act"),
    "letters.letters": msg("letter"),
    "masks.rules": msg("masking rule"),
    "aftersales.types": msg("after-sales type"),
    "aftersales.states": msg("after-sales state"),
    "outcomes.outcomes": msg("outcome"),
    "glossary.statuses": msg("state of a case"),
}
"""What an entry of each table is called; where a field may name several tables, of the first one."""

_WANTED: Mapping[str, Message] = {
    "date": msg("this must be a date such as {example}", example="2026-11-25"),
    "datetime": msg("this must be a date and time such as {example}", example="2026-11-25 18:00:00+08:00"),
    "bool": msg("this must be true or false"),
    "int": msg("this must be a whole number"),
    "decimal": msg("this must be a number"),
    "array": msg("this must be a list: words in [ ], or lines that each start with a dash"),
    "object": msg("this must be a set of fields, each with a name and a colon"),
    "str": msg("this must be text; put it in quotes"),
}
"""What to write, by the name that msgspec has for each kind of value."""

_LENGTH = msg("this must be a length of time such as 48h, 5d or 3wd")
_NOT_EMPTY = msg("this must not be empty")
_UNREADABLE = msg("this cannot be used here")

LATE_AMBER = msg("amber comes after red, but it is the first warning")


class Laid(NamedTuple):
    """A shipped file with the user's own laid over it."""

    raw: Raw
    origin: Mapping[EntryPath, EntryPath]
    """Where an entry of the user's stands in their file, by where it stands in the whole."""

    def in_mine(self, path: EntryPath) -> EntryPath:
        """The place in the user's file for a place in the whole."""
        return self.origin.get(path[:2], path[:2]) + path[2:]


class Bookshelf:
    """Reads a file each time it is asked for; keeps only the warnings."""

    def __init__(self, read: Callable[[str], str], user: Path | None, settings: str = SETTINGS) -> None:
        self._read = read
        self._user = user
        self._settings = settings
        self._wrong: list[Message] = []

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What is wrong with the user's files, as far as they have been read."""
        return (*self._strangers, *self._wrong)

    def file(self, name: str, shape: type[_F]) -> _F:
        """The file `data/<name>` with the user's own laid over it.

        Raises `Damaged` if the shipped one does not have its shape.
        """
        raw, shipped = self._shipped(name, shape)
        if self._user is None:
            return shipped
        path = self._user / name
        mine = self._text(path)
        if mine is None:
            return shipped
        try:
            return self._whole(name, raw, mine, shape)
        except Fault as fault:
            line, entry = place(fault, mine)
            self._wrong.append(at_fault(path, line, entry, fault.problem))
            return shipped

    def _shipped(self, name: str, shape: type[_F]) -> tuple[Raw, _F]:
        text = self._read(f"data/{name}")
        try:
            raw = parse_yaml(text)
            return raw, decode_file(raw, shape)
        except Fault as fault:
            line, entry = place(fault, text)
            raise Damaged(
                msg(
                    "data/{file}, line {line}, {entry}: {problem}. Reinstall the program.",
                    file=name,
                    line=line,
                    entry=entry or "–",
                    problem=fault.problem,
                )
            ) from fault

    def _whole(self, name: str, raw: Raw, text: str, shape: type[_F]) -> _F:
        """The file with `text` laid over it. Raises `Fault` with the place in `text`."""
        mine = parse_own(text)
        refuse_duplicates(text, mine)
        laid = laid_over(raw, mine)
        try:
            value = decode_file(laid.raw, shape)
            check(value)
        except Fault as fault:
            raise Fault(fault.problem, path=laid.in_mine(fault.path)) from fault
        known: dict[str, frozenset[str]] = {}
        for path, item, tables in ids_named(name.removesuffix(".yaml"), mine):
            if item not in tables and not any(
                item in known.setdefault(table, self._ids(table, name, laid)) for table in tables if "." in table
            ):
                raise Fault(msg("there is no {noun} “{value}”", noun=NOUNS[tables[0]], value=item), path=path)
        return value

    def _ids(self, table: str, name: str, laid: Laid) -> frozenset[str]:
        """The ids of a table, those of the user's own entries among them."""
        file, _, table = table.partition(".")
        entries = (laid.raw if f"{file}.yaml" == name else self._raw(f"{file}.yaml")).get(table, ())
        return frozenset(key for entry in entries if (key := entry_key(entry)) is not None)

    def _raw(self, name: str) -> Raw:
        """Another file with the user's laid over it, if that can be read; its faults are reported elsewhere."""
        raw = parse_yaml(self._read(f"data/{name}"))
        try:
            content = read_file((self._user or Path()) / name, follow=True, most=MOST_WRITTEN)
            laid = laid_over(raw, parse_own(content.decode("utf-8-sig")))
            decode_file(laid.raw, FILES[name])
        except (Fault, OSError, UnicodeDecodeError):
            return raw
        return laid.raw

    def _text(self, path: Path) -> str | None:
        why: Message | str
        try:
            return read_file(path, follow=True, most=MOST_WRITTEN).decode("utf-8-sig")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            why = msg("it is not UTF-8 text")
        except IsADirectoryError:
            why = msg("it is a folder, not a file")
        except OSError as error:
            why = reason(error)
        self._wrong.append(
            msg("{file} cannot be read: {reason}. The built-in version is used instead.", file=str(path), reason=why)
        )
        return None

    @cached_property
    def _strangers(self) -> tuple[Message, ...]:
        """A warning for each file that is not read; beside settings of another name only for likely misspellings."""
        try:
            found = sorted(self._user.iterdir()) if self._user is not None else []
        except OSError:
            return ()
        said = []
        for path in found:
            if path.suffix not in (".yaml", ".yml") or path.name in {*FILES, SETTINGS, self._settings}:
                continue
            close = difflib.get_close_matches(path.stem, [name.removesuffix(".yaml") for name in FILES], n=1)
            if close:
                said.append(
                    msg("{file} is not used: should it be called {close}?", file=str(path), close=f"{close[0]}.yaml")
                )
            elif self._settings == SETTINGS:
                said.append(
                    msg(
                        "{file} is not used: the handbook files are {names}.",
                        file=str(path),
                        names=tuple(FILES),
                    )
                )
        return tuple(said)


def at_fault(file: Path, line: int, entry: str, problem: Message) -> Message:
    """The warning that a file of the user's is not used, with the line and, where there is one, the entry at fault."""
    if entry:
        return msg(
            "{file}, line {line}, {entry}: {problem}. Until you fix this, the built-in version is used.",
            file=str(file),
            line=line,
            entry=entry,
            problem=problem,
        )
    return msg(
        "{file}, line {line}: {problem}. Until you fix this, the built-in version is used.",
        file=str(file),
        line=line,
        problem=problem,
    )


def decode_file(raw: Raw, shape: type[_F]) -> _F:
    """The typed value of a whole file. Raises `Fault` at the first thing that does not fit."""
    try:
        return msgspec.convert(raw, shape, strict=True)
    except msgspec.ValidationError as error:
        raise misfit(str(error)) from error


def misfit(error: str) -> Fault:
    """The fault in a sentence of msgspec, which ends in "at `$.table[3].field`" unless it is the whole file."""
    said, _, where = error.partition(" - at `")
    where = where.rpartition("` in `")[2]  # "at `key` in `$.table[3]`" for a field name that is not a text
    path: EntryPath = tuple(int(part) if part.isdigit() else part for part in re.findall(r"[^.\[\]`$]+", where))
    quoted = re.findall(r"`([^`]*)`|'([^']*)'", said)
    first = next((a or b for a, b in quoted), "")
    if "unknown field" in said:
        return Fault(msg("there is no field “{field}” here", field=first), path=(*path, first))
    if "missing required field" in said:
        return Fault(msg("the field “{field}” is missing", field=first), path=path)
    if said.startswith("Invalid enum value"):
        return Fault(msg("“{value}” is not one of the allowed words", value=first), path=path)
    return Fault(_wanted(said, first), path=path)


def _wanted(said: str, expected: str) -> Message:
    if "regex" in said:
        return _LENGTH
    if "length" in said:
        return _NOT_EMPTY
    if found := re.search(r"Invalid (?:RFC3339 encoded )?(date|datetime|decimal)\b", said):
        return _WANTED[found[1]]
    if said.startswith("not a pattern"):
        return msg("this is not a regular expression")
    if said.startswith("no such group"):
        return msg("the pattern has no group of that number")
    return _WANTED.get(expected.partition(" |")[0], _UNREADABLE)


def laid_over(shipped: Raw, mine: Raw) -> Laid:
    """The shipped file with the entries of `mine` added, or laid over the ones with the same id.

    An entry that overrides another names only the fields that it changes. A mapping is overridden field by field,
    anything else that is not a table of entries as a whole. Raises `Fault` with the path in `mine`.
    """
    merged: Raw = dict(shipped)
    origin: dict[EntryPath, EntryPath] = {}
    for name, value in mine.items():
        old = shipped.get(name)
        if isinstance(old, list) and old and entry_key(old[0]) is not None:
            merged[name] = _entries_over(name, old, value, origin)
        elif isinstance(old, dict) and isinstance(value, dict):
            merged[name] = {**old, **value}
        else:
            merged[name] = value
    return Laid(merged, origin)


def _entries_over(name: str, old: list[Any], mine: object, origin: dict[EntryPath, EntryPath]) -> list[Any]:
    if not isinstance(mine, list):
        raise Fault(msg("this table is a list of entries, each starting with a dash"), path=(name,))
    places = {entry_key(entry): index for index, entry in enumerate(old)}
    merged = list(old)
    for index, entry in enumerate(mine):
        key = entry_key(entry)
        if key is None:
            raise Fault(msg("an entry starts with its id"), path=(name, index))
        at = places.setdefault(key, len(merged))
        if at == len(merged):
            merged.append(entry)
        else:
            merged[at] = {**merged[at], **entry}
        origin[name, at] = (name, index)
    return merged


def check(value: Strict) -> None:
    """Raises `Fault` at the first entry of a decoded file that contradicts itself."""
    match value:
        case CalendarFile():
            for index, year in enumerate(value.years):
                _check_year(year, ("years", index))
        case NextFile():
            _check_next(value)
        case QuietFile():
            for index, limit in enumerate(value.quiet):
                if inverted(span(limit.amber), span(limit.red)):
                    raise Fault(LATE_AMBER, path=("quiet", index, "amber"))


def _check_next(file: NextFile) -> None:
    """An act says where it leads and names nothing that the program cannot fill in."""
    for index, act in enumerate(file.acts):
        place: EntryPath = ("acts", index)
        for deed, name, needed in (("file", "rung", act.rung), ("letter", "letter", act.letter)):
            if act.deed == deed and needed is None:
                raise Fault(msg("the field “{field}” is missing", field=name), path=place)
        for name, sentence in act.sentences:
            for _, field, form, conversion in Formatter().parse(sentence):
                if field is not None and (field not in BLANKS or field not in act.zh + act.en or form or conversion):
                    raise Fault(msg("there is no field “{field}” here", field=field), path=(*place, name))


def _check_year(year: CalendarYear, path: EntryPath) -> None:
    for number, feast in enumerate(year.statutory):
        _check_own(year, feast.day, (*path, "statutory", number, "day"))
    for number, day in enumerate(year.days_off):
        _check_own(year, day, (*path, "days_off", number))
    for number, day in enumerate(year.make_up):
        place = (*path, "make_up", number)
        _check_own(year, day, place)
        if day in year.days_off:
            raise Fault(msg("{day} cannot be both a day off and a make-up day", day=day.isoformat()), path=place)
        if day.weekday() < SATURDAY:
            message = msg(
                "{day} is not a Saturday or Sunday; only weekend days can be make-up days",
                day=day.isoformat(),
            )
            raise Fault(message, path=place)


def _check_own(year: CalendarYear, day: date, path: EntryPath) -> None:
    if day.year != year.year:
        raise Fault(msg("{day} is not in {year}", day=day.isoformat(), year=str(year.year)), path=path)


def ids_named(file: str, raw: object) -> Iterator[tuple[EntryPath, str, tuple[str, ...]]]:
    """Every id by which a file refers to an entry: where it stands, the id, and the tables that may have it."""

    def below(value: object, path: EntryPath) -> Iterator[tuple[EntryPath, str, tuple[str, ...]]]:
        if isinstance(value, list):
            for index, inner in enumerate(value):
                yield from below(inner, (*path, index))
        elif isinstance(value, dict):
            for field, inner in value.items():
                there = (*path, str(field))
                tables = LINKS.get((file, field)) or LINKS.get(("*", field)) or ()
                if tables:
                    yield from ((place, str(item), tables) for place, item in _items(inner, there))
                yield from below(inner, there)

    yield from below(raw, ())


def _items(value: object, path: EntryPath) -> Iterator[tuple[EntryPath, object]]:
    """The single ids in the value of a field; a name in two languages is none, nor is an entry inside it."""
    if isinstance(value, dict):
        if "zh" not in value:
            yield from (((*path, str(key)), key) for key in value)
    elif isinstance(value, list):
        yield from (((*path, index), item) for index, item in enumerate(value) if not isinstance(item, dict))
    elif value is not None:
        yield path, value
