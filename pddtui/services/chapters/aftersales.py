"""The chapters of the app's after-sales requests and of the service marks on a goods page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pddtui.handbook.aftersales import AftersaleState
from pddtui.handbook.book import Handbook
from pddtui.message import Message, msg
from pddtui.services.chapters.links import linked, said
from pddtui.services.page import Fact, Page, page_of

__all__ = ["aftersale_pages", "scheme_pages"]

_TURNS: Mapping[str, Message] = {
    "none": msg("nobody"),
    "merchant": msg("the merchant"),
    "me": msg("me"),
    "platform": msg("the platform"),
    "payment": msg("the payment provider"),
}

_GROUPS: Mapping[str, Message] = {
    "none": msg("nothing is running"),
    "waiting_merchant": msg("waiting for the merchant"),
    "waiting_platform": msg("waiting for the platform"),
    "refunding": msg("the refund is on its way"),
    "my_turn": msg("I must act before the countdown ends"),
    "closed_against_me": msg("closed against me"),
    "closed": msg("closed"),
    "done": msg("done"),
}


def aftersale_pages(book: Handbook) -> Iterator[Page]:
    """States with whose turn it is, types of request, then the mistakes that cost a case."""
    for state in book.aftersale_states:
        detail = msg("turn: {who}", who=_TURNS[state.turn])
        yield page_of("aftersales", state, f"state_{state.code}", _state(state), detail=detail)
    for kind in book.aftersale_types:
        ids = [remedy.id for remedy in book.remedies if remedy.aftersale_type == kind.code]
        facts = linked(msg("Demand"), "remedies", book.remedies, ids)
        yield page_of("aftersales", kind, f"type_{kind.code}", facts, detail=msg("type of request"))
    for caution in book.aftersale_file.cautions:
        yield page_of("aftersales", caution, caution.id, iter(()), detail=msg("mistake to avoid"))


def _state(state: AftersaleState) -> Iterator[Fact]:
    yield from said(msg("Code"), str(state.code))
    yield from said(msg("Turn"), _TURNS[state.turn])
    yield from said(msg("Stands"), _GROUPS[state.group])
    yield from said(msg("Do"), state.hint)


def scheme_pages(book: Handbook) -> Iterator[Page]:
    for scheme in book.schemes:
        facts = (
            *said(msg("Note"), scheme.note),
            *said(msg("Keep"), msg("A picture of the mark at purchase: it binds as a promise.")),
        )
        yield page_of("schemes", scheme, scheme.id, iter(facts))
