"""Letters about a case, filled from its log by templates in either language, and masked where everybody can read them.

Where the law asks for a condition that nobody has found yet (fraud, unsafe food, a platform that knew), it is written
down with the article. A person's own templates (`letters/KIND.zh.j2`, `KIND.en.j2` or `KIND.j2` beside the settings)
go before ours and may add kinds. They run in a sandbox and see the facts of one case; what is wrong with one is said
in a sentence with its file and line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path

from msgspec import Struct, structs

from pddtui import assets
from pddtui.domain import duetime
from pddtui.domain.case import Case, Complainant
from pddtui.domain.citation import named_once
from pddtui.domain.deadlines import deadlines
from pddtui.domain.events import events_of
from pddtui.domain.history import head_hashes
from pddtui.domain.ladder import current_rung
from pddtui.domain.mask import HiddenPiece, Masked, MaskLevel
from pddtui.domain.table import Act
from pddtui.domain.text import clean
from pddtui.errors import BadInput, Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import LetterKind
from pddtui.message import Language, Message, msg
from pddtui.services.casebook import Casebook
from pddtui.services.export.dossier import exhibit_numbers
from pddtui.services.letters.law import articles_for, cited, owing, pledge, rebuttals
from pddtui.services.letters.log import (
    Concern,
    Filings,
    before,
    heard_from,
    owed_on,
    promised_on,
    spells,
    tried,
    waiting_times,
)
from pddtui.services.letters.model import Exhibit, FailedLine, LetterFacts, Objection, Promised, own_kind
from pddtui.services.letters.spoken import Sayings
from pddtui.services.letters.words import LetterWords, claim, unmarked
from pddtui.services.masking import Masking, hidden_sentence, level_for
from pddtui.services.templates import TemplateFault, fill_template

__all__ = ["Letter", "Letters"]


def letter_facts(
    case: Case, kind: LetterKind, casebook: Casebook, handbook: Handbook, *, channel: str | None, words: LetterWords
) -> LetterFacts:
    """The facts of `case` as they stand now, for a letter of that kind that goes to `channel`."""
    return _Reader(case, kind, casebook, handbook, channel=channel, words=words).read()


class _Reader:
    def __init__(
        self,
        case: Case,
        kind: LetterKind,
        casebook: Casebook,
        handbook: Handbook,
        *,
        channel: str | None,
        words: LetterWords,
    ) -> None:
        self._case = case
        self._kind = kind
        self._casebook = casebook
        self._handbook = handbook
        self._words = words
        self._now = casebook.now()
        about = structs.replace(kind, about=owing(case, handbook)) if kind.sues else kind
        self._concern = Concern.of(about, channel, casebook.rules)
        self._spoken = Sayings(case, handbook, casebook.rules, words, self._now)
        self._told = heard_from(case, self._concern, casebook.rules)

    def read(self) -> LetterFacts:
        case, words, order, now = self._case, self._words, self._case.order, self._now
        rules, kind, side = self._casebook.rules, self._kind, self._concern.side
        promises = tuple(self._promises())
        problem = self._handbook.problems.get(case.problem)
        problem_name = words.say(problem.label) if problem is not None else None
        shown, received = order.delivered_at, order.received_at
        if problem is not None and problem.undelivered and shown is None:  # it is what the carrier shows
            shown, received = received, None
        filed = [one.filed_at for one in case.filings if rules.channels[one.channel].claims]
        asked = min([*(one.at for one in case.contacts if one.demand), *filed], default=None)
        log = self._spoken.contacts
        filings = Filings(case, kind, self._concern, rules, self._handbook, words=words, now=now)
        earlier = before(case, self._concern.sides, rules, filings.until)
        silent = tuple(waiting_times(case, self._concern, self._casebook, handbook=self._handbook, words=words))
        return LetterFacts(
            today=words.day(now),
            record=" ".join(head_hashes(case.history)),
            answer_by=words.day(self._answer_by()),
            title=case.title,
            heading=unmarked(case.title),
            subject=words.subject(case, problem),
            merchant=case.merchant,
            operator=case.operator.name,
            address=case.operator.address,
            order=None if kind.anonymous else order.number,
            product=order.product,
            paid=words.money(order.amount, order.currency) if order.amount is not None else None,
            ordered=self._day(order.ordered_at),
            received=self._day(received),
            delivered=self._day(shown),
            courier=order.courier,
            tracking=None if kind.anonymous else order.tracking,
            problem=problem_name,
            description=case.description,
            writer=Complainant() if kind.anonymous else self._handbook.own.writer(case.complainant),
            anonymous=kind.anonymous,
            addressee=side,
            owes=owing(case, self._handbook),
            claim=claim(case, self._handbook, words, addressee=side),
            log=log,
            tried=tried(case, rules),
            asked=self._day(asked),
            promises=promises,
            oral=next((one for one in reversed(promises) if not one.written), None),
            broken=tuple(one for one in promises if one.broken),
            waiting=next((one for one in silent if one.who is None), silent[0] if silent else None),
            silences=silent,
            articles=tuple(
                cited(case, kind, self._concern.sides, self._handbook, today=now, passed=self._passed(), words=words)
            ),
            pledge=pledge(case, self._handbook, words, exhibit_numbers(case)),
            rebuttals=() if kind.reports else tuple(rebuttals(case, self._concern.sides, self._handbook, words)),
            evidence=tuple(self._evidence()),
            filings=filings.listed,
            here=filings.here,
            before=tuple(said for said, contact in zip(log, case.contacts, strict=True) if contact in earlier),
            pending=filings.pending,
            objection=self._objection(),
            failed=tuple(self._failed()),
        )

    def _passed(self) -> dict[str, datetime]:
        """The clocks that ran out without a result, each with the first moment at which it began."""
        found = deadlines(self._case, self._now, self._casebook.rules, self._casebook.calendar)
        missed = sorted((clock for clock in found if clock.state == "missed"), key=lambda clock: clock.start)
        return {clock.rule.id: clock.start for clock in reversed(missed)}

    def _objection(self) -> Objection | None:
        """What I wrote when I went on last, of the last answer that I had by then."""
        case = self._case
        given = next((filing for filing in reversed(case.filings) if filing.reason), None)
        if given is None or given.reason is None:
            return None
        answers = [it for it in case.contacts if it.substance == "answer" and it.at <= given.filed_at]
        last = max(answers, key=lambda it: it.at, default=None)
        reason = unmarked(" ".join(given.reason.split()))
        if last is None:
            return Objection(reason, None, None)
        return Objection(reason, self._moment(last.at), self._spoken.speaker(last))

    def _answer_by(self) -> datetime:
        wished = self._case.demand.deadline
        if self._kind.id == "demand" and wished is not None and wished > self._now:
            return wished.astimezone(self._now.tzinfo)
        length = duetime.span(self._kind.answer_in)
        return duetime.add(self._now, length.n, length.unit, self._casebook.calendar, roll="forward").at

    def _day(self, at: datetime | None) -> str | None:
        return self._words.day(at.astimezone(self._now.tzinfo)) if at is not None else None

    def _moment(self, at: datetime) -> str:
        return self._words.moment(at.astimezone(self._now.tzinfo))

    def _promises(self) -> Iterator[Promised]:
        """Those that were given by whom the letter speaks of."""
        for contact, promise in self._case.promises:
            if contact.id in self._told:
                yield self._spoken.promised(contact, promise, self._told[contact.id])

    def _failed(self) -> Iterator[FailedLine]:
        """Of those whom the letter speaks of, but does not go to; of its recipient where it speaks of nobody else."""
        others = [side for side in self._concern.sides if side != self._concern.side]
        for side in others or self._concern.sides:
            failed = self._spoken.failed(self._told, side)
            if failed is not None:
                yield failed

    def _evidence(self) -> Iterator[Exhibit]:
        numbers = exhibit_numbers(self._case)
        for record in self._case.evidence:
            kind = self._handbook.evidence_types.get(record.kind)
            name = self._words.say(kind.in_letters) if kind is not None else record.kind
            names = (kind.zh, kind.en, kind.letter_zh, kind.letter_en) if kind is not None else ()
            shown = record.proves if record.proves and record.proves not in names else record.original_name
            parts = [part for part in (name, shown or (None if name else record.place)) if part]
            text = ("：" if self._words.chinese else ": ").join(parts) or self._words.unnamed
            proves = record.proves if record.proves not in names else None
            yield Exhibit(
                number=numbers[record.id],
                text=unmarked(text),
                name=unmarked(name or record.original_name or self._words.unnamed),
                source=record.place,
                proves=unmarked(proves) if proves else None,
            )


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
    level: MaskLevel
    public: bool
    """Everybody can read it where it goes, so that it is never less than publicly masked."""
    channel: str | None
    """Where it goes; None while nobody was ever spoken to."""
    answer_by: str
    kept: tuple[str, ...] = ()
    """What would be hidden and is left readable, because the person has said so."""

    @property
    def room(self) -> Message | None:
        """How many characters it has and how many must go, where its field takes only so many."""
        limit = self.kind.limit
        if limit is None:
            return None
        length = len(self.text.strip())
        if length > limit:
            said = msg("{n} characters, at most {limit}: {over} must go", n=length, limit=limit, over=length - limit)
        else:
            said = msg("{n} of at most {limit} characters", n=length, limit=limit)
        return msg("{said} (the limit is unverified)", said=said) if self.kind.unsure else said


class Letters:
    """Writes letters. `folder` is where a person's own templates are; it need not exist."""

    def __init__(self, casebook: Casebook, handbook: Handbook, folder: Path) -> None:
        self._casebook = casebook
        self._handbook = handbook
        self._folder = folder

    @cached_property
    def kinds(self) -> tuple[LetterKind, ...]:
        """Ours, then those that a person has added."""
        kinds = self._handbook.letters
        known = {kind.id for kind in kinds}
        own = {name.split(".")[0] for name in _templates(self._folder)}
        return (*kinds, *(own_kind(name) for name in sorted(own - known) if _NAME.fullmatch(name)))

    def kinds_for(self, case: Case) -> tuple[LetterKind, ...]:
        """All kinds: at the head that of the next act, then what is offered, then those that say nothing here."""
        offered = self.offered_for(case)
        return (*offered, *(kind for kind in self.kinds if kind not in offered))

    def offered_for(self, case: Case, *named: str) -> tuple[LetterKind, ...]:
        """The kinds that say something in this case, those that the next acts lead to, and those named.

        At the head that of the next act, then those that fit where the case stands or goes next.
        """
        rules, steps = self._casebook.rules, self._casebook.attention(case).steps
        here = current_rung(case, rules)
        above = [rung.id for rung in rules.ladder if here is not None and rung.level > here.level]
        kinds = _by_rung([*([here.id] if here else []), *above[:1]], self.kinds)
        ahead = [kind.id for step in steps for kind in kinds if _leads_to(step.act, kind)]
        offered = {kind.id for kind in _fitting_kinds(case, kinds, self._casebook, self._handbook)}
        offered.update(ahead, named)
        wanted = next((kind.id for step in steps[:3] for kind in kinds if _leads_to(step.act, kind)), None)
        return tuple(sorted((one for one in kinds if one.id in offered), key=lambda kind: kind.id != wanted))

    def kind(self, name: str) -> LetterKind:
        """The kind with that id. Raises `Refused` with all there are."""
        found = next((kind for kind in self.kinds if kind.id == name), None)
        if found is None:
            ids = tuple(kind.id for kind in self.kinds)
            raise Refused(msg("There is no letter “{kind}”; choose one of {kinds}.", kind=name, kinds=ids))
        return found

    def nameless(self, name: str) -> LetterKind:
        """The kind of that id as it goes out without a name. Raises `Refused` for one that must say who writes it."""
        kind = self.kind(name)
        if kind.anonymous:
            return kind
        if kind.anonymous_as is None:
            raise Refused(msg("“{kind}” must say who writes it: only a report may be anonymous.", kind=kind.label))
        return self.kind(kind.anonymous_as)

    def write(self, case: Case, kind: LetterKind, language: Language) -> Letter:
        """The letter of that kind as the case stands now. Raises `BadInput` for a broken template."""
        channel = self._goes_to(case, kind)
        shown = self.facts(case, kind, language)
        laws = (law.named for law in self._handbook.laws)
        plain = _tidy(named_once(self._render(kind, language, shown), laws, chinese=language == "zh"))
        if kind.anonymous:
            plain = Masking(self._handbook, language).nameless(plain, case)
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
            answer_by=shown.answer_by,
        )
        return self.mask(case, letter)

    def facts(self, case: Case, kind: LetterKind, language: Language) -> LetterFacts:
        """What a template of that kind may say of the case as it stands now."""
        words, channel = LetterWords(language, self._handbook.letter_file.roles.values()), self._goes_to(case, kind)
        return letter_facts(case, kind, self._casebook, self._handbook, channel=channel, words=words)

    def _goes_to(self, case: Case, kind: LetterKind) -> str | None:
        promised = promised_on(case) if kind.confirms else None
        return kind.channel or promised or owed_on(case, self._casebook)

    def hidden(self, letter: Letter) -> Message:
        """What is masked in it, in a sentence."""
        return hidden_sentence(letter.masked.spans, self._handbook.masks)

    def mask(self, case: Case, letter: Letter, level: MaskLevel | None = None) -> Letter:
        """The letter at that level, except one for the public."""
        wanted = letter.level if level is None or letter.public else level
        whole = Masking(self._handbook, letter.language).mask(letter.plain, wanted, case)
        masked = _readable(letter, _said_to_be_hidden(letter.plain, whole, LetterWords(letter.language)))
        return structs.replace(letter, text=masked.text, masked=masked, level=wanted)

    def keep(self, case: Case, letter: Letter, piece: str) -> Letter:
        """The letter with that piece readable again, or hidden again if it was readable by the person's own word."""
        kept = tuple(one for one in letter.kept if one != piece)
        return self.mask(case, structs.replace(letter, kept=kept if piece in letter.kept else (*letter.kept, piece)))

    def reworded(self, case: Case, letter: Letter, text: str) -> Letter:
        """The letter with a text that a person has changed, masked again."""
        return self.mask(case, structs.replace(letter, plain=clean(text)))

    def _render(self, kind: LetterKind, language: Language, shown: LetterFacts) -> str:
        own = set(_templates(self._folder))
        names = [f"{kind.id}.{language}{_SUFFIX}", f"{kind.id}{_SUFFIX}"]
        shipped = assets.path(_OURS)
        if not (shipped / names[0]).is_file():
            names.append(f"{kind.id}.{_other(language)}{_SUFFIX}")
        own_name = next((name for name in names if name in own), None)
        folders = [shipped] if own_name is None else [self._folder, shipped]
        try:
            return fill_template(folders, own_name or names[0], structs.asdict(shown), own=own_name is not None)
        except TemplateFault as fault:
            raise _broken(fault, self._folder / (own_name or names[0])) from fault


def _leads_to(act: Act, kind: LetterKind) -> bool:
    return kind.id == act.letter or (act.deed == "file" and kind.channel == act.channel)


def _by_rung(rungs: Iterable[str], kinds: Iterable[LetterKind]) -> tuple[LetterKind, ...]:
    """The kinds, those that are written at one of these rungs first."""
    here = set(rungs)
    return tuple(sorted(kinds, key=lambda kind: here.isdisjoint(kind.rungs)))


def _fitting_kinds(
    case: Case, kinds: Iterable[LetterKind], casebook: Casebook, handbook: Handbook
) -> Iterator[LetterKind]:
    """Those of the kinds that are for such a problem, and for which the case has what they need."""
    for kind in kinds:
        concern = Concern.of(kind, kind.channel, casebook.rules)
        if _is_for_it(case, kind, concern, casebook) and _has_matter(case, kind, concern, casebook, handbook):
            yield kind


def _is_for_it(case: Case, kind: LetterKind, concern: Concern, casebook: Casebook) -> bool:
    """Whether it is for such a problem, or has become so by what happened."""
    if not kind.problems or case.problem in kind.problems:
        return True
    if not events_of(case, casebook.rules).keys().isdisjoint(kind.events):
        return True
    return not set(concern.sides).isdisjoint(tried(case, casebook.rules))


def _has_matter(case: Case, kind: LetterKind, concern: Concern, casebook: Casebook, handbook: Handbook) -> bool:
    """Whether the case has what such a letter tells of."""
    match kind.needs:
        case "awaited":
            promised = any(promise.state == "open" for _, promise in case.promises)
            running = any(filing.running for filing in case.filings)
            return promised or running or any(it.lasts for it in spells(case, casebook.rules, casebook.now()))
        case "silent":
            told = waiting_times(case, concern, casebook, handbook=handbook, words=LetterWords("zh"))
            return any(told)
        case "breach":
            day = casebook.now().date()
            return case.problem is None or any(articles_for(case, kind, concern.sides, handbook, day))
    return True


def _broken(fault: TemplateFault, asked: Path) -> BadInput:
    file, why = str(fault.file or asked), fault.reason
    if isinstance(why, str):
        why = " ".join(why.split())
    if fault.line is None:
        return BadInput(
            msg("The template {file} cannot be used ({reason}): correct it or remove it.", file=file, reason=why)
        )
    if fault.unknown is not None:
        return BadInput(
            msg(
                "In line {line} the template {file} uses “{name}”, which no letter has: "
                "`pddtui letter --fields REF KIND` lists what there is.",
                file=file,
                name=fault.unknown,
                line=fault.line,
            )
        )
    return BadInput(
        msg(
            "The template {file} has an error in line {line} ({reason}): correct it or remove it.",
            file=file,
            line=fault.line,
            reason=why,
        )
    )


def _readable(letter: Letter, masked: Masked) -> Masked:
    """The masked text without the masks over what the letter keeps."""
    spans = tuple(span for span in masked.spans if span.original not in letter.kept)
    return masked if len(spans) == len(masked.spans) else _with_spans(letter.plain, spans)


def _with_spans(plain: str, spans: tuple[HiddenPiece, ...]) -> Masked:
    starts = (0, *(span.end for span in spans))
    ends = (*(span.start for span in spans), len(plain))
    between = [plain[start:end] for start, end in zip(starts, ends, strict=True)]
    hidden = (*(span.replacement for span in spans), "")
    return Masked(text="".join(piece + mask for piece, mask in zip(between, hidden, strict=True)), spans=spans)


def _said_to_be_hidden(plain: str, masked: Masked, words: LetterWords) -> Masked:
    """The same with a staff number, and the name before it, said to be hidden: labels there look like blanks to fill.

    A number of which something is left, as where it is only partly masked, stays as it is.
    """
    before, after = words.around_number
    spans: list[HiddenPiece] = []
    for span in masked.spans:
        start, end = span.start - len(before), span.end + len(after)
        framed = start >= 0 and plain[start : span.start] == before and plain[span.end : end] == after
        if span.rule != "staff_no" or not framed or not span.replacement.startswith("〔"):
            spans.append(span)
            continue
        named = bool(spans) and spans[-1].end == start and spans[-1].replacement.startswith("〔")
        start = spans.pop().start if named else start
        said = (" " if plain[start] == " " else "") + (words.hidden_name if named else words.hidden_number)
        spans.append(structs.replace(span, start=start, end=end, original=plain[start:end], replacement=said))
    return _with_spans(plain, tuple(spans)) if spans != list(masked.spans) else masked


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
