"""One case, one state: whatever shows it says the same, day after day, and the filter finds it by what is shown.

The samples, and endings that none of them has, are looked at on forty days by every face: the table and the JSON of
`list`, `show`, the rows and the page of the desk, `due`, the dossier, and the filter in both languages.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import get_args

import pytest
from click import unstyle
from msgspec import Struct, structs

from pddtui.cli.compose import Options, Session
from pddtui.cli.main import run_line
from pddtui.cli.show import page
from pddtui.domain.attention import STATES, Attention, StateId, attention
from pddtui.domain.case import TURNS, Case, Status
from pddtui.domain.entries import SIDES, Side
from pddtui.domain.query import Hay, QueryReader, parse_query
from pddtui.domain.rules import Rules
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.message import ToneId
from pddtui.services.board import Board
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.casebook import UlidSource
from pddtui.services.demo import fill_with_samples
from pddtui.services.export.document import DocumentWords
from pddtui.services.export.dossier import standing_words
from pddtui.services.export.json import to_json
from pddtui.speech import Language, Speech
from pddtui.ui import show
from pddtui.ui.screens.case import CaseHead
from pddtui.ui.sections.entry import View
from pddtui.ui.widgets.case_list import CaseList
from tests.conftest import SHANGHAI
from tests.domain import build
from tests.memory_store import MemoryStore
from tests.ui.cases import NUTS, desk, no_cases

BASE = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
DAYS = [BASE + timedelta(days=day) for day in range(40)]
ENDINGS: tuple[Status, ...] = ("closed", "withdrawn", "abandoned")
LANGUAGES: tuple[Language, ...] = ("zh", "en")
BOOK = Handbook()
CALENDAR = ChinaCalendar()


@pytest.fixture(scope="module")
def rules() -> Rules:
    return rulebook(BOOK)


@pytest.fixture(scope="module")
def cases(rules: Rules) -> tuple[Case, ...]:
    """The samples as they were made on the base day, a case in which nothing was said, and each other ending."""
    store = MemoryStore()
    fill_with_samples(
        store, BOOK, rules=rules, calendar=CALENDAR, ids=UlidSource(), now=BASE, say=Speech("zh", SHANGHAI).render
    )
    samples = sorted(store.cases().values(), key=lambda case: case.ref)
    assert not {case.status for case in samples} & {*ENDINGS}
    ended = [
        structs.replace(samples[0], id=f"C-{status}", ref=f"PDD-2026-9{number:03}", status=status, closed_at=BASE)
        for number, status in enumerate(ENDINGS)
    ]
    new = Case(id="C-new", ref="PDD-2026-9100", title="刚立案", opened_at=BASE, recorded_at=BASE)
    return *samples, new, *(structs.replace(case, history=()) for case in ended)


@pytest.fixture(scope="module")
def days(cases: tuple[Case, ...], rules: Rules) -> dict[datetime, tuple[Attention, ...]]:
    """What deserves attention in every case on every day."""
    return {day: tuple(attention(case, day, rules, CALENDAR) for case in cases) for day in DAYS}


@pytest.fixture
def file(cases: tuple[Case, ...], rules: Rules, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """The cases as the command line has them."""
    export, file = tmp_path / "export.json", tmp_path / "cases.json"
    export.write_bytes(to_json(cases, rules, BASE, calendar=CALENDAR))
    assert run_line(["--file", str(file), "import", str(export)]) == 0
    capsys.readouterr()
    return file


class Command:
    """The program on the file, seen from one day in one language."""

    def __init__(self, file: Path, day: datetime, language: Language, capsys: pytest.CaptureFixture[str]) -> None:
        self._options = ["--file", str(file), "--lang", language, "--as-of", f"{day:%Y-%m-%d %H:%M}"]
        self._capsys = capsys

    def __call__(self, *args: str) -> str:
        code = run_line([*self._options, *args])
        captured = self._capsys.readouterr()
        assert code == 0, captured.err
        return captured.out


class Shown(Struct, frozen=True):
    """What one face says of a case."""

    state: str
    turn: str


def expected(entry: Attention, speech: Speech) -> Shown:
    return Shown(speech.say(entry.state.word), speech.say(TURNS[entry.turn]))


def read(parts: Sequence[str], speech: Speech) -> Shown:
    """The state and the turn among the parts of a line; the turn goes without saying where it is the state."""
    states = {f"{state.glyph} {speech.say(state.word)}": speech.say(state.word) for state in STATES.values()}
    turns = [speech.say(word) for word in TURNS.values()]
    shown = [states[part] for part in parts if part in states]
    assert len(shown) == 1, parts
    return Shown(shown[0], next((part for part in parts if part in turns), shown[0]))


def in_table(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("  ") if cell.strip()]


def on_the_desk(entries: Sequence[Attention], rules: Rules, speech: Speech) -> Iterator[tuple[str, str, Shown]]:
    rows = CaseList(speech, rules, id="rows")
    for entry in entries:
        rows.show_cases(entries, filtered=False, cursor=entry.case.id)
        above, below = (line.plain for line in rows._lines_of(entry.case.id, 100))
        state, *others = below.strip().split(" · ")
        yield "row", entry.case.ref, read([f"{above[0]} {state}", *others], speech)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_face_says_the_same_of_a_case_on_forty_days(
    language: Language,
    file: Path,
    days: dict[datetime, tuple[Attention, ...]],
    rules: Rules,
    capsys: pytest.CaptureFixture[str],
) -> None:
    speech = Speech(language, SHANGHAI, year=BASE.year)
    seen: set[StateId] = set()
    with no_cases(language) as context:
        for day, entries in days.items():
            command = Command(file, day, language, capsys)
            session = Session(Options(file=str(file), as_of=f"{day:%Y-%m-%d %H:%M}", lang=language), {})
            writer = DocumentWords(
                say=speech.render,
                language=language,
                handbook=BOOK,
                rules=rules,
                calendar=CALENDAR,
                now=day,
                custody=lambda _: "ok",
            )
            said = [*on_the_desk(entries, rules, speech)]
            said += [("list", cells[0], read(cells, speech)) for cells in map(in_table, command("list").splitlines())]
            as_json = {row["ref"]: row for row in json.loads(command("list", "--json"))}
            for entry in entries:
                case, wanted = entry.case, expected(entry, speech)
                row = as_json[case.ref]
                said.append(
                    ("json", case.ref, Shown(speech.say(STATES[row["state"]].word), speech.say(TURNS[row["turn"]])))
                )
                view = View(context=context, attention=entry, now=day)
                said.append(("page", case.ref, read(CaseHead(view).lines(98)[1].plain.split(" · "), speech)))
                opening = unstyle(next(islice(page(session, case), 1, 2)))
                words = wanted.state if wanted.state == wanted.turn else f"{wanted.state}, {wanted.turn}"
                assert opening.replace("，", ", ").startswith(words), (day, case.ref, opening)
                written = standing_words(case, writer).split(" · ")[0]
                unsettled = "尚未解决" if language == "zh" else "not settled so far"  # turns mean nothing outside
                assert written == (wanted.state if case.status != "open" else unsettled), (day, case.ref)
                assert (row["level"], row["status"]) == (entry.level, case.status)
                assert case.status != "open" or entry.level is None or entry.state.tone == entry.level
                seen.add(entry.state.id)
            wanted_of = {entry.case.ref: expected(entry, speech) for entry in entries}
            assert len(said) == 4 * len(entries)
            assert [(day, *each) for each in said if each[2] != wanted_of[each[1]]] == []
    assert seen == set(STATES)


def test_what_is_due_bears_the_state_out(
    file: Path, days: dict[datetime, tuple[Attention, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    for day, entries in days.items():
        command = Command(file, day, "en", capsys)
        rows = json.loads(command("due", "--json"))
        overdue = command("due").partition("\nToday\n")[0].partition("\nWithin a week\n")[0].partition("\nLater\n")[0]
        for entry in entries:
            if entry.case.status != "open":
                continue
            flagged = [row for row in rows if row["ref"] == entry.case.ref and row["level"] != "info"]
            kinds = {row["kind"] for row in flagged}
            late = {row["kind"] for row in flagged if row["overdue"]} - {"turn"}
            state = entry.state.id
            where = day, entry.case.ref, state
            assert (kinds <= {"turn"}) == (state in ("mine", "waiting")), where
            assert "turn" not in kinds or entry.turn == "mine", where
            assert state not in ("overdue", "quiet") or late, where
            assert state != "overdue" or late - {"quiet"}, where
            assert state != "quiet" or ("quiet" in late and late <= {"quiet", "deadline"}), where
            assert state != "due" or not late - {"quiet"}, where
            assert any(row["overdue"] for row in flagged) <= (entry.case.ref in overdue), where


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_is_shown_finds_the_cases_that_show_it(
    language: Language, days: dict[datetime, tuple[Attention, ...]]
) -> None:
    """Whatever the language of the reader, in either language."""
    reader = QueryReader(spellings=Speech(language, SHANGHAI).spellings)
    for typed in LANGUAGES:
        speech = Speech(typed, SHANGHAI)
        words = {speech.say(word) for word in (*(state.word for state in STATES.values()), *TURNS.values())}
        for word in words:
            bare, quoted = parse_query(f"is:{word}", reader), parse_query(f'-is:"{word}"', reader)
            for day, entries in days.items():
                showing = {entry.case.ref for entry in entries if word in structs.astuple(expected(entry, speech))}
                assert {entry.case.ref for entry in entries if bare(entry, Hay())} == showing, (word, day)
                assert {entry.case.ref for entry in entries if not quoted(entry, Hay())} == showing, (word, day)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_finds_by_the_words_that_it_shows(
    language: Language, file: Path, days: dict[datetime, tuple[Attention, ...]], capsys: pytest.CaptureFixture[str]
) -> None:
    speech, command = Speech(language, SHANGHAI), Command(file, BASE, language, capsys)
    for word in {speech.say(entry.state.word) for entry in days[BASE]}:
        listed = {in_table(line)[0] for line in command("list", f"is:{word}").splitlines()}
        assert listed == {entry.case.ref for entry in days[BASE] if word in structs.astuple(expected(entry, speech))}, (
            word
        )


def test_the_desk_finds_by_the_words_of_both_languages() -> None:
    with desk("en") as context:
        board = Board(context.casebook, QueryReader(spellings=context.speech.spellings))
        board.begin()
        for query in ("is:逾期", "is:overdue", "is:Overdue"):
            assert [entry.case.ref for entry in board.rows(query)] == [NUTS]


@pytest.mark.parametrize(
    "query",
    [
        "is:my turn",
        'is:"my turn"',
        "is:my-turn",
        "is:my_turn",
        "is:mine",
        "is:待我处理",
        "is:ＭＹ turn",
        "is:my turn new",
    ],
)
def test_a_word_of_two_words_may_be_typed_as_one_likes(query: str) -> None:
    entry = attention(build.case(), build.at(2), build.RULES, CALENDAR)
    assert parse_query(query, QueryReader(spellings=Speech("en", SHANGHAI).spellings))(entry, Hay("new"))


def test_a_word_that_is_not_known_is_refused_with_all_that_are() -> None:
    for language in LANGUAGES:
        speech = Speech(language, SHANGHAI)
        with pytest.raises(Refused) as caught:
            parse_query("new is:my cat", QueryReader(spellings=speech.spellings))
        assert caught.value.position == 4
        said = speech.say(caught.value.message)
        assert all(speech.say(state.word) in said for state in STATES.values())


def test_every_state_has_its_row_every_side_its_name_and_every_tone_its_look() -> None:
    assert set(STATES) == {name for union in get_args(StateId) for name in get_args(union) or (union,)} - {"open"}
    assert set(SIDES) == set(get_args(Side))
    assert {show.tone(name).name.lower() for name in get_args(ToneId)} == set(get_args(ToneId))
    assert all(show.width(state.glyph) == 1 for state in STATES.values())
