"""How long the commands take, against what any such program imports: `python -m tests.bench.bench_cli [SIZE …]`.

Each command is a process of its own on a file of that many cases with ten contacts each, once without and once with
the history that led there. The reference of the same run is a process that imports click, tinydb, msgspec and pendulum
and does nothing. The export is measured inside one process too, against encoding the same values, and the
attention against its goal. Absolute times drift, ratios do not.
"""

from __future__ import annotations

import gc
import io
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import msgspec

from pddtui.handbook.book import Handbook
from pddtui.handbook.rulebook import rulebook
from pddtui.services.calendar_cn import ChinaCalendar
from pddtui.services.export.json import exported, json_pieces
from pddtui.store import TinyCaseStore
from tests.bench.bench_store import fill
from tests.store.making import START

ROUNDS = 5
REFERENCE = ("-c", "import click, tinydb, msgspec, pendulum")
COMMANDS: Mapping[str, Sequence[str]] = {
    "due": ("due",),
    "list": ("list",),
    "list, by words": ("list", "加急"),
    "add": ("add", "电热水壶不通电"),
    "log": ("log", "PDD-2026-00007", "--in", "--said", "三个工作日内处理"),
    "export": ("export",),
}
"""Name of the row -> what is typed after the name of the program."""


def seconds(arguments: Sequence[str], environ: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        env=dict(environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - began


def in_turns(acts: Mapping[str, Callable[[], float]]) -> dict[str, float]:
    """Medians of acts that are done in turns, so that the noise of the machine hits all alike."""
    for act in acts.values():
        act()  # compiles, and fills what is kept between runs
    spent: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(ROUNDS):
        for name, act in acts.items():
            spent[name].append(act())
    return {name: statistics.median(found) for name, found in spent.items()}


def commands(files: Mapping[str, Path], home: Path) -> dict[str, float]:
    """Seconds of each command on each file, by `command/file`, and of the reference."""
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")  # an installed program is compiled and buffers
    environ = {name: value for name, value in os.environ.items() if name not in unwanted}
    environ |= {"HOME": str(home), "LANG": "C.UTF-8"}
    environ |= {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "STATE", "CACHE")}
    acts = {"": partial(seconds, REFERENCE, environ)}
    for file, path in files.items():
        for name, words in COMMANDS.items():
            arguments = ("-m", "pddtui", "--file", str(path), *words)
            acts[f"{name}/{file}"] = partial(seconds, arguments, environ)
    return in_turns(acts)


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def export_ratio(path: Path) -> float:
    """The export of all cases into memory as it goes into a file, against `msgspec.json.encode` of the same values."""
    rules, calendar = rulebook(Handbook()), ChinaCalendar()
    cases = list(TinyCaseStore.open(path).cases().values())
    values = [exported(case, rules, START, calendar) for case in cases]
    gc.collect()
    gc.disable()
    spent = in_turns(
        {
            "export": lambda: timed(
                lambda: io.BytesIO().writelines(json_pieces(cases, rules, START, calendar=calendar))
            ),
            "encode": lambda: timed(lambda: msgspec.json.encode(values)),
        }
    )
    gc.enable()
    return spent["export"] / spent["encode"]


def main(sizes: Sequence[int]) -> None:
    out = sys.stdout.write
    with tempfile.TemporaryDirectory(dir=".") as folder:
        home = Path(folder)
        files: dict[str, Path] = {}
        for size in sizes:
            for history in (False, True):
                name = f"{size:,}{' +h' if history else ''}"
                files[name] = home / f"{size}{history}.json"
                fill(files[name], size, history=history)
        kept = {name: Path(shutil.copy(path, path.with_suffix(".kept"))) for name, path in files.items()}
        spent = commands(files, home)
        out(f"reference: {spent[''] * 1000:.0f} ms\n{'cases (+h with history)':26}")
        out("".join(f"{name:>12}" for name in files) + "\n")
        for name in COMMANDS:
            ratios = (spent[f"{name}/{file}"] / spent[""] for file in files)
            out(f"{name:26}" + "".join(f"{ratio:>11.2f}x" for ratio in ratios) + "\n")
        ratios = (export_ratio(path) for path in kept.values())
        out(f"{'export / encode, inside':26}" + "".join(f"{ratio:>11.2f}x" for ratio in ratios) + "\n")
    out("goals: due, list, add, log <= 1.3x at 100 cases, <= 3x at 10,000; export / encode <= 2x\n")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100, 10_000])
