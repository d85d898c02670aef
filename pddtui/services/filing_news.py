"""What was learned of a filing, as it is entered: what became of it, their number, what the app shows.

Only what is given changes, and all of it is one move: one save, one entry of the history, one undo.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from pddtui.domain import moves
from pddtui.domain.case import Case, Filing, FilingState
from pddtui.domain.duetime import Due
from pddtui.domain.refusals import refuse_secrets
from pddtui.domain.rules import Aftersale, Rules
from pddtui.domain.text import one_line
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["FilingNews", "newest_filing"]

Resolve = Callable[[str, datetime], Due]
"""Reads a countdown or a date relative to a moment; raises `Refused` on what it cannot read."""


class FilingNews(Struct, frozen=True, kw_only=True):
    """None is for what is as it was."""

    state: FilingState | None = None
    reference: str | None = None
    aftersale: int | None = None
    """The platform's code for the state that the app shows."""
    countdown: str | None = None
    """As the app shows it (`1天23时`), counted from `at`; "" takes the one that is there away."""
    at: datetime | None = None
    """When it happened, or was seen in the app; None for now."""

    @property
    def action(self) -> str:
        """What the change is called in the history: the weightiest part of it."""
        if self.state is not None:
            return "decide"
        if self.aftersale is not None:
            return "aftersale"
        return "countdown" if self.countdown is not None else "reference"

    def move(self, filing_id: str, now: datetime, rules: Rules, resolve: Resolve) -> Callable[[Case], Case]:
        """The move it makes. Raises `Refused` with the field at fault."""
        at, state, shown = self.at or now, self.state, self._shown(rules)
        reference = refuse_secrets(one_line(self.reference or ""), "reference")
        until = self._until(at, resolve)
        if state is not None and shown is not None:
            raise Refused(
                msg("The state in the app says already what became of it: give one of the two."), field="state"
            )
        if state is None and shown is None and self.countdown is None and not reference:
            raise Refused(msg("Say what became of it, or what the app shows."), field="state")

        def told(case: Case) -> Case:
            if state is not None:
                case = moves.decide(case, filing_id, state, at)
            if shown is not None:
                case = moves.note_aftersale(case, filing_id, shown, at, until)
            elif self.countdown is not None:
                case = moves.set_countdown(case, filing_id, until)
            return moves.set_reference(case, filing_id, reference) if reference else case

        return told

    def _shown(self, rules: Rules) -> Aftersale | None:
        if self.aftersale is None:
            return None
        shown = rules.aftersales.get(self.aftersale)
        if shown is None:
            raise Refused(msg("There is no state {code} of an in-app request.", code=self.aftersale), field="aftersale")
        return shown

    def _until(self, at: datetime, resolve: Resolve) -> datetime | None:
        if not self.countdown:
            return None
        try:
            return resolve(self.countdown, at).at
        except Refused as refused:
            raise Refused(refused.message, field="countdown", position=refused.position) from refused


def newest_filing(case: Case, channel: str | None = None) -> Filing | None:
    """The newest filing that still runs, else the newest one; with a channel, of those lodged through it."""
    lodged = [filing for filing in case.filings if channel in (None, filing.channel)]
    running = [filing for filing in lodged if filing.running]
    return next(reversed(running or lodged), None)
