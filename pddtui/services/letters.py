"""Letters about a case, filled from its log by templates in either language, and masked where everybody can read them.

A person's own templates (`letters/KIND.zh.j2`, `KIND.en.j2` or `KIND.j2` beside the settings) go before ours and may
add kinds. They run in a sandbox and see the facts of one case, nothing else; what is wrong with one is said in a
sentence with its file and line. A letter is plain text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

from msgspec import Struct, structs

from pddtui import assets
from pddtui.domain.case import Case
from pddtui.domain.ladder import current_rung
from pddtui.domain.mask import Level, Masked
from pddtui.domain.text import clean
from pddtui.errors import BadInput, Refused
from pddtui.handbook.book import Handbook
from pddtui.message import msg
from pddtui.services.casebook import Casebook
from pddtui.services.letter_facts import Facts
from pddtui.services.letter_kinds import KINDS, LetterKind, fitting, own_kind
from pddtui.services.letter_reader import facts
from pddtui.services.letter_silence import owed_on
from pddtui.services.letter_words import LetterWords
from pddtui.services.masking import Masking, level_for
from pddtui.services.templates import TemplateFault, render

__all__ = ["Letter", "Letters"]

Language = Literal["zh", "en"]

_SUFFIX = ".j2"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_OURS = "data/letters"
_BLANK_LINES = re.compile(r"\n[ \t]*\n(?:[ \t]*\n)+")


class Letter(Struct, frozen=True, kw_only=True):
    """One letter, ready to be read, changed and sent."""

    kind: LetterKind
    language: Language
    text: str
    """As it may leave the house: masked where the level asks for it."""
    plain: str
    """As it was written, nothing masked."""
    masked: Masked
    level: Level
    public: bool
    """Everybody can read it where it goes, so that it is never less than publicly masked."""
    channel: str | None
    """Where it goes; None while nobody was ever spoken to."""
    answer_by: str
    kept: tuple[str, ...] = ()
    """What would be hidden and is left readable, because the person has said so."""


class Letters:
    """Writes letters. `folder` is where a person's own templates are; it need not exist."""

    def __init__(self, casebook: Casebook, handbook: Handbook, folder: Path) -> None:
        self._casebook = casebook
        self._handbook = handbook
        self._folder = folder

    @cached_property
    def kinds(self) -> tuple[LetterKind, ...]:
        """Ours, then those that a person has added."""
        known = {kind.id for kind in KINDS}
        own = {name.split(".")[0] for name in _templates(self._folder)}
        return (*KINDS, *(own_kind(name) for name in sorted(own - known) if _NAME.fullmatch(name)))

    def kinds_for(self, case: Case) -> tuple[LetterKind, ...]:
        """All kinds, those that fit where the case stands or goes next at the head."""
        rules = self._casebook.rules
        here = current_rung(case, rules)
        above = [rung.id for rung in rules.ladder if here is not None and rung.level > here.level]
        return fitting(case, [*([here.id] if here else []), *above[:1]], self.kinds)

    def kind(self, name: str) -> LetterKind:
        """The kind with that id. Raises `Refused` with all there are."""
        found = next((kind for kind in self.kinds if kind.id == name), None)
        if found is None:
            ids = tuple(kind.id for kind in self.kinds)
            raise Refused(msg("There is no letter “{kind}”; there are {kinds}.", kind=name, kinds=ids))
        return found

    def write(self, case: Case, kind: LetterKind, language: Language) -> Letter:
        """The letter of that kind as the case stands now. Raises `BadInput` for a broken template."""
        channel = kind.channel or owed_on(case, self._casebook)
        told = facts(case, kind, self._casebook, self._handbook, channel=channel, words=LetterWords(language))
        plain = _tidy(self._render(kind, language, told))
        public = "public" in (kind.level, level_for(channel, self._handbook))
        letter = Letter(
            kind=kind,
            language=language,
            text=plain,
            plain=plain,
            masked=Masked(text=plain),
            level="public" if public else kind.level,
            public=public,
            channel=channel,
            answer_by=told.answer_by,
        )
        return self.mask(case, letter)

    def mask(self, case: Case, letter: Letter, level: Level | None = None) -> Letter:
        """The letter at that level, except one for the public."""
        wanted = letter.level if level is None or letter.public else level
        masked = _readable(letter, Masking(self._handbook, letter.language).mask(letter.plain, wanted, case))
        return structs.replace(letter, text=masked.text, masked=masked, level=wanted)

    def keep(self, case: Case, letter: Letter, piece: str) -> Letter:
        """The letter with that piece readable again, or hidden again if it was readable by the person's own word."""
        kept = tuple(one for one in letter.kept if one != piece)
        return self.mask(case, structs.replace(letter, kept=kept if piece in letter.kept else (*letter.kept, piece)))

    def reworded(self, case: Case, letter: Letter, text: str) -> Letter:
        """The letter with a text that a person has changed, masked anew."""
        return self.mask(case, structs.replace(letter, plain=clean(text)))

    def _render(self, kind: LetterKind, language: Language, told: Facts) -> str:
        own = set(_templates(self._folder))
        names = [f"{kind.id}.{language}{_SUFFIX}", f"{kind.id}{_SUFFIX}"]
        if kind not in KINDS:
            names.append(f"{kind.id}.{_other(language)}{_SUFFIX}")
        own_name = next((name for name in names if name in own), None)
        shipped = assets.path(_OURS)
        folders = [shipped] if own_name is None else [self._folder, shipped]
        try:
            return render(folders, own_name or names[0], structs.asdict(told))
        except TemplateFault as fault:
            raise _broken(fault, self._folder / (own_name or names[0])) from fault


def _broken(fault: TemplateFault, asked: Path) -> BadInput:
    file, why = str(fault.file or asked), " ".join(fault.reason.split())
    if fault.line is None:
        return BadInput(
            msg("The template {file} cannot be used ({reason}): correct or remove it.", file=file, reason=why)
        )
    return BadInput(
        msg(
            "The template {file} is wrong in line {line} ({reason}): correct or remove it.",
            file=file,
            line=fault.line,
            reason=why,
        )
    )


def _readable(letter: Letter, masked: Masked) -> Masked:
    """The masked text without the masks over what the letter keeps."""
    spans = tuple(span for span in masked.spans if span.original not in letter.kept)
    if len(spans) == len(masked.spans):
        return masked
    starts = (0, *(span.end for span in spans))
    ends = (*(span.start for span in spans), len(letter.plain))
    between = [letter.plain[start:end] for start, end in zip(starts, ends, strict=True)]
    hidden = (*(span.replacement for span in spans), "")
    text = "".join(piece + mask for piece, mask in zip(between, hidden, strict=True))
    return Masked(text=text, spans=spans)


def _templates(folder: Path) -> Sequence[str]:
    """The names of the templates in the folder, parts that others only import left out."""
    try:
        names = [path.name for path in folder.iterdir() if path.name.endswith(_SUFFIX) and path.is_file()]
    except OSError:  # no folder, or none that may be read: then there are no own templates
        return ()
    return sorted(name for name in names if not name.startswith(("_", ".")))


def _other(language: Language) -> Language:
    return "en" if language == "zh" else "zh"


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in clean(text).splitlines())
    return _BLANK_LINES.sub("\n\n", lines).strip() + "\n"
