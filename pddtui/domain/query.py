"""The filter language of the case list: words that must occur, and `field:value` terms.

    kettle turn:theirs is:quiet rung:platform -tag:done "exact words"

Words are looked for in everything that a case says, whatever their case or width. `is:` takes every word that is
shown for the state of a case or for whose turn it is, in every language, and the kinds of flags, the levels, and
`open` for whatever has not ended. A mistake is refused with its column, so that the filter line can point at it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter

from msgspec import Struct

from pddtui.domain.attention import STATES, Attention
from pddtui.domain.case import STATUSES, TURNS, Case, Contact, Evidence, Filing, FollowUp, Promise
from pddtui.domain.fields import MYSELF, fields_of
from pddtui.domain.flags import FLAG_KINDS
from pddtui.domain.silence import Level
from pddtui.domain.text import fold
from pddtui.errors import Refused
from pddtui.message import Message, msg

__all__ = ["Query", "Spellings", "english", "haystack", "parse_query"]

_FIELDS = ("turn", "status", "rung", "problem", "tag", "for", "is")

_TERM = re.compile(r'(?P<no>-?)(?:(?P<field>[a-z_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+))')

Test = Callable[[Attention, str], bool]
"""Whether a case passes, from its attention and its folded haystack."""

Is = Callable[[Attention], bool]

Spellings = Callable[[Message], Iterable[str]]
"""What a person may type for a word: how the program writes it in each of its languages."""


class _Word(Struct, frozen=True):
    """One word that `is:` takes."""

    id: str
    """The id, as it stands in the file and in JSON."""
    word: Message
    test: Is


def _shown(name: str, word: Message) -> _Word:
    """A word that is shown for the state or the turn of a case, with the cases that show it."""
    return _Word(name, word, lambda entry: word in (entry.state.word, TURNS[entry.turn]))


def _flagged(kind: str, word: Message) -> _Word:
    return _Word(kind, word, lambda entry: any(flag.kind == kind for flag in entry.flags))


WORDS: tuple[_Word, ...] = (
    *(_shown(name, state.word) for name, state in STATES.items()),
    *(_shown(turn, word) for turn, word in TURNS.items()),
    _Word("open", STATUSES["open"].word, lambda entry: entry.case.status == "open"),
    *(_flagged(kind, word) for kind, word in FLAG_KINDS.items()),
)
"""What `is:` takes besides the levels; where two share a word, it means the first."""

FLAG_LEVELS: tuple[Level, ...] = ("red", "amber")


class Query(Struct, frozen=True):
    """A parsed filter."""

    tests: tuple[Test, ...]

    def __call__(self, attention: Attention, hay: str) -> bool:
        """Whether the case passes every term."""
        return all(test(attention, hay) for test in self.tests)


def english(word: Message) -> tuple[str, ...]:
    """The spelling where no catalogue is at hand."""
    return (word.template,)


def parse_query(text: str, spellings: Spellings = english, people: Mapping[str, str] | None = None) -> Query:
    """Read a filter; `people` are the names of those who go by a short one in the settings.

    Raises `Refused` with `position` on an unknown field or a word that `is:` does not know.
    """
    return Query(tuple(_terms(text, spellings, {fold(short): fold(name) for short, name in (people or {}).items()})))


def haystack(case: Case) -> str:
    """Everything searchable in the case, folded, one value a line."""
    return fold("\n".join(part for part in _words(case) if part))


def _terms(text: str, spellings: Spellings, people: Mapping[str, str]) -> Iterator[Test]:
    place = 0
    while match := _TERM.search(text, place):
        place = match.end()
        value = match["quoted"] if match["quoted"] is not None else match["word"]
        if match["field"] is None and value.removesuffix(":") in _FIELDS and value.endswith(":"):
            raise Refused(
                msg("“{field}” needs a value directly after it, as in turn:theirs or is:quiet.", field=value),
                position=match.end(),
            )
        if match["field"] == "is":
            found, place = _is(value, text, place, spellings)
            if found is None:
                raise Refused(
                    msg("There is no filter “is:{value}”; use {words}.", value=fold(value), words=_known()),
                    position=match.start(),
                )
            test = _of_attention(found)
        elif match["field"] == "for":
            test = _of_attention(_kept_for(fold(value).strip(), people))
        else:
            test = _test(match["field"], fold(value), match.start())
        yield _not(test) if match["no"] else test


def _not(test: Test) -> Test:
    return lambda attention, hay: not test(attention, hay)


def _of_attention(test: Is) -> Test:
    return lambda attention, _: test(attention)


def _kept_for(name: str, people: Mapping[str, str]) -> Is:
    """Whether a case is that person's, by a part of the name; with no other name for me, by that I am nobody else."""
    if name in MYSELF:
        return lambda entry: entry.case.complainant is None
    wanted = people.get(name, name)
    return lambda entry: entry.case.complainant is not None and wanted in fold(entry.case.complainant.name or "")


def _is(value: str, text: str, place: int, spellings: Spellings) -> tuple[Is | None, int]:
    """What `is:` with that value asks for, None if nothing, and where the term ends.

    A term of two words need not be quoted: the next word is read too where only both together are known.
    """
    if (found := _meaning(value, spellings)) is not None:
        return found, place
    match = _TERM.match(text, place + 1)
    if match is None or match["no"] or match["field"] is not None or match["word"] is None:
        return None, place
    return _meaning(f"{value} {match['word']}", spellings), match.end()


def _meaning(value: str, spellings: Spellings) -> Is | None:
    typed = _plain(value)
    for level in FLAG_LEVELS:
        if typed == level:
            return lambda entry: entry.level == level
    for spelled in (lambda word: (word.id, *english(word.word)), lambda word: spellings(word.word)):
        for word in WORDS:
            if typed in map(_plain, spelled(word)):
                return word.test
    return None


def _plain(word: str) -> str:
    """Folded, with blanks for what joins two words into one."""
    return fold(word).replace("_", " ").replace("-", " ")


def _known() -> tuple[Message | str, ...]:
    """Every word that `is:` takes, the states first, the levels last."""
    return (*{word.word.template: word.word for word in WORDS}.values(), *FLAG_LEVELS)


def _test(field: str | None, value: str, position: int) -> Test:
    match field:
        case None:
            return lambda _, hay: value in hay
        case "turn":
            return lambda attention, _: attention.turn.startswith(value)
        case "status":
            return lambda attention, _: attention.case.status.startswith(value)
        case "problem":
            return lambda attention, _: (attention.case.problem or "").startswith(value)
        case "rung":
            return lambda attention, _: any(filing.rung.startswith(value) for filing in attention.case.filings)
        case "tag":
            return lambda attention, _: any(fold(tag) == value for tag in attention.case.tags)
    raise Refused(
        msg("There is no field “{field}”; use turn, status, rung, problem, tag, for or is.", field=field),
        position=position,
    )


def _words(case: Case) -> Iterator[str | None]:
    """Every text that is somebody's own, of the case and of all that is in it."""
    yield case.ref
    yield from _texts(Case)(case)
    for filing in case.filings:
        yield from _texts(Filing)(filing)
    for contact in case.contacts:
        yield from _texts(Contact)(contact)
        for promise in contact.promises:
            yield from _texts(Promise)(promise)
    for task in case.follow_ups:
        yield from _texts(FollowUp)(task)
    for record in case.evidence:
        yield from _texts(Evidence)(record)
    if case.outcome is not None:
        yield case.outcome.note
    if case.complainant is not None:
        yield from (case.complainant.name, case.complainant.phone, case.complainant.address)
    yield from case.tags


@cache
def _texts(kind: type[Struct]) -> Callable[[Struct], Sequence[str | None]]:
    """Reads the texts of a thing in one go: the desk does it for every case of a file."""
    fields = [field for field in (fields_of(kind) or {}).values() if field.kind in ("line", "text")]
    places = [field.place for field in fields if not field.place.startswith(("outcome.", "complainant."))]
    if len(places) == 1:
        only = attrgetter(places[0])
        return lambda thing: (only(thing),)
    return attrgetter(*places)
