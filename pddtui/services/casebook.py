"""The casebook: every use-case of a case, on the store, the clock, the calendar and the rules.

Every change is a move replayed on the freshest copy of the case under the store's lock, put on record with its before
and after, and acknowledged only when it is durable. Nothing is kept in memory for undo, so it works across restarts
and windows. Only here is the present asked for; everything below is handed a `Clock`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from pddtui.domain import moves
from pddtui.domain.attention import AgendaLine as DueLine
from pddtui.domain.attention import Attention, agenda, attention
from pddtui.domain.case import (
    Case,
    Contact,
    Evidence,
    FilingState,
    FollowUp,
    FollowUpState,
    Outcome,
    Promise,
    PromiseState,
    Status,
)
from pddtui.domain.duetime import END_OF_DAY, Clock, Due
from pddtui.domain.ports import CaseStore, Transaction
from pddtui.domain.rules import Rules
from pddtui.domain.threads import threads_of
from pddtui.domain.workdays import Calendar
from pddtui.errors import NotFound, Refused
from pddtui.message import Message, msg
from pddtui.services.finding import Settleable, find_id, find_thing

if TYPE_CHECKING:
    from pddtui.services.inputs import FilingNews, NewCase, NewContact, NewFiling, NewFollowUp, NewPromise, Readiness
    from pddtui.services.undoing import Undone

__all__ = [
    "ERASING",
    "BuiltMove",
    "Casebook",
    "IdSource",
    "Move",
    "OneSave",
    "Overview",
    "ReadOnlyStore",
    "SystemClock",
    "UlidSource",
]


class Overview:
    """The cases of a store and what deserves attention in them: what a list needs, without phrases, inputs and ids."""

    def __init__(self, store: CaseStore, clock: Clock, calendar: Calendar, rules: Rules) -> None:
        self.store = store
        self.clock = clock
        self.calendar = calendar
        self.rules = rules

    def now(self) -> datetime:
        """The present moment, aware, in the configured zone."""
        return self.clock.now()

    def cases(self, *, trash: bool = False) -> tuple[Case, ...]:
        """The cases by number, without (or only) those in the trash."""
        return _by_number(case for case in self.store.cases().values() if (case.trashed_at is not None) == trash)

    def case(self, case_id: str) -> Case:
        """The case with that id. Raises `NotFound`."""
        case = self.store.cases().get(case_id)
        if case is None:
            raise NotFound(msg("The case is no longer in this file."))
        return case

    def attention(self, case: Case, now: datetime | None = None) -> Attention:
        """What deserves attention in the case, now or at another moment."""
        return attention(case, now or self.now(), self.rules, self.calendar)

    def attentions(self, now: datetime | None = None, *, words: bool = False) -> tuple[Attention, ...]:
        """The attention of every case that is not in the trash, by number.

        Its cases are glances (see `CaseStore.glances`): only to look at, with the words of their logs if wanted.
        """
        moment, rules, calendar = now or self.now(), self.rules, self.calendar
        cases = _by_number(case for case in self.store.glances(words=words) if case.trashed_at is None)
        return tuple([attention(case, moment, rules, calendar) for case in cases])

    def agenda(self, now: datetime | None = None) -> tuple[DueLine, ...]:
        """Everything that is due in any case, soonest first."""
        moment = now or self.now()
        return agenda(self._with_promisers(entry, moment) for entry in self.attentions(moment))

    def _with_promisers(self, entry: Attention, moment: datetime) -> Attention:
        """A promise is shown with who gave it, which a glance does not say."""
        if all(flag.kind != "promise" for flag in entry.flags):
            return entry
        return self.attention(self.case(entry.case.id), moment)


def _by_number(cases: Iterable[Case]) -> tuple[Case, ...]:
    return tuple(sorted(cases, key=lambda case: case.ref))


Move = Callable[[Case], Case]

BuiltMove = Callable[[Callable[[], str]], Move]
"""A move that adds things, made with the source of their ids."""

ERASING = msg(
    "This cannot be undone, and old copies do not bring it back. Backups keep the words for up to four weeks, those "
    "made before a migration or a union until you delete them."
)
"""What is to be known before cases are erased for good."""


class Casebook(Overview):
    """What the desk and the command line do to cases. Raises the errors of `pddtui.errors`."""

    def __init__(self, store: CaseStore, clock: Clock, calendar: Calendar, rules: Rules, ids: IdSource) -> None:
        super().__init__(store, clock, calendar, rules)
        self._ids = ids

    def find(self, ref: str) -> Case:
        """The case a person means by `PDD-2026-0042`, `2026-42`, `42` or the start of its id."""
        return self.case(find_id(self.store.refs(), ref))

    def thing(self, thing_id: str) -> Settleable:
        """The promise, follow-up or ending with that id (or its unique last letters), and its case."""
        return find_thing(self.store.cases().values(), thing_id)

    def due(self, phrase: str, start: datetime | None = None) -> Due:
        """What a due phrase means when it is spoken at `start`. Raises `Refused`."""
        from pddtui.domain.phrases.due import parse_due  # nine modules that looking at cases does not need

        return parse_due(phrase, start or self.now(), self.calendar)

    def deadline(self, phrase: str, start: datetime | None = None) -> datetime:
        """By when something is, or was, to be done: a day that has passed may be entered later. Raises `Refused`."""
        from pddtui.domain.phrases.moment import parse_when

        try:
            return self.due(phrase, start).at
        except Refused as refused:
            with suppress(Refused):
                return parse_when(phrase, start or self.now(), default=END_OF_DAY)
            raise refused from None

    def countdown(self, shown: str, start: datetime | None = None) -> Due:
        """When a countdown ends that the app shows at `start`. Raises `Refused`."""
        from pddtui.domain.phrases.due import parse_countdown

        return parse_countdown(shown, start or self.now(), self.calendar)

    def apply(self, case_id: str, action: str, move: Move) -> Case:
        """Replay `move` on the freshest copy of the case and save it durably. Returns the saved case."""
        with self.store.transaction() as box:
            return self._apply(box, case_id, action, move)

    def _apply(self, box: Transaction, case_id: str, action: str, move: Move) -> Case:
        before = box.get(case_id)
        if before is None:
            raise NotFound(msg("The case is no longer in this file."))
        if before.trashed_at is not None and action != "restore":
            raise Refused(msg("{ref} is in the trash; restore it first.", ref=before.ref))
        from pddtui.domain.record import recorded  # with all that unites histories, which looking does not need

        after = recorded(before, move(before), action=action, change_id=self._new_id(), at=self.now(), save=box.save)
        if after is not before:
            box.put(after)
        return after

    def apply_built(self, case_id: str, action: str, build: BuiltMove) -> Case:
        """Replay the move that `build` makes of ids for what it adds. Returns the saved case."""
        return self.apply(case_id, action, build(self._new_id))

    def open_case(self, new: NewCase, build: BuiltMove | None = None) -> Case:
        """Open a case under the next free number of the year, with what the move adds to it in the same save."""
        from pddtui.domain.record import recorded

        now = self.now()
        move = build(self._new_id) if build is not None else None
        with self.store.transaction() as box:
            case = moves.open_case(new.build(self._new_id(), box.next_ref(now.year), now))
            case = move(case) if move is not None else case
            saved = recorded(None, case, action="open", change_id=self._new_id(), at=now, save=box.save)
            box.put(saved)
        return saved

    def edit(self, case_id: str, changes: moves.CaseEdit) -> Case:
        """Change the facts of a case."""
        return self.apply(case_id, "edit", lambda case: moves.edit(case, changes))

    def log(self, case_id: str, new: NewContact) -> tuple[Case, Contact]:
        """Log a contact, with what it says of the filing it came through; returns the case and what was saved."""
        contact = new.build(self._new_id, self.now(), self.due, self.rules.side(new.channel))
        case = self.apply(case_id, "log", new.noted(contact, self.rules))
        return case, next(each for each in case.contacts if each.id == contact.id)

    def amend(self, case_id: str, contact_id: str, changes: moves.ContactEdit) -> Case:
        """Correct a contact; after ten minutes the old wording stays beside it."""
        now = self.now()
        return self.apply(case_id, "amend", lambda case: moves.amend(case, contact_id, changes, now))

    def settle_promise(self, case_id: str, promise_id: str, state: PromiseState, at: datetime | None = None) -> Case:
        """Settle a promise as kept, broken or waived, or open it again."""
        when = at or self.now()
        return self.apply(case_id, "settle", lambda case: moves.settle_promise(case, promise_id, state, when))

    def replace_promise(
        self, case_id: str, promise_id: str, new: NewPromise, at: datetime | None = None
    ) -> tuple[Case, Promise]:
        """Settle a promise as replaced by a new one, given at that moment or now."""
        when = at or self.now()
        promise = new.build(self._new_id(), when, self.due)
        saved = self.apply(
            case_id, "settle", lambda case: moves.settle_promise(case, promise_id, "replaced", when, promise)
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

    def snooze(self, case_id: str, task_id: str, phrase: str, start: datetime | None = None) -> Case:
        """Put a follow-up off until what the phrase means at `start`, or now."""
        due = self.due(phrase, start)
        return self.apply(
            case_id,
            "snooze",
            lambda case: moves.snooze(case, task_id, due.at, phrase, estimated=due.estimated),
        )

    def file(self, case_id: str, new: NewFiling, *, ready: Readiness | None = None, anyway: bool = False) -> Case:
        """Lodge the case at a rung, with what is said of it in the same breath.

        `anyway` passes gates that are not met, and records it.
        """
        filing = new.build(self._new_id(), self.now())

        def move(case: Case) -> Case:
            readied = ready.noted(case, filing.filed_at) if ready is not None else case
            return moves.file(readied, filing, self.rules, anyway=anyway)

        return self.apply(case_id, "file", move)

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
        return self.apply(case_id, "milestone", lambda case: moves.note_milestone(case, event, at, self.rules))

    def look(self, case_id: str, thread: str, at: datetime | None = None) -> Case:
        """Note that I looked how a thread stands and there was nothing new. Raises `NotFound` for an unknown one."""

        def move(case: Case) -> Case:
            if case.status != "open":
                raise Refused(msg("{ref} is closed: there is nothing to look at.", ref=case.ref))
            if all(known.id != thread for known in threads_of(case, self.rules)):
                raise NotFound(msg("{ref} has no thread {id}.", id=thread, ref=case.ref))
            return moves.look(case, thread, at or self.now())

        return self.apply(case_id, "look", move)

    def tick(self, case_id: str, step: str, at: datetime | None) -> Case:
        """Tick a playbook step (`playbook.step`) off, or (None) open it again."""
        return self.apply(case_id, "tick", lambda case: moves.tick(case, step, at))

    def resolve(
        self, case_id: str, kind: str, status: Status, recovered: Decimal | None = None, at: datetime | None = None
    ) -> Case:
        """End the case with an outcome of the handbook and the status it leads to, now or as of another moment."""
        when = at or self.now()
        outcome = Outcome(id=self._new_id(), kind=kind, recovered=recovered)
        return self.apply(case_id, "resolve", lambda case: moves.resolve(case, outcome, status, when))

    def verify(self, case_id: str, at: datetime | None = None) -> Case:
        """Confirm that what a resolution promised has arrived."""
        when = at or self.now()
        return self.apply(case_id, "verify", lambda case: moves.verify(case, when))

    def reopen(self, case_id: str) -> Case:
        """Take an ended case up again."""
        return self.apply(case_id, "reopen", moves.reopen)

    def tag(self, case_id: str, added: Iterable[str], removed: Iterable[str] = ()) -> Case:
        """Give a case these tags, and take those away."""
        (tagged,) = self.tag_all([case_id], added, removed)
        return tagged

    def tag_all(self, case_ids: Iterable[str], added: Iterable[str], removed: Iterable[str] = ()) -> tuple[Case, ...]:
        """Give these cases some tags and take others away, in one save."""
        to_add, to_remove = tuple(added), tuple(removed)
        with self.store.transaction() as box:
            return tuple(
                [self._apply(box, each, "tag", lambda case: moves.tag(case, to_add, to_remove)) for each in case_ids]
            )

    def trash(self, case_id: str) -> Case:
        """Put a case into the trash."""
        now = self.now()
        return self.apply(case_id, "trash", lambda case: moves.trash(case, now))

    def trash_all(self, case_ids: Iterable[str]) -> tuple[Case, ...]:
        """Put these cases into the trash in one save, as far as they are not there; returns those that are now."""
        now = self.now()
        with self.store.transaction() as box:
            found = [case for case_id in case_ids if (case := box.get(case_id)) is not None]
            here = [case.id for case in found if case.trashed_at is None]
            return tuple([self._apply(box, case_id, "trash", lambda case: moves.trash(case, now)) for case_id in here])

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

    def settle_clash(self, case_id: str, clash_id: str, side: int | None = None) -> Case:
        """Settle what machines changed apart: as it is shown, or as the side of that index has it."""
        from pddtui.domain.record import settle_clash

        with self.store.transaction() as box:
            case = box.get(case_id)
            clash = next((each for each in case.clashes if each.id == clash_id), None) if case is not None else None
            if case is None or clash is None:
                raise NotFound(msg("That is settled already."))
            saved = settle_clash(case, clash, side, change_id=self._new_id(), at=self.now(), save=box.save)
            box.put(saved)
        return saved

    def undo(self, change_id: str | None = None) -> tuple[Undone, ...]:
        """Take back the newest save of this machine, in all cases; or one change by its id, whoever made it."""
        from pddtui.services.undoing import undo

        return undo(self.store, self._new_id, self.now(), change_id)

    def redo(self) -> tuple[Undone, ...]:
        """Bring back what was taken back last on this machine."""
        from pddtui.services.undoing import redo

        return redo(self.store, self._new_id, self.now())

    def _new_id(self) -> str:
        return self._ids.new(self.now())


class ReadOnlyStore:
    """A store that refuses to save, with the reason."""

    def __init__(self, store: CaseStore, why: Message) -> None:
        self._store = store
        self._why = why

    def cases(self) -> Mapping[str, Case]:
        return self._store.cases()

    def glances(self, *, words: bool = False) -> Iterator[Case]:
        return self._store.glances(words=words)

    def refs(self) -> Mapping[str, str]:
        return self._store.refs()

    def erased(self) -> Mapping[str, str]:
        return self._store.erased()

    def refresh(self) -> frozenset[str]:
        return self._store.refresh()

    def transaction(self) -> AbstractContextManager[Transaction]:
        raise Refused(self.read_only)

    @property
    def read_only(self) -> Message:
        return self._why

    @property
    def warnings(self) -> tuple[Message, ...]:
        return self._store.warnings

    def tidy(self) -> bool:
        return False

    def close(self) -> None:
        self._store.close()


class OneSave:
    """A `CaseStore` within `box`. What is put here is saved when that transaction ends well."""

    def __init__(self, box: Transaction) -> None:
        self._box = box

    def cases(self) -> Mapping[str, Case]:
        return self._box.cases()

    def glances(self, *, words: bool = False) -> Iterator[Case]:  # noqa: ARG002, a whole case is a glance too
        return iter(self._box.cases().values())

    def refs(self) -> Mapping[str, str]:
        return {case_id: case.ref for case_id, case in self._box.cases().items()}

    def erased(self) -> Mapping[str, str]:
        return self._box.erased()

    def refresh(self) -> frozenset[str]:
        return frozenset()

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        yield self._box

    @property
    def read_only(self) -> Message | None:
        return None

    @property
    def warnings(self) -> tuple[Message, ...]:
        return ()

    def tidy(self) -> bool:
        return False

    def close(self) -> None:
        """Nothing: the transaction is somebody else's."""


class IdSource(Protocol):
    """Makes ids that never repeat."""

    def new(self, at: datetime) -> str:
        """A new id; later ones sort after earlier ones."""
        ...


_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class UlidSource:
    """48 bits of milliseconds and 80 random bits, in 26 characters of Crockford's base 32.

    Within one millisecond the random part counts up, so ids of one process never run backwards.
    """

    def __init__(self) -> None:
        self._last = 0

    def new(self, at: datetime) -> str:
        """A new id for a thing made at `at`."""
        fresh = (int(at.timestamp() * 1000) << 80) | int.from_bytes(os.urandom(10), "big")
        if fresh >> 80 <= self._last >> 80:
            fresh = self._last + 1
        self._last = fresh
        return "".join(_ALPHABET[fresh >> shift & 31] for shift in range(125, -1, -5))


class SystemClock:
    """A `Clock` that goes on."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def now(self) -> datetime:
        return datetime.now(self._zone)
