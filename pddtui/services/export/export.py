"""Makes an export of cases in any form, at any level of masking, as bytes or into an open file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import BinaryIO, Literal

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.history import head_hashes
from pddtui.domain.mask import HiddenPiece, MaskLevel
from pddtui.handbook.book import Handbook
from pddtui.message import Language, Message, Value, msg
from pddtui.services.casebook import Casebook
from pddtui.services.evidence import EvidenceFolder, Progress
from pddtui.services.export.bundle import EXPORT, YOURS, Bundle
from pddtui.services.export.csv import to_csv
from pddtui.services.export.document import DocumentWords, to_html, to_markdown
from pddtui.services.export.dossier import HASH_OF_RECORD, MASK_NOTES, papers
from pddtui.services.export.ical import to_ics
from pddtui.services.export.json import Layout, json_pieces
from pddtui.services.masking import Masking, hidden_sentence, hide_in

__all__ = ["FORMATS", "SUFFIXES", "Exporter", "Format", "TextFormat", "Wishes"]

TextFormat = Literal["json", "csv", "markdown", "html", "ics"]
Format = TextFormat | Literal["zip"]

SUFFIXES: dict[Format, str] = {
    "json": "json",
    "csv": "csv",
    "markdown": "md",
    "html": "html",
    "ics": "ics",
    "zip": "zip",
}
FORMATS: tuple[Format, ...] = tuple(SUFFIXES)

Heads = Mapping[str, tuple[str, ...]]
"""The hashes of the heads of each history, by the id of the case."""

_INSIDE: tuple[tuple[TextFormat, str], ...] = (
    ("html", "papers.html"),
    ("markdown", "papers.md"),
    ("csv", "contacts.csv"),
    ("ics", "calendar.ics"),
    ("json", EXPORT),
)


class Wishes(Struct, frozen=True, kw_only=True):
    """How a format is to be, where it can be in several ways."""

    layout: Layout = "compact"
    """Of JSON alone."""
    alarm: timedelta | None = None
    """How long before a thing is due its calendar reminds of it; None for not at all."""


_AS_USUAL = Wishes()


class Exporter:
    """Prints cases in one language."""

    def __init__(
        self,
        casebook: Casebook,
        handbook: Handbook,
        folder: EvidenceFolder,
        say: Callable[[Value], str],
        language: Language,
    ) -> None:
        """`say` renders a date always with its year."""
        self._casebook = casebook
        self._handbook = handbook
        self._folder = folder
        self._say = say
        self._language = language

    def text(
        self, cases: Sequence[Case], form: TextFormat, mask: MaskLevel = "none", *, wishes: Wishes = _AS_USUAL
    ) -> bytes:
        """The whole export in a form that is text. UTF-8."""
        return self._text(self._masked(cases, mask)[0], form, mask, wishes, _heads(cases))

    def _text(self, hidden: Sequence[Case], form: TextFormat, mask: MaskLevel, wishes: Wishes, heads: Heads) -> bytes:
        book = self._casebook
        match form:
            case "json":
                return b"".join(json_pieces(hidden, book.rules, book.now(), mask, calendar=book.calendar,
                                            layout=wishes.layout))  # fmt: skip
            case "csv":
                return to_csv(hidden, self._words(), masked=mask != "none")
            case "markdown":
                return to_markdown(papers(hidden, self._words(heads), mask))
            case "html":
                return to_html(papers(hidden, self._words(heads), mask))
            case "ics":
                return to_ics(hidden, self._words(), wishes.alarm)

    def write(
        self,
        out: BinaryIO,
        cases: Sequence[Case],
        form: Format,
        mask: MaskLevel = "none",
        *,
        ticked: Collection[str] = (),
        progress: Progress | None = None,
        wishes: Wishes = _AS_USUAL,
    ) -> tuple[Message, ...]:
        """Write the export; what has to be said of what is in it. `ticked` are the files of a public bundle, by id."""
        hidden, pieces = self._masked(cases, mask)
        told = () if mask == "none" else (hidden_sentence(pieces, self._handbook.masks),)
        if form == "json":
            book, gone = self._casebook, self._erased(cases, mask)
            out.writelines(json_pieces(hidden, book.rules, book.now(), mask, calendar=book.calendar, erased=gone,
                                       layout=wishes.layout))  # fmt: skip
            return told
        if form != "zip":
            out.write(self._text(hidden, form, mask, wishes, _heads(cases)))
            return told
        heads = _heads(cases)
        with Bundle(out, self._casebook.now()) as bundle:
            for each, name in _INSIDE:
                bundle.add(name, self._text(hidden, each, mask, wishes, heads))
            notes = bundle.add_evidence(hidden, self._folder, mask=mask, ticked=ticked, progress=progress)
            made = msg("Made on {at}. {masked}", at=self._casebook.now(), masked=MASK_NOTES[mask])
            recorded = (
                msg("{ref}: {what} {hash}", ref=case.ref, what=HASH_OF_RECORD, hash=" ".join(heads[case.id]))
                for case in cases
                if heads[case.id]
            )
            bundle.finish(self._say, (made, *recorded, *notes), mask)
        return (YOURS, *notes) if mask == "none" else (*told, *notes)

    def _erased(self, cases: Sequence[Case], mask: MaskLevel) -> Mapping[str, str]:
        """What was erased for good, for an export of everything that hides nothing."""
        store = self._casebook.store
        whole = mask == "none" and {case.id for case in cases} >= store.refs().keys()
        return store.erased() if whole else {}

    def hidden(self, cases: Sequence[Case], mask: MaskLevel) -> tuple[HiddenPiece, ...]:
        """Every piece that the masks hide, for a person to look through."""
        return self._masked(cases, mask)[1]

    def hidden_sentence(self, pieces: Iterable[HiddenPiece]) -> Message:
        """What they are, counted by kind."""
        return hidden_sentence(pieces, self._handbook.masks)

    def _masked(self, cases: Sequence[Case], mask: MaskLevel) -> tuple[tuple[Case, ...], tuple[HiddenPiece, ...]]:
        if mask == "none":
            return tuple(cases), ()
        masking = Masking(self._handbook, self._language)
        done = [hide_in(case, mask, masking) for case in cases]
        return tuple(case for case, _ in done), tuple(piece for _, pieces in done for piece in pieces)

    def _words(self, heads: Heads = MappingProxyType({})) -> DocumentWords:
        return DocumentWords(
            say=self._say,
            language=self._language,
            handbook=self._handbook,
            rules=self._casebook.rules,
            calendar=self._casebook.calendar,
            now=self._casebook.now(),
            custody=self._folder.glance,
            heads=heads,
        )


def _heads(cases: Sequence[Case]) -> Heads:
    return {case.id: head_hashes(case.history) for case in cases}
