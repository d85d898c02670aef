"""Everything of some cases in one ZIP file: documents, data, evidence, and the hashes by which to check them.

Written front to back, so that it can go into a pipe; the same cases at the same moment give the same bytes. Names in
it are made here: none leads out of the folder it is unpacked into.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from msgspec import Struct

from pddtui.domain.case import Case, Evidence
from pddtui.domain.mask import MaskLevel
from pddtui.durable import open_file
from pddtui.message import Message, Value, Words, msg
from pddtui.services.evidence import EvidenceFolder, Progress
from pddtui.services.export.dossier import exhibit_numbers

__all__ = ["EVIDENCE_FOLDER", "EXPORT", "MANIFEST", "YOURS", "Bundle", "safe_name"]

MANIFEST = "SHA256SUMS"
EXPORT = "export.json"
EVIDENCE_FOLDER = "evidence"
"""The folder in the bundle with the files of evidence."""
_PIECE = 1 << 20
_LARGE = (1 << 31) - (1 << 20)
"""Bytes from which on an entry needs the longer header, which old programs cannot read."""
_LONGEST, _LONGEST_SUFFIX = 80, 16
"""Characters of a name in the bundle, and of what is taken for its suffix."""
_PACKED = frozenset({".7z", ".gz", ".heic", ".jpeg", ".jpg", ".m4a", ".mp3", ".mp4", ".png", ".webp", ".zip"})
"""Suffixes of files that would not become smaller."""


class _File(Struct, frozen=True, kw_only=True):
    """One piece of evidence on its way into the bundle."""

    case: Case
    record: Evidence
    source: Path
    name: str
    """Its name in the bundle."""


class Bundle:
    """A ZIP file being written to `out`; use it with `with`, and `finish` it last."""

    def __init__(self, out: BinaryIO, at: datetime) -> None:
        self._zip = ZipFile(out, "w", allowZip64=True)
        self._at = at.timetuple()[:6]
        self._sums: list[tuple[str, str]] = []

    def __enter__(self) -> Bundle:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with suppress(*() if kind is None else (OSError, ValueError)):  # the first trouble is the one to report
            self._zip.close()

    def add(self, name: str, content: bytes) -> None:
        """A document."""
        with self._zip.open(self._entry(name), "w") as file:
            file.write(content)
        self._sums.append((hashlib.sha256(content).hexdigest(), name))

    def add_evidence(
        self,
        cases: Sequence[Case],
        folder: EvidenceFolder,
        *,
        mask: MaskLevel,
        ticked: Collection[str],
        progress: Progress | None = None,
    ) -> tuple[Message, ...]:
        """The evidence files of the cases; what has to be said of those that are not as they were, or not in it.

        A file cannot be masked, so a public bundle has only those whose ids are in `ticked`.
        """
        said: list[Message] = []
        files = list(_files(cases, folder, lambda record: mask != "public" or record.id in ticked, said))
        total, done = sum(file.record.size or 0 for file in files), 0
        for file in files:
            digest = hashlib.sha256()
            large = (file.record.size or 0) > _LARGE
            with (
                open_file(file.source) as source,
                self._zip.open(self._entry(file.name), "w", force_zip64=large) as entry,
            ):
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    entry.write(piece)
                    done += len(piece)
                    if progress is not None:
                        progress(done, max(done, total))
            self._sums.append((digest.hexdigest(), file.name))
            if digest.hexdigest() != file.record.sha256:
                said.append(msg("{file} was changed after it was added: its hash is different now.", file=file.name))
        return tuple(said)

    def finish(self, about: Callable[[Value], str], notes: Iterable[Message], mask: MaskLevel) -> None:
        """End with the text that says what is in it and how to check it, and with the hashes of everything."""
        sentences = [*_ABOUT, YOURS if mask == "none" else _LEFT_OUT, *_CHECK, *notes]
        self.add("README.txt", ("\r\n\r\n".join(map(about, sentences)) + "\r\n").encode("utf-8", "replace"))
        manifest = "".join(f"{sha256}  {name}\n" for sha256, name in sorted(self._sums, key=lambda pair: pair[1]))
        with self._zip.open(self._entry(MANIFEST), "w") as file:
            file.write(manifest.encode())

    def _entry(self, name: str) -> ZipInfo:
        entry = ZipInfo(name, (self._at[0], *self._at[1:6]))
        entry.compress_type = ZIP_STORED if Path(name).suffix in _PACKED else ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        entry.create_system = 3
        return entry


YOURS = msg(
    "export.json and calendar.ics are for yourself: they contain the least you would accept, "
    "your follow-ups and every change of the cases. Remove both from the bundle before you hand "
    "it on, or make it with masks, which leaves all of that out."
)
"""What must be known of a bundle in which nothing is masked."""

_LEFT_OUT = msg("The least I would accept, my follow-ups and the history of the cases are left out of all its files.")

_ABOUT: tuple[Words, ...] = (
    msg("This bundle contains complaints recorded with pddtui and their evidence."),
    msg(
        "papers.html is for reading and printing; papers.md is the same as plain text; contacts.csv is for a "
        "spreadsheet; calendar.ics is for a calendar; export.json is for pddtui and other programs."
    ),
)
_CHECK: tuple[Words, ...] = (
    msg(
        "SHA256SUMS contains the SHA-256 hash of every file. To check that nothing was changed, run "
        "one of these in the unpacked folder (Linux, macOS), or compare line by line (Windows):"
    ),
    "    sha256sum -c SHA256SUMS\r\n    shasum -a 256 -c SHA256SUMS\r\n    certutil -hashfile FILE SHA256",
    msg("The hash of each exhibit is also given in papers.html. If an exhibit was changed, the two differ."),
)


def _files(
    cases: Sequence[Case], folder: EvidenceFolder, wanted: Callable[[Evidence], bool], said: list[Message]
) -> Iterator[_File]:
    for case in cases:
        numbers = exhibit_numbers(case)
        for record in case.evidence:
            source = folder.path_of(record)
            if record.file is None:
                continue
            number = numbers[record.id]
            original = _named(record.original_name or "", record.file)
            name = f"{EVIDENCE_FOLDER}/{safe_name(case.ref)}/{number:02d}-{original}"
            if not wanted(record):
                said.append(
                    msg("{ref}, exhibit {n}: left out, because a file cannot be masked.", ref=case.ref, n=number)
                )
            elif source is None or (custody := folder.verify(record)) == "missing":
                said.append(msg("{ref}, exhibit {n}: the file is missing.", ref=case.ref, n=number))
            elif custody == "changed":
                said.append(
                    msg("{ref}, exhibit {n}: left out, because its file is not the one that was added.", ref=case.ref,
                        n=number)
                )  # fmt: skip
            else:
                yield _File(case=case, record=record, source=source, name=name)


def _named(original: str, file: str) -> str:
    """What a file was called, with the suffix of its copy where a mask took its own."""
    name, suffix = safe_name(original or file), Path(file).suffix
    return name if name.lower().endswith(suffix.lower()) else safe_name(f"{name}{suffix}")


def safe_name(name: str) -> str:
    """A file name of letters (of any script), digits and `._+-` that is one on every system and keeps its suffix."""
    kept = "".join(char if char.isalnum() or char in "._+-" else "_" for char in name)
    stem, dot, suffix = kept.rpartition(".")
    if not suffix.isalnum() or len(suffix) > _LONGEST_SUFFIX:
        stem, dot, suffix = kept, "", ""
    return f"{stem[: _LONGEST - len(dot + suffix)].strip('.') or '_'}{dot}{suffix}"
