"""The program as the tests of its command line call it, and who else is on the machine."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pddtui.places import find_places
from tests.cli.conftest import hands, kettle, pddtui

__all__ = ["AS_ROOT", "SOMEBODY", "config_folder", "hands", "kettle", "pddtui"]

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to somebody else")

SOMEBODY = 54_321
"""A user that no machine has."""


def config_folder() -> Path:
    """The folder of the settings, which is there."""
    folder = find_places(os.environ).config_folder
    folder.mkdir(parents=True, exist_ok=True)
    return folder
