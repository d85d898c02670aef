"""The data file that tests of single faults begin with, and the counts of the fault tests at the end of a run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.store.making import put_on_record, session

COUNTS = "faults of the store"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A data file of one case, without backups."""
    path = tmp_path / "cases.json"
    store = session(path)
    put_on_record(store, 1, "open", title="one")
    store.close()
    return path


@pytest.fixture
def summary(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Report counts: `summary(rounds=20, acknowledged=411, lost=0)`."""

    def report(**counts: int | str) -> None:
        said = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items())
        record_property(COUNTS, f"{request.node.name}: {said}")

    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The counts travel with the reports of the tests, which may have run in several processes."""
    reports = [report for found in terminalreporter.stats.values() for report in found if hasattr(report, "when")]
    properties = [pair for report in reports if report.when == "call" for pair in report.user_properties]
    lines = [str(line) for name, line in properties if name == COUNTS]
    if lines:
        terminalreporter.section(COUNTS, sep="-")
        for line in sorted(lines):
            terminalreporter.line(line)
