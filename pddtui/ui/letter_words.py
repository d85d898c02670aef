"""What is said of a letter: how much of it is masked, what was hidden, and what the log says once it is sent."""

from __future__ import annotations

from collections import Counter

from pddtui.domain.mask import Level
from pddtui.message import Message, msg
from pddtui.services.letters import Letter

__all__ = ["LEVELS", "hidden", "sent"]

LEVELS: dict[Level, Message] = {
    "none": msg("nothing masked"),
    "partial": msg("partly masked"),
    "public": msg("masked for the public"),
}


def hidden(letter: Letter) -> list[str]:
    """What was hidden and what stands for it, each once with how often: `13800138000 → 〔手机号〕 ×2`."""
    found = Counter((span.original, span.replacement) for span in letter.masked.spans)
    return [f"{original} → {shown}" + (f" ×{times}" if times > 1 else "") for (original, shown), times in found.items()]


def sent(letter: Letter) -> Message:
    """What the log says of a letter that was sent."""
    if letter.asks is None or not letter.kind.demands:
        return msg("Sent: {letter}. Answer asked for by {date}.", letter=letter.kind.label, date=letter.answer_by)
    return msg(
        "Sent: {letter}. Asked for: {what}. Answer asked for by {date}.",
        letter=letter.kind.label,
        what=letter.asks,
        date=letter.answer_by,
    )
