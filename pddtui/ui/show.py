"""The only door from a value to the screen: text that stays text, and the words, glyphs and tones of states.

A plain `str` given to a Textual widget is markup and may become a live action or crash the program; from here
it comes out as `Content` (or Rich `Text` for DataTable and Tree) that is always literal. Texts are cleaned once
more, because a file edited by hand may hold escapes. Widths are cells: a Chinese character takes two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

from rich.cells import cell_len, split_graphemes
from rich.text import Text
from textual.content import Content, Span

from pddtui.domain.case import Person
from pddtui.domain.silence import Level, Silence
from pddtui.domain.text import clean, may_break
from pddtui.message import Mark, ToneId
from pddtui.speech import Speech

__all__ = [
    "TextPart",
    "Tone",
    "block",
    "cut",
    "due_day",
    "join",
    "level_mark",
    "line",
    "mark_words",
    "one_row",
    "pad",
    "person_words",
    "plain",
    "rich",
    "silence_words",
    "tone",
    "tone_of",
    "width",
    "wrap",
]

Align = Literal["left", "right", "center"]


class Tone(StrEnum):
    """What a piece of text is, which decides how it looks. A style never comes from data.

    The value is a style in Textual's own notation over variables that every theme has.
    """

    PLAIN = ""
    STRONG = "bold"
    QUIET = "$text-muted"
    """Second in rank: labels, units, what is past."""
    FAINT = "$text-disabled"
    """Third in rank: rules, separators, empty places. Never a word: it is fainter than what can be read."""
    ACCENT = "$text-accent"
    """Names of things that can be opened, keys."""
    GOOD = "$text-success"
    AMBER = "$text-warning"
    """A flag of the first level. Always beside a glyph or a word that says the same."""
    RED = "bold $text-error"
    """A flag of the second level: overdue, quiet too long. Always beside a glyph or a word."""
    STRUCK = "strike $text-muted"
    """No longer true: amended words, replaced promises."""


def tone(tone_id: ToneId) -> Tone:
    """The look of a tone that lower floors name."""
    return Tone[tone_id.upper()]


TextPart = str | Content | tuple[str, Tone]
"""What a line is put together from: a text, a text with its tone, or what came out of this door before."""


@lru_cache(4096)
def _literal(text: str) -> str:
    # Terminals disagree about the width of joined emoji and of the emoji selector; apart they are of one mind.
    return clean(text).replace("\u200d", "").replace("\ufe0f", "")


def _flat(text: str) -> str:
    return _literal(text).replace("\n", " ")


def width(text: str) -> int:
    """How many cells a text takes on one line."""
    return cell_len(_flat(text))


def cut(text: str, cells: int) -> str:
    """The text on one line of at most `cells`, ending in `…` if something is missing.

    A wide character is never halved: where one does not fit the result is a cell shorter.
    """
    text = _flat(text)
    return text if cell_len(text) <= cells else _fitting(text, cells - 1) + "…" if cells > 0 else ""


def pad(text: str, cells: int, align: Align = "left") -> str:
    """The text cut and filled with spaces to exactly `cells`."""
    text = cut(text, cells)
    missing = max(0, cells) - cell_len(text)
    before = {"left": 0, "right": missing, "center": missing // 2}[align]
    return " " * before + text + " " * (missing - before)


def plain(text: str, tone: Tone = Tone.PLAIN) -> Content:
    """A text of one or several lines with one tone."""
    return Content.styled(_literal(text), tone.value)


def line(*parts: TextPart) -> Content:
    """One line of parts side by side; newlines inside become spaces."""
    return _assemble(parts, _flat)


def block(*parts: TextPart) -> Content:
    """Several lines of parts; newlines inside stay."""
    return _assemble(parts, _literal)


def join(separator: TextPart, parts: Iterable[TextPart]) -> Content:
    """One line of the parts that are not empty, with the separator between them."""
    given = [part for part in parts if (part[0] if isinstance(part, tuple) else part)]
    between = [piece for part in given for piece in (separator, part)]
    return line(*between[1:])


def one_row(content: Content, cells: int, align: Align = "left") -> Content:
    """A line cut (with `…`) and filled to exactly `cells`, its tones kept."""
    text = content.plain
    length = cell_len(text)
    if length > cells:
        kept = _fitting(text, cells - 1) if cells > 0 else ""
        content = content[: len(kept)] + Content("…" if cells > 0 else "")
        length = cell_len(content.plain)
    missing = max(0, cells) - length
    before = {"left": 0, "right": missing, "center": missing // 2}[align]
    return content.pad(before, missing - before) if missing else content


def wrap(content: Content | str, cells: int) -> list[Content]:
    """The lines of a text, none wider than `cells`, tones kept; at least one, perhaps empty.

    English breaks between words, Chinese anywhere except before a closing or after an opening mark.
    """
    if isinstance(content, str):
        content = plain(content)
    lines: list[Content] = []
    start = 0
    for paragraph in content.plain.split("\n"):
        for begin, end in _breaks(paragraph, max(2, cells)):
            lines.append(content[start + begin : start + end] if end > begin else Content(""))
        start += len(paragraph) + 1
    return lines


def beside(name: Content, words: Content, cells: int, column: int) -> list[Content]:
    """A name in the first `column` cells and its words beside it, both wrapped in their room."""
    left = wrap(name, max(2, column - 1)) if name.plain else []
    right = wrap(words, max(2, cells - column))
    return [
        line(one_row(first, column) if column else "", second)
        for first, second in zip_longest(left, right, fillvalue=Content(""))
    ]


def rich(*parts: TextPart) -> Text:
    """One line as Rich `Text`, for DataTable and Tree, which would read markup from a `str`.

    Rich knows no theme variables, so only bold and strike of a tone survive.
    """
    text = Text(end="", no_wrap=True)
    for part in parts:
        if isinstance(part, Content):
            text.append(_flat(part.plain))
        elif isinstance(part, tuple):
            text.append(_flat(part[0]), " ".join(word for word in part[1].split() if not word.startswith("$")))
        else:
            text.append(_flat(part))
    return text


def _assemble(parts: Sequence[TextPart], literal: Callable[[str], str]) -> Content:
    texts: list[str] = []
    spans: list[Span] = []
    position = 0
    for part in parts:
        if isinstance(part, Content):
            text = part.plain
            spans += [Span(start + position, end + position, style) for start, end, style in part.spans]
        elif isinstance(part, tuple):
            text = literal(part[0])
            if part[1]:
                spans.append(Span(position, position + len(text), part[1].value))
        else:
            text = literal(part)
        texts.append(text)
        position += len(text)
    return Content("".join(texts), spans)


def _fitting(text: str, cells: int) -> str:
    """The longest beginning of `text` that takes no more than `cells`, whole graphemes only."""
    taken = 0
    for start, _end, size in split_graphemes(text)[0]:
        taken += size
        if taken > cells:
            return text[:start]
    return text


def _breaks(text: str, cells: int) -> Iterator[tuple[int, int]]:
    """Start and end of each line of a paragraph; blanks at a break belong to neither."""
    graphemes = split_graphemes(text)[0]
    begin = taken = first = 0
    index = 0
    while index < len(graphemes):
        _start, _end, size = graphemes[index]
        if taken + size <= cells or index == first:
            taken += size
            index += 1
            continue
        index = _break_before(text, graphemes, first, index)
        end = graphemes[index][0]
        yield begin, begin + len(text[begin:end].rstrip(" "))
        while index < len(graphemes) and text[graphemes[index][0]] == " ":
            index += 1
        first, taken = index, 0
        begin = graphemes[index][0] if index < len(graphemes) else len(text)
    if begin < len(text) or not text:
        yield begin, len(text)


def _break_before(text: str, graphemes: list[tuple[int, int, int]], first: int, index: int) -> int:
    """The last place up to `index` where a line may end; `index` itself if there is none."""
    for place in range(index, max(first, index - _LONGEST_SEARCH), -1):
        start = graphemes[place][0]
        if text[start] == " " or may_break(text, start):
            return place
    return index


_LONGEST_SEARCH = 60
"""Graphemes that may move to the next line; a longer word is broken where the line ends."""


def tone_of(mark: Mark) -> Tone:
    """The look of a state."""
    return tone(mark.tone)


def mark_words(mark: Mark, speech: Speech) -> tuple[str, Tone]:
    """The glyph and the word of a state, in its tone."""
    return f"{mark.glyph} {speech.say(mark.word)}", tone_of(mark)


def level_mark(level: Level | None, *, overdue: bool) -> tuple[str, Tone]:
    """Glyph and tone of a flag."""
    return ("!" if level is not None or overdue else "·"), tone(level or "plain")


def silence_words(silence: Silence, speech: Speech) -> str:
    """The silence against its limit, `4/3 working days`; empty when no clock runs."""
    if silence.elapsed is None or silence.reached is None:
        return ""
    counted = f"{speech.render(silence.gone)}/{silence.reached.n}"
    match silence.reached.unit:
        case "hour":
            return speech("{count} hours", count=counted)
        case "working_day":
            return speech("{count} working days", count=counted)
    return speech("{count} days", count=counted)


def due_day(due: datetime, speech: Speech, *, estimated: bool) -> str:
    """The day of a due date; `~` before it says that the calendar of its year is not published yet."""
    return ("~" if estimated else "") + speech.day(due.astimezone(speech.zone).date())


def person_words(person: Person, speech: Speech) -> str:
    """Who it was: name, role and staff number, as far as known."""
    return " · ".join(map(speech.render, person.parts))
