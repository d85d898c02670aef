"""Looking for cases: what a filter finds, in which order, and what comes nearest where it finds nothing.

What is typed is looked for as it stands and, in the names of a case, as it sounds in pinyin. Only where no case has it
so, what sounds alike counts anywhere: two letters meet by chance in every longer text.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from pddtui.domain.attention import Attention
from pddtui.domain.query import Hay, Query, QueryReader, SortId, Spellings, parse_query
from pddtui.domain.rules import Rules
from pddtui.domain.text import fold
from pddtui.errors import Refused
from pddtui.message import Message, msg, plural
from pddtui.services.pinyin import pinyin, sounds_of

__all__ = ["Found", "find_cases", "reader_of", "with_saved", "wrong_filters"]

HayOf = Callable[[Attention], Hay]

_TOKEN = re.compile(r"[a-z][\w-]{2,}", re.ASCII)
"""A word of Latin letters, in which one may be wrong."""

_ALIKE = 0.7
"""How alike two words are of which one may be the other with a slip."""

_MOST_LOOKED_AT = 500
"""In the names of so many cases, the most urgent ones, the nearest word is looked for."""


class Found(Struct, frozen=True):
    """What a filter finds."""

    entries: tuple[Attention, ...]
    nearest: Message | None = None
    """Where it finds nothing: what would find something, if anything comes near."""


def reader_of(rules: Rules, spellings: Spellings, people: Mapping[str, str]) -> QueryReader:
    """Who understands filters: in both languages, in pinyin, by what people call a problem, and by short names."""
    problems = {
        problem: tuple(dict.fromkeys(map(fold, (*spellings(label), *rules.also.get(problem, ())))))
        for problem, label in rules.problems.items()
    }
    short = {fold(name): fold(full) for name, full in people.items()}
    return QueryReader(spellings=spellings, sounds=sounds_of, people=short, problems=problems)


_SAVED = re.compile(r"(?<!\S)[@\uff20](\S+)")
"""A saved filter, by its name, between other terms."""


def with_saved(text: str, filters: Mapping[str, str]) -> str:
    """The filter with each `@name` replaced by what is saved under it. `Refused` at a name that is not."""
    called = {fold(name): query for name, query in filters.items()}

    def saved(found: re.Match[str]) -> str:
        query = called.get(fold(found[1]))
        if query is None:
            known = tuple(f"@{name}" for name in filters)
            said = (
                msg("There is no saved filter “{name}”; use {known}.", name=found[1], known=known)
                if known
                else msg("There is no saved filter “{name}”; save one with F on the desk.", name=found[1])
            )
            raise Refused(said, position=found.start())
        return query

    return _SAVED.sub(saved, text) if "@" in text or "\uff20" in text else text


def wrong_filters(filters: Mapping[str, str], reader: QueryReader) -> Iterator[Refused]:
    """Why each of the saved filters that cannot be read is none, with its place in the settings as the field."""
    for name, query in filters.items():
        try:
            parse_query(query, reader)
        except Refused as refused:
            yield Refused(refused.message, field=f"filters.{name}", position=refused.position)


def find_cases(text: str, entries: Sequence[Attention], hay: HayOf, reader: QueryReader) -> Found:
    """The entries that pass the filter, in their own order or the one that the filter asks for.

    Raises `Refused` on a bad filter.
    """
    query = parse_query(text, reader)
    found = [entry for entry in entries if query(entry, hay(entry))]
    if not found and query.listens:
        found = [entry for entry in entries if query(entry, hay(entry), widely=True)]
    if not found:
        return Found((), _nearest(query, entries, hay))
    if query.order is not None:
        _put_in_order(found, query.order)
        if query.backwards:
            found.reverse()
    return Found(tuple(found))


def _put_in_order(found: list[Attention], order: SortId) -> None:
    """The soonest, the longest silence, the largest sum first; what has none comes last."""
    never = float("inf")

    def sum_of(entry: Attention) -> float:
        amount = entry.case.demand.amount if entry.case.demand.amount is not None else entry.case.order.amount
        return -float(amount) if amount is not None else never

    match order:
        case "due":
            found.sort(key=lambda entry: entry.next_due.timestamp() if entry.next_due is not None else never)
        case "silence":
            found.sort(key=lambda entry: entry.silence.since.timestamp() if entry.silence.since is not None else never)
        case "sum":
            found.sort(key=sum_of)
        case "title":
            found.sort(key=lambda entry: pinyin().order(fold(entry.case.title)))


def _nearest(query: Query, entries: Sequence[Attention], hay: HayOf) -> Message | None:
    """What would find something: the same without one term, or a word that is like the one that was typed."""
    if len(query.terms) > 1:
        for term in reversed(query.terms):
            others = Query(tuple(other for other in query.terms if other is not term))
            n = sum(others(entry, hay(entry)) for entry in entries)
            if n:
                return plural(
                    "Nothing matches; without “{term}” {n} case does.",
                    "Nothing matches; without “{term}” {n} cases do.",
                    n,
                    term=term.text,
                )
        return None
    word = query.terms[0].word if query.terms else None
    if word is None:
        return None
    hays = [hay(entry) for entry in entries[:_MOST_LOOKED_AT]]
    for near in (*_like(word, hays), *_shorter(word)):
        n = sum(near in each.names or near in each.text for each in hays)
        if n:
            return plural(
                "Nothing has “{word}”; nearest is “{near}”, in {n} case.",
                "Nothing has “{word}”; nearest is “{near}”, in {n} cases.",
                n,
                word=word,
                near=near,
            )
    return None


def _like(word: str, hays: Sequence[Hay]) -> list[str]:
    """Words in the names that the typed one may be with a slip."""
    if not word.isascii():
        return []
    known = dict.fromkeys(token for each in hays for token in _TOKEN.findall(each.names))
    return difflib.get_close_matches(word, known, n=1, cutoff=_ALIKE)


def _shorter(word: str) -> Iterator[str]:
    """The word without its end or its beginning, the longest first."""
    least = 3 if word.isascii() else 2
    for length in range(len(word) - 1, least - 1, -1):
        yield word[:length]
        yield word[-length:]
