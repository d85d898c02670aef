"""Reading an export, whoever wrote it: what comes out is inert, whole and within bounds, or nothing does.

Everything that is wrong with a file is one `BadInput`. Text is cleaned as if it had been typed; a history
must hold together, because it cannot be cleaned without breaking its chain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import msgspec
from msgspec import Raw, Struct, structs

from pddtui.domain import history
from pddtui.domain.bounds import is_amount, is_count, is_in_time, refuse_long
from pddtui.domain.case import Case
from pddtui.domain.chain import broken_chain, from_chain, links_of
from pddtui.domain.fields import StoredField, fields_of
from pddtui.domain.rules import span
from pddtui.domain.secrets import refuse_secrets
from pddtui.domain.text import bare_number, clean, decoded, is_plain, one_line
from pddtui.errors import BadInput, PddError
from pddtui.message import Message, msg
from pddtui.services.export.json import FORMAT, LINE, VERSION

__all__ = ["as_export", "as_imported", "as_utf8", "erased_in", "read_export"]

_V = TypeVar("_V")

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:+-]{0,79}")
"""Ids name things in this file and in the handbook, and files of evidence: never a path."""
_REF = re.compile(r"PDD-[0-9]{4}-[0-9]{4,12}")
"""A number that nobody would give still names a case; `apply` gives that one another."""
_PLACE = re.compile(r"at `\$([^`]{0,200})`$")
_MISSING = re.compile(r"missing required field `([^`]{0,80})`")
_CURRENCY = re.compile(r"[A-Z]{3}")

_DIGITS = 18


_INCONSISTENT = msg("The history is not consistent: somebody changed it.")


class _Head(Struct):
    format: str
    version: int
    cases: list[Raw]
    mask: str = "none"


class _Label(Struct):
    format: str
    version: int
    mask: str = "none"


def _head(content: bytes) -> _Head:
    """The envelope of an export, made up for one that has every case on a line of its own."""
    if content.startswith(b'{"format":'):  # as we write it: it need not be looked through for its lines
        return msgspec.json.decode(content, type=_Head)
    first = next((line for line in content.splitlines() if line.strip()), b"")
    try:
        label = msgspec.json.decode(first, type=_Label)
    except (msgspec.MsgspecError, UnicodeError):
        return msgspec.json.decode(content, type=_Head)  # spread over several lines
    if label.format != LINE:
        return msgspec.json.decode(content, type=_Head)
    lines = [Raw(line) for line in content.splitlines() if line.strip()]
    labels = [msgspec.json.decode(line, type=_Label) for line in lines]
    odd = next((each for each in labels if (each.format, each.version, each.mask) != (LINE, VERSION, "none")), label)
    return _Head(format=FORMAT if odd.format == LINE else odd.format, version=odd.version, cases=lines, mask=odd.mask)


class _Wrong(Exception):
    """Something in a case that cannot be taken."""

    def __init__(self, problem: Message) -> None:
        super().__init__(problem)
        self.problem = problem


def read_export(content: bytes, name: str, wrong: list[Message] | None = None) -> tuple[Case, ...]:
    """The cases of an export; `name` is what the file is called in the sentence about it. Raises `BadInput`.

    What is wrong with single cases goes into `wrong` where that is given, and only the others are read.
    """
    try:
        head = _head(as_utf8(content))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise BadInput(msg("{file} is not an export of pddtui; nothing was imported.", file=name)) from error
    if head.format != FORMAT:
        raise BadInput(msg("{file} is not an export of pddtui; nothing was imported.", file=name))
    if head.version not in _READ:
        raise BadInput(
            msg(
                "{file} has export version {version}, but this program reads {known}; nothing was imported.",
                file=name,
                version=str(head.version)[:_DIGITS],
                known=tuple(map(str, _READ)),
            )
        )
    if head.mask != "none":
        raise BadInput(msg("{file} is masked and the hidden text cannot be restored; nothing was imported.", file=name))
    cases: list[Case] = []
    for number, raw in enumerate(head.cases, 1):
        try:
            cases.append(_case(raw, head.version))
        except _Wrong as bad:
            if wrong is None:
                raise BadInput(
                    msg("{file}, case {n}: {problem} Nothing was imported.", file=name, n=number, problem=bad.problem)
                ) from bad
            wrong.append(msg("{file}, case {n}: {problem} It was left out.", file=name, n=number, problem=bad.problem))
    twice = [case_id for case_id, n in Counter(case.id for case in cases).items() if n > 1]
    if twice:
        raise BadInput(msg("{file} contains the case {id} twice; nothing was imported.", file=name, id=twice[0]))
    return tuple(cases)


class _Gone(Struct):
    id: str
    ref: str = ""


class _Erasures(Struct):
    mask: str = "none"
    erased: list[_Gone] = []


def erased_in(content: bytes) -> dict[str, str]:
    """The numbers, by id, of the cases that were erased for good where an export was made; what is odd is left out."""
    try:
        found = msgspec.json.decode(as_utf8(content), type=_Erasures)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return {}
    known = found.erased if found.mask == "none" else []
    return {each.id: each.ref for each in known if _ID.fullmatch(each.id) and _REF.fullmatch(each.ref)}


_ENOUGH = 4
"""So many characters beyond ASCII are no accident: fewer may be bytes that were damaged."""


def as_utf8(content: bytes) -> bytes:
    """A file as JSON has to be written: a shell may have put an export into another encoding, or a mark before it.

    What is in none of them comes back as it is.
    """
    if content[:1] in (b"{", b"["):
        with suppress(UnicodeDecodeError):
            content.decode()
            return content
    try:
        text = decoded(content)
    except UnicodeError:
        return content
    damaged = content[:1] in (b"{", b"[") and b"\0" not in content and sum(char > "\x7f" for char in text) < _ENOUGH
    return content if damaged else text.encode("utf-8", "surrogatepass")


def as_export(cases: Iterable[bytes]) -> bytes:
    """Cases that came in another form, as an export, so that they are looked at as closely as any other."""
    envelope = b'{"format":"%s","version":%d,"cases":[' % (FORMAT.encode(), VERSION)
    return envelope + b",".join(cases) + b"]}"


_READ = (1, VERSION)
"""The versions of an export that are read."""


def _case(raw: Raw, version: int) -> Case:
    try:
        case = _taken(_decoded(raw, version))
        if history.broken_link(history.topological(case.history)) is not None:
            raise _Wrong(_INCONSISTENT)
    except PddError as refused:
        raise _Wrong(refused.message) from refused
    except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError) as error:
        problem = _misfit(str(error)) if _is_utf8(raw) else msg("The text is not UTF-8, which JSON requires.")
        raise _Wrong(problem) from error
    return case


def as_imported(case: Case) -> Case | Message:
    """What an import would make of a case that is here already, or the sentence with which it would refuse it.

    Whether its history holds together is another question, which the doctor of the store asks.
    """
    try:
        return structs.replace(_taken(case), clashes=case.clashes)
    except _Wrong as wrong:
        return wrong.problem
    except PddError as refused:
        return refused.message


def _taken(case: Case) -> Case:
    """The case as it is taken in. Raises `_Wrong` or `PddError` for what is not."""
    taken = _bare(_inert(structs.replace(case, clashes=()), StoredField(place=""), {}))
    _check(taken)
    return taken


def _decoded(raw: Raw, version: int) -> Case:
    case = msgspec.json.decode(raw, type=Case)
    if version > 1 or not case.history:
        return case
    links = links_of(raw)
    if broken_chain(links) is not None:
        raise _Wrong(_INCONSISTENT)
    return structs.replace(case, history=from_chain(case, links).history)


def _is_utf8(raw: Raw) -> bool:
    """Whether it can be read at all: what msgspec raises where it cannot differs between its versions."""
    try:
        bytes(raw).decode()
    except UnicodeDecodeError:
        return False
    return True


def _misfit(error: str) -> Message:
    """What msgspec says of a value that does not fit, in words of ours."""
    missing, place = _MISSING.search(error), _PLACE.search(error)
    where = one_line(place[1]).lstrip(".") if place is not None else ""
    if missing is not None:
        return msg("“{field}” is missing.", field=f"{where}.{missing[1]}".lstrip("."))
    if where:
        return msg("The value of “{field}” is not valid.", field=where)
    return msg("It is not the complete JSON of a case.")


def _inert(value: _V, field: StoredField, around: Mapping[str, StoredField]) -> _V:
    """The value with all its text made inert, after its numbers, ids and times were checked.

    `around` are the fields of the thing that `field` is one of.
    """
    made: object = value
    name = field.path[-1]
    match value:
        case str():
            made = _text(value, field)
        case datetime():
            _check_time(value)
        case Decimal():
            if not is_amount(value):
                raise _Wrong(msg("“{field}” is not an amount of money.", field=name))
            made = value.quantize(Decimal("0.01"))
        case int():
            if not is_count(value):
                raise _Wrong(msg("“{field}” is not a valid number.", field=name))
        case tuple():
            made = tuple(_inert(item, field, around) for item in value)
            _check_ids(value, name)
        case dict():
            made = {_id(key, name): _inert(item, field, around) for key, item in value.items()}
        case Struct() if not isinstance(value, history.Change):
            made = _parts(value, field, around)
    return made  # type: ignore[return-value]  # each branch keeps the type of its value


def _bare(case: Case) -> Case:
    """The case with its numbers as they would have been entered; one with a history stays as that has it."""
    if case.history:
        return case
    order = structs.replace(case.order, number=_number(case.order.number), tracking=_number(case.order.tracking))
    contacts = tuple(
        structs.replace(one, person=structs.replace(one.person, staff_no=_number(one.person.staff_no)))
        for one in case.contacts
    )
    filings = tuple(structs.replace(one, reference=_number(one.reference)) for one in case.filings)
    return structs.replace(case, order=order, contacts=contacts, filings=filings)


def _number(text: str | None) -> str | None:
    return bare_number(text) if text is not None else None


def _parts(thing: Struct, field: StoredField, around: Mapping[str, StoredField]) -> Struct:
    own = fields_of(type(thing))
    fields, before = (around, f"{field.place}.") if own is None else (own, "")
    made: dict[str, object] = {}
    for name in thing.__struct_fields__:
        place = f"{before}{name}"
        made[name] = _inert(getattr(thing, name), fields.get(place) or StoredField(place=place), fields)
    return structs.replace(thing, **made)


def _text(text: str, field: StoredField) -> str:
    name = field.path[-1]
    if field.kind in ("id", "choice"):
        return _id(text, name)
    inert = clean(text).strip() if field.kind == "text" else one_line(text)
    return refuse_secrets(refuse_long(inert, name), name)


def _id(text: object, field: str) -> str:
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise _Wrong(msg("“{field}” is not an id.", field=field))
    return text


def _check_time(at: datetime) -> None:
    if at.tzinfo is None:
        raise _Wrong(msg("{at} has no UTC offset, such as +08:00.", at=at.isoformat()))
    if not is_in_time(at):
        raise _Wrong(msg("{at} is not a valid time.", at=at.isoformat()))


def _check_ids(things: tuple[object, ...], field: str) -> None:
    ids = [thing.id for thing in things if isinstance(thing, Struct) and hasattr(thing, "id")]
    if len(set(ids)) < len(ids):
        raise _Wrong(msg("“{field}” contains the same id twice.", field=field))


def _check(case: Case) -> None:
    """What the moves would have refused, and what only somebody else's file can get wrong."""
    if not _REF.fullmatch(case.ref):
        raise _Wrong(msg("“{ref}” is not a case number such as PDD-2026-0001.", ref=one_line(case.ref)))
    if not _CURRENCY.fullmatch(case.order.currency):
        raise _Wrong(msg("“{field}” is not an id.", field="currency"))
    for contact in case.contacts:
        if contact.misread:
            raise _Wrong(msg("Only an answer of theirs can have a reply."))
    for words in _needed(case):
        if not words:
            raise _Wrong(msg("A title, contact, promise or follow-up has no text."))
    if case.quiet is not None:
        span(case.quiet.amber)
        span(case.quiet.red)
    if case.order.claim_within is not None:
        span(case.order.claim_within)
    for change in case.history:
        _check_time(change.at)
    if not _is_inert_history(case.history):
        raise _Wrong(_INCONSISTENT)


_ESCAPED = re.compile(r"\\[^n\"\\/]")
"""What JSON writes for a character that may not be inert."""


def _needed(case: Case) -> Iterator[str]:
    yield case.title
    for contact in case.contacts:
        yield contact.summary
    for _, promise in case.promises:
        yield promise.text
    for task in case.follow_ups:
        yield task.text


def _is_inert_history(changes: tuple[history.Change, ...]) -> bool:
    """Whether no text in it would be altered. Looking at it as one text is enough for nearly all, and much faster."""
    written = msgspec.json.encode(changes).decode()
    if is_plain(written) and not _ESCAPED.search(written):
        return True
    return _is_inert([history.tree_of(change) for change in changes])


def _is_inert(value: object) -> bool:
    match value:
        case str():
            return clean(value) == value
        case list():
            return all(_is_inert(item) for item in value)
        case dict():
            return all(_is_inert(key) and _is_inert(item) for key, item in value.items())
    return True
