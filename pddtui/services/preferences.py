"""Every setting as a person meets it: what it is called, what it does, its value, its default, and what may be typed.

The settings screen is made of this, and so can be whatever else reads or changes a setting by its name. A preference is
told by the path of its value in the settings file, the parts joined by points: `theme`, `mine.amber`, `quiet.weibo`.
What a look is called and which keys there are only the desk knows, so it hands in their checks.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec import Struct

from pddtui.domain.rules import MY_TURN
from pddtui.domain.text import one_line
from pddtui.durable import need_folder, read_file, write_whole
from pddtui.errors import CannotWrite, Conflict, Refused, Unlisted
from pddtui.message import Message, Words, msg
from pddtui.places import Places
from pddtui.settings import LimitText, Me, OwnText, Settings, taken_as
from pddtui.settings_file import Plain, SettingsText, open_settings, save_settings, with_settings

if TYPE_CHECKING:
    from pddtui.handbook.book import Handbook

__all__ = [
    "PREFERENCE_GROUPS",
    "Preference",
    "PreferencePart",
    "changed",
    "keep_theme",
    "key_preference",
    "preferences",
    "remembered_theme",
]

PreferenceGroup = Literal["screen", "limits", "me", "people", "file", "keys"]

PREFERENCE_GROUPS: dict[PreferenceGroup, Message] = {
    "screen": msg("Screen"),
    "limits": msg("After how long without an answer the desk says so"),
    "me": msg("Me, and what every mask hides"),
    "people": msg("For whom else I keep cases"),
    "file": msg("Saving"),
    "keys": msg("Keys"),
}
"""The parts of the settings screen, in their order."""

Changes = tuple[tuple[tuple[str, ...], Plain | None], ...]


class PreferencePart(Struct, frozen=True, kw_only=True):
    """One thing that is typed or chosen for a preference."""

    id: str
    label: Words
    value: str
    """As it is in force, as it would be typed."""
    standard: str = ""
    """The default, as it would be typed; "" where there is none."""


class Preference(Struct, frozen=True, kw_only=True):
    """One line of the settings."""

    id: str
    where: tuple[str, ...]
    """Its place in the settings file."""
    group: PreferenceGroup
    label: Words
    tip: Message
    parts: tuple[PreferencePart, ...]
    options: tuple[tuple[str, Words], ...] = ()
    """What there is to choose from, each with its word; empty where a text is typed."""
    at_once: bool = False
    """Whether a change is seen at once; else it is from the next start."""

    @property
    def own(self) -> bool:
        """Whether it is set otherwise than by default."""
        return any(part.value != part.standard for part in self.parts)


_YES, _NO = msg("yes"), msg("no")
_SWITCH: tuple[tuple[str, Words], ...] = (("true", _YES), ("false", _NO))
_LANGUAGES: tuple[tuple[str, Words], ...] = (
    ("auto", msg("by the locale")),
    ("zh", msg("Chinese")),
    ("en", msg("English")),
)
_ORDERS: tuple[tuple[str, Words], ...] = (("true", msg("newest on top")), ("false", msg("newest at the bottom")))
_LOG_WITH: tuple[tuple[str, Words], ...] = (("form", msg("the form")), ("line", msg("one line")))
_STAGES: Mapping[str, Message] = {
    "submitted": msg("filed"),
    "accepted": msg("accepted"),
    "returning": msg("the goods are on their way back"),
    "owed": msg("the money is awaited"),
}
_OF_ME: Mapping[str, Message] = {"name": msg("Name"), "phone": msg("Phone"), "address": msg("Address")}
NEW = "+"
"""The id of the line that adds somebody."""


def preferences(settings: Settings, book: Handbook, themes: Iterable[str]) -> tuple[Preference, ...]:
    """Every setting but the keys, with the value in force; `themes` are the names to choose from."""
    looks: tuple[tuple[str, Words], ...] = (("auto", msg("as the terminal is")), *((name, name) for name in themes))
    return (
        _simple(settings, "language", msg("Language"), msg("The language of the screens."), _LANGUAGES),
        _simple(settings, "theme", msg("Theme"), msg("The colours of the screens."), looks, at_once=True),
        _simple(
            settings,
            "zone",
            msg("Time zone"),
            msg("Times are shown in it, and meant in it when nothing else is said."),
        ),
        _simple(
            settings,
            "log_newest_first",
            msg("Contact log"),
            msg("Where the newest contact stands."),
            _ORDERS,
            at_once=True,
        ),
        _simple(
            settings,
            "log_with",
            msg("The key for a contact"),
            msg("What the key that logs a contact opens: the whole form, or one line."),
            _LOG_WITH,
            at_once=True,
        ),
        *_limits(settings, book),
        *(_of_me(settings.me, name) for name in _OF_ME),
        Preference(
            id="nicknames",
            where=("nicknames",),
            group="me",
            label=msg("Names in chats"),
            tip=msg("By what names I go in chats: what is pasted under them is mine. Separated by commas."),
            parts=(PreferencePart(id="value", label=msg("Names in chats"), value=_row(settings.nicknames)),),
        ),
        Preference(
            id="private",
            where=("private",),
            group="me",
            label=msg("Private words"),
            tip=msg("Whatever else of mine every mask hides: nicknames, other numbers, accounts. Separated by commas."),
            parts=(PreferencePart(id="value", label=msg("Private words"), value=_row(settings.private)),),
        ),
        *(_person(short, person) for short, person in settings.people.items()),
        _person("", Me()),
        _simple(
            settings,
            "write_through",
            msg("Data file always current"),
            msg("Bring the data file itself up to date before a save is confirmed, at the price of speed."),
            _SWITCH,
            group="file",
        ),
        _simple(
            settings,
            "trust_network",
            msg("Write to a network drive"),
            msg("Only if no other machine opens the file: locks may not hold there."),
            _SWITCH,
            group="file",
        ),
    )


def key_preference(settings: Settings, action: str, label: Words, tip: Message, standard: str) -> Preference:
    """The keys of an action, by its id."""
    part = PreferencePart(id="value", label=label, value=settings.keys.get(action, standard), standard=standard)
    where = ("keys", action)
    return Preference(id=f"keys.{action}", where=where, group="keys", label=label, tip=tip, parts=(part,), at_once=True)


def _simple(
    settings: Settings,
    name: str,
    label: Message,
    tip: Message,
    options: tuple[tuple[str, Words], ...] = (),
    *,
    group: PreferenceGroup = "screen",
    at_once: bool = False,
) -> Preference:
    value, standard = (_typed(getattr(each, name)) for each in (settings, Settings()))
    part = PreferencePart(id="value", label=label, value=value, standard=standard)
    return Preference(
        id=name, where=(name,), group=group, label=label, tip=tip, parts=(part,), options=options, at_once=at_once
    )


def _typed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _limits(settings: Settings, book: Handbook) -> Iterator[Preference]:
    usual = Settings().mine
    yield _limit(
        (MY_TURN,),
        msg("My own turn"),
        (settings.mine.amber, settings.mine.red),
        (usual.amber, usual.red),
    )
    known = {limit.id: limit for limit in book.quiet}
    for limit in known.values():
        own = settings.quiet.get(limit.id) or settings.quiet.get(limit.channel)
        label: Words = book.channels[limit.channel].label if limit.channel in book.channels else msg("any channel")
        if limit.stage is not None:
            label = msg("{channel}: {stage}", channel=label, stage=_STAGES[limit.stage])
        standard = (limit.amber, limit.red)
        name = limit.channel if limit.channel in settings.quiet and limit.id not in settings.quiet else limit.id
        yield _limit(("quiet", name), label, (own.amber, own.red) if own is not None else standard, standard)
    channels = {limit.channel for limit in known.values()}
    for name, own in settings.quiet.items():
        if name not in known and name not in channels:
            label = book.channels[name].label if name in book.channels else name
            yield _limit(("quiet", name), label, (own.amber, own.red), ("", ""))


def _limit(where: tuple[str, ...], label: Words, value: tuple[str, str], standard: tuple[str, str]) -> Preference:
    names = (("amber", msg("amber after")), ("red", msg("red after")))
    parts = tuple(
        PreferencePart(id=name, label=word, value=now, standard=usual)
        for (name, word), now, usual in zip(names, value, standard, strict=True)
    )
    tip = msg("Amber first, then red: 48h (hours), 10d (days) or 5wd (working days).")
    return Preference(id=".".join(where), where=where, group="limits", label=label, tip=tip, parts=parts)


def _of_me(me: Me, name: str) -> Preference:
    tip = msg("Printed in papers and letters in which nothing is masked, and hidden by every mask.")
    value: str | None = getattr(me, name)
    part = PreferencePart(id="value", label=_OF_ME[name], value=value or "")
    return Preference(id=f"me.{name}", where=("me", name), group="me", label=_OF_ME[name], tip=tip, parts=(part,))


def _person(short: str, person: Me) -> Preference:
    tip = msg("The short name is for --for and the filter for:; the rest is printed and hidden in their cases.")
    parts = (
        PreferencePart(id="short", label=msg("Short name"), value=short),
        *(
            PreferencePart(id=name, label=label, value=getattr(person, name) or "")  # of the fields of `Me`
            for name, label in _OF_ME.items()
        ),
    )
    return Preference(
        id=f"people.{short or NEW}",
        where=("people", short),
        group="people",
        label=short or msg("Add somebody"),
        tip=tip,
        parts=parts,
    )


def _row(words: Iterable[str]) -> str:
    """Words with commas between them; one with a comma in it stands in quotes."""
    return ", ".join(f'"{word.replace(chr(34), chr(34) * 2)}"' if {*word} & {*',"，、'} else word for word in words)


def _words(typed: str) -> list[str]:
    row = next(csv.reader([typed.replace("，", ",").replace("、", ",")], skipinitialspace=True), [])
    return [word.strip() for word in row if word.strip()]


Check = Callable[[Settings], None]
"""Refuses settings that only the desk can judge."""


def changed(
    preference: Preference, typed: Mapping[str, str], before: SettingsText, book: Handbook, check: Check
) -> SettingsText:
    """The settings with what was typed for the parts of a preference; "" is the default.

    Raises `Refused` with the part at fault as its field.
    """
    given = {part.id: one_line(typed.get(part.id, part.value)).strip() for part in preference.parts}
    _check_parts(preference, given)
    changes = _changes(preference, given, before.settings)
    try:
        after = with_settings(before, changes)
    except Refused as refused:
        part = (refused.field or "").rpartition(".")[2]
        at = part if part in given else next(iter(given))
        raise Refused(msg("It must be {kind}.", kind=taken_as(refused.field or "")), field=at) from refused
    first = preference.parts[0].id
    if preference.group == "limits":
        limit = (
            after.settings.mine if preference.where == (MY_TURN,) else after.settings.quiet.get(preference.where[-1])
        )
        from pddtui.handbook.rulebook import wrong_limits  # not needed to open the desk

        names = {preference.where[-1]: (limit.amber, limit.red)} if limit is not None else {}
        for _, problem in wrong_limits(book, names):
            raise Refused(msg("This does not work: {problem}.", problem=problem), field=first)
    try:
        check(after.settings)
    except Unlisted:
        raise
    except Refused as refused:
        raise Refused(refused.message, field=first) from refused
    return after


def _check_parts(preference: Preference, given: Mapping[str, str]) -> None:
    """Refuse a part that could be no limit and no text of mine, at that part."""
    limit = preference.group == "limits"
    for name, value in given.items():
        if value and (limit or name in _OF_ME or preference.where[0] == "me"):
            try:
                msgspec.convert(value, LimitText if limit else OwnText)
            except msgspec.ValidationError as error:
                kind = msg("a span such as {example}", example="48h, 10d, 5wd") if limit else taken_as("me.name")
                raise Refused(msg("It must be {kind}.", kind=kind), field=name) from error


def _changes(preference: Preference, given: Mapping[str, str], settings: Settings) -> Changes:
    where, value = preference.where, given.get("value", "")
    match preference.group:
        case "limits":
            usual = {part.id: part.standard for part in preference.parts}
            limit = {name: each or usual[name] for name, each in given.items()}
            if where != (MY_TURN,) and limit == usual:
                return ((where, None),)
            return ((where, limit),)
        case "people":
            return _people_changed(where[1], given, settings)
        case "me" if where in (("private",), ("nicknames",)):
            return ((where, _words(value)),)
        case "me":
            return ((where, value or None),)
        case "keys":
            standard = preference.parts[0].standard
            return ((where, None if value in ("", standard) else value),)
    value = value or preference.parts[0].standard
    return ((where, value == "true" if value in ("true", "false") else value),)


def _people_changed(before: str, given: Mapping[str, str], settings: Settings) -> Changes:
    short = given["short"]
    person = {name: given[name] for name in _OF_ME if given[name]}
    if not short and (person or not before):
        raise Refused(msg("It must have a short name."), field="short")
    if short and short != before and short in settings.people:
        raise Refused(msg("There is already somebody of that short name."), field="short")
    gone: Changes = ((("people", before), None),) if before and before != short else ()
    return (*gone, (("people", short), person)) if short else gone


# A look that was chosen


class _Chosen(Struct, frozen=True):
    """What is remembered where the settings file cannot be written."""

    theme: str
    instead_of: str
    """What the settings file said then: when it says something else, that holds."""


def _memory(places: Places) -> Path:
    return places.state_folder / "theme.json"


def remembered_theme(places: Places, setting: str) -> str:
    """The theme in force: that of the settings file, unless another was chosen there that could not be written."""
    try:
        chosen = msgspec.json.decode(read_file(_memory(places)), type=_Chosen)
    except (OSError, msgspec.MsgspecError):
        return setting
    return chosen.theme if chosen.instead_of == setting else setting


def keep_theme(places: Places, theme: str) -> Path:
    """Keep the choice of a theme in the settings file, or where that may not be written in the state folder.

    Gives back the file that it is in now. Raises `CannotWrite` where it can be neither.
    """
    for attempt in (1, 2):
        try:
            before = open_settings(places.config_file)
            save_settings(before, with_settings(before, [(("theme",), theme)]))
        except Conflict:
            if attempt == 1:
                continue
            raise
        except (CannotWrite, Refused):
            break
        if _memory(places).exists():
            _remember(places, theme, theme)
        return places.config_file
    return _remember(places, theme, open_settings(places.config_file).settings.theme)


def _remember(places: Places, theme: str, setting: str) -> Path:
    try:
        need_folder(places.state_folder)
        write_whole(_memory(places), msgspec.json.encode(_Chosen(theme, setting)))
    except OSError as error:
        raise CannotWrite(msg("The theme cannot be kept: it lasts until you quit.")) from error
    return _memory(places)
