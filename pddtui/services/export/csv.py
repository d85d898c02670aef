"""Contacts and promises as CSV for a spreadsheet, which must take them for text and nothing else.

UTF-8 with a byte order mark, by which spreadsheets know Chinese; lines end as RFC 4180 has it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from itertools import takewhile
from typing import Literal, NamedTuple
from unicodedata import normalize

from msgspec import Struct

from pddtui.domain.case import PROMISE_STATES, REPLIES, Case
from pddtui.domain.fields import CONTACT, PROMISE, StoredField, value_of
from pddtui.message import Message, msg
from pddtui.services.export.document import ANSWERS, DocumentWords
from pddtui.services.facts import shown

__all__ = ["CASE_HEADINGS", "CODES", "MASKED_CASE", "ROW_KINDS", "YES_CELL", "guarded", "to_csv", "unguarded"]

_FORMULA = frozenset("=+-@\t\r\n|\u2212")
"""A cell that begins so may be calculated, or start a program, when the file is opened; so may one that begins with a
small, raised, lowered or full-width form of one of them, which some programs take for it."""


class CaseHeadings(NamedTuple):
    """The headings of what is the same in all rows of a case, and of what kind a row is."""

    case: Message
    title: Message
    row: Message


CASE_HEADINGS = CaseHeadings(msg("Case"), msg("Title"), msg("Row"))

MASKED_CASE = msg("Case (masked)")
"""The first heading of a table in which something is hidden, by which it is known not to be taken in again."""

RowKind = Literal["contact", "promise"]

ROW_KINDS: Mapping[RowKind, Message] = {"contact": msg("contact"), "promise": msg("promise")}


def to_csv(cases: Iterable[Case], words: DocumentWords, *, masked: bool = False) -> bytes:
    """A row for each contact and, after it, one for each promise made in it."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    columns = _columns()
    headings = CASE_HEADINGS._replace(case=MASKED_CASE) if masked else CASE_HEADINGS
    sheet.writerow([guarded(words(column)) for column in (*headings, *columns)])
    for case in cases:
        for contact in case.contacts:
            of_contact = _cells(CONTACT, contact, words)
            rows = [(ROW_KINDS["contact"], of_contact)]
            for promise in contact.promises:
                of_promise = _cells(PROMISE, promise, words)
                rows.append((ROW_KINDS["promise"], {**_before(of_contact, of_promise), **of_promise}))
            for kind, said in rows:
                row = (words(case.ref), words(case.title), words(kind), *(said.get(str(it), "") for it in columns))
                sheet.writerow(map(guarded, row))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _columns() -> list[Message]:
    """The headings for contacts and promises; what only a promise has stands before what both have next."""
    columns = [field.column for field in CONTACT if field.column is not None]
    ahead: list[Message] = []
    for field in PROMISE:
        if field.column is None:
            continue
        if field.column in columns:
            place = columns.index(field.column)
            columns[place:place] = ahead
            ahead = []
        else:
            ahead.append(field.column)
    return columns + ahead


_NUMBER = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+")
"""A number that a spreadsheet would shorten, round or write with an exponent."""
_QUOTED = re.compile(r'="([^"]*)"')
"""How others keep a number a text."""


def guarded(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would calculate, or take for a number that it is not.

    And before what looks as if it had one for that reason, so that `unguarded` gives every text back.
    """
    if text[:1] in _FORMULA or normalize("NFKC", text.lstrip()[:1])[:1] in _FORMULA or _NUMBER.fullmatch(text.strip()):
        return f"'{text}"
    return f"'{text}" if text[:1] == "'" and unguarded(text) != text else text


def unguarded(cell: str) -> str:
    """The text that was guarded so, or as `="0123"`; any other as it is."""
    quoted = _QUOTED.fullmatch(cell)
    if quoted is not None:
        return quoted[1]
    return cell[1:] if cell[:1] == "'" and guarded(cell[1:]) == cell else cell


def _cells(fields: Iterable[StoredField], thing: Struct, words: DocumentWords) -> dict[str, str]:
    """What stands in the columns of these fields, by heading."""
    return {str(it.column): _said(it, value_of(it, thing), words) for it in fields if it.column is not None}


def _before(of_contact: Mapping[str, str], of_promise: Mapping[str, str]) -> dict[str, str]:
    """Who made a promise and when: what a contact says before its words."""
    return dict(takewhile(lambda cell: cell[0] not in of_promise, of_contact.items()))


YES_CELL = msg("yes", context="record")

CODES: Mapping[str, Mapping[str, Message]] = {
    "direction": {"out": msg("me → them"), "in": msg("them → me")},
    "substance": dict(ANSWERS.items()),
    "reply": {name: mark.word for name, mark in REPLIES.items()},
    "state": {name: mark.word for name, mark in PROMISE_STATES.items()},
    "written": {"received": YES_CELL},
}
"""What the words of the program are to a reader of the table; one that is not here is nothing to speak of."""


def _said(field: StoredField, value: object, words: DocumentWords) -> str:
    match value:
        case datetime():
            return _time(value, words)
        case bool():
            return _yes(value, words)
        case str() if field.kind == "code":
            return words(CODES.get(field.name, {}).get(value))
    return words(shown(field, value, "CNY", words.handbook.name_of))


def _time(at: datetime, words: DocumentWords) -> str:
    """As a spreadsheet reads a date in any language; the day alone where no time was given."""
    local = at.astimezone(words.zone)
    return f"{local:%Y-%m-%d}" if local.time() == time() else f"{local:%Y-%m-%d %H:%M}"


def _yes(value: bool, words: DocumentWords) -> str:
    return words(YES_CELL) if value else ""
