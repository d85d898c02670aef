"""Contacts and promises as CSV for a spreadsheet, which must take them for text and nothing else.

UTF-8 with a byte order mark, by which spreadsheets know Chinese; lines end as RFC 4180 has it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from pddtui.domain.case import PROMISE_STATES, Case, Contact, Promise
from pddtui.domain.text import halfwidth
from pddtui.message import Message, msg
from pddtui.services.export.document import ANSWERS, Teller

__all__ = ["to_csv"]

_COLUMNS: tuple[Message, ...] = (
    msg("Case"),
    msg("Title"),
    msg("Row"),
    msg("When"),
    msg("Direction"),
    msg("Channel"),
    msg("Name"),
    msg("Role"),
    msg("Staff no."),
    msg("Words"),
    msg("Substance"),
    msg("Demand"),
    msg("Due date"),
    msg("Due, as spoken"),
    msg("State"),
    msg("Settled"),
    msg("In writing"),
    msg("Id"),
)

_FORMULA = frozenset("=+-@\t\r\n|")
"""A cell that begins so may be calculated, or start a program, when the file is opened."""


def to_csv(cases: Iterable[Case], teller: Teller) -> bytes:
    """A row for each contact and, after it, one for each promise made in it."""
    out = io.StringIO(newline="")
    sheet = csv.writer(out, lineterminator="\r\n")
    sheet.writerow([_cell(teller(column)) for column in _COLUMNS])
    for case in cases:
        for contact in case.contacts:
            sheet.writerow(map(_cell, _contact(case, contact, teller)))
            for promise in contact.promises:
                sheet.writerow(map(_cell, _promise(case, contact, promise, teller)))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


_NUMBER = re.compile(r"0\d+|\d{12,}|\d+[eE]\d+")
"""A number that a spreadsheet would shorten, round or write with an exponent."""


def _cell(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would calculate, or take for a number that it is not."""
    if text[:1] in _FORMULA or halfwidth(text.lstrip())[:1] in _FORMULA or _NUMBER.fullmatch(text.strip()):
        return f"'{text}"
    return text


def _contact(case: Case, contact: Contact, teller: Teller) -> Iterator[str]:
    yield from _head(case, contact, teller, msg("contact"))
    yield teller(contact.summary)
    yield teller(ANSWERS[contact.substance] if contact.substance else None)
    yield _yes(contact.demand, teller)
    yield from ("", "", "", "")
    yield _yes(contact.written == "received", teller)
    yield contact.id


def _promise(case: Case, contact: Contact, promise: Promise, teller: Teller) -> Iterator[str]:
    yield from _head(case, contact, teller, msg("promise"))
    yield teller(promise.text)
    yield from ("", "")
    yield _time(promise.due, teller)
    yield teller(promise.due_phrase)
    yield teller(PROMISE_STATES[promise.state].word)
    yield _time(promise.settled_at, teller)
    yield _yes(promise.written, teller)
    yield promise.id


def _head(case: Case, contact: Contact, teller: Teller, kind: Message) -> Iterator[str]:
    yield teller(case.ref)
    yield teller(case.title)
    yield teller(kind)
    yield _time(contact.at, teller)
    yield teller.side(contact)
    yield teller(teller.channel(contact.channel))
    yield teller(contact.person.name)
    yield teller(contact.person.role)
    yield teller(contact.person.staff_no)


def _time(at: datetime | None, teller: Teller) -> str:
    """As a spreadsheet reads a date in any language."""
    return f"{at.astimezone(teller.zone):%Y-%m-%d %H:%M}" if at is not None else ""


def _yes(value: bool, teller: Teller) -> str:
    return teller(msg("yes")) if value else ""
