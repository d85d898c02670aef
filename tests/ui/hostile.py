"""Texts that try to act, and a walk over all that is drawn that finds the one that got through."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TypeVar

from rich.segment import Segment
from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

HOSTILE = (
    "[@click=app.quit]x[/]",
    "[ @click=app.quit]x[/ ]",
    "[@click='app.exit(1)']x[/@click]",
    "\\[@click=app.quit]x[/]",
    "[bold red on white link=https://example.invalid]x",
    "[link='file:///etc/passwd']x[/link]",
    "[/]",
    "[/b][/][[[]",
    "[",
    "[unclosed",
    "[$error]x[/$error] [auto on auto]y[/]",
    "$name ${name} {name} %s \\",
    "\x1b[31mred\x1b[0m\x1b[2J\x1b[H\x1b]0;title\x07",
    "\x1b]52;c;ZXZpbA==\x07\x1b]8;;https://example.invalid\x1b\\x\x1b]8;;\x1b\\",
    "\x1bPq#0\x1b\\\x1b_G\x1b\\\x1bc\x1b[c\x1b[6n",
    "\x9b31m\x9d0;title\x9c\x90q\x9c\x85",
    "".join(map(chr, range(32))) + "\x7f" + "".join(map(chr, range(128, 160))),
    "退款\u202e元00.98\u202c\u2066\u2067\u200f\u061c",
    "零\u200b宽\u200d\ufeff\u2060\u00ad\u3164",
    "first\r\nsecond\rthird\u2028fourth\u2029fifth\x0b\x0c",
    "\ud800\udfff\ud83d",
    "tag\U000e0041\U000e0042\U000e007f",
    "Z" + "\u0301\u0316\u0337" * 60 + "algo",
    "👩\u200d👩\u200d👧\u200d👦 🏳\ufe0f\u200d🌈 🇨🇳 👍🏽 ❤\ufe0f",
    "长" * 5000,
    "w" * 5000,
    "=cmd|'/c calc'!A1 +1 -1 @SUM(1)",
    "<script>alert(1)</script>&lt;",
    "../../../etc/passwd\x00.txt",
    "：emoji: :smile: `code` **bold** [a](b)",
    "",
    "　",
)


Result = TypeVar("Result")

SCROLLBAR = {"@mouse.down": {"grab", "scroll_up", "scroll_down"}, "@mouse.up": {"release"}}
"""The actions that Textual's own scroll bars are made of."""


def offences(app: App[Result]) -> list[str]:
    """What of the drawn screens could act on a terminal or be clicked; empty when all is well."""
    found: list[str] = []
    with app._context():
        for screen in app.screen_stack:
            for where, segment in drawn(screen):
                found += [f"{where}: {trouble} in {segment.text[:40]!r}" for trouble in _troubles(segment)]
    return found


def drawn(screen: Screen[object]) -> Iterator[tuple[str, Segment]]:
    """Each piece of the composed screen, and of each widget, also where another covers it."""
    for strip in screen._compositor.render_strips(screen.size):
        for segment in strip:
            yield repr(screen), segment
    for widget in screen.walk_children(Widget):
        if widget.display and widget.outer_size.area:
            for strip in widget.render_lines(widget.outer_size.region):
                for segment in strip:
                    yield repr(widget), segment


def _troubles(segment: Segment) -> Iterator[str]:
    if segment.control:
        yield "a control code"
    for sign in set(segment.text):
        harmful = unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Zl", "Zp") or sign == "\u3164"
        if harmful and sign != "\u200d":  # the joiner inside an emoji, as somebody is typing it
            yield f"U+{ord(sign):04X} {unicodedata.category(sign)}"
    if segment.style is not None:
        if segment.style.link:
            yield f"a link to {segment.style.link}"
        for key, action in segment.style.meta.items():
            if key.startswith("@") and action not in SCROLLBAR.get(key, ()):
                yield f"an action {key} {action}"
