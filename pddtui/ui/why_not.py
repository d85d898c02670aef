"""What a key says that has nothing to act on where the cursor is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from textual.screen import Screen

from pddtui.message import Message, msg
from pddtui.speech import Speech
from pddtui.ui.in_force import in_force

__all__ = ["say_why_not"]

Result = TypeVar("Result")

_REASONS: Mapping[str, Message] = {
    "settle": msg("There is nothing to settle here: choose a promise or a follow-up."),
    "promise_broken": msg("There is no promise here: choose one in the contact log or under what is due."),
    "snooze": msg("Only a follow-up can be put off: choose one under what is due."),
    "decide": msg("The case was filed nowhere yet: E files it."),
}
_NO_CASE = msg("There is no case here: n opens one.")


def say_why_not(screen: Screen[Result], key: str, speech: Speech, *, case: bool) -> bool:
    """Say why the key does nothing, if it is the key of a deed; `case` is whether there is a case at all."""
    for each in in_force(screen):
        if key in each.keys and not each.enabled and each.binding.action.startswith("do("):
            deed = each.binding.action.removeprefix("do('").removesuffix("')")
            reason = _REASONS.get(deed, _NO_CASE) if case else _NO_CASE
            screen.notify(speech.say(reason), markup=False)
            return True
    return False
