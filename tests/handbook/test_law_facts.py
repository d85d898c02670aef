"""What the handbook says of the law is no surer than what was read of it."""

from __future__ import annotations

import re

import pytest

from pddtui.handbook.book import Handbook
from tests.handbook.raw import FILES, mappings, tables

BOOK = Handbook()
TEXTS = {"law_mirror", "official", "data", "own_measurement", "official_doc_copy"}
OURS = {"design", "seed"}


@pytest.mark.parametrize("file", FILES)
def test_only_what_was_read_in_full_or_is_our_own_choice_is_sure(file: str) -> None:
    read = {source.id for source in BOOK.sources if source.seen == "full" and source.kind in TEXTS}
    for path, entry in mappings(tables(file)):
        if entry.get("conf") != "high":
            continue
        src = entry.get("src", [])
        assert isinstance(src, list)
        assert read & set(src) or set(src) <= OURS, path


@pytest.mark.parametrize(
    ("table", "name"), [("deadlines", "limit_3y_12315"), ("laws", "impl"), ("deadlines", "courier_7d")]
)
def test_what_rests_on_a_copy_or_an_excerpt_is_not_called_verified(table: str, name: str) -> None:
    assert getattr(BOOK, table)[name].conf == "mid"


def test_a_repealed_order_is_no_source_of_a_clock_that_runs() -> None:
    gone = {law.id for law in BOOK.laws if law.history_only}
    sources = {one for law in BOOK.laws if law.id in gone for one in law.src if one.startswith("rule_old")}
    assert sources
    for clock in BOOK.deadlines:
        assert clock.valid_to is not None or not sources & set(clock.src), clock.id
        assert not gone & {BOOK.articles[one].law for one in clock.basis}
    assert not any(sources & set(limit.src) for limit in BOOK.quiet)


def test_every_gist_is_a_sentence_without_slang_or_stop() -> None:
    slang = re.compile("说不出|强卖|买不买|才连带|担不利|刷单|仍担责|谈不拢|商家出")
    for article in BOOK.articles:
        if article.cite and article.conf != "low" and not article.grounds:
            assert slang.search(article.gives.zh) is None, article.id
            assert article.gives.zh[-1] not in "。；，", article.id
            assert article.gives.en[-1] not in ".;,", article.id


def test_a_part_of_an_article_stands_after_the_plain_one() -> None:
    order = [article.id for article in BOOK.articles]
    for name in ("crpl23", "crpl25", "crpl44", "crpl55", "fsl131", "fsl148", "inf9", "ecl38"):
        assert [one for one in order if one.startswith(f"{name}_")], name
        assert name in order
