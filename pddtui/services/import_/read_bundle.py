"""Reading a bundle back: the cases of its export, and the files of evidence that belong to them.

Nothing is unpacked by name. Only `export.json`, the list of hashes and what has the hash of a record are read, each
no further than it said it goes: a file of evidence may pack as well as it likes, as the export names its size and its
hash. Everything else in the archive is looked at, not written. Anything wrong is one `BadInput`.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from stat import S_IFMT, S_ISDIR, S_ISREG
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pddtui.domain.case import Case, Evidence
from pddtui.errors import BadInput, CannotWrite
from pddtui.message import file_size, msg
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.export.bundle import EVIDENCE_FOLDER, EXPORT, MANIFEST
from pddtui.services.import_.read_json import read_export

__all__ = ["is_bundle", "opened_bundle"]

_SMALL = 16 << 20
"""Bytes of content up to which it does not matter how small it was packed."""
_DENSEST = 100
"""How many bytes of content one packed byte may stand for beyond that; a text of a case comes to about ten."""
_LEFT_FREE = 64 << 20
"""Bytes of the disk that evidence leaves to the cases."""
_LARGEST_TEXT = 1 << 30
"""Bytes of the export or of the list of hashes."""

_TROUBLE = (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError, OverflowError)
"""What reading an archive that somebody has made up may raise; a `RuntimeError` asks for a password."""

_SUM = re.compile(r"([0-9a-f]{64})  (.+)")


def is_bundle(source: BinaryIO) -> bool:
    """Whether the file begins as a ZIP file does."""
    start = source.read(4)
    source.seek(0)
    return start == b"PK\x03\x04"


class Parcel:
    """A bundle that is open and was found to be whole."""

    def __init__(self, archive: ZipFile, name: str, cases: tuple[Case, ...], sums: Mapping[str, str]) -> None:
        self._archive = archive
        self._name = name
        self.cases = cases
        self._files = {sha256: file for file, sha256 in sums.items() if file.startswith(f"{EVIDENCE_FOLDER}/")}
        """Where the content with a hash is."""

    def coming(self, folder: EvidenceFolder) -> tuple[Evidence, ...]:
        """The records whose file is in the bundle and not in `folder`, each file once."""
        return tuple(record for record in self._wanted(folder) if record.sha256 in self._files)

    def absent(self, folder: EvidenceFolder) -> tuple[Evidence, ...]:
        """The records whose file is in neither: it was left out, or lost on the way."""
        return tuple(record for record in self._wanted(folder) if record.sha256 not in self._files)

    def _wanted(self, folder: EvidenceFolder) -> list[Evidence]:
        files = {it.file: it for case in self.cases for it in case.evidence if it.file is not None}
        return [record for record in files.values() if folder.verify(record) != "ok"]

    @contextmanager
    def delivered(self, records: Iterable[Evidence], folder: EvidenceFolder) -> Iterator[None]:
        """Put the files of `records` into `folder`; they are taken back if what is done with them then fails."""
        fresh: list[str] = []
        records = tuple(records)
        _need_room(sum(record.size or 0 for record in records), folder.path)
        try:
            for record in records:
                file = self._files[record.sha256 or ""]
                with _refused(self._name), self._archive.open(file) as content:
                    if folder.receive(record, content):
                        fresh.append(record.file or "")
            yield
        except BaseException:
            for name in fresh:
                folder.forget(name)
            raise


def _need_room(needed: int, folder: Path) -> None:
    """Refuse what would fill the disk on which the cases are: whoever made the bundle says how large a file is."""
    there = next(path for path in (folder, *folder.parents) if path.is_dir())
    free = shutil.disk_usage(there).free
    if needed > free - _LEFT_FREE:
        raise CannotWrite(
            msg(
                "The evidence needs {needed}, and {free} is free: nothing was imported.",
                needed=file_size(needed),
                free=file_size(max(0, free)),
            )
        )


@contextmanager
def opened_bundle(source: BinaryIO, name: str) -> Iterator[Parcel]:
    """A bundle; `name` is what it is called in the sentence about it. Raises `BadInput`."""
    with _refused(name):
        archive = ZipFile(source)
    with archive:
        with _refused(name):
            entries = _looked_at(archive, name)
            sums = _sums(_text(archive, entries, MANIFEST, name))
            content = _text(archive, entries, EXPORT, name)
        if sums.get(EXPORT) != hashlib.sha256(content).hexdigest():
            raise BadInput(msg("{file} was changed after it was made; nothing was imported.", file=name))
        cases = read_export(content, f"{name}, {EXPORT}")
        sizes = {record.sha256: record.size for case in cases for record in case.evidence}
        for info in entries.values():
            if info.file_size != sizes.get(sums.get(info.filename, ""), -1):
                _refuse_dense(info, name)
        yield Parcel(archive, name, cases, sums)


def _looked_at(archive: ZipFile, name: str) -> dict[str, ZipInfo]:
    """The files in the archive by their names, none of which leads anywhere."""
    entries: dict[str, ZipInfo] = {}
    for info in archive.infolist():
        kind, path = S_IFMT(info.external_attr >> 16), PurePosixPath(info.filename)
        if path.is_absolute() or ".." in path.parts or "\\" in info.filename or info.filename in entries:
            trouble = msg(
                "{file} contains a file called {entry}; nothing was imported.", file=name, entry=info.filename
            )
        elif info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            trouble = msg("{file}: {entry} in it is packed as no bundle is; nothing was imported.", file=name,
                          entry=info.filename)  # fmt: skip
        elif kind and not (S_ISREG(kind) or S_ISDIR(kind)):
            trouble = msg("{file}: {entry} in it is not a file; nothing was imported.", file=name, entry=info.filename)
        else:
            entries[info.filename] = info
            continue
        raise BadInput(trouble)
    return entries


def _refuse_dense(info: ZipInfo, name: str) -> None:
    """Refuse what is much larger than anything that is packed so small, unless its size was said elsewhere."""
    if info.file_size > _SMALL and info.file_size > _DENSEST * info.compress_size:
        raise BadInput(
            msg("{file}: {entry} in it is too large when unpacked; nothing was imported.", file=name,
                entry=info.filename)
        )  # fmt: skip


def _text(archive: ZipFile, entries: Mapping[str, ZipInfo], entry: str, name: str) -> bytes:
    if "[Content_Types].xml" in entries or any(each.startswith("Index/") for each in entries):
        raise BadInput(msg("{file} is a spreadsheet: save it as CSV and import that. Nothing was imported.", file=name))
    info = entries.get(entry)
    if info is None or info.file_size > _LARGEST_TEXT:
        raise BadInput(msg("{file} is not a bundle of pddtui; nothing was imported.", file=name))
    _refuse_dense(info, name)
    with archive.open(info) as file:
        return file.read(info.file_size)


def _sums(manifest: bytes) -> dict[str, str]:
    """The hash of each file by its name, as far as they are listed as we list them."""
    lines = (_SUM.fullmatch(line) for line in manifest.decode("utf-8", "replace").splitlines())
    return {line[2]: line[1] for line in lines if line is not None}


@contextmanager
def _refused(name: str) -> Iterator[None]:
    try:
        yield
    except _TROUBLE as error:
        raise BadInput(msg("{file} is damaged or not a ZIP file; nothing was imported.", file=name)) from error
