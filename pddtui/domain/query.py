"""The filter language of the case list: words that must occur, and `field:value` terms.

    kettle turn:theirs is:quiet rung:platform -tag:done "exact words"

Words are looked for in everything the case says, without regard to case or full width. A mistake
is refused with the column where it is, so that the filter line can point at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from pddtui.domain.attention import Attention
from pddtui.domain.case import Case
from pddtui.domain.text import fold
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["Query", "haystack", "parse"]

Test = Callable[[Attention, str], bool]
"""Decides over a case's attention and its folded haystack."""

_TERM = re.compile(r'(?P<no>-?)(?:(?P<field>[a-z_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+))')

_FIELDS = ("turn", "status", "rung", "problem", "tag", "is")

FLAGS = {"quiet": "quiet", "follow_up": "follow_up", "promise": "promise", "deadline": "deadline", "verify": "verify"}


class Query(Struct, frozen=True):
    """A parsed filter."""

    tests: tuple[Test, ...]

    def __call__(self, attention: Attention, hay: str) -> bool:
        """Whether the case passes every term."""
        return all(test(attention, hay) for test in self.tests)


def parse(text: str) -> Query:
    """Read a filter. Raises `Refused` with `position` on an unknown field or flag."""
    return Query(tuple(_terms(text)))


def _terms(text: str) -> Iterator[Test]:
    for match in _TERM.finditer(text):
        value = match["quoted"] if match["quoted"] is not None else match["word"]
        if match["field"] is None and value.removesuffix(":") in _FIELDS and value.endswith(":"):
            raise Refused(
                msg("“{field}” needs a value right behind it, as in turn:theirs or is:quiet.", field=value),
                position=match.end(),
            )
        test = _test(match["field"], fold(value), match.start())
        yield _not(test) if match["no"] else test


def _not(test: Test) -> Test:
    return lambda attention, hay: not test(attention, hay)


def _test(field: str | None, value: str, position: int) -> Test:
    match field:
        case None:
            return lambda _, hay: value in hay
        case "turn":
            return lambda attention, _: attention.silence.standing.turn.startswith(value)
        case "status":
            return lambda attention, _: attention.case.status.startswith(value)
        case "problem":
            return lambda attention, _: (attention.case.problem or "").startswith(value)
        case "rung":
            return lambda attention, _: any(filing.rung.startswith(value) for filing in attention.case.filings)
        case "tag":
            return lambda attention, _: any(fold(tag) == value for tag in attention.case.tags)
        case "is":
            return _flagged(value, position)
    raise Refused(
        msg("There is no field “{field}”; use turn, status, rung, problem, tag or is.", field=field), position=position
    )


def _flagged(value: str, position: int) -> Test:
    match value:
        case "overdue":
            return lambda attention, _: any(flag.overdue for flag in attention.flags)
        case "red" | "amber":
            return lambda attention, _: attention.level == value
        case "open":
            return lambda attention, _: attention.case.status == "open"
        case "closed":
            return lambda attention, _: attention.case.status != "open"
        case _ if value in FLAGS:
            return lambda attention, _: any(flag.kind == FLAGS[value] for flag in attention.flags)
    raise Refused(
        msg("“is:{value}” is not known; use overdue, quiet, red, amber, open or closed.", value=value),
        position=position,
    )


def haystack(case: Case) -> str:
    """Everything searchable that the case says, folded, one thing a line."""
    return fold("\n".join(part for part in _words(case) if part))


def _words(case: Case) -> Iterator[str | None]:
    yield from (case.ref, case.title, case.merchant, case.description, case.operator.name)
    yield from (case.order.number, case.order.product, case.order.tracking, *case.tags)
    for filing in case.filings:
        yield filing.reference
    for contact in case.contacts:
        yield from (contact.summary, contact.person.name, contact.person.role, contact.person.staff_no)
        for promise in contact.promises:
            yield promise.text
    for task in case.follow_ups:
        yield task.text
    for record in case.evidence:
        yield from (record.proves, record.place, record.original_name)
