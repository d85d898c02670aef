"""The promises in a contact form: up to three, each with its words and its date, the first one always there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from textual.widget import Widget

from pddtui.errors import Refused
from pddtui.message import msg
from pddtui.services.entries import NewPromise
from pddtui.ui.context import Context
from pddtui.ui.screens.forms.hints import due_hint
from pddtui.ui.widgets.fields import Field, LineField

__all__ = ["PromiseRows"]

MOST = 3


class _Row:
    def __init__(self, context: Context, number: int, asking: bool) -> None:
        speech = context.speech
        mark = "" if number == 1 else f"-{number}"
        self.text = Field(
            speech("They promise"),
            LineField(placeholder=speech("What exactly will you do?") if asking else ""),
            id=f"promise{mark}",
        )
        self.due = Field(
            speech("by when"),
            LineField(placeholder=speech("By which day?") if asking else speech("within 3 working days, 11-25 18:00")),
            id=f"due{mark}",
        )
        self.shown = number == 1  # the others come with a key

    @property
    def empty(self) -> bool:
        return not (self.text.value.strip() or self.due.value.strip())

    @property
    def shown(self) -> bool:
        return self.text.display

    @shown.setter
    def shown(self, shown: bool) -> None:
        self.text.display = self.due.display = shown


class PromiseRows:
    """The fields, what they mean, and the promises that stand in them."""

    def __init__(self, context: Context, *, asking: bool) -> None:
        """`asking` shows the questions to be asked on the phone."""
        self._context = context
        self._rows = [_Row(context, number, asking) for number in range(1, MOST + 1)]

    def fields(self) -> Iterable[Widget]:
        for row in self._rows:
            yield row.text
            yield row.due

    def more(self) -> Field | None:
        """Show one more; the field to go on in, None when all are shown."""
        hidden = next((row for row in self._rows if not row.shown), None)
        if hidden is None:
            return None
        hidden.shown = True
        return hidden.text

    @property
    def all_shown(self) -> bool:
        """Whether there is no room for one more."""
        return all(row.shown for row in self._rows)

    def show_typed(self) -> None:
        """Show every promise in which something stands."""
        for row in self._rows[1:]:
            row.shown = row.shown or not row.empty

    @property
    def any(self) -> bool:
        return any(not row.empty for row in self._rows)

    def hint(self, said_at: datetime) -> None:
        """Say under each date what it means when it is counted from the contact."""
        for row in self._rows:
            row.due.hint = due_hint(self._context, row.due.value, said_at)

    def entered(self, said_at: datetime, *, written: bool) -> tuple[NewPromise, ...]:
        """The promises as entered. Raises `Refused` at the field at fault."""
        return tuple(self._entered(row, said_at, written) for row in self._rows if not row.empty)

    def _entered(self, row: _Row, said_at: datetime, written: bool) -> NewPromise:
        new = NewPromise(text=row.text.value, due_phrase=row.due.value.strip() or None, written=written)
        try:
            promise = new.build("", said_at, self._context.casebook.due)
        except Refused as refused:
            field = row.text if refused.field == "promise" else row.due
            raise Refused(refused.message, field=field.id, position=refused.position) from refused
        if not promise.text:
            raise Refused(msg("A promise needs words: what exactly will be done?"), field=row.text.id)
        return new
