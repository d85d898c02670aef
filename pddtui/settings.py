"""The settings: what the user may set, with a default for every key.

They are one commented YAML file, `config.yaml`. It is checked when it is read: an unknown key, a key given twice or a
value of the wrong kind is refused with the file, the line and the key. Without the file the defaults hold and YAML is
not loaded.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from pddtui import assets
from pddtui.durable import MOST_WRITTEN, read_file, reason, write_whole
from pddtui.errors import CannotWrite, Refused
from pddtui.message import Message, msg
from pddtui.places import private_folder

if TYPE_CHECKING:
    from yaml import MappingNode

__all__ = [
    "LimitText",
    "Me",
    "OwnLimit",
    "OwnText",
    "Settings",
    "line_of",
    "read_settings",
    "settings_in",
    "taken_as",
    "write_default_settings",
]

LimitText = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,3}(h|d|wd)$")]
"""A span as the handbook writes it: hours `48h`, calendar days `10d` or working days `5wd`."""


class OwnLimit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the other side may be silent before the desk says so."""

    amber: LimitText
    red: LimitText


OwnText = Annotated[str, Meta(pattern=r"^\s*(?!\d{0,3}\s*$)\S.*\S\s*$", max_length=200)]
"""Something of mine that can be found in a text: two characters, or four where all are digits."""


FilterText = Annotated[str, Meta(min_length=1, max_length=500)]
"""A filter as it is typed."""


class Me(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The person who complains: shown in the head of a document, and hidden by every mask."""

    name: OwnText | None = None
    phone: OwnText | None = None
    address: OwnText | None = None


class Settings(Struct, frozen=True, kw_only=True):
    """The settings in force. `data/config.yaml` explains each to the user."""

    language: Literal["auto", "zh", "en"] = "auto"

    zone: str = "Asia/Shanghai"
    """An IANA zone: times are shown in it, and a time without an offset is in it."""

    theme: str = "auto"
    """A theme of Textual or of ours; `auto` leaves the choice to the desk."""

    log_newest_first: bool = True

    log_with: Literal["form", "line"] = "form"
    """What the key that logs a contact opens; the line has a key of its own as well."""

    keys: dict[str, str] = {}
    """Keys, separated by commas, by binding id. Only the desk knows whether there is such a binding."""

    filters: dict[str, FilterText] = {}
    """Filters of the case list, by the names that they are called by. Only who reads filters knows what they mean."""

    quiet: dict[str, OwnLimit] = {}
    """The limit to use instead, by channel id or by the id of one limit of the handbook."""

    mine: OwnLimit = OwnLimit(amber="3d", red="10d")
    """After how long my own turn is amber, and red."""

    me: Me = Me()
    """The person who complains, as shown in documents and letters in which nothing is masked."""

    people: dict[str, Me] = {}
    """For whom else cases are kept, by a short name; `me` among them says the same as the setting `me`."""

    nicknames: tuple[OwnText, ...] = ()
    """By what names I go in chats: what is pasted under them is mine, and every mask hides them."""

    private: tuple[OwnText, ...] = ()
    """What else of mine every mask hides: nicknames, accounts, the names of my family."""

    write_through: bool = False
    """Whether the data file itself is current at every acknowledged save, at the price of speed."""

    trust_network: bool = False
    """Whether a data file on a network file system may be written: the user says that no other machine opens it."""

    @property
    def myself(self) -> Me:
        """The person who complains where nobody else is named, as `me` or as `me` among the people."""
        mine, listed = self.me, self.people.get("me", Me())
        return Me(
            name=listed.name or mine.name,
            phone=listed.phone or mine.phone,
            address=listed.address or mine.address,
        )

    @property
    def others(self) -> dict[str, Me]:
        """The other people; one without a name is called by the short one."""
        return {
            short: one if one.name else Me(name=short, phone=one.phone, address=one.address)
            for short, one in self.people.items()
            if short != "me"
        }

    @property
    def called(self) -> dict[str, str]:
        """What the others are called, by the short names that a filter may be typed in."""
        return {short: one.name or short for short, one in self.others.items()}

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


_KINDS: dict[str, Message] = {
    "language": msg("auto, zh or en"),
    "zone": msg("the name of a time zone such as Asia/Shanghai"),
    "theme": msg("the name of a theme, or auto"),
    "log_newest_first": msg("true or false"),
    "log_with": msg("form or line"),
    "keys": msg("lines “action: key”"),
    "filters": msg("lines “name: filter”"),
    "quiet": msg("lines “channel: limits”"),
    "mine": msg("two limits, such as {example}", example="{amber: 3d, red: 10d}"),
    "me": msg("lines “name:”, “phone:” and “address:”"),
    "people": msg("lines of short names, each with “name:”, “phone:” and “address:”"),
    "nicknames": msg("a list of words in quotes"),
    "private": msg("a list of words in quotes"),
    "write_through": msg("true or false"),
    "trust_network": msg("true or false"),
}
"""What each setting takes, in words."""

_OWN_TEXT = msg(
    "a text in quotes of at least two characters or four digits, such as {example}", example='"13800138000"'
)

_ENTRIES: dict[str, tuple[object, Message]] = {
    "me": (OwnText | None, _OWN_TEXT),
    "people": (
        Me,
        msg(
            "a name, phone and address as far as you know them, such as {example}",
            example='{name: "Wang Xiulan", phone: "13900139000"}',
        ),
    ),
    "nicknames": (OwnText, _OWN_TEXT),
    "private": (OwnText, _OWN_TEXT),
    "keys": (str, msg("a key in quotes, such as {example}", example='"ctrl+l"')),
    "filters": (FilterText, msg("a filter in quotes, such as {example}", example='"turn:theirs sort:sum"')),
    "quiet": (OwnLimit, msg("two limits, such as {example}", example="{amber: 48h, red: 5wd}")),
}
"""What each line of a setting with several lines takes, as a type and in words."""


def taken_as(key: str) -> Message:
    """What a setting takes, in words, or a line of one, as in `quiet.weibo`."""
    name, _, entry = key.partition(".")
    if name == "mine" or (name == "quiet" and entry):
        return _ENTRIES["quiet"][1]
    if (name == "people" and entry.count(".")) or (name in ("me", "nicknames", "private") and entry):
        return _OWN_TEXT
    return _ENTRIES[name][1] if entry and name in _ENTRIES else _KINDS[name]


def read_settings(file: Path) -> Settings:
    """The settings in `file`, or the defaults when there is no such file. Raises `Refused` with what is wrong in it."""
    try:
        text = read_file(file, follow=True, most=MOST_WRITTEN).decode("utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError as error:
        raise Refused(msg("{file} is not UTF-8 text; save it as UTF-8.", file=str(file))) from error
    except OSError as error:
        raise Refused(msg("{file} cannot be read ({reason}).", file=str(file), reason=reason(error))) from error
    return settings_in(file, text)


def settings_in(file: Path, text: str) -> Settings:
    """The settings in a text, which stands in that file or is to. Raises `Refused` with what is wrong in it."""
    return _Page(file, text.removeprefix("\ufeff")).settings()


def line_of(file: Path, key: str) -> int:
    """The line of a setting in a file that has been read, for a fault that only shows beside the handbook."""
    page = _Page(file, read_file(file, follow=True, most=MOST_WRITTEN).decode("utf-8-sig"))
    page.settings()
    return page.lines.get(key, 1)


def write_default_settings(file: Path) -> None:
    """Write the commented defaults to `file`. `CannotWrite` when it is there already or cannot be made."""
    private_folder(file.parent)
    try:
        write_whole(file, assets.read_text("data/config.yaml").encode(), over=False)
    except OSError as error:
        raise CannotWrite(msg("{file} cannot be written ({reason}).", file=str(file), reason=reason(error))) from error


class _Page:
    """The text of one settings file, with the line of each key."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = str(file)
        self._text = text
        self.lines: dict[str, int] = {}
        """The line of each key, or of key and entry joined by a point, once the settings have been read."""

    def settings(self) -> Settings:
        types: dict[str, object] = {field.name: field.type for field in msgspec.structs.fields(Settings)}
        values = self._values()
        for key, value in values.items():
            if key not in types:
                place, known = self._place(key), tuple(types)
                raise Refused(
                    msg("{place}: “{key}” is not a setting; choose one of {known}.", place=place, key=key, known=known),
                    field=key,
                )
            if key in _ENTRIES and isinstance(value, dict | list):
                entry_type, words = _ENTRIES[key]
                for name, entry in value.items() if isinstance(value, dict) else enumerate(value, 1):
                    self._check(f"{key}.{name}", entry, entry_type, words)
            self._check(key, value, types[key], _KINDS[key])
        settings = msgspec.convert(values, Settings)
        try:
            ZoneInfo(settings.zone)
        except (LookupError, ValueError, OSError) as error:  # an unknown name, a path, a folder of the zone files
            raise self._wrong("zone", _KINDS["zone"]) from error
        return settings

    def _values(self) -> dict[str, object]:
        from yaml import CSafeLoader, MappingNode, MarkedYAMLError, YAMLError

        loader = CSafeLoader(self._text)
        try:
            self._refuse_aliases()
            node = loader.get_single_node()
            if node is None:
                return {}
            if not isinstance(node, MappingNode):
                raise Refused(msg("{file}: settings must be lines of the form “key: value”.", file=self._file))
            self._note_lines(node)
            values: dict[object, object] = loader.construct_document(node)
        except (YAMLError, ValueError, RecursionError) as error:  # ValueError is a date that does not exist
            if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
                self.lines[""] = error.problem_mark.line + 1
            place = self._place("")
            raise Refused(
                msg("{place}: this is not valid YAML; check indentation, quotes and colons.", place=place)
            ) from error
        finally:
            loader.dispose()
        return {str(key): value for key, value in values.items()}

    def _refuse_aliases(self) -> None:
        """A few of them stand for more than a machine can hold, and no setting needs one."""
        import yaml

        for event in yaml.parse(self._text, Loader=yaml.CSafeLoader) if "*" in self._text else ():
            if isinstance(event, yaml.AliasEvent):
                self.lines[""] = event.start_mark.line + 1 if event.start_mark else 1
                raise Refused(
                    msg("{place}: “*{name}” repeats another entry; write it out.", place=self._place(""),
                        name=event.anchor or "")
                )  # fmt: skip

    def _note_lines(self, node: MappingNode, within: str = "") -> None:
        from yaml import MappingNode, Node

        pairs: list[tuple[Node, Node]] = node.value
        for name, value in pairs:
            key = f"{within}{name.value}"
            seen = key in self.lines
            self.lines[key] = name.start_mark.line + 1
            if seen:
                place = self._place(key)
                raise Refused(msg("{place}: “{key}” appears twice; keep one of them.", place=place, key=key), field=key)
            if not within and isinstance(value, MappingNode):
                self._note_lines(value, f"{key}.")

    def _check(self, key: str, value: object, kind: object, words: Message) -> None:
        try:
            msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise self._wrong(key, words) from error

    def _wrong(self, key: str, words: Message) -> Refused:
        place = self._place(key)
        return Refused(msg("{place}: “{key}” must be {kind}.", place=place, key=key, kind=words), field=key)

    def _place(self, key: str) -> Message | str:
        line = self.lines.get(key) or self.lines.get(key.split(".", maxsplit=1)[0])
        return self._file if line is None else msg("{file}, line {line}", file=self._file, line=line)
