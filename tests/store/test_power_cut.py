"""A real file system that loses power: ext4 on a loop device, shut down without flushing and mounted again."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.store.making import add, repeated, session

SHUTDOWN = 0x8004587D
"""FS_IOC_SHUTDOWN of the kernel's ext4."""
WITHOUT_LOG = 2
"""EXT4_GOING_FLAGS_NOLOGFLUSH: what is not on the device yet never gets there."""


def command(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


@contextlib.contextmanager
def mounted(image: Path, point: Path, options: str) -> Iterator[None]:
    command("mount", "-o", f"loop,{options}", str(image), str(point))
    try:
        yield
    finally:
        # Lazily: a test that failed may still hold a file open, and must not leave a mount behind.
        command("umount", "--lazy", str(point))


def cut(point: Path) -> None:
    fd = os.open(point, os.O_RDONLY)
    try:
        how = ctypes.c_uint32(WITHOUT_LOG)
        if ctypes.CDLL(None, use_errno=True).ioctl(fd, ctypes.c_ulong(SHUTDOWN), ctypes.byref(how)):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(fd)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    if os.geteuid() != 0 or not all(shutil.which(tool) for tool in ("mkfs.ext4", "mount", "umount")):
        pytest.skip("a power cut needs root and mkfs.ext4")
    image, point = tmp_path / "image", tmp_path / "try"
    with image.open("wb") as file:
        file.truncate(64 << 20)
    command("mkfs.ext4", "-q", str(image))
    point.mkdir()
    try:
        with mounted(image, point, "defaults"):
            cut(point)
    except (subprocess.CalledProcessError, OSError) as error:
        pytest.skip(f"this machine cannot mount and cut a loop device: {error}")
    return image


@repeated(2, 60)
@pytest.mark.parametrize("options", ["defaults", "data=writeback,noauto_da_alloc"])
def test_a_power_cut_loses_no_acknowledged_save(
    tmp_path: Path, image: Path, summary: Callable[..., None], options: str, times: int
) -> None:
    point = tmp_path / "disk"
    point.mkdir()
    path = point / "folder" / "cases.json"
    with mounted(image, point, options):
        store = session(path)
        for number in range(50):
            add(store, number, contacts=3, title="0")
        store.close()
        os.sync()
    expected = {f"CASE{number:08d}": 0 for number in range(50)}
    acknowledged = lost = 0
    for seed in range(times):
        with mounted(image, point, options):
            worker = subprocess.Popen(
                [sys.executable, "-m", "tests.store.worker", str(path), str(seed), "100000", "", "stamped"],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert worker.stdout is not None
            early = [worker.stdout.readline() for _ in range(5 + seed % 20)]
            began = time.monotonic()
            cut(point)
            worker.kill()
            rest, _ = worker.communicate()
        # A call that returns while the cut is under way belongs to no real machine.
        for line in [*early, *rest.splitlines()]:
            words = line.split()
            if words[:1] == ["saved"] and len(words) == 5 and float(words[4]) < began:
                acknowledged += 1
                expected[words[1]] = max(expected[words[1]], int(words[3]))
        with mounted(image, point, options):
            store = session(path)
            found = {identity: int(case.title) for identity, case in store.cases().items()}
            store.close()
        lost += sum(found.get(identity, -1) < counter for identity, counter in expected.items())
        expected = found
    summary(cuts=times, acknowledged=acknowledged, lost=lost)
    assert acknowledged > 0
    assert lost == 0
