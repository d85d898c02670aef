"""The actions as Textual has them: bindings, what is in force on a screen, the names of keys, and keys a person wants.

Full-width characters, which a Chinese input method sends, act as their ASCII twins wherever no text is being typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar

from msgspec import Struct
from textual import events, on
from textual.app import App, ReturnType, ScreenStackError
from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.geometry import Size
from textual.keys import KEY_NAME_REPLACEMENTS, format_key
from textual.screen import Screen
from textual.widget import Widget

from pddtui.domain.table import Deed
from pddtui.errors import Refused
from pddtui.message import Message, msg
from pddtui.speech import Speech
from pddtui.ui.actions import BY_ID, DEED_ACTIONS, TOGETHER, Action, Need, Place, of_place
from pddtui.ui.notices import NoticeApp, NoticeScreen

__all__ = [
    "ActionScreen",
    "ActiveBinding",
    "active_bindings",
    "bindings",
    "deed_keys",
    "half_width",
    "key_name",
    "keymap",
    "run_binding",
    "usable_keys",
]


_ABOVE_TYPING: frozenset[Place] = frozenset({"letter"})
"""Where a text box would take the keys for its own."""


def bindings(place: Place) -> list[BindingType]:
    """Textual's bindings for what can be done in this place."""
    return [
        Binding(
            action.keys,
            action.calls,
            action.word.template,
            show=action.shown,
            tooltip=action.tip.template,
            id=action.id,
            priority=place in _ABOVE_TYPING,
        )
        for action in of_place(place)
    ]


class ActiveBinding(Struct, frozen=True):
    """An action that a key has here and now."""

    id: str
    """The id of the binding; what it calls where it has none."""
    keys: tuple[str, ...]
    """In Textual's notation, the one to show first; remapped ones as they are now."""
    binding: Binding
    place: DOMNode
    """The widget or screen whose action it is."""
    enabled: bool


def active_bindings(screen: Screen[ReturnType]) -> tuple[ActiveBinding, ...]:
    """Every action of the screen, of what has the focus on it, and of the app; the innermost first."""
    found: dict[tuple[str, DOMNode], ActiveBinding] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        name = binding.id or binding.action
        earlier = found.get((name, active.node))
        keys = (*earlier.keys, key) if earlier is not None else (key,)
        found[name, active.node] = ActiveBinding(name, keys, binding, active.node, active.enabled)
    return tuple(found.values())


async def run_binding(app: App[ReturnType], command: ActiveBinding) -> None:
    """Do what the key would do."""
    await app.run_action(command.binding.action, command.place)


class ActionScreen(NoticeScreen[ReturnType]):
    """A screen whose keys are the actions of a place. A key that has nothing to act on says why."""

    PLACE: ClassVar[Place]
    """Where this is. A screen that adds to what another can do names a place of its own."""
    _BY_CALL: ClassVar[Mapping[str, Action]] = {}
    """By the name of their method, the actions of this screen that are no deeds."""

    speech: Speech

    doing = begun = 0
    """How many deeds run, and how many were ever begun; keys that come meanwhile wait for what they open."""

    _unheard: frozenset[str] = frozenset()
    """The cases that have changed while it was covered."""
    _resized = False
    """Whether the window has got another size while it was covered."""
    _time: datetime | None = None
    """When it was, as it was heard last, and as it is shown."""
    _time_shown: datetime | None = None

    @property
    def is_current(self) -> bool:
        """Whether it draws. What is covered does not, though Textual would let it: nobody would see the difference."""
        try:
            return self.app.screen is self or (self._resized and super().is_current)
        except ScreenStackError:
            return False

    @on(events.Resize)
    def _resized_under_another(self) -> None:
        """What is seen around a question has to fit into the window again."""
        self._resized = self._resized or self.app.screen is not self

    def hear(self, changed: frozenset[str], now: datetime) -> None:
        """These cases are others than before, by another window or because it is `now`; a covered screen waits."""
        self._unheard |= changed
        self._time = now
        self._listen()

    @on(events.ScreenResume)
    def _listen(self) -> None:
        if self.app.screen is not self:
            return
        self._resized = False
        changed, self._unheard = self._unheard, frozenset()
        now, before = self._time, self._time_shown
        if now is not None and (before is None or f"{now:%Y-%m-%d %H:%M}" != f"{before:%Y-%m-%d %H:%M}"):
            self._time_shown = now
            self.clock_moved(now)
        if changed:
            self.take_in(changed)

    def clock_moved(self, now: datetime) -> None:
        """It is another minute, later or earlier, than when this was called last."""

    def take_in(self, changed: frozenset[str]) -> None:
        """What is said of these cases is something else: a screen that shows one of them shows it again."""

    def __init_subclass__(cls) -> None:
        if "PLACE" in cls.__dict__:
            cls.BINDINGS = bindings(cls.PLACE)
            own = {action.runs.partition("(")[0]: action for action in of_place(cls.PLACE) if action.runs}
            cls._BY_CALL = {**cls._BY_CALL, **own}
        super().__init_subclass__()

    def met(self, need: Need) -> bool:
        """Whether there is what an action needs."""
        raise NotImplementedError

    def why_not(self, action: Action) -> Message | None:
        """Why it cannot be done now; None when it can."""
        need = action.needs
        return need.value if need is not None and not self.met(need) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """None, which keeps the key from doing anything, where something is missing for it."""
        meant = BY_ID[str(parameters[0])] if action == "do" else self._BY_CALL.get(action)
        return True if meant is None or self.why_not(meant) is None else None

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        """Have every widget that has asked for another layout measured again in that one.

        Textual 8.2 knows the size that it measured by how often the widget has asked, and counts no second time while
        the first is on its way: a text that is set between a layout and that would keep the size of the one before.
        Where tasks start at once (Python 3.12 and later) the first layout often comes so early.
        """
        super()._refresh_layout(size, scroll)
        for widget in self.walk_children(Widget):
            if widget._layout_required:
                widget._layout_updates += 1

    def on_key(self, event: events.Key) -> None:
        """What nobody could use comes here."""
        for each in active_bindings(self):
            if event.key in each.keys and not each.enabled and each.id in BY_ID:
                reason = self.why_not(BY_ID[each.id])
                if reason is not None:
                    if event.key == "escape" and isinstance(self.app, NoticeApp) and self.app.cleared_one:
                        event.stop()
                        return
                    self.decline(self.speech.say(reason))
                    event.stop()
                return


_SAID: dict[str, Message] = {
    "space": msg("Space"),
    "enter": msg("Enter"),
    "backspace": msg("Backspace"),
}
"""Keys that have a word in each language."""

_WRITTEN = {
    "escape": "Esc",
    "tab": "Tab",
    "delete": "Del",
    "insert": "Ins",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
"""Keys that stand on the keyboard like this everywhere."""

_HELD = {"ctrl": "Ctrl", "shift": "Shift", "alt": "Alt", "super": "Super", "meta": "Meta"}


def key_name(key: str, speech: Speech) -> str:
    """The name of one key in Textual's notation: `question_mark` is `?`, `ctrl+s` Ctrl+S, `space` 空格 in Chinese."""
    *held, last = key.split("+") if len(key) > 1 else [key]
    name = _name(last, speech)
    if held and len(name) == 1:
        name = name.upper()
    return "+".join([*(_HELD.get(modifier, modifier) for modifier in held), name])


def _name(key: str, speech: Speech) -> str:
    said = _SAID.get(key)
    if said is not None:
        return speech.say(said)
    if key in _WRITTEN:
        return _WRITTEN[key]
    return key.upper() if key[:1] == "f" and key[1:].isdigit() else format_key(key)


def deed_keys(wishes: Mapping[str, str], speech: Speech) -> Mapping[Deed, str]:
    """The key that does each deed, as a list of acts shows it; `wishes` are the keys that a person wants instead.

    The space bar is one sign there in both languages, as narrow as a letter.
    """
    named: dict[Deed, str] = {}
    for deed, action_id in DEED_ACTIONS.items():
        key = _names(wishes.get(action_id) or BY_ID[action_id].keys)[0]
        named[deed] = _SPACE_BAR if key == "space" else key_name(key, speech)
    return named


_SPACE_BAR = "␣"

_FULL_WIDTH = 0xFEE0
"""What lies between an ASCII character and its full-width twin."""

_SAME_KEY = {"、": "/", "。": ".", "【": "[", "】": "]", "\u3000": " "}
"""What the same physical key sends while a Chinese input method is on, where that is not the twin."""


def half_width(key: events.Key) -> events.Key | None:
    """The key press that a full-width character stands for in command mode; None for any other key."""
    character = key.character
    if character is None or len(character) != 1:
        return None
    twin = _SAME_KEY.get(character) or (chr(ord(character) - _FULL_WIDTH) if "！" <= character <= "～" else None)
    return events.Key(_typed(twin), twin) if twin else None


def _typed(character: str) -> str:
    """Textual's name of the key that types an ASCII character."""
    if character.isalnum():
        return character
    name = unicodedata.name(character).lower().replace("-", "_").replace(" ", "_")
    return KEY_NAME_REPLACEMENTS.get(name, name)


def keymap(wishes: Mapping[str, str]) -> dict[str, str]:
    """Textual's keymap for the keys that a person wants instead, by the id of the action.

    Refuses an unknown id, an empty wish, and a wish that gives one key to two actions that are there at one time; the
    same key on two screens is no clash.
    """
    for wish, keys in wishes.items():
        if wish not in BY_ID:
            raise Refused(
                msg("There is no key setting “{id}”; the help screen (?) lists them all.", id=wish),
                field=f"keys.{wish}",
            )
        if not all(_names(keys)):
            raise Refused(msg("The key setting “{id}” has no key.", id=wish), field=f"keys.{wish}")
    for places in TOGETHER:
        _refuse_clash({each.id: _names(wishes.get(each.id, each.keys)) for each in of_place(*places)}, wishes)
    return {wish: ",".join(_names(keys)) for wish, keys in wishes.items()}


def usable_keys(wishes: Mapping[str, str]) -> tuple[dict[str, str], tuple[Refused, ...]]:
    """As many of the wishes as can be met together, and why each of the others cannot."""
    left, refused = dict(wishes), []
    while True:
        try:
            keymap(left)
        except Refused as refusal:
            refused.append(refusal)
            del left[(refusal.field or "").removeprefix("keys.")]
        else:
            return left, tuple(refused)


def _names(keys: str) -> list[str]:
    names = keys.replace(" ", "").split(",")
    return [_typed(name) if len(name) == 1 and name.isascii() else name for name in names]


def _refuse_clash(table: Mapping[str, Iterable[str]], wishes: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for key_id, names in table.items():
        for name in names:
            first = taken.setdefault(name, key_id)
            if first != key_id and not wishes.keys().isdisjoint((first, key_id)):
                raise Refused(
                    msg(
                        "The key “{key}” is assigned to both {first} and {second}.",
                        key=name,
                        first=first,
                        second=key_id,
                    ),
                    field=f"keys.{key_id if key_id in wishes else first}",
                )
