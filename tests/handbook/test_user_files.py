from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from pddtui import assets
from pddtui.handbook.book import Handbook, Table
from pddtui.handbook.rulebook import rules_to_keep
from pddtui.handbook.shelf import FILES

WithUserFile = Callable[[str, str], Handbook]


def ids(table: Table[Any]) -> list[str]:
    return [entry.key for entry in table]


def test_an_entry_with_a_known_id_overrides_only_the_fields_it_names(with_user_file: WithUserFile) -> None:
    book = with_user_file("quiet.yaml", "quiet:\n  - {id: q_chat, amber: 12h}\n")
    assert (book.quiet["q_chat"].amber, book.quiet["q_chat"].red) == ("12h", "48h")
    assert ids(book.quiet) == ids(Handbook().quiet)
    assert book.warnings == ()


def test_an_entry_with_a_new_id_is_added(with_user_file: WithUserFile) -> None:
    book = with_user_file(
        "channels.yaml",
        "channels:\n  - {id: shop_phone, zh: 店铺电话, en: Shop phone, tier: 1, kind: phone, side: merchant}\n",
    )
    assert ids(book.channels) == [*ids(Handbook().channels), "shop_phone"]
    assert book.channels.find("店铺电话").id == "shop_phone"


def test_an_entry_without_name_is_overridden_by_its_code(with_user_file: WithUserFile) -> None:
    book = with_user_file("aftersales.yaml", "states:\n  - {code: 8, en: the platform is thinking}\n")
    assert book.aftersale_states["8"].label.en == "the platform is thinking"
    assert book.aftersale_states["8"].label.zh == "平台处理中"


def test_a_year_of_the_calendar_can_be_published_by_the_user(with_user_file: WithUserFile) -> None:
    book = with_user_file(
        "calendar.yaml", "years:\n  - {year: 2027, published: true, days_off: [2027-02-08], make_up: [2027-02-13]}\n"
    )
    (year,) = book.calendar.years
    assert year.published
    assert (year.days_off, year.make_up) == ((date(2027, 2, 8),), (date(2027, 2, 13),))
    assert len(year.statutory) == 13


def test_what_is_not_a_table_is_replaced_field_by_field_or_whole(with_user_file: WithUserFile) -> None:
    assert with_user_file("quiet.yaml", "look_again: {every: 1d}\n").quiet_file.look_again.every == "1d"
    book = with_user_file("evidence.yaml", "base_set: [order_page]\n")
    assert book.evidence_file.base_set == ("order_page",)


def test_an_empty_file_changes_nothing(with_user_file: WithUserFile) -> None:
    book = with_user_file("quiet.yaml", "# nothing yet\n")
    assert ids(book.quiet) == ids(Handbook().quiet)
    assert book.warnings == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("quiet:\n  - {id: q_chat, amber: soon}\n", "line 2, q_chat: this must be a length of time such as 48h"),
        ("quiet:\n  - id: q_chat\n    amber: 1h\n    ambre: 12h\n", "line 4, q_chat: there is no field “ambre” here"),
        ("quiet:\n  - id: q_cs\n    red: 4d\n  - id: q_mine\n    red: 1d\n", "line 4, q_mine: the field “channel” is"),
        ("quiet:\n  - {id: q_chat, stage: late}\n", "line 2, q_chat: “late” is not one of the allowed words"),
        ("quiet:\n  - id: q_chat\n    off: 12h\n", "line 2, q_chat: this must be text"),
        ("quiet:\n  - amber: 12h\n", "line 2, quiet.0: an entry starts with its id"),
        ("quiet:\n  - q_chat\n", "line 2, quiet.0: an entry starts with its id"),
        ("quiet:\n  q_chat: 12h\n", "line 1, quiet: this table is a list of entries"),
        ("quite:\n  - {id: q_chat}\n", "line 1, quite: there is no field “quite” here"),
        (
            "look_again:\n  en: often\n  every: 3\n",
            "line 3, look_again.every: this must be text; put it in quotes",
        ),
        ("quiet:\n  - {id: q_chat\n", "line 3: this is not valid YAML"),
        ("quiet:\n  - id: q_chat\n    amber: 2026-13-45\n", "line 3, q_chat: this date does not exist"),
        ("- q_chat\n", "line 1: a handbook file is a set of tables"),
        ("just words\n", "line 1: a handbook file is a set of tables"),
        ("\x00", "line 1: this is not valid YAML"),
        ("a: &a [*a]\n", "line 1: “*a” repeats another entry"),
        ("quiet:\n  - {id: q_chat, src: design}\n", "line 2, q_chat: this must be a list"),
        ("quiet:\n  - {id: q_chat, note: late}\n", "line 2, q_chat: this must be a set of fields"),
        (
            "quiet:\n  - id: q_new\n    channel: nosuch\n    amber: 1h\n    red: 2h\n    src: [design]\n",
            "line 3, q_new: ",
        ),
        ("quiet:\n  - id: q_chat\n    channel: nosuch\n", "line 3, q_chat: there is no channel “nosuch”"),
        ("quiet:\n  - {id: q_chat, src: [seed, nosuch]}\n", "line 2, q_chat: there is no source “nosuch”"),
        ("quiet:\n  - id: q_chat\n    amber: 72h\n    red: 36h\n", "line 3, q_chat: amber comes after red"),
        ("quiet:\n  - id: q_chat\n    red: 12h\n", "line 2, q_chat: amber comes after red"),
        ("quiet:\n  - {id: q_chat, red: 3d}\n  - {id: q_chat, red: 4d}\n", "line 3, q_chat: “q_chat” appears twice"),
        ("quiet:\n  - id: q_chat\n    red: 3d\n    red: 4d\n", "line 4, q_chat: “red” appears twice"),
        (
            "quiet:\n  - {id: q_chat, note: {zh: 慢，催一次, en: slow, and remind once}}\n",
            "line 2, q_chat: there is no field “and remind once” here",
        ),
        ("quiet: []\nquiet: []\n", "line 2, quiet: “quiet” appears twice"),
    ],
)
def test_a_broken_file_is_named_with_line_and_entry_and_the_shipped_handbook_stands(
    with_user_file: WithUserFile, tmp_path: Path, text: str, said: str
) -> None:
    book = with_user_file("quiet.yaml", text)
    assert [limit.id for limit in book.quiet] == [limit.id for limit in Handbook().quiet]
    assert book.quiet["q_chat"].amber == "24h"
    (warning,) = map(str, book.warnings)
    assert warning.startswith(f"{tmp_path / 'quiet.yaml'}, line ")
    assert said in warning


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("days_off: [2027-02-08, 2028-01-03]", "line 3, 2027: 2028-01-03 is not in 2027"),
        ("make_up: [2026-02-14]", "line 3, 2027: 2026-02-14 is not in 2027"),
        ("statutory: [{day: 2028-01-01, zh: 元旦, en: New Year}]", "line 3, 2027: 2028-01-01 is not in 2027"),
        ("days_off: [2027-02-13]\n    make_up: [2027-02-13]", "line 4, 2027: 2027-02-13 cannot be both a day off and"),
        ("make_up: [2027-02-12]", "line 3, 2027: 2027-02-12 is not a Saturday or Sunday"),
        ("days_off: [soon]", "line 3, 2027: this must be a date such as 2026-11-25"),
        ("days_off: [{day: 2027-02-08}]", "line 3, 2027: this must be a date such as 2026-11-25"),
        ("days_off: [2027-02-30]", "line 3, 2027: this date does not exist"),
        ("published: 1", "line 3, 2027: this must be true or false"),
    ],
)
def test_a_year_that_contradicts_itself_is_left_out_with_a_warning(
    with_user_file: WithUserFile, tmp_path: Path, fields: str, said: str
) -> None:
    book = with_user_file("calendar.yaml", f"years:\n  - year: 2027\n    {fields}\n")
    assert not rules_to_keep(book).years
    (warning,) = map(str, book.warnings)
    assert warning.startswith(f"{tmp_path / 'calendar.yaml'}, {said}")


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        (
            "deadlines.yaml",
            "deadlines:\n  - id: heimao_48h\n    from: nosuch\n",
            "line 3, heimao_48h: there is no event",
        ),
        (
            "deadlines.yaml",
            "deadlines:\n  - id: heimao_48h\n    src: [nosuch]\n",
            "line 3, heimao_48h: there is no source",
        ),
        (
            "deadlines.yaml",
            "deadlines:\n  - id: heimao_48h\n    basis: [x9]\n",
            "line 3, heimao_48h: there is no article",
        ),
        (
            "ladder.yaml",
            "ladder:\n  - id: court\n    channels: [court, moon]\n",
            "line 3, court: there is no channel “moon”",
        ),
        ("problems.yaml", "problems:\n  - id: quality\n    first: [x]\n", "line 3, quality: there is no playbook “x”"),
    ],
)
def test_what_an_entry_names_must_be_there(with_user_file: WithUserFile, file: str, text: str, said: str) -> None:
    book = with_user_file(file, text)
    _ = book.deadlines, book.ladder, book.problems
    (warning,) = map(str, book.warnings)
    assert said in warning


def test_what_another_file_of_the_user_adds_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text(
        "channels:\n  - {id: shop_phone, zh: 店铺电话, en: Shop phone, tier: 1, kind: phone, side: merchant}\n",
        encoding="utf-8",
    )
    (tmp_path / "quiet.yaml").write_text("quiet:\n  - {id: q_phone, channel: shop_phone}\n", encoding="utf-8")
    book = Handbook(assets.read_text, tmp_path)
    assert book.quiet["q_phone"].channel == "shop_phone"
    assert book.warnings == ()


def test_a_file_that_nobody_reads_is_named_with_the_one_it_is_alike(tmp_path: Path) -> None:
    for name in ("chanels.yaml", "quiet.yml", "diary.yaml", "config.yaml", "config.own.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert [str(warning) for warning in Handbook(assets.read_text, tmp_path).warnings] == [
        f"{tmp_path / 'chanels.yaml'} is not used: should it be called channels.yaml?",
        f"{tmp_path / 'diary.yaml'} is not used: the handbook files are {', '.join(FILES)}.",
        f"{tmp_path / 'quiet.yml'} is not used: should it be called quiet.yaml?",
    ]
    beside = Handbook(assets.read_text, tmp_path, "diary.yaml").warnings
    assert len(beside) == 2, "a folder of other things is not ours to complain about"


def test_a_fault_deep_in_an_entry_names_both_the_entry_and_its_part(with_user_file: WithUserFile) -> None:
    book = with_user_file(
        "playbooks.yaml", "playbooks:\n  - id: pb_odr\n    steps:\n      - id: s1\n        zh: 一\n        en: 1\n"
    )
    assert book.playbooks["pb_odr"].steps == Handbook().playbooks["pb_odr"].steps
    (warning,) = map(str, book.warnings)
    assert "line 6, pb_odr.s1: this must be text" in warning


def test_a_mask_rule_that_is_no_pattern_is_refused(with_user_file: WithUserFile) -> None:
    book = with_user_file("masks.yaml", "rules:\n  - {id: mobile, pattern: '(1'}\n")
    assert len(book.masks.rules) == len(Handbook().masks.rules)
    assert "line 2, mobile" in str(book.warnings[0])


def test_a_file_that_cannot_be_read_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "quiet.yaml").write_bytes("quiet: []  # 安静".encode("gb18030"))
    (tmp_path / "ladder.yaml").mkdir()
    book = Handbook(assets.read_text, tmp_path)
    assert ids(book.quiet) == ids(Handbook().quiet)
    assert ids(book.ladder) == ids(Handbook().ladder)
    assert [str(warning).partition(". ")[0] for warning in book.warnings] == [
        f"{tmp_path / 'quiet.yaml'} cannot be read: it is not UTF-8 text",
        f"{tmp_path / 'ladder.yaml'} cannot be read: it is a folder, not a file",
    ]


def test_a_folder_that_is_not_there_is_no_matter(tmp_path: Path) -> None:
    book = Handbook(assets.read_text, tmp_path / "nowhere")
    assert ids(book.quiet) == ids(Handbook().quiet)
    assert book.warnings == ()


def bomb(table: str) -> str:
    """Three hundred bytes that stand for a hundred million entries, if aliases are followed."""
    lines = [f"{table}: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"b{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 8)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_file_with_aliases_is_not_used_and_takes_no_time(with_user_file: WithUserFile, name: str) -> None:
    table = name.removesuffix(".yaml")
    book = with_user_file(name, bomb(table))
    for each, value in vars(Handbook).items():
        if isinstance(value, cached_property):
            getattr(book, each)
    (said,) = book.warnings
    assert f"{name}, line 2: “*a0” repeats another entry; write it out." in str(said)


def test_a_star_that_is_no_alias_is_a_word(with_user_file: WithUserFile) -> None:
    book = with_user_file("quiet.yaml", "quiet:  # * all of mine *\n  - {id: q_chat, amber: 12h}\n")
    assert (book.quiet["q_chat"].amber, book.warnings) == ("12h", ())
