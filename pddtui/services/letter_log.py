"""A letter in the log: what is written there when one is sent, and how a later letter tells of it.

The log keeps the very words that were sent, under a line that says which letter they are. A later letter names it in
its own language and does not repeat it.
"""

from __future__ import annotations

import re

from pddtui.domain.contact import Contact
from pddtui.message import Label
from pddtui.services.letter_kinds import KINDS, LetterKind
from pddtui.services.letter_words import LetterWords

__all__ = ["letter_in", "sent_words"]

_MARK = Label("【函件：{kind}】", "[Letter: {kind}]")
_MARKED = re.compile(r"【函件：(?P<zh>[^】\n]+)】|\[Letter: (?P<en>[^\]\n]+)\]")


def sent_words(kind: LetterKind, text: str, words: LetterWords) -> str:
    """What the log says of a letter that was sent: which it was, and all of its text."""
    return f"{words.say(_MARK).format(kind=words.say(kind.label))}\n{text.strip()}"


def letter_in(contact: Contact, words: LetterWords) -> str | None:
    """The letter that the contact is, as `words` name it; None if it is none."""
    marked = _MARKED.match(contact.summary) if contact.direction == "out" else None
    if marked is None:
        return None
    name = marked["zh"] or marked["en"]
    label = next((kind.label for kind in KINDS if name in (kind.label.zh, kind.label.en)), Label(name, name))
    said = words.say(label)
    return said.split("（")[0] if words.chinese else _in_a_sentence(said.split(" (")[0])


def _in_a_sentence(name: str) -> str:
    """`a formal demand`, `an appeal to the postal authority`."""
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"{article} {name[:1].lower()}{name[1:]}"
