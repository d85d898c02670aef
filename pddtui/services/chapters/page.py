"""A page of the handbook as it is read: its lines, where each leads, how sure it is.

A page knows no screen and no language. Whoever shows it says its words and marks what is unverified.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Protocol, TypeVar

from msgspec import Struct

from pddtui.domain.duetime import period
from pddtui.domain.entries import Confidence, Named
from pddtui.domain.rules import span
from pddtui.handbook.book import Handbook, Table
from pddtui.handbook.law import Article
from pddtui.message import Label, Message, Words, msg

__all__ = [
    "Chapter",
    "Fact",
    "Page",
    "article_facts",
    "article_key",
    "article_words",
    "channel_facts",
    "clock_facts",
    "comparable",
    "event_facts",
    "headed",
    "length",
    "linked",
    "page_of",
    "said",
]


class Fact(Struct, frozen=True, kw_only=True):
    """One line of a page."""

    words: Words
    name: Message | None = None
    """What kind of thing it says: "Hours". The same name in a row is one list."""
    heading: bool = False
    """The title of the facts after it."""
    unsure: bool = False
    to: str | None = None
    """The key of the page it leads to."""
    step: str | None = None
    """The playbook step it stands for, as a case keeps it: `playbook.step`."""


class Page(Struct, frozen=True, kw_only=True):
    """One entry of the handbook."""

    chapter: str
    id: str
    title: Words
    detail: Words = ""
    """What the title alone does not say in a list: the law of an article."""
    facts: tuple[Fact, ...] = ()
    src: tuple[str, ...] = ()
    """Ids of sources."""
    conf: Confidence | None = None
    """None for a page that claims nothing about the world."""
    valid_from: date | None = None
    valid_to: date | None = None
    past: bool = False
    """Out of force: kept for old cases, and last in its chapter."""
    also: tuple[str, ...] = ()
    """Other words that find it; not shown."""
    entry: Struct | None = None
    """What the page was made from, for scripts."""

    @property
    def key(self) -> str:
        return f"{self.chapter}/{self.id}"

    @property
    def unsure(self) -> bool:
        """Whether it must be shown with a question mark and the word."""
        return self.conf == "low"

    def haystack(self, spellings: Callable[[Words], Iterable[str]]) -> str:
        """Every word of the page in both languages, to search in."""
        said = (self.title, self.detail, *(fact.words for fact in self.facts))
        return comparable("\n".join((self.id, *self.also, *(text for words in said for text in spellings(words)))))


class Chapter(Struct, frozen=True, kw_only=True):
    """Pages of one kind."""

    id: str
    title: Message
    about: Message
    """What is in it, and how far it can be trusted."""


def page_of(
    chapter: str, entry: Named, key: str, facts: Iterator[Fact], *, past: bool = False, detail: Words = ""
) -> Page:
    """The page of an entry, with its name, provenance and validity."""
    return Page(
        chapter=chapter,
        id=key,
        title=entry.label,
        detail=detail,
        facts=tuple(facts),
        src=entry.src,
        conf=entry.conf,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        past=past,
        entry=entry,
    )


def comparable(text: str) -> str:
    """A text as it is compared: case and full-width forms do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


class _Sure(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def label(self) -> Label: ...

    @property
    def former(self) -> tuple[str, ...]: ...

    @property
    def unsure(self) -> bool: ...


_E = TypeVar("_E", bound=_Sure)


def said(name: Message, *words: Words | None, unsure: bool = False) -> Iterator[Fact]:
    """A line for each of the words that is there at all."""
    for each in words:
        if each is not None and each != "":
            yield Fact(name=name, words=each, unsure=unsure)


def headed(title: Message, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The facts under a title; nothing when there are none."""
    found = tuple(facts)
    if found:
        yield Fact(words=title, heading=True)
        yield from found


def linked(name: Message | None, chapter: str, table: Table[_E], ids: Iterable[str]) -> Iterator[Fact]:
    """A line for each entry that is named, leading to its page; an unknown id stands for itself."""
    for key in ids:
        entry = table.get(key)
        if entry is None:
            yield Fact(name=name, words=key)
        else:
            yield Fact(name=name, words=entry.label, unsure=entry.unsure, to=f"{chapter}/{key}")


def article_facts(book: Handbook, ids: Iterable[str], name: Message | None = None) -> Iterator[Fact]:
    """Articles, or laws as a whole, that something rests on."""
    title = name or msg("Basis")
    for key in ids:
        article = book.articles.get(key)
        if article is None:
            yield from linked(title, "laws", book.laws, (key,))
            continue
        law = book.laws.get(article.law)
        number = law.cite(article) if law else article.number
        words = msg("{article}, {title}", article=number, title=article.label)
        yield Fact(name=title, words=words, unsure=article.unsure, to=article_key(article))


def channel_facts(book: Handbook, ids: Iterable[str], name: Message) -> Iterator[Fact]:
    return linked(name, "channels", book.channels, ids)


def clock_facts(book: Handbook, ids: Iterable[str], name: Message | None = None) -> Iterator[Fact]:
    """Deadlines of the law and clocks of the platform, with how long they are."""
    for key in ids:
        clock = book.deadlines.get(key) or book.platform_clocks.get(key)
        if clock is None:
            yield Fact(name=name, words=key)
            continue
        words: Words = clock.label
        if clock.span is not None:
            words = msg("{name} · {length}", name=clock.label, length=length(clock.span))
        yield Fact(name=name, words=words, unsure=clock.unsure, to=f"deadlines/{key}")


def event_facts(book: Handbook, ids: Iterable[str], name: Message) -> Iterator[Fact]:
    return linked(name, "events", book.events, ids)


def length(text: str) -> Message:
    """`3wd` as `3 working days`."""
    found = span(text)
    return period(found.n, found.unit)


def article_words(article: Article) -> Message:
    """Its number and its name."""
    return msg("{article}, {title}", article=article.number, title=article.label)


def article_key(article: Article) -> str:
    """Where its page is: the nine rights have a chapter of their own."""
    return f"{'rights' if article.right is not None else 'laws'}/{article.id}"
