"""What tests of letters share that change nothing: the program before the first case, and its letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pddtui.services.letters.letters import Letters
from pddtui.ui.context import Context
from tests.ui.cases import no_cases


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    with no_cases("zh") as made:
        yield made


@pytest.fixture(scope="module")
def letters(context: Context) -> Letters:
    return Letters(context.casebook, context.handbook, Path("/nowhere"))
