"""The filter language of the case list: words that must occur, and `field:value` terms.

    kettle turn:theirs is:quiet rung:platform -tag:done "exact words" sort:sum

Words are looked for in everything that a case says, whatever their case or width, and in what people call its problem;
in pinyin too, where somebody tells how it sounds. Fields and values may be typed as the program shows them, in either
language: `是:逾期`. `is:` takes every word that is shown for the state of a case or for whose turn it is, the kinds of
flags, the levels, and `open` for whatever has not ended. A mistake is refused with its column, so that the filter line
can point at it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Literal, Protocol

from msgspec import Struct

from pddtui.domain.attention import STATES, Attention
from pddtui.domain.case import STATUSES, TURNS, Case, Contact, Evidence, Filing, FollowUp, Promise
from pddtui.domain.fields import MYSELF, fields_of
from pddtui.domain.flags import FLAG_KINDS
from pddtui.domain.silence import Level
from pddtui.domain.text import fold
from pddtui.errors import Refused
from pddtui.message import Message, Words, msg

__all__ = [
    "SORTS",
    "FilterTerm",
    "Hay",
    "Query",
    "QueryReader",
    "SortId",
    "Spellings",
    "english",
    "haystack",
    "parse_query",
]

_Field = Literal["is", "turn", "status", "rung", "problem", "tag", "for", "sort"]

_FIELDS: Mapping[_Field, Message] = {
    "is": msg("is", context="filter"),
    "turn": msg("turn", context="filter"),
    "rung": msg("rung"),
    "problem": msg("problem", context="filter"),
    "tag": msg("tag", context="filter"),
    "for": msg("for", context="filter"),
    "status": msg("status"),
    "sort": msg("sort", context="filter"),
}

SortId = Literal["due", "silence", "sum", "title"]

SORTS: Mapping[SortId, Message] = {
    "due": msg("due"),
    "silence": msg("silence"),
    "sum": msg("sum", context="order"),
    "title": msg("title"),
}
"""By what the cases may be put in order: soonest due, longest silence, largest sum, or by their titles."""

_TERM = re.compile(r'(?P<no>[-\uff0d]?)(?:(?P<field>[^\W\d]\w*)[:\uff1a])?(?:"(?P<quoted>[^"]*)"?|(?P<word>[^\s"]+))')


class SoundsLike(Protocol):
    """What a typed word may sound like."""

    @property
    def sure(self) -> bool:
        """Whether it is long enough not to meet anything by chance."""
        ...

    def within(self, text: str, /) -> bool:
        """Whether a part of the text sounds like it."""
        ...


class Hay(Struct, frozen=True):
    """What a case says, folded."""

    names: str = ""
    """What it is called and who is in it, one value a line."""
    text: str = ""
    """All the rest."""


class Test(Protocol):
    def __call__(self, attention: Attention, hay: Hay, /, *, widely: bool) -> bool:
        """Whether a case passes. `widely` takes what sounds alike by chance too."""
        ...


Is = Callable[[Attention], bool]

Spellings = Callable[[Words], Iterable[str]]
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


def english(words: Words) -> tuple[str, ...]:
    """The spelling where no catalogue is at hand."""
    return (words.template,) if isinstance(words, Message) else ()


def _deaf(_word: str) -> None:
    """Nothing is known of how words sound."""


class QueryReader(Struct, frozen=True, kw_only=True):
    """How what a person types is understood."""

    spellings: Spellings = english
    sounds: Callable[[str], SoundsLike | None] = _deaf
    people: Mapping[str, str] = {}
    """The names of those who go by a short one in the settings, folded."""
    problems: Mapping[str, tuple[str, ...]] = {}
    """What each problem is called, folded: its name in each language, then whatever else people say."""

    def spelled(self, words: Words) -> tuple[str, ...]:
        """The word in every spelling, folded."""
        return tuple(map(fold, self.spellings(words)))

    def means(self, typed: str, *names: str) -> bool:
        """Whether what was typed stands in one of the names, or sounds like a part of one."""
        sounds = self.sounds(typed)
        return any(typed in name or (sounds is not None and sounds.within(name)) for name in names)


class FilterTerm(Struct, frozen=True):
    """One term of a filter."""

    text: str
    """As it was typed."""
    test: Test
    word: str | None = None
    """The word that is looked for, folded, where it is one, and is to be there."""
    listens: bool = False
    """Whether it looks for what sounds alike."""


class Query(Struct, frozen=True):
    """A parsed filter."""

    terms: tuple[FilterTerm, ...]
    order: SortId | None = None
    backwards: bool = False

    def __call__(self, attention: Attention, hay: Hay, *, widely: bool = False) -> bool:
        """Whether the case passes every term. `widely` takes what sounds alike by chance too."""
        return all(term.test(attention, hay, widely=widely) for term in self.terms)

    @property
    def listens(self) -> bool:
        """Whether looking `widely` could find more."""
        return any(term.listens for term in self.terms)


_PLAIN = QueryReader()


def parse_query(text: str, reader: QueryReader = _PLAIN) -> Query:
    """Read a filter.

    Raises `Refused` with `position` on an unknown field or a word that a field does not know.
    """
    terms: list[FilterTerm] = []
    order: SortId | None = None
    backwards = False
    place = 0
    while match := _TERM.search(text, place):
        place = match.end()
        value = match["quoted"] if match["quoted"] is not None else match["word"]
        name = match["field"]
        field = _field(name, reader) if name is not None else None
        if name is None and value[-1:] in (":", "\uff1a") and _field(value[:-1], reader) is not None:
            raise Refused(
                msg("“{field}” needs a value directly after it, as in turn:theirs or is:quiet.", field=value),
                position=match.end(),
            )
        if name is not None and field is None and name.isascii():
            raise Refused(
                msg("There is no field “{field}”; use {fields}.", field=name, fields=(*_FIELDS.values(),)),
                position=match.start(),
            )
        if field == "sort":
            order, backwards = _order(fold(value), match.start(), reader), bool(match["no"])
            continue
        if field is None:
            whole = fold(match[0].removeprefix(match["no"])).replace('"', "") if name is not None else fold(value)
            term = FilterTerm(match[0], *_word(whole, reader))
        elif field == "is":
            found, place = _is(value, text, place, reader)
            if found is None:
                raise Refused(_no_such(fold(value), reader), position=match.start())
            term = FilterTerm(text[match.start() : place], _of_attention(found))
        else:
            term = FilterTerm(match[0], _of_attention(_of_field(field, fold(value).strip(), reader)))
        terms.append(FilterTerm(term.text, _not(term.test)) if match["no"] else term)
    return Query(tuple(terms), order, backwards)


def haystack(case: Case, reader: QueryReader = _PLAIN) -> Hay:
    """Everything searchable in the case."""
    names, others = _names(case, reader), _others(case)
    return Hay(*(fold("\n".join(part for part in parts if part)) for parts in (names, others)))


def _field(typed: str, reader: QueryReader) -> _Field | None:
    wanted = fold(typed)
    for field, word in _FIELDS.items():
        if wanted == field or wanted in reader.spelled(word):
            return field
    return None


def _order(typed: str, position: int, reader: QueryReader) -> SortId:
    for order, word in SORTS.items():
        if typed and (order.startswith(typed) or reader.means(typed, *reader.spelled(word))):
            return order
    raise Refused(
        msg("There is no order “{value}”; use {orders}.", value=typed, orders=(*SORTS.values(),)), position=position
    )


def _word(word: str, reader: QueryReader) -> tuple[Test, str, bool]:
    """The test for a word, the word, and whether it is listened for."""
    also = {other for known in reader.problems.values() if word in known for other in known} - {word}
    sounds = reader.sounds(word)

    def test(_: Attention, hay: Hay, /, *, widely: bool) -> bool:
        if word in hay.names or word in hay.text or any(other in hay.names or other in hay.text for other in also):
            return True
        if sounds is None:
            return False
        return sounds.within(hay.names) or ((sounds.sure or widely) and sounds.within(hay.text))

    return test, word, sounds is not None


def _not(test: Test) -> Test:
    def opposite(attention: Attention, hay: Hay, /, *, widely: bool) -> bool:
        return not test(attention, hay, widely=widely)

    return opposite


def _of_attention(test: Is) -> Test:
    def of_attention(attention: Attention, _: Hay, /, *, widely: bool) -> bool:  # noqa: ARG001
        return test(attention)

    return of_attention


def _kept_for(name: str, people: Mapping[str, str]) -> Is:
    """Whether a case is that person's, by a part of the name; with no other name for me, by that I am nobody else."""
    if name in MYSELF:
        return lambda entry: entry.case.complainant is None
    wanted = people.get(name, name)
    return lambda entry: entry.case.complainant is not None and wanted in fold(entry.case.complainant.name or "")


def _is(value: str, text: str, place: int, reader: QueryReader) -> tuple[Is | None, int]:
    """What `is:` with that value asks for, None if nothing, and where the term ends.

    A term of two words need not be quoted: the next word is read too where only both together are known.
    """
    if (found := _meaning(value, reader)) is not None:
        return found, place
    match = _TERM.match(text, place + 1)
    if match is None or match["no"] or match["field"] is not None or match["word"] is None:
        return None, place
    return _meaning(f"{value} {match['word']}", reader), match.end()


def _meaning(value: str, reader: QueryReader) -> Is | None:
    typed = _plain(value)
    for level in FLAG_LEVELS:
        if typed == level:
            return lambda entry: entry.level == level
    for spelled in (lambda word: (word.id, *english(word.word)), lambda word: reader.spellings(word.word)):
        for word in WORDS:
            if typed in map(_plain, spelled(word)):
                return word.test
    sounds = reader.sounds(typed)
    for word in WORDS if sounds is not None else ():
        if any(sounds is not None and sounds.within(name) for name in reader.spelled(word.word)):
            return word.test
    return None


def _plain(word: str) -> str:
    """Folded, with blanks for what joins two words into one."""
    return fold(word).replace("_", " ").replace("-", " ")


def _no_such(typed: str, reader: QueryReader) -> Message:
    """That `is:` does not know the word, with the one that comes nearest, else with all that it knows."""
    near = _nearest(typed, (name for word in WORDS for name in (word.id, *reader.spelled(word.word))))
    if near is not None:
        return msg("There is no filter “is:{value}”; did you mean “is:{near}”?", value=typed, near=near)
    return msg("There is no filter “is:{value}”; use {words}.", value=typed, words=_known())


def _nearest(typed: str, known: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(typed, dict.fromkeys(known), n=1, cutoff=0.75)), None)


def _known() -> tuple[Message | str, ...]:
    """Every word that `is:` takes, the states first, the levels last."""
    return (*{word.word.template: word.word for word in WORDS}.values(), *FLAG_LEVELS)


def _of_field(field: _Field, value: str, reader: QueryReader) -> Is:
    match field:
        case "turn":
            turns = {turn for turn, word in TURNS.items() if _names_it(value, turn, word, reader)}
            return lambda entry: entry.turn in turns
        case "status":
            statuses = {status for status, mark in STATUSES.items() if _names_it(value, status, mark.word, reader)}
            return lambda entry: entry.case.status in statuses
        case "problem":
            kinds = {
                kind for kind, names in reader.problems.items() if kind.startswith(value) or reader.means(value, *names)
            }
            return lambda entry: (entry.case.problem or "").startswith(value) or entry.case.problem in kinds
        case "rung":
            return lambda entry: any(
                filing.rung.startswith(value) or _on_rung(filing.rung, value, entry, reader)
                for filing in entry.case.filings
            )
        case "for":
            return _kept_for(value, reader.people)
        case _:
            return lambda entry: any(fold(tag) == value for tag in entry.case.tags)


def _names_it(value: str, name: str, word: Message, reader: QueryReader) -> bool:
    return name.startswith(value) or reader.means(value, *reader.spelled(word))


def _on_rung(rung_id: str, value: str, entry: Attention, reader: QueryReader) -> bool:
    rung = entry.rules.rung(rung_id)
    return rung is not None and not value.isascii() and reader.means(value, *reader.spelled(rung.label))


_NAMES = frozenset({"title", "merchant", "order.product", "person.name"})
"""The texts by which a case is known."""


def _names(case: Case, reader: QueryReader) -> Iterator[str | None]:
    yield case.ref
    yield from _texts(Case, names=True)(case)
    for contact in case.contacts:
        yield contact.person.name
    if case.complainant is not None:
        yield case.complainant.name
    yield from case.tags
    yield from reader.problems.get(case.problem or "", ())


def _others(case: Case) -> Iterator[str | None]:
    """Every other text that is somebody's own, of the case and of all that is in it."""
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
        yield from (case.complainant.phone, case.complainant.address)


@cache
def _texts(kind: type[Struct], *, names: bool = False) -> Callable[[Struct], Sequence[str | None]]:
    """Reads the texts of a thing in one go: the desk does it for every case of a file."""
    fields = [field for field in (fields_of(kind) or {}).values() if field.kind in ("line", "text")]
    places = [
        field.place
        for field in fields
        if not field.place.startswith(("outcome.", "complainant.")) and (field.place in _NAMES) == names
    ]
    if len(places) == 1:
        only = attrgetter(places[0])
        return lambda thing: (only(thing),)
    return attrgetter(*places)
