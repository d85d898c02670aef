from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from pddtui.domain.table import Deed, Moment
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.message import Label, Message
from pddtui.services.chapters.contents import Pages
from pddtui.services.chapters.page import Page
from pddtui.speech import Speech
from tests.conftest import SHANGHAI
from tests.handbook import raw

TODAY = date(2026, 11, 22)
SPEECH = Speech("en", SHANGHAI)


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(Handbook(), TODAY, SPEECH.spellings)


def said(page: Page | None) -> str:
    """All that a page says, in English."""
    assert page is not None
    return "\n".join(
        f"{fact.name or ''}: {fact.words.en if isinstance(fact.words, Label) else fact.words}" for fact in page.facts
    )


def test_no_two_pages_share_a_key(pages: Pages) -> None:
    counted = Counter(page.key for page in pages.search(""))
    assert [key for key, n in counted.items() if n > 1] == []


def test_every_line_that_leads_on_leads_to_a_page(pages: Pages) -> None:
    links = [(page.key, fact.to) for page in pages.search("") for fact in page.facts if fact.to is not None]
    assert len(links) > 500
    assert [(key, to) for key, to in links if pages.page(to) is None] == []


IN_CHAPTERS = {
    "aftersales": ("aftersales", ("states", "types", "cautions"), ("state_", "type_", "")),
    "aftersales:clocks": ("deadlines", ("platform_clocks",), ("",)),
    "aftersales:schemes": ("schemes", ("schemes",), ("",)),
    "channels": ("channels", ("channels", "not_channels"), ("", "")),
    "deadlines": ("deadlines", ("deadlines", "phrases"), ("", "phrase_")),
    "deadlines:events": ("events", ("events",), ("",)),
    "evidence": ("evidence", ("evidence_types", "quality_rules", "legal_notes"), ("", "", "")),
    "glossary": ("words", ("terms", "statuses", "confusions"), ("", "status_", "")),
    "ladder": ("ladder", ("ladder", "shortcuts", "conflicts"), ("", "", "")),
    "ladder:ways": ("rights", ("five_ways",), ("",)),
    "laws": ("laws", ("laws", "changes"), ("", "")),
    "next": ("next", ("next",), ("",)),
    "masks": ("masks", ("levels", "rules", "keep", "refuse", "also_hide"), ("", "", "", "", "")),
    "outcomes": ("outcomes", ("outcomes",), ("",)),
    "playbooks": ("playbooks", ("playbooks",), ("",)),
    "problems": ("problems", ("problems",), ("",)),
    "quiet": ("quiet", ("quiet",), ("",)),
    "remedies": ("remedies", ("remedies",), ("",)),
    "seed_issues": ("claims", ("seed_issues", "corrections"), ("", "")),
    "seed_issues:open": ("open", ("open_questions",), ("",)),
    "sources": ("sources", ("sources",), ("",)),
}


@pytest.mark.parametrize("name", IN_CHAPTERS)
def test_every_entry_of_the_handbook_has_its_page(pages: Pages, name: str) -> None:
    chapter, tables, prefixes = IN_CHAPTERS[name]
    there = {page.id for page in pages.of(chapter)}
    for table, prefix in zip(tables, prefixes, strict=True):
        entries = raw.tables(name.partition(":")[0])[table]
        assert isinstance(entries, list)
        wanted = {f"{prefix}{entry.get('id', entry.get('code'))}" for entry in entries}
        assert wanted - there == set()


def test_every_article_has_its_page_among_the_rights_or_the_laws(pages: Pages) -> None:
    there = {page.id for chapter in ("rights", "laws") for page in pages.of(chapter)}
    assert {article.id for article in pages.book.articles} - there == set()


def test_every_page_that_tells_of_the_world_names_its_sources(pages: Pages) -> None:
    own = {"about", "words", "masks", "sources"}
    silent = [page.key for page in pages.search("") if page.chapter not in own and not pages.sources(page)]
    assert silent == []


def test_it_says_that_it_is_no_legal_advice(pages: Pages) -> None:
    assert "not legal advice" in said(pages.page("about/read_first"))


def test_the_nine_rights_come_in_the_order_of_the_law(pages: Pages) -> None:
    assert [page.id for page in pages.of("rights")][:9] == [f"crpl{number}" for number in range(7, 16)]


def test_a_disputed_number_is_unverified_and_says_who_claims_and_who_denies_it(pages: Pages) -> None:
    page = pages.page("channels/pdd_hotline_consumer")
    assert page is not None
    assert page.unsure
    numbers = [fact for fact in page.facts if "021-53395288" in str(fact.words)]
    assert [(fact.unsure, str(fact.words)) for fact in numbers] == [
        (True, "021-53395288 (according to tel_a, tel_b; tel_c disagrees)")
    ]
    assert "check the number in the app before you dial" in said(page)


def test_what_is_out_of_force_stands_last_and_says_so(pages: Pages) -> None:
    laws = pages.of("laws")
    assert [page.id for page in laws if page.past] == [laws[-1].id] == ["rule20"]
    assert "never cited" in said(laws[-1])


@pytest.mark.parametrize(("day", "past"), [(date(2026, 4, 14), False), (date(2026, 4, 15), True)])
def test_a_limit_is_past_from_the_day_after_its_last(day: date, past: bool) -> None:
    page = Pages(Handbook(), day, SPEECH.spellings).page("deadlines/admin_45wd_legacy")
    assert page is not None
    assert page.past is past


def test_the_arithmetic_of_a_statutory_extra_is_shown_with_its_floor_and_as_a_claim(pages: Pages) -> None:
    told = said(pages.page("remedies/punitive3"))
    assert "price ¥100: extra ¥500, in all ¥600" in told
    assert "price ¥500: extra ¥1500, in all ¥2000" in told
    assert "a claim, not a guarantee" in told
    assert "10 × the price or 3 × the loss" in said(pages.page("remedies/food10x"))


@pytest.mark.parametrize(
    ("query", "key"),
    [
        ("七日 无理由", "laws/crpl25"),
        ("seven-day RETURN", "laws/crpl25"),
        ("ＨＥＩＭＡＯ", "channels/heimao"),
        ("按0", "channels/pdd_hotline_consumer"),
        ("key 0", "channels/pdd_hotline_consumer"),
        ("Civil Code art. 201", "deadlines/counting"),
    ],
)
def test_the_search_wants_every_word_in_either_language(pages: Pages, query: str, key: str) -> None:
    assert key in [page.key for page in pages.search(query)]


def test_the_search_finds_nothing_for_one_word_that_is_nowhere(pages: Pages) -> None:
    assert pages.search("退款 blancmange") == ()


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("c12315", "channels/c12315"),
        ("playbooks/pb_12315", "playbooks/pb_12315"),
        ("七日无理由退货", "laws/crpl25"),
        ("黑猫投诉(新浪)", "channels/heimao"),
        ("Black Cat (Sina)", "channels/heimao"),
        (" Punitive3 ", "remedies/punitive3"),
    ],
)
def test_a_page_is_found_by_id_key_or_name(pages: Pages, typed: str, key: str) -> None:
    found = pages.find(typed)
    assert found.page is not None
    assert found.page.key == key


def test_pages_of_one_name_are_all_named(pages: Pages) -> None:
    found = pages.find("heimao")
    assert found.page is not None
    assert (found.page.key, [page.key for page in found.pages]) == ("channels/heimao", ["sources/heimao"])


@pytest.mark.parametrize("typed", ["laws", "法律", "Laws", "ＬＡＷＳ"])
def test_a_chapter_is_found_by_id_and_by_name(pages: Pages, typed: str) -> None:
    found = pages.find(typed)
    assert found.chapter is not None
    assert (found.chapter.id, found.pages) == ("laws", pages.of("laws"))


def test_words_that_are_no_name_give_all_pages_that_have_them(pages: Pages) -> None:
    found = pages.find("公示地址")
    assert found.page is None
    assert {"playbooks/pb_12315", "ladder/merchant_address_missing"} <= {page.key for page in found.pages}


def _refusal(pages: Pages, typed: str) -> Message:
    with pytest.raises(Refused) as refused:
        pages.find(typed)
    return refused.value.message


def test_what_is_not_there_is_refused_with_the_names_that_come_close(pages: Pages) -> None:
    assert "heimao (Black Cat (Sina))" in str(_refusal(pages, "heimoa"))
    assert "lists its chapters" in str(_refusal(pages, "zzzzqqqq"))
    assert "Enter what to look up" in str(_refusal(pages, " "))


def test_an_entry_of_the_user_is_a_page_like_any_other(tmp_path: Path) -> None:
    (tmp_path / "channels.yaml").write_text(
        "channels:\n  - {id: uncle, tier: 1, kind: private, side: merchant, zh: 舅舅, en: My uncle, src: [memory]}\n",
        encoding="utf-8",
    )
    found = Pages(Handbook(user=tmp_path), TODAY, SPEECH.spellings).find("舅舅")
    assert found.page is not None
    assert found.page.key == "channels/uncle"


def test_a_chapter_that_is_not_opened_is_not_read() -> None:
    asked: list[str] = []
    shipped = Handbook()

    def read(name: str) -> str:
        asked.append(name)
        return Path(__file__).resolve().parents[2].joinpath(name).read_text(encoding="utf-8")

    pages = Pages(Handbook(read), TODAY, SPEECH.spellings)
    assert [page.id for page in pages.of("schemes")] == [scheme.id for scheme in shipped.schemes]
    assert asked == ["data/aftersales.yaml"]


# The table of next acts.


def named(page: Page | None, name: str) -> list[str]:
    """What the page says under that name, in English."""
    assert page is not None
    return [SPEECH.render(fact.words) for fact in page.facts if str(fact.name) == name]


def test_a_row_of_the_table_says_its_acts_with_key_reason_articles_and_sources(pages: Pages) -> None:
    page = pages.page("next/silent_platform_broken")
    assert page is not None
    assert str(page.detail) == "silent, amber"
    assert named(page, "With") == ["platform"]
    assert named(page, "Promises broken") == ["at least 2"]
    assert [str(fact.words) for fact in page.facts if fact.heading] == ["Act 1", "Act 2", "Act 3"]
    first, _, last = named(page, "To do")
    assert first.startswith("Ask for a supervisor")
    assert (
        last
        == "Ask [the channel] again: say that it has been waiting since [the date], and have them name the latest day"
    )
    assert named(page, "How") == ["file the case, key E", "file the case, key E", "write a letter, key t"]
    assert len(named(page, "Reason")) == 3
    assert "Article 59 of the E-Commerce Law, complaint mechanism" in named(page, "Basis")
    assert {"design", "law_ecl", "forms121"} <= {source.id for source in pages.sources(page)}


def test_the_rows_stand_moment_by_moment_and_what_catches_the_rest_is_named_and_last(pages: Pages) -> None:
    rows = pages.of("next")
    moment = {row.id: row.moment[0] for row in pages.book.next_file.next}
    moments = [moment[page.id] for page in rows]
    assert moments == sorted(moments, key=moments.index), "each moment in one block"
    for block in set(moments):
        caught = [str(page.detail).endswith("catches the rest") for page in rows if moment[page.id] == block]
        assert caught == sorted(caught)
    catching = {page.id for page in rows if "Stands in where no row above fits." in named(page, "When")}
    assert catching == {page.id for page in rows if str(page.detail).endswith("catches the rest")}
    assert "refused_any" in catching


def test_a_weak_row_and_a_weak_act_have_a_question_mark(pages: Pages) -> None:
    page = pages.page("next/begin_fruit")
    assert page is not None
    assert page.unsure
    assert [fact.unsure for fact in page.facts if str(fact.name) == "To do"] == [False, True, False]


def test_every_moment_and_every_deed_has_its_words(pages: Pages) -> None:
    book = pages.book.next_file
    assert {moment for row in book.next for moment in row.moment} == set(get_args(Moment))
    used = {name for row in book.next for name in row.acts}
    assert {act.deed for act in book.acts if act.id in used} == set(get_args(Deed))
    for page in pages.of("next"):
        assert page.detail
        assert len(named(page, "How")) == len(named(page, "To do")) == len(named(page, "Reason"))


def test_my_own_rows_and_acts_are_in_the_chapter_and_can_be_found(tmp_path: Path) -> None:
    (tmp_path / "next.yaml").write_text(
        "acts:\n  - {id: my_neighbour, zh: 问邻居, en: Ask the neighbour, deed: log, src: [design],\n"
        "     reason: {zh: 常有代收, en: they often take parcels}}\n"
        "next:\n  - {id: my_row, zh: 自己的一行, en: a row of mine, moment: [untold], problems: [lost],\n"
        "     acts: [my_neighbour, tell_shop], src: [design], conf: low}\n",
        encoding="utf-8",
    )
    mine = Pages(Handbook(user=tmp_path), TODAY, SPEECH.spellings)
    page = mine.page("next/my_row")
    assert named(page, "To do")[0] == "Ask the neighbour"
    assert named(page, "How")[0] == "log a contact, key l"
    assert [found.key for found in mine.search("问邻居")] == ["next/my_row"]
    assert mine.find("a row of mine").page == page
    assert mine.page("next/begin_lost") is not None
