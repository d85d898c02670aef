"""Evidence on disk: each file copied once, under the hash of its content, with its record or not at all.

The original is only read. A copy is never written again, so that its name always proves what is in it; whoever
wants to know whether it still does asks `verify`.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import IO, BinaryIO, Literal

from msgspec import Struct, structs

from pddtui.domain import moves
from pddtui.domain.case import Case, Evidence
from pddtui.domain.secrets import refuse_secrets
from pddtui.domain.text import one_line
from pddtui.durable import Unfinished, need_folder, open_file, reason, settle_name, sweep, unfinished
from pddtui.errors import BadInput, CannotWrite, PddError, Refused
from pddtui.message import Mark, msg
from pddtui.ownership import own_folder
from pddtui.services.casebook import Casebook, IdSource
from pddtui.services.inputs import NewEvidence

__all__ = [
    "CUSTODY",
    "Custody",
    "EvidenceFolder",
    "Kept",
    "Progress",
    "keep_file",
    "media_type",
    "note_copy",
    "opened",
    "sha256_of",
]

Progress = Callable[[int, int], None]
"""Called after every piece with the bytes done and the bytes in all."""

_PIECE = 1 << 20


@contextmanager
def opened(source: Path) -> Iterator[tuple[BinaryIO, os.stat_result]]:
    """The regular file that the path leads to. A pipe or a device is refused without waiting for it."""
    try:
        handle = os.open(source, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:  # a name with a NUL in it is a ValueError
        why = reason(error)
        raise BadInput(msg("{file} cannot be read ({reason}).", file=str(source), reason=why)) from error
    status = os.fstat(handle)
    if not S_ISREG(status.st_mode):
        os.close(handle)
        if S_ISDIR(status.st_mode):
            raise BadInput(msg("{file} is a folder: choose a file in it.", file=str(source)))
        raise BadInput(msg("{file} is not a file that can be copied.", file=str(source)))
    with os.fdopen(handle, "rb") as original:
        yield original, status


def copy_and_hash(original: IO[bytes], copy: BinaryIO, total: int, progress: Progress | None) -> tuple[str, int]:
    """Copy; the hash and how much it was. What is longer than it said is not followed, it may never end."""
    digest, size = hashlib.sha256(), 0
    while size <= total and (piece := original.read(_PIECE)):
        digest.update(piece)
        copy.write(piece)
        size += len(piece)
        if progress is not None:
            progress(size, total)
    return digest.hexdigest(), size


def sha256_of(path: Path) -> str:
    """The hash of a copy. `OSError` for a link or a pipe in its place, which somebody put there."""
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


Custody = Literal["place", "ok", "missing", "changed"]
"""How it is with a record: only a place was noted; the copy is as it was; it is gone; it is something else now."""

CUSTODY: Mapping[Custody, Mark] = {
    "place": Mark("✓", msg("there"), "good"),
    "ok": Mark("✓", msg("there"), "good"),
    "missing": Mark("✗", msg("file gone"), "red"),
    "changed": Mark("✗", msg("changed"), "red"),
}
"""What became of the copy of a piece of evidence; a place is taken at its word."""

_COPY = "copy"
"""What a copy is called before its content has named it."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_OF_HASH = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
_LONGEST_NAME, _LONGEST_SUFFIX = 200, 20

_OURS = {
    ".amr": "audio/amr",
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".m4a": "audio/mp4",
    ".mkv": "video/x-matroska",
    ".ofd": "application/ofd",
    ".opus": "audio/opus",
    ".webp": "image/webp",
}
"""Types of files of phones and receipts that the standard library does not name."""


class Copied(Struct, frozen=True, kw_only=True):
    """A file that is in the folder now."""

    file: str
    """Its name there."""
    original_name: str
    sha256: str
    size: int
    """Bytes."""
    modified: float
    """When the original was last written to, in seconds since the epoch."""
    fresh: bool
    """Whether it was not there before."""


class HeldText(Struct, frozen=True, kw_only=True):
    """A text that is in the folder now."""

    record: Evidence
    fresh: bool
    """Whether it was not there before."""


class EvidenceFolder:
    """The folder beside the data file; made (0700, its files 0600) when the first file comes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def take(self, source: Path, progress: Progress | None = None) -> Copied:
        """Copy `source` into the folder, durably. A file that is there already is shared, not copied again.

        `BadInput` for what is no readable file or is still being written; `CannotWrite` when the folder does not
        take it. Then, as after a crash, the folder holds nothing new.
        """
        with opened(source) as (original, before):
            try:
                self._need_folder()
                sweep(self.path, _COPY)
                return self._copied(source, original, before, progress)
            except OSError as error:
                raise _not_copied(source.name, error) from error

    def _copied(self, source: Path, original: BinaryIO, before: os.stat_result, progress: Progress | None) -> Copied:
        with self._aside() as (draft, copy):
            sha256, size = copy_and_hash(original, copy, before.st_size, progress)
            after = os.fstat(original.fileno())
            if size != after.st_size or after.st_mtime_ns != before.st_mtime_ns:
                raise BadInput(
                    msg(
                        "{file} was being written while it was copied: try again when it is complete.", file=source.name
                    )
                )
            known = self._holding(sha256)
            name = known or f"{sha256}{_suffix(source)}"
            if known is None:
                self._name(draft, copy, name)
            else:
                settle_name(self.path / known)
            return Copied(
                file=name,
                original_name=_shortened(one_line(source.name)),
                sha256=sha256,
                size=size,
                modified=before.st_mtime,
                fresh=known is None,
            )

    def hold_text(self, content: bytes, name: str, at: datetime) -> HeldText:
        """Put a text there that was in no file, under a name of its own; its record has no id yet."""
        digest = hashlib.sha256(content).hexdigest()
        record = Evidence(
            id="",
            file=f"{digest}.txt",
            original_name=name,
            sha256=digest,
            size=len(content),
            media_type=media_type(name),
            taken_at=at,
            added_at=at,
        )
        return HeldText(record=record, fresh=self.receive(record, io.BytesIO(content)))

    def receive(self, record: Evidence, content: IO[bytes]) -> bool:
        """Put the file that came with a record in its place; whether it was not there before.

        `BadInput` when it is not what the record says, and then the folder holds nothing new; `CannotWrite` as above.
        """
        path = self.path_of(record)
        shown = record.original_name or record.file or ""
        wrong = BadInput(msg("The evidence {file} does not match its record.", file=shown))
        if path is None or not _OF_HASH.fullmatch(path.name) or not path.name.startswith(record.sha256 or "?"):
            raise wrong
        try:
            self._need_folder()
            if self.verify(record) == "ok":
                settle_name(path)
                return False
            with self._aside() as (draft, copy):
                if copy_and_hash(content, copy, record.size or 0, None) != (record.sha256, record.size):
                    raise wrong
                self._name(draft, copy, path.name)
        except OSError as error:
            raise _not_copied(path.name, error) from error
        return True

    def _need_folder(self) -> None:
        """Have the folder, by a name that lasts: a record that is saved must find its file."""
        need_folder(own_folder(self.path))
        settle_name(self.path)

    @contextmanager
    def _aside(self) -> Iterator[tuple[Unfinished, BinaryIO]]:
        """A file to copy into that is gone afterwards, unless it was given a name."""
        with unfinished(self.path, _COPY) as draft, os.fdopen(draft.fd, "wb", closefd=False) as copy:
            yield draft, copy

    def _name(self, draft: Unfinished, copy: BinaryIO, name: str) -> None:
        """Let a finished copy be one, durably."""
        copy.flush()
        draft.become(self.path / name)

    def _holding(self, sha256: str) -> str | None:
        """The name of the sound copy with that hash. One that has been changed since does not count."""
        for path in sorted(self.path.glob(f"{sha256}*")):
            with suppress(OSError):
                if sha256_of(path) == sha256:
                    return path.name
        return None

    def forget(self, file: str) -> None:
        """Take back a fresh copy that was made for a record which could then not be saved."""
        with suppress(OSError):
            (self.path / file).unlink(missing_ok=True)

    def path_of(self, record: Evidence) -> Path | None:
        """Where the copy is; None for a place, and for a name that would lead out of the folder, or a link for it."""
        if record.file is None or Path(record.file).name != record.file or "\0" in record.file:
            return None
        if self.path.is_symlink():
            return None
        return self.path / record.file

    def glance(self, record: Evidence) -> Custody:
        """As `verify`, but by size alone, for a screen that is drawn at once."""
        return self._custody(record, thorough=False)

    def verify(self, record: Evidence) -> Custody:
        """Whether the copy is there and still has its hash. Reads all of it."""
        return self._custody(record, thorough=True)

    def _custody(self, record: Evidence, *, thorough: bool) -> Custody:
        if record.file is None:
            return "place"
        path = self.path_of(record)
        try:
            found = path.lstat() if path is not None else None
            if path is None or found is None or S_ISDIR(found.st_mode):
                return "missing"
            if not S_ISREG(found.st_mode) or (record.size is not None and found.st_size != record.size):
                return "changed"
            return "changed" if thorough and sha256_of(path) != record.sha256 else "ok"
        except (OSError, ValueError):  # a name with a NUL in it is a ValueError
            return "missing"


def _not_copied(file: str, error: OSError) -> CannotWrite:
    return CannotWrite(
        msg("{file} cannot be copied to the evidence folder ({reason}).", file=file, reason=reason(error))
    )


def media_type(name: str) -> str:
    """The type by the suffix, from a table that is the same on every machine."""
    import mimetypes

    suffix = Path(name).suffix.lower()
    known = _OURS.get(suffix) or mimetypes.MimeTypes().guess_type(f"file{suffix}")[0]
    return known or "application/octet-stream"


def _shortened(name: str) -> str:
    """The name at a length that fits, with its suffix."""
    suffix = Path(name).suffix[:_LONGEST_SUFFIX]
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - len(suffix)]}{suffix}"


def _suffix(source: Path) -> str:
    suffix = source.suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""


class Kept(Struct, frozen=True, kw_only=True):
    """What became of a file."""

    case: Case
    record: Evidence
    already: bool
    """The case had it before: at most a contact was tied to it, and this is the record it had."""
    also_in: tuple[str, ...]
    """Numbers of the other cases that the same file belongs to."""


def keep_file(
    casebook: Casebook,
    folder: EvidenceFolder,
    case_id: str,
    source: Path,
    new: NewEvidence,
    *,
    ids: IdSource,
    contact_id: str | None = None,
    progress: Progress | None = None,
) -> Kept:
    """Copy `source` beside the data file and note it in the case, tied to the contact that it shows if there is one.

    Raises what `EvidenceFolder.take` and `Casebook.add_evidence` raise; then nothing has been kept.
    """
    read_only = casebook.store.read_only
    if read_only is not None:
        raise Refused(read_only)
    casebook.case(case_id)  # no copy for a case that is gone
    new.build("", casebook.now())  # and none for words that are refused
    copied = folder.take(source, progress)
    return note_copy(casebook, folder, case_id, copied, new, ids=ids, contact_id=contact_id)


def note_copy(
    casebook: Casebook,
    folder: EvidenceFolder,
    case_id: str,
    copied: Copied,
    new: NewEvidence,
    *,
    ids: IdSource,
    contact_id: str | None = None,
) -> Kept:
    """Note a copy that is in the folder; it is taken back when that fails.

    When it was taken is when it was last written to, unless `new` says otherwise.
    """
    now = casebook.now()
    try:
        return _noted(casebook, case_id, copied, new.build(ids.new(now), now), contact_id)
    except PddError:
        if copied.fresh:
            folder.forget(copied.file)
        raise


def _noted(casebook: Casebook, case_id: str, copied: Copied, record: Evidence, contact_id: str | None) -> Kept:
    also_in = tuple(
        case.ref
        for case in sorted(casebook.store.cases().values(), key=lambda case: case.ref)
        if case.id != case_id and _of(case, copied) is not None
    )
    here = casebook.case(case_id)
    known = _of(here, copied)
    if known is not None:
        if contact_id is not None:
            shown = contact_id
            here = casebook.apply(case_id, "edit_evidence", lambda case: moves.tie_evidence(case, known.id, shown))
        return Kept(case=here, record=known, already=True, also_in=also_in)
    refuse_secrets(copied.original_name, "file")
    record = structs.replace(
        record,
        file=copied.file,
        original_name=copied.original_name,
        sha256=copied.sha256,
        size=copied.size,
        media_type=media_type(copied.original_name),
        taken_at=record.taken_at or datetime.fromtimestamp(int(copied.modified), casebook.now().tzinfo),
    )
    saved = casebook.add_evidence(case_id, record, contact_id)
    return Kept(case=saved, record=record, already=False, also_in=also_in)


def _of(case: Case, copied: Copied) -> Evidence | None:
    return next((record for record in case.evidence if record.sha256 == copied.sha256), None)
