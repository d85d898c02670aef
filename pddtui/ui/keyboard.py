"""What the terminal sends, cut into keys, mouse reports and pastes. What is none of these acts on nothing.

A terminal also answers: its colours, its name, its size, the clipboard. Such strings come unasked when tmux attaches,
in pieces on a slow line, and sometimes without their beginning. They are dropped whole; only what a person can have
pressed, clicked or pasted goes on. Nothing waits for an end that never comes.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from textual import messages
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._keyboard_protocol import FUNCTIONAL_KEYS
from textual._xterm_parser import XTermParser
from textual.events import AppBlur, AppFocus, Key, Paste
from textual.message import Message

__all__ = ["Keyboard", "LegacyMouse", "TerminalBackground"]

ESC: Final = "\x1b"
PASTE_START: Final = "\x1b[200~"
PASTE_END: Final = "\x1b[201~"

REST: Final = 0.5
"""Seconds without a byte after which a paste, a string or a sequence that has begun is taken to be over."""
MOST_PASTED: Final = 1 << 18
"""Characters after which a paste is handed over in parts."""
AFTERMATH: Final = 5.0
"""Seconds in which the rest of a paste that stalled is still known as such, if it comes in a piece."""
BURST: Final = 16
"""Characters that come at once and are no typing: a slow line brings a few together."""
REJOINED: Final = 1.0
"""Seconds in which the tail of a key may follow an Escape that was only its beginning."""
LONGEST: Final = 64
"""Characters of a control sequence; no key is as long."""

_STRINGS = frozenset("]P_^X")
"""OSC, DCS, APC, PM, SOS."""
_EIGHT_BIT = {
    "\x8f": "\x1bO",
    "\x90": "\x1bP",
    "\x98": "\x1bX",
    "\x9b": "\x1b[",
    "\x9d": "\x1b]",
    "\x9e": "\x1b^",
    "\x9f": "\x1b_",
}
"""Controls of one character, and how they are spelt in two."""

_KITTY = re.compile("\x1b\\[(?:[\\d:]+(?:;[\\d:]*){0,2}u|(\\d*)(?:;[\\d:]*){0,2}([~ABCDEFHPQS]))")
"""A key of the kitty protocol."""
_WHERE = re.compile("\x1b\\[\\d+;\\d+[Rt]")
"""Where the cursor is, and how large the window; with one modifier a function key looks the same."""
_MOUSE = re.compile("\x1b\\[<\\d+;\\d+;\\d+[Mm]")
_SYNCHRONIZED = re.compile("\x1b\\[\\?2026;[1-4]\\$y")

_SECOND_HALF = re.compile("\\[(?:[0-?]*[ -/]*[@-Z^-~]|\\[[A-E])|O[A-DFHMPQRS]\\Z|P[>!01][|+$]|_G")
"""What stands behind an Escape that came too long before it. It comes at once, as no typist can."""
_NUMBERS = re.compile("\\[?(?:[<-?]\\d[\\d;]*\\$?[A-Za-z]|\\d+(?:;\\d+)+[cnRtuy])")
"""An answer of numbers that has lost its beginning."""
_COLOUR = re.compile("(?:\\]?\\d*;)?r?g?ba?:[0-9a-f]+(?:/[0-9a-f]+){2,3}\x07?", re.IGNORECASE)
"""The end of an answer about a colour."""
_TEXT = re.compile("\\]\\d+;")
"""An answer of text that has lost its Escape."""

_LINES = re.compile("[^\x00-\x1f\x7f-\x9f]{2}[\r\n]+[^\x00-\x1f\x7f-\x9f]{2}")
_PASTABLE = re.compile("[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*")

_BACKGROUND = re.compile("11;rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})(?:/[0-9a-f]{1,4})?", re.IGNORECASE)
"""What stands in the answer to the question for the background: red, green and blue, each as a part of all ones."""


class TerminalBackground(Message):
    """The terminal has said what its background is like."""

    def __init__(self, *, dark: bool) -> None:
        super().__init__()
        self.dark = dark


_State = Literal["ground", "escape", "csi", "ss3", "string", "paste", "mouse"]


class Keyboard:
    """Give it what was read with `feed`, and call `rest` when nothing has come until `deadline`.

    Times are seconds of one clock that only goes forward.
    """

    def __init__(self, escape_delay: float) -> None:
        """`escape_delay` is how long an Escape waits for what may belong to it, in seconds."""
        self._escape_delay = escape_delay
        self._names = XTermParser()
        """Knows what a sequence is called, and nothing of what came before."""
        self._state: _State = "ground"
        self._half = ""
        """What has come of a sequence; of a string nothing is kept but an Escape at its end."""
        self._rejoined = False
        """Whether the Escape of the sequence has been delivered as a key."""
        self._pasted: list[str] = []
        """The parts of a paste; the last of them may hold half of its end."""
        self._length = 0
        self._last = 0.0
        """When something came last."""
        self._escaped = -REJOINED
        """When an Escape was last taken for a key, because nothing followed it in time."""
        self._stalled = -AFTERMATH
        """When a paste was last taken to be over, because it did not go on."""
        self.background_until: float | None = None
        """Until when an answer about the background is waited for; None where nobody waits. Later ones are dropped."""
        self._answer: str | None = None
        """What has come of a string that may be that answer."""

    @property
    def deadline(self) -> float | None:
        """When to call `rest`; None while nothing is unfinished."""
        if self._state == "ground":
            return None
        return self._last + (self._escape_delay if self._state == "escape" else REST)

    def rest(self, now: float) -> list[Message]:
        """What is known now that nothing has followed."""
        state, half, rejoined = self._state, self._half, self._rejoined
        self._begin("ground")
        match state:
            case "escape":
                self._escaped = now
                return self._keys(ESC)
            case "paste":
                self._stalled = now
                return self._handed_over()
            case "csi" | "ss3" if rejoined:
                return [key for character in half[1:] for key in self._keys(character)]
        return []

    def feed(self, text: str, now: float) -> list[Message]:
        """Keys, mouse reports and pastes in the order in which they came; `text` is what one read has brought."""
        if self._state == "ground":
            if (pasted := self._unbracketed(text, now)) is not None:
                return [Paste(pasted)]
            text = self._whole(text, now)
        self._last = now
        found: list[Message] = []
        at = typed = 0
        """How many of the last things found are characters with nothing else between or behind them."""
        while at < len(text):
            if self._state == "paste":
                at, typed = self._take_paste(text, at, found), 0
                continue
            character, at, before = text[at], at + 1, len(found)
            if self._state == "ground" and character.isprintable():
                found += self._keys(character)
                typed += len(found) - before
            elif self._state == "escape" and character == "\\":  # the end of a string that has lost its beginning
                self._begin("ground")
                del found[len(found) - typed :]
                typed = 0
            else:
                found += self._step(character)
                typed = typed if self._state == "escape" and len(found) == before else 0
        return found

    def _begin(self, state: _State, half: str = "") -> None:
        self._state, self._half, self._rejoined = state, half, False

    def _step(self, character: str) -> list[Message]:
        """One more character of a sequence or a string, or a control."""
        match self._state:
            case "ground":
                return self._control(character)
            case "string":
                return self._in_string(character)
            case "escape":
                return self._after_escape(character)
            case "mouse":
                self._half += character
                if len(self._half) == len("\x1b[Mxyz"):
                    self._begin("ground")
                return []
        return self._in_sequence(character)

    def _control(self, character: str) -> list[Message]:
        if character == ESC:
            self._begin("escape", ESC)
        elif character in _EIGHT_BIT:
            self._begin("escape", ESC)
            return self._after_escape(_EIGHT_BIT[character][1])
        elif not "\x80" <= character <= "\x9f":
            return self._keys(character)
        return []

    def _after_escape(self, character: str) -> list[Message]:
        if character == ESC:
            return self._keys(ESC)
        if character == "[":
            self._begin("csi", "\x1b[")
        elif character == "O":
            self._begin("ss3", "\x1bO")
        elif character in _STRINGS:
            self._begin("string")
            self._answer = "" if character == "]" and self.background_until is not None else None
        else:
            self._begin("ground")
            return self._keys(ESC + character)
        return []

    def _in_string(self, character: str) -> list[Message]:
        """A string ends with BEL, with ST, or with a control that has no place in it."""
        if self._half == ESC:
            self._begin("ground")
            return self._answered() if character == "\\" else [*self._control(ESC), *self._step(character)]
        if character == ESC:
            self._half = ESC
        elif character in "\x07\x9c":
            self._begin("ground")
            return self._answered()
        elif character < " " and character not in "\t\r\n":
            self._begin("ground")
            return self._control(character)
        elif self._answer is not None and len(self._answer) < LONGEST:
            self._answer += character
        return []

    def _answered(self) -> list[Message]:
        """What a whole string says, if somebody waits for it."""
        answer, until = _BACKGROUND.fullmatch(self._answer or ""), self.background_until
        if answer is None or until is None:
            return []
        self.background_until = None
        if self._last > until:
            return []
        red, green, blue = (int(part, 16) / (16 ** len(part) - 1) for part in answer.groups())
        return [TerminalBackground(dark=0.299 * red + 0.587 * green + 0.114 * blue < 0.5)]

    def _in_sequence(self, character: str) -> list[Message]:
        half, rejoined = self._half + character, self._rejoined
        if not " " <= character <= "~" or len(half) > LONGEST:  # it broke off
            self._begin("ground")
            return self._control(character) if character < " " else self._keys(character)
        self._half = half
        if half == PASTE_START:
            self._begin("paste")
        elif half == "\x1b[M":
            self._begin("mouse", half)
        elif half != "\x1b[[" and (character >= "@" or self._state == "ss3"):
            self._begin("ground")
            known = self._known(half)
            if not known and rejoined and half[2] not in "<=>?":
                return [key for each in half[1:] for key in self._keys(each)]
            return known
        return []

    def _known(self, sequence: str) -> list[Message]:
        """What a whole sequence stands for; nothing for an answer, or for a key with numbers that make no sense."""
        if sequence == "\x1b[I":
            return [AppFocus()]
        if sequence == "\x1b[O":
            return [AppBlur()]
        if _SYNCHRONIZED.fullmatch(sequence):
            return [messages.TerminalSupportsSynchronizedOutput()]
        try:
            if _MOUSE.fullmatch(sequence):
                mouse = self._names.parse_mouse_code(sequence)
                return [mouse] if mouse is not None else []
            if (sequence in ANSI_SEQUENCES_KEYS or _is_kitty(sequence)) and not _WHERE.fullmatch(sequence):
                return self._keys(sequence)
        except (ValueError, ArithmeticError, LookupError):
            pass
        return []

    def _keys(self, sequence: str) -> list[Message]:
        """The keys of a character, of a sequence, or of a character behind an Escape, which is Alt."""
        alt = len(sequence) == len("\x1ba") and sequence not in ANSI_SEQUENCES_KEYS and sequence[0] == ESC
        named = self._names._sequence_to_key_events(sequence[1:] if alt else sequence, alt=alt)
        return [key for key in named if _can_be_pressed(key)]

    def _take_paste(self, text: str, at: int, found: list[Message]) -> int:
        """Gather a paste from `at` on; the place behind it."""
        tail = self._pasted.pop() if self._pasted else ""
        joined = tail + text[at:]
        end = joined.find(PASTE_END)
        if end >= 0:
            self._pasted.append(joined[:end])
            self._begin("ground")
            found += self._handed_over()
            return at + end + len(PASTE_END) - len(tail)
        kept = min(len(PASTE_END), len(joined))  # half of the bracket may be in it
        self._pasted += [joined[:-kept], joined[-kept:]]
        self._length += len(joined) - len(tail)
        if self._length >= MOST_PASTED:
            tail = self._pasted.pop()
            found += self._handed_over()
            self._pasted.append(tail)
        return len(text)

    def _handed_over(self) -> list[Message]:
        pasted, self._pasted, self._length = "".join(self._pasted), [], 0
        return [Paste(pasted)] if pasted else []

    def _unbracketed(self, text: str, now: float) -> str | None:
        """The paste that the text is, without brackets; None for what somebody can have typed.

        Nobody types several lines in one go, or a long piece right after a paste that stalled.
        """
        goes_on = now - self._stalled < AFTERMATH
        pasted, bracket, behind = text.partition(PASTE_END)
        if behind or _PASTABLE.fullmatch(pasted) is None:
            return None
        if bracket:
            self._stalled = -AFTERMATH
            return pasted or None
        if goes_on and len(pasted) >= BURST:
            self._stalled = now
            return pasted
        return pasted if _LINES.search(pasted) is not None else None

    def _whole(self, text: str, now: float) -> str:
        """The text with the Escape that it has lost, or without an answer that has lost its beginning."""
        late, self._escaped = now - self._escaped < REJOINED, -REJOINED
        if late and text == "[":
            self._begin("csi", "\x1b[")
            self._rejoined = True
            return ""
        if (late and _SECOND_HALF.match(text)) or _TEXT.match(text):
            return ESC + text
        for answer in (_NUMBERS, _COLOUR):
            if found := answer.match(text):
                return text[found.end() :]
        return text


def _is_kitty(sequence: str) -> bool:
    found = _KITTY.fullmatch(sequence)
    return found is not None and (found[2] is None or f"{found[1] or 1}{found[2]}" in FUNCTIONAL_KEYS)


def _can_be_pressed(key: Key) -> bool:
    """Whether it is a key, and not a number that stands for no character."""
    character = key.character or ""
    return key.key != "<ignore>" and not any("\ud800" <= each <= "\udfff" for each in character)


class LegacyMouse:
    """Finds mouse reports in the encoding of 1986: `ESC [ M` and three raw bytes, which are no UTF-8.

    A terminal that was rebuilt under the program (tmux reattached, a window reloaded) forgets the encoding it was
    asked for and sends these. Their three bytes are replaced by harmless ones, so that the parser knows the report
    and drops it; it does not take them for keys. Reports may be split between reads.
    """

    START: Final = b"\x1b[M"

    def __init__(self) -> None:
        self.found = 0
        """Reports seen so far."""
        self._matched = 0
        self._left = 0

    def sift(self, chunk: bytes) -> bytes:
        if not self._left and not self._matched and self.START[:1] not in chunk:
            return chunk
        sifted = bytearray(chunk)
        for place, byte in enumerate(chunk):
            if self._left:
                sifted[place] = 0x21
                self._left -= 1
            elif byte == self.START[self._matched]:
                self._matched += 1
                if self._matched == len(self.START):
                    self._matched, self._left, self.found = 0, 3, self.found + 1
            else:
                self._matched = 1 if byte == self.START[0] else 0
        return bytes(sifted)
