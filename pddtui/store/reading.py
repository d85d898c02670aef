"""What a session has read so far, and how it catches up with the others at the least cost.

Nothing here writes. Looking for news is two `stat` calls; another session's saves are read from
the end of the journal; a fold of saves already seen is adopted without reading any document.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from pddtui.errors import Damaged
from pddtui.store.backups import Backups
from pddtui.store.disk import Disk
from pddtui.store.foreign import parse
from pddtui.store.journal import NOTHING, Journal, Op, Record, scan
from pddtui.store.layout import APP, CASES, META, Mark, Shape, first_line, marked, outline
from pddtui.store.lock import FileLock
from pddtui.store.mainfile import Pinned, open_pinned, stamp
from pddtui.store.opening import Beside, State, refusal
from pddtui.store.shelf import Shelf

__all__ = ["Look", "Reading"]

Tree = dict[str, object]

Look = Callable[[memoryview], object]
"""What is made of a case while the file is read for the first time; a `ValueError` leaves it for later."""


class Revised(Struct):
    """The one field of a document that says which of two is newer."""

    revision: int = 0


class Reading:
    """The documents and the generation as last seen."""

    def __init__(self, path: Path, disk: Disk, lock: FileLock, look: Look | None = None) -> None:
        self.path = path
        self.journal = Journal(path.with_name(f"{path.name}.journal"), disk)
        self.backups = Backups(path, disk)
        self.shelf = Shelf()
        self.meta: Tree = {}
        self.mark = Mark()
        self.file: Pinned | None = None
        self.seen = 0
        """How far the journal of this generation has been read."""
        self.saves = 0
        """Saves of this generation that are only in the journal."""
        self.damaged = 0
        self.foreign = 0
        self.changed: set[tuple[str, str]] = set()
        """Table and key of documents that changed since somebody took note and cleared this."""
        self.look = look or (lambda _: None)
        self.looks: dict[str, object] = {}
        """What the first reading of the data file made of each of its cases, by key, to save a second one."""
        self.loads = 0
        """How often the whole data file was read."""
        self._disk = disk
        self._lock = lock
        self._journal_stamp: tuple[int, int] | None = None

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

    def adopt(self, file: Pinned, shelf: Shelf, meta: Tree) -> None:
        """The data file was just replaced by this session, and this is what it holds."""
        self.file, self.shelf, self.meta, self.mark = file, shelf, meta, marked(meta)
        self.loads = max(1, self.loads)
        self._forget_journal()

    def append(self, record: Record, line: bytes) -> None:
        """This session just made the line durable at the end of what was seen."""
        self._take(record.ops)
        self.seen += len(line)
        self.saves += 1
        self._journal_stamp = self.journal.stamp()

    def _replaced(self) -> bool:
        found = self._disk.stat(self.path)
        return (None if found is None else stamp(found)) != (None if self.file is None else self.file.stamp)

    def _follow(self) -> bool:
        """Adopt a data file that holds exactly the journal we have read: nothing in memory changes."""
        if not self.saves or self.damaged or self.foreign or self.file is None or not self.file.intact:
            return False
        file = open_pinned(self._disk, self.path)
        if file is None:
            return False
        try:
            meta, _ = first_line(self._disk, file.fd)
        except Shape:
            return False
        mark = marked(meta)
        if mark.past[:1] != (self.mark.token,) or mark.folded != self.seen or mark.schema != self.mark.schema:
            return False
        self.adopt(file, self.shelf, meta)
        return True

    def _load(self) -> None:
        file = open_pinned(self._disk, self.path)
        if file is None:
            self._refuse("missing")
            meta, shelf = Tree(), Shelf()
        else:
            meta, shelf = self._read(file)
        if self.file is not None and not self.file.intact:
            # Somebody wrote into the file in place: what we would compare with is gone.
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
        self.file, self.shelf, self.meta, self.mark = None, shelf, {}, Mark()
        self._forget_journal()

    def _forget_journal(self) -> None:
        self.seen = self.saves = self.damaged = self.foreign = 0
        self._journal_stamp = None

    def _read(self, file: Pinned) -> tuple[Tree, Shelf]:
        shelf = Shelf()
        try:
            meta, entries = outline(self._disk, file.fd, file.size)
            for entry, document in entries:
                shelf.lay(file, entry)
                if entry.table != CASES:
                    # Cases are decoded anyway by whoever asked for them.
                    msgspec.json.decode(document)
                elif not self.loads:
                    self._look_at(entry.key, document)
        except (Shape, msgspec.DecodeError):
            self.looks.clear()
            meta, shelf = self._read_foreign(file)
        if marked(meta).app != APP and CASES not in shelf.names():
            self._refuse("foreign")
        return meta, shelf

    def _look_at(self, key: str, document: memoryview) -> None:
        try:
            self.looks[key] = self.look(document)
        except ValueError:
            return  # whoever needs this document will see what is wrong with it

    def _read_foreign(self, file: Pinned) -> tuple[Tree, Shelf]:
        text = file.read_all()
        if text.strip() in (b"", b"null"):
            self._refuse("empty")
        shelf = Shelf()
        try:
            tables = parse(text)
            meta = {key: msgspec.json.decode(raw) for key, raw in tables.pop(META, {}).items()}
        except Shape:
            self._refuse("foreign" if is_json(text) else "damaged")
            raise
        for name, table in tables.items():
            for key, document in table.items():
                shelf.put(name, key, document)
            shelf.need(name)
        return meta, shelf

    def _refuse(self, state: State) -> None:
        holder = self._lock.holder()
        beside = Beside(
            journal=self.journal.stamp() is not None,
            backups=len(self.backups.whole()),
            kept=holder is not None and holder.kept,
        )
        reason = refusal(state, beside, str(self.path))
        if reason is not None:
            raise Damaged(reason)

    def _replay(self) -> None:
        found = self.journal.stamp()
        if self.seen and (found is None or found[1] < self.seen):
            self._load()
        if not self.seen:
            self.foreign = 0
        lines = self.journal.read(self.seen)
        result = scan(lines, self.seen, self.mark.token, self.mark.past)
        for record in result.foreign:
            self._take([op for op in record.ops if self._newer(op)])
        for record in result.current:
            self._take(record.ops)
        if result.current:
            self.seen = result.end
        self.saves += len(result.current)
        self.damaged += result.damaged
        self.foreign += len(result.foreign)
        self._journal_stamp = found

    def _take(self, ops: list[Op]) -> None:
        self.shelf.apply(ops)
        for table, key, _ in ops if self.looks else ():
            if table == CASES:
                self.looks.pop(key, None)
        self.changed.update((table, key) for table, key, _ in ops)

    def _newer(self, op: Op) -> bool:
        table, key, raw = op
        if raw == NOTHING:
            return False
        known = self.shelf.get(table, key)
        return known is None or revision(bytes(raw)) > revision(known)


def revision(document: bytes) -> int:
    """The revision a document says it has; 0 when it says none."""
    try:
        return msgspec.json.decode(document, type=Revised).revision
    except msgspec.DecodeError:
        return 0


def is_json(text: bytes) -> bool:
    """Whether the text is JSON of any kind."""
    try:
        msgspec.json.decode(text)
    except msgspec.DecodeError:
        return False
    return True
