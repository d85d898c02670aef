"""A table of contacts that somebody kept before, read from CSV and taken into one case.

UTF-8 or GB18030, comma, semicolon or tab. A row is known by its time and its words, so that the same file taken in
twice adds nothing. Whatever cannot be read is one `BadInput` that names line and column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from pddtui.domain import moves
from pddtui.domain.case import REPLIES, SUBSTANCES, Case, Contact, Person, Reply, Substance
from pddtui.domain.fields import CONTACT, PROMISE
from pddtui.domain.phrases.moment import parse_when
from pddtui.domain.ports import Transaction
from pddtui.domain.record import recorded
from pddtui.domain.text import clean, decoded, fold
from pddtui.errors import BadInput, Refused
from pddtui.message import Message, msg
from pddtui.services.casebook import Casebook, IdSource
from pddtui.services.inputs import NewCase, NewContact, NewPromise

__all__ = ["COLUMNS", "read_sheet", "take_sheet"]

Column = Literal["date", "name", "role", "said", "reply", "promise", "due"]

_NAMES: Mapping[str, Column] = {
    "at": "date", "name": "name", "role": "role", "said": "said", "reply": "reply", "promise": "promise", "due": "due"
}  # fmt: skip
"""What `--map` calls the fields that can be taken."""

COLUMNS: Mapping[Column, frozenset[str]] = {
    _NAMES[field.name]: frozenset(field.headings) for field in (*CONTACT, *PROMISE) if field.headings
}
"""What a column may be called, beside what `--map` says."""

_REPLIES: Mapping[str, Substance | Reply] = {
    **{word: word for word in SUBSTANCES}, **{word: word for word in REPLIES},
    "holding reply": "holding", "no answer": "none",
    "答复": "answer", "实质答复": "answer", "未实质答复": "holding", "敷衍": "holding",
    "无答复": "none", "无人答复": "none", "未答复": "none",
    "同意": "agreed", "拒绝": "refused", "提出方案": "offered", "要求补充": "asked",
    "已作出决定": "decided", "其他": "other",
}  # fmt: skip
"""What a cell may say that a reply was. Other words belong to what was said, and are read with it."""

_ME = frozenset({"me", "i", "我", "本人", "自己"})
_FIELDS: Mapping[str | None, Column] = {"name": "name", "role": "role", "promise": "promise", "due": "due"}
_MOST = 16 * 1024 * 1024


class SheetRow(Struct, frozen=True, kw_only=True):
    """One row that can be taken."""

    line: int
    columns: Mapping[Column, str]
    """What each column is called there."""
    contact: NewContact

    def wrong(self, file: str, refused: Refused) -> BadInput:
        """What a refusal of this row is to the person whose file it is."""
        field: Column = _FIELDS.get(refused.field, "due" if refused.position is not None else "said")
        return _wrong(file, self.line, self.columns.get(field, field), refused.message)


def read_sheet(content: bytes, file: str, now: datetime, names: Mapping[str, str] | None = None) -> list[SheetRow]:
    """The rows of the table; `names` says what columns are called that are called otherwise."""
    text = _text(content, file)
    lines = text.splitlines()
    head = lines[0] if lines else ""
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
        places = _places(header, names or {}, file)
        columns = {column: header[place] for column, place in places.items()}
        rows = []
        for cells in reader:
            got = {column: cells[place].strip() for column, place in places.items() if place < len(cells)}
            if any(got.values()):
                rows.append(SheetRow(line=reader.line_num, columns=columns,
                                     contact=_contact(got, columns, reader.line_num, file, now)))  # fmt: skip
    except csv.Error as error:
        raise BadInput(
            msg("{file}, line {line}: {problem} Nothing was imported.", file=file, line=reader.line_num,
                problem=_unreadable(error))
        ) from error  # fmt: skip
    return rows


def _unreadable(error: csv.Error) -> Message:
    if "limit" in str(error):
        return msg("A cell is longer than {n} characters.", n=csv.field_size_limit())
    return msg("A quotation mark is not closed, or something follows a closed one.")


def fresh(contacts: Sequence[Contact], case: Case | None) -> Iterator[Contact]:
    """The contacts that the case does not have yet, each once."""
    known = {(contact.at, contact.summary) for contact in case.contacts} if case is not None else set()
    for contact in case.contacts if case is not None else ():
        known |= {(old.happened_at, old.summary) for old in contact.amendments}
    for contact in contacts:
        if (contact.at, contact.summary) not in known:
            known.add((contact.at, contact.summary))
            yield contact


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


def _places(header: Sequence[str], names: Mapping[str, str], file: str) -> dict[Column, int]:
    found: dict[Column, int] = {}
    for column, usual in COLUMNS.items():
        wanted = {fold(names[column]).strip()} if column in names else usual
        place = next((n for n, cell in enumerate(header) if fold(cell).strip() in wanted), None)
        if place is not None:
            found[column] = place
        elif column in ("date", "said") or column in names:
            raise BadInput(
                msg(
                    "{file} has no column for {column}; name it with --map {column}=…. Nothing was imported.",
                    file=file,
                    column=column,
                )
            )
    return found


def _contact(
    got: Mapping[Column, str], columns: Mapping[Column, str], line: int, file: str, now: datetime
) -> NewContact:
    try:
        at = parse_when(got.get("date", ""), now)
    except Refused as refused:
        raise _wrong(file, line, columns["date"], refused.message) from refused
    name, role, due = got.get("name"), got.get("role"), got.get("due")
    said = clean(got.get("said") or got.get("promise") or "")
    mine = fold(name or "") in _ME or not (name or role or got.get("promise"))
    promise = got.get("promise") or (said if due else "")
    cell = "" if mine else clean(got.get("reply") or "")
    what = _REPLIES.get(fold(cell).strip("[] "))
    reply = next((each for each in REPLIES if each == what), None)
    return NewContact(
        direction="out" if mine else "in",
        said=f"{said}\n{cell}" if cell and what is None else said,
        at=at,
        person=Person() if mine else Person(name=name or None, role=role or None),
        substance=next((each for each in SUBSTANCES if each == what), None),
        reply=reply,
        promises=(NewPromise(text=promise, due_phrase=due or None),) if promise else (),
    )


def _wrong(file: str, line: int, column: str, problem: Message) -> BadInput:
    return BadInput(
        msg(
            "{file}, line {line}, column “{column}”: {problem} Nothing was imported.",
            file=file,
            line=line,
            column=column,
            problem=problem,
        )
    )


class SheetArrival(Struct, frozen=True, kw_only=True):
    """What came in, or would."""

    ref: str | None
    """None for a case that a dry run does not open."""
    title: str
    opened: bool
    added: tuple[Contact, ...]


def take_sheet(
    casebook: Casebook, ids: IdSource, rows: Sequence[SheetRow], *, file: str, title: str, case: Case | None, dry: bool
) -> SheetArrival:
    """Into `case`, else into the only case of that title, else into a new one. Raises `BadInput` for a row."""
    now = casebook.now()
    target = case or _of_title(casebook, title)
    contacts: list[Contact] = []
    for row in rows:
        try:
            contact = row.contact.build(lambda: ids.new(now), now, casebook.due)
            moves.log(Case(id="-", ref="-", title="-", opened_at=now, recorded_at=now), contact)
        except Refused as refused:
            raise row.wrong(file, refused) from refused
        contacts.append(contact)
    if dry:
        added = tuple(fresh(contacts, target))
        ref = target.ref if target else None
        return SheetArrival(ref=ref, title=target.title if target else title, opened=target is None, added=added)
    with casebook.store.transaction() as box:
        return _take(box, contacts, title, target, ids=ids, now=now)


def _take(
    box: Transaction, contacts: Sequence[Contact], title: str, target: Case | None, *, ids: IdSource, now: datetime
) -> SheetArrival:
    before = box.get(target.id) if target is not None else None
    added = tuple(fresh(contacts, before))
    if before is None and not added:
        return SheetArrival(ref=None, title=title, opened=False, added=())
    case = before
    if case is None:
        began = min(contact.at for contact in added)
        case = moves.open_case(NewCase(title=title, opened_at=began).build(ids.new(now), box.next_ref(now.year), now))
    for contact in added:
        case = moves.log(case, contact)
    action = "log" if before is not None else "open"  # taking it back puts a case that came whole into the trash
    saved = recorded(before, case, action=action, change_id=ids.new(now), at=now, save=box.save)
    if saved is not before:
        box.put(saved)
    return SheetArrival(ref=saved.ref, title=saved.title, opened=before is None, added=added)


def _of_title(casebook: Casebook, title: str) -> Case | None:
    found = [case for case in casebook.cases() if case.title == title]
    if len(found) > 1:
        raise Refused(msg("Several cases are called “{title}”; name one with --case.", title=title))
    return found[0] if found else None
