"""What one line of pasted text is: the head of a message, a day, a time, the sender of a notice, furniture, or words.

All of it is told by the shapes and words of the handbook (`data/pastes.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import NamedTuple

from msgspec import Struct

from pddtui.domain.duetime import END_OF_DAY, at_clock, zone_of
from pddtui.domain.phrases.shown import (
    CLOCK_SHOWN,
    DAY_SHOWN,
    HAS_CLOCK,
    LONGEST_SHOWN,
    months_first,
    read_shown,
    read_shown_day,
)
from pddtui.domain.text import fold, halfwidth
from pddtui.handbook.pasted import PasteFile, PasteShape, ShapeKind

__all__ = ["LineHead", "LineReader", "is_rule"]

_DATED = re.compile(DAY_SHOWN, re.IGNORECASE)
_STAMPED = re.compile(rf"\s*[\[(]?(?:{DAY_SHOWN})[\sT,，]{{0,3}}{CLOCK_SHOWN}(?:[\])]| ?[-–—]) ?\S", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[\[(]\{moment\}")
_SIGNED_FIRST = re.compile(r"\s*(?:【(?P<sender>[^】\n]{1,30})】|\[(?P<latin>[^\]\n]{2,30})\](?=\s*\S))")
_SIGNED_LAST = re.compile(r"【(?P<sender>[^】\n]{1,30})】\s*$")
_LETTER = re.compile(r"[^\W\d_]")
_TO_ME = re.compile(r"您|尊敬|退订|拒收|验证码|\byour?\b", re.IGNORECASE)
"""What only those write who send notices: nobody heads a message of a chat so."""
_DOES = re.compile(r"[说称问告回答让叫打发收到已了的在去来给要催退寄没不]|联系|投诉|申请|签收|派送|[她他我].")
"""What stands behind a time in a note of what happened, and in nobody's name."""
_GREETS = re.compile(
    r"^(?:尊敬|亲爱|致|敬爱|dear\b|to\b|hi\b|hello\b)|(?:您好|你好|大家好|小姐姐|女士|先生)$", re.IGNORECASE
)
"""How a letter begins."""
_SENDERS_NUMBER = re.compile(r"(?:\+?86 ?)?(?:10\d{3,18}|1\d{4}|95\d{3,12}|1[3-9]\d{9})")
_DASHES = " \t-–—―~·•*"
_RULE_BEFORE = re.compile(r"\s{0,20}[—–―─=-]")
_DOUBLE_RULE = re.compile(r"\s*={8,}\s*")
_RULE = re.compile(r"[\s=_*~#·.—–―─-]{3,}")
_SENTENCE = re.compile(r"[。！？!?；;，,…]")
_LONGEST_BETWEEN, _LONGEST_HEAD = 60, 100
_LONGEST_SPOKEN_NAME, _LONGEST_LABEL, _SHORTEST_NUMBER = 20, 12, 3


class LineHead(Struct, frozen=True):
    """The line by which a message begins, or the two of them."""

    at: int
    shape: str
    name: str
    moment: datetime | None
    words: str = ""
    doubtful: bool = False
    """Whether a sentence that begins with a time looks the same."""
    lines: int = 1
    timed: bool = True
    """Whether it tells of a time, and not only of a day."""


class _Begin(NamedTuple):
    """A shape of a line by which a message begins."""

    shape: str
    line: str
    pattern: re.Pattern[str]


_CLOSED_BRACKETS = r"(?>[(（\[【][^()（）\[\]【】\n]{0,40}[)）\]】]"
_STRICT_NAME = rf"(?P<name>(?!\s){_CLOSED_BRACKETS}|[^\n:：]){{1,40}}?(?<!\s))"
_LOOSE_NAME = rf"(?P<name>(?!\s){_CLOSED_BRACKETS}|[^\n:：]|(?<=[^\d\s])[:：](?=[^\d\s])){{1,40}}?(?<!\s))"
"""With a colon in it, as the people of a shop have it: 家居旗舰店:小雨."""
_BLANKS = {
    "{name}": _STRICT_NAME,
    "{moment}": rf"(?P<moment>(?:{DAY_SHOWN})(?:[\sT,，]{{0,3}}|\s?at\s){CLOCK_SHOWN}|{CLOCK_SHOWN})",
    "{day}": rf"(?P<day>{DAY_SHOWN})",
    "{clock}": rf"(?P<clock>{CLOCK_SHOWN})",
    "{account}": r"[^()（）<>《》\n]{1,60}",
    "{words}": r"(?P<words>[^\n]*)",
}
_SIGNS = {
    " ": r"\s{0,20}",
    ":": r"\s{0,3}(?!(?<=\d)[:：]\d\d(?!\d))[:：]\s{0,3}",
    ",": r"\s{0,3}[,，]\s{0,3}",
    "(": "[(（]", ")": "[)）]", "[": r"[\[［]", "]": r"[\]］]", "<": "[<〈]", ">": "[>〉]",
    "—": "[—–―─-]{1,40}", "-": "-{2,40}", "=": "={2,60}",
}  # fmt: skip


def _pattern(line: str, *, loose: bool = False) -> re.Pattern[str]:
    """A shape as a pattern; blanks between words are some, beside a sign they may be none."""
    made = ""
    for part in re.split(r"(\{[a-z]+\})", line):
        blank = _LOOSE_NAME if loose and part == "{name}" else _BLANKS.get(part)
        made += blank or "".join(_SIGNS.get(char, re.escape(char)) for char in part)
    made = re.sub(r"(?<=\))\\s\{0,20\}(?=\(\?P)", lambda _: r"\s{1,20}", made)
    return re.compile(rf"\s{{0,20}}{made}\s*", re.IGNORECASE)


def _shapes(shapes: Sequence[PasteShape], kind: ShapeKind) -> list[_Begin]:
    return [
        _Begin(shape.id, line, _pattern(line, loose=kind == "begin"))
        for shape in shapes
        if shape.kind == kind
        for line in shape.lines
    ]


class LineReader:
    """Tells the lines of one text apart."""

    def __init__(self, rules: PasteFile, speakers: Iterable[str], text: str, seen_at: datetime) -> None:
        """`speakers` are names that somebody is known by: mine, and those of the case."""
        self.speakers = frozenset(map(fold, speakers))
        self._seen_at = seen_at
        self._months_first = months_first(text)
        self._begin, self._of_day, self._days, self._alone, self._named = (
            _shapes(rules.shapes, kind) for kind in _KINDS
        )
        self._furniture = tuple(map(fold, rules.furniture))
        self._file_heads = tuple(map(fold, rules.file_heads))
        pieces = {max(words.split("…"), key=len) for words in rules.between}
        self._hints_between = re.compile("|".join(map(re.escape, sorted(pieces))), re.IGNORECASE)
        self._said_between = re.compile(
            "|".join(".{1,40}?".join(map(re.escape, fold(words).split("…"))) for words in rules.between)
        )
        self._program_names = frozenset(map(fold, rules.program_names))
        self._their_names = tuple(map(fold, rules.their_names))
        self._senders = (
            *self._their_names,
            *map(fold, (*rules.senders, *rules.couriers)),
            *(fold(word) for notice in rules.notices for word in notice.sender),
        )
        notifying = {fold(word) for notice in rules.notices for word in notice.sender}
        self._notifying = {"全国12315平台", "12315平台", *notifying}
        ends = "|".join(
            rf"(?<![a-z]){re.escape(word.lower())}" if word.isascii() else re.escape(word) for word in rules.no_names
        )
        self._label = re.compile(rf"(?:{ends})$")
        self._names: dict[str, bool] = {}
        self._moments: dict[str, datetime | None] = {}
        self._notifiers: dict[str, bool] = {}

    # Times.

    def _shown(self, text: str, seen_at: datetime) -> datetime | None:
        return read_shown(text, seen_at, month_first=self._months_first)

    def day(self, line: str) -> datetime | None:
        """The end of the day that a rule names, `——— 2026-11-04 ———`."""
        if len(line) > 3 * LONGEST_SHOWN or _RULE_BEFORE.match(line) is None:
            return None
        for _, _, pattern in self._days:
            found = pattern.fullmatch(line)
            if found is not None and (day := self._day_at(found["day"])) is not None:
                return day
        return None

    def day_alone(self, line: str) -> datetime | None:
        """The end of the day that stands on a line and is all of it."""
        bare = line.strip().strip(_DASHES + ":：")
        return self._day_at(bare) if bare and len(bare) <= LONGEST_SHOWN and _DATED.match(bare) else None

    def _day_at(self, text: str) -> datetime | None:
        day = read_shown_day(text, self._seen_at, month_first=self._months_first)
        return self.end_of(day) if day is not None else None

    def end_of(self, day: date) -> datetime:
        """The end of the day, from which a time of that day is read."""
        return at_clock(day, END_OF_DAY, zone_of(self._seen_at))

    def moment(self, line: str, day: datetime | None = None) -> datetime | None:
        """When it was, where the line says nothing else; a time alone is of that day, or else of today."""
        if not HAS_CLOCK.search(line) or len(line) > LONGEST_SHOWN:
            return None
        if day is not None and _DATED.match(line.strip()) is None:
            return self._shown(line.strip(), day)
        if line not in self._moments:
            self._moments[line] = next(
                (
                    self._shown(found["moment"], self._seen_at)
                    for _, _, pattern in self._alone
                    if (found := pattern.fullmatch(halfwidth(line))) is not None
                ),
                None,
            )
        return self._moments[line]

    # Heads.

    def head(self, at: int, line: str, day: datetime | None) -> LineHead | None:
        """The head that the line is, with the day that was named above it; None where it is none."""
        if self.moment(line) is not None:
            return None
        for shape, written, pattern in self._begin:
            found = pattern.fullmatch(line)
            name = found["name"].strip(_DASHES) if found is not None else ""
            if found is None or not self.is_name(name):
                continue
            words = found.groupdict().get("words")
            dated = _DATED.match(found["moment"]) is not None
            if not (dated or _IN_BRACKETS.search(written) or (words is not None and self.is_somebody(name))):
                continue
            if words is not None and _SENTENCE.search(name):
                continue
            doubtful = written == "{moment} {name}"
            if doubtful and self.tells(name):
                continue
            moment = self._shown(found["moment"], self._seen_at if dated or day is None else day)
            if moment is not None:
                return LineHead(at, shape, name, moment, words or "", doubtful=doubtful)
        return None

    def head_of_day(self, at: int, line: str, day: datetime) -> LineHead | None:
        """The same for a line that tells of the time alone."""
        for shape, _, pattern in self._of_day:
            found = pattern.fullmatch(line)
            name = found["name"].strip(_DASHES) if found is not None else ""
            if found is not None and self.is_name(name):
                moment = self._shown(found["clock"], day)
                if moment is not None:
                    return LineHead(at, shape, name, moment)
        return None

    def named(self, at: int, line: str, day: datetime | None) -> LineHead | None:
        """The same for a line that has its words behind a name."""
        for _, _, pattern in self._named:
            found = pattern.fullmatch(line) if len(line) < 20_000 else None
            if found is not None and self._speaks(found["name"]):
                moment = day.replace(hour=0, minute=0, second=0, microsecond=0) if day is not None else None
                return LineHead(at, "named", found["name"].strip(), moment, found["words"].strip(), timed=False)
        return None

    # Names.

    def is_name(self, name: str) -> bool:
        """Whether it may be what somebody is called, and is no label and no part of a sentence."""
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = self._may_be_name(name)
        return known

    def _may_be_name(self, name: str) -> bool:
        bare = name.strip().lower()
        if self.is_known(bare):
            return True
        labels = (bare, *re.split(r"[:：]", bare)[:-1])
        return bool(bare) and not (_SENTENCE.search(bare[-1:]) or any(map(self._label.search, labels)))

    def is_known(self, name: str) -> bool:
        """Whether it is one of those by whom somebody is known, also as `name@WeChat`."""
        said = fold(name).strip()
        return said in self.speakers or said.partition("@")[0] in self.speakers

    def is_somebody(self, name: str) -> bool:
        """Whether the name says whose it is."""
        return self.is_known(name) or any(word in fold(name) for word in self._their_names)

    def is_program(self, name: str) -> bool:
        """Whether it is the program of the chat that speaks."""
        return fold(name).strip() in self._program_names

    def is_surely(self, name: str) -> bool:
        """Whether it is somebody's name also where it stands in the middle of words, and nothing that happened."""
        if self.is_known(name) or self.is_program(name):
            return True
        return self.is_somebody(name) and not self.tells(name) and _SENTENCE.search(name) is None

    def tells(self, name: str) -> bool:
        """Whether it rather says what somebody did than who it is."""
        return _DOES.search(name) is not None

    def is_label(self, name: str) -> bool:
        """Whether it is what something else is called."""
        return self._label.search(name.strip().lower()) is not None

    def _speaks(self, name: str) -> bool:
        if self.is_known(name):
            return True
        bare = name.strip()
        number = bare.isdecimal() and len(bare) >= _SHORTEST_NUMBER
        return (
            len(bare) <= _LONGEST_SPOKEN_NAME
            and self.is_name(bare)
            and not _SENTENCE.search(bare)
            and not _GREETS.search(bare)
            and self.day_alone(bare) is None
            and (number or _LETTER.search(bare) is not None)
            and not (bare.isascii() and bare.count(" ") > 2)
        )

    # Lines that are no words of anybody.

    def is_furniture(self, line: str) -> bool:
        """Whether it belongs to a page or a file and says nothing."""
        said = fold(line).strip(" :：=—-")
        if _RULE.fullmatch(line) or self.heads_a_file(line):
            return True
        return any(said == word or (word.startswith("的") and said.endswith(word)) for word in self._furniture)

    def heads_a_file(self, line: str) -> bool:
        """Whether it is of the head of an exported file."""
        return len(line) < _LONGEST_HEAD and (
            fold(line).strip().startswith(self._file_heads) or _DOUBLE_RULE.fullmatch(line) is not None
        )

    def says_program(self, line: str) -> bool:
        """Whether a chat program wrote it between the messages."""
        if len(line) > _LONGEST_BETWEEN or self._hints_between.search(line) is None:
            return False
        return self._said_between.fullmatch(fold(line).strip()) is not None

    def is_stamped(self, line: str) -> bool:
        """Whether it begins as the lines of a chat with its time in front, where nobody speaks in it."""
        return HAS_CLOCK.search(line) is not None and _STAMPED.match(line) is not None

    def sender(self, line: str, *, last: bool = False) -> str | None:
        """Who sent the notice that begins or (with `last`) ends with the line; words in brackets are nobody."""
        found = _SIGNED_LAST.search(line) if last else _SIGNED_FIRST.match(line)
        name = "".join(filter(None, found.groups())) if found is not None else ""
        if not _LETTER.search(name) and not name.isdecimal():
            return None
        if name not in self._notifiers:
            self._notifiers[name] = any(word in fold(name) for word in self._senders)
        return name if self._notifiers[name] or _TO_ME.search(line) is not None else None

    def is_sender_alone(self, line: str) -> bool:
        """Whether it is the name of a sender of notices and nothing else, as it stands over a message of an app."""
        return fold(line) in self._notifying

    def labels(self, lines: Iterable[str]) -> int:
        """How many of the lines have a label before a colon."""
        heads = (re.split("[:：]", line, maxsplit=1) for line in lines)
        return sum(len(parts) > 1 and len(parts[0]) <= _LONGEST_LABEL and self.is_label(parts[0]) for parts in heads)

    def is_senders_number(self, line: str) -> bool:
        """Whether it is a number that text messages come from."""
        return _SENDERS_NUMBER.fullmatch(line) is not None


_KINDS: tuple[ShapeKind, ...] = ("begin", "begin_of_day", "day", "moment", "named")


def is_rule(line: str) -> bool:
    """Whether it is a line of signs."""
    return len(line) > 2 and _RULE.fullmatch(line) is not None
