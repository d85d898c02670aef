"""The casebook: every use-case of a case, on the store, the clock, the calendar and the rules.

Every change is a move replayed on the freshest copy of the case under the store's lock, put on
record with its before and after, and acknowledged only when it is durable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from pddtui.domain import moves
from pddtui.domain.case import Case, FilingState, Outcome, Status
from pddtui.domain.clock import Clock
from pddtui.domain.contact import Contact, Promise, PromiseState
from pddtui.domain.duetime import Due
from pddtui.domain.history import Change
from pddtui.domain.ports import CaseStore
from pddtui.domain.record import recorded
from pddtui.domain.rules import Rules
from pddtui.domain.task import Evidence, FollowUp, FollowUpState
from pddtui.domain.workdays import Calendar
from pddtui.errors import NotFound, Refused
from pddtui.message import msg
from pddtui.services import lookup
from pddtui.services.ids import IdSource
from pddtui.services.overview import Overview

if TYPE_CHECKING:
    from pddtui.services.entries import NewCase, NewContact, NewFiling, NewFollowUp, NewPromise
    from pddtui.services.filing_news import FilingNews

__all__ = ["Casebook", "Move"]

Move = Callable[[Case], Case]


class Casebook(Overview):
    """What the desk and the command line do to cases. Raises the errors of `pddtui.errors`."""

    def __init__(self, store: CaseStore, clock: Clock, calendar: Calendar, rules: Rules, ids: IdSource) -> None:
        super().__init__(store, clock, calendar, rules)
        self._ids = ids

    # Reading

    def find(self, ref: str) -> Case:
        """The case a person means by `PDD-2026-0042`, `2026-42`, `42` or the start of its id."""
        return self.case(lookup.find_id(self.store.refs(), ref))

    def thing(self, thing_id: str) -> lookup.Thing:
        """The promise, follow-up or ending with that id (or its unique last letters), and its case."""
        return lookup.find_thing(self.store.cases().values(), thing_id)

    def due(self, phrase: str, start: datetime | None = None) -> Due:
        """What a due phrase means when it is spoken at `start`. Raises `Refused`."""
        from pddtui.domain.phrases import parse_due  # nine modules that looking at cases does not need

        return parse_due(phrase, start or self.now(), self.calendar)

    def countdown(self, shown: str, start: datetime | None = None) -> Due:
        """When a countdown ends that the app shows at `start`. Raises `Refused`."""
        from pddtui.domain.phrases import parse_countdown

        return parse_countdown(shown, start or self.now(), self.calendar)

    # Changing

    def apply(self, case_id: str, action: str, move: Move) -> Case:
        """Replay `move` on the freshest copy of the case and save it durably. Returns the saved case."""
        with self.store.transaction() as box:
            before = box.get(case_id)
            if before is None:
                raise NotFound(msg("That case is no longer in this file."))
            if before.trashed_at is not None and action != "restore":
                raise Refused(msg("{ref} is in the trash; restore it first.", ref=before.ref))
            after = recorded(before, move(before), action=action, change_id=self._new_id(), at=self.now())
            if after is not before:
                box.put(after)
        return after

    def open_case(self, new: NewCase) -> Case:
        """Open a case under the next free number of the year."""
        now = self.now()
        with self.store.transaction() as box:
            case = moves.open_case(new.build(self._new_id(), box.next_ref(now.year), now))
            saved = recorded(None, case, action="open", change_id=self._new_id(), at=now)
            box.put(saved)
        return saved

    def edit(self, case_id: str, changes: moves.CaseEdit) -> Case:
        """Change the facts of a case."""
        return self.apply(case_id, "edit", lambda case: moves.edit(case, changes))

    def log(self, case_id: str, new: NewContact) -> tuple[Case, Contact]:
        """Log a contact; returns the case and the contact as it was saved."""
        contact = new.build(self._new_id, self.now(), self.due)
        return self.apply(case_id, "log", lambda case: moves.log(case, contact)), contact

    def amend(self, case_id: str, contact_id: str, changes: moves.ContactEdit) -> Case:
        """Correct a contact; after ten minutes the old wording stays beside it."""
        now = self.now()
        return self.apply(case_id, "amend", lambda case: moves.amend(case, contact_id, changes, now))

    def settle_promise(self, case_id: str, promise_id: str, state: PromiseState, at: datetime | None = None) -> Case:
        """Settle a promise as kept, broken or waived, or open it again."""
        when = at or self.now()
        return self.apply(case_id, "settle", lambda case: moves.settle_promise(case, promise_id, state, when))

    def replace_promise(self, case_id: str, promise_id: str, new: NewPromise) -> tuple[Case, Promise]:
        """Settle a promise as replaced by a new one, given now."""
        now = self.now()
        promise = new.build(self._new_id(), now, self.due)
        saved = self.apply(
            case_id, "settle", lambda case: moves.settle_promise(case, promise_id, "replaced", now, promise)
        )
        return saved, promise

    def follow_up(self, case_id: str, new: NewFollowUp) -> tuple[Case, FollowUp]:
        """Plan something to do; returns the case and the follow-up as it was saved."""
        task = new.build(self._new_id(), self.now(), self.due)
        return self.apply(case_id, "follow_up", lambda case: moves.add_follow_up(case, task)), task

    def settle_follow_up(self, case_id: str, task_id: str, state: FollowUpState, at: datetime | None = None) -> Case:
        """Tick a follow-up off, drop it, or open it again."""
        when = at or self.now()
        return self.apply(case_id, "settle", lambda case: moves.settle_follow_up(case, task_id, state, when))

    def snooze(self, case_id: str, task_id: str, phrase: str) -> Case:
        """Put a follow-up off until what the phrase means now."""
        due = self.due(phrase)
        return self.apply(
            case_id,
            "snooze",
            lambda case: moves.snooze(case, task_id, due.at, phrase, estimated=due.estimated),
        )

    def file(self, case_id: str, new: NewFiling, *, anyway: bool = False) -> Case:
        """Lodge the case at a rung; `anyway` passes gates that are not met, and records it."""
        filing = new.build(self._new_id(), self.now())
        return self.apply(case_id, "file", lambda case: moves.file(case, filing, self.rules, anyway=anyway))

    def decide(
        self, case_id: str, filing_id: str, state: FilingState, at: datetime | None = None, reference: str | None = None
    ) -> Case:
        """Record what became of a filing: accepted, answered, refused, ended."""
        when = at or self.now()
        return self.apply(case_id, "decide", lambda case: moves.decide(case, filing_id, state, when, reference))

    def note_filing(self, case_id: str, filing_id: str, news: FilingNews) -> Case:
        """Note all that was learned of a filing at once: what became of it, its number, what the app shows."""
        move = news.move(filing_id, self.now(), self.rules, self.countdown)
        return self.apply(case_id, news.action, move)

    def add_evidence(self, case_id: str, record: Evidence, contact_id: str | None = None) -> Case:
        """Keep a piece of evidence with the case, tied to the contact that it shows if there is one."""

        def move(case: Case) -> Case:
            added = moves.add_evidence(case, record)
            return moves.tie_evidence(added, record.id, contact_id) if contact_id is not None else added

        return self.apply(case_id, "evidence", move)

    def remove_evidence(self, case_id: str, record_id: str) -> Case:
        """Take a piece of evidence out of the case. Its file stays where it is, so that undo finds it."""
        return self.apply(case_id, "remove_evidence", lambda case: moves.remove_evidence(case, record_id))

    def note_milestone(self, case_id: str, event: str, at: datetime | None) -> Case:
        """Set or clear a milestone; it starts or stops clocks."""
        return self.apply(case_id, "milestone", lambda case: moves.note_milestone(case, event, at))

    def tick(self, case_id: str, step: str, at: datetime | None) -> Case:
        """Tick a playbook step (`playbook.step`) off, or (None) open it again."""
        return self.apply(case_id, "tick", lambda case: moves.tick(case, step, at))

    def resolve(self, case_id: str, kind: str, status: Status, recovered: Decimal | None = None) -> Case:
        """End the case with an outcome of the handbook and the status it leads to."""
        now = self.now()
        outcome = Outcome(id=self._new_id(), kind=kind, recovered=recovered)
        return self.apply(case_id, "resolve", lambda case: moves.resolve(case, outcome, status, now))

    def verify(self, case_id: str, at: datetime | None = None) -> Case:
        """Confirm that what a resolution promised has arrived."""
        when = at or self.now()
        return self.apply(case_id, "verify", lambda case: moves.verify(case, when))

    def reopen(self, case_id: str) -> Case:
        """Take an ended case up again."""
        return self.apply(case_id, "reopen", moves.reopen)

    def trash(self, case_id: str) -> Case:
        """Put a case into the trash."""
        now = self.now()
        return self.apply(case_id, "trash", lambda case: moves.trash(case, now))

    def restore(self, case_id: str) -> Case:
        """Take a case back from the trash."""
        return self.apply(case_id, "restore", moves.restore)

    def empty_trash(self, case_ids: Iterable[str]) -> tuple[Case, ...]:
        """Erase these cases for good, as far as they still are in the trash. Returns those that are gone now.

        Their numbers are never given again; former states of the file keep the cases until they are rotated away.
        """
        with self.store.transaction() as box:
            found = [case for case_id in case_ids if (case := box.get(case_id)) is not None]
            erased = tuple(case for case in found if case.trashed_at is not None)
            for case in erased:
                box.erase(case.id)
        return erased

    def undo(self) -> tuple[Case, Change]:
        """Take back the newest change of this file, whoever made it; returns what was taken back."""
        from pddtui.services import undoing

        return undoing.undo(self.store, self._new_id(), self.now())

    def redo(self) -> tuple[Case, Change]:
        """Bring back what was taken back last."""
        from pddtui.services import undoing

        return undoing.redo(self.store, self._new_id(), self.now())

    def _new_id(self) -> str:
        return self._ids.new(self.now())
