"""The files of the handbook: what is in each, and what must fit together in it beyond the kinds of its fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pddtui.domain.span import inverted, span
from pddtui.handbook.aftersales import AftersaleFile
from pddtui.handbook.calendar import CalendarFile, CalendarYear
from pddtui.handbook.channels import ChannelFile
from pddtui.handbook.deadlines import DeadlineFile
from pddtui.handbook.evidence import EvidenceFile
from pddtui.handbook.faults import Fault, Path
from pddtui.handbook.ladder import LadderFile, QuietFile
from pddtui.handbook.laws import LawFile
from pddtui.handbook.masks import MaskFile
from pddtui.handbook.model import Strict
from pddtui.handbook.playbooks import PlaybookFile
from pddtui.handbook.problems import OutcomeFile, ProblemFile, RemedyFile
from pddtui.handbook.samples import SampleFile
from pddtui.handbook.sources import SourceFile
from pddtui.handbook.words import ClaimFile, WordFile
from pddtui.message import msg

__all__ = ["FILES", "LATE_AMBER", "check"]

FILES: Mapping[str, type[Strict]] = {
    "aftersales.yaml": AftersaleFile,
    "calendar.yaml": CalendarFile,
    "channels.yaml": ChannelFile,
    "deadlines.yaml": DeadlineFile,
    "evidence.yaml": EvidenceFile,
    "glossary.yaml": WordFile,
    "ladder.yaml": LadderFile,
    "laws.yaml": LawFile,
    "masks.yaml": MaskFile,
    "outcomes.yaml": OutcomeFile,
    "playbooks.yaml": PlaybookFile,
    "problems.yaml": ProblemFile,
    "quiet.yaml": QuietFile,
    "remedies.yaml": RemedyFile,
    "samples.yaml": SampleFile,
    "seed_issues.yaml": ClaimFile,
    "sources.yaml": SourceFile,
}
"""Every file by its name, in `data/` and in the user's folder."""

LATE_AMBER = msg("amber comes later than red: amber is the first warning")

_SATURDAY = 5


def check(value: Strict) -> None:
    """Raises `Fault` at the first entry of a decoded file that contradicts itself."""
    match value:
        case CalendarFile():
            for index, year in enumerate(value.years):
                _check_year(year, ("years", index))
        case QuietFile():
            for index, limit in enumerate(value.quiet):
                if inverted(span(limit.amber), span(limit.red)):
                    raise Fault(LATE_AMBER, path=("quiet", index, "amber"))


def _check_year(year: CalendarYear, path: Path) -> None:
    for number, feast in enumerate(year.statutory):
        _check_own(year, feast.day, (*path, "statutory", number, "day"))
    for number, day in enumerate(year.days_off):
        _check_own(year, day, (*path, "days_off", number))
    for number, day in enumerate(year.make_up):
        place = (*path, "make_up", number)
        _check_own(year, day, place)
        if day in year.days_off:
            raise Fault(msg("{day} cannot be both a day off and a make-up day", day=day.isoformat()), path=place)
        if day.weekday() < _SATURDAY:
            message = msg(
                "{day} is no Saturday or Sunday, and only those can be worked to make up for a holiday",
                day=day.isoformat(),
            )
            raise Fault(message, path=place)


def _check_own(year: CalendarYear, day: date, path: Path) -> None:
    if day.year != year.year:
        raise Fault(msg("{day} is no day of {year}", day=day.isoformat(), year=str(year.year)), path=path)
