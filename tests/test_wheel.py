"""The wheel, built, installed away from the checkout and started: the assets must have come along."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import pddtui


def run(*command: str | Path, cwd: Path) -> str:
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}  # it may name the checkout
    done = subprocess.run(
        command, check=False, cwd=cwd, env=environ, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that is not the checkout."""
    return tmp_path_factory.mktemp("away")


@pytest.fixture(scope="module")
def wheel(away: Path) -> Path:
    top = Path(__file__).resolve().parent.parent
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", away, cwd=top)
    (built,) = away.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(away: Path, wheel: Path) -> Path:
    """The scripts of a clean environment with the wheel in it; the libraries are borrowed from this one."""
    run(sys.executable, "-m", "venv", "venv", cwd=away)
    folder = away / "venv" / ("Scripts" if os.name == "nt" else "bin")
    run(folder / "python", "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", wheel, cwd=away)
    own = run(folder / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=away).strip()
    Path(own, "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


def test_the_wheel_holds_every_style_sheet_and_every_reference_file(wheel: Path, checkout: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert "pddtui/data/locale/zh/LC_MESSAGES/pddtui.mo" in packed
    for folder in ("styles", "data"):
        for path in (checkout / folder).rglob("*"):
            if path.is_file():
                assert f"pddtui/{path.relative_to(checkout).as_posix()}" in packed


def test_the_wheel_holds_no_tests(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"pddtui", f"pddtui-{pddtui.__version__}.dist-info"}


def test_the_installed_program_is_the_one_of_the_wheel(scripts: Path, away: Path) -> None:
    where = run(scripts / "python", "-c", "import pddtui; print(pddtui.__file__)", cwd=away)
    assert Path(where.strip()).is_relative_to(away / "venv")


def test_the_installed_program_says_its_version(scripts: Path, away: Path) -> None:
    assert pddtui.__version__ in run(scripts / "pddtui", "--version", cwd=away)


def test_the_installed_program_lists_speaks_chinese_and_finds_its_handbook(scripts: Path, away: Path) -> None:
    file = ("--file", away / "cases.json", "--lang", "zh")
    run(scripts / "pddtui", *file, "add", "耳机坏了", cwd=away)
    (case,) = json.loads(run(scripts / "pddtui", *file, "list", "--json", cwd=away))
    assert case["title"] == "耳机坏了"
    assert "耳机坏了" in run(scripts / "pddtui", *file, "list", cwd=away)
