"""The evidence against the checklist of the problem: what is there, what is missing and what it has to show."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from pddtui.domain.case import Contact, Evidence
from pddtui.handbook.model import EvidenceType
from pddtui.message import Mark, Message, file_size, msg
from pddtui.services.evidence import CUSTODY, EvidenceFolder
from pddtui.ui import show
from pddtui.ui.sections.entry import SectionRow, View, empty, heading, lines
from pddtui.ui.selection import Selection
from pddtui.ui.show import TextPart, Tone, tone_of

__all__ = ["evidence_rows"]

_MISSING = Mark("○", msg("missing"), "strong")

_READ_AT_ONCE = 64 << 20
"""Bytes that are read while somebody waits."""

_BAR = 20
"""Cells of the bar of completeness."""


def checklist(view: View) -> tuple[EvidenceType, ...]:
    """What this case should have: the base set, then what its kind of problem needs on top."""
    kinds = view.context.handbook.evidence_types
    wanted = view.context.casebook.rules.checklist(view.case.problem)
    return tuple(kind for kind_id in wanted if (kind := kinds.get(kind_id)) is not None)


def evidence_rows(view: View) -> Iterator[SectionRow]:
    """What is missing first, then what is there, then what no checklist asks for."""
    speech = view.speech
    wanted = checklist(view)
    held: dict[str | None, list[Evidence]] = {}
    for record in view.case.evidence:
        held.setdefault(record.kind, []).append(record)
    missing = [kind for kind in wanted if kind.id not in held]
    have = len(wanted) - len(missing)
    filled = round(_BAR * have / len(wanted)) if wanted else 0
    yield heading("evidence", speech("Checklist"), "  ", ("━" * filled, Tone.GOOD), ("─" * (_BAR - filled), Tone.FAINT),
                  f"  {have}/{len(wanted)}")  # fmt: skip
    for kind in missing:
        yield _missing(view, kind)
    for kind in wanted:
        for record in held.pop(kind.id, ()):
            yield _held(view, record, kind)
    others = [record for records in held.values() for record in records]
    if others:
        yield heading("others", speech("Other evidence"), (f"  {len(others)}", Tone.QUIET))
        for record in others:
            yield _held(view, record, view.context.handbook.evidence_types.get(record.kind))
    if not view.case.evidence:
        yield empty("evidence", speech("No evidence yet. Press v to add a piece: what it proves and where it is."))


def _state(view: View, mark: Mark) -> str:
    """The state in a column that has room for every state in this language."""
    words = [view.speech.say(each.word) for each in (_MISSING, *CUSTODY.values())]
    return f"{mark.glyph} {show.pad(view.speech.say(mark.word), max(map(show.width, words)))}"


def _missing(view: View, kind: EvidenceType) -> SectionRow:
    speech = view.speech
    state = _state(view, _MISSING)
    head = show.join(
        "  ",
        [
            (state, tone_of(_MISSING)),
            (speech.say(kind.label), Tone.STRONG),
            (speech.say(kind.when) if kind.when is not None else "", Tone.ACCENT),
        ],
    )
    shows = show.line((speech("must show: {what}", what=kind.must_show), Tone.QUIET))
    indent = show.width(state) + 2
    return SectionRow(key=f"missing:{kind.id}", look=lines(head, shows, indent=indent), text=speech.say(kind.label))


def _held(view: View, record: Evidence, kind: EvidenceType | None) -> SectionRow:
    speech = view.speech
    name = speech.say(kind.label) if kind is not None else record.original_name or record.kind or speech("unnamed")
    gone = record.vanishes_at is not None and record.vanishes_at < view.now
    custody = EvidenceFolder(view.context.places.evidence).glance(record)
    mark = CUSTODY[custody]
    state = _state(view, mark)
    head = show.join("  ", [(state, tone_of(mark)), name])
    notes: list[TextPart] = [
        (record.original_name or "", Tone.PLAIN),
        (record.place or "", Tone.QUIET),
        (speech("taken {at}", at=record.taken_at) if record.taken_at is not None else "", Tone.QUIET),
        (speech("added {at}", at=record.added_at), Tone.QUIET),
        *((speech("shows the contact of {at}", at=contact.at), Tone.QUIET) for contact in _shown_by(view, record)),
        _vanishing(view, record, gone=gone),
        (file_size(record.size) if record.size is not None else "", Tone.QUIET),
        (f"SHA-256 {record.sha256[:12]}…" if record.sha256 is not None else "", Tone.QUIET),
    ]
    below: list[Content | str] = [record.proves] if record.proves not in (None, "", name) else []
    below.append(show.join((" · ", Tone.FAINT), notes))
    return SectionRow(
        key=record.id,
        look=lines(head, *below, indent=show.width(state) + 2),
        selection=Selection(case=view.case, evidence=record),
        why=(lambda: _why(view, record)) if record.file is not None else None,
        text=record.place or record.original_name or name,
    )


def _shown_by(view: View, record: Evidence) -> list[Contact]:
    """The contacts that a piece of evidence is tied to."""
    return [contact for contact in view.case.contacts if record.id in contact.evidence]


def _why(view: View, record: Evidence) -> tuple[Message, ...]:
    """Whether the copy is what it was. Reads all of it, so only when somebody asks, and not when it is very long."""
    folder = EvidenceFolder(view.context.places.evidence)
    kept = msg("The copy is {file} in {folder}.", file=record.file or "", folder=str(folder.path))
    long = (record.size or 0) > _READ_AT_ONCE
    match folder.glance(record) if long else folder.verify(record):
        case "ok" if long:
            return kept, msg("Its size is unchanged since it was added; `pddtui doctor` checks the whole file.")
        case "ok":
            return kept, msg("The whole file was just checked: it is unchanged since it was added.")
        case "changed":
            return kept, msg("It was changed after it was added: add the original again.")
    return kept, msg("It is missing: add the original again, or restore it from a backup.")


def _vanishing(view: View, record: Evidence, *, gone: bool) -> TextPart:
    if record.vanishes_at is None:
        return ""
    if gone:
        return (view.speech("! original gone since {at}", at=record.vanishes_at), Tone.RED)
    return (view.speech("! original disappears {at}", at=record.vanishes_at), Tone.AMBER)
