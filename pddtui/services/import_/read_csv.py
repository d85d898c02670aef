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

_ME = frozenset({*MYSELF, "i", "you", "buyer", "我方", "我自己", "买家", "顾客", "用户", "消费者", "投诉人"})
_OTHERS = frozenset(("对方", "联系人", "客服", "对话人", "contact", "agent"))
"""Headings under which every row names the same person, whoever spoke."""
_NO_REPLY = frozenset(("-", "--", "—", "/", "无", "暂无", "没有", "未回复", "没回复", "未回", "n/a", "na", "none"))
"""What stands in the column of their reply where there is none."""
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

_YES = frozenset(("yes", "y", "true", "1", "x", "✓", "√", "是", "有", "对"))
_FIELDS: Mapping[str | None, Column] = {
    "name": "name", "role": "role", "staff_no": "staff_no", "promise": "promise", "due": "due", "at": "date",
    "channel": "channel",
}  # fmt: skip

_BESIDE = re.compile(r"[(（\[【].*?[)）\]】]|[:：。.,，\s]+$")
"""What stands beside a name: `我（买家）`, `Me:`."""

_EPOCH = date(1899, 12, 30)
_DAY_NUMBER = re.compile(r"([2-7]\d{4})(?:\.(\d+))?")
"""A day as a spreadsheet counts it, with its time as a fraction: between 1954 and 2119."""
_NO_DAY = re.compile(r"(?:1899|1900)[-/.]\d{1,2}[-/.]\d{1,2}[ T]")
"""What a spreadsheet puts before a time that has no day."""
_FRACTION = re.compile(r"0?\.\d+")
_DIGITS = re.compile(r"((?:19|20)\d{6})(\d{2})(\d{2})(\d{2})?")
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)")
"""A day and a month in the one order or the other, before a year."""
_SPOKEN_SECONDS = re.compile(r"(\d{1,2})[时点](\d{1,2})分(\d{1,2})秒")
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
    answer: NewContact | None = None
    """What they said to it, where the row has that too."""

    def said_by(self, direction: Direction) -> SheetRow:
        new = structs.replace(self.new, direction=direction)
        return structs.replace(self, new=new, spoken=True)

    @property
    def contacts(self) -> tuple[SheetRow, ...]:
        """The row, and their answer to what I said as one of its own; to what they said it belongs."""
        if self.answer is None or not self.spoken:
            return (self,)
        if self.new.direction == "out":
            mine = structs.replace(self, answer=None)
            return mine, structs.replace(mine, new=self.answer, id=None, promises=())
        said = f"{self.new.said}\n{self.answer.said}" if self.answer.reply is None else self.new.said
        new = structs.replace(self.new, said=said, reply=self.answer.reply, substance=self.answer.substance)
        return (structs.replace(self, new=new, answer=None),)


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
    promised: list[CsvRow] = []
    for raw in table.records:
        cells = {column: unguarded(cell).strip() for column, cell in raw.cells.items()}
        record = CsvRow(raw.line, {column: cell for column, cell in cells.items() if cell})
        if not any(clean(record.cells.get(column, "")).strip() for column in _WORDED):
            empty.append(record)
        elif reader.is_promise(record):
            promised.append(record)
        else:
            rows.append(reader.contact(record))
    for record in promised:  # in whatever order somebody put the rows
        at = _place_of(reader.contact(record), rows)
        if at is None:
            raise table.wrong(record, "row", msg("The contact in which this was promised is not in the table."))
        rows[at] = structs.replace(rows[at], promises=(*rows[at].promises, reader.promise(record)))
    return Sheet(table=table, rows=tuple(rows), empty=tuple(empty))


_WORDED: tuple[Column, ...] = ("said", "promise", "reply")
"""Columns of which one has to say something."""


def _place_of(promise: SheetRow, rows: list[SheetRow]) -> int | None:
    """The contact with the same person at the same time, in which something was promised; the nearest above, if any."""
    made = promise.new
    found = [
        at
        for at, row in enumerate(rows)
        if (row.case, row.new.at, row.new.direction, row.new.person.name)
        == (promise.case, made.at, made.direction, made.person.name)
    ]
    above = [at for at in found if rows[at].record.line < promise.record.line]
    return next(iter(above[-1:] or found[:1]), None)


class _Reader:
    """Reads the cells of one table."""

    def __init__(self, table: CsvTable, now: datetime, channels: Table[ChannelEntry], me: Set[str]) -> None:
        self._table = table
        self._now = now
        self._channels = channels
        self._me = me
        self._day_first = _day_first(table)

    def is_promise(self, record: CsvRow) -> bool:
        """Whether the row of our own table is a promise made in a contact. Raises `BadInput` for another word there."""
        word = record.cells.get("row")
        if word is None:
            return False
        kind = next((kind for kind, words in ROW_KINDS.items() if fold(word) in both_ways(words)), None)
        if kind is None:
            raise self._table.wrong(record, "row", _not_one_of(word, tuple(ROW_KINDS)))
        return kind == "promise"

    def contact(self, record: CsvRow) -> SheetRow:
        cells = record.cells
        direction = self._direction(record)
        mine = direction == "out"
        words, due = clean(cells.get("said") or cells.get("promise") or "").strip(), cells.get("due")
        promise = cells.get("promise") or (words if due and not mine else None)
        substance = next((each for each in SUBSTANCES if each == _said_of(cells.get("substance"))), None)
        answer = self._answer(record)
        if answer is not None and not words:  # nothing but what they replied
            words, answer, direction = answer.said, None, direction or "in"
        person = Person(name=self._name(cells), role=cells.get("role"), staff_no=cells.get("staff_no"))
        moment, case = self._moment(record), (cells.get("case", ""), cells.get("title", ""))
        return SheetRow(
            record=record,
            case=case if any(case) else None,
            id=cells.get("id"),
            spoken=direction is not None,
            unread=tuple(self._unread(record)),
            answer=structs.replace(answer, at=moment, person=person) if answer is not None else None,
            new=NewContact(
                direction=direction or "in",
                said=words,
                at=moment,
                channel=self._channel(cells.get("channel")),
                person=person,
                substance=("none" if substance == "none" else None) if mine else substance,
                demand=_is_yes(cells.get("demand")),
                written="received" if _is_yes(cells.get("written")) else "none",
                promises=(NewPromise(text=promise, due_phrase=due),) if promise else (),
            ),
        )

    def _answer(self, record: CsvRow) -> NewContact | None:
        """What they replied, as a contact without its time; None where the column says that they did not."""
        cell = clean(record.cells.get("reply", "")).strip()
        if not cell or fold(cell) in _NO_REPLY:
            return None
        told = _said_of(cell)
        reply = next((each for each in REPLIES if each == told), None)
        substance: Substance | None = next((each for each in SUBSTANCES if each == told), None)
        substance = "answer" if reply is not None else substance
        return NewContact(direction="in", said=cell, substance=substance, reply=reply)

    def _name(self, cells: Mapping[Column, str]) -> str | None:
        name = cells.get("name")
        return None if name is None or self._is_me(name) else name

    def _is_me(self, name: str) -> bool:
        return fold(_BESIDE.sub("", name)).strip() in self._me or fold(name).strip() in self._me

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
        if self._is_me(cells.get("name", "")):
            return "out"
        says = ["role", "staff_no", "promise"]
        if fold(self._table.headings.get("name", "")).strip() not in _OTHERS:
            says.append("name")
        return "in" if any(column in says for column in cells) else None

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
        if "substance" in cells and _said_of(cells["substance"]) is None:
            yield "substance"
        if "due" in cells and "promise" not in cells and self._direction(record) == "out":
            yield "due"

    def _moment(self, record: CsvRow) -> datetime:
        """When it was; a date in one column and a time in another are one moment."""
        if "date" not in record.cells:
            raise self._table.wrong(record, "date", msg("There is no date."))
        day = self._moment_in(record, "date")
        if "time" not in record.cells:
            return day
        clock = self._moment_in(record, "time", day)
        return at_clock(day.date(), clock.time(), zone_of(day))

    def _moment_in(self, record: CsvRow, column: Column, day: datetime | None = None) -> datetime:
        typed = record.cells.get(column, "")
        try:
            text = _as_typed(typed, day_first=self._day_first, is_time=column == "time")
            return _read_moment(text, day or self._now, is_time=column == "time")
        except Refused as refused:
            raise self._table.wrong(record, column, refused.message) from refused


def _day_first(table: CsvTable) -> bool | None:
    """Whether the day stands before the month in the dates of a table, as far as one of them can only be read so."""
    pairs = [
        found for record in table.records if (found := _SLASHED.match(halfwidth(record.cells.get("date", "")).strip()))
    ]
    day, month = (any(int(pair[place]) > 12 for pair in pairs) for place in (1, 2))
    return None if day == month else day


def _as_typed(typed: str, *, day_first: bool | None, is_time: bool) -> str:
    """A moment as spreadsheets write it, as a person would type it. Raises `Refused` for one that can be two days."""
    text = " ".join(_WEEKDAY.sub(" ", _SPOKEN_SECONDS.sub(r"\1:\2:\3", halfwidth(typed))).split())
    if is_time:
        return _NO_DAY.sub("", text)
    slashed, digits = _SLASHED.match(text), _DIGITS.fullmatch(text)
    if digits is not None:
        return f"{digits[1]} {digits[2]}:{digits[3]}:{digits[4] or '00'}"
    if slashed is None or "." in slashed[0]:
        return text
    if day_first is None and slashed[1] != slashed[2]:
        raise Refused(msg("“{typed}” can be two days: write the year first, as in 2026-11-03.", typed=typed))
    day, month = (slashed[1], slashed[2]) if day_first else (slashed[2], slashed[1])
    return f"{slashed[3]}-{month}-{day}{text[slashed.end() :]}"


def _read_moment(text: str, now: datetime, *, is_time: bool) -> datetime:
    """The moment. Raises `Refused` for one that is another whenever the table is read, as `yesterday` or `20:05`.

    Of a date without its year it is the last one: what is in a table has happened.
    """
    number = _DAY_NUMBER.fullmatch(text)
    if is_time:
        return (
            at_clock(now.date(), _clock(float(text)), zone_of(now))
            if _FRACTION.fullmatch(text)
            else parse_when(text, now)
        )
    if number is not None:
        day = _EPOCH + timedelta(days=int(number[1]))
        return at_clock(day, _clock(float(f"0.{number[2] or 0}")), zone_of(now))
    found = parse_when(text, now)
    if (
        parse_when(text, now + timedelta(days=1, hours=1)) != found
        and parse_when(text, now - timedelta(days=40)) != found
    ):
        raise Refused(msg("“{typed}” is another moment whenever the table is read: write the date.", typed=text))
    if found > now and parse_when(text, now - timedelta(days=366)) != found:
        return parse_when(text, now - timedelta(days=61))
    return found


def _clock(fraction: float) -> time:
    """The time of day that a spreadsheet keeps as a part of one."""
    seconds = min(round(fraction * _A_DAY), _A_DAY - 1)
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _said_of(cell: str | None) -> Substance | Reply | None:
    """What a cell says that a reply was, in either language or as people write it."""
    word = fold(clean(cell or "")).strip("[] ")
    if not word:
        return None
    for field in ("substance", "reply"):
        for code, message in CODES[field].items():
            if word in both_ways(message):
                return next((each for each in (*SUBSTANCES, *REPLIES) if each == code), None)
    return _REPLIES.get(word)


def _is_yes(cell: str | None) -> bool:
    return cell is not None and (fold(cell) in _YES or fold(cell) in both_ways(YES_CELL))


def _not_one_of(value: str, known: tuple[str, ...]) -> Message:
    return msg("“{value}” is not one of {known}.", value=value, known=known)
