"""Commands that let texts out: exports, letters, and a text with its personal data masked."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import command, flag, only_one, option
from pddtui.domain.mask import LEVELS
from pddtui.errors import NotFound, Refused
from pddtui.message import msg
from pddtui.places import typed_path
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.export.export import FORMATS, Exporter, Format, Wishes
from pddtui.services.export.files import replaces, write_file, writing_new
from pddtui.services.export.ical import alarm_ahead
from pddtui.services.finding import is_number
from pddtui.services.masking import NAMES_NEED_WORDS, Masking, hidden_sentence
from pddtui.speech import Speech

if TYPE_CHECKING:
    from pddtui.domain.case import Case
    from pddtui.services.letters.letters import Letter
    from pddtui.services.letters.model import LetterFacts

__all__ = []

_Word = TypeVar("_Word", bound=str)

HIDE_NEEDS_MASK = msg("--hide needs --mask partial or --mask public: without a mask nothing is hidden.")

_JSON, _CALENDARS = ("json",), ("ics", "zip")
"""The formats in which there is JSON to lay out by itself, and a calendar."""

_HIDING = LEVELS[1:]
"""The levels at which anything is hidden."""


@command(
    "export",
    msg(
        "Write all cases, those named or those that pass a filter as `list` takes it, in one of the formats, to "
        "standard output or to a file."
    ),
)
@click.argument("wanted", nargs=-1, metavar="[REF... | QUERY]")
@option("--format", "form", metavar="|".join(FORMATS), default="json", words=msg("The format (default: JSON)."))
@option("-o", "--output", metavar="FILE", words=msg("Write to this file, completely or not at all."))
@option("--mask", metavar="|".join(LEVELS), default="none", words=msg("How much personal data to mask."))
@option("--hide", metavar="WORD", multiple=True, words=msg("Also hide this; can be repeated."))
@option(
    "--with-file",
    "ticked",
    metavar="ID",
    multiple=True,
    words=msg("Include this piece of evidence in a public ZIP file; a file cannot be masked."),
)
@flag("--pretty", words=msg("JSON with every value on a line of its own."))
@flag("--lines", words=msg("JSON with every case on a line of its own, for scripts."))
@option(
    "--alarm",
    metavar="LENGTH",
    words=msg("Let the calendar remind so long before a thing is due: 1d, 2h; 0d is on the day at 9:00."),
)
@flag("--force", words=msg("Overwrite an existing file."))
@click.pass_context
def export_command(
    ctx: click.Context,
    *,
    wanted: Sequence[str],
    form: str,
    output: str | None,
    mask: str,
    hide: Sequence[str],
    ticked: Sequence[str],
    pretty: bool,
    lines: bool,
    alarm: str | None,
    force: bool,
) -> None:
    wanted_form, level = _one_of("--format", form, FORMATS), _one_of("--mask", mask, LEVELS)
    if hide and level == "none":
        raise Refused(HIDE_NEEDS_MASK)
    wishes = _wishes(wanted_form, pretty=pretty, lines=lines, alarm=alarm)
    session = open_session(ctx)
    cases = _chosen(session, wanted) if wanted else _all(session, wanted_form)
    known = {record.id for case in cases for record in case.evidence}
    for each in ticked:
        if each not in known:
            raise NotFound(msg("These cases have no evidence {id}.", id=each))
    press = _press(session, hide)
    if output is None or output == "-":
        if wanted_form == "zip" and sys.stdout.isatty():
            raise Refused(msg("A ZIP file cannot be shown in a terminal: name a file with -o."))
        notes = press.write(sys.stdout.buffer, cases, wanted_form, level, ticked=ticked, wishes=wishes)
        sys.stdout.buffer.flush()
    else:
        path, kept = typed_path(output), session.places.kept
        with writing_new(path, overwrite=force or _may_replace(session, path), kept=kept) as out:
            notes = press.write(out, cases, wanted_form, level, ticked=ticked, wishes=wishes)
    for note in notes:
        session.note(note)
    if level != "none":
        _about_masks(session)


def _wishes(form: Format, *, pretty: bool, lines: bool, alarm: str | None) -> Wishes:
    only_one(pretty=pretty, lines=lines)
    for name, given, forms in (("--pretty", pretty, _JSON), ("--lines", lines, _JSON), ("--alarm", alarm, _CALENDARS)):
        if given and form not in forms:
            raise Refused(msg("{option} only goes with --format {forms}.", option=name, forms="|".join(forms)))
    try:
        ahead = alarm_ahead(alarm) if alarm is not None else None
    except Refused as refused:
        raise Refused(refused.message, field="alarm") from refused
    return Wishes(layout="pretty" if pretty else "lines" if lines else "compact", alarm=ahead)


def _all(session: Session, form: Format) -> list[Case]:
    """Every case by its number. JSON is a copy of the file with its trash, the other formats are for people."""
    session.depth = "cases"
    cases = sorted(session.store.cases().values(), key=lambda case: (case.ref, case.id))
    return [case for case in cases if form == "json" or case.trashed_at is None]


def _chosen(session: Session, wanted: Sequence[str]) -> list[Case]:
    """The cases with those numbers, else those that pass the filter. Raises `NotFound` where there is none."""
    session.depth = "heads"
    if not any(map(str.strip, wanted)):  # a variable of a script that is empty does not mean everything
        raise NotFound(msg("There is no case “{ref}”; `pddtui list` shows all cases.", ref=""))
    try:
        found = {(case := session.casebook.find(ref)).id: case for ref in wanted}
        return sorted(found.values(), key=lambda case: (case.ref, case.id))
    except NotFound:
        if all(map(is_number, wanted)):
            raise
    answer = session.passing(" ".join(wanted), session.overview.attentions(session.now, words=True))
    if not answer.entries:
        raise NotFound(answer.nearest or msg("No case matches."))
    everything = session.store.cases()
    return [everything[entry.case.id] for entry in answer.entries]


def _may_replace(session: Session, path: Path) -> bool:
    """Whether a person at a terminal lets the file there be replaced; False where there is none to be asked about."""
    if not replaces(path, session.places.kept) or not sys.stdin.isatty():
        return False
    return click.confirm(session.say(msg("{file} already exists. Overwrite it?", file=str(path))), err=True)


def _press(session: Session, hide: Sequence[str]) -> Exporter:
    speech = Speech(session.speech.language, session.settings.tz)
    folder = EvidenceFolder(session.places.evidence)
    return Exporter(session.casebook, session.handbook.hiding(hide), folder, speech.render, speech.language)


def _one_of(name: str, given: str, known: tuple[_Word, ...]) -> _Word:
    for word in known:
        if word == given:
            return word
    raise Refused(msg("{option} takes {known}, not “{value}”.", option=name, known=known, value=given))


@command("letter", msg("Write a letter about a case, filled in from its log; without a kind, list the kinds."))
@click.argument("ref")
@click.argument("kind", required=False)
@option("-o", "--output", metavar="FILE", words=msg("Write to this file, completely or not at all."))
@option("--mask", metavar="|".join(LEVELS), words=msg("How much to mask (default: what the channel needs)."))
@option("--hide", metavar="WORD", multiple=True, words=msg("Also hide this; can be repeated."))
@flag("--anonymous", words=msg("Write a report without saying who makes it."))
@flag("--fields", words=msg("List the variables that a template of this kind has, with their values."))
@flag("--force", words=msg("Overwrite an existing file."))
@click.pass_context
def letter_command(
    ctx: click.Context,
    *,
    ref: str,
    kind: str | None,
    output: str | None,
    mask: str | None,
    hide: Sequence[str],
    anonymous: bool,
    fields: bool,
    force: bool,
) -> None:
    from pddtui.services.letters.letters import Letters

    level = _one_of("--mask", mask, LEVELS) if mask is not None else None
    session = open_session(ctx)
    case = session.casebook.find(ref)
    letters = Letters(session.casebook, session.handbook.hiding(hide), session.places.letters)
    if kind is None:
        for each in letters.kinds_for(case):
            click.echo(f"{each.id:<22}{session.say(each.label)}")
        return
    wanted = letters.nameless(kind) if anonymous else letters.kind(kind)
    if fields:
        _list_variables(session, letters.facts(case, wanted, session.speech.language))
        return
    letter = letters.write(case, wanted, session.speech.language)
    if level is not None:
        letter = letters.mask(case, letter, level)
    if hide and letter.level == "none":
        raise Refused(HIDE_NEEDS_MASK)
    if output is None or output == "-":
        click.echo(letter.text, nl=False)
    else:
        path, kept = typed_path(output), session.places.kept
        overwrite = force or _may_replace(session, path)
        if letter.public and not _looked_through(session, letter):
            session.note(msg("Nothing was written."))
            return
        write_file(path, letter.text.encode(), overwrite=overwrite, kept=kept)
        if letter.public and session.store.read_only is None:
            session.casebook.note_milestone(case.id, "text_masked", session.now)
            session.note(msg("Recorded in {ref}: the text for the public is masked.", ref=case.ref))
    if letter.level != "none":
        session.note(letters.hidden(letter))
        _about_masks(session)
    if letter.room is not None:
        session.note(msg("{said}.", said=letter.room))
    session.note(msg("Check every fact before you send this. It is not legal advice."))


def _list_variables(session: Session, shown: LetterFacts) -> None:
    from pddtui.services.letters.variables import variables

    say = session.speech.render
    for each in variables(shown):
        words, value = say(each.words), each.value if each.value is not None else "–"
        line = session.say(msg("{name}: {words}", name=words, words=value)) if value else words
        click.echo(f"{each.name:<20} {line}")
    parts = f'{{% import "_{session.speech.language}.j2" as parts with context %}}'
    session.note(msg("A template may use the parts of ours after {line}.", line=parts))


def _looked_through(session: Session, letter: Letter) -> bool:
    """Whether the text may be seen by everybody, asked as on the desk. A script is not asked: it has to look itself."""
    if not sys.stdin.isatty():
        return True
    click.echo(letter.text, err=True)
    question = session.say(
        msg("Everybody will be able to read this. Have you made sure that nothing private is left in it?")
    )
    return click.confirm(question, err=True)


@command(
    "mask",
    msg("Hide names, numbers and addresses in a text, from standard input to standard output."),
    reads=lambda _: True,
)
@option("--level", metavar="|".join(_HIDING), default="public", words=msg("How much to hide (default: public)."))
@option(
    "--case",
    "ref",
    metavar="REF",
    words=msg("Also hide what this case contains: names, order number, tracking number."),
)
@option("--hide", metavar="WORD", multiple=True, words=msg("Also hide this; can be repeated."))
@click.pass_context
def mask_command(ctx: click.Context, *, level: str, ref: str | None, hide: Sequence[str]) -> None:
    wanted = _one_of("--level", level, _HIDING)
    session = open_session(ctx)
    case = session.casebook.find(ref) if ref is not None else None
    text = session.typed.text()
    masked = Masking(session.handbook, session.speech.language).mask(text, wanted, case, hide)
    click.echo(masked.text, nl=False)
    session.note(hidden_sentence(masked.spans, session.handbook.masks))
    _about_masks(session)


def _about_masks(session: Session) -> None:
    """What has to be known of masks; a rule of one's own that does not count is no small matter."""
    session.note(NAMES_NEED_WORDS)
    session.note_each(session.handbook.warnings)
