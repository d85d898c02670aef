"""Machines with a file of their own each, what people do on them at random, and what each of them knew when.

`Fleet.play` does what people do: one thing on one machine, or an export of one that another takes in. Every change is
told to a `Ledger` (see `tests.ledger`), which is a model of its own: it looks at cases only as they are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar, get_args

from msgspec import structs

from pddtui.domain import moves
from pddtui.domain.case import (
    Case,
    Contact,
    Evidence,
    Filing,
    FilingState,
    FollowUp,
    FollowUpState,
    Outcome,
    Person,
    Promise,
    PromiseState,
)
from pddtui.domain.duetime import FixedClock
from pddtui.errors import PddError
from pddtui.services.casebook import Casebook
from pddtui.services.export.json import to_json
from pddtui.services.import_.apply import Arrival, take_in
from pddtui.services.import_.read_json import read_export
from pddtui.services.inputs import NewCase
from tests.conftest import SHANGHAI
from tests.domain.build import CALENDAR, RULES
from tests.ledger import Ledger
from tests.memory_store import MemoryStore

__all__ = ["Fleet", "Machine"]

Thing = TypeVar("Thing")
Move = Callable[[Case], Case]

START = datetime(2026, 11, 22, 12, 0, tzinfo=SHANGHAI)
NAMES = ("desk", "laptop", "phone", "server")

_BASE_32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Ids:
    """Ids as `UlidSource` makes them, from a generator that can be started again."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._last = 0

    def new(self, at: datetime) -> str:
        fresh = (int(at.timestamp() * 1000) << 80) | self._random.getrandbits(80)
        self._last = fresh if fresh >> 80 > self._last >> 80 else self._last + 1
        return "".join(_BASE_32[self._last >> shift & 31] for shift in range(125, -1, -5))


class Machine:
    """A computer with the program and a file of its own, and with a clock that may be wrong."""

    def __init__(self, name: str, *, seed: int = 0, skew: timedelta = timedelta(), cases: Sequence[Case] = ()) -> None:
        self.name = name
        self.store = MemoryStore(cases, machine=name)
        self.clock = FixedClock(START + skew)
        self.ids = Ids(Random(f"{name} {seed}"))  # noqa: S311 - the same ids in every run
        self.book = Casebook(self.store, self.clock, CALENDAR, RULES, self.ids)

    @property
    def cases(self) -> dict[str, Case]:
        return dict(self.store.cases())

    @property
    def case(self) -> Case:
        (case,) = self.store.cases().values()
        return case

    def export(self, *case_ids: str) -> bytes:
        """All cases, or some, as a file that does not say when it was made."""
        cases = self.cases
        return to_json((cases[each] for each in case_ids or sorted(cases)), RULES, START, calendar=CALENDAR)

    def take(self, content: bytes) -> tuple[Arrival, ...]:
        return take_in(self.store, read_export(content, "export.json"))

    def open(self, title: str) -> Case:
        self.clock.advance(timedelta(minutes=1))
        return self.book.open_case(NewCase(title=title))

    def do(self, case_id: str, action: str, move: Move) -> Case:
        self.clock.advance(timedelta(minutes=1))
        return self.book.apply(case_id, action, move)

    def say(self, words: str, *promises: str, case_id: str | None = None) -> Contact:
        """Log what I said, or with promises what they did, a minute later."""
        self.clock.advance(timedelta(minutes=1))
        now = self.clock.now()
        made = tuple(Promise(id=self.ids.new(now), text=text) for text in promises)
        contact = Contact(id=self.ids.new(now), at=now, recorded_at=now, direction="in" if made else "out",
                          channel="chat", summary=words, promises=made)  # fmt: skip
        self.book.apply(case_id or self.case.id, "log", lambda case: moves.log(case, contact))
        return contact


class Fleet:
    """Some machines, and a schedule of what happens on them that is the same for the same seed."""

    def __init__(self, seed: int, machines: int = 3) -> None:
        self.random = Random(seed)  # noqa: S311 - the same schedule in every run
        self.ledger = Ledger()
        self.machines = [
            Machine(name, seed=seed, skew=timedelta(hours=self.random.choice((0, 0, 0, 1, -5, 30))))
            for name in NAMES[:machines]
        ]
        self.olds: list[tuple[bytes, dict[str, frozenset[int]]]] = []
        self.wrong: list[str] = []
        """What was seen to be wrong on the way."""
        self._saved: dict[str, list[tuple[set[str], int]]] = {machine.name: [] for machine in self.machines}
        """The changes of each save of each machine, in the order in which it made them, and how much came by then."""
        self._came = dict.fromkeys(self._saved, 0)
        """How often something came from elsewhere, or was taken back out of turn."""
        self._asked: dict[str, set[str]] = {machine.name: set() for machine in self.machines}
        """The clashes of which each machine was told."""
        self.told: list[str] = []
        """What happened, one line each, for whoever looks for the reason of a failure."""

    def play(self, steps: int) -> None:
        """So many things happen; of the first, a case is opened."""
        self.act(self.machines[0], "open")
        if self.random.random() < 0.3:
            self.act(self.machines[1], "open")
        for _ in range(steps):
            self.step()

    def step(self) -> None:
        machine = self.random.choice(self.machines)
        jump = self.random.choice((1, 1, 1, 7, 60, 600, -200))
        machine.clock.advance(timedelta(minutes=jump))
        kind = self.random.random()
        if kind < 0.22:
            other = self.random.choice([each for each in self.machines if each is not machine])
            if self.random.random() < 0.7:
                self.exchange(machine, other)
            else:
                self.cross(machine, other)
        elif kind < 0.26 and self.olds:
            self.take(machine, *self.random.choice(self.olds), "old")
        elif kind < 0.36:
            self.act(machine, "undo")
        elif kind < 0.40:
            self.act(machine, "undo_named")
        elif kind < 0.45:
            self.act(machine, "redo")
        elif kind < 0.50:
            self.act(machine, "settle_clash")
        else:
            self.act(machine, self.random.choice(list(_ACTS)))

    def act(self, machine: Machine, name: str) -> bool:
        """One thing that a person does; False where the program refuses it."""
        before = machine.cases
        wanted, came = self._newest(machine) if name == "undo" else (set[str](), -1)
        pick = Pick(self.random, machine)
        try:
            settled = _DONE.get(name, _ACTS.get(name, _nothing))(pick)
        except (PddError, _Nothing) as refused:
            self.told.append(f"{machine.name}: {name} – {type(refused).__name__}")
            if wanted and came == self._came[machine.name]:
                self.wrong.append(
                    f"{machine.name}: nothing came since {wanted}, and yet it cannot be undone: {refused}"
                )
            return False
        self.told.append(f"{machine.name}: {name} {pick.said}")
        self.ledger.acted(machine.name, before, machine.cases, settled)
        known = {change.id for case in before.values() for change in case.history}
        new = {change.id for case in machine.cases.values() for change in case.history} - known
        if new:
            self._came[machine.name] += name == "undo_named"
            self._saved[machine.name].append((new, self._came[machine.name]))
        if name == "undo" and set(pick.said.split()) != wanted:
            self.wrong.append(f"{machine.name}: undo took back {pick.said}, and the newest save was {wanted}")
        return True

    def _newest(self, machine: Machine) -> tuple[set[str], int]:
        """What the newest save of that machine did that was not taken back, as far as it knows; what came by then."""
        changes = [change for case in machine.cases.values() for change in case.history]
        back = {change.target for change in changes if change.kind == "undo"}
        open_to = {change.id for change in changes if change.kind != "undo" and change.id not in back}
        saves = reversed(self._saved[machine.name])
        return next(((found, came) for save, came in saves if (found := save & open_to)), (set(), -1))

    def cross(self, one: Machine, other: Machine) -> None:
        """Both make an export, and then each takes that of the other in."""
        sent = [(each, each.export(), self.ledger.knowledge(each.name, sorted(each.cases))) for each in (one, other)]
        for sender, content, known in sent:
            self.take(other if sender is one else one, content, known, f"what crossed from {sender.name}")

    def exchange(self, sender: Machine, receiver: Machine) -> tuple[Arrival, ...]:
        cases = sorted(sender.cases)
        if self.random.random() < 0.3 and len(cases) > 1:
            cases = [self.random.choice(cases)]
        content = sender.export(*cases) if cases else sender.export()
        known = self.ledger.knowledge(sender.name, cases)
        if self.random.random() < 0.3:
            self.olds.append((content, known))
        return self.take(receiver, content, known, f"from {sender.name}")

    def take(
        self, machine: Machine, content: bytes, known: dict[str, frozenset[int]], said: str
    ) -> tuple[Arrival, ...]:
        before = {clash.id for case in machine.cases.values() for clash in case.clashes}
        arrivals = machine.take(content)
        clashes = {clash.id for case in machine.cases.values() for clash in case.clashes}
        again = (clashes - before) & self._asked[machine.name]
        if again or sum(len(each.conflicts) for each in arrivals) != len(clashes - before):
            self.wrong.append(f"{machine.name}: asked again {again}, or not as often as there was something to settle")
        self._asked[machine.name] |= clashes
        self._came[machine.name] += any(each.kind == "changed" for each in arrivals)
        self.ledger.learned(machine.name, known, machine.store.erased())
        self.told.append(f"{machine.name}: takes {said}: {[each.kind for each in arrivals]}")
        return arrivals

    def settle_down(self, most: int = 3) -> int:
        """Everybody takes what all others have until nothing is new; the rounds that it took."""
        for count in range(1, most + 1):
            news = 0
            for receiver in self.machines:
                for sender in self.machines:
                    if sender is not receiver:
                        known = self.ledger.knowledge(sender.name, sorted(sender.cases))
                        arrivals = self.take(receiver, sender.export(), known, f"all of {sender.name}")
                        news += sum(each.kind not in ("unchanged", "erased") for each in arrivals)
            if not news:
                return count
        return most + 1


class _Nothing(Exception):
    """There is nothing with which that could be done."""


class Pick:
    """A machine, and what of its cases was chosen at random."""

    def __init__(self, random: Random, machine: Machine) -> None:
        self.random = random
        self.machine = machine
        self.said = ""

    @property
    def now(self) -> datetime:
        return self.machine.clock.now()

    def one(self, things: Sequence[Thing]) -> Thing:
        if not things:
            raise _Nothing
        chosen = self.random.choice(things)
        self.said += f" {getattr(chosen, 'id', chosen)}"
        return chosen

    def case(self) -> Case:
        return self.one(sorted(self.machine.cases.values(), key=lambda case: case.id))

    def new_id(self) -> str:
        return self.machine.ids.new(self.now)

    def word(self) -> str:
        return self.one(("退款", "说三天内", "再打电话", "不肯", "换货", "没人接"))

    def do(self, case: Case, action: str, move: Move) -> None:
        self.machine.book.apply(case.id, action, move)


Settled = tuple[str, tuple[tuple[str, ...], ...]] | None


def _nothing(pick: Pick) -> Settled:
    raise _Nothing


def _open(pick: Pick) -> Settled:
    if len(pick.machine.cases) > 3:
        raise _Nothing
    pick.machine.book.open_case(NewCase(title=pick.word(), merchant=pick.word()))
    return None


def _edit(pick: Pick) -> Settled:
    case, name = pick.case(), pick.one(("title", "merchant", "description"))
    values = {name: pick.word()}
    pick.do(case, "edit", lambda each: moves.edit_values(each, values))
    return None


def _edit_many(pick: Pick) -> Settled:
    case = pick.case()
    values = {"order": str(pick.random.randrange(99)), "operator": pick.word(), "remedy": pick.one(("refund", "swap"))}
    pick.do(case, "edit", lambda each: moves.edit_values(each, values))
    return None


def _log(pick: Pick) -> Settled:
    case, now = pick.case(), pick.now - timedelta(hours=pick.random.choice((0, 0, 1, 40)))
    promises = tuple(Promise(id=pick.new_id(), text=pick.word()) for _ in range(pick.random.choice((0, 0, 1, 2))))
    contact = Contact(id=pick.new_id(), at=now, recorded_at=pick.now, direction="in", substance="holding",
                      channel="chat", person=Person(name=pick.word()), summary=pick.word(),
                      promises=promises)  # fmt: skip
    pick.do(case, "log", lambda each: moves.log(each, contact))
    return None


def _amend(pick: Pick) -> Settled:
    case = pick.case()
    contact, now = pick.one(case.contacts), pick.now
    changes = moves.ContactEdit(summary=pick.word())
    if pick.random.random() < 0.3:
        changes = moves.ContactEdit(at=contact.at - timedelta(hours=pick.random.randrange(1, 90)))
    elif pick.random.random() < 0.3:
        changes = moves.ContactEdit(reply=pick.one(("refused", "agreed")))
    pick.do(case, "amend", lambda each: moves.amend(each, contact.id, changes, now))
    return None


def _settle_promise(pick: Pick) -> Settled:
    case = pick.case()
    _, promise = pick.one(case.promises)
    state, now = pick.one(get_args(PromiseState)), pick.now + timedelta(days=9)
    made = Promise(id=pick.new_id(), text=pick.word()) if state == "replaced" else None
    pick.do(case, "settle", lambda each: moves.settle_promise(each, promise.id, state, now, made))
    return None


def _follow_up(pick: Pick) -> Settled:
    case, now = pick.case(), pick.now
    task = FollowUp(id=pick.new_id(), text=pick.word(), due=now + timedelta(days=1), created_at=now)
    pick.do(case, "follow_up", lambda each: moves.add_follow_up(each, task))
    return None


def _snooze(pick: Pick) -> Settled:
    case = pick.case()
    task, due = pick.one(case.follow_ups), pick.now + timedelta(days=pick.random.randrange(1, 9))
    pick.do(case, "snooze", lambda each: moves.snooze(each, task.id, due, "later", estimated=False))
    return None


def _settle_follow_up(pick: Pick) -> Settled:
    case = pick.case()
    task, state, now = pick.one(case.follow_ups), pick.one(get_args(FollowUpState)), pick.now + timedelta(days=9)
    pick.do(case, "settle", lambda each: moves.settle_follow_up(each, task.id, state, now))
    return None


def _file(pick: Pick) -> Settled:
    case, (rung, channel) = pick.case(), pick.one((("platform", "app"), ("regulator", "c12315")))
    filing = Filing(id=pick.new_id(), rung=rung, channel=channel, filed_at=pick.now)
    pick.do(case, "file", lambda each: moves.file(each, filing, RULES, anyway=True))
    return None


def _decide(pick: Pick) -> Settled:
    case = pick.case()
    filing, state = pick.one(case.filings), pick.one(get_args(FilingState))
    now = pick.now + timedelta(days=9)
    reference = str(pick.random.randrange(99)) if pick.random.random() < 0.3 else None
    pick.do(case, "decide", lambda each: moves.decide(each, filing.id, state, now, reference))
    return None


def _countdown(pick: Pick) -> Settled:
    case = pick.case()
    filing, until = pick.one(case.filings), pick.now + timedelta(days=pick.random.randrange(1, 9))
    pick.do(case, "countdown", lambda each: moves.set_countdown(each, filing.id, until))
    return None


def _add_evidence(pick: Pick) -> Settled:
    case = pick.case()
    record = Evidence(id=pick.new_id(), place=pick.word(), added_at=pick.now)
    tied = pick.one(case.contacts).id if case.contacts and pick.random.random() < 0.7 else None
    pick.machine.book.add_evidence(case.id, record, tied)
    return None


def _tie_evidence(pick: Pick) -> Settled:
    case = pick.case()
    record, contact = pick.one(case.evidence), pick.one(case.contacts)
    pick.do(case, "evidence", lambda each: moves.tie_evidence(each, record.id, contact.id))
    return None


def _edit_evidence(pick: Pick) -> Settled:
    case = pick.case()
    record, values = pick.one(case.evidence), {"proves": pick.word()}
    pick.do(case, "evidence", lambda each: moves.edit_evidence(each, record.id, values))
    return None


def _remove_evidence(pick: Pick) -> Settled:
    case = pick.case()
    pick.machine.book.remove_evidence(case.id, pick.one(case.evidence).id)
    return None


def _milestone(pick: Pick) -> Settled:
    case, at = pick.case(), pick.one((None, pick.now, pick.now - timedelta(days=1)))
    pick.machine.book.note_milestone(case.id, pick.one(("refunded", "return_agreed")), at)
    return None


def _tick(pick: Pick) -> Settled:
    case, at = pick.case(), pick.one((None, pick.now))
    pick.machine.book.tick(case.id, pick.one(("quality.photo", "quality.ask")), at)
    return None


def _look(pick: Pick) -> Settled:
    case, thread, now = pick.case(), pick.one(("merchant", "platform")), pick.now
    pick.do(case, "look", lambda each: moves.look(each, thread, now))
    return None


def _tag(pick: Pick) -> Settled:
    case, tag = pick.case(), pick.one(("急", "水壶", "mine"))
    pick.machine.book.tag_all([case.id], *(((), (tag,)) if tag in case.tags else ((tag,), ())))
    return None


def _tag_all(pick: Pick) -> Settled:
    pick.machine.book.tag_all([case.id for case in pick.machine.book.cases()], (pick.one(("全", "all")),))
    return None


def _resolve(pick: Pick) -> Settled:
    case, now = pick.case(), pick.now + timedelta(days=9)
    outcome = Outcome(id=pick.new_id(), kind=pick.one(("refunded", "gave_up")))
    pick.do(case, "resolve", lambda each: moves.resolve(each, outcome, pick.one(("resolved", "closed")), now))
    return None


def _reopen(pick: Pick) -> Settled:
    pick.machine.book.reopen(pick.case().id)
    return None


def _verify(pick: Pick) -> Settled:
    pick.machine.book.verify(pick.case().id)
    return None


def _trash(pick: Pick) -> Settled:
    pick.machine.book.trash(pick.case().id)
    return None


def _restore(pick: Pick) -> Settled:
    pick.machine.book.restore(pick.one(sorted(case.id for case in pick.machine.book.cases(trash=True))))
    return None


def _erase(pick: Pick) -> Settled:
    if pick.random.random() < 0.5:
        raise _Nothing
    pick.machine.book.empty_trash([pick.one(sorted(case.id for case in pick.machine.book.cases(trash=True)))])
    return None


def _undo(pick: Pick) -> Settled:
    pick.said = " ".join(each.change.id for each in pick.machine.book.undo())
    return None


def _undo_named(pick: Pick) -> Settled:
    case = pick.case()
    pick.machine.book.undo(pick.one([each.id for each in case.history if each.kind != "undo"]))
    return None


def _redo(pick: Pick) -> Settled:
    pick.said = " ".join(each.change.id for each in pick.machine.book.redo())
    return None


def _settle_clash(pick: Pick) -> Settled:
    case = pick.one(sorted((each for each in pick.machine.cases.values() if each.clashes), key=lambda case: case.id))
    clash = pick.one(case.clashes)
    side = pick.one((None, *range(len(clash.sides))))
    pick.machine.book.settle_clash(case.id, clash.id, side)
    return case.id, tuple((*clash.path, name) for name in clash.names)


_ACTS: dict[str, Callable[[Pick], Settled]] = {
    name: act
    for name, act, weight in (
        ("open", _open, 1), ("edit", _edit, 4), ("edit_many", _edit_many, 1), ("log", _log, 5), ("amend", _amend, 4),
        ("settle", _settle_promise, 4), ("follow_up", _follow_up, 2), ("snooze", _snooze, 2),
        ("settle_task", _settle_follow_up, 2), ("file", _file, 2), ("decide", _decide, 2), ("countdown", _countdown, 1),
        ("evidence", _add_evidence, 2), ("tie", _tie_evidence, 1), ("describe", _edit_evidence, 1),
        ("remove_evidence", _remove_evidence, 2), ("milestone", _milestone, 2), ("tick", _tick, 2), ("look", _look, 1),
        ("tag", _tag, 2), ("tag_all", _tag_all, 1), ("resolve", _resolve, 2), ("reopen", _reopen, 2),
        ("verify", _verify, 1), ("trash", _trash, 2), ("restore", _restore, 3), ("erase", _erase, 1),
    )
    if weight
}  # fmt: skip
"""What a person does of own accord."""

_DONE: dict[str, Callable[[Pick], Settled]] = {
    "undo": _undo, "undo_named": _undo_named, "redo": _redo, "settle_clash": _settle_clash
}  # fmt: skip
"""What a person does with what was done."""


def nothing_shown_twice(case: Case) -> bool:
    """Whether no list has one id twice."""
    lists = (case.contacts, case.filings, case.follow_ups, case.evidence, [made for _, made in case.promises])
    return all(len({each.id for each in things}) == len(things) for things in lists)


def shown(machine: Machine) -> dict[str, Case]:
    """The cases of a machine without what only counts its saves."""
    return {case_id: structs.replace(case, revision=0) for case_id, case in machine.cases.items()}
