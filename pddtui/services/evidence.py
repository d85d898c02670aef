"""The folder with the copies of evidence: each file once, under the hash of its content, whole or not at all.

The original is only read. A copy is never written again, so that its name always proves what is in it; whoever
wants to know whether it still does asks `verify`.
"""

from __future__ import annotations

import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, Literal

from msgspec import Struct

from pddtui.domain.task import Evidence
from pddtui.domain.text import one_line
from pddtui.errors import BadInput, CannotWrite
from pddtui.message import msg
from pddtui.services.copying import Progress, make_durable, opened, pour, sha256_of

__all__ = ["Copied", "Custody", "EvidenceFolder", "is_unfinished", "media_type"]

Custody = Literal["place", "ok", "missing", "changed"]
"""Of a record: only a place was noted; the copy is what it was; it is gone; it is something else now."""

_UNFINISHED = ".part"
_GIVEN_UP = 3600
"""Seconds without a byte after which whoever was copying is gone."""
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}")
_OF_HASH = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
_LONGEST_NAME = 200

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
"""What phones and receipts are made of and the standard library does not name."""


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


class EvidenceFolder:
    """Beside the data file; made (0700, its files 0600) when the first file comes."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def take(self, source: Path, progress: Progress | None = None) -> Copied:
        """Copy `source` into the folder, durably. A file that is there already is shared, not copied again.

        `BadInput` for what is no readable file or is still being written; `CannotWrite` when the folder does not
        take it. Then, as after a crash, the folder holds nothing new.
        """
        with opened(source) as (original, before):
            try:
                self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._sweep()
                return self._copied(source, original, before, progress)
            except OSError as error:
                reason = error.strerror or type(error).__name__
                raise CannotWrite(
                    msg("{file} cannot be copied to the evidence ({reason}).", file=source.name, reason=reason)
                ) from error

    def _copied(self, source: Path, original: BinaryIO, before: os.stat_result, progress: Progress | None) -> Copied:
        with self._aside() as (copy, unfinished):
            sha256, size = pour(original, copy, before.st_size, progress)
            after = os.fstat(original.fileno())
            if size != after.st_size or after.st_mtime_ns != before.st_mtime_ns:
                raise BadInput(
                    msg("{file} was written to while it was being copied: try again when it is done.", file=source.name)
                )
            known = self._holding(sha256)
            name = known or f"{sha256}{_suffix(source)}"
            if known is None:
                self._name(copy, unfinished, name)
            return Copied(
                file=name,
                original_name=one_line(source.name)[:_LONGEST_NAME],
                sha256=sha256,
                size=size,
                modified=before.st_mtime,
                fresh=known is None,
            )

    def receive(self, record: Evidence, content: IO[bytes]) -> bool:
        """Put the file that came with a record in its place; whether it was not there before.

        `BadInput` when it is not what the record says, and then the folder holds nothing new; `CannotWrite` as above.
        """
        path = self.path_of(record)
        shown = record.original_name or record.file or ""
        wrong = BadInput(msg("The evidence {file} is not what its record says.", file=shown))
        if path is None or not _OF_HASH.fullmatch(path.name) or not path.name.startswith(record.sha256 or "?"):
            raise wrong
        if self.verify(record) == "ok":
            return False
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._aside() as (copy, unfinished):
                if pour(content, copy, record.size or 0, None) != (record.sha256, record.size):
                    raise wrong
                self._name(copy, unfinished, path.name)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise CannotWrite(
                msg("{file} cannot be copied to the evidence ({reason}).", file=path.name, reason=reason)
            ) from error
        return True

    @contextmanager
    def _aside(self) -> Iterator[tuple[BinaryIO, Path]]:
        """A file to copy into that is gone afterwards, unless it was given a name."""
        handle, draft = tempfile.mkstemp(suffix=_UNFINISHED, prefix=".", dir=self.path)
        unfinished = Path(draft)
        try:
            with os.fdopen(handle, "wb") as copy:
                yield copy, unfinished
        finally:
            unfinished.unlink(missing_ok=True)

    def _name(self, copy: BinaryIO, unfinished: Path, name: str) -> None:
        """Let a finished copy be one, durably."""
        copy.flush()
        os.fsync(copy.fileno())
        unfinished.replace(self.path / name)
        make_durable(self.path)

    def _holding(self, sha256: str) -> str | None:
        """The name of the sound copy with that hash. One that has been changed since does not count."""
        for path in sorted(self.path.glob(f"{sha256}*")):
            with suppress(OSError):
                if sha256_of(path) == sha256:
                    return path.name
        return None

    def _sweep(self) -> None:
        """Remove what interrupted copies have left."""
        for path in self.path.glob(f".*{_UNFINISHED}"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _GIVEN_UP:
                    path.unlink()

    def forget(self, file: str) -> None:
        """Take back a fresh copy that was made for a record which could then not be saved."""
        with suppress(OSError):
            (self.path / file).unlink(missing_ok=True)

    def path_of(self, record: Evidence) -> Path | None:
        """Where the copy is; None for a place, and for a name that would lead out of the folder."""
        if record.file is None or Path(record.file).name != record.file or "\0" in record.file:
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
            if path is None or not path.is_file():
                return "missing"
            if record.size is not None and path.stat().st_size != record.size:
                return "changed"
            return "changed" if thorough and sha256_of(path) != record.sha256 else "ok"
        except OSError:
            return "missing"


def is_unfinished(path: Path) -> bool:
    """Whether it is what a copy is called until it is whole; one that was killed leaves it behind."""
    return path.name.startswith(".") and path.name.endswith(_UNFINISHED)


def media_type(name: str) -> str:
    """By the suffix, from a table that is the same on every machine."""
    import mimetypes

    suffix = Path(name).suffix.lower()
    known = _OURS.get(suffix) or mimetypes.MimeTypes().guess_type(f"file{suffix}")[0]
    return known or "application/octet-stream"


def _suffix(source: Path) -> str:
    suffix = source.suffix.lower()
    return suffix if _SUFFIX.fullmatch(suffix) else ""
