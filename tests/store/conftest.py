"""Each fault test leaves one line with its counts, shown at the end of the run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

LINES: pytest.StashKey[list[str]] = pytest.StashKey()


@pytest.fixture
def summary(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Report counts: `summary(rounds=20, acknowledged=411, lost=0)`."""

    def report(**counts: int | str) -> None:
        said = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
        request.config.stash.setdefault(LINES, []).append(f"{request.node.name}: {said}")

    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    lines = config.stash.get(LINES, [])
    if lines:
        terminalreporter.section("faults of the store", sep="-")
        for line in lines:
            terminalreporter.line(line)
