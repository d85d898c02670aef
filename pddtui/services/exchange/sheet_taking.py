"""Taking a table of contacts into one case: all that is new of it in one save, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from pddtui.domain import moves
from pddtui.domain.case import Case
from pddtui.domain.contact import Contact
from pddtui.domain.ports import Transaction
from pddtui.domain.record import recorded
from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.services.casebook import Casebook
from pddtui.services.entries import NewCase
from pddtui.services.exchange.merge import IMPORT
from pddtui.services.exchange.sheet import SheetRow, fresh
from pddtui.services.ids import IdSource

__all__ = ["SheetArrival", "take_sheet"]


class SheetArrival(Struct, frozen=True, kw_only=True):
    """What came in, or would."""

    ref: str | None
    """None for a case that a dry run does not open."""
    title: str
    opened: bool
    added: tuple[Contact, ...]


def take_sheet(
    casebook: Casebook, ids: IdSource, rows: Sequence[SheetRow], *, file: str, title: str, case: Case | None, dry: bool
) -> SheetArrival:
    """Into `case`, else into the only case of that title, else into a new one. Raises `BadInput` for a row."""
    now = casebook.now()
    target = case or _of_title(casebook, title)
    contacts: list[Contact] = []
    for row in rows:
        try:
            contact = row.contact.build(lambda: ids.new(now), now, casebook.due)
            moves.log(Case(id="-", ref="-", title="-", opened_at=now, recorded_at=now), contact)
        except Refused as refused:
            raise row.wrong(file, refused) from refused
        contacts.append(contact)
    if dry:
        added = tuple(fresh(contacts, target))
        ref = target.ref if target else None
        return SheetArrival(ref=ref, title=target.title if target else title, opened=target is None, added=added)
    with casebook.store.transaction() as box:
        return _take(box, contacts, title, target, ids=ids, now=now)


def _take(
    box: Transaction, contacts: Sequence[Contact], title: str, target: Case | None, *, ids: IdSource, now: datetime
) -> SheetArrival:
    before = box.get(target.id) if target is not None else None
    added = tuple(fresh(contacts, before))
    if before is None and not added:
        return SheetArrival(ref=None, title=title, opened=False, added=())
    case = before
    if case is None:
        began = min(contact.at for contact in added)
        case = moves.open_case(NewCase(title=title, opened_at=began).build(ids.new(now), box.next_ref(now.year), now))
    for contact in added:
        case = moves.log(case, contact)
    action = IMPORT if before is not None else "open"  # taking it back puts a case that came whole into the trash
    saved = recorded(before, case, action=action, change_id=ids.new(now), at=now)
    if saved is not before:
        box.put(saved)
    return SheetArrival(ref=saved.ref, title=saved.title, opened=before is None, added=added)


def _of_title(casebook: Casebook, title: str) -> Case | None:
    found = [case for case in casebook.cases() if case.title == title]
    if len(found) > 1:
        raise Refused(msg("Several cases are called “{title}”; name one with --case.", title=title))
    return found[0] if found else None
