"""The command palette: every deed, every setting, every look, every case; type part of it, Enter does it.

Texts are literal and are matched by all words of the query, in any order, in both languages, in pinyin, and by what
people also say. What cannot be done now is listed with the reason. The palette is our own: Textual's reads
help texts as markup, tries every way a query fits into a title, and says what it says in English only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar

from msgspec import Struct
from textual import on
from textual.app import App, ComposeResult, ReturnType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from pddtui.domain.text import fold
from pddtui.message import Message, Words, msg
from pddtui.services.pinyin import fits, sounds_of
from pddtui.services.preferences import PREFERENCE_GROUPS, Preference, preferences
from pddtui.speech import Speech
from pddtui.ui import show, themes
from pddtui.ui.actions import ACTIONS, BY_ID, Action, Place, of_place
from pddtui.ui.also import also_of
from pddtui.ui.bindings import ActionScreen, active_bindings, key_name, run_binding
from pddtui.ui.context import Context
from pddtui.ui.show import Tone
from pddtui.ui.terminal import SteadyApp
from pddtui.ui.widgets.entries import LineField
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.viewport import Row, distinct

__all__ = ["Palette", "cases", "matching_commands"]


MOST_CASES = 20
"""So many cases are offered at once; one more word finds the others."""

_LOOKS = "looks"
_ONLY_TYPED = (f"{_LOOKS}:", "setting:")
"""With what the keys begin of those that are many and wait until they are asked for."""

_MOVES = {"down": 1, "up": -1}
_PAGES = {"pagedown": 1, "pageup": -1}


class PaletteCommand(Struct, frozen=True, kw_only=True):
    """Something the palette can do."""

    key: str
    """Identifies it among the others."""
    word: str
    note: str = ""
    """A sentence about it."""
    keys: str = ""
    """The key that does the same."""
    run: Callable[[], Awaitable[None] | None]
    why_not: str = ""
    """Why it cannot be done now; "" when it can."""
    names: tuple[str, ...] = ()
    """What it is called, in both languages."""
    also: tuple[str, ...] = ()
    """What else a person may type for it."""
    among: frozenset[str] = frozenset()
    """One of many alike, offered only where one of these words was typed; without any, wherever it fits."""

    def fit(self, words: list[str]) -> tuple[int, int] | None:
        """How well all the words fit, the least best; None if one of them is missing.

        What is called so comes first, then what begins so, then what people also call so.
        """
        if self.among and self.among.isdisjoint(words):
            return None
        typed = " ".join(words)
        names, also = [*map(fold, (self.word, *self.names))], [*map(fold, self.also)]
        if typed in names:
            return 0, 0
        if any(name.startswith(typed) for name in names):
            return 1, 0
        if typed in also:
            return 2, also.index(typed)
        sounds = sounds_of(typed)
        if sounds is not None and any(sounds.pattern.fullmatch(name) for name in names):
            return 3, 0
        for place, text in enumerate((" ".join(names), " ".join((*names, *also)))):
            if all(word in text for word in words):
                return 4, place
        if sounds is not None and any(sounds.pattern.fullmatch(word) for word in also):
            return 5, 0
        whole = fold(" ".join((*names, *also, self.note, self.keys)))
        return (6, 0) if all(fits(word, whole) for word in words) else None


_KEY_WORDS = frozenset(map(fold, also_of("keys")))
"""One of these is typed by whoever looks for the key of something."""

_EXPORTS: Mapping[str, Message] = {
    "html": msg("Export as a page to print"),
    "markdown": msg("Export as Markdown"),
    "csv": msg("Export as a spreadsheet (CSV)"),
    "ics": msg("Export as a calendar (ics)"),
    "json": msg("Export as JSON"),
    "zip": msg("Export as a ZIP with the evidence"),
    "mask": msg("Export with private data masked"),
}
_PLACES: Mapping[str, tuple[Message, Message]] = {
    "drafts": (msg("Drafts"), msg("Which forms are half typed, of which case, and how to go on.")),
    "backups": (msg("Backups"), msg("Where former data files are, and how to get one back.")),
    "begin_tour": (msg("Tour"), msg("Walk through the desk in eight short steps, on sample cases.")),
    "demo": (msg("Demo"), msg("Open the desk on ten sample cases; nothing there touches your file.")),
}
"""What has no key: the name of the method `action_…` of the page, its word and what it does."""


def commands(context: Context, screen: Screen[ReturnType]) -> Iterator[PaletteCommand]:
    """What can be done on the screen, in the order of its keys and what cannot be done now last; then everything else.

    From a page over the desk the keys of the desk are offered too: they are done there.
    """
    yield from sorted(_actions(context, screen), key=lambda command: bool(command.why_not))
    yield from _ways(context, screen)
    yield from _settings(context, screen)
    note = context.speech("Screen colours, kept in the settings.")
    for theme in ("auto", *screen.app.available_themes):
        yield PaletteCommand(
            key=f"{_LOOKS}:{theme}",
            word=context.speech("Theme: {name}", name=theme),
            note=note,
            run=partial(_wear, screen.app, theme),
            also=also_of(_LOOKS),
        )


def _actions(context: Context, screen: Screen[ReturnType]) -> Iterator[PaletteCommand]:
    speech, app = context.speech, screen.app
    here = set()
    for command in active_bindings(screen):
        action = BY_ID.get(command.id)
        if action is None or action.group == "move" or command.id == "program.palette":
            continue
        here.add(command.id)
        reason = screen.why_not(action) if isinstance(screen, ActionScreen) and not command.enabled else None
        if reason is None and not command.enabled:
            continue
        keys = "  ".join(key_name(name, speech) for name in command.keys[:2])
        if reason is not None and isinstance(screen, ActionScreen):
            why_not = speech.say(reason)
            yield _of_action(speech, action, keys, why_not, partial(screen.decline, why_not))
        else:
            yield _of_action(speech, action, keys, "", partial(run_binding, app, command))
    desk = _desk(app)
    if desk is None or desk is screen:
        return
    for action in of_place("desk"):
        if action.id not in here and action.group != "move" and action.id != "program.palette":
            keys = key_name(action.keys.partition(",")[0], speech)
            reason = desk.why_not(action)
            why_not = speech.say(reason) if reason is not None else ""
            run = partial(desk.decline, why_not) if why_not else partial(_on_the_desk, app, desk, action.calls)
            yield _of_action(speech, action, keys, why_not, run)


def _of_action(
    speech: Speech, action: Action, keys: str, why_not: str, run: Callable[[], Awaitable[None] | None]
) -> PaletteCommand:
    return PaletteCommand(
        key=action.id,
        word=speech.say(action.word),
        note=speech.say(action.tip),
        keys=keys,
        run=run,
        why_not=why_not,
        names=speech.spellings(action.word),
        also=also_of(action.id),
    )


def _desk(app: App[ReturnType]) -> ActionScreen[object] | None:
    """The desk under what is shown, if there is one."""
    return next((each for each in app.screen_stack if isinstance(each, ActionScreen) and each.PLACE == "desk"), None)


async def _on_the_desk(
    app: App[ReturnType], desk: Screen[object] | None, action: str | tuple[str, str, tuple[object, ...]]
) -> None:
    """Go back to the desk, then do it there."""
    while desk is not None and app.screen is not desk and desk in app.screen_stack:
        await app.screen.dismiss(None)
    await app.run_action(action, desk)


def _ways(context: Context, screen: Screen[ReturnType]) -> Iterator[PaletteCommand]:
    speech, app = context.speech, screen.app
    for form, word in _EXPORTS.items():
        yield PaletteCommand(
            key=f"export:{form}",
            word=speech.say(word),
            note=speech("Opens the export with this chosen, to look at before it is written."),
            run=partial(_call, app, screen, "export_as", form),
            names=speech.spellings(word),
            also=also_of(f"export:{form}"),
        )
    for name, (word, tip) in _PLACES.items():
        yield PaletteCommand(
            key=name,
            word=speech.say(word),
            note=speech.say(tip),
            run=partial(_call, app, screen, name),
            names=speech.spellings(word),
            also=also_of(name),
        )
    desk = _desk(app)
    for name, query in context.settings.filters.items() if desk is not None else ():
        yield PaletteCommand(
            key=f"filters:{name}",
            word=speech("Filter: {name}", name=name),
            note=query,
            run=partial(_on_the_desk, app, desk, ("", "filter_by", (name,))),
            names=(name,),
            also=also_of("filters"),
        )


def _called(each: Preference) -> Words:
    """What a setting is called among all of them."""
    match each.group:
        case "limits":
            return msg("Limit: {name}", name=each.label)
        case "me":
            return msg("Me: {name}", name=each.label)
        case "people":
            return msg("For whom: {name}", name=each.label)
    return each.label


def _settings(context: Context, screen: Screen[ReturnType]) -> Iterator[PaletteCommand]:
    """Every setting; each opens the settings there. The keys are offered where keys are asked for."""
    speech, settings, app = context.speech, context.settings, screen.app
    for each in preferences(settings, context.handbook, themes.ALL_THEMES):
        yield PaletteCommand(
            key=f"setting:{each.id}",
            word=speech("Setting: {name}", name=_called(each)),
            note=speech.say(each.tip),
            run=partial(_call, app, screen, "settings", each.id),
            names=speech.spellings(_called(each)),
            also=also_of(each.id),
        )
    first, *_ = ACTIONS
    yield PaletteCommand(
        key="setting:keys",
        word=speech("Setting: {name}", name=PREFERENCE_GROUPS["keys"]),
        note=speech("Other keys for an action, each by its name."),
        run=partial(_call, app, screen, "settings", f"keys.{first.id}"),
        names=speech.spellings(PREFERENCE_GROUPS["keys"]),
        also=also_of("keys"),
    )
    for action in ACTIONS:
        yield PaletteCommand(
            key=f"setting:keys.{action.id}",
            word=speech("Key of {name}", name=speech.say(action.word)),
            note=speech.say(action.tip),
            keys=key_name(settings.keys.get(action.id, action.keys).partition(",")[0].strip(), speech),
            run=partial(_call, app, screen, "settings", f"keys.{action.id}"),
            names=(action.id, *speech.spellings(action.word), *also_of("keys")),
            among=_KEY_WORDS,
        )


async def _call(app: App[ReturnType], screen: Screen[ReturnType], name: str, *values: str) -> None:
    """Have the page do what it has no key for."""
    await app.run_action(("", name, values), screen)


def cases(context: Context, open_case: Callable[[str], None]) -> Iterator[PaletteCommand]:
    """Every case that is not in the trash, newest first, to be opened with `open_case`."""
    for case in reversed(context.casebook.cases()):
        note = "  ".join(part for part in (case.ref, case.merchant, case.order.number) if part)
        yield PaletteCommand(key=f"case:{case.id}", word=case.title, note=note, run=partial(open_case, case.id))


def matching_commands(text: str, offered: list[PaletteCommand], listed: list[PaletteCommand]) -> list[PaletteCommand]:
    """The commands for what was typed, the best first, then at most `MOST_CASES` of the cases.

    Without a query there are the commands alone; looks and settings stay out of the way.
    """
    words = fold(text).split()
    if not words:
        return [command for command in offered if not command.key.startswith(_ONLY_TYPED)]
    return [*_best(words, offered), *_best(words, listed)[:MOST_CASES]]


def _best(words: list[str], offered: list[PaletteCommand]) -> list[PaletteCommand]:
    ranked = [(rank, command) for command in offered if (rank := command.fit(words)) is not None]
    ranked.sort(key=lambda pair: (bool(pair[1].among), *pair[0], bool(pair[1].why_not)))
    return [command for _, command in ranked]


async def _wear(app: App[ReturnType], theme: str) -> None:
    if isinstance(app, SteadyApp):
        await app.keep_theme(theme)
    else:
        app.theme = theme


class Palette(ModalScreen[None], ActionScreen[None]):
    """A window over the screen whose commands it offers."""

    CSS_PATH = themes.OTHER_SHEETS
    PLACE: ClassVar[Place] = "palette"

    def __init__(self, context: Context, screen: Screen[ReturnType], open_case: Callable[[str], None]) -> None:
        """`open_case` goes to the case with that id."""
        super().__init__()
        self._commands = list(commands(context, screen))
        self._cases = list(cases(context, open_case))
        self.context = context
        self._found: dict[str, PaletteCommand] = {}
        self._line = LineField(placeholder=context.speech("a command, or part of a case"))
        self._line.before_key = self._before_key
        nothing = show.plain(context.speech("Nothing matches."), Tone.QUIET)
        self._list = LineList(self._look, empty=nothing, open_on_click=True, id="found")
        self._list.can_focus = False

    def compose(self) -> ComposeResult:
        with Vertical(id="palette"):
            yield self._line
            yield self._list

    def on_mount(self) -> None:
        self._line.focus()
        self._fill("")

    def action_back(self) -> None:
        self.dismiss(None)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._fill(event.value)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._list.action_open()

    @on(LineList.Opened)
    def _chosen(self, event: LineList.Opened) -> None:
        event.stop()
        command = self._found[event.key]
        self.dismiss(None)
        self.app.call_later(command.run)

    def _fill(self, text: str) -> None:
        self._found = distinct(
            (command.key, command) for command in matching_commands(text, self._commands, self._cases)
        )
        rows = [Row(key, stamp=command) for key, command in self._found.items()]
        self._list.set_rows(rows, cursor=rows[0].key if rows else None)

    def _before_key(self, key: str) -> bool:
        if key in _MOVES:
            self._list.action_move(_MOVES[key])
        elif key in _PAGES:
            self._list.action_page(_PAGES[key])
        else:
            return False
        return True

    def _look(self, key: str, cells: int) -> Sequence[Content]:
        command = self._found[key]
        room = max(1, cells - show.width(command.keys) - 1)
        off = bool(command.why_not)
        head = show.one_row(show.line((command.word, Tone.QUIET if off else Tone.STRONG)), room)
        below = (f"✗ {command.why_not}", Tone.AMBER) if off else (command.note, Tone.QUIET)
        first = show.line(head, " ", (command.keys, Tone.QUIET if off else Tone.ACCENT))
        return [first, *show.wrap(show.line(below), cells)]
