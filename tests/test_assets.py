from __future__ import annotations

from pathlib import Path

import pytest

from pddtui import assets


def test_in_a_checkout_the_assets_stand_beside_the_package(checkout: Path) -> None:
    assert assets.path("data/config.yaml") == checkout / "data" / "config.yaml"
    assert assets.read_text("data/config.yaml").startswith("# Settings of pddtui")


def test_in_a_wheel_the_assets_stand_inside_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "pddtui"
    (package / "styles").mkdir(parents=True)
    monkeypatch.setattr(assets, "__file__", str(package / "assets.py"))
    assets._root.cache_clear()
    try:
        assert assets.path("styles/base.tcss") == package / "styles" / "base.tcss"
    finally:
        assets._root.cache_clear()
