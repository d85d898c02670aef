"""The board: the newest cases at once, the others behind them, and in the end what all at once would be."""

from __future__ import annotations

import pytest

from pddtui.services import board as module
from pddtui.services.board import Board
from tests.ui.cases import KETTLE, TRASHED, case, desk


def test_what_is_loaded_in_slices_is_what_is_loaded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with desk("zh") as context:
        whole = Board(context.casebook)
        assert whole.begin() == []
        monkeypatch.setattr(module, "AT_ONCE", 1)
        monkeypatch.setattr(module, "SLICE", 1)
        sliced = Board(context.casebook)
        rest = sliced.begin()
        assert len(sliced.rows()) == 1
        assert [len(ids) for ids in rest] == [1, 1]
        for ids in rest:
            sliced.take(sliced.seen(ids))
        assert sliced.rows() == whole.rows()
        assert sliced.agenda() == whole.agenda()


def test_the_case_that_was_asked_for_is_there_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with desk("zh") as context:
        monkeypatch.setattr(module, "AT_ONCE", 0)
        board = Board(context.casebook)
        wanted = case(context, KETTLE)
        board.begin(wanted.id)
        assert [entry.case.id for entry in board.rows()] == [wanted.id]


def test_a_case_in_the_trash_leaves_the_board() -> None:
    with desk("zh") as context:
        board = Board(context.casebook)
        board.begin()
        kettle = case(context, KETTLE)
        context.casebook.trash(kettle.id)
        board.update([kettle.id])
        assert board.get(kettle.id) is None
        assert board.get(case(context, TRASHED).id) is None


def test_a_filter_that_grows_finds_what_it_finds_at_once() -> None:
    with desk("zh") as context:
        typed, fresh = Board(context.casebook), Board(context.casebook)
        typed.begin()
        for query in ("2", "26", "turn:mine", "客", "客服", "客服 小", "客", "客 -小", "客 -小a", ""):
            fresh.begin()
            assert typed.rows(query) == fresh.rows(query), query
