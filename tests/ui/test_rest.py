"""While nobody does anything nothing is sent, whatever is open; a letter costs little; a line may be slow."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import termios
from contextlib import closing
from datetime import timedelta

import pytest

from pddtui.domain.duetime import FixedClock
from pddtui.speech import Language
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.form import FormScreen
from pddtui.ui.widgets.fields import Field
from tests.ui.cases import desk
from tests.ui.paper import Desk, on_paper
from tests.ui.test_terminal import Session

LOOKS = 2
"""So many looks for news make a rest."""
LETTERS = "1"
DEAREST = 700
TYPED = 50
"""More pictures than Textual lets wait for the line."""

PAGES: dict[str, tuple[str, ...]] = {
    "desk": (),
    "log": ("2",),
    "due": ("3",),
    "filter": ("slash", "x"),
    **{f"section {number}": ("enter", str(number)) for number in range(1, 9)},
    "why": ("w",),
    "agenda": ("A",),
    "handbook": ("H",),
    "insights": ("I",),
    "trash": ("T",),
    "help": ("question_mark",),
    "palette": ("colon",),
    "letter": ("t",),
    "plain letter": ("t", "ctrl+t"),
    "delete?": ("D",),
    "leave?": ("n", "x", "escape"),
    "brief": ("c",),
    "call": ("C",),
    "line": ("greater_than_sign", "x"),
    "paste": ("P", "x"),
    "preview": ("P", "x", "ctrl+s"),
    "change of a message": ("P", "x", "ctrl+s", "e"),
}
FORMS: dict[str, tuple[str, ...]] = {
    "new case": ("n",),
    "edit": ("e",),
    "contact": ("l",),
    "correct": ("2", "e"),
    "escalate": ("E",),
    "filing": ("S",),
    "evidence": ("v",),
    "resolve": ("R",),
    "follow-up": ("f",),
    "snooze": ("3", "home", *["down"] * 4, "s"),
    "milestone": ("end", "m"),
    "promise": ("3", "home", "down", "e"),
    "export": ("X",),
}


LONG_MEANINGS = {"contact", "correct", "call", "follow-up", "snooze"}
"""Forms in which a day is typed, the meaning of which takes two lines in English."""

SCREENS = {
    "AgendaScreen", "BriefScreen", "CaptureLine", "CaseForm", "CasePage", "Confirm", "ContactForm", "DeskScreen",
    "EvidenceForm", "ExportScreen",
    "FilingForm", "FilingStateForm", "FollowUpForm", "HandbookScreen", "HelpScreen", "InsightsScreen", "LetterScreen",
    "MilestoneForm", "Palette", "PasteScreen", "PastedForm", "PlainScreen",
    "PromiseForm", "Question", "ResolveForm", "SnoozeForm", "TrashScreen",
    "WhyScreen",
}  # fmt: skip
"""Where the keys lead: none of them has led nowhere."""


async def back_on_the_desk(running: Desk) -> None:
    while len(running.app.screen_stack) > 1:
        await running.app.pop_screen()
        await running.settle()
    await running.press("escape", "escape", "1")  # out of the filter, if that is open


def test_nothing_is_sent_while_nobody_does_anything() -> None:
    sent: dict[str, str] = {}

    async def rest_everywhere(running: Desk) -> None:
        for name, keys in {**PAGES, **FORMS}.items():
            await running.press(*keys)
            running.app.clear_notifications()
            await running.settle()
            opened, before = type(running.app.screen).__name__, len(running.paper.sent)
            for _ in range(LOOKS):
                await running.look()
            sent[f"{name}, {opened}"] = running.paper.sent[before:]
            await back_on_the_desk(running)

    with desk("en") as context:
        on_paper(context, rest_everywhere)
    assert {name: said for name, said in sent.items() if said} == {}
    assert SCREENS - {name.partition(", ")[2] for name in sent} == set(), sorted(sent)


async def type_everywhere(running: Desk) -> dict[str, int]:
    """Bytes of the dearest letter in each field of the form that is open."""
    form = running.app.screen
    assert isinstance(form, FormScreen), type(form)
    dearest: dict[str, int] = {}
    for field in form.query(Field):
        if field.display:
            field.focus()
            await running.settle()
            dearest[str(field.id)] = max([await running.press(letter) for letter in LETTERS])
    return dearest


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_form_is_drawn_once_and_a_letter_in_it_costs_at_most_700_bytes(language: Language) -> None:
    """In Chinese, where a letter takes three of them, and in English, where a meaning takes two lines."""
    dear: dict[str, int] = {}
    drawn: dict[str, int] = {}

    async def type_in_every_form(running: Desk) -> None:
        for name, keys in {**FORMS, "call": PAGES["call"]}.items():
            if language == "en" and name not in LONG_MEANINGS:
                continue
            await running.press(*keys[:-1])
            before = running.paper.pictures
            await running.press(keys[-1])
            drawn[name] = running.paper.pictures - before
            found = await type_everywhere(running)
            dear.update({f"{name}, {field}": count for field, count in found.items() if count > DEAREST})
            await back_on_the_desk(running)

    with desk(language) as context:
        on_paper(context, type_in_every_form)
    assert dear == {}
    assert {name: count for name, count in drawn.items() if count > 1} == {}


def test_the_timer_of_a_call_sends_its_seconds() -> None:
    seconds: list[int] = []

    async def call(running: Desk) -> None:
        clock = context.casebook.clock
        assert isinstance(clock, FixedClock)
        await running.press("C")
        form = running.app.screen
        assert isinstance(form, ContactForm)
        for _ in range(12):
            before = len(running.paper.sent.encode())
            clock.advance(timedelta(seconds=1))
            form._tick()
            await running.look()
            seconds.append(len(running.paper.sent.encode()) - before)

    with desk("en") as context:
        on_paper(context, call)
    assert all(0 < count <= 60 for count in seconds), seconds


def test_keys_are_taken_while_nobody_reads_the_line() -> None:
    with closing(Session()) as session:
        session.hears("ready")
        fcntl.ioctl(session.master, termios.TIOCSWINSZ, struct.pack("HHHH", 200, 500, 0, 0))
        os.kill(session.process.pid, signal.SIGWINCH)  # a picture of 100 kB, more than the line holds
        session.hears_without_reading("resized 500")
        for number in range(1, TYPED + 1):
            session.type(b"x")
            session.hears_without_reading(f"value {'x' * number}")
        session.type(b"\x11")
        assert session.ends() == 0
