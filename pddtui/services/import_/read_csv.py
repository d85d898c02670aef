"""The rows of a table of contacts, each as the contact or the promise that it is.

Who spoke is taken from the column of the direction, else from who is named; a row that says neither is asked about and
never taken for mine. What a cell does not say is read from the words, as everywhere. Whatever cannot be read is one
`BadInput` that names line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import date, datetime, time, timedelta

from msgspec import Struct, structs

from pddtui.domain.case import (
    PROMISE_STATES,
    REPLIES,
    SUBSTANCES,
    Direction,
    Person,
    Promise,
    PromiseState,
    Reply,
    Substance,
)
from pddtui.domain.duetime import END_OF_DAY, at_clock, zone_of
from pddtui.domain.fields import MYSELF
from pddtui.domain.phrases.moment import parse_when
from pddtui.domain.text import clean, fold, halfwidth, one_line
from pddtui.errors import Refused
from pddtui.handbook.book import Table
from pddtui.handbook.procedure import ChannelEntry
from pddtui.message import Message, msg
from pddtui.services.export.csv import CODES, ROW_KINDS, YES_CELL, unguarded
from pddtui.services.import_.table import Column, CsvRow, CsvTable, both_ways
from pddtui.services.inputs import NewContact, NewPromise, Resolve

__all__ = ["Sheet", "SheetPromise", "SheetRow", "read_sheet"]

_ME = frozenset({*MYSELF, "i", "我方", "买家", "消费者", "buyer"})
_DIRECTIONS: Mapping[str, Direction] = {
    **dict.fromkeys(_ME, "out"),
    **dict.fromkeys(("out", "outgoing", "sent", "->", "→", "发", "发出", "发送", "去", "去电", "呼出", "拨出", "我说"),
                    "out"),
    **dict.fromkeys(("in", "incoming", "received", "<-", "←", "收", "收到", "来", "来电", "呼入", "接听", "对方说"),
                    "in"),
    **dict.fromkeys(("them", "they", "对方", "他们", "商家", "卖家", "店铺", "客服", "平台", "快递", "seller", "shop",
                     "merchant", "platform", "courier"), "in"),
}  # fmt: skip
"""What a cell may say of who spoke."""

_REPLIES: Mapping[str, Substance | Reply] = {
    **{word: word for word in SUBSTANCES}, **{word: word for word in REPLIES},
    "holding reply": "holding", "no answer": "none",
    "答复": "answer", "实质答复": "answer", "未实质答复": "holding", "敷衍": "holding",
    "无答复": "none", "无人答复": "none", "未答复": "none",
    "同意": "agreed", "拒绝": "refused", "提出方案": "offered", "要求补充": "asked",
    "已作出决定": "decided", "其他": "other",
}  # fmt: skip
"""What a cell may say that a reply was. Other words belong to what was said, and are read with it."""

_YES_CELL = frozenset(("yes", "y", "true", "1", "x", "✓", "√", "是", "有", "对"))
_FIELDS: Mapping[str | None, Column] = {
    "name": "name", "role": "role", "staff_no": "staff_no", "promise": "promise", "due": "due", "at": "date",
    "channel": "channel",
}  # fmt: skip

_EPOCH = date(1899, 12, 30)
_DAY_NUMBER = re.compile(r"([2-7]\d{4})(?:\.(\d+))?")
"""A day as a spreadsheet counts it, with its time as a fraction: between 1954 and 2119."""
_NO_DAY = re.compile(r"(?:1899|1900)[-/.]\d{1,2}[-/.]\d{1,2}[ T]")
"""What a spreadsheet puts before a time that has no day."""
_FRACTION = re.compile(r"0?\.\d+")
_DIGITS = re.compile(r"((?:19|20)\d{6})(\d{2})(\d{2})(\d{2})?")
_WEEKDAY = re.compile(
    r"(?:星期|周|礼拜)[一二三四五六日天]"
    r"|\b(?:mon|tues?|wed|thu|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b[,.]?",
    re.IGNORECASE,
)
_A_DAY = 24 * 60 * 60


class SheetPromise(Struct, frozen=True, kw_only=True):
    """A promise that has a row of its own, with what became of it."""

    record: CsvRow
    text: str
    phrase: str | None
    due: datetime | None
    state: PromiseState
    settled_at: datetime | None
    written: bool

    def build(self, promise_id: str, said_at: datetime, resolve: Resolve) -> Promise:
        """The promise: its date is the one that the table has, which may have been corrected since it was spoken."""
        read = None
        if self.phrase:
            try:
                read = resolve(self.phrase, said_at)
            except Refused:
                if self.due is None:
                    raise
        new = NewPromise(text=self.text, written=self.written).build(promise_id, said_at, resolve)
        return structs.replace(
            new,
            due=self.due or (read.at if read is not None else None),
            due_phrase=one_line(self.phrase) if self.phrase else None,
            estimated=read is not None and read.estimated and self.due in (None, read.at),
            state=self.state,
            settled_at=self.settled_at if self.state != "open" else None,
        )


class SheetRow(Struct, frozen=True, kw_only=True):
    """A contact, with the promises that rows of their own say were made in it."""

    record: CsvRow
    case: tuple[str, str] | None
    """Number and title of the case that it belongs to; None where the table does not say."""
    id: str | None
    """The id that it has where it was written."""
    new: NewContact
    spoken: bool = True
    """Whether it is known who spoke; else `new` has a direction that means nothing."""
    promises: tuple[SheetPromise, ...] = ()
    unread: tuple[Column, ...] = ()
    """Cells whose words mean nothing here."""

    def said_by(self, direction: Direction) -> SheetRow:
        return structs.replace(self, new=structs.replace(self.new, direction=direction), spoken=True)


class Sheet(Struct, frozen=True, kw_only=True):
    """All that is in a table."""

    table: CsvTable
    rows: tuple[SheetRow, ...]
    empty: tuple[CsvRow, ...]
    """Rows in which nothing is said."""

    def column(self, refused: Refused) -> Column:
        """In which column of a row that was refused the fault is."""
        return _FIELDS.get(refused.field, "due" if refused.position is not None else "said")


def read_sheet(table: CsvTable, now: datetime, channels: Table[ChannelEntry], me: Iterable[str] = ()) -> Sheet:
    """What the rows of the table are; `me` are the names of whoever complains. Raises `BadInput`."""
    reader = _Reader(table, now, channels, _ME | set(map(fold, me)))
    rows: list[SheetRow] = []
    empty: list[CsvRow] = []
    for record in table.records:
        cells = {column: unguarded(cell).strip() for column, cell in record.cells.items()}
        record = CsvRow(record.line, {column: cell for column, cell in cells.items() if cell})  # noqa: PLW2901
        if not (clean(record.cells.get("said", "")).strip() or clean(record.cells.get("promise", "")).strip()):
            empty.append(record)
        elif fold(record.cells.get("row", "")) in both_ways(ROW_KINDS["promise"]):
            at = _place_of(reader.contact(record), rows)
            if at is None:
                raise table.wrong(record, "row", msg("No contact before it is the one in which this was promised."))
            rows[at] = structs.replace(rows[at], promises=(*rows[at].promises, reader.promise(record)))
        else:
            rows.append(reader.contact(record))
    return Sheet(table=table, rows=tuple(rows), empty=tuple(empty))


def _place_of(promise: SheetRow, rows: list[SheetRow]) -> int | None:
    """The newest contact with the same person at the same time, in which something was promised."""
    made = promise.new
    for at in range(len(rows) - 1, -1, -1):
        there = rows[at].new
        if (rows[at].case, there.at, there.direction, there.person) == (
            promise.case, made.at, made.direction, made.person,
        ):  # fmt: skip
            return at
    return None


class _Reader:
    """Reads the cells of one table."""

    def __init__(self, table: CsvTable, now: datetime, channels: Table[ChannelEntry], me: Set[str]) -> None:
        self._table = table
        self._now = now
        self._channels = channels
        self._me = me

    def contact(self, record: CsvRow) -> SheetRow:
        cells = record.cells
        unread = tuple(self._unread(record))
        direction = self._direction(record)
        promise, due = cells.get("promise"), cells.get("due")
        said = clean(cells.get("said") or promise or "")
        promise = promise or (said if due else None)
        reply_cell = clean(cells.get("reply", ""))
        told = {_said_of(fold(cell).strip("[] ")) for cell in (cells.get("substance", ""), reply_cell)} - {None}
        reply: Reply | None = next((each for each in REPLIES if each in told), None)
        substance: Substance | None = next((each for each in SUBSTANCES if each in told), None)
        if reply is not None:
            substance = "answer"
        if reply_cell and _said_of(fold(reply_cell).strip("[] ")) is None:
            said = f"{said}\n{reply_cell}"
        mine = direction == "out"
        own = mine and fold(cells.get("name", "")) in self._me
        case = (cells.get("case", ""), cells.get("title", ""))
        return SheetRow(
            record=record,
            case=case if any(case) else None,
            id=cells.get("id"),
            spoken=direction is not None,
            unread=unread,
            new=NewContact(
                direction=direction or "in",
                said=said,
                at=self._moment(record),
                channel=self._channel(cells.get("channel")),
                person=Person(
                    name=None if own else cells.get("name"), role=cells.get("role"), staff_no=cells.get("staff_no")
                ),
                substance=("none" if substance == "none" else None) if mine else substance,
                reply=None if mine else reply,
                demand=_is_yes(cells.get("demand")),
                written="received" if _is_yes(cells.get("written")) else "none",
                promises=(NewPromise(text=promise, due_phrase=due),) if promise and "row" not in cells else (),
            ),
        )

    def promise(self, record: CsvRow) -> SheetPromise:
        cells = record.cells
        word = fold(cells.get("state", ""))
        state = next((state for state, mark in PROMISE_STATES.items() if word in both_ways(mark.word) | {state}), None)
        if word and state is None:
            raise self._table.wrong(record, "state", _not_one_of(cells["state"], tuple(PROMISE_STATES)))
        due = self._moment_in(record, "due_date") if "due_date" in cells else None
        if due is not None and due.time() in (time(), time(23, 59)):  # a day, as the table writes its end
            due = at_clock(due.date(), END_OF_DAY, zone_of(due))
        return SheetPromise(
            record=record,
            text=clean(cells.get("said", "")),
            phrase=cells.get("due"),
            due=due,
            state=state or "open",
            settled_at=self._moment_in(record, "settled") if "settled" in cells else None,
            written=_is_yes(cells.get("written")),
        )

    def _direction(self, record: CsvRow) -> Direction | None:
        """Who spoke, by what the column says, else by who is named; None where nothing says it."""
        cells = record.cells
        word = fold(cells.get("direction", "")).strip()
        if word:
            for direction, message in CODES["direction"].items():
                if word in both_ways(message):
                    return "out" if direction == "out" else "in"
            if word not in _DIRECTIONS:
                raise self._table.wrong(record, "direction", _not_one_of(cells["direction"], ("in", "out", "收", "发")))
            return _DIRECTIONS[word]
        if fold(cells.get("name", "")) in self._me:
            return "out"
        return "in" if any(cells.get(column) for column in ("name", "role", "staff_no", "promise")) else None

    def _channel(self, typed: str | None) -> str | None:
        if typed is None:
            return None
        try:
            return self._channels.find(typed).key
        except Refused:
            return None

    def _unread(self, record: CsvRow) -> Iterator[Column]:
        cells = record.cells
        if "channel" in cells and self._channel(cells["channel"]) is None:
            yield "channel"
        if "substance" in cells and _said_of(fold(cells["substance"]).strip("[] ")) is None:
            yield "substance"
        if "reply" in cells and self._direction(record) == "out" and _said_of(fold(cells["reply"]).strip("[] ")):
            yield "reply"

    def _moment(self, record: CsvRow) -> datetime:
        """When it was; a date in one column and a time in another are one moment."""
        day = self._moment_in(record, "date")
        if "time" not in record.cells:
            return day
        clock = self._moment_in(record, "time", day)
        return at_clock(day.date(), clock.time(), zone_of(day))

    def _moment_in(self, record: CsvRow, column: Column, day: datetime | None = None) -> datetime:
        typed = record.cells.get(column, "")
        try:
            return _read_moment(typed, day or self._now, is_time=column == "time")
        except Refused as refused:
            raise self._table.wrong(record, column, refused.message) from refused


def _read_moment(typed: str, now: datetime, *, is_time: bool) -> datetime:
    """A moment as people write it and as spreadsheets do: `46329.5`, `20261103143000`, `2026-11-03 星期二`."""
    text = halfwidth(typed).strip()
    if is_time:
        text = _NO_DAY.sub("", text)
    number, digits = _DAY_NUMBER.fullmatch(text), _DIGITS.fullmatch(text)
    if is_time and _FRACTION.fullmatch(text):
        return at_clock(now.date(), _clock(float(text)), zone_of(now))
    if number is not None:
        fraction = float(f"0.{number[2]}") if number[2] else 0.0
        day = _EPOCH + timedelta(days=int(number[1]))
        return at_clock(day, _clock(fraction), zone_of(now))
    if digits is not None:
        text = f"{digits[1]} {digits[2]}:{digits[3]}:{digits[4] or '00'}"
    return parse_when(" ".join(_WEEKDAY.sub(" ", text).split()) or text, now)


def _clock(fraction: float) -> time:
    """The time of day that a spreadsheet keeps as a part of one."""
    seconds = min(round(fraction * _A_DAY), _A_DAY - 1)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _said_of(word: str) -> Substance | Reply | None:
    """What a cell says that a reply was, in either language or as people write it."""
    if not word:
        return None
    for field in ("substance", "reply"):
        for code, message in CODES[field].items():
            if word in both_ways(message):
                return next((each for each in (*SUBSTANCES, *REPLIES) if each == code), None)
    return _REPLIES.get(word)


def _is_yes(cell: str | None) -> bool:
    return cell is not None and (fold(cell) in _YES_CELL or fold(cell) in both_ways(YES_CELL))


def _not_one_of(value: str, known: tuple[str, ...]) -> Message:
    return msg("“{value}” is not one of {known}.", value=value, known=known)
