"""What a clash is about, in the words of the reader: which thing, which field of it, and what either side says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce

from msgspec import Struct

from pddtui.domain import history
from pddtui.domain.case import Case
from pddtui.domain.contact import Contact
from pddtui.domain.text import one_line
from pddtui.handbook.book import Handbook
from pddtui.message import Message, Value, msg
from pddtui.services.exchange.clashes import Clash, Path, is_thing, lesser
from pddtui.services.field_words import Render, place_words, value_words

__all__ = ["Wording", "told"]

_SHOWN = 80
"""How much of a value is quoted, in characters."""


class Wording(Struct, frozen=True, kw_only=True):
    """A clash in words."""

    report: Message
    """For who took the import in: what stands here and what there."""
    task: Message
    """For the follow-up, which is read on both sides and so knows no here."""


def told(clash: Clash, ours: Case, theirs: Case, say: Render, handbook: Handbook) -> Wording:
    """The clash in words that hold on either side."""
    here, there = (_quoted(" · ".join(_values(clash, case, (ours, theirs), say, handbook))) for case in (ours, theirs))
    place = _place(clash, (ours, theirs), handbook)
    one, other = (here, there) if lesser(clash.patches) == "ours" else (there, here)
    return Wording(
        report=msg("{place}: “{ours}” here, “{theirs}” there.", place=place, ours=here, theirs=there),
        task=msg(
            "Settle the import: {place} is “{one}” on one side and “{other}” on the other. "
            "Put right what stands here, then tick this off.",
            place=place,
            one=one,
            other=other,
        ),
    )


def _quoted(text: str) -> str:
    text = one_line(text) or "–"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


# Which thing, and which field of it.


def _place(clash: Clash, cases: Sequence[Case], handbook: Handbook) -> Value:
    path = clash.unit.parent + _fields(clash)[0]
    depth = max((n for n in range(2, len(path) + 1, 2) if is_thing(path[:n])), default=0)
    thing = next((name for case in cases if (name := _thing(path[:depth], case, handbook)) is not None), None)
    words: list[Value] = [] if thing is None else [thing]
    if path[depth:]:
        words += [word if isinstance(word, Message) else msg("{label}", label=word)
                  for word in place_words(path[depth:], handbook)]  # fmt: skip
    return reduce(lambda thing, field: msg("{thing}, {field}", thing=thing, field=field), words)


def _fields(clash: Clash) -> list[Path]:
    """The fields of the unit in which the two differ; nothing where it is all of a thing."""
    depth = len(clash.unit.parent)
    return list(dict.fromkeys(patch.path[depth : depth + 1] for patch in clash.patches))


def _thing(path: Path, case: Case, handbook: Handbook) -> Message | None:
    """The thing by the words that a person knows it by."""
    if not path:
        return None
    if path[0] == "contacts":
        contact = next((each for each in case.contacts if each.id == path[1]), None)
        return _said(contact, path[3] if path[3:] else None) if contact is not None else None
    if path[0] == "follow_ups":
        task = next((each for each in case.follow_ups if each.id == path[1]), None)
        return msg("follow-up “{text}”", text=_quoted(task.text)) if task is not None else None
    if path[0] == "filings":
        filing = next((each for each in case.filings if each.id == path[1]), None)
        rung = handbook.ladder.get(filing.rung) if filing is not None else None
        return msg("filing “{rung}”", rung=rung.label if rung else filing.rung) if filing is not None else None
    record = next((each for each in case.evidence if each.id == path[1]), None)
    if record is None:
        return None
    kind = handbook.evidence_types.get(record.kind)
    name: Value = record.original_name or record.place or (kind.label if kind is not None else "–")
    return msg("evidence “{name}”", name=_quoted(name) if isinstance(name, str) else name)


def _said(contact: Contact, promise_id: str | None) -> Message | None:
    who = contact.person.name or contact.person.role or contact.person.staff_no
    if promise_id is None:
        said = msg("what was said on {at}", at=contact.at)
        return msg("what {who} said on {at}", who=who, at=contact.at) if who and contact.direction == "in" else said
    promise = next((each for each in contact.promises if each.id == promise_id), None)
    if promise is None:
        return None
    text = _quoted(promise.text)
    return msg("promise “{text}” of {who}", text=text, who=who) if who else msg("promise “{text}”", text=text)


# What either side says.


def _values(clash: Clash, case: Case, cases: Sequence[Case], say: Render, handbook: Handbook) -> Iterator[str]:
    tree = history.tree_of(case)
    for field in _fields(clash):
        path = clash.unit.parent + field
        value = history.value_at(tree, path)
        if is_thing(path):
            yield say(msg("taken out")) if value is None else say(msg("there"))
        elif path[-1] == "filing" and isinstance(value, str):
            name = next((name for each in cases if (name := _thing(("filings", value), each, handbook))), None)
            yield say(name) if name is not None else ""
        else:
            yield value_words(path, value, say, handbook) or _parts(value)


def _parts(value: object) -> str:
    """All that stands in a value that has no name."""
    parts = value.values() if isinstance(value, dict) else ()
    return " · ".join(part for part in parts if isinstance(part, str))
