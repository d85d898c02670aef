"""The people a name can be completed to, with what tells them apart."""

from __future__ import annotations

from collections.abc import Sequence

from pddtui.domain.contact import Person
from pddtui.services import people
from pddtui.ui.context import Context
from pddtui.ui.widgets.fields import Suggestion

__all__ = ["Acquaintances"]


class Acquaintances:
    """Everybody seen so far; nobody until they have been looked up."""

    def __init__(self, context: Context, case_id: str) -> None:
        self._context = context
        self._case_id = case_id
        self._seen: Sequence[people.Seen] = ()

    async def look_up(self) -> None:
        casebook, case_id = self._context.casebook, self._case_id
        self._seen = await self._context.clerk.do(lambda: people.people_seen(casebook.cases(), case_id))

    def offers(self, typed: str) -> list[Suggestion]:
        return [
            Suggestion(str(self._seen.index(seen)), seen.person.name or f"#{seen.person.staff_no}", self._note(seen))
            for seen in people.matching(self._seen, typed)
        ]

    def person(self, key: str) -> Person:
        """The one that was offered under that key."""
        return self._seen[int(key)].person

    def _note(self, seen: people.Seen) -> str:
        number = f"#{seen.person.staff_no}" if seen.person.staff_no else None
        elsewhere = None if seen.here else self._context.speech("other case")
        return " · ".join(part for part in (seen.person.role, number, elsewhere) if part)
