"""The handbook on the command line."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from pddtui.cli.grammar import cells
from tests.cli.conftest import Program


def test_without_a_topic_it_lists_the_chapters_in_columns(pddtui: Program) -> None:
    result = pddtui("handbook", "--lang", "zh")
    assert result.code == 0
    lines = result.out.splitlines()
    assert lines[0].split()[:3] == ["about", "说明", "1"]
    names = [line.split()[0] for line in lines]
    assert names[:3] == ["about", "rights", "playbooks"]
    assert len(names) == 21


def test_columns_line_up_in_cells(pddtui: Program) -> None:
    lines = pddtui("handbook", "--lang", "zh").out.splitlines()
    counts = [line.split()[2] for line in lines]
    places = {cells(line[: line.index(f" {count} ")]) for line, count in zip(lines, counts, strict=True)}
    assert len(places) == 1


def test_a_page_has_its_facts_its_confidence_and_its_sources(pddtui: Program) -> None:
    out = pddtui("handbook", "pdd_hotline_consumer", "--lang", "en").out
    assert "channels/pdd_hotline_consumer  ? unverified" in out
    assert "021-53395288 (according to tel_a, tel_b; tel_c disagrees) (? unverified)" in out
    assert "check the number in the app before you dial" in out
    assert "Confidence" in out
    assert "only an excerpt was seen" in out
    assert "https://nctoro.com/a504210" in out


@pytest.mark.parametrize(
    ("args", "chapter", "entry"),
    [
        (["milestone", "1", "nosuch"], "events", "events/received"),
        (["resolve", "1", "--outcome", "nosuch"], "outcomes", "outcomes/partial"),
        (["add", "x", "--problem", "nosuch"], "problems", "problems/counterfeit"),
        (["add", "x", "--demand", "nosuch"], "remedies", "remedies/refund_only"),
        (["file", "1", "nosuch"], "ladder", "ladder/court"),
        (["log", "1", "--in", "--said", "x", "--channel", "nosuch"], "channels", "channels/c12315"),
        (["filing", "1", "--aftersale", "nosuch"], "aftersales", "aftersales/state_6"),
    ],
)
def test_what_is_not_in_the_handbook_sends_to_the_chapter_that_lists_it(
    kettle: Program, args: list[str], chapter: str, entry: str
) -> None:
    refused = kettle("--lang", "en", *args)
    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert refused.err.endswith(f"“nosuch”. {kettle.hint('handbook')} {chapter}` lists them.\n")
    assert entry in [line.split()[0] for line in kettle("handbook", chapter).out.splitlines()[2:]]


def test_an_event_tells_its_clocks_and_an_outcome_what_follows(pddtui: Program) -> None:
    event = pddtui("handbook", "events/received", "--lang", "en").out
    assert "deadlines/return_7d_no_reason" in event
    assert "7 days" in pddtui("handbook", "outcomes/full", "--lang", "en").out


def test_it_is_said_not_to_be_legal_advice_and_not_among_the_results(pddtui: Program) -> None:
    result = pddtui("handbook", "rights", "--lang", "en")
    assert "not legal advice" in result.err
    assert "not legal advice" not in result.out


def test_a_playbook_numbers_its_steps(pddtui: Program) -> None:
    out = pddtui("handbook", "pb_odr", "--lang", "en").out
    numbered = [line.split(".")[0].strip() for line in out.splitlines() if line.strip()[:2] in ("1.", "2.", "3.")]
    assert numbered == ["1", "2", "3"]


def test_a_repealed_law_says_so_with_its_dates(pddtui: Program) -> None:
    out = pddtui("handbook", "rule20", "--lang", "en").out
    assert "no longer in force" in out.splitlines()[0]
    assert "2026-04-14" in out


def test_words_that_are_no_name_list_what_has_them(pddtui: Program) -> None:
    lines = pddtui("handbook", "热线").out.splitlines()
    assert any(line.startswith("channels/pdd_hotline_consumer") for line in lines)


@pytest.mark.parametrize("topic", ["heimoa", "zzzz", " "])
def test_what_is_not_there_is_wrong_usage_in_one_line(pddtui: Program, topic: str) -> None:
    result = pddtui("handbook", topic, "--lang", "en")
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert result.err.startswith("pddtui: ")


def test_close_names_are_offered(pddtui: Program) -> None:
    assert "Did you mean heimao (Black Cat (Sina))" in pddtui("handbook", "heimoa", "--lang", "en").err


def _json(program: Program, *args: str) -> Any:
    result = program("handbook", *args, "--json", "--lang", "en")
    assert (result.code, result.err) == (0, "")
    return result.json


def test_as_json_an_entry_keeps_both_languages_and_its_provenance(pddtui: Program) -> None:
    page = _json(pddtui, "admin_60d_mediation")
    assert (page["key"], page["confidence"], page["valid_from"]) == (
        "deadlines/admin_60d_mediation",
        "mid",
        "2026-04-15",
    )
    assert page["title"]["zh"]
    assert page["entry"]["span"] == "60d"
    assert {"id", "zh", "en", "where", "seen", "kind"} <= set(page["sources"][0])
    assert {"name": "Length", "text": "60 days", "unsure": False, "to": None} in page["facts"]


def test_as_json_chapters_and_searches_are_lists(pddtui: Program) -> None:
    chapters = _json(pddtui)
    (laws,) = (each for each in chapters if each["id"] == "laws")
    assert laws["title"] == {"zh": "法律", "en": "Laws"}
    assert laws["pages"] > 111
    assert [entry["key"] for entry in _json(pddtui, "laws")["entries"]][-1] == "laws/rule20"
    assert "channels/pdd_hotline_consumer" in [entry["key"] for entry in _json(pddtui, "热线")]


def test_a_broken_file_of_ones_own_is_told_and_costs_nothing(
    pddtui: Program, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("config")
    (folder / "channels.yaml").write_text("channels:\n  - {id: uncle, tier: one}\n", encoding="utf-8")
    result = pddtui("handbook", "channels", "--lang", "en", "--config", str(folder))
    assert result.code == 0
    assert "channels.yaml, line 2, uncle" in result.err


def test_it_needs_no_screen_and_no_data_file(pddtui: Program) -> None:
    code = "import sys; from pddtui.cli.main import run_line; run_line(sys.argv[1:]); print('textual' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "--file", str(pddtui.file), "handbook", "c12315"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "False"
    assert not pddtui.file.exists()
