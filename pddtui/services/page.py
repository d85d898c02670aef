"""A page of the handbook as it is read: what it says line by line, where each line leads, how sure it is.

A page knows no screen and no language. Whoever shows it says its words and marks what is unverified.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from pddtui.handbook.model import Confidence, Named
from pddtui.message import Label, Message, Value, Words

__all__ = ["Chapter", "Fact", "Page", "page_of", "plain"]


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
    """The playbook step it tells, as a case keeps it: `playbook.step`."""


class Page(Struct, frozen=True, kw_only=True):
    """One entry of the handbook."""

    chapter: str
    id: str
    title: Label
    detail: Words = ""
    """What the title alone does not say in a list: the law of an article."""
    facts: tuple[Fact, ...] = ()
    src: tuple[str, ...] = ()
    """Ids of sources."""
    conf: Confidence | None = None
    """None for a page that tells nothing of the world."""
    valid_from: date | None = None
    valid_to: date | None = None
    past: bool = False
    """Out of force: kept for old cases, and last in its chapter."""
    entry: Struct | None = None
    """What the page was made from, for scripts."""

    @property
    def key(self) -> str:
        return f"{self.chapter}/{self.id}"

    @property
    def unsure(self) -> bool:
        """Whether it must be shown with a question mark and the word."""
        return self.conf == "low"

    def haystack(self) -> str:
        """Every word of the page in both languages, to search in."""
        spoken = [*_both(self.title), *_both(self.detail)]
        for fact in self.facts:
            spoken += _both(fact.words)
        return plain("\n".join((self.id, *spoken)))


class Chapter(Struct, frozen=True, kw_only=True):
    """Pages of one kind."""

    id: str
    title: Label
    """A label and no message: a chapter is asked for by its name in either language."""
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


def plain(text: str) -> str:
    """A text as it is compared: case and full-width forms do not matter."""
    return unicodedata.normalize("NFKC", text).casefold()


def _both(words: Value) -> list[str]:
    match words:
        case Label():
            return [words.zh, words.en]
        case Message():
            return [words.template, *(text for value in words.values.values() for text in _both(value))]
        case tuple():
            return [text for value in words for text in _both(value)]
    return [str(words)]
