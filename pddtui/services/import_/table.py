"""A table of contacts that somebody kept, or a program wrote, as rows with known columns: what CSV is in real life.

UTF-8, UTF-16 or GB18030; comma, semicolon or tab, or what `sep=` says; with any number of lines before the heading,
as payment services write them. Columns are known by what people call them, in both languages, and by the headings of
our own table. Whatever cannot be read is one `BadInput` that names the line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Literal, NamedTuple, get_args
from zoneinfo import ZoneInfo

from msgspec import Struct

from pddtui.domain.bounds import MOST_TEXT
from pddtui.domain.fields import CONTACT, PROMISE
from pddtui.domain.text import decoded, fold, one_line
from pddtui.errors import BadInput
from pddtui.message import Message, msg
from pddtui.services.export.csv import CASE_HEADINGS, MASKED_CASE
from pddtui.speech import LANGUAGES, Speech

__all__ = ["MAPPED", "Column", "CsvRow", "CsvTable", "bad_cell", "both_ways", "read_table"]

Column = Literal[
    "date", "time", "direction", "name", "role", "staff_no", "channel", "said", "substance", "reply", "demand",
    "written", "promise", "due", "due_date", "state", "settled", "case", "title", "row", "id",
]  # fmt: skip
"""What can stand in a table. The last ones only stand in one that the program wrote."""

MAPPED: tuple[Column, ...] = get_args(Column)[: get_args(Column).index("due") + 1]
"""What `--map` can name."""

_COLUMN: Mapping[str, Column] = {
    "at": "date", "direction": "direction", "person.name": "name", "person.role": "role", "person.staff_no": "staff_no",
    "channel": "channel", "summary": "said", "substance": "substance", "reply": "reply", "demand": "demand",
    "written": "written", "text": "promise", "due": "due_date", "due_phrase": "due", "state": "state",
    "settled_at": "settled", "id": "id",
}  # fmt: skip
"""The columns of the fields of a contact and of a promise, by their places."""

_CLOCKS = frozenset(("time", "time of day")) | frozenset(("时间", "沟通时间", "时刻", "几点"))
"""What a column is called that has the time of day where another has the day, and both where there is no other."""

_MOMENT: tuple[Column, ...] = ("date", "time")
_MOST = 16 * 1024 * 1024
_MOST_BEFORE = 60
"""Lines that may stand before the heading."""
_LONGEST_HEADING, _MOST_HEADINGS = 24, 16
"""Characters and number of the headings that are repeated in a sentence."""
_DELIMITERS = ",;\t"
_SEPARATOR = re.compile(r'"?sep=(.)"?[\t ,;]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_UNIT = re.compile(r"\s*[(（\[【][^()（）\[\]【】]*[)）\]】]$")


class CsvRow(Struct, frozen=True):
    """One row: the line on which it begins, and what stands in its columns."""

    line: int
    cells: Mapping[Column, str]


class CsvTable(Struct, frozen=True, kw_only=True):
    """A table that was read."""

    file: str
    headings: Mapping[Column, str]
    """What each column is called there."""
    unknown: tuple[str, ...]
    """Columns that are not read."""
    records: tuple[CsvRow, ...]

    def wrong(self, record: CsvRow, column: Column, problem: Message) -> BadInput:
        return bad_cell(self.file, record.line, self.headings.get(column, column), problem)


def bad_cell(file: str, line: int, column: str, problem: Message) -> BadInput:
    """The one sentence about a cell that cannot be taken."""
    return BadInput(
        msg("{file}, line {line}, column “{column}”: {problem} Nothing was imported.", file=file, line=line,
            column=column, problem=problem)
    )  # fmt: skip


def both_ways(words: Message) -> frozenset[str]:
    """What is said in each language, folded as a cell is to be compared with it. `words` have no values in them."""
    return _said_both_ways(words.template, words.context)


@cache
def _said_both_ways(template: str, context: str) -> frozenset[str]:
    words = Message(template, context=context)
    return frozenset(fold(Speech(language, ZoneInfo("UTC")).say(words)).strip() for language in LANGUAGES)


@cache
def _ours() -> Mapping[str, Column]:
    """The columns of the table that the program writes, by their headings in either language."""
    called: list[tuple[Column, Message]] = list(zip(("case", "title", "row"), CASE_HEADINGS, strict=True))
    for field in (*PROMISE, *CONTACT):  # what both have is called after the contact
        column = _COLUMN.get(field.place)
        if column is not None and column != "promise" and field.column is not None:
            called.append((column, field.column))
    return {heading: column for column, words in called for heading in both_ways(words)}


@cache
def _usual() -> Mapping[str, Column]:
    """The columns by what people call them. What only our own table has may mean anything elsewhere."""
    usual: dict[str, Column] = {heading: column for heading, column in _ours().items() if column in MAPPED}
    for field in (*PROMISE, *CONTACT):
        column = _COLUMN.get(field.place)
        if column is not None:
            usual |= dict.fromkeys(map(fold, field.headings), column)
    return usual


def read_table(content: bytes, file: str, names: Mapping[Column, str]) -> CsvTable:
    """The table; `names` says what columns are called that are called otherwise. Raises `BadInput`."""
    text = _text(content, file)
    told = _SEPARATOR.match(text)
    body = text[told.end() :] if told is not None else text
    skipped = 1 if told is not None else 0
    wanted = {fold(name).strip(): column for column, name in names.items()}
    tried: list[tuple[_Rows, _Fault | None]] = []
    for delimiter in [told[1]] if told is not None else _DELIMITERS:
        rows, fault = _tried(body, delimiter, skipped, _MOST_BEFORE)
        tried.append((rows, fault))
        for at, (_, cells) in enumerate(rows):
            places = _places(cells, wanted)
            if cells and fold(cells[0]).strip() in both_ways(MASKED_CASE):
                raise BadInput(
                    msg("{file} is masked and the hidden text cannot be restored; nothing was imported.", file=file)
                )
            if {"date", "said"} <= places.keys() and set(names) <= places.keys():
                rows, fault = _tried(body, delimiter, skipped)
                if fault is not None:
                    raise _torn(file, fault)
                return _table(file, rows, at, places)
    rows, fault = max(tried, key=lambda one: (one[1] is None, _widest(one[0])))
    raise _no_heading(file, rows, wanted, names) if fault is None else _torn(file, fault)


def _text(content: bytes, file: str) -> str:
    if len(content) > _MOST:
        raise BadInput(
            msg("{file} is too large: a table can have at most {n} MB. Nothing was imported.", file=file, n=_MOST >> 20)
        )
    try:
        return decoded(content)
    except UnicodeError as error:
        raise BadInput(
            msg("{file} is not a CSV text in UTF-8, UTF-16 or GB18030; nothing was imported.", file=file)
        ) from error


_Rows = list[tuple[int, list[str]]]
"""The cells of each row, with the line on which it begins."""


class _Fault(NamedTuple):
    line: int
    problem: Message


def _tried(text: str, delimiter: str, skipped: int, most: int | None = None) -> tuple[_Rows, _Fault | None]:
    """The rows with that delimiter, or the first of them, as far as they can be read; what is wrong with the next."""
    csv.field_size_limit(2 * MOST_TEXT)  # what can be typed can be taken in
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    rows: _Rows = []
    line = skipped + 1
    try:
        for cells in islice(reader, most):
            rows.append((line, [cell.strip() for cell in cells]))
            line = reader.line_num + skipped + 1
    except csv.Error as error:
        if "limit" in str(error):
            return rows, _Fault(line, msg("A cell is longer than {n} characters.", n=csv.field_size_limit()))
        return rows, _Fault(line, msg("A quotation mark is not closed, or something follows a closed one."))
    return rows, None


def _torn(file: str, fault: _Fault) -> BadInput:
    return BadInput(
        msg("{file}, line {line}: {problem} Nothing was imported.", file=file, line=fault.line, problem=fault.problem)
    )


def _places(cells: Sequence[str], wanted: Mapping[str, Column]) -> dict[Column, int]:
    """Where each column stands if these cells are a heading; what was asked for by name goes before what is usual."""
    headings = [_plain(cell) for cell in cells]
    usual = _ours() if {"case", "row"} <= {_ours().get(heading) for heading in headings} else _usual()
    found: dict[Column, int] = {}
    clock: int | None = None
    for place, (cell, heading) in enumerate(zip(cells, headings, strict=True)):
        column = wanted.get(fold(cell).strip()) or wanted.get(heading)
        if column is not None:
            found.setdefault(column, place)
        elif heading in _CLOCKS:
            clock = place if clock is None else clock
    for place, heading in enumerate(headings):
        usually = usual.get(heading)
        if usually is not None and usually not in wanted.values() and heading not in _CLOCKS:
            found.setdefault(usually, place)
    free: list[Column] = [each for each in _MOMENT if each not in found and each not in wanted.values()]
    if clock is not None and free:
        found[free[0]] = clock
    return found


def _plain(cell: str) -> str:
    """A heading without the unit behind it, a colon, and a mark that it is needed."""
    return _UNIT.sub("", fold(cell).strip().strip("*:： "))


def _table(file: str, rows: _Rows, at: int, places: Mapping[Column, int]) -> CsvTable:
    heading = rows[at][1]
    taken = set(places.values())
    unknown = tuple(one_line(cell) for place, cell in enumerate(heading) if cell and place not in taken)
    records = []
    for line, cells in rows[at + 1 :]:
        if any(cells[len(heading) :]):
            raise _torn(file, _Fault(line, msg("This row has more cells than the heading: put a text that contains the "
                                               "separator in quotation marks.")))  # fmt: skip
        if any(cells):
            found = {column: cells[place] for column, place in places.items() if place < len(cells) and cells[place]}
            records.append(CsvRow(line, found))
    return CsvTable(
        file=file,
        headings={column: heading[place] for column, place in places.items()},
        unknown=unknown,
        records=tuple(records),
    )


def _widest(rows: _Rows) -> int:
    return max((sum(map(bool, cells)) for _, cells in rows), default=0)


def _no_heading(file: str, rows: _Rows, wanted: Mapping[str, Column], names: Mapping[Column, str]) -> BadInput:
    """What is missing in the row that looks most like a heading."""
    heading = max((cells for _, cells in rows), key=lambda cells: sum(map(bool, cells)), default=[])
    found = _places(heading, wanted)
    missing: Column = next(column for column in ("date", "said", *names) if column not in found)
    columns = tuple(one_line(cell)[:_LONGEST_HEADING] for cell in heading if cell)[:_MOST_HEADINGS]
    if not columns:
        return BadInput(msg("{file} is empty; nothing was imported.", file=file))
    return BadInput(
        msg("{file} has no column for {column}; name it with --map {column}=…. Its columns are {columns}. Nothing was "
            "imported.", file=file, column=missing, columns=columns)
    )  # fmt: skip
