"""`pddtui letter`: a case in, a letter out."""

from __future__ import annotations

import stat
from pathlib import Path
from types import SimpleNamespace

import pytest

from pddtui.handbook.book import Handbook
from pddtui.services.letters.variables import VARIABLES
from tests.cli.conftest import Program


def test_a_letter_goes_to_standard_output_and_every_remark_elsewhere(kettle: Program) -> None:
    done = kettle("--lang", "zh", "letter", "1", "platform")
    assert done.code == 0
    assert done.out.startswith("拼多多平台：\n")
    assert "退货退款" in done.out
    assert "法律意见" not in done.out
    assert "not legal advice" in kettle("letter", "1", "platform").err


def test_the_language_of_the_letter_is_that_of_the_call(kettle: Program) -> None:
    assert kettle("letter", "1", "chaser", "--lang", "en").out.startswith("Dear ")


def test_without_a_kind_it_says_which_there_are_those_that_fit_first(kettle: Program) -> None:
    done = kettle("letter", "1")
    assert done.code == 0
    assert done.out.startswith("app_text ")
    assert len(done.out.splitlines()) == len(Handbook().letters)


def test_an_unknown_kind_is_wrong_usage_with_the_list(kettle: Program) -> None:
    done = kettle("letter", "1", "threat")
    assert (done.code, done.out) == (2, "")
    assert "chaser" in done.err
    assert "payment" in done.err


def test_an_unknown_case_is_not_found(kettle: Program) -> None:
    assert kettle("letter", "7", "chaser").code == 3


def test_a_letter_is_written_to_a_file_but_never_over_one_unasked(kettle: Program, tmp_path: Path) -> None:
    file = tmp_path / "信.txt"
    assert kettle("letter", "1", "demand", "-o", str(file)).code == 0
    first = file.read_text(encoding="utf-8")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert kettle("letter", "1", "chaser", "-o", str(file)).code == 7
    assert file.read_text(encoding="utf-8") == first
    assert kettle("letter", "1", "chaser", "-o", str(file), "--force").code == 0
    assert file.read_text(encoding="utf-8") != first


def test_a_post_is_masked_and_a_complaint_is_not_unless_asked(kettle: Program) -> None:
    assert "261109-0101" in kettle("letter", "1", "c12315").out
    assert "261109-0101" not in kettle("letter", "1", "c12315", "--mask", "public").out
    post = kettle("--lang", "zh", "letter", "1", "public", "--mask", "none")
    assert "小A" not in post.out
    assert "（姓名、工号已遮盖）" in post.out
    assert kettle("letter", "1", "public", "--mask", "most").code == 2


def test_a_broken_template_of_one_s_own_is_a_bad_file_with_its_line(kettle: Program, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "letters"
    folder.mkdir(parents=True)
    (folder / "mine.j2").write_text("a\n{{ nobody }}", encoding="utf-8")
    done = kettle("letter", "1", "mine", "--config", str(tmp_path / "config"))
    assert (done.code, done.out, done.err.count("\n")) == (8, "", 1)
    assert "mine.j2" in done.err
    assert "line 2" in done.err
    assert "“nobody”" in done.err
    assert "--fields" in done.err


def test_a_post_that_was_written_to_a_file_meets_the_gate_of_going_public(kettle: Program, tmp_path: Path) -> None:
    assert "a masked text" in kettle("file", "1", "public", "--channel", "heimao").err
    kettle("letter", "1", "public")
    kettle("letter", "1", "c12315", "-o", str(tmp_path / "c.txt"))
    assert "text_masked" not in kettle("show", "1", "--json").out
    done = kettle("letter", "1", "public", "-o", str(tmp_path / "post.txt"))
    assert done.code == 0
    assert "PDD-2026-0001" in done.err
    assert "text_masked" in kettle("show", "1", "--json").out
    assert "a masked text" not in kettle("file", "1", "public", "--channel", "heimao").err


@pytest.mark.parametrize("sure", [True, False])
def test_a_person_is_asked_before_a_post_is_written(
    kettle: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, sure: bool
) -> None:
    file = tmp_path / "post.txt"
    monkeypatch.setattr("pddtui.cli.papers.sys", SimpleNamespace(stdin=SimpleNamespace(isatty=lambda: True)))
    monkeypatch.setattr("click.confirm", lambda *_args, **_given: sure)
    done = kettle("letter", "1", "public", "-o", str(file))
    assert done.code == 0
    assert "(name and staff number hidden)" in done.err
    assert file.exists() is sure
    assert ("text_masked" in kettle("show", "1", "--json").out) is sure


def test_looking_from_another_time_writes_the_file_and_notes_nothing(kettle: Program, tmp_path: Path) -> None:
    file = tmp_path / "post.txt"
    assert kettle("letter", "1", "public", "-o", str(file), "--as-of", "2026-12-01").code == 0
    assert file.exists()
    assert "text_masked" not in kettle("show", "1", "--json").out


def test_one_piece_is_one_piece(kettle: Program) -> None:
    kettle("add", "a lamp", "--order", "261109-123456789010101")
    done = kettle("letter", "2", "demand", "--mask", "public", "--lang", "en")
    assert "Hidden: 1 order number." in done.err


def test_a_report_may_be_anonymous_and_nothing_else(kettle: Program) -> None:
    named, nameless = kettle("letter", "1", "report"), kettle("letter", "1", "report", "--anonymous")
    assert "Reported by" in named.out
    assert nameless.out == kettle("letter", "1", "report_anonymous").out
    assert "Reported by" not in nameless.out
    assert "[your name]" not in nameless.out
    refused = kettle("letter", "1", "c12315", "--anonymous")
    assert (refused.code, refused.out) == (2, "")
    assert "only a report may be anonymous" in refused.err


def test_the_text_for_the_app_is_counted(kettle: Program) -> None:
    done = kettle("letter", "1", "app_text")
    assert f"{len(done.out.strip())} of at most 200 characters (the limit is unverified)." in done.err


def test_a_dossier_names_a_law_in_full_where_it_first_comes_up(kettle: Program) -> None:
    told = kettle("export", "1", "--format", "markdown", "--lang", "zh").out
    assert told.count("《中华人民共和国消费者权益保护法》") == 1
    assert told.index("《中华人民共和国消费者权益保护法》") < told.index("《消费者权益保护法》第")


def test_the_variables_of_a_template_are_listed_with_what_they_say(kettle: Program, tmp_path: Path) -> None:
    done = kettle("letter", "--fields", "1", "demand")
    listed = {line.split()[0]: line for line in done.out.splitlines()}
    assert listed["order"].endswith("the order number: 261109-0101")
    assert listed["courier"].endswith(": –")
    assert {"log[].quote", "claim.asked", "promises[].due", "failed[].who", "writer.phone"} <= listed.keys()
    assert "_en.j2" in done.err
    folder = tmp_path / "config" / "letters"
    folder.mkdir(parents=True)
    plain = "".join(f"{{{{ {name} }}}}\n" for name in listed if "." not in name)
    inner = "".join(
        f"{{% for it in {name.split('[].')[0]} %}}{{{{ it.{name.split('[].')[1]} }}}}{{% endfor %}}"
        for name in listed
        if "[]." in name
    )
    (folder / "mine.j2").write_text(plain + inner, encoding="utf-8")
    assert kettle("letter", "1", "mine", "--config", str(tmp_path / "config")).code == 0


def test_every_variable_is_documented() -> None:
    for kind, known in VARIABLES.items():
        assert set(known) == set(kind.__struct_fields__), kind
