"""What a typed phrase means, said while it is typed, and the choices that the handbook offers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from pddtui.domain.duetime import END_OF_DAY, Due
from pddtui.domain.fields import StoredField
from pddtui.domain.phrases.due import VaguePhrase
from pddtui.domain.phrases.moment import as_given, parse_when
from pddtui.domain.text import fold
from pddtui.errors import Refused
from pddtui.handbook.book import Listed
from pddtui.message import Message, msg, plural
from pddtui.services.facts import shown
from pddtui.services.pinyin import fits
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.context import Context
from pddtui.ui.widgets.fields import Suggest, Suggestion

__all__ = [
    "Pick",
    "Remark",
    "Steady",
    "as_typed",
    "by_when",
    "due_hint",
    "now_hint",
    "suggestions",
    "typed_moment",
    "when_hint",
]


def suggestions(
    speech: Speech, entries: Iterable[Listed], also: Mapping[str, Iterable[str]] | None = None
) -> list[Suggestion]:
    """The entries as they are offered, each found by its name in either language and by the words of `also`.

    An English reader sees the Chinese name as a note, as the app and the offices have it; nobody else needs a gloss.
    """
    others = also if also is not None else {}
    offered: list[Suggestion] = []
    for entry in entries:
        english, chinese = speech.spellings(entry.label)
        own = speech.say(entry.label)
        note = chinese if own != chinese else ""
        offered.append(Suggestion(entry.key, own, note, " ".join((english, *others.get(entry.key, ())))))
    return offered


class Pick(Suggest):
    """Offers what begins with the text, then what holds it, in either language or in pinyin; everything on Down."""

    LEADS = True

    def __init__(
        self, offers: Sequence[Suggestion], value: str = "", *, placeholder: str = "", by_note: bool = True
    ) -> None:
        """Without `by_note` what stands behind an entry is only shown: nobody looks for it by a date."""
        super().__init__(self._matching, value, placeholder=placeholder)
        self._all = list(offers)
        self._by_note = by_note

    def set_offers(self, offers: Sequence[Suggestion]) -> None:
        self._all = list(offers)

    def key_of(self, value: str) -> str | None:
        """The key of the entry with exactly that text."""
        return next((offer.key for offer in self._all if offer.text == value), None)

    def _matching(self, typed: str) -> list[Suggestion]:
        wanted = fold(typed).strip()
        found = [offer for offer in self._all if fits(wanted, fold(self._words_of(offer)))]
        return sorted(found, key=lambda offer: not fold(offer.text).startswith(wanted))

    def _words_of(self, offer: Suggestion) -> str:
        return f"{offer.text} {offer.note if self._by_note else ''} {offer.key} {offer.also}"

    def _before_key(self, key: str) -> bool | Awaitable[bool]:
        if key == "down" and not self.is_open:
            self._offer(self.value, self._all)
            return True
        return super()._before_key(key)


class Remark(Static):
    """What has to be known beforehand, above the fields. It names dates, whose year is said in another one."""

    def __init__(self, words: Callable[[], str]) -> None:
        self._words = words
        self._said = words()
        super().__init__(show.plain(self._said), classes="form--remark")

    def renew(self) -> None:
        words = self._words()
        if words != self._said:
            self._said = words
            self.update(show.plain(words))


def as_typed(context: Context, stored: StoredField, value: object) -> str:
    """A value as it can be typed; a day alone where it has no time."""
    match value:
        case None:
            return ""
        case datetime():
            local = value.astimezone(context.speech.zone)
            whole = (END_OF_DAY,) if stored.ahead else (END_OF_DAY, time())
            return f"{local:%Y-%m-%d}" if local.time() in whole else f"{local:%Y-%m-%d %H:%M}"
        case Decimal():
            return str(value)
    said = shown(stored, value, "", context.handbook.name_of)
    return context.speech.render(said) if said is not None else ""


class Steady(Widget):
    """Lines that change with what is chosen, always as high as the highest of the choice: nothing under them moves."""

    def __init__(self, classes: str) -> None:
        super().__init__(classes=classes)
        self._shown = Content("")
        self._among: tuple[Content, ...] = ()

    def choose(self, shown: Content, among: Iterable[Content]) -> None:
        """Show one of them, which may also be an empty one, in the room of the highest."""
        self._shown, self._among = shown, tuple(among)
        self.refresh(layout=True)

    def render(self) -> Content:
        return Content("\n").join(show.wrap(self._shown, self.content_size.width))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        return max(len(show.wrap(content, width)) for content in (self._shown, *self._among)) if width else 0


FEW = 3
"""Up to so many days are named one by one; beyond that only their number is given."""


def due_hint(context: Context, phrase: str, start: datetime, *, countdown: bool = False) -> str:
    """`→ 11-25 周三 · not counting …`; or why the phrase names no date. Empty for an empty phrase.

    Says of the phrase what `by_when` reads in it from the same `start`.
    """
    if not phrase.strip():
        return ""
    try:
        due = _read(context, phrase, start, countdown=countdown)
    except VaguePhrase as vague:
        return "? " + context.speech.say(vague.message)
    except Refused as refused:
        return "… " + context.speech.say(refused.message)
    return "→ " + " · ".join(context.speech.say(part) for part in meaning(due))


def meaning(due: Due) -> list[Message]:
    """The date, then what a person would not expect of it: days left out, make-up days, an estimate."""
    parts = [msg("{due}", due=due.at)]
    if due.count is not None and due.count.unit == "working_day":
        off = tuple(step.date for step in due.steps if not step.counts)
        made_up = tuple(step.date for step in due.steps if step.counts and step.reason is not None)
        if 0 < len(off) <= FEW:
            parts.append(msg("not counting {days}", days=off))
        elif off:
            parts.append(plural("not counting {n} day off", "not counting {n} days off", len(off)))
        if made_up:
            parts.append(msg("{days} is a working day", days=made_up))
    parts.extend(due.notes)
    if due.estimated:
        parts.append(msg("estimated: the calendar of that year is not published"))
    return parts


def by_when(context: Context, phrase: str, field: str, start: datetime, *, countdown: bool = False) -> Due:
    """What a due phrase means that was typed at `start`, or a countdown that the app showed then.

    Raises `Refused` at `field`.
    """
    try:
        return _read(context, phrase, start, countdown=countdown)
    except Refused as refused:
        raise Refused(refused.message, field=field, position=refused.position) from refused


def _read(context: Context, phrase: str, start: datetime, *, countdown: bool) -> Due:
    return context.casebook.countdown(phrase, start) if countdown else context.casebook.due(phrase, start)


def typed_moment(typed: str, typed_at: datetime, field: str) -> datetime | None:
    """The moment that was typed at another moment, None for nothing. Raises `Refused` at `field`."""
    if not typed.strip():
        return None
    try:
        return parse_when(typed, typed_at)
    except Refused as refused:
        raise Refused(refused.message, field=field, position=refused.position) from refused


def when_hint(context: Context, typed: str, typed_at: datetime, *, empty: str = "") -> str:
    """`→ 11-21 周六 20:00`, what an empty field stands for, or what cannot be read yet."""
    try:
        at = typed_moment(typed, typed_at, "")
    except Refused as refused:
        return "… " + context.speech.say(refused.message)
    if at is None:
        return empty
    if at > context.casebook.now():
        return "→ " + context.speech("{moment}, which is in the future", moment=as_given(at))
    return "→ " + context.speech.moment(at)


def now_hint(context: Context, begun: datetime) -> str:
    """What an empty field stands for in a form that was begun then, which may have been yesterday."""
    if begun.date() == context.casebook.now().date():
        return context.speech("now: {moment}", moment=begun)
    return context.speech("when you began: {moment}", moment=begun)
