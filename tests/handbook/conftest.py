from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pddtui import assets
from pddtui.handbook.book import Handbook


@pytest.fixture(scope="session")
def book() -> Handbook:
    return Handbook()


@pytest.fixture
def with_user_file(tmp_path: Path) -> Callable[[str, str], Handbook]:
    """A handbook over a user's folder that holds one file of that name and text."""

    def build(name: str, text: str) -> Handbook:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return Handbook(assets.read_text, tmp_path)

    return build
