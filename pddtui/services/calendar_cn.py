"""The working days of mainland China: what the user says, else the State Council's calendar, else an estimate.

The published years come from `chinesecalendar`, read at the first question. It knows nothing beyond
them and says so by raising; here every year has an answer, marked as estimated where it is one: Monday to Friday
without the statutory days and their make-up.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cached_property

from msgspec import Struct

from pddtui.domain.workdays import (
    FEASTS,
    Day,
    TabledCalendar,
    YearOverride,
    certain_days_off,
    day_off,
    statutory_days,
    weekday_or_weekend,
)
from pddtui.errors import BadInput
from pddtui.message import Label, Message, Words, msg

__all__ = ["ChinaCalendar"]

# The keys are the names in the package's table.
_HOLIDAYS: Mapping[str, Message] = {
    "New Year's Day": FEASTS["new_year"],
    "Spring Festival": FEASTS["spring"],
    "Tomb-sweeping Day": FEASTS["qingming"],
    "Labour Day": FEASTS["labour"],
    "Dragon Boat Festival": FEASTS["dragon_boat"],
    "Mid-autumn Festival": FEASTS["mid_autumn"],
    "National Day": FEASTS["national"],
    "Anti-Fascist 70th Day": msg("70th anniversary of victory"),
}


class _Published(Struct, frozen=True):
    off: Mapping[date, str]
    work: Mapping[date, str]
    first_year: int
    last_year: int


class ChinaCalendar(TabledCalendar):
    """A `Calendar` of mainland China, with make-up weekends.

    `overrides` are the user's, by year; they win over everything. `statutory` are the statutory days, with their
    feasts, of years whose calendar is not published; a year without any has those of the rules in force today.
    Refuses (`BadInput`) an override with a day of another year, or one both off and worked.
    """

    def __init__(
        self,
        overrides: Mapping[int, YearOverride] | None = None,
        statutory: Mapping[date, Label] | None = None,
    ) -> None:
        super().__init__()
        self._overrides = dict(overrides or {})
        self._statutory: dict[int, list[tuple[date, Words]]] = {}
        for day, feast in (statutory or {}).items():
            self._statutory.setdefault(day.year, []).append((day, feast))
        self._certain: dict[int, Mapping[date, Message]] = {}
        for year, override in self._overrides.items():
            _check(year, override)

    def work_out(self, day: date) -> Day:
        override = self._overrides.get(day.year)
        if override is not None:
            if day in override.off:
                return Day(date=day, works=False, reason=msg("day off in your own calendar"))
            if day in override.work:
                return Day(date=day, works=True, reason=msg("make-up day in your own calendar"))
        if self._published.first_year <= day.year <= self._published.last_year:
            return self._publish(day)
        if override is not None:
            return weekday_or_weekend(day)
        return self._estimate(day)

    def known_until(self) -> date:
        year = self._published.last_year
        while year + 1 in self._overrides:
            year += 1
        return date(year, 12, 31)

    def _publish(self, day: date) -> Day:
        published = self._published
        if day in published.work:
            return Day(
                date=day, works=True, reason=msg("make-up day for {holiday}", holiday=_holiday(published.work[day]))
            )
        if day in published.off:
            return Day(date=day, works=False, reason=day_off(_holiday(published.off[day])))
        return weekday_or_weekend(day)

    def _estimate(self, day: date) -> Day:
        reason = self._certain_in(day.year).get(day)
        if reason is not None:
            return Day(date=day, works=False, reason=reason, estimated=True)
        return weekday_or_weekend(day, estimated=True)

    def _certain_in(self, year: int) -> Mapping[date, Message]:
        """What is off in that year whatever the notice will say."""
        found = self._certain.get(year)
        if found is None:
            by_rule = [(day, FEASTS[feast]) for day, feast in statutory_days(year)]
            found = certain_days_off(self._statutory.get(year) or by_rule)
            self._certain[year] = found
        return found

    @cached_property
    def _published(self) -> _Published:
        # Only who counts days pays for the tables.
        import chinese_calendar

        off: Mapping[date, str] = chinese_calendar.holidays
        work: Mapping[date, str] = chinese_calendar.workdays
        return _Published(off, work, min(off).year, max(off).year)


def _holiday(name: str) -> Words:
    return _HOLIDAYS.get(name) or name


def _check(year: int, override: YearOverride) -> None:
    for day in sorted(override.off | override.work):
        if day.year != year:
            raise BadInput(
                msg("The calendar for {year} lists {day}: put each day under its own year.", year=year, day=day)
            )
    for day in sorted(override.off & override.work):
        raise BadInput(
            msg(
                "The calendar for {year} lists {day} both as a day off and as a working day: keep one of them.",
                year=year,
                day=day,
            )
        )
