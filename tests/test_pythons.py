"""Which Pythons the suite runs on: all that are there and start, and the ones that pyproject.toml names."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from shutil import which

import pytest

BASH = which("bash") or ""
pytestmark = pytest.mark.skipif(not BASH, reason="there is no bash")


def interpreter(path: Path, version: str, *, starts: bool = True) -> None:
    """A Python that knows its version, or a shim that does not start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\n" if starts else "#!/bin/sh\nexit 127\n", encoding="ascii")
    path.chmod(0o700)


def chosen(checkout: Path, home: Path) -> tuple[list[str], str, int]:
    """What is found with nothing but `home/bin` on the path: the lines, what is said to be missing, the exit code."""
    (home / "bin").mkdir(exist_ok=True)
    done = subprocess.run(
        [BASH, checkout / ".ci" / "pythons"],
        check=False,
        env={"PATH": str(home / "bin"), "HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout.replace(str(home), "~").splitlines(), done.stderr, done.returncode


def test_every_python_that_starts_is_taken_once_and_the_others_are_named(checkout: Path, tmp_path: Path) -> None:
    for name, version in (("python3", "3.11"), ("python", "2.7"), ("python3.11", "3.11"), ("python3.13", "3.13")):
        interpreter(tmp_path / "bin" / name, version)
    interpreter(tmp_path / "bin/python3.12", "3.12", starts=False)
    found, said, _ = chosen(checkout, tmp_path)
    assert found == ["3.11 ~/bin/python3.11", "3.13 ~/bin/python3.13"]
    assert re.findall(r"Python (\S+)", said) == ["3.12", "3.14"]


def test_behind_a_shim_that_does_not_start_stands_what_pyenv_has_installed(checkout: Path, tmp_path: Path) -> None:
    for version in ("3.11", "3.12"):
        interpreter(tmp_path / f"bin/python{version}", version, starts=False)
    interpreter(tmp_path / "bin/python3", "3.11")
    interpreter(tmp_path / ".pyenv/versions/3.12.1/bin/python3.12", "3.12")
    assert chosen(checkout, tmp_path)[0] == ["3.11 ~/bin/python3", "3.12 ~/.pyenv/versions/3.12.1/bin/python3.12"]


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.14", "3.15"])
def test_one_python_is_enough_whichever_it_is(checkout: Path, tmp_path: Path, version: str) -> None:
    interpreter(tmp_path / "bin/python3", version)
    found, said, code = chosen(checkout, tmp_path)
    assert (found, code) == ([f"{version} ~/bin/python3"], 0)
    assert f"Python {version}" not in said


def test_without_one_nothing_passes(checkout: Path, tmp_path: Path) -> None:
    interpreter(tmp_path / "bin/python3", "3.10")
    assert (chosen(checkout, tmp_path)[0], chosen(checkout, tmp_path)[2]) == ([], 1)


def test_the_project_names_the_pythons_that_the_suite_has_passed_on(checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    script = (checkout / ".ci/pythons").read_text(encoding="utf-8")
    (named,) = re.findall(r"^versions=\((.*)\)", script, re.MULTILINE)
    classified = [re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", each) for each in project["classifiers"]]
    assert [found[1] for found in classified if found] == named.split()
    assert project["requires-python"] == f">={named.split()[0]}"
