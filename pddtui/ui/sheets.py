"""The style sheets in their order, in two parts: what the desk needs for its first picture, and all the others.

Every rule is nested under its screen or widget, because the sheet of a screen stays in force for the whole program.
A screen that can be opened names `REST` as its `CSS_PATH`; what has been read before costs nothing then.
"""

from __future__ import annotations

from pathlib import PurePath

from pddtui import assets

__all__ = ["FIRST", "REST"]


def _sheets(*names: str) -> list[str | PurePath]:
    return [assets.path(f"styles/{name}.tcss") for name in names]


FIRST = _sheets("base", "widgets", "desk")
REST = _sheets("fields", "case", "forms", "pages", "handbook", "agenda", "letters", "insights", "export")
