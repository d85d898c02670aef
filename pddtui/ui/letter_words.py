"""What is said of a letter: how much of it is masked, and what was hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from textual.content import Content

from pddtui.domain.mask import Level
from pddtui.message import Message, msg
from pddtui.services.letters import Letter
from pddtui.ui import show
from pddtui.ui.show import Part, Tone

__all__ = ["LEVELS", "hidden", "masked"]

LEVELS: dict[Level, Message] = {
    "none": msg("nothing masked"),
    "partial": msg("partly masked"),
    "public": msg("masked for the public"),
}


def hidden(letter: Letter) -> list[str]:
    """What was hidden and what stands for it, each once with how often: `13800138000 → 〔手机号〕 ×2`."""
    found = Counter((span.original, span.replacement) for span in letter.masked.spans)
    return [f"{original} → {shown}" + (f" ×{times}" if times > 1 else "") for (original, shown), times in found.items()]


def masked(letter: Letter) -> Content:
    """The text as it will be read where it goes, what stands for a hidden piece set off."""
    return show.block(*_pieces(letter))


def _pieces(letter: Letter) -> Iterator[Part]:
    done = 0
    for span in letter.masked.spans:
        yield letter.plain[done : span.start]
        yield span.replacement, Tone.AMBER
        done = span.end
    yield letter.plain[done:]
