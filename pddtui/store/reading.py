"""What a session has read of a data file, how it catches up with other sessions, and saves made on another copy.

Nothing here writes. Looking for news is two `stat` calls; the saves of another session are read from the end of the
journal, and a fold of saves already seen is adopted without reading a document. A sync tool or a restored backup may
put another file in the place of the one to which the journal belongs; then only what is new is taken of its saves.
"""

from __future__ import annotations

import contextlib
import zlib
from pathlib import Path

import msgspec
from msgspec import Raw, Struct

from pddtui.domain.history import Tree
from pddtui.errors import Damaged, Gone
from pddtui.message import Message, msg
from pddtui.store.backups import Backups
from pddtui.store.codec import FirstLook
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
from pddtui.store.opening import FilesBeside, FileState, journal_warnings, parse_tables, refusal, sniff
from pddtui.store.shelf import Shelf, number

__all__ = ["FoundNames", "Reading"]


FoundNames = tuple[tuple[int, int] | None, int | None]
"""Device and inode of the data file, and the inode of the journal; None where there is none."""


class Reading:
    """The documents and the generation as last seen."""

    def __init__(self, path: Path, disk: Disk, lock: FileLock, look: FirstLook | None = None) -> None:
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
        self.check = 0
        """CRC-32 of what was read of the journal."""
        self.damaged = 0
        """Lines of the journal that held a save and can no longer be read."""
        self.foreign = 0
        """Saves made on another copy of the data file; what was taken of them is only in memory so far."""
        self.settled = 0
        """Saves made on an earlier generation, all of which this one holds: a writer died before it could clean up."""
        self.renumbered: list[tuple[str, str]] = []
        """The number there and the number here of cases that came with a foreign journal and could not keep theirs."""
        self.changed: set[tuple[str, str]] = set()
        """Table and key of the documents that changed since the store last took note and cleared this."""
        self.look = look or (lambda _: None)
        self.looks: dict[str, object] = {}
        """What `look` made of each case when the data file was first read, by key, so that it is not read twice."""
        self.loads = 0
        """How often the whole data file has been read."""
        self._disk = disk
        self._lock = lock
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
        """What is wrong with the journal."""
        return journal_warnings(damaged=self.damaged, foreign=self.foreign, renumbered=self.renumbered)

    def stale(self) -> bool:
        """Whether another session left something to read."""
        return self.loads == 0 or self._replaced() or self.journal.stamp() != self._journal_stamp

    def catch_up(self) -> None:
        """Read what is new. `Damaged`, with everything as before, when the file cannot be read."""
        if self.loads == 0 or self._replaced():
            if not self._follow():
                self._load()
            self._replay()
        elif self.journal.stamp() != self._journal_stamp:
            self._replay()

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
        self.loads = max(1, self.loads)
        self._forget_journal()

    def append(self, record: Record, line: bytes) -> None:
        """Take note that this session has just made the line durable at the end of what was seen."""
        self._take(record.ops)
        self.seen += len(line)
        self.check = zlib.crc32(line, self.check)
        self.saves += 1
        self._journal_stamp = None
        with contextlib.suppress(OSError):  # the next look for news finds out; the save is durable
            self._journal_stamp = self.journal.stamp()

    def _replaced(self) -> bool:
        found = self._disk.stat(self.path)
        return (None if found is None else stamp_of_file(found)) != (None if self.file is None else self.file.stamp)

    def _follow(self) -> bool:
        """Adopt a data file that holds exactly the journal that we have read, so that nothing in memory changes."""
        if not self.saves or self.damaged or self.foreign or self.file is None or not self.file.intact:
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

    def _start(self, shelf: Shelf) -> None:
        self.file, self.shelf, self.meta, self.mark = None, shelf, {}, FileMark()
        self._forget_journal()

    def _forget_journal(self) -> None:
        self.seen = self.check = self.saves = self.damaged = self.foreign = self.settled = 0
        self.renumbered = []
        self._journal_stamp = None

    def _read(self, file: HeldFile) -> tuple[Tree, Shelf]:
        shelf = Shelf()
        try:
            meta, entries = outline(self._disk, file.fd, file.size)
            for entry, document in entries:
                shelf.lay(file, entry)
                if entry.table != CASES:
                    # Cases are decoded anyway by those who ask for them.
                    msgspec.json.decode(document)
                elif not self.loads:
                    with contextlib.suppress(ValueError):  # its fault is reported when the case is asked for
                        self.looks[entry.key] = self.look(document)
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
            self._refuse(sniff(text))
            raise
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
        if self.foreign or (self.seen and not self._grown(found)):
            # What was taken from the journal is no longer what stands in it: begin again from the file.
            self._load()
        self._read_on(found)

    def _read_on(self, found: tuple[int, int] | None) -> None:
        lines = self.journal.read(self.seen)
        result = scan(lines, self.seen, self.mark.token)
        self._merge(result)
        for record in result.current:
            self._take(record.ops)
        if result.current:
            self.check = zlib.crc32(lines[: result.end - self.seen], self.check)
            self.seen = result.end
        self.saves += len(result.current)
        self.damaged += result.damaged
        self._journal_stamp = found

    def _grown(self, found: tuple[int, int] | None) -> bool:
        """Whether the journal is the one that was read, with or without something more."""
        return found is not None and found[0] == (self._journal_stamp or found)[0] and found[1] >= self.seen

    def _merge(self, result: Scan) -> None:
        """Take what is new in saves that were made on another generation."""
        if self.seen:
            return
        sieve = Sieve(self.shelf)
        self.foreign = self.settled = 0
        for record in result.foreign_records:
            taken = sieve.sift(record)
            self._take(taken.ops)
            if taken.differs or record.base not in self.mark.past:
                self.foreign += 1
            else:
                self.settled += 1
        if self.foreign:
            self.damaged += max(0, result.gaps - result.damaged)
        self.renumbered = sieve.renumbered

    def _take(self, ops: list[Op]) -> None:
        self.shelf.apply(ops)
        for table, key, _ in ops if self.looks else ():
            if table == CASES:
                self.looks.pop(key, None)
        self.changed.update((table, key) for table, key, _ in ops)


class Taken(Struct, frozen=True):
    """What was taken of one save."""

    ops: list[Op]
    """The documents to apply."""
    differs: bool
    """Whether something of the save is not in the file, be it taken or not."""


class Sieve:
    """Compares saves made on another copy with the documents of a shelf. Apply what it gives before asking again.

    Keys and numbers were given away on either side, so only the id says which case is meant, and only states that our
    case has not gone through yet are taken.
    """

    def __init__(self, shelf: Shelf) -> None:
        self.renumbered: list[tuple[str, str]] = []
        """The number there and the number here of each case that could not keep its own."""
        self._shelf = shelf
        self._keys: dict[str, str] | None = None
        self._refs: dict[str, str] = {}

    def sift(self, record: Record) -> Taken:
        """The part of the save that the file does not hold yet."""
        ops: list[Op] = []
        differs = False
        for op in record.ops:
            taken, different = self._case(op) if op[0] == CASES else self._other(op)
            differs |= different
            if taken is not None:
                ops.append(taken)
        return Taken(ops, differs)

    def _other(self, op: Op) -> tuple[Op | None, bool]:
        table, key, raw = op
        known = self._shelf.get(table, key)
        if known == (None if raw == NOTHING else bytes(raw)):
            return None, False
        newer = raw != NOTHING and (known is None or _revision(bytes(raw)) > _revision(known))
        return (op if newer else None), True

    def _case(self, op: Op) -> tuple[Op | None, bool]:
        _, key, raw = op
        if raw == NOTHING:
            return None, self._shelf.has(CASES, key)
        document = bytes(raw)
        theirs = _head(document)
        if theirs is None or theirs.id is None:
            return None, self._shelf.get(CASES, key) != document
        place = self._place(theirs.id, key)
        if place is None:
            return self._new(key, theirs.id, theirs.ref, document), True
        known = self._shelf.get(CASES, place) or b"{}"
        ours = _head(known) or _Head()
        if known == document or _held(theirs, ours):
            return None, False
        if theirs.revision <= ours.revision:
            return None, True
        return (CASES, place, Raw(_with_ref(document, ours.ref))), True

    def _place(self, identity: str, key: str) -> str | None:
        """The key of the case here: mostly the same, else it is looked for among all."""
        stored = self._shelf.get(CASES, key)
        if stored is not None and (head := _head(stored)) is not None and head.id == identity:
            return key
        return self._known().get(identity)

    def _known(self) -> dict[str, str]:
        if self._keys is None:
            self._keys = {}
            for key, document in self._shelf.documents(CASES):
                if (head := _head(document)) is not None and head.id is not None:
                    self._keys[head.id] = key
                    self._refs[head.ref] = head.id
        return self._keys

    def _new(self, key: str, identity: str, ref: str, document: bytes) -> Op:
        """The case under a key and a number that no other case has here."""
        known = self._known()
        if self._shelf.has(CASES, key) or key in known.values():
            taken = [*self._shelf.keys(CASES), *known.values()]
            key = str(1 + max((int(other) for other in taken if other.isdecimal()), default=0))
        if self._refs.get(ref, identity) != identity:
            free = self._free(ref)
            self.renumbered.append((ref, free))
            ref = free
        known[identity] = key
        self._refs[ref] = identity
        return (CASES, key, Raw(_with_ref(document, ref)))

    def _free(self, ref: str) -> str:
        given = number(ref)
        if given is None:
            return next(
                other for count in range(2, len(self._refs) + 3) if (other := f"{ref}-{count}") not in self._refs
            )
        used = [each[1] for taken in self._refs if (each := number(taken)) is not None and each[0] == given[0]]
        return f"PDD-{given[0]}-{max(used) + 1:04d}"


class _Link(Struct):
    hash: str = ""


class _Head(Struct):
    """The part of a document by which it is known which case it is and how far it has come."""

    id: str | None = None
    ref: str = ""
    revision: int = 0
    history: list[_Link] = []
    erased: bool = False


def _held(theirs: _Head, ours: _Head) -> bool:
    """Whether our case has gone through the state that theirs is in."""
    if not theirs.history or ours.erased:
        return theirs.revision < ours.revision
    return theirs.history[-1].hash in {link.hash for link in ours.history}


def _head(document: bytes) -> _Head | None:
    try:
        return msgspec.json.decode(document, type=_Head)
    except UNDECODABLE:
        return None


def _revision(document: bytes) -> int:
    head = _head(document)
    return 0 if head is None else head.revision


def _with_ref(document: bytes, ref: str) -> bytes:
    """The document with this number, and otherwise untouched."""
    head = _head(document)
    if head is None or head.ref == ref:
        return document
    return msgspec.json.encode({**msgspec.json.decode(document, type=Tree), "ref": ref})
