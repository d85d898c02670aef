"""The entries of the handbook on the law: what each article gives, in which case, and what is said to an excuse."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta

from pddtui.domain.citation import LawName, article_number, citation
from pddtui.domain.entries import Confidence, Entry, Side, Strict
from pddtui.handbook.model import WordGroups
from pddtui.message import Label

__all__ = ["Article", "Circumstance", "Law", "LawFile", "Rebuttal"]


class Law(Entry, frozen=True, kw_only=True):
    """A law, regulation, interpretation or standard. `valid_from` is the first day of the law itself."""

    title: Label | None = None
    """Its official title, where the name is a shorter one."""
    number: Label | None = None
    amended: date | None = None
    """When the wording that we read was adopted."""
    text_from: date | None = None
    """The first day on which that wording applies, where known."""
    replaces: str | None = None
    """The id of the law that it repealed."""
    binding: bool = True
    """False for a recommended standard."""
    history_only: bool = False
    """Whether it is out of force: kept for old cases and never cited in a letter."""
    text: Label | None = None
    """Which wording the numbers of its articles are those of, where there are several."""
    note: Label | None = None

    @property
    def short(self) -> Label:
        """Its name without that of the State."""
        return Label(self.zh.removeprefix("中华人民共和国"), self.en)

    @property
    def named(self) -> LawName:
        """Its full name and its short one, as a paper has them."""
        return LawName.of(self.label, self.title)

    def cite(self, article: Article) -> Label:
        """How one of its articles is cited."""
        return citation(self.named, article.number, self.text)


Circumstance = Literal["promised", "seller_unknown"]
"""What a case must say before an article is cited: that the seller promised more than the law gives; that nobody can
say who the seller is or where to reach it."""


class Article(Entry, frozen=True, kw_only=True):
    """What one article gives, or the part of it that is for one situation, in our own words and never as a quotation.

    The same article has an entry for each part of it that is used in a situation of its own.
    """

    law: str
    art: str | Label
    """Its number as `pddtui.domain.citation` reads it; a label where there is none."""
    paragraphs: tuple[int, ...] = ()
    """Which of its paragraphs (款) the entry is about; all where left out."""
    items: tuple[int, ...] = ()
    """Which of the items (项) of its list."""
    right: int | None = None
    """Its place among the nine rights of a consumer."""
    gives: Label
    exceptions: tuple[Label, ...] = ()
    grounds: tuple[Label, ...] = ()
    """The listed grounds of a decision, in the order of the article."""
    cite: bool = True
    """False for an article on which no consumer can base a claim: never in a letter."""
    binds: Annotated[tuple[Side, ...], Meta(min_length=1)] = ("merchant",)
    """The sides that have to keep it."""
    problems: tuple[str, ...] = ()
    """The only kinds of problem for which it is cited; all where left out."""
    given: tuple[Circumstance, ...] = ()
    """What the case must say before it is cited."""
    said: WordGroups = ()
    """The words without which it is not cited: those by which the person tells of such a thing."""
    stands_for: str | None = None
    """The article of more parts in whose place it stands where its words were said; named itself it needs none."""
    clock: str | None = None
    """The clock by whose end `only_if` becomes a fact."""
    fact: Label | None = None
    """That fact in place of `only_if`; `{since}` is the day on which the clock began."""
    report: bool = False
    """It forbids or punishes: it belongs into a report of a breach, and no claim rests on it."""
    only_if: Label | None = None
    """What must be so before it helps, where nobody has found that yet."""
    note: Label | None = None

    def __post_init__(self) -> None:
        if (self.clock is None) != (self.fact is None):
            raise ValueError("a clock and the fact that it makes belong together")

    @property
    def number(self) -> Label:
        """第五十五条, "Article 55", with the parts of it that are meant."""
        return article_number(self.art, self.paragraphs, self.items)


class OrderChange(Entry, frozen=True, kw_only=True):
    """One point in which Order 121 differs from Order 20."""

    old: Label
    new: Label


class InternetCourts(Strict, frozen=True, kw_only=True):
    """Where there is an internet court at all."""

    cities: tuple[Label, ...]
    not_in: tuple[Label, ...]
    rule: Label
    src: tuple[str, ...]
    conf: Confidence


class Rebuttal(Entry, frozen=True, kw_only=True):
    """What a paper says to an excuse that is no ground in law."""

    heard: tuple[str, ...]
    """Words of theirs that give the excuse, in either language."""
    problems: tuple[str, ...]
    """The kinds of problem for which it is one."""
    always_for: tuple[str, ...] = ()
    """Those for which it is said before anybody has given the excuse."""
    about: tuple[Side, ...] = ("merchant", "platform")
    """Whose refusal it answers: only a letter about one of them has it."""
    says: Label
    """The answer; `{crpl25}` stands for how the article of that id is cited."""


class LawFile(Strict, frozen=True, kw_only=True):
    laws: tuple[Law, ...]
    articles: tuple[Article, ...]
    rebuttals: tuple[Rebuttal, ...]
    changes: tuple[OrderChange, ...]
    internet_courts: InternetCourts
