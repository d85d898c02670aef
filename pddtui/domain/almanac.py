"""Days seen from another day: of which week, month, quarter and year they are.

Weeks run from Monday to Sunday. A month that lacks a day ends with its last one (Civil Code, art. 202).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

__all__ = [
    "FRIDAY",
    "SUNDAY",
    "day_or_last",
    "days_ahead",
    "end_of_month",
    "end_of_named_month",
    "end_of_quarter",
    "end_of_week",
    "end_of_year",
    "next_weekday",
    "weekday_in_week",
]

FRIDAY, SUNDAY = 4, 6
MONTHS_IN_A_QUARTER = 3


def days_ahead(days: int, today: date) -> date:
    return today + timedelta(days=days)


def next_weekday(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday()) % 7)


def weekday_in_week(weeks: int, weekday: int, today: date) -> date:
    return today + timedelta(days=7 * weeks + weekday - today.weekday())


def end_of_month(months: int, today: date) -> date:
    return day_or_last(months, 31, today)


def day_or_last(months: int, day: int, today: date) -> date:
    """That day of the month so many months ahead, or its last one."""
    years, month = divmod(today.month - 1 + months, 12)
    year = today.year + years
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def end_of_named_month(month: int, day: int, years_ahead: int | None, today: date) -> date:
    months = month - today.month
    if years_ahead is not None:
        months += 12 * years_ahead
    elif day_or_last(months, day, today) < today:
        months += 12
    return day_or_last(months, day, today)


def end_of_quarter(quarters: int, today: date) -> date:
    return end_of_month(MONTHS_IN_A_QUARTER * quarters + (-today.month) % MONTHS_IN_A_QUARTER, today)


def end_of_year(years: int, today: date) -> date:
    return date(today.year + years, 12, 31)


def end_of_week(weeks: int, today: date) -> date:
    return weekday_in_week(weeks, SUNDAY, today)
