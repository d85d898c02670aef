"""The handbook: every table of `data/*.yaml`, each file read when it is first asked for.

A file of the same name in the user's folder adds entries or overrides them by id. Where that one is broken there is
a warning, and the file that ships with the program is used.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from msgspec import structs

from pddtui import assets
from pddtui.domain.fields import ChoiceTable
from pddtui.domain.mask import Own
from pddtui.domain.rules import Rung
from pddtui.errors import Refused, Unlisted
from pddtui.handbook.law import Article, Law, LawFile
from pddtui.handbook.model import (
    ClaimFile,
    EvidenceFile,
    EvidenceType,
    Extra,
    LetterFile,
    LetterKind,
    MaskFile,
    OutcomeEntry,
    OutcomeFile,
    Playbook,
    PlaybookFile,
    Problem,
    ProblemFile,
    Remedy,
    RemedyFile,
    Source,
    SourceFile,
    WordFile,
)
from pddtui.handbook.pasted import PasteFile
from pddtui.handbook.procedure import (
    AftersaleFile,
    AftersaleState,
    AftersaleType,
    CalendarFile,
    ChannelEntry,
    ChannelFile,
    DeadlineEntry,
    DeadlineFile,
    EventEntry,
    LadderFile,
    NextFile,
    PlatformClock,
    QuietFile,
    QuietLimitEntry,
    Scheme,
)
from pddtui.handbook.samples import SampleFile
from pddtui.handbook.shelf import FILES, SETTINGS, Bookshelf
from pddtui.message import Label, Message, msg

__all__ = ["Handbook", "Table"]

_CLOSE = 5
"""How many entries are offered at most."""


class Listed(Protocol):
    """What can stand in a table."""

    @property
    def key(self) -> str: ...

    @property
    def label(self) -> Label: ...

    @property
    def former(self) -> tuple[str, ...]: ...


_E = TypeVar("_E", bound=Listed)


class Table(Generic[_E]):
    """Entries of one kind, found by id or by what a person types."""

    def __init__(self, noun: Message, entries: Iterable[_E], chapter: str) -> None:
        self.noun = noun
        """What one entry is called in a sentence about it."""
        self.chapter = chapter
        """The chapter of the handbook that lists the entries."""
        self._entries = {entry.key: entry for entry in entries}

    def __iter__(self) -> Iterator[_E]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __getitem__(self, key: str) -> _E:
        return self._entries[key]

    def get(self, key: str | None) -> _E | None:
        """The entry with that id, or None: a case may name one that only the handbook of another machine has."""
        return None if key is None else self._entries.get(key)

    def find(self, typed: str, *, field: str | None = None) -> _E:
        """The entry that a person means: by id, by name in either language, or by a beginning that only one has.

        Case and full-width forms do not matter. Raises `Refused` at `field`, naming the entries that come close, or
        `Unlisted` where none does.
        """
        wanted = _plain(typed)
        exact = [entry for entry in self if wanted in _names(entry)]
        begin = exact or [entry for entry in self if wanted and any(name.startswith(wanted) for name in _names(entry))]
        if len(begin) == 1:
            return begin[0]
        if begin:
            refused = msg("“{typed}” could be {close}: write more of it.", typed=typed, close=_said(begin))
        elif close := self._close(wanted):
            refused = msg(
                "There is no {noun} “{typed}”. Did you mean {close}?", noun=self.noun, typed=typed, close=_said(close)
            )
        else:
            message = msg("There is no {noun} “{typed}”.", noun=self.noun, typed=typed)
            raise Unlisted(message, chapter=self.chapter, field=field)
        raise Refused(refused, field=field)

    def _close(self, wanted: str) -> list[_E]:
        import difflib

        if not wanted:
            return []
        inside = [entry for entry in self if any(wanted in name for name in _names(entry))]
        if inside:
            return inside[:_CLOSE]
        names = {name: entry for entry in self for name in _names(entry)}
        alike = difflib.get_close_matches(wanted, names, n=_CLOSE)
        return list({names[name].key: names[name] for name in alike}.values())


Choices = Table[Problem] | Table[Remedy] | Table[OutcomeEntry] | Table[ChannelEntry] | Table[Rung] | Table[EvidenceType]
"""A table of things that can stand in a field."""


class Handbook:
    """The reference data of the field. It is not legal advice."""

    def __init__(
        self,
        read: Callable[[str], str] = assets.read_text,
        user: Path | None = None,
        settings: str = SETTINGS,
        own: Own | None = None,
    ) -> None:
        """`user` is the folder of the user's own files; `settings` names one there that is no file of the handbook."""
        self._shelf, self._read, self._user = Bookshelf(read, user, settings), read, user
        self._settings = settings
        self.own = own or Own()
        """The private words of the user, which no mask lets through."""

    def hiding(self, words: Iterable[str]) -> Handbook:
        """The same handbook, with masks that also hide these words."""
        other = copy(self)
        other.own = structs.replace(self.own, words=(*self.own.words, *words))
        return other

    @cached_property
    def own_patterns(self) -> frozenset[str]:
        """Those patterns of the masks that the user wrote: nobody has seen how long they take."""
        if self._user is None or not (self._user / "masks.yaml").exists():
            return frozenset()
        return self.masks.patterns - Handbook(self._read).masks.patterns

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What is wrong with the user's own files, as far as they have been read."""
        return self._shelf.warnings

    def faults(self) -> tuple[Message, ...]:
        """What is wrong with the user's own files, each of which is read for it."""
        shelf = Bookshelf(self._read, self._user, self._settings)
        for name, shape in FILES.items():
            shelf.file(name, shape)
        return shelf.warnings

    # Whole files, for the tables that are read in order and never looked up.

    @cached_property
    def aftersale_file(self) -> AftersaleFile:
        """Types, states, clocks, schemes and cautions of the app's after-sales requests."""
        return self._shelf.file("aftersales.yaml", AftersaleFile)

    @cached_property
    def calendar(self) -> CalendarFile:
        """The years that the handbook knows, and the rules of estimated dates."""
        return self._shelf.file("calendar.yaml", CalendarFile)

    @cached_property
    def claims(self) -> ClaimFile:
        """Claims that are wrong or doubtful."""
        return self._shelf.file("seed_issues.yaml", ClaimFile)

    @cached_property
    def ladder_file(self) -> LadderFile:
        """The ladder with its shortcuts, conflicts and the five legal ways."""
        return self._shelf.file("ladder.yaml", LadderFile)

    @cached_property
    def next_file(self) -> NextFile:
        """What to do next, and when."""
        return self._shelf.file("next.yaml", NextFile)

    @cached_property
    def evidence_file(self) -> EvidenceFile:
        """Evidence types, the base set, and how to keep evidence."""
        return self._shelf.file("evidence.yaml", EvidenceFile)

    @cached_property
    def law_file(self) -> LawFile:
        """Laws, articles, changes and internet courts."""
        return self._shelf.file("laws.yaml", LawFile)

    @cached_property
    def letter_file(self) -> LetterFile:
        """The letters, and what they call sides and states."""
        return self._shelf.file("letters.yaml", LetterFile)

    @property
    def letters(self) -> tuple[LetterKind, ...]:
        """The kinds of letter, in the order of the file."""
        return self.letter_file.letters

    @cached_property
    def channel_file(self) -> ChannelFile:
        """Channels, and numbers that people try in vain."""
        return self._shelf.file("channels.yaml", ChannelFile)

    @cached_property
    def masks(self) -> MaskFile:
        """Levels and rules of masking."""
        return self._shelf.file("masks.yaml", MaskFile)

    @cached_property
    def remedy_file(self) -> RemedyFile:
        """Remedies and the statutory extras."""
        return self._shelf.file("remedies.yaml", RemedyFile)

    @cached_property
    def playbook_file(self) -> PlaybookFile:
        """Playbooks and the rules of note-taking."""
        return self._shelf.file("playbooks.yaml", PlaybookFile)

    @cached_property
    def pastes(self) -> PasteFile:
        """How pasted text is read."""
        return self._shelf.file("pastes.yaml", PasteFile)

    @cached_property
    def samples(self) -> SampleFile:
        """The ten cases of the demo."""
        return self._shelf.file("samples.yaml", SampleFile)

    @cached_property
    def quiet_file(self) -> QuietFile:
        """Limits of silence."""
        return self._shelf.file("quiet.yaml", QuietFile)

    @cached_property
    def deadline_file(self) -> DeadlineFile:
        """Events, deadlines and the phrases of promises."""
        return self._shelf.file("deadlines.yaml", DeadlineFile)

    @cached_property
    def glossary(self) -> WordFile:
        """Terms, states of a case, and words that are confused."""
        return self._shelf.file("glossary.yaml", WordFile)

    # Tables, by id or by what a person types.

    def name_of(self, catalogue: ChoiceTable, key: str) -> Label | None:
        """What an entry is called; None for one that only another machine's handbook has."""
        entry = self.choices(catalogue).get(key)
        return entry.label if entry is not None else None

    def choices(self, catalogue: ChoiceTable) -> Choices:
        """The entries that a choice is from."""
        match catalogue:
            case "problems":
                return self.problems
            case "remedies":
                return self.remedies
            case "outcomes":
                return self.outcomes
            case "channels":
                return self.channels
            case "ladder":
                return self.ladder
            case "evidence_types":
                return self.evidence_types

    @cached_property
    def aftersale_states(self) -> Table[AftersaleState]:
        return Table(msg("after-sales state"), self.aftersale_file.states, "aftersales")

    @cached_property
    def aftersale_types(self) -> Table[AftersaleType]:
        return Table(msg("after-sales type"), self.aftersale_file.types, "aftersales")

    @cached_property
    def articles(self) -> Table[Article]:
        return Table(msg("article"), self.law_file.articles, "laws")

    @cached_property
    def channels(self) -> Table[ChannelEntry]:
        return Table(msg("channel"), self.channel_file.channels, "channels")

    @cached_property
    def deadlines(self) -> Table[DeadlineEntry]:
        return Table(msg("deadline"), self.deadline_file.deadlines, "deadlines")

    @cached_property
    def events(self) -> Table[EventEntry]:
        return Table(msg("event"), self.deadline_file.events, "events")

    @cached_property
    def evidence_types(self) -> Table[EvidenceType]:
        return Table(msg("kind of evidence"), self.evidence_file.evidence_types, "evidence")

    @cached_property
    def extras(self) -> Table[Extra]:
        return Table(msg("statutory extra"), self.remedy_file.extras, "remedies")

    @cached_property
    def ladder(self) -> Table[Rung]:
        return Table(msg("rung"), self.ladder_file.ladder, "ladder")

    @cached_property
    def laws(self) -> Table[Law]:
        return Table(msg("law"), self.law_file.laws, "laws")

    @cached_property
    def outcomes(self) -> Table[OutcomeEntry]:
        return Table(msg("outcome"), self._shelf.file("outcomes.yaml", OutcomeFile).outcomes, "outcomes")

    @cached_property
    def platform_clocks(self) -> Table[PlatformClock]:
        return Table(msg("platform time limit"), self.aftersale_file.platform_clocks, "deadlines")

    @cached_property
    def playbooks(self) -> Table[Playbook]:
        return Table(msg("playbook"), self.playbook_file.playbooks, "playbooks")

    @cached_property
    def problems(self) -> Table[Problem]:
        return Table(msg("problem"), self._shelf.file("problems.yaml", ProblemFile).problems, "problems")

    @cached_property
    def quiet(self) -> Table[QuietLimitEntry]:
        return Table(msg("silence limit"), self.quiet_file.quiet, "quiet")

    @cached_property
    def remedies(self) -> Table[Remedy]:
        return Table(msg("remedy"), self.remedy_file.remedies, "remedies")

    @cached_property
    def schemes(self) -> Table[Scheme]:
        return Table(msg("service mark"), self.aftersale_file.schemes, "schemes")

    @cached_property
    def sources(self) -> Table[Source]:
        return Table(msg("source"), self._shelf.file("sources.yaml", SourceFile).sources, "sources")

    @property
    def rights(self) -> tuple[Article, ...]:
        """The nine rights of a consumer, in the order of the law (CRPL arts 7 to 15)."""
        numbered = [(article.right, article) for article in self.articles if article.right is not None]
        return tuple(article for _, article in sorted(numbered, key=lambda pair: pair[0]))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold().replace(",", "")


def _names(entry: Listed) -> tuple[str, ...]:
    return tuple(map(_plain, (entry.key, entry.label.zh, entry.label.en, *entry.former)))


def _said(entries: list[_E]) -> tuple[Message, ...]:
    return tuple(msg("{id} ({name})", id=entry.key, name=entry.label) for entry in entries[:_CLOSE])
