"""What must be settled in the environment before Textual is imported for the first time. It imports nothing itself."""

from __future__ import annotations

from collections.abc import MutableMapping

__all__ = ["before_textual"]


def before_textual(environ: MutableMapping[str, str]) -> None:
    """Leave out the kitty keyboard mode in iTerm2, which drops the text of input methods under it.

    Textual reads the variable once, when it is imported. What the user has set himself stands.
    """
    if environ.get("TERM_PROGRAM") == "iTerm.app" or environ.get("LC_TERMINAL") == "iTerm2":
        environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
