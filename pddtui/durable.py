"""The only door to files: written whole or not at all, private to their owner, on the disk when the call returns.

A file is written under a name of its own in the folder where it will stay, made durable, and only then given its
name, which is made durable too: whoever looks finds the old file or the new one, even after a power cut. The lock is
an advisory `flock` on a file that is never replaced. What the operating system refuses is an `OSError`, which `reason`
puts into words.
"""

# ruff: noqa: PTH101, PTH102, PTH105, PTH108, PTH208
# This module is the system calls; pathlib would hide which ones are made.

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import stat
import threading
import time
import unicodedata
import weakref
from collections.abc import Callable, Iterable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from pddtui.errors import FORBIDDEN, NO_ROOM, reason
from pddtui.ownership import followed, stat_of, wrong_file

__all__ = [
    "CHUNK",
    "FORBIDDEN",
    "MOST_WRITTEN",
    "NO_ROOM",
    "UNSUPPORTED",
    "Files",
    "LateFailure",
    "Lock",
    "Unfinished",
    "give_owner",
    "is_locked",
    "is_unfinished",
    "leftovers",
    "need_folder",
    "one_place",
    "open_file",
    "read_file",
    "reason",
    "replace_whole",
    "settle_name",
    "spelled",
    "straight_into",
    "sweep",
    "unfinished",
    "write_whole",
    "writing",
]

CHUNK = 1 << 18
"""How many bytes are gathered before a write: enough to be fast, few enough to let other threads in."""

MOST_READ, MOST_WRITTEN = 16 << 20, 1 << 19
"""Bytes of a file that the program keeps for itself; of one that a person writes, four times the largest shipped."""

GIVEN_UP = 3600
"""Seconds without a write after which the writer of an unfinished file is taken to be gone."""

STEM = 180
"""How many bytes of a name go into that of its unfinished file; a file system allows 255 in all."""
UNSUPPORTED = frozenset({errno.EPERM, errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})
"""What user-space and shared file systems answer to a call that they do not have: it is no failure of the disk."""

_UNFINISHED = re.compile(r"\.(?P<stem>.*)\.\d+\.[0-9a-f]{6}\.tmp", re.DOTALL)


class Files:
    """The system calls by which files come into being. The fault suite hands in one that refuses or forgets."""

    def open(self, path: Path, flags: int, mode: int = 0o600) -> int:
        # A pipe under the name of a file must not block, and a planted link leads nowhere (see `spelled`, `open_file`).
        link = 0 if flags & os.O_DIRECTORY else os.O_NOFOLLOW
        return os.open(path, flags | link | os.O_CLOEXEC | os.O_NONBLOCK, mode)

    def close(self, fd: int) -> None:
        os.close(fd)

    def write(self, fd: int, chunk: bytes | memoryview) -> int:
        return os.write(fd, chunk)

    def sync(self, fd: int) -> None:
        """Return once the device has it. On macOS a plain fsync returns from the drive's own cache."""
        full = getattr(fcntl, "F_FULLFSYNC", None)
        if isinstance(full, int):
            try:
                fcntl.fcntl(fd, full)
            except OSError as error:
                if error.errno not in UNSUPPORTED | {errno.ENOTTY}:
                    raise
            else:
                return
        os.fsync(fd)

    def set_mode(self, fd: int, mode: int) -> None:
        """Give the file exactly this mode, whatever the umask."""
        os.fchmod(fd, mode)

    def set_owner(self, fd: int, owner: int, group: int) -> None:
        """Give the file to this owner and group; -1 leaves either as it is."""
        os.fchown(fd, owner, group)

    def replace(self, source: Path, target: Path) -> None:
        os.replace(source, target)

    def link(self, source: Path, target: Path) -> None:
        os.link(source, target)

    def unlink(self, path: Path) -> None:
        os.unlink(path)

    def make_folder(self, path: Path) -> None:
        os.mkdir(path, 0o700)
        os.chmod(path, 0o700)  # whatever the umask took away

    def names(self, folder: Path) -> list[str]:
        """The names in the folder, sorted; empty when there is no such folder."""
        try:
            return sorted(os.listdir(folder))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def stat(self, path: Path) -> os.stat_result | None:
        return stat_of(path)

    def fstat(self, fd: int) -> os.stat_result:
        return os.fstat(fd)

    # What follows is built from the calls above and adds none.

    def open_own(self, path: Path, flags: int, beside: Path | None = None) -> int:
        """A regular file, and one of ours `beside` the data file. `OSError` for what somebody put in its place."""
        fd = self.open(path, flags)
        if number := wrong_file(self.fstat(fd), beside, self.stat):
            self.close_quietly(fd)
            raise OSError(number, os.strerror(number), str(path))
        return fd

    def write_all(self, fd: int, pieces: Iterable[bytes]) -> None:
        """Write every piece; a short write is followed by the rest, as on a disk that fills up."""
        pending = bytearray()
        for piece in pieces:
            pending += piece
            if len(pending) >= CHUNK:
                self._flush(fd, bytes(pending))
                pending.clear()
        if pending:
            self._flush(fd, bytes(pending))

    def _flush(self, fd: int, chunk: bytes) -> None:
        view = memoryview(chunk)
        while view:
            view = view[self.write(fd, view) :]

    def sync_folder(self, folder: Path) -> None:
        """Make the names in the folder durable, as a synced file under an unsynced name can vanish.

        A file system that has no such call keeps its names as well as it can.
        """
        try:
            fd = self.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                self.sync(fd)
            finally:
                self.close_quietly(fd)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise

    def close_quietly(self, fd: int) -> None:
        """Close a file of which all that counts was synced, or nothing counts: what that says changes nothing."""
        with contextlib.suppress(OSError):
            self.close(fd)

    def allow(self, fd: int, mode: int) -> None:
        """Give the file this mode where the file system has modes."""
        try:
            self.set_mode(fd, mode)
        except OSError as error:
            if error.errno not in UNSUPPORTED:
                raise

    def need_folder(self, folder: Path) -> None:
        """Create the folder and its parents where missing, each durably and for its owner only."""
        missing = [path for path in (folder, *folder.parents) if self.stat(path) is None]
        for path in reversed(missing):
            with contextlib.suppress(FileExistsError):  # another session was quicker
                self.make_folder(path)
            self.sync_folder(path.parent)

    def settle_folder(self, folder: Path) -> None:
        """Make the name of a folder that was found durable, and those of the folders above it on the same device.

        Whoever made them may have been killed before. A folder above that may not be read is passed over.
        """
        below = self.identity(folder)
        for above in folder.parents:
            found = self.identity(above)
            if found is None or below is None or found[0] != below[0]:
                return
            with contextlib.suppress(PermissionError):
                self.sync_folder(above)

    def spelled(self, path: Path) -> Path:
        """The path with links followed and its names as their folders list them.

        Where names fold case, several spellings are one file, and what belongs to it stands beside it under one name.
        """
        return self._listed(Path(os.path.realpath(path)))

    def _listed(self, path: Path) -> Path:
        if path.parent == path:
            return path
        path = self._listed(path.parent) / path.name
        try:
            if not self._has_twin(path) or path.name in (names := self.names(path.parent)):
                return path
            same = [path.with_name(other) for other in names if folded(other) == folded(path.name)]
            return next((other for other in same if self.identity(other) == self.identity(path)), path)
        except OSError:  # whoever opens it says why it cannot be looked at
            return path

    def folds(self, folder: Path) -> bool:
        """Whether names that differ in case are one file there. Only what is in the folder can show it."""
        try:
            names = self.names(folder)
            return any(name.swapcase() not in names and self._has_twin(folder / name) for name in names)
        except OSError:
            return False

    def _has_twin(self, path: Path) -> bool:
        """Whether another spelling of the name leads to the same file, by a fold of case or by a second link."""
        twin = path.name.swapcase()
        found = self.identity(path) if twin != path.name else None
        return found is not None and self.identity(path.with_name(twin)) == found

    def identity(self, path: Path) -> tuple[int, int] | None:
        """Device and inode of what has that name, None for nothing."""
        found = self.stat(path)
        return None if found is None else (found.st_dev, found.st_ino)


_FILES = Files()


def folded(name: str) -> str:
    """What is the same for all spellings of a name where a file system folds them."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def spelled(path: Path) -> Path:
    """The path with links followed and its names as their folders list them: see `Files.spelled`."""
    return _FILES.spelled(path)


def one_place(path: Path, other: Path) -> bool:
    """Whether these paths, with links followed, are or would be one file, by another spelling where names fold case."""
    if path == other:
        return True
    try:
        found = _FILES.identity(path)
        if found is not None or folded(path.name) != folded(other.name):
            return found is not None and found == _FILES.identity(other)
        folder = _FILES.identity(path.parent)
        return folder is not None and folder == _FILES.identity(other.parent) and _FILES.folds(path.parent)
    except OSError:
        return False


def open_file(path: Path, *, follow: bool = False) -> BufferedReader:
    """A file to be read. `OSError` for a pipe, a device or a folder, and for a link unless we `follow` ours."""
    return os.fdopen(_FILES.open_own(followed(path) if follow else path, os.O_RDONLY), "rb")


def read_file(path: Path, *, follow: bool = False, most: int = MOST_READ) -> bytes:
    """All of such a file. `OSError` (`EFBIG`) for more than `most` bytes, which nobody of ours wrote."""
    with open_file(path, follow=follow) as source:
        if len(content := source.read(most + 1)) > most:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        return content


def settle_name(path: Path) -> None:
    """Make the name of a file or folder that was found durable: whoever gave it may have been killed before."""
    _FILES.sync_folder(path.parent)


def need_folder(folder: Path) -> None:
    """Create the folder and its parents where missing, each durably and for its owner only (0700)."""
    _FILES.need_folder(folder)
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))


def give_owner(files: Files, fd: int, like: os.stat_result | None) -> None:
    """Give a new file the owner, group and mode of another one, as far as we may; others get no rights."""
    mode = 0o600 if like is None else stat.S_IMODE(like.st_mode) & 0o770
    if like is not None:
        mine = files.fstat(fd)
        if (mine.st_uid, mine.st_gid) != (like.st_uid, like.st_gid):
            mode = _given(files, fd, like, mode)
    files.allow(fd, mode)


def _given(files: Files, fd: int, like: os.stat_result, mode: int) -> int:
    """The mode after the file was given away: where the group cannot be kept, our own gets no rights."""
    for owner in (like.st_uid, -1):
        with contextlib.suppress(OSError):
            files.set_owner(fd, owner, like.st_gid)
            return mode
    return mode & 0o700


class LateFailure(OSError):
    """The file has its name, but perhaps not durably."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.errno, error.strerror, error.filename)


class Unfinished:
    """A file that does not have its name yet, which may depend on its content."""

    def __init__(self, path: Path, fd: int, files: Files) -> None:
        self.path = path
        self.fd = fd
        self._files = files
        self._left = False
        """Whether nothing has the unfinished name any more."""
        self._kept = False

    def become(self, target: Path, *, over: bool = True, before_swap: Callable[[], None] = lambda: None) -> None:
        """Make durable what was written and give it its name, replacing a file there if it may go `over` one.

        `before_swap` is the last chance to link the old file elsewhere. `OSError` before the swap leaves everything as
        it was (`FileExistsError` where it may not go over the file there); `LateFailure` after it means that the new
        file stands but may not be durable.
        """
        self._files.sync(self.fd)
        before_swap()
        if over or not self._linked(target):
            self._files.replace(self.path, target)
            self._left = True
        try:
            self._files.sync_folder(target.parent)
        except OSError as error:
            raise LateFailure(error) from error

    def _linked(self, target: Path) -> bool:
        """Link it under the name, unless that is taken; False on a file system without hard links."""
        try:
            self._files.link(self.path, target)
        except FileExistsError:
            raise
        except OSError:
            return False
        return True

    def keep_open(self) -> None:
        """Leave the descriptor to the caller, who closes it from now on."""
        self._kept = True

    def let_go(self) -> None:
        """Close it, and remove it where it did not become a file of another name."""
        if not self._kept:
            self._files.close_quietly(self.fd)
        if not self._left:
            with contextlib.suppress(OSError):
                self._files.unlink(self.path)


@contextlib.contextmanager
def unfinished(
    folder: Path, name: str, *, like: os.stat_result | None = None, files: Files = _FILES
) -> Iterator[Unfinished]:
    """A new file in `folder` that is gone afterwards unless it became one of another name.

    Nobody else can have prepared it, not even as a link. It is for its owner only, or dressed `like` another file.
    """
    path = folder / f".{_stem(name)}.{os.getpid()}.{os.urandom(3).hex()}.tmp"
    draft = Unfinished(path, files.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL), files)
    try:
        give_owner(files, draft.fd, like)
        yield draft
    finally:
        draft.let_go()


def _stem(name: str) -> str:
    return os.fsencode(name)[:STEM].decode(errors="ignore")


def is_unfinished(name: str) -> bool:
    """Whether it is the name of an unfinished file, which a writer that was killed leaves behind."""
    return _UNFINISHED.fullmatch(name) is not None


def leftovers(folder: Path, name: str, files: Files = _FILES) -> list[Path]:
    """Every unfinished file in that folder that is, or was, to become `name`."""
    found = ((entry, _UNFINISHED.fullmatch(entry)) for entry in files.names(folder))
    return [folder / entry for entry, match in found if match is not None and match["stem"] == _stem(name)]


def sweep(folder: Path, name: str, *, idle: float = GIVEN_UP, files: Files = _FILES) -> None:
    """Remove what killed writers of `name` left: unfinished files without a write for `idle` seconds.

    `idle` is 0 where nobody else may be writing. What cannot be listed or removed stays.
    """
    left: list[Path] = []
    with contextlib.suppress(OSError):
        left = leftovers(folder, name, files)
    for path in left:
        with contextlib.suppress(OSError):
            found = files.stat(path) if idle else None
            if found is None or time.time() - found.st_mtime > idle:
                files.unlink(path)


@contextlib.contextmanager
def writing(path: Path, *, over: bool = True) -> Iterator[BinaryIO]:
    """A stream to write into, in any order, that becomes the file `path` when all went well, for its owner only.

    `FileExistsError` where it may not go `over` the file there. Where the folder cannot be synced (some network
    and user-space file systems) the file stands all the same.
    """
    sweep(path.parent, path.name)
    with unfinished(path.parent, path.name) as draft:
        with os.fdopen(draft.fd, "wb", closefd=False) as out:
            yield out
        with contextlib.suppress(LateFailure):
            draft.become(path, over=over)


def write_whole(path: Path, content: bytes, *, over: bool = True) -> None:
    """`content` as the file `path`, durably and for its owner only.

    `FileExistsError` where it may not go `over` the file there. Any other `OSError` leaves what was there too, but
    for a `LateFailure`.
    """
    with unfinished(path.parent, path.name) as draft:
        _FILES.write_all(draft.fd, (content,))
        draft.become(path, over=over)


def replace_whole(path: Path, content: bytes, *, before_swap: Callable[[], None] = lambda: None) -> None:
    """`content` as the file `path`, durably and with the owner and the very mode of the file there, if there is one.

    What `before_swap` raises leaves everything as it was, as does any `OSError` but a `LateFailure`.
    """
    found = _FILES.stat(path)
    with unfinished(path.parent, path.name, like=found) as draft:
        _FILES.write_all(draft.fd, (content,))
        made = _FILES.fstat(draft.fd)
        if found is not None and (made.st_uid, made.st_gid) == (found.st_uid, found.st_gid):
            _FILES.allow(draft.fd, stat.S_IMODE(found.st_mode))
        draft.become(path, before_swap=before_swap)


@contextlib.contextmanager
def straight_into(path: Path) -> Iterator[BinaryIO]:
    """A stream into an existing device or pipe, which cannot be replaced by a file."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CLOEXEC), "wb") as out:
        yield out


class Lock:
    """A lock between sessions, on a file of its own that is never replaced. Not for several threads at once.

    A waiter queues in the kernel, so that greedy sessions cannot starve it, and gives up in time, so that a session
    stopped with Ctrl-Z cannot hold everybody up for ever. The system releases the lock when its holder dies.
    """

    def __init__(self, path: Path, *, patience: float, beside: Path | None = None, files: Files = _FILES) -> None:
        self.path = path
        self.fd: int | None = None
        """The descriptor of the lock file while that is open, which it stays between two holdings of the lock."""
        self._patience = patience
        self._beside = beside
        self._files = files

    def acquire(self, *, shared: bool = False, create: bool = True) -> bool:
        """Take the lock; False when somebody else held it for all the seconds of our patience.

        Those who take it `shared` share it. Without `create` the lock file must be there.
        """
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        flags = os.O_RDONLY if shared else os.O_RDWR | (os.O_CREAT if create else 0)
        deadline = time.monotonic() + self._patience
        while True:
            if self.fd is None or not self._fits(self.fd, flags):
                self.close()
                self.fd = self._held(self._files.open_own(self.path, flags, self._beside))
                if flags & os.O_CREAT and not self._files.fstat(self.fd).st_size:
                    self._dress(self.fd)
            try:
                fcntl.flock(self.fd, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if not self._queue(kind, flags, deadline):
                    return False
            if self._current(self.fd):
                return True
            self.close()

    def release(self) -> None:
        """Release the lock; the lock file stays open. What was done under the lock is done, whatever happens here."""
        if self.fd is not None:
            try:
                fcntl.flock(self.fd, fcntl.LOCK_UN)
            except OSError:
                self.close()

    def close(self) -> None:
        """Close the lock file, which releases the lock too."""
        if self.fd is not None:
            fd, self.fd = self.fd, None
            self._forgotten.detach()
            self._files.close_quietly(fd)

    def _held(self, fd: int) -> int:
        """The descriptor, which is closed where everybody has forgotten the lock without doing so."""
        self._forgotten = weakref.finalize(self, os.close, fd)
        return fd

    def _dress(self, fd: int) -> None:
        """Let everybody lock it who may write the file beside it, whoever made the lock file."""
        with contextlib.suppress(OSError):
            give_owner(self._files, fd, None if self._beside is None else self._files.stat(self._beside))

    def _fits(self, fd: int, flags: int) -> bool:
        """Whether the descriptor is open for writing too, where that is wanted."""
        return not flags & os.O_RDWR or fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_RDWR

    def _current(self, fd: int) -> bool:
        """Whether the locked file still has its name; somebody may have deleted it."""
        named, held = self._files.stat(self.path), self._files.fstat(fd)
        return named is not None and (named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)

    def _queue(self, kind: int, flags: int, deadline: float) -> bool:
        """Wait in the kernel's queue on a second descriptor, in a thread that can be abandoned."""
        fd = self._files.open_own(self.path, flags, self._beside)
        queue = _Queue(fd, kind, self._files)
        if not queue.wait(max(0.0, deadline - time.monotonic())):
            return False
        self.close()
        self.fd = self._held(fd)
        return True


def is_locked(path: Path) -> bool:
    """Whether somebody holds the lock of that file now, this process included. Nothing is changed."""
    try:
        fd = _FILES.open_own(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


class _Queue:
    """One blocking wait for the lock, which closes the descriptor if it comes too late."""

    def __init__(self, fd: int, kind: int, files: Files) -> None:
        self._fd = fd
        self._kind = kind
        self._files = files
        self._guard = threading.Lock()
        self._got = threading.Event()
        self._abandoned = False
        threading.Thread(target=self._block, name="lock-queue", daemon=True).start()

    def wait(self, seconds: float) -> bool:
        if self._got.wait(seconds):
            return True
        with self._guard:
            self._abandoned = not self._got.is_set()
        return not self._abandoned

    def _block(self) -> None:
        fcntl.flock(self._fd, self._kind)
        with self._guard:
            if self._abandoned:
                self._files.close(self._fd)
            else:
                self._got.set()
