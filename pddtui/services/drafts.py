"""Half-typed forms on disk, so that a dropped connection or a killed program costs no words.

One file for each form that is open, in a folder of its own, replaced atomically and private to its owner.
An open form holds a lock on its file's neighbour: what nobody holds any more is offered again, what another
window is still typing is left alone. A file that cannot be read is passed over, never an error.
"""

from __future__ import annotations

import errno
import os
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime, tzinfo
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from pddtui.domain.secrets import hide_secrets
from pddtui.durable import Lock, is_locked, need_folder, read_file, reason, sweep, write_whole
from pddtui.errors import CannotWrite
from pddtui.message import Message, msg, plural
from pddtui.ownership import own_folder

__all__ = ["Draft", "DraftSubject", "Drafts", "Edits", "Moments", "OpenForm", "draft_name"]

_DRAFT, _LOCK = ".json", ".lock"

_PATIENCE = 1.0
"""Seconds to wait for whoever looks at this moment whether a draft is held."""


class DraftSubject(Struct, frozen=True, kw_only=True):
    """What a form is about. Two forms with the same subject can take each other's draft."""

    form: str
    """The kind of form: `contact`, `case` …"""
    case: str | None = None
    """The id of its case; None for a case that is still to be opened."""
    thing: str | None = None
    """The id of the contact, promise or follow-up it changes."""
    file: str | None = None
    """The real path of the data file that a case which is still to be opened belongs to."""

    @property
    def name(self) -> str:
        """A file name. Ids come from imported files too, so none of them becomes part of a path."""
        said = {"form": self.form, "case": self.case, "thing": self.thing}
        return sha256(msgspec.json.encode(said)).hexdigest()[:20]

    def takes(self, other: DraftSubject) -> bool:
        """Whether a draft of the other goes on here; older drafts do not say which data file they belong to."""
        return other in (self, structs.replace(self, file=None))


class Moments(Struct, frozen=True, kw_only=True):
    """When the fields of a form were typed: a phrase in one of them (明天, 2 hours ago) is read at its moment."""

    begun: datetime
    """The moment of every field that was not edited."""
    edited: dict[str, datetime] = {}
    """The last edit of each of the others, by its name."""


class Draft(Struct, frozen=True, kw_only=True):
    """What stood in a form."""

    subject: DraftSubject
    values: dict[str, str]
    """By the name of the field."""
    at: datetime
    """When the last of it was typed."""
    moments: Moments | None = None
    """None in older drafts and where nothing depends on it: all of it was typed at `at`."""


class Edits:
    """When what stands in the fields of an open form was typed.

    A form is begun with the first edit; until then its moment may follow the clock. An empty field stands for the
    moment at which the form was begun, as does one that was never edited.
    """

    def __init__(self, opened: datetime, *, running: bool = False) -> None:
        """`running`: what the form is about begins when it is opened, as a call does."""
        self._running = running
        self._untouched = True
        self._texts: dict[str, str] = {}
        self._edited: dict[str, datetime] = {}
        self.begun = opened
        self.last = opened
        """The last edit of all."""
        self._said = opened, opened.date()
        """The beginning and the day that hints were given for."""

    @property
    def moments(self) -> Moments:
        return Moments(begun=self.begun, edited=dict(self._edited))

    def stand(self, texts: Mapping[str, str], now: datetime) -> None:
        """What stands in the fields now was not typed."""
        self._texts = dict(texts)
        self._edited.clear()
        self._untouched = True
        self.follow(now)

    def note(self, name: str, text: str, now: datetime) -> None:
        """Say what stands in a field; it was edited now if something else stood there."""
        known = self._texts.setdefault(name, text)
        if known == text:
            return
        if self._untouched and not self._running:
            self.begun = now
        self._untouched = False
        self._texts[name] = text
        self._edited[name] = self.last = now

    def of(self, name: str) -> datetime:
        """When the text of that field was typed."""
        typed = self._texts.get(name, "").strip()
        return self._edited.get(name, self.begun) if typed else self.begun

    def follow(self, now: datetime) -> None:
        """The form begins now at the earliest, if nothing was typed yet."""
        if self._untouched and not self._running:
            self.begun = self.last = now

    def moved_on(self, now: datetime) -> bool:
        """Whether hints have to be given again: the form was begun since, or it is another day.

        Another day comes at midnight, and when a clock that was wrong is put right.
        """
        if now.date() != self.begun.date() or now < self.begun:
            self.follow(now)
        before, self._said = self._said, (self.begun, now.date())
        return before != self._said

    def restore(self, draft: Draft, zone: tzinfo) -> None:
        """Go on with a draft, each field at the moment at which it was typed."""
        moments = draft.moments or Moments(begun=draft.at)
        self._texts.update(draft.values)
        self._edited = {name: at.astimezone(zone) for name, at in moments.edited.items()}
        self.begun, self.last = moments.begun.astimezone(zone), draft.at.astimezone(zone)
        self._untouched = False


class OpenForm:
    """The draft of one form that is open now. Threads take turns; once it is closed nothing is written any more."""

    def __init__(self, folder: Path, subject: DraftSubject, window: str) -> None:
        self._turn = threading.RLock()
        self._over = False
        self._folder = folder
        self.subject = subject
        self._path = folder / f"{subject.name}.{window}{_DRAFT}"
        self._lock = Lock(self._path.with_suffix(_LOCK), patience=_PATIENCE)
        self._held = False

    def offered(self) -> Draft | None:
        """The newest draft of the same subject that no living form holds."""
        return max((draft for _, draft in self._left_behind()), key=lambda draft: draft.at, default=None)

    def keep(self, values: Mapping[str, str], at: datetime, moments: Moments | None = None) -> None:
        """Put what is typed on disk; it is there when this returns. Raises `CannotWrite`.

        Secrets that no case may hold are blotted out.
        """
        safe = {name: hide_secrets(value) for name, value in values.items()}
        draft = Draft(subject=self.subject, values=safe, at=at, moments=moments)
        try:
            with self._turn:
                if not self._over:  # else a later state of the same form was written already
                    need_folder(own_folder(self._folder))
                    self._hold()
                    write_whole(self._path, msgspec.json.encode(draft))
        except OSError as error:
            raise CannotWrite(
                msg("What you type cannot be kept as a draft ({reason}): save soon.", reason=reason(error))
            ) from error

    def take(self, draft: Draft) -> None:
        """Go on with a draft that was offered: it is this form's own from now on."""
        self.keep(draft.values, draft.at, draft.moments)
        self.discard(draft)

    def discard(self, draft: Draft) -> None:
        """Throw a draft that was offered away."""
        for path, known in self._left_behind():
            if known == draft:
                _remove(path)

    def drop(self) -> None:
        """Throw this form's own draft away: it was saved, or is not wanted."""
        _remove(self._path)

    def close(
        self,
        values: Mapping[str, str] | None = None,
        at: datetime | None = None,
        moments: Moments | None = None,
    ) -> None:
        """Let go, after keeping `values` as of `at` if they are given. Raises `CannotWrite`, and has let go then too.

        A draft that is still there is offered to the next form with the same subject.
        """
        with self._turn:
            try:
                if values is not None and at is not None:
                    self.keep(values, at, moments)
            finally:
                self._over = True
                self._let_go()

    def _let_go(self) -> None:
        if self._held and not self._path.exists():
            _unlink(self._lock.path)
        self._lock.close()
        self._held = False

    def _left_behind(self) -> Iterator[tuple[Path, Draft]]:
        for path in _drafts_in(self._folder, f"{self.subject.name}."):
            draft = _read(path)
            if path != self._path and draft is not None and self.subject.takes(draft.subject) and not _is_held(path):
                yield path, draft

    def _hold(self) -> None:
        if not self._held and not self._lock.acquire():
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        self._held = True


def _drafts_in(folder: Path, start: str = "") -> list[Path]:
    """The drafts whose names begin so; none in what a link leads to."""
    return [] if folder.is_symlink() else sorted(folder.glob(f"{start}*{_DRAFT}"))


class Drafts:
    """The drafts of this user."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, subject: DraftSubject) -> OpenForm:
        """The place for what is typed into a form that opens now. Nothing is written yet."""
        return OpenForm(self._folder, subject, f"{os.getpid()}-{secrets.token_hex(6)}")

    def pending(self) -> list[Draft]:
        """Every draft that waits for somebody to go on, newest first."""
        found = [
            draft for path in _drafts_in(self._folder) if (draft := _read(path)) is not None and not _is_held(path)
        ]
        return sorted(found, key=lambda draft: draft.at, reverse=True)

    def waiting(self, refs: Mapping[str, str]) -> Message | None:
        """The sentence that drafts of lost sessions wait, naming the newest, or None when there are none.

        `refs` are the numbers of the cases, by their ids.
        """
        found = self.pending()
        if not found:
            return None
        newest, others = draft_name(found[0], refs), len(found) - 1
        if not others:
            return msg("Not saved yet: {form}. Open it again to continue.", form=newest)
        return plural(
            "Not saved yet: {form}, and {n} other form. “Drafts” in the palette (:) lists them.",
            "Not saved yet: {form}, and {n} other forms. “Drafts” in the palette (:) lists them.",
            others,
            form=newest,
        )


_FORMS: Mapping[str, Message] = {
    "case": msg("facts of the case"),
    "contact": msg("contact"),
    "call": msg("call"),
    "line": msg("line of a contact"),
    "paste": msg("pasted text"),
    "promise": msg("promise"),
    "evidence": msg("evidence"),
    "filing": msg("filing"),
    "filing_state": msg("result of a filing"),
    "milestone": msg("milestone"),
    "resolve": msg("outcome"),
    "follow_up": msg("follow-up"),
    "snooze": msg("follow-up that is put off"),
    "tags": msg("tags"),
    "export": msg("export"),
    "letter_file": msg("letter"),
    "letter": msg("letter"),
}
"""What a form is about, by its kind."""


def draft_name(draft: Draft, refs: Mapping[str, str]) -> Message:
    """Which form it is, of which case, and when it was typed last. `refs` are the numbers of the cases by their ids."""
    case = draft.subject.case
    if case is None:
        return msg("new case, {at}", at=draft.at)
    form = _FORMS.get(draft.subject.form, msg("form"))
    if case not in refs:
        return msg("{form} of a case that is not in this file, {at}", form=form, at=draft.at)
    return msg("{form} of {ref}, {at}", form=form, ref=refs[case], at=draft.at)


def _read(path: Path) -> Draft | None:
    """The draft in a file; None if it has gone, is torn, or is not ours."""
    try:
        return msgspec.json.decode(read_file(path), type=Draft)
    except (OSError, msgspec.MsgspecError):
        return None


def _is_held(path: Path) -> bool:
    """Whether a living form has this draft."""
    return is_locked(path.with_suffix(_LOCK))


def _remove(path: Path) -> None:
    """Remove a draft with what belongs to it; one that has gone already is as good."""
    _unlink(path)
    sweep(path.parent, path.name, idle=0)
    if not _is_held(path):
        _unlink(path.with_suffix(_LOCK))


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
