"""The copy of the rules that spares every command the YAML: it holds only as long as its sources do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec import Struct

from pddtui.domain import rules
from pddtui.handbook import cache
from pddtui.handbook.book import Handbook
from pddtui.handbook.cache import KeptRules, keep, kept, stamp_of_sources
from pddtui.handbook.rulebook import rules_to_keep


@pytest.fixture(scope="module")
def condensed() -> KeptRules:
    return rules_to_keep(Handbook())


def test_what_was_kept_is_what_was_read(condensed: KeptRules, tmp_path: Path) -> None:
    keep(tmp_path / "state" / "copy", "now", condensed)
    assert kept(tmp_path / "state" / "copy", "now") == condensed
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["copy"]


def test_another_stamp_does_not_hold(condensed: KeptRules, tmp_path: Path) -> None:
    keep(tmp_path / "copy", "then", condensed)
    assert kept(tmp_path / "copy", "now") is None


@pytest.mark.parametrize("content", [b"", b"\x00", b"\xff" * 9, b"\x92\xa3now\x80"])
def test_a_broken_copy_is_no_copy(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "copy").write_bytes(content)
    assert kept(tmp_path / "copy", "now") is None


def test_a_place_that_takes_nothing_is_no_trouble(condensed: KeptRules, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    keep(tmp_path / "file" / "copy", "now", condensed)
    assert kept(tmp_path / "file" / "copy", "now") is None


def test_a_copy_with_fewer_fields_in_a_channel_does_not_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Channel(Struct):
        id: str

    now = stamp_of_sources("1", {}, tmp_path)
    monkeypatch.setattr(cache, "_KINDS", tuple(Channel if kind is rules.Channel else kind for kind in cache._KINDS))
    assert stamp_of_sources("1", {}, tmp_path) != now


def test_the_stamp_sees_a_file_of_the_user_a_limit_and_another_version(tmp_path: Path) -> None:
    plain = stamp_of_sources("1", {}, tmp_path)
    assert plain == stamp_of_sources("1", {}, tmp_path)
    assert plain != stamp_of_sources("2", {}, tmp_path)
    assert plain != stamp_of_sources("1", {"merchant_chat": ("1h", "2h")}, tmp_path)
    (tmp_path / "quiet.yaml").write_text("quiet: []")
    added = stamp_of_sources("1", {}, tmp_path)
    assert added != plain
    os.utime(tmp_path / "quiet.yaml", ns=(1, 1))
    assert stamp_of_sources("1", {}, tmp_path) != added
    before = stamp_of_sources("1", {}, tmp_path)
    (tmp_path / "sources.yaml").write_text("sources: []")  # what the others name may be missing now
    assert stamp_of_sources("1", {}, tmp_path) != before
