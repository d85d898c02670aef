"""A small app around the widgets under test, with the sheets of the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from typing import ClassVar, TypeVar

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

STYLES = Path(__file__).parents[2] / "styles"

Kind = TypeVar("Kind", bound=Message)


class Bench(App[None]):
    """Shows the widgets that `build` makes and remembers the messages of the kinds in `heard_kinds`."""

    CSS_PATH: ClassVar[list[str | PurePath]] = [STYLES / f"{name}.tcss" for name in ("base", "widgets", "fields")]

    def __init__(self, build: Callable[[], Iterable[Widget]], *kinds: type[Message]) -> None:
        super().__init__()
        self._build = build
        self._kinds = kinds
        self.heard: list[Message] = []

    def compose(self) -> ComposeResult:
        yield from self._build()

    def hear(self, message: Message) -> None:
        """For `run_test(message_hook=…)`: a message that bubbles arrives several times and counts once."""
        if isinstance(message, self._kinds) and not any(message is known for known in self.heard):
            self.heard.append(message)

    def of(self, kind: type[Kind]) -> list[Kind]:
        return [message for message in self.heard if isinstance(message, kind)]
