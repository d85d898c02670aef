"""What came from another machine, in words: what it changed, and what both changed without knowing of each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from itertools import takewhile

from pddtui.domain.case import Case, Clash, ClashSide, Contact
from pddtui.domain.history import Path, content_of, difference
from pddtui.domain.text import one_line
from pddtui.domain.units import THERE, MergeUnit, is_asked, is_thing, unit_of
from pddtui.handbook.book import Handbook
from pddtui.message import Message, Value, msg
from pddtui.services.words import place_words, value_said

__all__ = ["clash_lines", "clash_place", "clash_words", "replaced_words", "side_words"]

_SHOWN = 80
"""How much of a value is quoted, in characters."""

_LED_UP = 20
"""How much of it stands before the first character in which two values differ."""


def clash_words(clash: Clash, case: Case, ours: Case, handbook: Handbook) -> Message:
    """For who took `case` in where `ours` was: the place, what stood here and there, and what is shown meanwhile."""
    known = {change.id for change in ours.history}
    here = [side_words(clash, side, case, handbook) for side in clash.sides if side.change in known]
    there = [side_words(clash, side, case, handbook) for side in clash.sides if side.change not in known]
    place = clash_place(clash, case, handbook)
    shown = side_words(clash, clash.sides[-1], case, handbook)
    if len(here) == len(there) == 1:
        return msg(
            "{place}: “{ours}” here, “{theirs}” there; “{shown}” stands until it is settled.",
            place=place,
            ours=here[0],
            theirs=there[0],
            shown=shown,
        )
    return msg(
        "{place}: {values}; “{shown}” stands until it is settled.",
        place=place,
        values=tuple(msg("“{value}”", value=value) for value in (*here, *there)),
        shown=shown,
    )


def clash_lines(clash: Clash, case: Case, handbook: Handbook) -> Iterator[Message]:
    """A line for the place and one for each side, with when and how it is chosen."""
    yield msg("It is about {place}.", place=clash_place(clash, case, handbook))
    for n, side in enumerate(clash.sides, 1):
        value = side_words(clash, side, case, handbook)
        yield msg("{n}: “{value}”, since {at}.", n=n, value=value, at=side.at)
    yield msg(
        "The last one is shown until it is settled: with Space on the desk, with `pddtui settle {id} NUMBER`, or by "
        "correcting it.",
        id=clash.id,
    )


def side_words(clash: Clash, side: ClashSide, case: Case, handbook: Handbook) -> Value:
    """What a side makes of it, cut to what a line takes."""
    said = [value for value in _values(clash, side, case, handbook) if value not in ("", ())]
    return reduce(lambda one, more: msg("{one} · {more}", one=one, more=more), said) if said else "–"


def replaced_words(before: Case, after: Case, handbook: Handbook) -> Iterator[Message]:
    """Every text and every choice of the case that is another now, and every thing that is gone."""
    for patch in difference(content_of(before), content_of(after)):
        path, was, now = patch.path, patch.before, patch.after
        if is_thing(path) and now is None:
            yield msg("{place}: removed", place=_place(path, before, handbook))
        elif not (isinstance(was, str) or isinstance(now, str)) or not is_asked(unit_of(path), path[-1]):
            continue
        else:
            start = _parting([value for value in (was, now) if isinstance(value, str)])
            yield msg(
                "{place}: “{before}” → “{after}”",
                place=_place(path, after, handbook),
                before=_value(path, was, before, handbook, start) or "–",
                after=_value(path, now, after, handbook, start) or "–",
            )


def clash_place(clash: Clash, case: Case, handbook: Handbook) -> Value:
    """What it is about: the thing by the words that a person knows it by, then the field."""
    return _place(clash.path if clash.names[0] == THERE else (*clash.path, clash.names[0]), case, handbook)


def _place(path: Path, case: Case, handbook: Handbook) -> Value:
    depth = max((n for n in range(2, len(path) + 1, 2) if is_thing(path[:n])), default=0)
    thing = _thing(path[:depth], case, handbook)
    words: list[Value] = [] if thing is None else [thing]
    if path[depth:]:
        words += [word if isinstance(word, Message) else msg("{label}", label=word)
                  for word in place_words(path, handbook, depth)]  # fmt: skip
    return reduce(lambda thing, field: msg("{thing}, {field}", thing=thing, field=field), words)


def _thing(path: Path, case: Case, handbook: Handbook) -> Message | None:
    """The thing by the words that a person knows it by, be it there or removed."""
    if not path:
        return None
    if path[0] == "contacts":
        contact = next((each for each in case.contacts if each.id == path[1]), None)
        if contact is not None:
            return _said(contact, path[3] if path[3:] else None)
    elif path[0] == "follow_ups":
        task = next((each for each in case.follow_ups if each.id == path[1]), None)
        if task is not None:
            return msg("follow-up “{text}”", text=_quoted(task.text))
    elif path[0] == "filings":
        filing = next((each for each in case.filings if each.id == path[1]), None)
        if filing is not None:
            rung = handbook.ladder.get(filing.rung)
            return msg("filing “{rung}”", rung=rung.label if rung else filing.rung)
    else:
        record = next((each for each in case.evidence if each.id == path[1]), None)
        if record is not None:
            kind = handbook.evidence_types.get(record.kind)
            name: Value = record.original_name or record.place or (kind.label if kind is not None else "–")
            return msg("evidence “{name}”", name=_quoted(name) if isinstance(name, str) else name)
    return _removed(path, case, handbook)


def _removed(path: Path, case: Case, handbook: Handbook) -> Message:
    """A thing that is not there any more, by what it said when it was."""
    added = (patch.after for change in case.history for patch in change.patches if patch.path == path)
    thing = next((each for each in added if isinstance(each, dict)), {})
    words = (thing[name] for name in _NAMING if isinstance(thing.get(name), str) and thing[name])
    kind = place_words(path[:-1], handbook)[-1]
    return msg("{kind} “{name}”", kind=kind, name=_quoted(str(next(words, "–"))))


_NAMING = ("summary", "text", "original_name", "place", "rung")


def _said(contact: Contact, promise_id: str | None) -> Message | None:
    who = contact.person.short
    if promise_id is None:
        said = msg("what was said on {at}", at=contact.at)
        return msg("what {who} said on {at}", who=who, at=contact.at) if who and contact.direction == "in" else said
    promise = next((each for each in contact.promises if each.id == promise_id), None)
    if promise is None:
        return None
    text = _quoted(promise.text)
    return msg("promise “{text}” of {who}", text=text, who=who) if who else msg("promise “{text}”", text=text)


def _values(clash: Clash, side: ClashSide, case: Case, handbook: Handbook) -> Iterator[Value]:
    """The values of that side, of what the sides differ in."""
    unit = MergeUnit(clash.path, clash.names)
    if unit.whole:
        yield msg("there", context="side of a clash") if side.values.get(THERE) else msg("removed")
        return
    for name in clash.names:
        values = [one.values.get(name) for one in clash.sides]
        if is_asked(unit, name) and any(value != side.values.get(name) for value in values):
            start = _parting([value for value in values if isinstance(value, str)])
            yield _value((*clash.path, name), side.values.get(name), case, handbook, start)
        elif name == "trashed_at":
            yield msg("in the trash") if side.values.get(name) else msg("not in the trash")


def _value(path: Path, value: object, case: Case, handbook: Handbook, start: int) -> Value:
    if path[-1] == "filing" and isinstance(value, str):
        return _thing(("filings", value), case, handbook) or ""
    said = value_said(path, value, handbook)
    if said == "" and isinstance(value, dict):
        said = " · ".join(part for part in value.values() if isinstance(part, str))
    return _quoted(said, start) if isinstance(said, str) and said else said


def _parting(texts: Sequence[str]) -> int:
    """From where on texts are to be quoted, so that it is seen in what they differ."""
    if all(len(text) <= _SHOWN for text in texts):
        return 0
    alike = takewhile(lambda chars: len(set(chars)) == 1, zip(*map(one_line, texts), strict=False))
    return max(0, sum(1 for _ in alike) - _LED_UP)


def _quoted(text: str, start: int = 0) -> str:
    text = one_line(text) or "–"
    left, rest = ("…", text[start:]) if start else ("", text)
    return f"{left}{rest}" if len(rest) <= _SHOWN else f"{left}{rest[: _SHOWN - 1]}…"
