"""A text to be read or looked through before it goes out, and what was masked in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from pddtui.domain.mask import HiddenPiece, MaskLevel
from pddtui.message import Message, msg
from pddtui.services.letters.letters import Letter
from pddtui.ui import show
from pddtui.ui.bindings import bindings
from pddtui.ui.show import TextPart, Tone

__all__ = ["MASK_WORDS", "Preview", "ReadingPane", "hidden_lines", "masked_text"]


class ReadingPane(VerticalScroll, can_focus=True):
    """Asks for its lines again whenever its width changes. It jumps: an animated scroll arrives long after the key."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("reading")

    def __init__(self, look: Callable[[int], Sequence[Content]]) -> None:
        super().__init__()
        self._look = look
        self._text = Static()
        self._drawn_for = -1

    def compose(self) -> ComposeResult:
        yield self._text

    def on_mount(self) -> None:
        self.focus()

    def action_by_lines(self, lines: int) -> None:
        self.scroll_relative(y=lines, animate=False)

    def action_by_pages(self, pages: int) -> None:
        self.scroll_relative(y=pages * max(1, self.scrollable_content_region.height - 1), animate=False)

    def action_to(self, end: int) -> None:
        """The beginning for 0, the end for 1."""
        self.scroll_to(y=end * self.max_scroll_y, animate=False)

    def renew(self) -> None:
        """Ask for the lines again: there is something else to read."""
        self._drawn_for = -1
        self.on_resize()

    def on_resize(self) -> None:
        cells = self.scrollable_content_region.width
        if cells != self._drawn_for and cells > 0:
            self._drawn_for = cells
            self._text.update(Content("\n").join(self._look(cells)))


class Preview(VerticalScroll, can_focus=True):
    """Shows one text after the other, each from its beginning."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 -- Textual's word
        super().__init__(id=id)
        self.text = Static()

    def compose(self) -> ComposeResult:
        yield self.text

    def show(self, *lines: Content) -> None:
        self.text.update(show.block(*(part for line in lines for part in (line, "\n"))))
        self.scroll_home(animate=False)


MASK_WORDS: dict[MaskLevel, Message] = {
    "none": msg("nothing masked"),
    "partial": msg("partly masked"),
    "public": msg("masked for the public"),
}


def hidden_lines(spans: Iterable[HiddenPiece]) -> list[str]:
    """What was hidden and what stands for it, each once with how often: `13800138000 → 〔手机号〕 ×2`."""
    found = Counter((span.original, span.replacement) for span in spans)
    return [f"{original} → {shown}" + (f" ×{times}" if times > 1 else "") for (original, shown), times in found.items()]


def masked_text(letter: Letter) -> Content:
    """The text as it will be read where it goes, what stands for a hidden piece set off."""
    return show.block(*_pieces(letter))


def _pieces(letter: Letter) -> Iterator[TextPart]:
    done = 0
    for span in letter.masked.spans:
        yield letter.plain[done : span.start]
        yield span.replacement, Tone.AMBER
        done = span.end
    yield letter.plain[done:]
