"""Whether a file is on a network file system, where an advisory lock may exclude nobody."""

from __future__ import annotations

from pathlib import Path

__all__ = ["network_kind"]

NETWORK = frozenset(
    ("9p", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs")
)


def network_kind(path: Path, mounts: str) -> str | None:
    """The kind of network file system that holds the path, as `mounts` (a mountinfo file) names it."""
    try:
        lines = Path(mounts).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, rest = before.split(" "), after.split(" ")
        point = Path(_unescaped(fields[4])) if len(fields) > 4 else None
        if point is not None and path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), rest[0]
    return kind if kind in NETWORK or kind.startswith(("nfs", "smb")) else None


def _unescaped(text: str) -> str:
    """The kernel writes space, tab, newline and backslash as octal."""
    for code in ("040", "011", "012", "134"):
        text = text.replace(f"\\{code}", chr(int(code, 8)))
    return text
