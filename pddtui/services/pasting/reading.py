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
from typing import Literal

from msgspec import Struct, structs

from pddtui.domain.phrases.shown import HAS_CLOCK, LONGEST_SHOWN
from pddtui.domain.text import clean, fold
from pddtui.errors import BadInput
from pddtui.handbook.pasted import PasteFile
from pddtui.message import file_size, msg
from pddtui.services.pasting.blotting import Blots, blots_in
from pddtui.services.pasting.lines import LineHead, LineReader, is_rule
from pddtui.services.pasting.mails import read_mail
from pddtui.services.pasting.pages import OrderPage, read_page

__all__ = ["PICTURE", "PasteKind", "PasteReader", "Pasted", "Utterance"]

PasteKind = Literal["chat", "notice", "mail", "order", "text"]

PICTURE = "[图片]"
"""What stands in a message for a picture."""

_MOST_PASTED = 4 << 20
"""Characters: ten times the longest chat that anybody copies at once."""

_LONGEST_DOUBTFUL = 12


class Utterance(Struct, frozen=True, kw_only=True):
    """One message as it stands in the text."""

    said: str
    at: datetime | None = None
    """None where nothing tells of it."""
    timed: bool = True
    """Whether more than its day is known."""
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
    names: tuple[str, ...] = ()
    """All that stood over messages, also over those whose words were not copied."""
    blots: Blots = Blots(())
    """The one-time passwords that are left out of all of it."""
    blotted: int = 0
    """In how many messages, facts and lines there was one."""


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


class _Text:
    """One text while it is being read."""

    def __init__(self, rules: PasteFile, speakers: frozenset[str], text: str, seen_at: datetime) -> None:
        self._rules = rules
        self._seen_at = seen_at
        self._lines = text.split("\n")
        self._told = LineReader(rules, speakers, text, seen_at)
        self._unread: dict[str, None] = {}
        self._names: dict[str, None] = {}
        self._days_over: set[int] = set()
        self._titles: set[str] = set()

    def read(self) -> Pasted:
        heads = self._heads()
        if heads and not self._is_page(heads):
            said = self._between(heads)
            if said:
                return self._pasted("chat", said, self._order())
            self._unread.clear()
        named = self._named_lines()
        found = read_page(self._lines, self._rules, self._seen_at)
        if found.is_order and not (len(named) > 1 and any(self._told.is_known(head.name) for head in named)):
            self._note(found.unread)
            return self._pasted("order", (), found.page)
        if not named and self._told.labels(self._lines) > 1:  # a card, or a form that was filled in
            return self._whole()
        blocks = self._blocks()
        if blocks:
            return self._pasted("notice" if all(one.sender for one in blocks) else "chat", blocks, self._order())
        if named:
            return self._pasted("chat", self._between(named), self._order())
        if all(not line.strip() or self._told.is_furniture(line.strip()) for line in self._lines):
            return Pasted(kind="text")
        return self._whole()

    def _whole(self) -> Pasted:
        """All of it as one text, at the moment that it tells of."""
        whole = "\n".join(self._lines).strip()
        at = next((moment for line in self._lines if (moment := self._told.moment(line.strip())) is not None), None)
        only = (Utterance(said=whole, at=at),) if whole else ()
        return Pasted(kind="text", utterances=only, page=self._order())

    def _is_page(self, heads: Sequence[LineHead]) -> bool:
        """Whether it is the page of an order, and the lines with times are stations of the parcel."""
        if any(self._told.is_known(head.name) for head in heads):
            return False
        if any(self._told.is_somebody(head.name) for head in heads):
            return False
        return read_page(self._lines[: heads[0].at], self._rules, self._seen_at).is_order

    def _order(self) -> OrderPage:
        return _named("\n".join(self._lines), self._rules, self._seen_at)

    def _pasted(self, kind: PasteKind, said: Sequence[Utterance], page: OrderPage) -> Pasted:
        names = tuple(self._names)
        return Pasted(kind=kind, utterances=tuple(said), page=page, unread=tuple(self._unread), names=names)

    def _note(self, lines: Iterable[str]) -> None:
        """Keep what was not understood, without what is known to say nothing."""
        for line in lines:
            bare = line.strip()
            if bare and not self._told.is_furniture(bare) and not self._told.day(bare):
                self._unread[bare] = None

    # Where messages begin.

    def _heads(self) -> list[LineHead]:
        """The lines that tell who and when, in their order; none where the text has none."""
        found: list[LineHead] = []
        told, day = self._told, None
        for at, line in enumerate(self._lines):
            if not line or (len(line) > 4 * LONGEST_SHOWN and not HAS_CLOCK.search(line[: 3 * LONGEST_SHOWN])):
                continue
            if HAS_CLOCK.search(line):
                head = told.head(at, line, day) or self._of_two_lines(at, line, day)
                head = head or self._head_of_day(at, line, day, found)
                if head is not None:
                    found.append(head)
            else:
                day = told.day(line) or self._day_over(at, found) or day
        self._titles = self._titles_among(found)
        if self._titles:
            return []
        heads = self._sound(found) or self._heads_of_today()
        begun = {head.at for head in heads}
        self._days_over = {at for at in self._days_over if self._below(at) in begun}
        return heads

    def _head_of_day(self, at: int, line: str, day: datetime | None, before: Sequence[LineHead]) -> LineHead | None:
        """A name and a time, of the day that was named above it or of the message before it."""
        told = self._told
        if day is None and before and before[-1].moment is not None:
            day = told.end_of(before[-1].moment.date())
        head = told.head_of_day(at, line, day) if day is not None and told.moment(line) is None else None
        if head is None or self._free(at) or told.is_surely(head.name):
            return head
        return head if len(head.name) <= _LONGEST_DOUBTFUL and not told.tells(head.name) else None

    def _day_over(self, at: int, before: Sequence[LineHead]) -> datetime | None:
        """The day that stands on a line over the messages of that day; in the middle of words somebody speaks below."""
        told, free = self._told, self._free(at)
        day = told.day_alone(self._lines[at])
        if day is None:
            return None
        below = self._below(at)
        head = told.head_of_day(below, self._lines[below], day) if below is not None else None
        if head is not None and (free or told.is_surely(head.name) or any(head.name == one.name for one in before)):
            self._days_over.add(at)
            return day
        return day if free else None

    def _of_two_lines(self, at: int, line: str, day: datetime | None) -> LineHead | None:
        """A name over a time, as chats stand in one that was passed on."""
        name = self._lines[at - 1].strip() if at else ""
        moment = self._told.moment(line, day) if name and len(name) <= LONGEST_SHOWN else None
        said = self._told.is_somebody(name) and self._told.is_name(name)
        if moment is None or not said or not (self._free(at - 1) or self._told.is_known(name)):
            return None
        return LineHead(at - 1, "of_two_lines", name, moment, lines=2)

    def _titles_among(self, heads: Sequence[LineHead]) -> set[str]:
        """The one name, where it is the title of a screen: more times follow that have no name over them."""
        names = {head.name for head in heads}
        if len(names) != 1 or any(head.shape != "of_two_lines" for head in heads):
            return set()
        times = sum(HAS_CLOCK.search(line) is not None and self._told.moment(line) is not None for line in self._lines)
        return names if times > len(heads) else set()

    def _heads_of_today(self) -> list[LineHead]:
        """The lines of a chat of today, which has no day over it; one of them is of somebody who is known."""
        told = self._told
        found = [
            head
            for at, line in enumerate(self._lines)
            if HAS_CLOCK.search(line) and len(line) <= 3 * LONGEST_SHOWN and told.moment(line) is None
            and (head := told.head_of_day(at, line, self._seen_at)) is not None
        ]  # fmt: skip
        if not any(told.is_somebody(head.name) for head in found):
            return []
        often = Counter(head.name for head in found)
        return [
            head
            for head in found
            if self._free(head.at) or told.is_somebody(head.name) or often[head.name] > 1
            or len(head.name) <= _LONGEST_DOUBTFUL // 2
        ]  # fmt: skip

    def _free(self, at: int) -> bool:
        """Whether nothing stands before the line that it could belong to."""
        before = self._lines[at - 1] if at > 0 else ""
        if not before.strip() or self._told.is_furniture(before):
            return True
        return self._told.day(before) is not None or at - 1 in self._days_over

    def _sound(self, heads: list[LineHead]) -> list[LineHead]:
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
        sure = {fold(head.name) for head in heads if head.at in apart and not head.doubtful}
        often = Counter(head.name for head in heads)
        talk = any(self._told.is_somebody(head.name) for head in heads)
        astray = self._astray({head.at for head in heads if often[head.name] == 1 and head.at not in apart}, heads)

        def fits(head: LineHead) -> bool:
            if fold(head.name) in sure or self._told.is_surely(head.name):
                return True
            if head.at in astray:
                return False
            if head.doubtful:
                return usual is None and (often[head.name] > 1 or (talk and len(head.name) <= _LONGEST_DOUBTFUL))
            return head.at in apart or (head.shape == usual and not by_blanks)

        return [head for head in heads if fits(head)]

    def _astray(self, once: set[int], heads: Sequence[LineHead]) -> set[int]:
        """Of the lines `once` in the middle of words, whose name comes once, those that are words as well.

        They tell what was done, or their time is not between those of the messages before and after.
        """
        found: set[int] = set()
        after: dict[int, datetime | None] = {}
        moment: datetime | None = None
        for head in reversed(heads):
            after[head.at] = moment
            moment = moment if head.at in once else head.moment
        moment = None
        for head in heads:
            if head.at not in once:
                moment = head.moment
            elif self._told.tells(head.name) or not _in_order(moment, head.moment, after[head.at]):
                found.add(head.at)
        return found

    # The words between.

    def _between(self, heads: Sequence[LineHead]) -> list[Utterance]:
        """The messages, each with the lines to the next one."""
        told, named = self._told, heads[0].shape == "named"
        self._names = dict.fromkeys(head.name for head in heads if not told.is_program(head.name))
        before = self._lines[: heads[0].at]
        self._note(
            line for at, line in enumerate(before) if at not in self._days_over and not (named and told.day_alone(line))
        )
        said: list[Utterance] = []
        ends = [head.at for head in heads[1:]] + [len(self._lines)]
        for head, next_head in zip(heads, ends, strict=True):
            lines = [head.words] if head.words else []
            notices, end = self._notices_in(head.at + head.lines, next_head)
            for at, line in enumerate(self._lines[head.at + head.lines : end], head.at + head.lines):
                no_words = at in self._days_over or told.day(line) or told.heads_a_file(line)
                if told.says_program(line) or (head.words and told.is_stamped(line)):
                    self._note([line])
                elif not (no_words or (is_rule(line) and _quotes(lines)) or (named and told.day_alone(line))):
                    lines.append(line.rstrip())
            words = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
            if told.is_program(head.name):
                self._note([self._lines[head.at], *lines])
            elif words:
                said.append(Utterance(said=words, at=head.moment, name=head.name, timed=head.timed))
            else:
                self._note([self._lines[head.at]])
            said += notices
        return said

    def _notices_in(self, begin: int, end: int) -> tuple[list[Utterance], int]:
        """What came as a text message under a time of its own, and where the words before it end."""
        told = self._told
        for at in range(begin, end - 1):
            line = self._lines[at].strip()
            if told.moment(line) is not None and told.sender(self._next(at)) is not None:
                below = _Text(self._rules, told.speakers, "\n".join(self._lines[at:end]), self._seen_at)
                found = below._blocks()
                self._unread.update(below._unread)
                return found, at
        return [], end

    # Texts without names over their messages.

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
                said.append(self._notice("\n".join(notice), at))
                notice = []
            if what == "moment":
                at = self._told.moment(bare)
            elif what == "first" or (notice and bare):
                notice.append(bare)
            elif what == "last":
                said.append(self._notice("\n".join([*(loose if at is None else ()), bare]), at))
                loose = loose if at is not None else []
            elif what == "words" and at is not None:
                said.append(Utterance(said=bare, at=at))
            elif what == "words":
                loose.append(bare)
            elif what == "furniture":
                noted.append(bare)
        said += [self._notice("\n".join(notice), at)] if notice else []
        if len(said) == 1 and said[0].sender and said[0].at is None:  # the time stands below it
            said = [structs.replace(said[0], at=at)]
        if not said or (at is None and loose and not any(one.sender for one in said)):
            return []
        self._unread.update(dict.fromkeys((*noted, *loose)))
        return said

    def _kind_of(self, number: int, line: str) -> _BlockLine:
        told = self._told
        if not line:
            return "blank"
        if told.moment(line) is not None:
            return "moment"
        if told.sender(line) is not None:
            return "first"
        if told.sender(line, last=True) is not None:
            return "last"
        if told.is_sender_alone(line) and number and told.moment(self._lines[number - 1].strip()) is not None:
            return "first"
        if told.is_senders_number(line) and told.sender(self._next(number)) is not None:
            return "number"
        silent = line in self._titles or told.is_furniture(line) or told.says_program(line)
        return "furniture" if silent else "words"

    def _next(self, at: int) -> str:
        """The next line that has any words."""
        below = self._below(at)
        return self._lines[below] if below is not None else ""

    def _below(self, at: int) -> int | None:
        """Where that is, if it is near."""
        near = range(at + 1, min(at + 4, len(self._lines)))
        return next((below for below in near if self._lines[below].strip()), None)

    def _notice(self, text: str, at: datetime | None) -> Utterance:
        first = text.split("\n", 1)[0]
        alone = first if self._told.is_sender_alone(first) and first != text else None
        sender = self._told.sender(text) or self._told.sender(text.rsplit("\n", maxsplit=1)[-1], last=True) or alone
        return Utterance(said=text.strip(), at=at, sender=sender)

    def _named_lines(self) -> list[LineHead]:
        """Messages that each stand behind a name and a colon, where enough of them do."""
        told, day = self._told, None
        found: list[LineHead] = []
        labels = 0
        for at, line in enumerate(self._lines):
            head = told.named(at, line, day)
            if head is not None:
                found.append(head)
            else:
                day = told.day_alone(line) or day
                labels += told.is_label(re.split("[:：]", line, maxsplit=1)[0])
        names = Counter(head.name for head in found)
        written = sum(bool(line.strip()) for line in self._lines)
        if labels and max(names.values(), default=0) < 2 and not any(map(told.is_known, names)):
            return []  # a form, or a letter with headings
        if any(told.is_somebody(name) for name in names):
            return found
        if len(found) > 1 and (len(names) < len(found) or 2 * len(found) > written):
            return found
        return []


def _in_order(before: datetime | None, moment: datetime | None, after: datetime | None) -> bool:
    """Whether the time is between the two, where these are in order themselves."""
    if moment is None or (before is not None and after is not None and before > after):
        return True
    return (before is None or before <= moment) and (after is None or moment <= after)


def _quotes(lines: Sequence[str]) -> bool:
    """Whether the last line is what somebody else said, over the answer to it; or nothing was said before the rule."""
    said = [line.strip() for line in lines if line.strip()]
    return not said or said[-1][-1:] in '」”"'
