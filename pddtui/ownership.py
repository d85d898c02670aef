"""Whose a file or a folder is: who else may change what is kept there, and which links are followed.

A home server has other users. Whoever may write in a folder can put a file of theirs in the place of ours, whatever
that one's mode; whoever owns it can take that right at any time. Root is trusted, since nothing holds against it.
"""

# ruff: noqa: PTH100, PTH116
# The system calls themselves, as in `pddtui.durable`.

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from pddtui.errors import NO_FILE, NOT_OURS
from pddtui.message import Message, msg, pasted

__all__ = [
    "exposed_files",
    "exposed_folders",
    "followed",
    "grouped_folders",
    "own_folder",
    "stat_of",
    "trusted",
    "wrong_file",
    "wrong_owner",
]

Stat = Callable[[Path], os.stat_result | None]


def stat_of(path: Path) -> os.stat_result | None:
    """What the system says of a path with links followed; None for nothing there."""
    try:
        return os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def followed(path: Path) -> Path:
    """Where the path leads. `OSError` (`ELOOP`) for a link that is not to be trusted."""
    if path.is_symlink() and not trusted(path):
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return Path(os.path.realpath(path))


def own_folder(folder: Path) -> Path:
    """The folder itself, which only the program fills. `OSError` (`ELOOP`) where a link has its name.

    A link there is never followed, whoever made it: what is kept would go, or come from, where nobody looks for it.
    """
    if folder.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(folder))
    return folder


def trusted(link: Path) -> bool:
    """Whether nobody else made the link, owns what it leads to, or can put something else there.

    Managers of dotfiles make links, and so do people: one is as good as the folder that it lies in, and the folder that
    it leads into. It may lead to what is yet to be made.
    """
    target = Path(os.path.realpath(link))
    folders = [stat_of(link.parent), stat_of(target.parent)]
    found = [os.lstat(link), stat_of(target), *folders]
    return all(each is None or _ours(each) for each in found) and not any(
        each is not None and _open_to_all(each) for each in folders
    )


def wrong_file(found: os.stat_result, beside: Path | None, look: Stat) -> int:
    """The number of the error where what was found has the place of a file of ours, and is none; 0 for one of ours.

    Those `beside` the data file may be from whoever may write that: root, its owner, its group.
    """
    if not stat.S_ISREG(found.st_mode):
        return errno.EISDIR if stat.S_ISDIR(found.st_mode) else NO_FILE
    return 0 if beside is None else wrong_owner(found, beside, look)


def wrong_owner(found: os.stat_result, beside: Path, look: Stat) -> int:
    """`NOT_OURS` where what lies beside the data file is from somebody who may not write that; else 0."""
    if _ours(found):
        return 0
    data_file = look(beside)
    if data_file is None:
        return NOT_OURS
    shared = data_file.st_mode & stat.S_IWGRP and _member(found.st_uid, data_file.st_gid)
    return 0 if shared or found.st_uid == data_file.st_uid else NOT_OURS


def exposed_folders(folders: Iterable[Path], look: Stat = stat_of) -> tuple[Message, ...]:
    """What to say of folders in which somebody else may put, or replace, what the program keeps, each said once.

    A folder above one of them counts too, since it can be moved away and another one put in its place. What cannot be
    looked at is passed over.
    """
    said: dict[Path, Message] = {}
    ways = dict.fromkeys((folder, folder == kept) for kept in folders for folder in _way_to(kept))
    for folder, inside in ways:
        with suppress(OSError):
            found = look(folder)
            fault = _fault(folder, found, inside=inside) if found is not None else None
            if fault is not None:
                said.setdefault(folder, fault)
    return tuple(said.values())


def grouped_folders(folders: Iterable[Path], look: Stat = stat_of) -> Iterator[Message]:
    """What to say of folders in which other members of a group may do so, as somebody may have wanted it."""
    for folder in dict.fromkeys(above for kept in folders for above in _way_to(kept)):
        with suppress(OSError):
            found = look(folder)
            if found is None or not found.st_mode & stat.S_IWGRP or found.st_mode & stat.S_ISVTX:
                continue
            group = _shared_group(found.st_gid)
            if group is not None:
                yield msg(
                    "The group {group} can write in {folder}. If that is not meant: {command}",
                    group=group,
                    folder=str(folder),
                    command=f"chmod g-w {pasted(str(folder))}",
                )


def exposed_files(files: Iterable[Path], look: Stat = stat_of) -> Iterator[Message]:
    """What to say of files that somebody else may write, whatever folder they lie in."""
    for file in files:
        with suppress(OSError):
            found = look(file)
            if found is None:
                continue
            if not _ours(found):
                yield msg(
                    "{file} belongs to {owner}, who can change it: put a copy of your own in its place.",
                    file=str(file),
                    owner=_owner(found.st_uid),
                )
            elif found.st_mode & stat.S_IWOTH:
                yield msg(
                    "Everybody can change {file}: {command}",
                    file=str(file),
                    command=f"chmod o-w {pasted(str(file))}",
                )


def _way_to(folder: Path) -> Iterator[Path]:
    """The folder and those above it, as it is named and as links lead to it."""
    named = Path(os.path.abspath(folder))
    yield from dict.fromkeys((named, *named.parents, *(real := Path(os.path.realpath(named))).parents, real))


def _fault(folder: Path, found: os.stat_result, *, inside: bool) -> Message | None:
    """What is wrong with one folder. `inside`: what is kept lies in it, and not only in one below it."""
    where = str(folder)
    if not _ours(found):
        return msg(
            "The folder {folder} belongs to {owner}, who can replace what pddtui keeps there: use one of your own.",
            folder=where,
            owner=_owner(found.st_uid),
        )
    if not found.st_mode & stat.S_IWOTH:
        return None
    if not found.st_mode & stat.S_ISVTX:
        return msg(
            "Everybody can write in the folder {folder} and replace what pddtui keeps there: {command}",
            folder=where,
            command=f"chmod o-w {pasted(where)}",
        )
    if not inside:
        return None  # as /tmp: everybody can put something there, but nobody can move away what is another's
    return msg(
        "Everybody can put files into the folder {folder}, beside what pddtui keeps there: use a folder of your own.",
        folder=where,
    )


def _ours(found: os.stat_result) -> bool:
    return found.st_uid in (os.geteuid(), 0, os.stat("/").st_uid)  # in a container root may have another number


def _member(uid: int, gid: int) -> bool:
    """Whether the user is in the group; that a file has it means nothing, since a folder may give it to every file."""
    import grp  # only where a file is another user's
    import pwd

    try:
        user = pwd.getpwuid(uid)
        return user.pw_gid == gid or user.pw_name in grp.getgrgid(gid).gr_mem
    except KeyError:
        return False


def _open_to_all(found: os.stat_result) -> bool:
    return bool(found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX)


def _owner(uid: int) -> str:
    import pwd  # only where something is wrong

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _shared_group(gid: int) -> str | None:
    """The name of a group that has more members than me; None for one that only I am in."""
    import grp  # as above
    import pwd

    me = pwd.getpwuid(os.geteuid())
    try:
        group = grp.getgrgid(gid)
    except KeyError:
        return str(gid)
    others = [name for name in group.gr_mem if name != me.pw_name]
    return group.gr_name if others or group.gr_name != me.pw_name else None
