"""The moves a case allows: pure functions from a case to the next one, each refusing with a reason.

A move never looks at a clock and never makes an id: both are handed in, so that the same move can be
replayed on a fresher copy of the case when another session has saved in between.
"""

from pddtui.domain.moves.filings import decide, file, note_aftersale, set_countdown, set_reference
from pddtui.domain.moves.lifecycle import CaseEdit, edit, open_case, reopen, resolve, restore, trash, verify
from pddtui.domain.moves.log import ContactEdit, amend, log, settle_promise
from pddtui.domain.moves.tasks import (
    EvidenceEdit,
    add_evidence,
    add_follow_up,
    edit_evidence,
    note_milestone,
    remove_evidence,
    settle_follow_up,
    snooze,
    tick,
    tie_evidence,
)

__all__ = [
    "CaseEdit",
    "ContactEdit",
    "EvidenceEdit",
    "add_evidence",
    "add_follow_up",
    "amend",
    "decide",
    "edit",
    "edit_evidence",
    "file",
    "log",
    "note_aftersale",
    "note_milestone",
    "open_case",
    "remove_evidence",
    "reopen",
    "resolve",
    "restore",
    "set_countdown",
    "set_reference",
    "settle_follow_up",
    "settle_promise",
    "snooze",
    "tick",
    "tie_evidence",
    "trash",
    "verify",
]
