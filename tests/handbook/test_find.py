from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pddtui.errors import Refused, Unlisted
from pddtui.handbook.book import Handbook
from pddtui.message import Message


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("c12315", "c12315"),
        ("C12315", "c12315"),
        ("ｃ１２３１５", "c12315"),
        ("消费者热线", "pdd_hotline_consumer"),
        ("pdd consumer hotline", "pdd_hotline_consumer"),
        ("黑猫", "heimao"),
        ("Black C", "heimao"),
        ("  heimao ", "heimao"),
        ("media", "media"),
    ],
)
def test_an_entry_is_found_by_id_by_either_name_and_by_how_it_begins(book: Handbook, typed: str, wanted: str) -> None:
    assert book.channels.find(typed).id == wanted


def _offered(message: Message) -> list[str]:
    close = message.values.get("close", ())
    assert isinstance(close, tuple)
    return [str(item.values["id"]) for item in close if isinstance(item, Message)]


def test_what_begins_two_names_is_refused_with_both(book: Handbook) -> None:
    with pytest.raises(Refused) as caught:
        book.channels.find("app_", field="channel")
    assert _offered(caught.value.message) == ["app_aftersale", "app_intervene", "app_official_cs"]
    assert caught.value.field == "channel"


def test_a_slip_of_the_keys_is_refused_with_what_was_meant(book: Handbook) -> None:
    with pytest.raises(Refused) as caught:
        book.problems.find("counterfiet")
    assert _offered(caught.value.message) == ["counterfeit"]


@pytest.mark.parametrize("typed", ["", "   ", "zzzz", "\u3000"])
def test_nonsense_is_refused_and_says_where_to_look(book: Handbook, typed: str) -> None:
    with pytest.raises(Refused, match="There is no rung"):
        book.ladder.find(typed)


@pytest.mark.parametrize(
    ("table", "chapter"),
    [("events", "events"), ("outcomes", "outcomes"), ("problems", "problems"), ("ladder", "ladder"), ("channels",) * 2],
)
def test_what_is_nowhere_names_the_chapter_and_leaves_the_way_there_to_whoever_says_it(
    book: Handbook, table: str, chapter: str
) -> None:
    with pytest.raises(Unlisted) as caught:
        getattr(book, table).find("zzzz", field="x")
    assert (caught.value.chapter, caught.value.field) == (chapter, "x")
    assert "pddtui" not in str(caught.value), "the forms of the desk say it too"


@given(st.text(max_size=12))
def test_no_text_raises_anything_but_the_refusal(book: Handbook, typed: str) -> None:
    try:
        found = book.remedies.find(typed)
    except Refused:
        return
    assert found in set(book.remedies)


def test_an_id_nobody_knows_has_no_entry(book: Handbook) -> None:
    assert book.channels.get("carrier_pigeon") is None
    assert book.channels.get(None) is None
    assert "carrier_pigeon" not in book.channels


def test_every_entry_of_a_table_is_found_by_its_own_id(book: Handbook) -> None:
    assert [channel.id for channel in book.channels if book.channels.find(channel.id) is not channel] == []
    assert [state.code for state in book.aftersale_states if book.aftersale_states.find(state.key) is not state] == []
