"""A record as plain text, for the clipboard: what a person pastes into a chat or a mail."""

from __future__ import annotations

from collections.abc import Iterator

from pddtui.domain.contact import Contact, Promise
from pddtui.speech import Speech
from pddtui.ui.selection import Selection
from pddtui.ui.words import person_words

__all__ = ["record_text"]


def record_text(selection: Selection, speech: Speech) -> str:
    """The chosen promise, contact or follow-up; without one the case in a few lines."""
    if selection.promise is not None and selection.contact is not None:
        return _promise(selection.contact, selection.promise, speech)
    if selection.contact is not None:
        return _contact(selection.contact, speech)
    if selection.task is not None:
        return f"{speech.moment(selection.task.due)}  {selection.task.text}"
    return "\n".join(_case(selection, speech))


def _contact(contact: Contact, speech: Speech) -> str:
    head = "  ".join(part for part in (speech.moment(contact.at, full=True), person_words(contact)) if part)
    return "\n".join([head, contact.summary, *(_promise(contact, promise, speech) for promise in contact.promises)])


def _promise(contact: Contact, promise: Promise, speech: Speech) -> str:
    due = speech.moment(promise.due, full=True) if promise.due is not None else speech("no date")
    who = person_words(contact)
    return "  ".join(part for part in (speech("promise"), due, who, promise.text) if part)


def _case(selection: Selection, speech: Speech) -> Iterator[str]:
    case = selection.case
    yield f"{case.ref}  {case.title}"
    if case.merchant:
        yield case.merchant
    if case.order.number:
        yield case.order.number
    if case.order.amount is not None:
        yield speech.money(case.order.amount, case.order.currency)
    if case.description:
        yield case.description
