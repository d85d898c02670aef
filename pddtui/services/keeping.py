"""Keeping a file as evidence of a case: the copy first, then the record, and neither without the other."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from msgspec import Struct, structs

from pddtui.domain import moves
from pddtui.domain.case import Case
from pddtui.domain.refusals import refuse_secrets
from pddtui.domain.task import Evidence
from pddtui.errors import PddError, Refused
from pddtui.services.casebook import Casebook
from pddtui.services.copying import Progress
from pddtui.services.entries import NewEvidence
from pddtui.services.evidence import Copied, EvidenceFolder, media_type
from pddtui.services.ids import IdSource

__all__ = ["Kept", "keep_file", "note_copy"]


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
