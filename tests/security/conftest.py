"""The program as the tests of its command line call it."""

from __future__ import annotations

from tests.cli.conftest import hands, kettle, pddtui

__all__ = ["hands", "kettle", "pddtui"]
