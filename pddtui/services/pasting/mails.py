"""The text of a mail, as a mail program shows it or as it is stored in an .eml: who wrote when, and the words.

A mail may hold the one that it answers, behind a line that says so or under heads of its own; each is a message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html.parser import HTMLParser

from msgspec import Struct

from pddtui.domain.phrases.shown import read_shown
from pddtui.domain.text import clean, fold, one_line
from pddtui.handbook.pasted import MailLabels

__all__ = ["Mail", "MailLetter", "read_mail"]


class MailLetter(Struct, frozen=True, kw_only=True):
    """One of the letters in a mail."""

    body: str
    sender: str | None = None
    to: str = ""
    subject: str = ""
    at: datetime | None = None


class Mail(Struct, frozen=True, kw_only=True):
    """A mail and those that it quotes, the newest first."""

    letters: tuple[MailLetter, ...]
    unread: tuple[str, ...] = ()


_RAW = re.compile(r"(?im)^(?:mime-version|content-type|content-transfer-encoding|message-id|received|return-path):")
_HEAD = re.compile(r"\s{0,10}\*{0,2}(?P<name>[^\s:：*][^:：\n*]{0,30}?)\*{0,2}\s{0,4}[:：]\*{0,2}\s{0,10}(?P<value>.*)")
_FORWARDED = re.compile(r"(?:fwd?|fw|re|转发|回复|答复)\s*[:：]", re.IGNORECASE)
_WEEKDAY_BESIDE = re.compile(r"[(（](?:星期|周)[一二三四五六日天][)）]")
_MOST_HEADS, _FEWEST, _LONGEST_HEAD = 12, 2, 2000


def read_mail(text: str, labels: MailLabels, seen_at: datetime) -> Mail | None:
    """The mail that the text is; None where it is none."""
    stripped = text.lstrip("\n ")
    if _RAW.search(stripped[:8000].split("\n\n", 1)[0]):
        raw = _stored(stripped, seen_at)
        if raw is not None:
            return raw
    return _shown(stripped.split("\n"), labels, seen_at)


def _shown(lines: Sequence[str], labels: MailLabels, seen_at: datetime) -> Mail | None:
    names = {fold(word): field for field in ("sender", "to", "date", "subject", "other")
             for word in getattr(labels, field)}  # fmt: skip
    heads = list(_heads(lines, names))
    quoted = frozenset(fold(mark).strip(" -") for mark in labels.quoted)
    above = [line.strip() for line in lines[: heads[0][0]] if line.strip()] if heads else []
    marked = any(fold(line).strip(" -") in quoted for line in above)
    if not heads or (above and not marked and not all(map(_FORWARDED.match, above))):
        return None
    letters: list[MailLetter] = []
    unread = [line for line in above if fold(line).strip(" -") not in quoted]
    ends = [begin for begin, _, _ in heads[1:]] + [len(lines)]
    for (_, behind, head), end in zip(heads, ends, strict=True):
        body: list[str] = []
        for line in lines[behind:end]:
            if line.lstrip().startswith(">"):
                unread.append(line.strip())
            elif fold(line).strip(" -") not in quoted or not line.strip():
                body.append(line.rstrip())
        letters.append(
            MailLetter(
                body="\n".join(body).strip(),
                sender=head.get("sender"),
                to=head.get("to", ""),
                subject=head.get("subject", ""),
                at=_moment(head.get("date", ""), seen_at),
            )
        )
    return Mail(letters=tuple(one for one in letters if one.body or one.subject), unread=tuple(unread))


def _heads(lines: Sequence[str], names: Mapping[str, str]) -> Iterator[tuple[int, int, dict[str, str]]]:
    """Where each block of heads begins and ends, and what it says; one names who wrote and something else."""
    at = 0
    while at < len(lines):
        head: dict[str, str] = {}
        end = at
        while end < len(lines) and end - at < _MOST_HEADS:
            found = _HEAD.fullmatch(lines[end]) if len(lines[end]) < 2000 else None
            name = names.get(fold(found["name"]).strip()) if found is not None else None
            if found is None or name is None:
                break
            head.setdefault(name, found["value"].strip())
            end += 1
        if "sender" in head and len(head) >= _FEWEST:
            yield at, end, head
            at = end
        else:
            at += 1


def _moment(shown: str, seen_at: datetime) -> datetime | None:
    if not shown:
        return None
    plain = _WEEKDAY_BESIDE.sub("", shown)
    found = read_shown(re.sub(r" {2,}", " ", plain), seen_at)
    return found or _standard_moment(shown, seen_at)


def _standard_moment(shown: str, seen_at: datetime) -> datetime | None:
    """`Tue, 03 Nov 2026 10:21:05 +0800`."""
    from email.utils import parsedate_to_datetime

    try:
        found = parsedate_to_datetime(shown)
        return found.astimezone(seen_at.tzinfo) if found.tzinfo is not None else found.replace(tzinfo=seen_at.tzinfo)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _stored(text: str, seen_at: datetime) -> Mail | None:
    """A mail as it travels. None where it has no words that can be read."""
    from email import message_from_bytes
    from email.errors import MessageError
    from email.header import decode_header, make_header
    from email.message import Message

    def head(mail: Message, name: str) -> str:
        written = str(mail.get(name, ""))[:_LONGEST_HEAD]
        try:
            return one_line(str(make_header(decode_header(written))))
        except (ValueError, LookupError, MessageError):
            return one_line(written)

    def words(part: Message) -> str:
        coded = str(part.get("content-transfer-encoding", "")).strip().lower()
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            return ""
        charset = part.get_content_charset("utf-8") if coded in ("base64", "quoted-printable") else "utf-8"
        try:
            return content.decode({"gb2312": "gb18030", "gbk": "gb18030"}.get(charset, charset), errors="replace")
        except LookupError:
            return content.decode("utf-8", errors="replace")

    try:
        mail = message_from_bytes(text.encode("utf-8", errors="replace"))
        parts = [part for part in mail.walk() if part.get_content_maintype() == "text" and not part.get_filename()]
        plain = [words(part) for part in parts if part.get_content_subtype() != "html"]
        marked = [words(part) for part in parts if part.get_content_subtype() == "html"]
    except (ValueError, LookupError, MessageError, AttributeError, RecursionError):
        return None  # RecursionError: a thousand parts inside each other
    body = "\n".join(plain).strip() or "\n".join(map(_of_html, marked)).strip()
    files = [name for part in mail.walk() if (name := part.get_filename())]
    kept: list[str] = []
    unread: list[str] = []
    for line in clean(body).split("\n"):
        (unread if line.lstrip().startswith(">") else kept).append(line.rstrip())
    kept += [f"[{clean(name)}]" for name in files]
    letter = MailLetter(
        body="\n".join(kept).strip(),
        sender=head(mail, "from") or None,
        to=head(mail, "to"),
        subject=head(mail, "subject"),
        at=_standard_moment(str(mail.get("date", "")), seen_at) or _moment(head(mail, "date"), seen_at),
    )
    if not letter.sender or not (letter.body or letter.subject):
        return None
    return Mail(letters=(letter,), unread=tuple(line.strip() for line in unread if line.strip()))


def _of_html(text: str) -> str:
    words = _Words()
    words.feed(text)
    words.close()
    return "\n".join(line.strip() for line in "".join(words.parts).split("\n"))


class _Words(HTMLParser):
    """The words of a page, a line a block."""

    _BREAKS = frozenset(("br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote"))
    _HIDDEN = frozenset(("script", "style", "head", "title"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        if tag in self._BREAKS:
            self.parts.append("\n")
        elif tag == "img" and any(name == "src" for name, _ in attrs):
            self.parts.append("[图片]")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in self._HIDDEN and self._hidden > 0
        if tag in ("p", "div", "tr"):
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(re.sub(r"\s+", " ", data))
