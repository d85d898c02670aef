"""Text that a person typed, pasted or imported, made inert without changing what it says.

After `clean` a text holds no terminal control, no text that hides or reorders other text and no lone
surrogate; words, Chinese punctuation and full-width forms stay as they were written (NFC, never NFKC).
The result is never longer than the text.

Where a line may end is said here too, as every face breaks lines: in `pieces`.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

__all__ = [
    "bare_number",
    "clean",
    "decoded",
    "fold",
    "halfwidth",
    "inert_json",
    "is_plain",
    "may_break",
    "one_line",
    "pieces",
    "tags_in",
    "wide_brackets",
]

_PLAIN = re.compile(
    "[ -~\n\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2328\u2500-\u27bf"
    "\u3000-\u3029\u3030-\u303f\u3041-\u3096\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uff01-\uff9f\uffe0-\uffe6"
    "\U0001f300-\U0001faff]*"
)
"""Nearly all real text: nothing in here is altered by any step below, so it is returned as it came."""

# The other patterns are rarely needed, and compiled only then.
_BREAK = "\r\n|[\r\v\f\u0085\u2028\u2029]"
_STYLING = "(?:\x1b\\[|\u009b)[0-?]*[ -/]*[@-~]"
"""A terminal control sequence (colours, cursor moves). It holds numbers, never words, so it goes whole;
of every other escape only the control characters go, lest words that it wraps disappear unseen."""

_GONE = (
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction: reorder or mirror what follows
    "\u00ad\u034f\u180e\u200b\u200c\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible, zero width
    "\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # letters without a glyph
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"  # tags: invisible copies of ASCII
    "]"
)
_SURROGATE = "[\ud800-\udfff]"

_SELECTOR = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_STRAY_SELECTOR = f"(?:^|(?<=[\\s{_SELECTOR}]))[{_SELECTOR}]+"
"""A variation selector chooses the glyph of the character before it (emoji, rare Chinese names): one is enough."""

_STRAY_JOINER = "\u200d+"
_LONGEST_STACK = 4
"""Marks that may sit on one letter. Written languages need three; more is a smear over other lines."""

_WORD_OF_NUMBER = (
    "order|waybill|tracking|parcel|express|ticket|staff|agent|employee|reference|ref|case|complaint|report|request"
    "|after-?sales|refund|number|no|nr|id"
)
_NUMBERING = re.compile("[０-９Ａ-Ｚａ-ｚ＊－．／＃＿　]")
_LABELS = (
    rf"(?:[一-鿿]{{1,12}}|(?:{_WORD_OF_NUMBER})(?:[ .#-]*(?:{_WORD_OF_NUMBER})){{0,3}})[ .#]*[:：][ :：#]*"
    r"|[一-鿿]{0,8}(?:单号|编号|号码|工号|案号|流水号)(?:[ #]|是|为)*"
    rf"|(?:(?:{_WORD_OF_NUMBER})[ .#]+){{1,4}}|#+ ?"
)
_LABELLED = rf"(?:{_LABELS})(?P<number>.+)"
_BRACKETED = r"[(（\[【〔](?P<number>[^()（）\[\]【】〔〕]+)[)）\]】〕]"
_CLOSED = r"(?P<number>.*?)[ ,，。.;；]*(?:(?<=[ ,，。.;；])|(?:点击)?复制|\bcopy)"
_NUMBERED = r"(?P<number>[A-Za-z0-9*-]+)号"
"""What is pasted around a number: its label, brackets, a stop or a button at its end, and the word for number."""
_LONGEST_NUMBER = 200
"""Characters; what is longer is a text."""
_WIDE = re.compile("[\uff01-\uff5e\u3000\uffe5]")
_HALF = {chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)} | {"\u3000": " ", "\uffe5": "\xa5"}


def clean(text: str) -> str:
    """`text` with every line kept and nothing in it that acts on a terminal or hides from the reader.

    Line and paragraph separators, carriage returns, vertical tabs and form feeds become newlines, a tab
    becomes a space, a lone surrogate becomes U+FFFD. A zero-width joiner stays only inside an emoji. Doing
    it twice changes nothing more. The length is not limited here.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = re.sub(_BREAK, "\n", text).replace("\t", " ")
    text = re.sub(_SURROGATE, "\ufffd", re.sub(_GONE, "", re.sub(_STYLING, "", text)))
    text = _compose(text)
    text = re.sub(_STRAY_JOINER, _joined, text)
    return re.sub(_STRAY_SELECTOR, "", text)


def inert_json(document: bytes) -> bytes:
    """A JSON document with every character escaped that acts on a terminal or hides from the reader.

    It says the same: JSON has such characters only in its strings. For what was read from disk, where anybody may have
    put it.
    """
    text = document.decode()
    if is_plain(text) or not (acting := re.compile(f"{_GONE}|[\u0085\u2028\u2029]")).search(text):
        return document
    return acting.sub(lambda found: _escaped(found[0]), text).encode()


def _escaped(char: str) -> str:
    units = char.encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def is_plain(text: str) -> bool:
    """Whether nothing in it would be altered by `clean`, wherever it were cut; False says nothing."""
    return _PLAIN.fullmatch(text) is not None


def decoded(content: bytes) -> str:
    """Text in UTF-8, UTF-16 or GB18030, as files and pipes bring it; its mark, if it has one, says which.

    Without a mark UTF-8 is tried first, as no other text is likely to be that too. Raises `UnicodeError` for what is
    no text in any of them, and for UTF-8 with a few wrong bytes, which would be other words in GB18030.
    """
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding)
    if b"\0" in content:  # Latin letters and line ends in UTF-16, or no text at all
        later = content[1::2].count(0) > content[::2].count(0)
        text = content.decode("utf-16-le" if later else "utf-16-be")
        if "\0" in text:
            raise UnicodeError
        return text
    try:
        text = content.decode()
    except UnicodeDecodeError:
        marred = content.decode(errors="replace")
        if sum(char > "\u07ff" for char in marred) > 2 * marred.count("\ufffd"):
            raise  # most of it are whole characters of three bytes
        text = content.decode("gb18030")
        if _LATIN_TORN.search(text) and not _TWO_TOGETHER.search(text):
            raise
        return text
    if _is_medley(text):
        with suppress(UnicodeDecodeError):
            return content.decode("gb18030")
    return text


_LATIN_TORN, _TWO_TOGETHER = re.compile("[A-Za-z][^\x00-\x7f][A-Za-z]"), re.compile("[^\x00-\x7f]{2}")
"""What GB18030 makes of Jörg and Müller in the code page of Windows: Han alone, and within words."""

_LATIN = (
    range(0x80, 0x180),
    range(0x18F, 0x190),
    range(0x1A0, 0x1B1),
    range(0x1CD, 0x1DD),  # pinyin
    range(0x218, 0x21C),
    range(0x259, 0x25A),
    range(0x2B9, 0x370),
)
_ALPHABETS = (
    range(0x250, 0x2B9),  # as dictionaries write sounds
    range(0x386, 0x3CF),
    range(0x400, 0x530),
    range(0x531, 0x590),
    range(0x591, 0x600),
    range(0x600, 0x700),
)
"""What is written with two bytes a letter in UTF-8: beside Latin and its accents phonetic signs, Greek, Cyrillic,
Armenian, Hebrew and Arabic. Each may stand with Latin, and no two of them together."""


def _is_medley(text: str) -> bool:
    """Whether it is written in letters that no language mixes, as 系统 in GB18030 is when it is read as UTF-8."""
    if text.isascii() or re.search("[\u0800-\U0010ffff]", text):
        return False
    odd = {ord(char) for char in set(text) if char > "\x7f"}
    used = {next((n for n, letters in enumerate(_ALPHABETS) if code in letters), None) for code in odd
            if not any(code in letters for letters in _LATIN)}  # fmt: skip
    return None in used or len(used) > 1


_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"\x84\x31\x95\x33": "gb18030",
}
"""The longer before the shorter that begins as it does."""


def one_line(text: str) -> str:
    """`clean` text on a single line: newlines become spaces, the ends are trimmed."""
    return clean(text).replace("\n", " ").strip()


def halfwidth(text: str) -> str:
    """Full-width ASCII and the ideographic space as their ordinary twins: `Ａ１：` is `A1:`.

    Punctuation that is Chinese in itself (。、「」) has no twin and stays.
    """
    for wide in set(_WIDE.findall(text)):  # few are different; six times as fast as `translate` on a page of Chinese
        text = text.replace(wide, _HALF[wide])
    return text


def bare_number(text: str) -> str:
    """A number of an order, a parcel, a ticket or a member of staff, without what was pasted with it.

    Its label (`订单号：`, `工号`, `Order No:`), brackets around all of it and a copied button go; digits and letters
    become half-width. What holds no number after its label stays whole, and so does a number with words in it, such
    as that of a court. Doing it twice changes nothing more.
    """
    text = one_line(text)
    if len(text) > _LONGEST_NUMBER:
        return text
    bare = _NUMBERING.sub(lambda wide: _HALF[wide[0]], text).strip()
    before = ""
    while bare != before:
        before = bare
        for pattern in (_LABELLED, _BRACKETED, _CLOSED, _NUMBERED):
            found = re.fullmatch(pattern, bare, re.IGNORECASE)
            if found is not None and any(char.isdigit() for char in found["number"]):
                bare = found["number"].strip()
    return bare if any(char.isalnum() for char in bare) else text


def fold(text: str) -> str:
    """The form in which two texts are compared when searching: lower case, half-width."""
    return halfwidth(text).lower()


def tags_in(*texts: str) -> tuple[str, ...]:
    """The tags of texts in which commas separate them, each once and half-width: `urgent, 妈妈的，#Urgent` are two."""
    tags: dict[str, str] = {}
    for raw in re.split(r"[,，、;；]", ",".join(map(one_line, texts))):
        tag = halfwidth(raw).strip().lstrip("#").strip()
        if tag:
            tags.setdefault(fold(tag), tag)
    return tuple(tags.values())


def _compose(text: str) -> str:
    """NFC, with each stack of combining marks cut to a length that a written language may need."""
    composed = unicodedata.normalize("NFC", text)
    kept: list[str] = []
    stack = 0
    for char in composed:
        stack = stack + 1 if unicodedata.category(char) in ("Mn", "Me") and not _is_selector(char) else 0
        if stack <= _LONGEST_STACK:
            kept.append(char)
    return "".join(kept)


def _is_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _joined(found: re.Match[str]) -> str:
    """One joiner between two emoji (families, professions), none elsewhere."""
    text, start, end = found.string, found.start(), found.end()
    inside = start > 0 and end < len(text) and _is_emoji(text[start - 1]) and _is_emoji(text[end])
    return "\u200d" if inside else ""


def _is_emoji(char: str) -> bool:
    """Symbols, skin tones and the emoji selector, between which a joiner makes one picture."""
    return char == "\ufe0f" or (unicodedata.category(char) in ("So", "Sk") and char > "\u2000")


_UNSPACED = "\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U0001f000-\U0003ffff"
"""What stands without blanks around it: Han, its marks, full-width forms, pictures."""
_NEVER_FIRST = "，。、；：？！…—～·／）》」』】〉〕〗｝］”’％℃°‰,.;:?!)\\]}%/"
_NEVER_LAST = "（《「『【〈〔〖｛［“‘￥·／(\\[{/"
_CLINGING = "\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff"
"""What belongs to the character before it, or joins two to one picture."""
_FLAG = "\U0001f1e6-\U0001f1ff"

_BREAK_BEFORE = re.compile(
    rf"(?<=\s)(?=\S)|(?:(?<=[{_UNSPACED}])|(?=[{_UNSPACED}]))(?<![\s\u200d{_NEVER_LAST}])(?![\s{_CLINGING}{_NEVER_FIRST}])"
    rf"(?!(?<=[{_FLAG}])[{_FLAG}])"
)
"""Between words, and anywhere in a run of Han except before a closing or behind an opening mark (GB/T 15834)."""


def may_break(text: str, place: int) -> bool:
    """Whether a line may end before the character at that place."""
    return 0 < place < len(text) and _BREAK_BEFORE.match(text, place) is not None


def pieces(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every part of a text that stays on one line, with the blanks behind it; together all of it."""
    start = 0
    for found in _BREAK_BEFORE.finditer(text):
        if found.start() > start and (start or not text[: found.start()].isspace()):
            yield start, found.start()
            start = found.start()
    if start < len(text):
        yield start, len(text)


def wide_brackets(text: str) -> str:
    """The text with the brackets that a Chinese sentence has."""
    return text.replace("(", "（").replace(")", "）")
