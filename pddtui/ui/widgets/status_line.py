"""The last but one line of the desk: which file, how it is with saving, how many flags, the clock."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content
from textual.widget import Widget

from pddtui.speech import SIGNS, Speech
from pddtui.ui import show
from pddtui.ui.show import Tone

__all__ = ["StatusLine"]


class StatusLine(Widget):
    """On the left the file and what happened to it last, on the right the flags and the time."""

    def __init__(self, speech: Speech, file: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._speech = speech
        self._file = file
        self._news = (speech("saved"), Tone.QUIET)
        self._refusal = ""
        self._red = self._amber = 0
        self._now: datetime | None = None

    def show_news(self, news: str, tone: Tone = Tone.QUIET) -> None:
        """What happened to the file last: saved, changed elsewhere, cannot be written."""
        if self._news != (news, tone):
            self._news = (news, tone)
            self.refresh()

    def show_refusal(self, refusal: str) -> None:
        """Why the last key did nothing, in place of the news, until "" comes."""
        if self._refusal != refusal:
            self._refusal = refusal
            self.refresh()

    def count(self, red: int, amber: int, now: datetime) -> None:
        """How many cases are flagged, and what time it is."""
        self._red, self._amber, self._now = red, amber, now
        self.refresh()

    def show_time(self, now: datetime) -> None:
        """Show the time, if it is another minute."""
        if self._now is None or f"{now:%Y-%m-%d %H:%M}" != f"{self._now:%Y-%m-%d %H:%M}":
            self._now = now
            self.refresh()

    def render(self) -> Content:
        speech = self._speech
        news = (f"✗ {self._refusal}", Tone.RED) if self._refusal else self._news
        left = show.line((self._file, Tone.QUIET), "  ", news)
        right = show.join(
            "  ",
            [
                (speech("! {n} red", n=self._red), Tone.RED) if self._red else "",
                (speech("! {n} amber", n=self._amber), Tone.AMBER) if self._amber else "",
                (speech.moment(self._now) if self._now is not None else "", Tone.QUIET),
                (SIGNS[speech.language], Tone.QUIET),
            ],
        )
        room = max(0, self.size.width - 2 - show.width(right.plain) - 1)
        return show.line(show.one_row(left, room), " ", right)
