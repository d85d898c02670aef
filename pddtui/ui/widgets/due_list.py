"""What is to be done in all cases, each act whole and with its key, the acts of one case together.

What only runs is folded into one line. No line is cut: what is longer than the list is wide goes on below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct
from textual.content import Content

from pddtui.domain.attention import AgendaLine
from pddtui.domain.case import Case
from pddtui.domain.table import Deed
from pddtui.domain.todo import TODO_GROUPS, ToDo, TodoGroup, day_of, of_flag
from pddtui.message import plural
from pddtui.speech import Speech
from pddtui.ui import show
from pddtui.ui.show import TextPart, Tone
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["DueList"]

WAITING = "waiting"
"""The key of the line that stands for all that only runs."""

_ROOMY = 40
"""From how many cells on there are two blanks between the columns."""


class _Act(Struct, frozen=True):
    """A row with something to do."""

    item: ToDo
    number: str | None
    """What stands before it: the number of its case, once for all acts that stand together; None under its case."""


class _Heading(Struct, frozen=True):
    """A row over others: a group with how many are in it, or a case."""

    of: TodoGroup | Case
    count: int = 0


class _Folded(Struct, frozen=True):
    """The row of what only runs."""

    count: int
    soonest: datetime | None
    unfolded: bool


_Shown = _Act | _Heading | _Folded


class DueList(LineList):
    """A row an act. Keys are those of `ToDo.key`."""

    SHARE = 0.72

    def __init__(self, speech: Speech, keys: Mapping[Deed, str], *, fold_key: str = "", id: str) -> None:  # noqa: A002
        """`keys` are those that do each deed, `fold_key` is the one that unfolds what only runs."""
        super().__init__(self._lines_of, id=id, empty=show.plain(speech("Nothing is due."), Tone.QUIET))
        self._speech = speech
        self._keys = keys
        self._key_cells = max(map(show.width, keys.values()), default=1)
        self._fold_key = fold_key
        self._groups: Mapping[TodoGroup, Sequence[ToDo]] = {}
        self._shown: dict[str, _Shown] = {}
        self._now: datetime | None = None
        self._unfolded = False

    def show_groups(
        self, groups: Mapping[TodoGroup, Sequence[ToDo]], now: datetime, *, cursor: str | None = None
    ) -> None:
        """Show these, each group in the order given; the first follows the title of the list at once."""
        self._groups, self._now = groups, now
        self._fill(self._grouped(groups, now), cursor)

    def show_day(self, lines: Sequence[AgendaLine], now: datetime) -> None:
        """Show everything of one day under its cases, also what only runs."""
        self._groups, self._now = {}, now
        self._fill(self._by_case(lines, now), None)

    def fold(self) -> None:
        """Show each thing that only runs, or one line for all of them."""
        self._unfolded = not self._unfolded
        if self._now is not None:
            self.show_groups(self._groups, self._now, cursor=WAITING)

    def act(self, key: str | None) -> ToDo | None:
        """What is to be done on the row with that key."""
        row = self._shown.get(key or "")
        return row.item if isinstance(row, _Act) else None

    def at_fold(self) -> bool:
        """Whether the cursor is on the line of what only runs."""
        return isinstance(self._shown.get(self.cursor_key or ""), _Folded)

    def first_of(self, case_id: str) -> str | None:
        """The key of the first row of a case."""
        found = (key for key, row in self._shown.items() if isinstance(row, _Act) and row.item.case.id == case_id)
        return next(found, None)

    def _fill(self, pairs: Iterator[tuple[str, _Shown]], cursor: str | None) -> None:
        """The cursor never goes by itself from an act to one of another case, for which the next key was not meant.

        Where its row is gone it goes to what that case asks for next, else it rests where it was, on no row.
        """
        at = self.act(self.cursor_key)
        self._shown = distinct(pairs)
        if cursor is None and at is not None and self.cursor_key not in self._shown:
            cursor = self.first_of(at.case.id)
        rows = [Row(key, stamp=each, heading=isinstance(each, _Heading)) for key, each in self._shown.items()]
        self.set_rows(rows, cursor=cursor, strict=True)

    def _grouped(self, groups: Mapping[TodoGroup, Sequence[ToDo]], now: datetime) -> Iterator[tuple[str, _Shown]]:
        for name, members in groups.items():
            if name == "waiting":
                ahead = [item.due for item in members if item.due is not None and item.due >= now]
                yield WAITING, _Folded(len(members), min(ahead, default=None), self._unfolded)
                if not self._unfolded:
                    continue
            elif name != "now":
                yield f"group:{name}", _Heading(name, len(members))
            before: str | None = None
            for item in members:
                yield item.key, _Act(item, _number(item.case) if item.case.id != before else "")
                before = item.case.id

    @staticmethod
    def _by_case(lines: Sequence[AgendaLine], now: datetime) -> Iterator[tuple[str, _Shown]]:
        cases: dict[str, list[AgendaLine]] = {}
        for line in lines:
            cases.setdefault(line.case.id, []).append(line)
        for case_id, members in cases.items():
            yield f"case:{case_id}", _Heading(members[0].case)
            for line in members:
                item = of_flag(line.flag, now)
                yield item.key, _Act(item, None)

    def _lines_of(self, key: str, cells: int) -> Sequence[Content]:
        match self._shown[key]:
            case _Act() as act:
                return self._act_lines(act, cells)
            case _Folded() as folded:
                return self._folded_lines(folded, cells)
            case heading:
                return [self._heading_line(heading)]

    def _heading_line(self, heading: _Heading) -> Content:
        if isinstance(heading.of, Case):
            return show.join("  ", [(_number(heading.of), Tone.ACCENT), heading.of.title])
        return show.line(self._speech.say(TODO_GROUPS[heading.of]), (f"  {heading.count}", Tone.QUIET))

    def _folded_lines(self, folded: _Folded, cells: int) -> Sequence[Content]:
        speech, n = self._speech, folded.count
        said = [speech.say(plural("{n} clock", "{n} clocks", n))]
        if folded.soonest is not None:
            said.append(speech("next {day}", day=folded.soonest.astimezone(speech.zone).date()))
        words: list[TextPart] = [(speech.say(TODO_GROUPS["waiting"]), Tone.ACCENT), "  "]
        words += [(speech("{first}, {second}", first=said[0], second=said[1]) if said[1:] else said[0], Tone.QUIET)]
        if self._fold_key:
            verb = speech("fold") if folded.unfolded else speech("unfold")
            words += ["  ", (self._fold_key, Tone.ACCENT), (f" {verb}", Tone.QUIET)]
        return show.wrap(show.line(*words), cells)

    def _act_lines(self, act: _Act, cells: int) -> Sequence[Content]:
        item, speech, now = act.item, self._speech, self._now
        if now is None:
            return []
        gap = "  " if cells >= _ROOMY else " "
        tone = show.tone(item.level) if item.level is not None else Tone.STRONG
        head = show.line(
            (show.pad(act.number or "", show.width(_number(item.case)) if act.number is not None else 0), tone),
            gap,
            (show.pad(self._keys.get(item.deed, ""), self._key_cells), Tone.ACCENT),
            gap,
        )
        day = day_of(item, now) if act.number is not None else None
        mark = "~" if item.estimated else ""
        words: TextPart = speech.render(item.words(now))
        if day is not None:
            quiet = item.group == "waiting"
            words = show.line((f"{mark}{speech.day(day)}", Tone.QUIET if quiet else Tone.STRONG), "  ", words)
        indent = show.width(head.plain)
        first, *others = show.wrap(show.line(words), max(2, cells - indent))
        return [show.line(head, first), *(show.line(" " * indent, line) for line in others)]


def _number(case: Case) -> str:
    return case.ref.rpartition("-")[2]
