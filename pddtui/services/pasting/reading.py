"""What a pasted text is, and the messages in it: chats, notices, mails and order pages, by the shapes of the handbook.

Nothing of it is decided here: a message has the name that stands over it, the time that is shown and its words. A line
that is no part of a message and is not known to say nothing is handed back as not understood.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Literal, NamedTuple

from msgspec import Struct, structs

from pddtui.domain.duetime import END_OF_DAY, at_clock, zone_of
from pddtui.domain.phrases.shown import CLOCK_SHOWN, DAY_SHOWN, LONGEST_SHOWN, read_shown, read_shown_day
from pddtui.domain.text import clean, fold, halfwidth
from pddtui.errors import BadInput
from pddtui.handbook.pasted import PasteFile, PasteShape, ShapeKind
from pddtui.message import file_size, msg
from pddtui.services.pasting.blotting import Blots, blots_in
from pddtui.services.pasting.mails import read_mail
from pddtui.services.pasting.pages import OrderPage, read_page

__all__ = ["PICTURE", "PasteKind", "PasteReader", "Pasted", "Utterance"]

PasteKind = Literal["chat", "notice", "mail", "order", "text"]

PICTURE = "[图片]"
"""What stands in a message for a picture."""

_MOST_PASTED = 4 << 20
"""Characters: ten times the longest chat that anybody copies at once."""

_SIGNED_FIRST = re.compile(r"\s*(?:【(?P<sender>[^】\n]{1,30})】|\[(?P<latin>[^\]\n]{2,30})\](?=\s*\S))")
_SIGNED_LAST = re.compile(r"【(?P<sender>[^】\n]{1,30})】\s*$")
_DATED = re.compile(DAY_SHOWN, re.IGNORECASE)
_IN_BRACKETS = re.compile(r"[\[(]\{moment\}")
_HAS_CLOCK = re.compile(r"\d[:：]\d\d")
_TO_ME = re.compile(r"您|尊敬|退订|拒收|验证码|\byour?\b", re.IGNORECASE)
"""What only those write who send notices: nobody heads a message of a chat so."""
_DOES = re.compile(r"[说称问告回答让叫打发收到已了的在去来给要催退寄没不]|联系|投诉|申请|签收|派送|[她他我].")
"""What stands behind a time in a note of what happened, and in nobody's name."""
_SENDERS_NUMBER = re.compile(r"(?:\+?86 ?)?(?:10\d{3,18}|1\d{4}|95\d{3,12}|1[3-9]\d{9})")
_RULE_BEFORE = re.compile(r"\s{0,20}[—–―─=-]")
_DOUBLE_RULE = re.compile(r"\s*={8,}\s*")
_RULE = re.compile(r"[\s=_*~#·.—–―─-]{3,}")
_SENTENCE = re.compile(r"[。！？!?；;，,…]")
_LONGEST_BETWEEN = 60
_LONGEST_SPOKEN_NAME, _LONGEST_DOUBTFUL = 20, 12


class Utterance(Struct, frozen=True, kw_only=True):
    """One message as it stands in the text."""

    said: str
    at: datetime | None = None
    """None where nothing tells of it."""
    name: str | None = None
    """What stands over it, as it is written."""
    sender: str | None = None
    """Who sent a notice: what stands in its 【 】."""
    subject: str = ""
    """That of a mail."""
    to: str = ""
    """Whom a mail is to."""
    secrets: int = 0
    """How many one-time passwords were blotted out."""


class Pasted(Struct, frozen=True, kw_only=True):
    """What a text was read as."""

    kind: PasteKind
    utterances: tuple[Utterance, ...] = ()
    page: OrderPage = OrderPage()
    """What an order page says, or a chat that names an order."""
    unread: tuple[str, ...] = ()
    """Lines that were not understood, each once, in their order."""
    blots: Blots = Blots(())
    """The one-time passwords that are left out of all of it."""
    blotted: int = 0
    """In how many messages, facts and lines there was one."""


class _Line(Struct, frozen=True):
    """A line by which a message begins."""

    at: int
    shape: str
    name: str
    moment: datetime | None
    words: str = ""
    doubtful: bool = False
    """Whether a sentence that begins with a time looks the same."""


_BlockLine = Literal["blank", "moment", "first", "last", "number", "furniture", "words"]
"""What a line is where no names stand over messages: a notice may bear its sender first or last, or below a number."""


class PasteReader:
    """Reads pasted texts by the shapes of the handbook."""

    def __init__(self, rules: PasteFile, speakers: Iterable[str] = ()) -> None:
        """`speakers` are names that somebody is known by: mine, and those of the case."""
        self._rules = rules
        self._speakers = frozenset(map(fold, speakers))

    @cached_property
    def _pictures(self) -> re.Pattern[str]:
        """A picture, also with the name of its file: `[图片: 3e1f.jpg]`."""
        marks = [re.escape(mark[:-1]) + r"(?:\s?[:：][^\]\n]{0,160})?\]" if mark.endswith("]") else re.escape(mark)
                 for mark in self._rules.pictures]  # fmt: skip
        return re.compile("|".join(marks), re.IGNORECASE)

    def read(self, text: str, seen_at: datetime) -> Pasted:
        """What the text is; what it tells from the day on which it was seen counts from `seen_at`.

        Reads anything. Raises `BadInput` for a text that is longer than anybody copies.
        """
        if len(text) > _MOST_PASTED:
            raise BadInput(msg("This is more than {most} of text: paste it in parts.", most=file_size(_MOST_PASTED)))
        plain = clean(text)
        plain = self._pictures.sub(PICTURE, plain)
        mail = read_mail(plain, self._rules.mail, seen_at)
        if mail is not None:
            letters = [Utterance(said=one.body, at=one.at, name=one.sender, subject=one.subject, to=one.to)
                       for one in mail.letters]  # fmt: skip
            return _blotted(
                Pasted(
                    kind="mail", utterances=tuple(letters), page=_named(plain, self._rules, seen_at), unread=mail.unread
                )
            )
        return _blotted(_Text(self._rules, self._speakers, plain, seen_at).read())


def _named(text: str, rules: PasteFile, seen_at: datetime) -> OrderPage:
    """The order that is named in somebody's words."""
    return read_page(text.split("\n"), rules, seen_at, only_number=True).page


def _blotted(pasted: Pasted) -> Pasted:
    """The same without one-time passwords."""
    blots = blots_in([f"{one.subject}\n{one.said}" if one.subject else one.said for one in pasted.utterances])
    kept: list[Utterance] = []
    for one in pasted.utterances:
        said, subject = blots.out_of(one.said), blots.out_of(one.subject)
        changed = (said, subject) != (one.said, one.subject)
        kept.append(structs.replace(one, said=said, subject=subject, secrets=1) if changed else one)
    facts = {name: blots.out_of(value) if isinstance(value, str) else value for name, value in pasted.page.facts()}
    unread = tuple(map(blots.out_of, pasted.unread))
    elsewhere = [now != before for now, before in zip(unread, pasted.unread, strict=True)]
    elsewhere += [facts[name] != value for name, value in pasted.page.facts()]
    return structs.replace(
        pasted,
        utterances=tuple(kept),
        page=structs.replace(pasted.page, **facts),
        unread=unread,
        blots=blots,
        blotted=sum(one.secrets for one in kept) + sum(elsewhere),
    )


class _Begin(NamedTuple):
    """A shape of a line by which a message begins."""

    shape: str
    line: str
    pattern: re.Pattern[str]


class _Shapes:
    """The shapes of the handbook as patterns, in the order in which they are tried."""

    def __init__(self, rules: PasteFile) -> None:
        self.day = [_pattern(line) for shape in rules.shapes if shape.kind == "day" for line in shape.lines]
        self.begin = self._of(rules.shapes, "begin")
        self.of_day = self._of(rules.shapes, "begin_of_day")
        self.moment = [_pattern(line) for shape in rules.shapes if shape.kind == "moment" for line in shape.lines]
        self.named = [_pattern(line) for shape in rules.shapes if shape.kind == "named" for line in shape.lines]

    def _of(self, shapes: Sequence[PasteShape], kind: ShapeKind) -> list[_Begin]:
        return [
            _Begin(shape.id, line, _pattern(line)) for shape in shapes if shape.kind == kind for line in shape.lines
        ]


_BLANKS = {
    "{name}": r"(?P<name>(?!\s)(?>[(（\[【][^()（）\[\]【】\n]{0,40}[)）\]】]|[^\n:：]){1,40}?(?<!\s))",
    "{moment}": rf"(?P<moment>(?:{DAY_SHOWN})[\sT,，]{{0,3}}{CLOCK_SHOWN}|{CLOCK_SHOWN})",
    "{day}": rf"(?P<day>{DAY_SHOWN})",
    "{clock}": rf"(?P<clock>{CLOCK_SHOWN})",
    "{account}": r"[^()（）<>《》\n]{1,60}",
    "{words}": r"(?P<words>[^\n]*)",
}
_SIGNS = {
    " ": r"\s{0,20}",
    ":": r"\s{0,3}(?!(?<=\d)[:：]\d\d(?!\d))[:：]\s{0,3}",
    "(": "[(（]", ")": "[)）]", "[": r"[\[［]", "]": r"[\]］]", "<": "[<〈]", ">": "[>〉]",
    "—": "[—–―─]{1,40}", "-": "-{2,40}", "=": "={2,60}",
}  # fmt: skip


def _pattern(line: str) -> re.Pattern[str]:
    """A shape as a pattern; blanks between words are some, beside a sign they may be none."""
    parts = re.split(r"(\{[a-z]+\})", line)
    made = ""
    for part in parts:
        made += _BLANKS.get(part) or "".join(_SIGNS.get(char, re.escape(char)) for char in part)
    made = re.sub(r"(?<=\))\\s\{0,20\}(?=\(\?P)", lambda _: r"\s{1,20}", made)
    return re.compile(rf"\s{{0,20}}{made}\s*", re.IGNORECASE)


class _Text:
    """One text while it is being read."""

    def __init__(self, rules: PasteFile, speakers: frozenset[str], text: str, seen_at: datetime) -> None:
        self._rules = rules
        self._speakers = speakers
        self._seen_at = seen_at
        self._lines = text.split("\n")
        self._shapes = _Shapes(rules)
        self._furniture = tuple(map(fold, rules.furniture))
        self._file_heads = tuple(map(fold, rules.file_heads))
        pieces = {max(words.split("…"), key=len) for words in rules.between}
        self._hints_between = re.compile("|".join(map(re.escape, sorted(pieces))), re.IGNORECASE)
        self._said_between = re.compile(
            "|".join(".{1,40}?".join(map(re.escape, fold(words).split("…"))) for words in rules.between)
        )
        self._their_names = tuple(map(fold, rules.their_names))
        self._senders = (
            *self._their_names,
            *map(fold, (*rules.senders, *rules.couriers)),
            *(fold(word) for notice in rules.notices for word in notice.sender),
        )
        ends = "|".join(
            rf"(?<![a-z]){re.escape(word.lower())}" if word.isascii() else re.escape(word) for word in rules.no_names
        )
        self._label = re.compile(rf"(?:{ends})$")
        self._unread: dict[str, None] = {}
        self._names: dict[str, bool] = {}
        """Whether what stands before a time is a name, for each that was looked at."""
        self._moments: dict[str, datetime | None] = {}
        self._notifiers: dict[str, bool] = {}

    def read(self) -> Pasted:
        heads = self._heads()
        if heads and not self._is_page(heads):
            said = self._between(heads)
            if said:
                return self._pasted("chat", said, self._order())
            self._unread.clear()
        found = read_page(self._lines, self._rules, self._seen_at)
        if found.is_order:
            self._note(found.unread)
            return self._pasted("order", (), found.page)
        blocks = self._blocks()
        if blocks:
            return self._pasted("notice" if all(one.sender for one in blocks) else "chat", blocks, self._order())
        named = self._named_lines()
        if named:
            return self._pasted("chat", self._between(named), self._order())
        if all(not line.strip() or self._is_furniture(line.strip()) for line in self._lines):
            return Pasted(kind="text")
        whole = "\n".join(self._lines).strip()
        only = (Utterance(said=whole),) if whole else ()
        return Pasted(kind="text", utterances=only, page=self._order())

    def _is_page(self, heads: Sequence[_Line]) -> bool:
        """Whether it is the page of an order, and the lines with times are stations of the parcel."""
        if any(self._is_somebody(head.name) for head in heads):
            return False
        return read_page(self._lines[: heads[0].at], self._rules, self._seen_at).is_order

    def _order(self) -> OrderPage:
        return _named("\n".join(self._lines), self._rules, self._seen_at)

    def _pasted(self, kind: PasteKind, said: Sequence[Utterance], page: OrderPage) -> Pasted:
        return Pasted(kind=kind, utterances=tuple(said), page=page, unread=tuple(self._unread))

    def _note(self, lines: Iterable[str]) -> None:
        """Keep what was not understood, without what is known to say nothing."""
        for line in lines:
            bare = line.strip()
            if bare and not self._is_furniture(bare) and not self._day(bare):
                self._unread[bare] = None

    def _is_furniture(self, line: str) -> bool:
        said = fold(line).strip(" :：=—-")
        if _RULE.fullmatch(line) or self._heads_a_file(line):
            return True
        return any(said == word or (word.startswith("的") and said.endswith(word)) for word in self._furniture)

    def _heads_a_file(self, line: str) -> bool:
        return len(line) < 100 and (
            fold(line).strip().startswith(self._file_heads) or _DOUBLE_RULE.fullmatch(line) is not None
        )

    def _says_program(self, line: str) -> bool:
        if len(line) > _LONGEST_BETWEEN or self._hints_between.search(line) is None:
            return False
        return self._said_between.fullmatch(fold(line).strip()) is not None

    # Where messages begin.

    def _heads(self) -> list[_Line]:
        """The lines that tell who and when, in their order; none where the text has none."""
        found: list[_Line] = []
        day: datetime | None = None
        for at, line in enumerate(self._lines):
            if not line or (len(line) > 4 * LONGEST_SHOWN and not _HAS_CLOCK.search(line[: 3 * LONGEST_SHOWN])):
                continue
            if _HAS_CLOCK.search(line):
                head = self._head(at, line)
                if head is None and day is not None and self._free(at):
                    head = self._head_of_day(at, line, day)
                if head is not None:
                    found.append(head)
            else:
                day = self._day(line) or day
        return self._sound(found) or self._heads_of_today()

    def _heads_of_today(self) -> list[_Line]:
        """The lines of a chat of today, which has no day over it; one of them is of somebody who is known."""
        found: list[_Line] = []
        for at, line in enumerate(self._lines):
            if _HAS_CLOCK.search(line) and len(line) <= 3 * LONGEST_SHOWN and self._free(at):
                head = self._head_of_day(at, line, self._seen_at)
                found += [head] if head is not None else []
        return found if any(self._is_somebody(head.name) for head in found) else []

    def _head(self, at: int, line: str) -> _Line | None:
        for shape, written, pattern in self._shapes.begin:
            found = pattern.fullmatch(line)
            if found is None or not self._is_name(found["name"]):
                continue
            words = found.groupdict().get("words")
            if not (_DATED.match(found["moment"]) or _IN_BRACKETS.search(written)):
                continue
            if words is not None and _SENTENCE.search(found["name"]):
                continue
            moment = read_shown(found["moment"], self._seen_at)
            if moment is not None:
                doubtful = written == "{moment} {name}"
                if doubtful and _DOES.search(found["name"]):
                    continue
                return _Line(at, shape, found["name"].strip(), moment, words or "", doubtful=doubtful)
        return None

    def _head_of_day(self, at: int, line: str, day: datetime) -> _Line | None:
        for shape, _, pattern in self._shapes.of_day:
            found = pattern.fullmatch(line)
            if found is not None and self._is_name(found["name"]):
                moment = read_shown(found["clock"], day)
                if moment is not None:
                    return _Line(at, shape, found["name"].strip(), moment)
        return None

    def _day(self, line: str) -> datetime | None:
        """The end of the day that the line names."""
        if len(line) > 3 * LONGEST_SHOWN or _RULE_BEFORE.match(line) is None:
            return None
        for pattern in self._shapes.day:
            found = pattern.fullmatch(line)
            if found is not None and (day := read_shown_day(found["day"], self._seen_at)) is not None:
                return at_clock(day, END_OF_DAY, zone_of(self._seen_at))
        return None

    def _is_name(self, name: str) -> bool:
        known = self._names.get(name)
        if known is None:
            known = self._names[name] = self._may_be_name(name)
        return known

    def _may_be_name(self, name: str) -> bool:
        bare = name.strip().lower()
        if fold(bare) in self._speakers:
            return True
        return not (_SENTENCE.search(bare[-1:]) or self._label.search(bare))

    def _free(self, at: int) -> bool:
        """Whether nothing stands before the line that it could belong to."""
        before = self._lines[at - 1] if at else ""
        return not before.strip() or self._day(before) is not None or self._is_furniture(before)

    def _sound(self, heads: list[_Line]) -> list[_Line]:
        """Those that are heads and not the words of a message that look like one.

        The shape of most lines is that of the chat. A line of another shape, or of a name that speaks nowhere else,
        counts where it stands apart from the words before it.
        """
        clear = Counter(head.shape for head in heads if not head.doubtful)
        usual = clear.most_common(1)[0][0] if clear else None
        apart = {head.at for head in heads if self._free(head.at)}
        apart |= {head.at for before, head in pairwise(heads) if before.at == head.at - 1 and before.words}
        of_chat = [head for head in heads if head.shape == usual and not head.doubtful]
        by_blanks = sum(head.at in apart for head in of_chat) * 5 >= len(of_chat) * 4
        sure = self._speakers | {fold(head.name) for head in of_chat if head.at in apart}
        often = Counter(head.name for head in heads)
        talk = any(self._is_somebody(head.name) for head in heads)

        def fits(head: _Line) -> bool:
            if fold(head.name) in sure:
                return True
            if head.doubtful:
                return usual is None and (often[head.name] > 1 or (talk and len(head.name) <= _LONGEST_DOUBTFUL))
            return head.at in apart or (head.shape == usual and not by_blanks)

        return [head for head in heads if fits(head)]

    # The words between.

    def _between(self, heads: Sequence[_Line]) -> list[Utterance]:
        """The messages, each with the lines to the next one."""
        self._note(self._lines[: heads[0].at])
        said: list[Utterance] = []
        ends = [head.at for head in heads[1:]] + [len(self._lines)]
        for head, end in zip(heads, ends, strict=True):
            lines = [head.words] if head.words else []
            for line in self._lines[head.at + 1 : end]:
                if self._says_program(line):
                    self._note([line])
                elif not (self._day(line) or self._heads_a_file(line) or (_is_rule(line) and _quotes(lines))):
                    lines.append(line.rstrip())
            words = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
            if words:
                said.append(Utterance(said=words, at=head.moment, name=head.name))
            else:
                self._note([self._lines[head.at]])
        return said

    # Texts without names over their messages.

    def _moment(self, line: str) -> datetime | None:
        """When it was, where the line says nothing else."""
        if not _HAS_CLOCK.search(line) or len(line) > LONGEST_SHOWN:
            return None
        if line not in self._moments:
            self._moments[line] = self._read_moment(line)
        return self._moments[line]

    def _read_moment(self, line: str) -> datetime | None:
        for pattern in self._shapes.moment:
            if (found := pattern.fullmatch(halfwidth(line))) is not None:
                return read_shown(found["moment"], self._seen_at)
        return None

    def _blocks(self) -> list[Utterance]:
        """Notices, and what stands under times in the middle: a line a message, as nobody knows whose it is."""
        said: list[Utterance] = []
        at: datetime | None = None
        notice: list[str] = []
        loose: list[str] = []
        noted: list[str] = []
        for number, line in enumerate(self._lines):
            bare = line.strip()
            what = self._kind_of(number, bare)
            if notice and what in ("moment", "blank", "first"):
                said.append(_notice("\n".join(notice), at))
                notice = []
            if what == "moment":
                at = self._moment(bare)
            elif what == "first" or (notice and bare):
                notice.append(bare)
            elif what == "last":
                said.append(_notice("\n".join([*(loose if at is None else ()), bare]), at))
                loose = loose if at is not None else []
            elif what == "words" and at is not None:
                said.append(Utterance(said=bare, at=at))
            elif what == "words":
                loose.append(bare)
            elif what == "furniture":
                noted.append(bare)
        said += [_notice("\n".join(notice), at)] if notice else []
        if not said or (at is None and loose and not any(one.sender for one in said)):
            return []
        self._unread.update(dict.fromkeys((*noted, *loose)))
        return said

    def _kind_of(self, number: int, line: str) -> _BlockLine:
        if not line:
            return "blank"
        if self._moment(line) is not None:
            return "moment"
        if self._signed(line, _SIGNED_FIRST):
            return "first"
        if self._signed(line, _SIGNED_LAST):
            return "last"
        if _SENDERS_NUMBER.fullmatch(line) and self._signed(self._next(number), _SIGNED_FIRST):
            return "number"
        return "furniture" if self._is_furniture(line) or self._says_program(line) else "words"

    def _signed(self, line: str, where: re.Pattern[str]) -> bool:
        """Whether the line bears the sender of a notice: somebody who sends them, and no other words in brackets."""
        found = where.search(line) if where is _SIGNED_LAST else where.match(line)
        name = "".join(filter(None, found.groups())) if found is not None else ""
        if not name:
            return False
        if name not in self._notifiers:
            self._notifiers[name] = any(word in fold(name) for word in self._senders)
        return self._notifiers[name] or _TO_ME.search(line) is not None

    def _next(self, at: int) -> str:
        """The next line that has any words."""
        return next((line for line in self._lines[at + 1 : at + 4] if line.strip()), "")

    def _named_lines(self) -> list[_Line]:
        """Messages that each stand behind a name and a colon, where enough of them do."""
        found: list[_Line] = []
        for at, line in enumerate(self._lines):
            for pattern in self._shapes.named:
                match = pattern.fullmatch(line) if len(line) < 20_000 else None
                if match is not None and self._speaks(match["name"]):
                    found.append(_Line(at, "named", match["name"].strip(), None, match["words"].strip()))
                    break
        names = Counter(head.name for head in found)
        written = sum(bool(line.strip()) for line in self._lines)
        if any(self._is_somebody(name) for name in names):
            return found
        if len(found) > 1 and (len(names) < len(found) or 2 * len(found) > written):
            return found
        return []

    def _speaks(self, name: str) -> bool:
        if fold(name.strip()) in self._speakers:
            return True
        return (
            len(name) <= _LONGEST_SPOKEN_NAME
            and self._is_name(name)
            and not _SENTENCE.search(name)
            and re.search(r"[^\W\d_]", name) is not None
            and not (name.isascii() and name.count(" ") > 2)
        )

    def _is_somebody(self, name: str) -> bool:
        return fold(name) in self._speakers or any(word in fold(name) for word in self._their_names)


def _quotes(lines: Sequence[str]) -> bool:
    """Whether the last line is what somebody else said, over the answer to it; or nothing was said before the rule."""
    said = [line.strip() for line in lines if line.strip()]
    return not said or said[-1][-1:] in '」”"'


def _is_rule(line: str) -> bool:
    return len(line) > 2 and _RULE.fullmatch(line) is not None


def _notice(text: str, at: datetime | None) -> Utterance:
    found = _SIGNED_FIRST.match(text) or _SIGNED_LAST.search(text)
    sender = (found.groupdict().get("sender") or found.groupdict().get("latin")) if found is not None else None
    return Utterance(said=text.strip(), at=at, sender=sender)
