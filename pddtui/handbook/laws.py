"""Laws, what their articles give the consumer, and what changed when the complaint rules were replaced."""

from __future__ import annotations

from datetime import date

from pddtui.handbook.model import Confidence, Entry, Strict
from pddtui.message import Label

__all__ = ["Article", "Change", "InternetCourts", "Law", "LawFile"]


class Law(Entry, frozen=True, kw_only=True):
    """A law, regulation, interpretation or standard. `valid_from` is the first day of the law itself."""

    title: Label | None = None
    """Its official title, where the name is a shorter one."""
    number: Label | None = None
    amended: date | None = None
    """When the wording that was read was adopted."""
    text_from: date | None = None
    """From when that wording applies, where it is known."""
    replaces: str | None = None
    """The id of the law it put out of force."""
    binding: bool = True
    """False for a recommended standard."""
    history_only: bool = False
    """Out of force; kept for old cases and never cited in a letter."""
    note: Label | None = None


class Article(Entry, frozen=True, kw_only=True):
    """What one article gives, in our own words. Never a quotation."""

    law: str
    art: str | Label
    """Its number; a label where the number needs a word of explanation."""
    right: int | None = None
    """Its place among the nine rights of a consumer."""
    gives: Label
    exceptions: tuple[Label, ...] = ()
    grounds: tuple[Label, ...] = ()
    """The listed grounds of a decision, in the order of the article."""
    cite: bool = True
    """False for an article that is no basis of a consumer's claim: never in a letter."""
    note: Label | None = None


class Change(Entry, frozen=True, kw_only=True):
    """One point in which Order 121 differs from Order 20."""

    old: Label
    new: Label


class InternetCourts(Strict, frozen=True, kw_only=True):
    """Where an internet court exists at all."""

    cities: tuple[Label, ...]
    not_in: tuple[Label, ...]
    rule: Label
    src: tuple[str, ...]
    conf: Confidence


class LawFile(Strict, frozen=True, kw_only=True):
    laws: tuple[Law, ...]
    articles: tuple[Article, ...]
    changes: tuple[Change, ...]
    internet_courts: InternetCourts
