"""Lines that say one thing and lines that lead to another page, as all chapters write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

from pddtui.domain.duetime import period
from pddtui.domain.rules import span
from pddtui.handbook.book import Handbook
from pddtui.handbook.laws import Article, Law
from pddtui.handbook.table import Table
from pddtui.message import Label, Message, Words, msg
from pddtui.services.page import Fact

__all__ = ["article_key", "article_label", "articles", "channels", "clocks", "events", "headed", "law_label", "length"]
__all__ += ["linked", "said"]

_REPUBLIC = "中华人民共和国"


class _Sure(Protocol):
    @property
    def key(self) -> str: ...

    @property
    def label(self) -> Label: ...

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


def articles(book: Handbook, ids: Iterable[str], name: Message | None = None) -> Iterator[Fact]:
    """Articles, or laws as a whole, that something rests on."""
    title = name or msg("Basis")
    for key in ids:
        article = book.articles.get(key)
        if article is None:
            yield from linked(title, "laws", book.laws, (key,))
            continue
        law = book.laws.get(article.law)
        words = msg("{law} {article}", law=law_label(law) if law else article.law, article=article_label(article))
        yield Fact(name=title, words=words, unsure=article.unsure, to=article_key(article))


def channels(book: Handbook, ids: Iterable[str], name: Message) -> Iterator[Fact]:
    return linked(name, "channels", book.channels, ids)


def clocks(book: Handbook, ids: Iterable[str], name: Message | None = None) -> Iterator[Fact]:
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


def events(book: Handbook, ids: Iterable[str], name: Message) -> Iterator[Fact]:
    return linked(name, "events", book.events, ids)


def length(text: str) -> Message:
    """`3wd` as `3 working days`."""
    found = span(text)
    return period(found.n, found.unit)


def law_label(law: Law) -> Label:
    """The name of a law without the name of the State."""
    return Label(law.zh.removeprefix(_REPUBLIC), law.en)


def article_label(article: Article) -> Label:
    """Its number and its name."""
    art = article.art
    if isinstance(art, str):
        return Label(f"第{art}条 {article.zh}", f"art. {art}, {article.en}")
    return Label(f"{art.zh} {article.zh}", f"{art.en}, {article.en}")


def article_key(article: Article) -> str:
    """Where its page is: the nine rights have a chapter of their own."""
    return f"{'rights' if article.right is not None else 'laws'}/{article.id}"
