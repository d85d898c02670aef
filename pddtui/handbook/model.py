"""The entries of the handbook on rights, problems, evidence and words.

A file of `data/` is decoded into one frozen value whose fields are its tables, so that a key that nobody reads is an
error and not a typo that stays. The entries on the way of a complaint are in `pddtui.handbook.procedure`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from pddtui.domain.case import FilingState, PromiseState, Status
from pddtui.domain.entries import Bilingual, Entry, Named, Side, Strict, WordedEntry, checked_words
from pddtui.domain.mask import MaskLevel
from pddtui.domain.text import fold
from pddtui.message import Label

__all__ = [
    "REMEDY_SLOTS",
    "ClaimFile",
    "EvidenceFile",
    "EvidenceType",
    "Extra",
    "LetterFile",
    "LetterKind",
    "LetterNeed",
    "LetterPromise",
    "MaskFile",
    "MaskRule",
    "OutcomeEntry",
    "OutcomeFile",
    "Playbook",
    "PlaybookFile",
    "PlaybookStep",
    "Problem",
    "ProblemFile",
    "Refusal",
    "Remedy",
    "RemedyFile",
    "Source",
    "SourceFile",
    "SpanText",
    "Term",
    "WordFile",
    "has_words",
]

SpanText = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,3}(h|d|wd|m|y)$")]
"""A length of time as `pddtui.domain.duetime.span` reads it: `48h`, `7d`, `3wd`, `6m`, `2y`."""


class Source(Entry, frozen=True, kw_only=True):
    """One law text, page, form or test. `memory` and `design` stand for no source at all."""

    where: tuple[str, ...] = ()
    """Addresses; what a file of somebody's own says in words is shown as it is."""
    found: Label | None = None
    """What no address says: a kind of place that has none, or how it was read."""
    short: Label | None = None
    """What it is called beside others that say something else."""
    seen: Literal["full", "excerpt", "cited", "none"]
    """`full`: the text was read; `excerpt`: a part was visible; `cited`: another source names it."""
    kind: str
    """`law_mirror`, `official`, `news`, `blog`, `own_measurement` …"""

    @property
    def cited(self) -> Label:
        """What stands for it in one word: Chinese readers never see an id."""
        return self.short or Label("", self.id)


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
    """The states in which a list shows a case."""
    confusions: tuple[Confusion, ...]


class GuideClaim(Entry, frozen=True, kw_only=True):
    """A claim of the guide on which the handbook is based; its name is the claim."""

    problem: Label
    fact: Label | None = None
    treat: Label
    """What the program does about it."""


class Correction(Entry, frozen=True, kw_only=True):
    """A wrong claim that is often heard; its name is the claim."""

    fact: Label


class OpenQuestion(Entry, frozen=True, kw_only=True):
    """A question that nobody has settled yet."""

    ask: Label
    """Whom to ask, or where to look."""
    until: Label | None = None
    """What the program assumes until then."""


class ClaimFile(Strict, frozen=True, kw_only=True):
    seed_issues: tuple[GuideClaim, ...]
    corrections: tuple[Correction, ...]
    open_questions: tuple[OpenQuestion, ...]


WordGroups = tuple[tuple[str, ...], ...]
"""Words in either language: a text has them where it has one of each group."""


def has_words(groups: WordGroups, text: str) -> bool:
    """Whether the text has one word of each group, however it is written; never where there is no group."""
    folded = fold(text)
    return bool(groups) and all(any(fold(word) in folded for word in group) for group in groups)


class ProblemForm(Strict, frozen=True, kw_only=True):
    """What a problem of several sorts is called inside a sentence, where the case says which sort it is."""

    said: WordGroups
    letter_zh: str
    letter_en: str
    report: tuple[str, ...] = ()
    """What a report of this sort cites, where that is not all of what one of the problem does."""

    def __post_init__(self) -> None:
        checked_words(self.letter_zh, self.letter_en)


class Problem(WordedEntry, frozen=True, kw_only=True):
    """What went wrong, with everything that belongs to it by id."""

    definition: Label
    urgent: bool = False
    remedies: tuple[str, ...]
    """The usual ones first."""
    evidence: tuple[str, ...]
    """Evidence types on top of the base set."""
    laws: tuple[str, ...]
    """Articles, or a law as a whole, on which a claim rests."""
    report: tuple[str, ...] = ()
    """Articles that forbid it, and punish it: what a report of the breach cites."""
    deadlines: tuple[str, ...]
    """Deadlines and platform clocks."""
    first: tuple[str, ...]
    """The playbooks to begin with."""
    undelivered: bool = False
    """The goods never came: there is no day of receipt, only what the carrier shows."""
    owed_by: tuple[Side, ...] = ()
    """Who owes what it gives a claim to; empty where that is the shop alone."""
    own_freight: bool = False
    """Nothing is wrong with the goods, so that whoever sends them back pays for it."""
    also: tuple[str, ...] = ()
    """What else people call it, in either language, so that it is found by these words."""
    goods_back: bool = False
    """The goods went back before there was such a problem."""
    forms: tuple[ProblemForm, ...] = ()
    """Narrower words for a letter; the first that fits what the case says."""
    titled: WordGroups = ()
    """The words by which a title says all of the problem itself."""
    caution: Label | None = None

    def told(self, text: str) -> Label:
        """Its words inside a sentence, in a case that says this of it: nothing that nobody has said."""
        form = self._form(text)
        return Label(form.letter_zh, form.letter_en) if form is not None else self.in_letters

    def reported(self, text: str) -> tuple[str, ...]:
        """The articles of a report, in a case that says this of it."""
        form = self._form(text)
        return (form.report if form is not None else ()) or self.report

    def _form(self, text: str) -> ProblemForm | None:
        return next((form for form in self.forms if has_words(form.said, text)), None)


REMEDY_SLOTS: Final = ("sum", "paid", "extra", "more", "total", "law", "they", "goods", "back", "not_back")
"""What the words of a remedy may name: what is demanded, what was paid, what goes beyond it by that remedy and what
beyond that, all of it, the article, who owes it, why the goods do not go back; and two that say nothing and only decide
whether their part stands: that the goods went back already, and that they did not."""
_SLOT = re.compile(r"[{](\w+)[}]")


class Remedy(WordedEntry, frozen=True, kw_only=True):
    """Something that can be demanded."""

    aftersale_type: int | None = None
    """The type of after-sales request that asks for it."""
    as_of_right: Label | None = None
    """When it needs no consent of the other side."""
    basis: tuple[str, ...] = ()
    price_back: bool = False
    """It gives back at least the whole price, and so demands that where no sum is named."""
    refund_first: bool = False
    """A claim of more than the price begins with the price all the same."""
    returns: bool = False
    """Whoever demands it says that the goods go back, and so gives notice of the return."""
    owed_by: tuple[Side, ...] = ()
    """Who owes it; empty where that follows from the problem."""
    promised: bool = False
    """What it asks for beyond the law is what the seller promised."""
    via: Literal["report"] | None = None
    """`report` where a report leads to it, and not a demand."""
    note: Label | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for text in (self.letter_zh, self.letter_en):
            for slot in re.findall(r"[{][^{}]*[}]|[{}]", text):
                if slot[1:-1] not in REMEDY_SLOTS:
                    raise ValueError(f"{slot} is no value of a demand")

    def asked(self, values: Mapping[str, str | None], words: str) -> str:
        """What is asked for, with these values of `REMEDY_SLOTS` in it; `words` are those of one language.

        A part in [ ] is left out where one of its values is not known. Words that take no sum are as they stand.
        """
        known = {name: value for name, value in values.items() if value is not None}
        text = re.sub(
            r"\[([^\]]*)\]", lambda part: part[1] if set(_SLOT.findall(part[1])) <= known.keys() else "", words
        )
        return _SLOT.sub(lambda slot: known.get(slot[1], ""), text)


class Extra(Entry, frozen=True, kw_only=True):
    """The arithmetic of a statutory extra on top of the refund; its id is the remedy's.

    The sum is a claim and must be shown as one: it depends on fraud or an unsafe food being found.
    """

    price_times: int
    loss_times: int = 0
    least: Decimal
    """Yuan."""
    only_if: Label | None = None
    """What must be found before it is due, as a letter says it; without it no letter reckons with it."""
    basis: tuple[str, ...]

    def of(self, price: Decimal, loss: Decimal = Decimal(0)) -> Decimal:
        """The extra in yuan for goods of that price, and for the loss that they caused where it counts."""
        return max(self.price_times * price, self.loss_times * loss, self.least)


class OutcomeEntry(Entry, frozen=True, kw_only=True):
    """How a case ended."""

    status: Status
    """The status to which it leads."""
    got: Literal["all", "part"] | None = None
    """How much of what was demanded has come, for the usual ending of that kind; the sum leads to it."""
    verify_after: SpanText | None = None
    """When to ask whether what was agreed has really arrived."""


class ProblemFile(Strict, frozen=True, kw_only=True):
    problems: tuple[Problem, ...]


class RemedyFile(Strict, frozen=True, kw_only=True):
    remedies: tuple[Remedy, ...]
    extras: tuple[Extra, ...]


class OutcomeFile(Strict, frozen=True, kw_only=True):
    outcomes: tuple[OutcomeEntry, ...]


class EvidenceType(WordedEntry, frozen=True, kw_only=True):
    """A kind of evidence."""

    must_show: Label
    when: Label | None = None
    """By when to secure it, where it is lost by waiting."""


class QualityRule(Entry, frozen=True, kw_only=True):
    """How to keep evidence."""


class LegalNote(Entry, frozen=True, kw_only=True):
    """What the law says about evidence."""

    basis: tuple[str, ...] = ()


class EvidenceFile(Strict, frozen=True, kw_only=True):
    evidence_types: tuple[EvidenceType, ...]
    base_set: tuple[str, ...]
    """Ids of the evidence types with which every case starts, whatever the problem."""
    quality_rules: tuple[QualityRule, ...]
    legal_notes: tuple[LegalNote, ...]


RecordKind = Literal[
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


class PlaybookStep(Bilingual, frozen=True, kw_only=True):
    """One thing to do."""

    id: str
    """Unique within its playbook; a tick is kept as `playbook.step`."""
    rec: RecordKind | None = None
    """What to record when it is ticked."""
    clock: str | None = None
    """The deadline or platform clock it starts."""
    next: str | None = None
    """The playbook to go on with."""
    basis: tuple[str, ...] = ()
    """Article ids."""


class Playbook(Entry, frozen=True, kw_only=True):
    """How to use one channel, in order."""

    channel: str
    steps: tuple[PlaybookStep, ...]


class NoteField(Entry, frozen=True, kw_only=True):
    """One thing to write down about every contact."""


class NoteRule(Named, frozen=True, kw_only=True):
    """When to write it down, and what must not be left out."""


class Advice(Entry, frozen=True, kw_only=True):
    """How to bear oneself, whatever the route."""

    advice: Label
    sides: tuple[Side, ...] = ()
    """Whom it helps to deal with, so that it stands with their channels; all where none is named."""


class PlaybookFile(Strict, frozen=True, kw_only=True):
    playbooks: tuple[Playbook, ...]
    note_fields: tuple[NoteField, ...]
    note_rule: NoteRule
    advice: tuple[Advice, ...] = ()


def _compiles(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"not a pattern: {error}") from error


class MaskLevelEntry(Entry, frozen=True, kw_only=True):
    """How much is hidden, and for whom."""

    use: tuple[str, ...] = ()
    samples: Mapping[str, str] = msgspec.field(default_factory=dict)
    """What is left of a match by the id of its rule, for a level that leaves something."""
    label_style: str | None = None
    """What stands for a match of which nothing is left; `{name}` is the name of the rule."""
    note: Label | None = None


PrivateValue = Literal["order", "waybill", "name", "staff_no", "phone", "address"]
"""A kind of private value, as `pddtui.domain.mask.private_values` and the settings have it."""


class Unruled(Entry, frozen=True, kw_only=True):
    """A private value that no rule finds: what stands for it."""


HiddenKind = Literal[
    "phone", "name", "address", "id", "document", "order", "payment", "waybill", "card", "email", "account", "code",
    "staff", "ticket", "birth", "position", "plate", "reference", "exhibit", "other",
]  # fmt: skip
"""What pieces are counted as when it is said what was hidden."""


class MaskRule(Entry, frozen=True, kw_only=True):
    """One kind of personal data. The rules apply in the order of the file; what one has taken no other takes again."""

    group: Annotated[int, Meta(ge=0)] = 0
    """The group of the match that is hidden; 0 for all of it."""
    values: tuple[PrivateValue, ...] = ()
    """The private values of a case that fall under it, whatever they look like."""
    pattern: str
    """With `%id%` for each of the parts that it shares with others."""
    digits: Annotated[int, Meta(ge=0)] = 0
    """So many digits, with no more than signs between them, has a text in which it finds anything."""
    near: tuple[str, ...] = ()
    """Words of which such a text has one, `%id%` for those of a part. Both spare looking where there is nothing."""
    counted: HiddenKind = "other"
    """What a summary counts it as."""
    note: Label | None = None

    def __post_init__(self) -> None:
        _compiles(self.pattern)
        if self.group > re.compile(self.pattern).groups:
            raise ValueError(f"no such group: {self.group}")


class MaskPart(Entry, frozen=True, kw_only=True):
    """A piece of a pattern that several rules share."""

    pattern: str
    words: tuple[str, ...] = ()
    """Of which a text has one where it finds anything."""

    def __post_init__(self) -> None:
        _compiles(self.pattern)


class Keep(Entry, frozen=True, kw_only=True):
    """A number that looks private and is not."""

    note: Label | None = None


class Refusal(Entry, frozen=True, kw_only=True):
    """A secret that is not stored at all."""

    pattern: str | None = None
    """None where the program has its own pattern, or where only a person can recognise it."""
    action: Literal["drop", "warn"]

    def __post_init__(self) -> None:
        if self.pattern is not None:
            _compiles(self.pattern)


class AlsoHide(Entry, frozen=True, kw_only=True):
    """Something that no rule can find, to be looked for by the person before going public."""


class MaskFile(Strict, frozen=True, kw_only=True):
    levels: tuple[MaskLevelEntry, ...]
    parts: tuple[MaskPart, ...]
    rules: tuple[MaskRule, ...]
    without_rule: tuple[Unruled, ...]
    keep: tuple[Keep, ...]
    refuse: tuple[Refusal, ...]
    also_hide: tuple[AlsoHide, ...]

    @property
    def patterns(self) -> frozenset[str]:
        """Every pattern by which something is found."""
        refused = (each.pattern for each in self.refuse if each.pattern is not None)
        return frozenset((*(self.whole(rule.pattern) for rule in self.rules), *refused))

    def whole(self, pattern: str) -> str:
        """The pattern with its parts in their places."""
        parts = {f"%{part.id}%": f"(?:{part.pattern})" for part in self.parts}
        return re.sub("%[a-z_]+%", lambda found: parts.get(found[0], found[0]), pattern)

    def words(self, near: Iterable[str]) -> frozenset[str]:
        """The words in lower case, those of a part in its place."""
        parts = {f"%{part.id}%": part.words for part in self.parts}
        return frozenset(word.lower() for each in near for word in parts.get(each, (each,)))


LetterNeed = Literal["awaited", "silent", "breach"]
"""What a case must have before a kind of letter says anything: something that they still owe me, a silence to tell of,
an article that was breached."""


class LetterKind(WordedEntry, frozen=True, kw_only=True):
    """One kind of letter; its texts are `data/letters/<id>.<language>.j2`."""

    channel: str | None = None
    """The channel it is written for; None goes to whoever was asked last."""
    answer_in: SpanText = "3wd"
    """How long the letter leaves for an answer."""
    level: MaskLevel = "none"
    """Authorities, platform and courts must know who is complaining; the public must not."""
    rungs: tuple[str, ...] = ()
    """Rungs at which it is the thing to write, those it leads to included."""
    problems: tuple[str, ...] = ()
    """Only for these kinds of problem, where it is not for all; and wherever its recipient had to do with it."""
    events: tuple[str, ...] = ()
    """It is for other problems, too, once one of these has happened."""
    needs: LetterNeed | None = None
    """It is offered only where the case has this."""
    articles: tuple[str, ...] = ()
    """Articles that it leans on, whatever the problem."""
    about: tuple[Side, ...] | None = None
    """Whose duties and whose silence it tells of; of the recipient's where left out."""
    lists: tuple[Side, ...] | None = None
    """Whose filings it lists; all that came before where left out."""
    confirms: bool = False
    """Whether it asks to confirm a promise: it goes to whoever gave the latest one that is only oral."""
    demands: bool = True
    """Whether sending it states what I want, so that it is their turn."""
    reports: bool = False
    """It reports a breach: it cites what forbids and punishes it, and no claim."""
    anonymous: bool = False
    """It says nowhere who writes it, nor gives the numbers by which a seller knows the buyer."""
    sues: bool = False
    """It is against whoever owes what is demanded, and speaks of them."""
    limit: Annotated[int, Meta(gt=0)] | None = None
    """How many characters the field takes into which it goes, as sure as the kind itself is."""
    anonymous_as: str | None = None
    """The kind that is the same without a name."""


LetterPromise = PromiseState | Literal["lapsed", "undated"]
"""What became of a promise, as a letter tells it: an open one may be past its date, or have none."""


class LetterFile(Strict, frozen=True, kw_only=True):
    letters: tuple[LetterKind, ...]
    roles: Mapping[str, Label]
    """Roles as people note them, so that a letter in the other language has words for them."""
    sides: Mapping[Side, Label]
    """What a side is called inside a sentence; who reads along in public is none."""
    filing_states: Mapping[FilingState, Label]
    """`pddtui.domain.case.FILING_STATES` as one writes it to whoever has to decide."""
    refused_by: Mapping[Side, Label]
    """What it is called that this side has refused a filing."""
    promise_states: Mapping[LetterPromise, Label]
    """`pddtui.domain.case.PROMISE_STATES` as one writes it to those who gave the promise."""
