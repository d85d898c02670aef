"""The places where the program keeps things: the data file, the settings, drafts and logs.

Finding them changes nothing. A folder is made by `private_folder`, when something is to be put into it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from pddtui.durable import need_folder, reason, spelled
from pddtui.errors import CannotWrite
from pddtui.message import msg

__all__ = ["Places", "find_places", "is_there", "private_folder", "typed_path"]

_APP = "pddtui"


class Places(Struct, frozen=True, kw_only=True):
    """The places of one run. None of them needs to exist."""

    data_file: Path
    """The TinyDB file with the cases, with symbolic links followed and spelled as the folders list it.

    What belongs to it stands beside it.
    """

    link: Path | None = None
    """The name by which it was named, where that is a link."""

    config_file: Path
    """The settings. The program runs without it."""

    state_folder: Path
    """For what may be lost without harm to a saved case."""

    @property
    def config_folder(self) -> Path:
        """The folder of the settings, of the user's own reference data and of letter templates."""
        return self.config_file.parent

    @property
    def letters(self) -> Path:
        """The folder of the user's own templates of letters."""
        return self.config_folder / "letters"

    @property
    def drafts(self) -> Path:
        """The folder of half-typed forms, one file for each form and window."""
        return self.state_folder / "drafts"

    @property
    def own_records(self) -> Path:
        """The folder of what this machine saved, for the day on which another file stands in the place of its own."""
        return self.state_folder / "own"

    @property
    def logs(self) -> Path:
        return self.state_folder / "logs"

    @property
    def backups(self) -> Path:
        """The folder of former data files, beside the data file so that they can be hard links."""
        return self.data_file.with_name(f"{self.data_file.name}.bak")

    @property
    def evidence(self) -> Path:
        """The folder of the copies of evidence, each under its hash; data files side by side share it."""
        return self.data_file.with_name("evidence")

    @property
    def seals(self) -> Path:
        """The folder of what was sealed, beside the data file."""
        return self.data_file.with_name(f"{self.data_file.name}.seals")

    @property
    def folders(self) -> tuple[Path, ...]:
        """Every folder in which something is kept, or from which the program takes what it lives by."""
        beside = (self.backups, self.evidence, self.seals)
        return self.data_file.parent, *beside, self.config_folder, self.letters, self.state_folder

    @property
    def kept(self) -> tuple[Path, ...]:
        """Files and folders that hold the cases, what is typed and what was set, which no export may replace."""
        files = (self.data_file, Path(os.path.realpath(self.data_file)))  # the data file may be a link
        beside = tuple(
            file.with_name(f"{file.name}.{what}") for file in files for what in ("lock", "journal", "bak", "seals")
        )
        own = (self.config_file, self.letters, *sorted(self.config_folder.glob("*.y*ml")))
        return (*files, *beside, *(file.with_name("evidence") for file in files), *own, self.state_folder)


def typed_path(text: str) -> Path:
    """The path that a person typed, with `~` or `~name` for a home folder. Where nobody has that name, it is one."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        return Path(text)


def is_there(path: Path) -> bool:
    """Whether anything is there by that name, be it one that cannot be read."""
    try:
        return os.path.lexists(path)
    except ValueError:  # a NUL
        return False


def find_places(environ: Mapping[str, str], *, file: Path | None = None, config: Path | None = None) -> Places:
    """The places by option, else by `PDDTUI_FILE` (data file only), else by the customs of the platform.

    `config` is the settings file when it ends in .yaml or .yml and is not a folder, else the folder of `config.yaml`.
    """
    data, settings, state = _usual() or _of_platform()
    if file is None and environ.get("PDDTUI_FILE"):
        file = typed_path(environ["PDDTUI_FILE"])
    named = file or data / "cases.json"
    return Places(
        data_file=spelled(named),
        link=named if named.is_symlink() else None,
        config_file=_config_file(config or settings).absolute(),
        state_folder=state,
    )


def _of_platform() -> tuple[Path, Path, Path]:
    """The folders for data, settings and state."""
    from platformdirs import PlatformDirs

    folders = PlatformDirs(_APP, appauthor=False)
    return folders.user_data_path, folders.user_config_path, folders.user_state_path


def _usual() -> tuple[Path, Path, Path] | None:
    """The same on an ordinary Linux, where it saves every command the 6 ms of asking the library; else None."""
    found = []
    for name, habit in (("DATA", ".local/share"), ("CONFIG", ".config"), ("STATE", ".local/state")):
        given = os.environ.get(f"XDG_{name}_HOME", "")
        folder = Path(given) if given else Path.home() / habit
        found.append(folder / _APP)
        if given != given.strip() or not folder.is_absolute():
            return None
    if sys.platform != "linux" or "ANDROID_ROOT" in os.environ:
        return None
    data, settings, state = found
    return data, settings, state


def _config_file(path: Path) -> Path:
    if path.suffix in {".yaml", ".yml"} and not path.is_dir():
        return path
    return path / "config.yaml"


def private_folder(folder: Path) -> Path:
    """Make `folder` and what is missing above it, each for its owner only (0700).

    A folder that is there keeps its mode. `CannotWrite` when it cannot be made.
    """
    try:
        need_folder(folder)
    except OSError as error:
        raise CannotWrite(
            msg(
                "The folder {folder} cannot be created ({reason}); choose another place.",
                folder=str(folder),
                reason=reason(error),
            )
        ) from error
    return folder
