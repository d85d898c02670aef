"""Taking the rows of a table into cases: which case each belongs to, which are here already, all of them or none.

A contact is known by when it was (to the minute, as a table has it), who spoke, with whom and in what words, and by
how often all that is there: two calls that came to nothing in one minute are two. What was corrected here since is
known by its earlier words. So the same file taken in twice adds nothing.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from msgspec import Struct, structs

from pddtui.domain import moves
from pddtui.domain.bounds import Life, life_of, life_of_moments
from pddtui.domain.case import Amendment, Case, Contact, Promise
from pddtui.domain.ports import Transaction
from pddtui.domain.record import recorded
from pddtui.domain.sequence import before_promised
from pddtui.domain.text import fold
from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.services.casebook import Casebook, IdSource
from pddtui.services.import_.read_csv import Sheet, SheetRow
from pddtui.services.import_.table import CsvRow
from pddtui.services.inputs import NewCase, answered_filing

__all__ = ["Built", "SheetCase", "SheetPlan", "plan_sheet", "take_sheet"]


def _changed(here: Contact, built: Built, *, known: bool) -> Iterator[CsvRow]:
    """The rows of a contact that is here which say something else of it now, or of what was promised in it."""
    row, there = built.row, built.contact
    told = row.record.cells
    same = (
        known
        and (here.person.role or "") == (there.person.role or "")
        and (here.person.staff_no or "") == (there.person.staff_no or "")
        and here.demand == there.demand
        and (here.written == "received") == (there.written == "received")
        and ("substance" not in told or here.substance == there.substance)
        and ("reply" not in told or here.reply == there.reply)
    )
    if not same:
        yield row.record
    promises = Counter(map(_promise_key, here.promises))
    for promise, made in zip(row.promises, there.promises[len(there.promises) - len(row.promises) :], strict=True):
        key = _promise_key(made)
        if promises[key]:
            promises[key] -= 1
        else:
            yield promise.record


def _promise_key(promise: Promise) -> tuple[object, ...]:
    """What a table tells of a promise, to the minute."""
    due, settled = (
        at.astimezone(UTC).replace(second=0, microsecond=0) if at is not None else None
        for at in (promise.due, promise.settled_at)
    )
    return " ".join(promise.text.split()), due, promise.due_phrase or "", promise.state, settled, promise.written


_Key = tuple[datetime, str, str, str]
"""Minute, who spoke, with whom, in what words."""


class Built(Struct, frozen=True):
    """A row and the contact that it is."""

    row: SheetRow
    contact: Contact


class SheetCase(Struct, frozen=True, kw_only=True):
    """What one case gets of a table."""

    case: Case | None
    """As it is here; None for one that is opened."""
    title: str
    rows: tuple[Built, ...]
    """All that belong to it."""
    added: tuple[Built, ...] = ()
    """Those that are not here yet."""
    known: int = 0
    """Rows that are here already."""
    changed: tuple[CsvRow, ...] = ()
    """Rows of contacts that are here, with other words: they are left as they are here."""
    far: tuple[Built, ...] = ()
    """Those of the added that are far from everything else in the case."""


class SheetPlan(Struct, frozen=True, kw_only=True):
    """What a table would do."""

    sheet: Sheet
    cases: tuple[SheetCase, ...]

    @property
    def added(self) -> list[Contact]:
        return [built.contact for each in self.cases for built in each.added]


def plan_sheet(casebook: Casebook, ids: IdSource, sheet: Sheet, *, title: str, case: Case | None) -> SheetPlan:
    """What of the rows is new, and where. Those of which it is not known who spoke are left out.

    They go into `case`. Else those of each case in the table go into the case that has one of them already; else, if
    there is one case in the table and one here that are called the same, into that; else into a new one. Raises
    `BadInput` for a row, and `Refused` when it is not clear which case is meant.
    """
    told = (each for row in sheet.rows if row.spoken for each in row.contacts)
    built = [_built(casebook, ids, sheet, row) for row in told]
    groups: dict[tuple[str, str], list[Built]] = {}
    for each in built:
        ref, name = each.row.case or ("", "")
        groups.setdefault((ref, name or title), []).append(each)
    if case is not None and len(groups) > 1:
        names = tuple(" ".join(filter(None, key)) for key in groups)
        raise Refused(
            msg("{file} has contacts of several cases ({names}): leave out --case.", file=sheet.table.file, names=names)
        )
    here = _Here(casebook)
    alone = Counter(name for _, name in groups)
    cases: list[SheetCase] = []
    for (_, name), rows in groups.items():
        target = case or here.home(rows, name, alone=alone[name] == 1)
        cases.append(_planned(target, rows, target.title if target is not None else name, casebook.now()))
    return SheetPlan(sheet=sheet, cases=tuple(cases))


class _Here:
    """The cases that are here, by what is in them."""

    def __init__(self, casebook: Casebook) -> None:
        self._by_id: dict[str, Case] = {}
        self._by_title: dict[str, list[Case]] = {}
        self._by_key: dict[_Key, list[Case]] = {}
        for case in (*casebook.cases(), *casebook.cases(trash=True)):
            self._by_title.setdefault(case.title, []).append(case)
            for contact in case.contacts:
                self._by_id[contact.id] = case
                for key in _keys(contact):
                    self._by_key.setdefault(key, []).append(case)

    def home(self, rows: Sequence[Built], title: str, *, alone: bool) -> Case | None:
        """The case that the rows belong to, each to no other rows; None where it is to be opened.

        `alone`: no other case in the table has the title.
        """
        called = self._by_title.get(title, [])
        holding = [self._by_id[built.row.id] for built in rows if built.row.id in self._by_id]
        keys = Counter(_key(built.contact) for built in rows)
        found = {case.id: _in_common(case, keys) for case in called}
        best = max(found.values(), default=0)
        likely: list[Case] = []
        if holding:
            ids = Counter(case.id for case in holding)
            likely = [max(holding, key=lambda case: ids[case.id])]
        elif not best and (elsewhere := self._holding_most(keys)) is not None:
            likely = [elsewhere]
        elif best or alone:
            likely = [case for case in called if found[case.id] == best]
            likely = [case for case in likely if case.trashed_at is None] or likely
        if len(likely) > 1:
            raise Refused(msg("Several cases are called “{title}”; name one with --case.", title=title))
        for case in likely:
            if case in called:
                called.remove(case)
            return case
        return None

    def _holding_most(self, keys: Counter[_Key]) -> Case | None:
        """The case of another title that has half of the rows or more: it was renamed since, or the file was."""
        held = {case.id: case for key in keys for case in self._by_key.get(key, ())}
        counts = {case_id: _in_common(case, keys) for case_id, case in held.items()}
        most = max(counts.values(), default=0)
        best = [held[case_id] for case_id, n in counts.items() if n == most]
        return best[0] if len(best) == 1 and 2 * most >= keys.total() else None


def _in_common(case: Case, keys: Counter[_Key]) -> int:
    """How many rows the case has already."""
    return sum((Counter(key for contact in case.contacts for key in _keys(contact)) & keys).values())


def take_sheet(casebook: Casebook, ids: IdSource, plan: SheetPlan) -> SheetPlan:
    """Save what was planned, in one save; what came of it, with the cases as they are now."""
    if not plan.added:
        return plan
    with casebook.store.transaction() as box:
        taken = tuple([_taken(box, casebook, each, ids) for each in plan.cases])
    return SheetPlan(sheet=plan.sheet, cases=taken)


def _built(casebook: Casebook, ids: IdSource, sheet: Sheet, row: SheetRow) -> Built:
    now = casebook.now()

    def new_id() -> str:
        return ids.new(now)

    try:
        contact = row.new.build(new_id, now, casebook.due, casebook.rules.side(row.new.channel))
        moves.log(Case(id="-", ref="-", title="-", opened_at=now, recorded_at=now), contact)
    except Refused as refused:
        raise sheet.table.wrong(row.record, sheet.column(refused), refused.message) from refused
    promises = list(contact.promises)
    for promise in row.promises:
        try:
            made = promise.build(new_id(), contact.at, casebook.due)
        except Refused as refused:
            raise sheet.table.wrong(promise.record, sheet.column(refused), refused.message) from refused
        odd = before_promised(contact, made, made.settled_at) if made.settled_at is not None else None
        if odd is not None:
            raise sheet.table.wrong(promise.record, "settled", odd)
        promises.append(made)
    return Built(row, structs.replace(contact, promises=tuple(promises)))


def _planned(case: Case | None, rows: Sequence[Built], title: str, now: datetime) -> SheetCase:
    moments = [built.contact.at for built in rows]
    life = life_of(case, now) if case is not None else life_of_moments(moments, now)
    return _compared(case, rows, title, life)


def _compared(case: Case | None, rows: Sequence[Built], title: str, life: Life | None) -> SheetCase:
    """What of the rows is new in the case; without its life nothing in it is far."""
    here = case.contacts if case is not None else ()
    by_id = {contact.id: place for place, contact in enumerate(here)}
    by_words: dict[_Key, deque[int]] = {}
    for place, contact in enumerate(here):
        for key in dict.fromkeys(_keys(contact)):
            by_words.setdefault(key, deque()).append(place)
    met: set[int] = set()
    added, changed = list[Built](), list[CsvRow]()
    for built in sorted(rows, key=lambda built: built.row.id not in by_id):  # what has its id goes first
        own = by_id.get(built.row.id or "")
        same = by_words.get(_key(built.contact), deque())
        if own is not None and own not in met:
            met.add(own)
            changed += _changed(here[own], built, known=own in same)
            continue
        while same and same[0] in met:
            same.popleft()
        if same:
            met.add(same.popleft())
        else:
            added.append(built)
    added.sort(key=lambda built: built.row.record.line)
    return SheetCase(
        case=case,
        title=title,
        rows=tuple(rows),
        added=tuple(added),
        known=len(rows) - len(added) - len(changed),
        changed=tuple(changed),
        far=tuple(built for built in added if life is not None and not life.holds(built.contact.at)),
    )


def _key(contact: Contact | Amendment, at: datetime | None = None, direction: str = "") -> _Key:
    person, moment = contact.person, at or contact.at
    spoke = contact.direction if isinstance(contact, Contact) else direction
    whom = person.name or person.role or person.staff_no or ""
    return moment.astimezone(UTC).replace(second=0, microsecond=0), spoke, fold(whom), " ".join(contact.summary.split())


def _keys(contact: Contact) -> Iterator[_Key]:
    """By what a contact is known: as it is, and as it was before it was corrected."""
    yield _key(contact)
    for old in contact.amendments:
        yield _key(old, old.happened_at, contact.direction)


def _taken(box: Transaction, casebook: Casebook, planned: SheetCase, ids: IdSource) -> SheetCase:
    """The same with what is here at this moment, saved."""
    now = casebook.now()
    before = box.get(planned.case.id) if planned.case is not None else None
    found = _compared(before, planned.rows, planned.title, None)  # what is far was asked about before
    if not found.added:
        return found
    contacts = [built.contact for built in found.added]
    case = before or moves.open_case(_opened(planned.title, contacts).build(ids.new(now), box.next_ref(now.year), now))
    news = {built.contact.id: built for built in found.added if answered_filing(case, built.contact) is not None}
    case = moves.log(case, *(contact for contact in contacts if contact.id not in news))
    for built in news.values():
        case = built.row.new.noted(built.contact, casebook.rules)(case)
    action = "log" if before is not None else "open"  # taking it back puts a case that came whole into the trash
    saved = recorded(before, case, action=action, change_id=ids.new(now), at=now, save=box.save)
    if saved is not before:
        box.put(saved)
    return structs.replace(found, case=saved)


def _opened(title: str, contacts: Iterable[Contact]) -> NewCase:
    return NewCase(title=title, opened_at=min(contact.at for contact in contacts))
