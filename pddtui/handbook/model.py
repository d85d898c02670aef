"""The entries of the handbook: what each has in common, and those on rights, problems, evidence, routes and words.

Each table has its own module beside this one. A file of `data/` is decoded into one frozen value
whose fields are its tables, so a key that nobody reads is an error and not a typo that stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from pddtui.domain.case import Status
from pddtui.message import Label

__all__ = [
    "Article",
    "ClaimFile",
    "Confidence",
    "Entry",
    "EvidenceFile",
    "EvidenceType",
    "Extra",
    "Law",
    "LawFile",
    "MaskFile",
    "MaskRule",
    "Named",
    "Outcome",
    "OutcomeFile",
    "Playbook",
    "PlaybookFile",
    "Problem",
    "ProblemFile",
    "Refusal",
    "Remedy",
    "RemedyFile",
    "Source",
    "SourceFile",
    "SpanText",
    "Step",
    "Strict",
    "Term",
    "WordFile",
]

Confidence = Literal["high", "mid", "low"]
"""`high`: the official text was read, or we measured it. `mid`: an official form, or several sources
that agree. `low`: one page of a third party, contradictory, or from memory; shown with a "?"."""

SpanText = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,3}(h|d|wd|m|y)$")]
"""A length of time as `pddtui.domain.rules.span` reads it: `48h`, `7d`, `3wd`, `6m`, `2y`."""

_Text = Annotated[str, Meta(min_length=1)]


class Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value in which an unknown field is refused."""


class Named(Strict, frozen=True, kw_only=True):
    """Something with a name in both languages and its provenance."""

    zh: _Text
    en: _Text
    src: tuple[str, ...] = ()
    """Ids of `data/sources.yaml`; among them `memory` (nobody looked it up) and `design` (our choice)."""
    conf: Confidence = "mid"
    """An entry that does not say how sure it is counts as `mid`: nobody may call it verified."""
    valid_from: date | None = None
    """First day on which it applied, where that is known."""
    valid_to: date | None = None
    """Last day on which it applied; None while it still does."""

    @property
    def label(self) -> Label:
        """Its name."""
        return Label(self.zh, self.en)

    @property
    def unsure(self) -> bool:
        """Whether it must be shown with a question mark."""
        return self.conf == "low"

    def valid_on(self, day: date) -> bool:
        """Whether it applied on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class Entry(Named, frozen=True, kw_only=True):
    """A line of a table, known by its id. Ids are stable: cases and other tables keep them."""

    id: _Text

    @property
    def key(self) -> str:
        """What `Table` finds it by."""
        return self.id


class Source(Entry, frozen=True, kw_only=True):
    """One law text, page, form or test. `memory` and `design` stand for there being none."""

    where: tuple[str, ...] = ()
    """Addresses, or words where there is none."""
    seen: Literal["full", "excerpt", "cited", "none"]
    """`full`: the text was read; `excerpt`: a part was visible; `cited`: another source names it."""
    kind: str
    """`law_mirror`, `official`, `news`, `blog`, `own_measurement` …"""


class SourceFile(Strict, frozen=True, kw_only=True):
    sources: tuple[Source, ...]


class Term(Entry, frozen=True, kw_only=True):
    """A word of the field."""


class Confusion(Entry, frozen=True, kw_only=True):
    """Words that are easily taken for each other."""

    meaning: Label


class WordFile(Strict, frozen=True, kw_only=True):
    terms: tuple[Term, ...]
    statuses: tuple[Term, ...]
    """How a case can look at a glance."""
    confusions: tuple[Confusion, ...]


class Claim(Entry, frozen=True, kw_only=True):
    """Something the guide this project started from says; its name is the claim."""

    problem: Label
    fact: Label | None = None
    treat: Label
    """What the program does about it."""


class Correction(Entry, frozen=True, kw_only=True):
    """Something often heard; its name is the claim."""

    fact: Label


class OpenQuestion(Entry, frozen=True, kw_only=True):
    """Something nobody has verified yet."""

    ask: Label
    """Whom to ask or where to look."""
    until: Label | None = None
    """What the program goes by until then."""


class ClaimFile(Strict, frozen=True, kw_only=True):
    seed_issues: tuple[Claim, ...]
    corrections: tuple[Correction, ...]
    open_questions: tuple[OpenQuestion, ...]


class Problem(Entry, frozen=True, kw_only=True):
    """What went wrong, with everything that belongs to it by id."""

    definition: Label
    urgent: bool = False
    remedies: tuple[str, ...]
    """The usual ones first."""
    evidence: tuple[str, ...]
    """On top of the base set."""
    laws: tuple[str, ...]
    """Articles, or a law as a whole."""
    deadlines: tuple[str, ...]
    """Deadlines and platform clocks."""
    first: tuple[str, ...]
    """Playbooks to begin with."""
    caution: Label | None = None


class Remedy(Entry, frozen=True, kw_only=True):
    """Something that can be demanded."""

    aftersale_type: int | None = None
    """The type of after-sales request that asks for it."""
    as_of_right: Label | None = None
    """When it does not depend on the other side's consent."""
    basis: tuple[str, ...] = ()
    via: Literal["report"] | None = None
    """It comes of a report, not of a demand."""
    note: Label | None = None


class Extra(Entry, frozen=True, kw_only=True):
    """The arithmetic of a statutory extra on top of the refund; its id is the remedy's.

    The sum is a claim. Whoever shows it says so: it depends on fraud or an unsafe food being found.
    """

    price_times: int
    loss_times: int = 0
    least: Decimal
    """Yuan."""
    basis: tuple[str, ...]

    def of(self, price: Decimal, loss: Decimal = Decimal(0)) -> Decimal:
        """The extra in yuan for goods of that price, and for the loss they caused where that counts."""
        return max(self.price_times * price, self.loss_times * loss, self.least)


class Outcome(Entry, frozen=True, kw_only=True):
    """How a case ended."""

    status: Status
    """The status it leads to."""
    verify_after: SpanText | None = None
    """When to ask whether what was agreed has really arrived."""


class ProblemFile(Strict, frozen=True, kw_only=True):
    problems: tuple[Problem, ...]


class RemedyFile(Strict, frozen=True, kw_only=True):
    remedies: tuple[Remedy, ...]
    extras: tuple[Extra, ...]


class OutcomeFile(Strict, frozen=True, kw_only=True):
    outcomes: tuple[Outcome, ...]


class EvidenceType(Entry, frozen=True, kw_only=True):
    """A kind of evidence."""

    must_show: Label
    when: Label | None = None
    """By when to secure it, where waiting loses it."""


class QualityRule(Entry, frozen=True, kw_only=True):
    """How to keep evidence."""


class LegalNote(Entry, frozen=True, kw_only=True):
    """What the law says of such evidence."""

    basis: tuple[str, ...] = ()


class EvidenceFile(Strict, frozen=True, kw_only=True):
    evidence_types: tuple[EvidenceType, ...]
    base_set: tuple[str, ...]
    """Evidence type ids that every case starts with, whatever the problem."""
    quality_rules: tuple[QualityRule, ...]
    legal_notes: tuple[LegalNote, ...]


Record = Literal[
    "contact",
    "demand",
    "promise",
    "evidence",
    "remedy",
    "reference",
    "deadline",
    "escalation",
    "follow_up",
    "redaction",
    "note",
]


class Step(Strict, frozen=True, kw_only=True):
    """One thing to do."""

    id: str
    """Unique within its playbook; a tick is kept as `playbook.step`."""
    zh: str
    en: str
    rec: Record | None = None
    """What to record when it is ticked."""
    clock: str | None = None
    """The deadline or platform clock it starts."""
    next: str | None = None
    """The playbook to go on with."""
    basis: tuple[str, ...] = ()
    """Article ids."""

    @property
    def label(self) -> Label:
        """The step in words."""
        return Label(self.zh, self.en)


class Playbook(Entry, frozen=True, kw_only=True):
    """How to use one channel, in order."""

    channel: str
    steps: tuple[Step, ...]


class NoteField(Entry, frozen=True, kw_only=True):
    """One thing to write down of every contact."""


class NoteRule(Named, frozen=True, kw_only=True):
    """When to write it down, and what is never left out."""


class PlaybookFile(Strict, frozen=True, kw_only=True):
    playbooks: tuple[Playbook, ...]
    note_fields: tuple[NoteField, ...]
    note_rule: NoteRule


def _compiles(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a pattern: {error}") from error


class MaskLevel(Entry, frozen=True, kw_only=True):
    """How much is hidden, and for whom."""

    use: tuple[str, ...] = ()
    samples: Mapping[str, str] = msgspec.field(default_factory=dict)
    """Rule id to what is left of a match, for a level that leaves something."""
    label_style: str | None = None
    """What stands for a match that is hidden whole; `{name}` is the rule's name."""
    note: Label | None = None


class MaskRule(Entry, frozen=True, kw_only=True):
    """One kind of personal data. Rules apply in the order of the file; a taken span is not reused."""

    group: Annotated[int, Meta(ge=0)]
    """The group of the match that is hidden; 0 for all of it."""
    pattern: str
    note: Label | None = None

    def __post_init__(self) -> None:
        _compiles(self.pattern)


class Keep(Entry, frozen=True, kw_only=True):
    """What looks private and is not."""

    note: Label | None = None


class Refusal(Entry, frozen=True, kw_only=True):
    """What is not stored at all."""

    pattern: str | None = None
    """None where the program knows by itself what it is, or where only a person can tell."""
    action: Literal["drop", "warn"]

    def __post_init__(self) -> None:
        if self.pattern is not None:
            _compiles(self.pattern)


class AlsoHide(Entry, frozen=True, kw_only=True):
    """What no rule can find and the person must look for before going public."""


class MaskFile(Strict, frozen=True, kw_only=True):
    levels: tuple[MaskLevel, ...]
    rules: tuple[MaskRule, ...]
    keep: tuple[Keep, ...]
    refuse: tuple[Refusal, ...]
    also_hide: tuple[AlsoHide, ...]


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
