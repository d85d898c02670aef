"""What the desk says and asks once when it opens: forms that were left half-typed, copies beside the data file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from textual.app import ReturnType

from pddtui.errors import PddError
from pddtui.message import Message, msg, plural
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context, Copies

__all__ = ["offers"]


async def offers(screen: ActionScreen[ReturnType], context: Context) -> None:
    """Say that half-typed forms of a lost session wait, which their own forms offer again; then ask about copies."""
    refs = {case.id: case.ref for case in context.casebook.cases()}
    waiting = await context.clerk.do(partial(_waiting_drafts, context.places.drafts, refs))
    if waiting is not None:
        screen.tell(context.speech.say(waiting))
    if context.copies is not None:
        await _offer_copies(screen, context, context.copies)


def _waiting_drafts(folder: Path, refs: Mapping[str, str]) -> Message | None:
    """The sentence that half-typed forms of lost sessions wait, or None when there are none."""
    if not folder.is_dir() or not any(folder.iterdir()):
        return None
    from pddtui.services.drafts import Drafts

    return Drafts(folder).waiting(refs)


async def _offer_copies(screen: ActionScreen[ReturnType], context: Context, copies: Copies) -> None:
    """Ask whether what copies beside the data file hold is to be united with it; nothing changes without a yes."""
    speech = context.speech
    if context.casebook.store.read_only is not None:
        return
    found = await context.clerk.do(copies.found)
    if not found:
        return
    from pddtui.ui.forms.confirm import Confirm

    names = tuple(
        msg(
            "{name}: {cases}, {contacts}",
            name=each.name,
            cases=plural("{n} case", "{n} cases", each.cases),
            contacts=plural("{n} contact", "{n} contacts", each.contacts),
        )
        for each in found
    )
    question = speech("Copies beside the data file hold what is not in it. Unite them with it?")
    detail = speech.render(msg("{names}. The copies stay where they are.", names=names))
    sure = Confirm(question, yes=speech("Yes, unite them"), no=speech("No, not now"), detail=detail)
    if not await screen.app.push_screen_wait(sure):
        return
    try:
        cases, contacts, clashes = await context.clerk.do(copies.unite)
    except PddError as error:
        screen.tell(speech.say(error.message))
        return
    counts = (
        plural("{n} case changed", "{n} cases changed", cases),
        plural("{n} new contact", "{n} new contacts", contacts),
        *((plural("{n} conflict", "{n} conflicts", clashes),) if clashes else ()),
    )
    screen.tell(speech.say(msg("United: {counts}.", counts=counts)))
