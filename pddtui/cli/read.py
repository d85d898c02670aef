"""Commands that list: the cases, and what is due."""

from __future__ import annotations

from collections.abc import Sequence

import click

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import aligned, command, cut_to_width, flag, painted
from pddtui.domain import attention
from pddtui.domain.attention import AGENDA_SECTIONS, STATES, Attention
from pddtui.domain.case import TURNS, Case
from pddtui.domain.duetime import period
from pddtui.domain.flags import Flag
from pddtui.domain.ladder import current_rung
from pddtui.domain.silence import Silence
from pddtui.domain.text import one_line
from pddtui.message import Message, msg
from pddtui.services.json_rows import case_row, due_row

__all__ = []

_TITLE = 36
"""Cells of a title in a table."""

_JSON = msg("Print JSON, for scripts.")


@command(
    "list", msg("List the cases, all or filtered: words, is:overdue, turn:theirs, rung:platform, sort:sum, @name.")
)
@click.argument("query", nargs=-1)
@flag("--json", "as_json", words=_JSON)
@click.pass_context
def list_command(ctx: click.Context, query: Sequence[str], as_json: bool) -> None:
    session = open_session(ctx)
    text = " ".join(query)
    session.depth = "spoken" if text.strip() else "outlines"
    seen = session.overview.attentions(session.now, words=bool(text.strip()))
    found, nearest = seen, None
    if text.strip():
        answer = session.passing(text, seen)
        found, nearest = answer.entries, answer.nearest
    if as_json:
        rows = [case_row(entry, session.rules, session.speech.zone, session.say) for entry in found]
        session.print_json(rows)
        return
    if not seen:
        session.note(msg("There are no cases yet: open one with `pddtui add TITLE`."))
    elif not found:
        session.note(nearest if nearest is not None else msg("No case matches."))
    lines = aligned(map(_Rows(session).row, found))
    if lines:  # thousands of lines are written at once
        click.echo("\n".join(painted(line, entry.level) for entry, line in zip(found, lines, strict=True)))


class _Rows:
    """The rows of a table of cases. What many of them share is worded once."""

    def __init__(self, session: Session) -> None:
        self._say = say = session.say
        self._rules = session.rules
        self._states = {how: f"{state.glyph} {say(state.word)}" for how, state in STATES.items()}
        self._turns = {turn: say(words) for turn, words in TURNS.items()}
        self._rungs = {rung.id: say(rung.label) for rung in session.rules.ladder}
        self._silences: dict[object, str] = {}

    def row(self, entry: Attention) -> tuple[str, ...]:
        case = entry.case
        rung = current_rung(case, self._rules)
        state, turn, first = entry.state, entry.turn, entry.next_flag
        return (
            case.ref,
            self._states[state.id],
            _title(case),
            self._rungs[rung.id] if rung else "",
            self._turns[turn] if TURNS[turn] != state.word else "",
            self._silence(entry.silence),
            self._say(_when(first)) if first is not None else "",
        )

    def _silence(self, silence: Silence) -> str:
        limit = silence.limit
        key = (silence.elapsed, silence.level, silence.unit, limit and (limit.amber, limit.red))
        if key not in self._silences:
            words = silence_against_limit(silence)
            self._silences[key] = self._say(words) if words else ""
        return self._silences[key]


def _title(case: Case) -> str:
    """The title, and whose case it is where it is somebody else's."""
    title = cut_to_width(one_line(case.title), _TITLE)
    whose = case.complainant.name if case.complainant is not None else None
    return f"{title} · {one_line(whose)}" if whose else title


def silence_against_limit(silence: Silence) -> Message | None:
    """The silence against its limit, `4/3 working days`; None where no clock runs."""
    limit = silence.reached
    if limit is None or silence.elapsed is None:
        return None
    return msg("{elapsed}/{limit}", elapsed=silence.gone, limit=period(limit.n, limit.unit))


@command("due", msg("List what is due, soonest first."))
@flag("--json", "as_json", words=_JSON)
@flag("--exit-code", words=msg("Exit with code 1 if something is overdue or due today."))
@click.pass_context
def due_command(ctx: click.Context, as_json: bool, exit_code: bool) -> int:
    session = open_session(ctx)
    session.depth = "outlines"
    lines = session.overview.agenda(session.now)
    session.results.verdict = int(exit_code and any(attention.is_due(line.flag, session.now) for line in lines))
    if as_json:
        session.print_json([due_row(line, session.speech.zone, session.say) for line in lines])
    else:
        _print_due(session, lines)
    return session.results.verdict


def _print_due(session: Session, lines: Sequence[attention.AgendaLine]) -> None:
    if not lines:
        session.note(msg("Nothing is due."))
    sections = attention.by_section(lines, session.now)
    table = iter(aligned(_due_columns(session, line) for members in sections.values() for line in members))
    for name, members in sections.items():
        click.echo(click.style(session.say(AGENDA_SECTIONS[name]), bold=True))
        for line in members:
            click.echo(painted(f"  {next(table)}", line.flag.level))
            click.echo(f"      → {session.say(line.flag.next_step)}")


def _due_columns(session: Session, line: attention.AgendaLine) -> tuple[str, ...]:
    flag = line.flag
    return (
        "!" if flag.level else "·",
        session.say(_when(flag)),
        line.case.ref,
        cut_to_width(session.say(line.case.title), _TITLE),
        session.say(flag.text),
    )


def _when(flag: Flag) -> Message:
    due = flag.due.date() if flag.kind == "look" else flag.due
    return msg("~{due}", due=due) if flag.estimated else msg("{due}", due=due)
