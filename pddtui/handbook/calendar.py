"""What is known of years whose working-day calendar is not in the calendar package yet."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pddtui.handbook.model import Named, SpanText, Strict
from pddtui.message import Label

__all__ = ["CalendarFile", "CalendarRules", "CalendarYear", "StatutoryDay", "WarnFrom"]


class StatutoryDay(Strict, frozen=True, kw_only=True):
    """A statutory day off and its feast."""

    day: date
    zh: str
    en: str

    @property
    def label(self) -> Label:
        """The feast."""
        return Label(self.zh, self.en)


class CalendarYear(Named, frozen=True, kw_only=True):
    """One year. Unless it is `published`, a date counted through it is an estimate."""

    year: int
    published: bool = False
    """The State Council notice is out: `days_off` and `make_up` are complete."""
    statutory: tuple[StatutoryDay, ...] = ()
    """All that is certain before the notice."""
    days_off: tuple[date, ...] = ()
    """Days off that fall on Monday to Friday."""
    make_up: tuple[date, ...] = ()
    """Make-up days: Saturdays and Sundays that count as working days."""

    @property
    def key(self) -> str:
        """What `Table` finds it by."""
        return str(self.year)


class WarnFrom(Strict, frozen=True, kw_only=True):
    """The day of each year from which a missing next year is worth a warning."""

    month: int
    day: int


class CalendarRules(Strict, frozen=True, kw_only=True):
    """How the calendars are asked, and what an estimate means."""

    package: str
    first_year: int
    """The package is exact from this year …"""
    last_year: int
    """… to this one, and refuses later years."""
    order: tuple[Literal["user", "package", "statutory", "weekdays"], ...]
    """Who is asked first."""
    red_after_estimate: SpanText
    """How long after an estimated date nothing turns red."""
    warn_from: WarnFrom
    estimated: Label
    """What stands before an estimated date."""
    rules: tuple[Label, ...]
    src: tuple[str, ...]


class CalendarFile(Strict, frozen=True, kw_only=True):
    years: tuple[CalendarYear, ...]
    calendar: CalendarRules
