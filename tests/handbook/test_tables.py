from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args
from zoneinfo import ZoneInfo

import pytest

from pddtui import assets
from pddtui.domain.case import FilingState, PromiseState
from pddtui.domain.entries import Strict
from pddtui.domain.phrases.due import VaguePhrase, parse_due
from pddtui.domain.workdays import PlainCalendar
from pddtui.errors import Damaged
from pddtui.handbook.book import Handbook, Table
from tests.handbook import raw


def test_every_file_is_decoded_and_belongs_to_a_table() -> None:
    book = Handbook()
    read = {
        name.removesuffix(".yaml")
        for name in (path.name for path in assets.path("data").glob("*.yaml"))
        if name != "config.yaml"
    }
    assert read == set(raw.FILES)
    for name in dir(Handbook):
        if not name.startswith("_"):
            assert getattr(book, name) is not None
    assert book.warnings == ()


def _read(book: Handbook) -> set[tuple[str, ...]]:
    """The keys of every table that the handbook has made of the files, each in its order."""
    made = [getattr(book, name) for name in dir(Handbook) if not name.startswith("_")]
    files = [getattr(value, name) for value in made if isinstance(value, Strict) for name in value.__struct_fields__]
    tables = [table for table in (*made, *files) if isinstance(table, Table | tuple)]
    return {tuple(str(getattr(entry, "key", entry)) for entry in table) for table in tables}


def test_every_entry_of_a_file_becomes_an_entry_of_the_handbook(book: Handbook) -> None:
    read = _read(book)
    lost = []
    for file in raw.FILES:
        for name, table in raw.tables(file).items():
            if isinstance(table, list) and (not table or isinstance(table[0], dict)):
                keys = tuple(str(entry.get("id") or entry.get("code", entry.get("year"))) for entry in table)
                if not keys or keys not in read:
                    lost.append(f"{file}.{name}")
    assert lost == []


@pytest.mark.parametrize("file", raw.FILES)
def test_an_id_is_used_once_in_its_table(file: str) -> None:
    for name, table in raw.tables(file).items():
        if isinstance(table, list):
            ids = [entry.get("id", entry.get("code")) for entry in table if isinstance(entry, dict)]
            assert (name, sorted(map(str, ids))) == (name, sorted({str(key) for key in ids}))


@pytest.mark.parametrize("file", raw.FILES)
def test_whatever_a_person_reads_is_there_in_both_languages(file: str) -> None:
    missing = [
        path
        for path, mapping in raw.mappings(raw.tables(file))
        if ("zh" in mapping or "en" in mapping)
        and not all(isinstance(text := mapping.get(tongue), str) and text.strip() for tongue in ("zh", "en"))
    ]
    assert missing == []


@pytest.mark.parametrize("file", raw.FILES)
def test_the_english_is_english_and_the_chinese_is_not_a_copy_of_it(file: str) -> None:
    wrong = []
    for path, mapping in raw.mappings(raw.tables(file)):
        zh, en = mapping.get("zh"), mapping.get("en")
        if isinstance(zh, str) and isinstance(en, str):
            sentence = len(en.split()) > 3
            if sentence and (zh == en or not re.search(r"[\u4e00-\u9fff]", zh) or not re.search(r"[a-z]{2}", en)):
                wrong.append(path)
    assert wrong == []


def test_every_entry_with_provenance_says_how_sure_it_is(book: Handbook) -> None:
    assert {entry.conf for entry in book.channels} == {"high", "mid", "low"}
    assert book.problems["quality"].conf == "mid", "what does not say how sure it is, is not sure"


def test_a_low_confidence_is_seen(book: Handbook) -> None:
    assert book.channels["pdd_hotline_consumer"].unsure
    assert all(number.conf == "low" for number in book.channels["pdd_hotline_consumer"].numbers)
    assert all(clock.unsure for clock in book.platform_clocks if clock.span is not None)
    assert not book.deadlines["admin_7wd_accept"].unsure


def test_a_letter_has_a_word_for_whatever_becomes_of_a_filing_or_promise(book: Handbook) -> None:
    words = book.letter_file
    assert set(words.filing_states) == set(get_args(FilingState))
    assert set(words.promise_states) == {*get_args(PromiseState), "lapsed", "undated"}
    assert set(words.sides) == {channel.side for channel in book.channels} - {"public"}


def test_every_template_of_a_letter_has_its_entry(book: Handbook) -> None:
    there = {path.name for path in assets.path("data/letters").iterdir() if not path.name.startswith("_")}
    assert there == {f"{kind.id}.{language}.j2" for kind in book.letters for language in ("zh", "en")}


def test_the_consumer_has_nine_rights(book: Handbook) -> None:
    assert [(article.right, article.art) for article in book.rights] == [(n, str(n + 6)) for n in range(1, 10)]


def test_the_replaced_rules_end_the_day_before_the_new_ones_begin(book: Handbook) -> None:
    old, new = book.laws["rule20"], book.laws["rule121"]
    assert old.valid_on(date(2026, 4, 14))
    assert not old.valid_on(date(2026, 4, 15))
    assert new.valid_on(date(2026, 4, 15))
    assert new.replaces == old.id
    assert old.history_only


def test_the_right_mediation_limit_holds_on_each_side_of_the_change(book: Handbook) -> None:
    for day, wanted in ((date(2026, 4, 14), "45wd"), (date(2026, 4, 15), "60d")):
        limits = [book.deadlines[name] for name in ("admin_45wd_legacy", "admin_60d_mediation")]
        assert [limit.span for limit in limits if limit.valid_on(day)] == [wanted]


def test_an_article_that_helps_no_consumer_is_never_cited(book: Handbook) -> None:
    assert [article.id for article in book.articles if not article.cite] == ["ecl42"]


@pytest.mark.parametrize(
    ("remedy", "price", "loss", "extra"),
    [
        ("punitive3", "100", "0", "500"),
        ("punitive3", "359", "0", "1077"),
        ("food10x", "46.80", "0", "1000"),
        ("food10x", "46.80", "900", "2700"),
        ("food10x", "150", "0", "1500"),
    ],
)
def test_a_statutory_extra_has_its_multiple_and_its_floor(
    book: Handbook, remedy: str, price: str, loss: str, extra: str
) -> None:
    assert book.extras[remedy].of(Decimal(price), Decimal(loss)) == Decimal(extra)


def test_the_statutory_days_of_2027_are_known_and_the_year_is_not_published(book: Handbook) -> None:
    (year,) = book.calendar.years
    assert (year.year, len(year.statutory), year.published) == (2027, 13, False)
    assert {day.day.year for day in year.statutory} == {2027}


def test_a_mask_rule_finds_what_it_is_for(book: Handbook) -> None:
    samples = {
        "mobile": "电话13800138000。",
        "pdd_order": "订单261118-123456789012345",
        "labelled_waybill": "运单号:776655443322",
        "bank_card": "卡6222 0212 3456 7890",
        "email": "a.b@example.com",
        "id_card18": "11010519491231002X",
        "labelled_name": "收件人:张三",
    }
    rules = {rule.id: rule for rule in book.masks.rules}
    for name, text in samples.items():
        match = re.search(book.masks.whole(rules[name].pattern), text)
        assert match is not None, name
        assert match[rules[name].group]


def test_the_wordings_of_promises_mean_what_the_handbook_says(book: Handbook) -> None:
    said = datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    for phrase in book.deadline_file.phrases:
        for wording in (*phrase.zh.split(" / "), *phrase.en.split(" / ")):
            if phrase.means is None:
                with pytest.raises(VaguePhrase):
                    parse_due(wording, said, PlainCalendar())
            else:
                read, meant = (parse_due(words, said, PlainCalendar()).at for words in (wording, phrase.means))
                assert (wording, read) == (wording, meant)


def test_a_file_is_not_read_before_it_is_asked_for() -> None:
    asked: list[str] = []

    def read(name: str) -> str:
        asked.append(name)
        return assets.read_text(name)

    book = Handbook(read)
    assert asked == []
    assert book.channels["c12315"].side == "authority"
    assert book.channels.get("c12315") is not None
    assert asked == ["data/channels.yaml"]


def test_a_damaged_shipped_file_names_file_line_and_entry() -> None:
    text = (
        "outcomes:\n  - {id: full, zh: 全, en: all, status: resolved}\n  - id: half\n    zh: 半\n    status: closed\n"
    )
    with pytest.raises(Damaged) as caught:
        _ = Handbook(lambda _: text).outcomes
    assert str(caught.value).startswith("data/outcomes.yaml, line 3, half: the field “en” is missing")


@pytest.mark.parametrize(
    ("file", "entry"),
    [
        ("problems.yaml", "letter_zh: 少发/漏发, letter_en: short"),
        ("problems.yaml", "letter_zh: 少发。, letter_en: short"),
        ("problems.yaml", "letter_zh: 少发(漏发), letter_en: short"),
        ("remedies.yaml", 'letter_zh: "退还{money}", letter_en: refund'),
        ("remedies.yaml", 'letter_zh: "退还{sum", letter_en: refund'),
        ("channels.yaml", "filed_zh: 申请/投诉, filed_en: complained"),
    ],
)
def test_words_for_a_sentence_are_checked_when_they_are_read(tmp_path: Path, file: str, entry: str) -> None:
    tables = {"problems.yaml": ("problems", "quality"), "remedies.yaml": ("remedies", "repair")}
    table, name = tables.get(file, ("channels", "weibo"))
    words = "zh: 名称, en: name"
    (tmp_path / file).write_text(f"{table}:\n  - {{id: {name}, {words}, {entry}}}\n", encoding="utf-8")
    book = Handbook(user=tmp_path)
    assert getattr(book, table)[name].zh != "名称"
    assert len(book.warnings) == 1
