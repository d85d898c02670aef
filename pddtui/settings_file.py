"""The settings file as a text in which one value is changed, and everything else stays as it was written.

Comments, order, blank lines, quotes and what the program does not know are the person's own. A change touches the
characters of its value, or the line of its entry, and is then read again: where that would not give exactly what was
meant, because the file is written in some rare way, it is refused and nothing happens. The file is only ever replaced
whole, where it really stands if its name is a link, and not if somebody else has changed it since it was read.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from pddtui import assets
from pddtui.durable import MOST_WRITTEN, LateFailure, read_file, reason, replace_whole
from pddtui.errors import CannotWrite, Conflict, Refused
from pddtui.message import msg
from pddtui.ownership import followed
from pddtui.places import private_folder
from pddtui.settings import Settings, settings_in

if TYPE_CHECKING:
    from yaml import Node

__all__ = ["Plain", "SettingsText", "open_settings", "save_settings", "text_with", "with_settings"]

Plain = bool | str | Sequence["Plain"] | Mapping[str, "Plain"]
"""What a setting may be in the file."""

Where = tuple[str, ...]
"""The key of a setting, and in one of several lines the key of its entry, and of what is in that."""

_WORD = re.compile(r"[A-Za-z][\w/+.-]*|[1-9]\d{0,3}(?:h|d|wd)", re.ASCII)
_RESERVED = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_WITHOUT_QUOTES = frozenset({"language", "zone", "theme", "quiet", "mine"})
"""The settings whose words stand without quotes, as in the file that is shipped."""
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")


class SettingsText(Struct, frozen=True, kw_only=True):
    """The settings as they stand in their file."""

    file: Path
    text: str | None
    """None where there is no such file."""
    settings: Settings


def open_settings(file: Path) -> SettingsText:
    """What stands in the file. `Refused` with what is wrong in it, as when the settings are read."""
    text = _text_of(file)
    return SettingsText(file=file, text=text, settings=settings_in(file, text or ""))


def with_settings(before: SettingsText, changes: Iterable[tuple[Where, Plain | None]]) -> SettingsText:
    """The same with these settings changed, in the commented file that is shipped where there was none.

    None takes an entry out. What the settings do not take is `Refused` with the name of the setting as the field; a
    file in which the place cannot be found is one that `CannotWrite`.
    """
    text = before.text if before.text is not None else assets.read_text("data/config.yaml")
    for where, value in changes:
        try:
            text = text_with(text, where, value)
        except _Strange as error:
            raise _refused(before.file, where) from error
    return SettingsText(file=before.file, text=text, settings=settings_in(before.file, text))


def save_settings(before: SettingsText, after: SettingsText) -> None:
    """Put the text into the file. `Conflict` where another program has changed it meanwhile, `CannotWrite`."""
    file, text = before.file, after.text
    if text is None or text == before.text:
        return

    def still_the_same() -> None:
        if _text_of(file) != before.text:
            raise Conflict(msg("{file} was changed meanwhile; nothing was overwritten. Try again.", file=str(file)))

    still_the_same()
    try:
        target = followed(file)
        private_folder(target.parent)
        if before.text is not None and not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        replace_whole(target, text.encode(), before_swap=still_the_same)
    except LateFailure:
        pass  # it stands; some file systems cannot promise more
    except OSError as error:
        raise CannotWrite(msg("{file} cannot be written ({reason}).", file=str(file), reason=reason(error))) from error


def _text_of(file: Path) -> str | None:
    try:
        return read_file(file, follow=True, most=MOST_WRITTEN).decode("utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as error:
        raise Refused(msg("{file} is not UTF-8 text; save it as UTF-8.", file=str(file))) from error
    except OSError as error:
        raise Refused(msg("{file} cannot be read ({reason}).", file=str(file), reason=reason(error))) from error


def _refused(file: Path, where: Where) -> CannotWrite:
    return CannotWrite(
        msg(
            "{file} is written in a way that cannot be changed from here: change “{key}” in it with an editor.",
            file=str(file),
            key=".".join(where),
        )
    )


class _Strange(Exception):
    """The place is not written in any of the ways that are known here."""


def text_with(text: str, where: Where, value: Plain | None) -> str:
    """The YAML with that value there instead, and all else as it was; None takes the entry out.

    Of lines and lists only those entries change that are others now.
    """
    meant = _set(_values(text), where, value)
    changed = _changed(text, where, value)
    if _values(changed) != meant:
        raise _Strange
    return changed


def _values(text: str) -> object:
    from yaml import SafeLoader, YAMLError

    loader = SafeLoader(text)
    try:
        found: object = loader.get_single_data()
    except (YAMLError, ValueError, RecursionError) as error:
        raise _Strange from error
    finally:
        loader.dispose()
    return {} if found is None else found


def _set(within: object, where: Where, value: Plain | None) -> object:
    values: dict[object, object] = dict(within) if isinstance(within, dict) else {}
    key, *rest = where
    if rest:
        values[key] = _set(values.get(key), tuple(rest), value)
    elif value is None:
        values.pop(key, None)
    else:
        values[key] = _bare(value)
    return values


def _bare(value: Plain) -> object:
    """The value as YAML gives it back."""
    if isinstance(value, Mapping):
        return {key: _bare(each) for key, each in value.items()}
    return value if isinstance(value, bool | str) else [_bare(each) for each in value]


def _changed(text: str, where: Where, value: Plain | None) -> str:
    from yaml import MappingNode, SequenceNode

    parent, above, depth = _root(text), None, 0
    while True:
        node = _entry(parent, where[depth])
        if node is None:
            return text if value is None else _added(text, parent, where[: depth + 1], _nest(where[depth + 1 :], value))
        depth += 1
        if depth == len(where):
            break
        if not isinstance(node[1], MappingNode):
            return text if value is None else _written(text, where, node, _nest(where[depth:], value))
        parent, above = node[1], node
    name, found = node
    if value is None:
        alone = above is not None and len(_pairs(parent)) == 1
        return _written(text, where, above, {}) if above is not None and alone else _without(text, parent, name)
    if isinstance(value, Mapping) and isinstance(found, MappingNode) and value and found.value:
        for gone in [str(key.value) for key, _ in _pairs(found) if key.value not in value]:
            text = _changed(text, (*where, gone), None)
        for key, each in value.items():
            text = _changed(text, (*where, key), each)
        return text
    if isinstance(found, SequenceNode) and isinstance(value, Sequence) and not isinstance(value, str):
        kept = _list_with(text, found, [*value], where)
        if kept is not None:
            return kept
    return _written(text, where, node, value)


def _nest(keys: Where, value: Plain) -> Plain:
    for key in reversed(keys):
        value = {key: value}
    return value


def _root(text: str) -> Node | None:
    from yaml import MappingNode, SafeLoader, YAMLError

    loader = SafeLoader(text)
    try:
        node: Node | None = loader.get_single_node()
    except (YAMLError, ValueError, RecursionError) as error:
        raise _Strange from error
    finally:
        loader.dispose()
    if node is not None and not isinstance(node, MappingNode):
        raise _Strange
    return node


def _entry(parent: Node | None, key: str) -> tuple[Node, Node] | None:
    """Key and value of an entry; None where there is none."""
    found = [(name, value) for name, value in _pairs(parent) if name.value == key]
    if any(value.start_mark.index < name.end_mark.index for name, value in found):
        raise _Strange  # it stands for something that is written elsewhere
    return found[-1] if found else None


def _pairs(parent: Node | None) -> list[tuple[Node, Node]]:
    from yaml import MappingNode

    pairs: list[tuple[Node, Node]] = parent.value if isinstance(parent, MappingNode) else []
    return pairs


def _in_brackets(node: Node) -> bool:
    from yaml import CollectionNode

    return isinstance(node, CollectionNode) and bool(node.flow_style)


def _end(node: Node) -> int:
    """Where the last character of a value is, without blank lines and comments behind it."""
    from yaml import MappingNode, SequenceNode

    if isinstance(node, MappingNode | SequenceNode) and not _in_brackets(node) and node.value:
        last = node.value[-1]
        return max(map(_end, last)) if isinstance(last, tuple) else _end(last)
    end: int = node.end_mark.index
    return end


def _line_end(text: str, place: int) -> int:
    """The place behind the end of the line."""
    found = text.find("\n", place)
    return len(text) if found < 0 else found + 1


def _written(text: str, where: Where, node: tuple[Node, Node], value: Plain) -> str:
    """The text with another value behind the key."""
    from yaml import ScalarNode

    name, found = node
    start, end = found.start_mark.index, _end(found)
    block = not isinstance(found, ScalarNode) and not _in_brackets(found)
    if isinstance(found, ScalarNode) and found.style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
    said = _said(value, where[0], getattr(found, "style", None))
    if block and not text[name.end_mark.index : start].replace(":", "", 1).strip():
        start, said = text.index(":", name.end_mark.index) + 1, f" {said}"
    elif start == end:
        said = f" {said}"
    return text[:start] + said + text[end:]


def _added(text: str, parent: Node | None, where: Where, value: Plain) -> str:
    """The text with one more entry."""
    from yaml import MappingNode

    new = f"{_key(where[-1])}: {_said(value, where[0])}"
    newline = "\r\n" if "\r\n" in text else "\n"
    if parent is None:  # comments, or nothing
        return text + ("" if not text or text.endswith("\n") else newline) + new + newline
    if not isinstance(parent, MappingNode):
        raise _Strange
    if not parent.value:
        place = parent.start_mark.index + 1
        return text[:place] + new + text[place:]
    last = max(map(_end, parent.value[-1]))
    if _in_brackets(parent):
        return f"{text[:last]}, {new}{text[last:]}"
    place = _line_end(text, last - 1 if text[last - 1 : last] == "\n" else last)
    before = text[:place] + ("" if text[:place].endswith("\n") else newline)
    indent = " " * int(parent.value[0][0].start_mark.column)
    return before + indent + new + newline + text[place:]


def _without(text: str, parent: Node | None, name: Node) -> str:
    """The text without the entry of that name."""
    pairs = _pairs(parent)
    spans = [(key.start_mark.index, max(_end(key), _end(value))) for key, value in pairs]
    place = next(at for at, (key, _) in enumerate(pairs) if key is name)
    return _cut_out(text, spans, place, flow=parent is not None and _in_brackets(parent))


def _cut_out(text: str, spans: Sequence[tuple[int, int]], place: int, *, flow: bool) -> str:
    """The text without one of several things that stand side by side or line by line."""
    start, end = spans[place]
    if flow:
        before = spans[place - 1][1] if place else start
        behind = spans[place + 1][0] if not place and len(spans) > 1 else end
        if "#" in text[before:start] or "#" in text[end:behind]:
            raise _Strange
        return text[:before] + text[behind:]
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" -\ufeff"):
        raise _Strange
    bare = end - 1 if text[end - 1 : end] == "\n" else end
    return text[:line] + text[_line_end(text, bare) :]


def _list_with(text: str, node: Node, value: list[Plain], where: Where) -> str | None:
    """The text with those items taken out and put in that make the list what it is to be; None where others moved."""
    from yaml import ScalarNode

    items: list[Node] = node.value
    if not value or not items or not all(isinstance(item, ScalarNode) for item in items):
        return None
    there = [str(item.value) for item in items]
    kept = [item for item in there if item in value]
    added = value[len(kept) :]
    if len({*there}) < len(there) or kept != value[: len(kept)] or not kept:
        return None
    spans = [(item.start_mark.index, _end(item)) for item in items]
    last = _end(items[-1])
    said = [_said(each, where[0]) for each in added]
    if _in_brackets(node):
        text = text[:last] + "".join(f", {each}" for each in said) + text[last:]
    elif said:
        dash = text.rfind("\n", 0, spans[-1][0]) + 1
        lead = text[dash : spans[-1][0]]
        if lead.strip(" ") != "-":
            return None
        newline = "\r\n" if "\r\n" in text else "\n"
        place = _line_end(text, last)
        before = text[:place] + ("" if text[:place].endswith("\n") else newline)
        text = before + "".join(f"{lead}{each}{newline}" for each in said) + text[place:]
    gone = [at for at, item in enumerate(there) if item not in value]
    if not gone:
        return text
    return text_with(_cut_out(text, spans, gone[-1], flow=_in_brackets(node)), where, value)


def _said(value: Plain, setting: str, style: object = None) -> str:
    """A value as YAML, on one line; a text in the quotes that it had."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        entries = (f"{_key(key)}: {_said(each, setting)}" for key, each in value.items())
        return "{" + ", ".join(entries) + "}"
    if not isinstance(value, str):
        return "[" + ", ".join(_said(each, setting) for each in value) + "]"
    plain = setting in _WITHOUT_QUOTES and _WORD.fullmatch(value) and value.casefold() not in _RESERVED
    if plain and style not in ("'", '"'):
        return value
    if style == "'" and _UNPRINTABLE.search(value) is None:
        return "'" + value.replace("'", "''") + "'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


def _key(key: str) -> str:
    plain = _WORD.fullmatch(key) is not None and key.casefold() not in _RESERVED
    return key if plain or (key.isalpha() and not key.isascii()) else _said(key, "")
