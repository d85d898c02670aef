"""What a session has read of a data file, how it catches up with other sessions, and what another copy held.

Nothing here writes. Looking for news is two `stat` calls; the saves of another session are read from the end of the
journal, and a fold of saves already seen is adopted without reading a document. A sync tool or a restored backup may
put another file in the place of the one that was here. Then what was known here, what this machine has on its own
record, and what a journal of another file holds are united with it: in memory, until somebody saves.
"""

from __future__ import annotations

import contextlib
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from pddtui.domain.case import Case
from pddtui.domain.history import Change, Tree
from pddtui.errors import Damaged, Gone
from pddtui.message import Message, msg
from pddtui.store.backups import Backups
from pddtui.store.codec import FirstLook, Head, head_of
from pddtui.store.disk import Disk, HeldFile, hold_open, stamp_of_file
from pddtui.store.journal import NOTHING, Journal, Op, Record, Scan, scan
from pddtui.store.layout import (
    APP,
    CASES,
    META,
    SCHEMA,
    UNDECODABLE,
    FileMark,
    WrongShape,
    first_line,
    marked,
    outline,
)
from pddtui.store.lock import FileLock
from pddtui.store.mending import Spare, sides_of
from pddtui.store.opening import (
    FilesBeside,
    FileState,
    journal_warnings,
    mending_warnings,
    parse_tables,
    refusal,
    refused_warnings,
    sniff,
    union_warnings,
)
from pddtui.store.own import Counts, OwnRecord, OwnTail, descends, joined
from pddtui.store.shelf import Shelf

if TYPE_CHECKING:
    from pddtui.store.uniting import Uniter

__all__ = ["FoundNames", "Reading"]


FoundNames = tuple[tuple[int, int] | None, int | None]
"""Device and inode of the data file, and the inode of the journal; None where there is none."""


TAIL = 512
"""Bytes at the end of what was read of a journal that are looked at again before it is read on."""


class Reading:
    """The documents and the generation as last seen."""

    def __init__(
        self, path: Path, disk: Disk, lock: FileLock, look: FirstLook | None = None, own: OwnRecord | None = None
    ) -> None:
        self.path = path
        self.journal = Journal(path, disk)
        self.backups = Backups(path, disk)
        self.shelf = Shelf()
        self.meta: Tree = {}
        self.mark = FileMark()
        self.file: HeldFile | None = None
        self.seen = 0
        """How far the journal of this generation has been read."""
        self.saves = 0
        """Saves of this generation that are only in the journal."""
        self.check, self._tail = 0, b""
        """CRC-32 of what was read of the journal, and the end of it, by which it is known again."""
        self.damaged = 0
        """Lines of the journal that held a save and can no longer be read."""
        self.foreign = 0
        """Saves made on another copy of the data file; what was taken of them is only in memory so far."""
        self.settled = 0
        """Saves made on an earlier generation, all of which this one holds: a writer died before it could clean up."""
        self.counts: Counts = {}
        """How many saves of each machine are here, by the name of the machine."""
        self.held: Counts = {}
        """How many of them the files held when they were read."""
        self.returned, self.erased = set[str](), set[str]()
        """The numbers of cases that the file did not hold as they were known here, and which were united with it; of
        those that were erased, in which something was written here that the file did not hold."""
        self.contacts = 0
        """How many contacts of these the file did not hold."""
        self.refused: list[str] = []
        """The numbers of cases that could not be united, as what is left of their changes does not hold together."""
        self.renumbered: list[tuple[str, str]] = []
        """The number before and the number now of cases that could not keep theirs."""
        self.lost = False
        """Whether there is no data file, although this machine saved something there."""
        self.sides = False
        """Whether the file has the conflict markers of git; both sides were united."""
        self.doubled: set[str] = set()
        """The numbers of cases that stood in the file twice, and were united."""
        self.changed: set[tuple[str, str]] = set()
        """Table and key of the documents that changed since the store last took note and cleared this."""
        self.own = own
        self.look = look or (lambda _: None)
        self.looks: dict[str, object] = {}
        """What `look` made of each case when the data file was first read, by key, so that it is not read twice."""
        self.loads = 0
        """How often the whole data file has been read."""
        self._disk = disk
        self._lock = lock
        self._spare = Spare()
        self._ids: dict[str, str] | None = None if look is None else {}
        self._journal_stamp: tuple[int, int] | None = None

    @property
    def names(self) -> FoundNames:
        """The data file and the journal that were found, by their inodes."""
        journal = None if self._journal_stamp is None else self._journal_stamp[0]
        return (None if self.file is None else self.file.stamp[:2], journal)

    @property
    def pending(self) -> bool:
        """Whether there is a journal that a fold would clear away.

        Not where the documents are of another schema, which only a save migrates.
        """
        _, size = self._journal_stamp or (0, 0)
        return size > 0 and self.file is not None and self.mark.schema == SCHEMA

    @property
    def warnings(self) -> tuple[Message, ...]:
        """What is wrong with the journal, and what had to be united."""
        return (
            *journal_warnings(damaged=self.damaged, foreign=self.foreign, renumbered=self.renumbered),
            *mending_warnings(self.doubled, sides=self.sides, lost=str(self.path) if self.lost else None),
            *refused_warnings(self.refused),
            *self.united,
        )

    @property
    def united(self) -> tuple[Message, ...]:
        """What was united with another file than the one that was here, in words: nothing is wrong with it."""
        return union_warnings(self.returned, self.contacts, self.erased)

    @property
    def unwritten(self) -> bool:
        """Whether something was united in memory that the files do not hold together."""
        return self.foreign > 0 or self.sides or bool(self.returned or self.doubled)

    def stale(self) -> bool:
        """Whether another session left something to read."""
        return self.loads == 0 or self._replaced() or self.journal.stamp() != self._journal_stamp

    def catch_up(self) -> None:
        """Read what is new. `Damaged`, with everything as before, when the file cannot be read."""
        loads, shelf, counts, token = self.loads, self.shelf, self.counts, self.mark.token
        whole = self.file is None or self.file.intact
        if loads == 0 or self._replaced():
            if not self._follow():
                self._load()
            self._replay()
        elif self.journal.stamp() != self._journal_stamp:
            self._replay()
        if self.loads != loads and self.file is not None:
            self._reunite(shelf if loads else Shelf(), counts, token if loads else "", whole=whole)

    def recall(self, known: Counts) -> None:
        """Unite with what is `known` from the own record and not here: of a session that died before its journal."""
        if self.file is not None and not descends(self.counts, known):
            self._reunite(Shelf(), {}, "", whole=True)

    @property
    def gone(self) -> bool:
        """Whether there was a data file, and is none under its name any more."""
        return self.file is not None and self._disk.stat(self.path) is None

    def must_not_be_gone(self) -> None:
        """`Gone` where it is: before anything is made in its place."""
        if self.gone:
            raise Gone(msg("The data file {path} is missing: it was removed while it was open.", path=str(self.path)))

    def finish_journal(self) -> None:
        """Take what the journal holds beyond what was read, where the data file is gone and it was left."""
        found = self.journal.stamp()
        if found is None:
            return
        if zlib.crc32(self.journal.read(0)[: self.seen]) != self.check:
            # Another session folded, and this is the journal of a file that was never read here.
            self.seen = self.check = self.saves = 0
        self._read_on(found)

    def adopt(self, file: HeldFile, shelf: Shelf, meta: Tree) -> None:
        """Take note that this session has just replaced the data file, and of what it holds."""
        self.file, self.shelf, self.meta, self.mark = file, shelf, meta, marked(meta)
        self.counts = self.mark.counts
        self.loads = max(1, self.loads)
        self._forget_journal()

    def append(self, record: Record, line: bytes) -> None:
        """Take note that this session has just made the line durable at the end of what was seen."""
        self._take(record.ops)
        self.counts = joined(self.counts, record.counts)
        self.seen += len(line)
        self.check = zlib.crc32(line, self.check)
        self._tail = (self._tail + line)[-TAIL:]
        self.saves += 1
        self._journal_stamp = None
        with contextlib.suppress(OSError):  # the next look for news finds out; the save is durable
            self._journal_stamp = self.journal.stamp()

    def _replaced(self) -> bool:
        found = self._disk.stat(self.path)
        return (None if found is None else stamp_of_file(found)) != (None if self.file is None else self.file.stamp)

    def _follow(self) -> bool:
        """Adopt a data file that holds exactly the journal that we have read, so that nothing in memory changes."""
        if not self.saves or self.damaged or self.unwritten or self.file is None or not self.file.intact:
            return False
        file = hold_open(self._disk, self.path)
        if file is None:
            return False
        try:
            meta, _ = first_line(self._disk, file.fd)
        except WrongShape:
            return False
        mark = marked(meta)
        ours = ((self.mark.token,), self.seen, self.check, self.mark.schema)
        if (mark.past[:1], mark.folded, mark.check, mark.schema) != ours:
            return False
        self.adopt(file, self.shelf, meta)
        return True

    def _load(self) -> None:
        file = hold_open(self._disk, self.path)
        if file is None:
            self._refuse("missing")
            meta, shelf = Tree(), Shelf()
        else:
            meta, shelf = self._read(file)
        if self.file is not None and not self.file.intact:
            # Somebody wrote into the file in place, so what we would compare with is gone.
            changed = {(name, key) for side in (self.shelf, shelf) for name in side.names() for key in side.keys(name)}
        elif self.loads:
            changed = set(self.shelf.differences(shelf))
        else:
            changed = {(name, key) for name in shelf.names() for key in shelf.keys(name)}
        if file is None:
            self._start(shelf)
        else:
            self.adopt(file, shelf, meta)
        self.changed |= changed
        self.loads += 1
        self._mend(changed)

    def _start(self, shelf: Shelf) -> None:
        self.file, self.shelf, self.meta, self.mark = None, shelf, {}, FileMark()
        self.counts = {}
        self._forget_journal()
        self.lost = self.own is not None and bool(self.own.last())

    def _forget_journal(self) -> None:
        self.seen = self.check = self.saves = self.damaged = self.foreign = self.settled = 0
        self._tail = b""
        self.renumbered, self.refused = [], []
        self.returned, self.erased, self.contacts = set(), set(), 0
        self.lost, self.sides, self.doubled = False, False, set()
        self._journal_stamp = None

    def _read(self, file: HeldFile) -> tuple[Tree, Shelf]:
        shelf = Shelf()
        again: list[bytes] = []
        self._spare = Spare()
        try:
            meta, entries = outline(self._disk, file.fd, file.size)
            for entry, document in entries:
                if entry.table == CASES and shelf.has(CASES, entry.key):
                    again.append(bytes(document))
                    continue
                shelf.lay(file, entry)
                if entry.table != CASES:
                    # Cases are decoded anyway by those who ask for them.
                    msgspec.json.decode(document)
                elif not self.loads:
                    with contextlib.suppress(ValueError):  # its fault is reported when the case is asked for
                        self.looks[entry.key] = self.look(document)
            self._spare = Spare(tuple(again))
        except (WrongShape, *UNDECODABLE):
            self.looks.clear()
            meta, shelf = self._read_foreign(file)
        if marked(meta).app != APP and CASES not in shelf.names():
            self._refuse("foreign")
        return meta, shelf

    def _read_foreign(self, file: HeldFile) -> tuple[Tree, Shelf]:
        text = file.read_all()
        shelf = Shelf()
        try:
            tables = parse_tables(text)
            meta = {key: msgspec.json.decode(raw) for key, raw in tables.pop(META, {}).items()}
        except WrongShape:
            found = sides_of(text)
            if found is None:
                self._refuse(sniff(text))
                raise
            meta, shelf, self._spare = found
            return meta, shelf
        for name, table in tables.items():
            for key, document in table.items():
                shelf.put(name, key, document)
            shelf.need(name)
        return meta, shelf

    def _refuse(self, state: FileState) -> None:
        if state == "missing":
            self.must_not_be_gone()
        holder = self._lock.holder()
        beside = FilesBeside(
            journal=self.journal.stamp() is not None,
            backups=len(self.backups.whole()),
            kept=self.file is not None or (holder is not None and holder.kept),
        )
        reason = refusal(state, beside, str(self.path))
        if reason is not None:
            raise Damaged(reason)

    def _replay(self) -> None:
        found = self.journal.stamp()
        if self.unwritten or (self.seen and not self._grown(found)):
            # What was taken from the journal is no longer what stands in it: begin again from the file.
            self._load()
        self._read_on(found)

    def _read_on(self, found: tuple[int, int] | None) -> None:
        lines = self.journal.read(self.seen)
        result = scan(lines, self.seen, self.mark.token)
        self._merge(result)
        for record in result.current:
            self._take(record.ops)
            self.counts = joined(self.counts, record.counts)
        if result.current:
            self._tail = (self._tail + lines[: result.end - self.seen])[-TAIL:]
            self.check = zlib.crc32(lines[: result.end - self.seen], self.check)
            self.seen = result.end
        self.saves += len(result.current)
        self.damaged += result.damaged
        self._journal_stamp = found

    def _grown(self, found: tuple[int, int] | None) -> bool:
        """Whether the journal is the one that was read, with or without something more.

        A sync tool may write another one into the same file.
        """
        if found is None or found[0] != (self._journal_stamp or found)[0] or found[1] < self.seen:
            return False
        start = self.seen - len(self._tail)
        return self.journal.read(start)[: len(self._tail)] == self._tail

    def _merge(self, result: Scan) -> None:
        """Take what is new in saves that were made on another generation."""
        if self.seen:
            return
        self.foreign = self.settled = 0
        if not result.foreign_records:
            return
        uniter = self._uniter()
        for record in result.foreign_records:
            before = (dict(uniter.changed), len(uniter.refused), uniter.unlike)
            others = [op for op in record.ops if op[0] != CASES and self._newer(op)]
            for table, _, raw in record.ops:
                if table == CASES and raw != NOTHING:
                    uniter.take(bytes(raw))
            self._take(others)
            news = bool(others) or (uniter.changed, len(uniter.refused), uniter.unlike) != before
            if news or record.base not in self.mark.past:
                self.foreign += 1
            else:
                self.settled += 1
        self._take(uniter.ops())
        self.renumbered += uniter.renumbered
        self.refused += uniter.refused
        if self.foreign:
            self.damaged += max(0, result.gaps - result.damaged)

    def _uniter(self) -> Uniter:
        from pddtui.store.uniting import Uniter  # most commands find the very file that was here

        return Uniter(self.shelf)

    def _newer(self, op: Op) -> bool:
        """Whether a document that is no case is new here."""
        table, key, raw = op
        return raw != NOTHING and not self.shelf.has(table, key)

    def _mend(self, changed: set[tuple[str, str]]) -> None:
        """Unite what the file holds twice: two sides, two lines with one key, one case under two keys."""
        spare, self._spare = self._spare, Spare()
        second = {key: (ref, self.shelf.get(CASES, key) or b"") for key, ref in self._second_keys(changed)}
        for key in second:
            self.shelf.put(CASES, key, None)
        if not second and not spare.documents:
            self.sides = spare.sides
            return
        uniter = self._uniter()
        for raw in spare.documents:
            uniter.take(raw)
        self.sides = spare.sides
        if not spare.sides:
            self.doubled.update(value.ref for value in uniter.changed.values())
        for key, (ref, raw) in second.items():
            refused = len(uniter.refused)
            uniter.take(raw)
            if len(uniter.refused) == refused:
                uniter.drop(key)
                self.doubled.add(ref)
            else:
                self.shelf.put(CASES, key, raw)
        self._take(uniter.ops())
        self.renumbered += uniter.renumbered
        self.refused += uniter.refused
        if not uniter.refused:
            self.counts = joined(self.counts, spare.counts)

    def _second_keys(self, changed: set[tuple[str, str]]) -> list[tuple[str, str]]:
        """The keys, and the numbers, of cases that stand under another key before."""
        ids, found = self._ids, list[tuple[str, str]]()
        if ids is None:
            return found
        known = set(ids.values())
        for key in self.shelf.keys(CASES):
            if key in known and (CASES, key) not in changed:
                continue
            head = self._head(key)
            first = ids.setdefault(head.id, key) if head is not None else key
            if head is not None and first != key:
                before = self._head(first)
                if before is not None and before.id == head.id:
                    found.append((key, head.ref))
                else:
                    ids[head.id] = key
        return found

    def _head(self, key: str) -> Head | Case | None:
        look = self.looks.get(key)
        if isinstance(look, Head | Case):
            return look
        with contextlib.suppress(*UNDECODABLE, ValueError):
            return head_of(self.shelf.get(CASES, key) or b"")
        return None

    def _reunite(self, before: Shelf, counts: Counts, token: str, *, whole: bool) -> None:
        """Unite with a file that was just read what was known here and is not in it.

        It holds all of that where it holds as many saves of each machine and came of the generation `token` that was
        known: a number alone can have been given twice, as after a backup of the whole machine. `whole` is whether all
        that was known can still be read: a file that was written into is no more what it was.
        """
        self.held = self.counts
        tail = self.own.tail() if self.own is not None else OwnTail()
        known = tail.counts
        grew = {each: not each or self.mark.grew_from(each) for each in (token, tail.token)}
        seen = descends(self.counts, counts) and grew[token]
        saved = descends(self.counts, known) and grew[tail.token]
        if seen and saved:
            return
        uniter = self._uniter()
        if not seen:
            for table, key in before.differences(self.shelf):
                raw = before.get(table, key) if table == CASES else None
                if raw is not None:
                    uniter.take(raw)
        if self.own is not None and not saved:
            changes: dict[str, list[Change]] = {}
            for each in self.own.saves():
                for kept in each.cases:
                    changes.setdefault(kept.id, []).extend(kept.changes)
                for erased in each.erased:
                    uniter.unite(erased)
            for case_id, made in changes.items():
                uniter.add(case_id, made)
        if not uniter.refused:
            # Of the saves of others the own record has only those on which ours were made.
            here = self.own.machine() if self.own is not None and known else ""
            ours = {machine: number for machine, number in known.items() if machine == here}
            self.counts = joined(joined(self.counts, counts if whole else {}), ours)
        self._unite(uniter)

    def _unite(self, uniter: Uniter) -> None:
        ops = uniter.ops()
        self._take(ops)
        self.returned.update(value.ref for value in uniter.changed.values() if isinstance(value, Case))
        self.erased.update(uniter.erased)
        self.contacts += uniter.contacts
        self.renumbered += uniter.renumbered
        self.refused += uniter.refused

    def _take(self, ops: list[Op]) -> None:
        self.shelf.apply(ops)
        for table, key, _ in ops if self.looks else ():
            if table == CASES:
                self.looks.pop(key, None)
        self.changed.update((table, key) for table, key, _ in ops)
