"""What to do with what is found at the place of the data file.

A pure table: what is found comes in, the sentence to say comes out. It never
starts empty by accident and never writes over damage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from pddtui.message import Message, msg, plural
from pddtui.store.layout import SCHEMA, UNKNOWN

__all__ = ["Beside", "State", "journal_warnings", "read_only", "refusal"]

State = Literal["ours", "missing", "empty", "recoded", "damaged", "foreign"]
"""`recoded` is ours in another encoding, `damaged` was ours, `foreign` is and was something else."""


class Beside(Struct, frozen=True, kw_only=True):
    """What stands beside the data file and tells that there was one."""

    journal: bool = False
    backups: int = 0
    kept: bool = False
    """The last session that held the lock noted that it had a data file."""

    @property
    def anything(self) -> bool:
        return self.journal or self.backups > 0 or self.kept


def refusal(state: State, beside: Beside, path: str) -> Message | None:
    """Why the data file must not be opened, or None when it may."""
    if state == "ours" or (state == "missing" and not beside.anything):
        return None
    if state == "missing":
        return msg(
            "The data file {path} is gone, but what stood beside it is still there: "
            "put the file back, or run `pddtui recover`.",
            path=path,
        )
    if state == "empty" and not (beside.journal or beside.backups):
        return msg(
            "The data file {path} is empty and has no backup: put the right file there, "
            "or begin anew by `pddtui recover --empty`.",
            path=path,
        )
    if state == "empty":
        return msg("The data file {path} is empty: run `pddtui recover` to get its cases back.", path=path)
    if state == "recoded":
        return msg(
            "The data file {path} was saved in another encoding (GB 18030) by another program: nothing was changed; "
            "run `pddtui recover` to have it in UTF-8 again.",
            path=path,
        )
    if state == "damaged" or beside.anything:
        return msg("The data file {path} is damaged: nothing was changed; run `pddtui recover`.", path=path)
    return msg("{path} is not a data file of pddtui: choose another one with --file.", path=path)


def read_only(path: str, *, schema: int, closed: str | None, network: str | None = None) -> Message | None:
    """Why the data file may only be read, or None. `closed` names what may not be written of what a save needs."""
    if schema == UNKNOWN:
        return msg(
            "The mark in the first line of {path} cannot be understood, as if a newer pddtui had written it: "
            "it is read-only here; update pddtui, or put a backup in its place.",
            path=path,
        )
    if schema > SCHEMA:
        return msg(
            "{path} was written by a newer pddtui (schema {schema}, this one knows {known}): "
            "it is read-only here; update pddtui.",
            path=path,
            schema=schema,
            known=SCHEMA,
        )
    if closed == path:
        return msg("{path} cannot be written by you: it is opened read-only.", path=path)
    if closed is not None:
        return msg(
            "{closed} cannot be written by you, and a save needs it: {path} is opened read-only.",
            closed=closed,
            path=path,
        )
    if network is not None:
        return msg(
            "{path} is on a network file system ({kind}), where locks may not hold: it is opened read-only; "
            "set `trust_network` if no other machine uses it.",
            path=path,
            kind=network,
        )
    return None


def journal_warnings(*, damaged: int, foreign: int, renumbered: Sequence[tuple[str, str]]) -> tuple[Message, ...]:
    """What to tell of the journal."""
    said: list[Message] = []
    if damaged:
        said.append(
            plural(
                "{n} save in the journal cannot be read any more: a copy of the journal will be kept with the backups.",
                "{n} saves in the journal cannot be read any more: "
                "a copy of the journal will be kept with the backups.",
                damaged,
            )
        )
    said += [
        msg("{ref} of another copy of the data file is {new} here: this file has another {ref}.", ref=ref, new=new)
        for ref, new in renumbered
    ]
    if foreign:
        said.append(
            plural(
                "The journal holds {n} save made on another copy of the data file: what is newer was taken from it, "
                "and copies of the journal and of the file will be kept with the backups.",
                "The journal holds {n} saves made on another copy of the data file: what is newer was taken from it, "
                "and copies of the journal and of the file will be kept with the backups.",
                foreign,
            )
        )
    return tuple(said)
