"""The handbook: every table of `data/*.yaml`, each file read when it is first asked for.

A file of the same name in the user's folder adds entries or overrides them by id. A broken one
costs nothing but a warning: the handbook that ships with the program then stands.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from pddtui import assets
from pddtui.handbook.aftersales import AftersaleFile, AftersaleState, AftersaleType, PlatformClock, Scheme
from pddtui.handbook.calendar import CalendarFile
from pddtui.handbook.channels import Channel, ChannelFile
from pddtui.handbook.deadlines import Deadline, DeadlineFile, Event
from pddtui.handbook.evidence import EvidenceFile, EvidenceType
from pddtui.handbook.ladder import LadderFile, QuietFile, QuietLimit, Rung
from pddtui.handbook.laws import Article, Law, LawFile
from pddtui.handbook.masks import MaskFile
from pddtui.handbook.playbooks import Playbook, PlaybookFile
from pddtui.handbook.problems import Extra, Outcome, OutcomeFile, Problem, ProblemFile, Remedy, RemedyFile
from pddtui.handbook.samples import SampleFile
from pddtui.handbook.shelf import SETTINGS, Shelf
from pddtui.handbook.sources import Source, SourceFile
from pddtui.handbook.table import Table
from pddtui.handbook.words import ClaimFile, WordFile
from pddtui.message import Message, msg

__all__ = ["Handbook"]


class Handbook:
    """The reference data of the field. It is no legal advice."""

    def __init__(
        self, read: Callable[[str], str] = assets.read_text, user: Path | None = None, settings: str = SETTINGS
    ) -> None:
        """`user` is the folder of the user's own files; `settings` lies there too and is none of them."""
        self._shelf = Shelf(read, user, settings)

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What was wrong with the user's own files, as far as they have been read."""
        return self._shelf.warnings

    # Whole files, for the tables that are read in order and never looked up.

    @cached_property
    def aftersale_file(self) -> AftersaleFile:
        """Types, states, clocks, schemes and cautions of the app's after-sales requests."""
        return self._shelf.file("aftersales.yaml", AftersaleFile)

    @cached_property
    def calendar(self) -> CalendarFile:
        """What is known of years without a published calendar."""
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
    def evidence_file(self) -> EvidenceFile:
        """Evidence types, the base set, and how to keep evidence."""
        return self._shelf.file("evidence.yaml", EvidenceFile)

    @cached_property
    def law_file(self) -> LawFile:
        """Laws, articles, changes and internet courts."""
        return self._shelf.file("laws.yaml", LawFile)

    @cached_property
    def channel_file(self) -> ChannelFile:
        """Channels and not-channels."""
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
        """The glossary."""
        return self._shelf.file("glossary.yaml", WordFile)

    # Tables, by id or by what a person types.

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
    def channels(self) -> Table[Channel]:
        return Table(msg("channel"), self.channel_file.channels, "channels")

    @cached_property
    def deadlines(self) -> Table[Deadline]:
        return Table(msg("deadline"), self.deadline_file.deadlines, "deadlines")

    @cached_property
    def events(self) -> Table[Event]:
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
    def outcomes(self) -> Table[Outcome]:
        return Table(msg("outcome"), self._shelf.file("outcomes.yaml", OutcomeFile).outcomes, "outcomes")

    @cached_property
    def platform_clocks(self) -> Table[PlatformClock]:
        return Table(msg("platform clock"), self.aftersale_file.platform_clocks, "deadlines")

    @cached_property
    def playbooks(self) -> Table[Playbook]:
        return Table(msg("playbook"), self.playbook_file.playbooks, "playbooks")

    @cached_property
    def problems(self) -> Table[Problem]:
        return Table(msg("problem"), self._shelf.file("problems.yaml", ProblemFile).problems, "problems")

    @cached_property
    def quiet(self) -> Table[QuietLimit]:
        return Table(msg("limit of silence"), self.quiet_file.quiet, "quiet")

    @cached_property
    def remedies(self) -> Table[Remedy]:
        return Table(msg("remedy"), self.remedy_file.remedies, "remedies")

    @cached_property
    def schemes(self) -> Table[Scheme]:
        return Table(msg("service mark"), self.aftersale_file.schemes, "schemes")

    @cached_property
    def sources(self) -> Table[Source]:
        return Table(msg("source"), self._shelf.file("sources.yaml", SourceFile).sources, "sources")

    # What is asked most.

    @property
    def rights(self) -> tuple[Article, ...]:
        """The nine rights of a consumer, in the order of the law (CRPL arts 7 to 15)."""
        numbered = [(article.right, article) for article in self.articles if article.right is not None]
        return tuple(article for _, article in sorted(numbered, key=lambda pair: pair[0]))

    def rung_of_channel(self, channel: str) -> Rung | None:
        """The lowest rung that is reached through the channel, or None for one outside the ladder."""
        rungs = sorted(self.ladder, key=lambda rung: rung.level)
        return next((rung for rung in rungs if channel in rung.channels), None)
