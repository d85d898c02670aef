"""A small app that shows one page with the sheets of the real program, and what a person would read on it."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import ClassVar, TypeVar

from textual.app import App
from textual.screen import Screen

STYLES = Path(__file__).parents[2] / "styles"

Result = TypeVar("Result")


class PageApp(App[None]):
    """Pushes the page at the start and keeps what it gives back."""

    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        STYLES / f"{name}.tcss" for name in ("base", "widgets", "case", "pages")
    ]

    def __init__(self, page: Screen[Result]) -> None:
        super().__init__()
        self.page = page
        self.results: list[object] = []
        self.copied: list[str] = []

    def on_mount(self) -> None:
        self.push_screen(self.page, self.results.append)

    def copy_to_clipboard(self, text: str) -> None:
        self.copied.append(text)

    @property
    def picture(self) -> list[str]:
        """The lines of the screen, as drawn."""
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]

    def reads(self, text: str) -> bool:
        return any(text in line for line in self.picture)
