"""What stands in a form is on disk while it is typed, and offered again; leaving a form never loses a word unasked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs
from textual.widgets import Static

from pddtui.services.drafts import Draft, Drafts
from pddtui.ui.context import Context
from pddtui.ui.forms import form as drafted_module
from pddtui.ui.forms.case import CaseForm
from pddtui.ui.forms.confirm import Confirm, Question
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.follow_up import FollowUpForm
from tests.ui.cases import NUTS, case, desk
from tests.ui.forms import Bench, bench, open_form
from tests.ui.hostile import HOSTILE, offences

PATIENCE = 200
"""Rounds of waiting for a timer of a millisecond."""


def follow_up(context: Context) -> FollowUpForm:
    return FollowUpForm(context, case(context, NUTS))


def contact(context: Context) -> ContactForm:
    return ContactForm(context, case(context, NUTS))


def pending(folder: Path) -> list[Draft]:
    return Drafts(folder / "drafts").pending()


def offer(form: Bench) -> str:
    line = form.form.query_one(".form--offer", Static)
    return str(line.render()) if line.display else ""


async def test_a_key_is_on_disk_without_anything_else_being_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafted_module, "BETWEEN_WRITES", 0.001)
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "call them")
        for _ in range(PATIENCE):
            if not list((tmp_path / "drafts").glob("*.json")):
                await form.settle()
        held = list((tmp_path / "drafts").glob("*.json"))
        assert len(held) == 1
        assert b"call them" in held[0].read_bytes()
        assert pending(tmp_path) == []


async def test_the_text_of_a_form_that_was_open_when_the_program_ended_is_offered_and_taken(tmp_path: Path) -> None:
    async with open_form(contact, tmp_path) as form:
        await form.write("said", "half a sen")
        await form.write("promise", "one")
        await form.press("ctrl+n")
        await form.write("promise-2", "two")
        form.field("substance").focus()
        await form.press("end")
    assert [draft.values["said"] for draft in pending(tmp_path)] == ["half a sen"]
    async with open_form(contact, tmp_path) as form:
        assert "The text from Sun 22 Nov 12:00 is not saved yet." in offer(form)
        assert form.field("said").value == ""
        await form.press("ctrl+r")
        assert offer(form) == ""
        assert (form.field("said").value, form.field("promise-2").value) == ("half a sen", "two")
        assert form.field("promise-2").display
        assert form.field("substance").value == "none"
        await form.save()
        assert "without a date" in form.field("due").error
        await form.save()
        saved = form.case(NUTS).contacts[-1]
        assert (saved.summary, len(saved.promises), saved.substance) == ("half a sen", 2, "none")
    assert pending(tmp_path) == []


async def test_a_half_typed_new_case_is_offered_in_its_own_data_file_only(tmp_path: Path) -> None:
    def new_case(name: str) -> Callable[[Context], CaseForm]:
        def form(context: Context) -> CaseForm:
            places = structs.replace(context.places, data_file=tmp_path / name)
            return CaseForm(structs.replace(context, places=places), None)

        return form

    async with open_form(new_case("here.json"), tmp_path) as form:
        await form.write("title", "half a title")
    async with open_form(new_case("there.json"), tmp_path) as form:
        assert offer(form) == ""
    async with open_form(new_case("here.json"), tmp_path) as form:
        assert "is not saved yet" in offer(form)


async def test_a_draft_is_not_offered_to_another_case_or_form(tmp_path: Path) -> None:
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "x")
    async with open_form(contact, tmp_path) as form:
        assert offer(form) == ""
    assert len(pending(tmp_path)) == 1


async def test_a_draft_is_thrown_away_only_after_asking(tmp_path: Path) -> None:
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "precious words")
    async with open_form(follow_up, tmp_path) as form:
        await form.press("f8")
        assert isinstance(form.app.screen, Confirm)
        assert "precious words" in str(form.app.screen.query_one(".question--detail").render())
        await form.press("enter")
        assert len(pending(tmp_path)) == 1
        assert offer(form)
        await form.press("f8", "y")
        await form.settle()
        assert (pending(tmp_path), offer(form)) == ([], "")


async def test_an_offered_draft_stays_when_another_text_is_saved(tmp_path: Path) -> None:
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "old")
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "new")
        await form.write("due", "11-25")
        await form.save()
    assert [draft.values["text"] for draft in pending(tmp_path)] == ["old"]


async def test_leaving_an_untouched_form_asks_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    async with open_form(contact, tmp_path) as form:
        await form.press("escape")
        assert form.result == [None]
    assert pending(tmp_path) == []


@pytest.mark.parametrize(
    ("key", "open_still", "kept"), [("escape", True, 0), ("enter", True, 0), ("k", False, 1), ("t", False, 0)]
)
async def test_leaving_typed_text_asks_what_becomes_of_it(
    tmp_path: Path, key: str, open_still: bool, kept: int
) -> None:
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "words")
        await form.press("escape")
        assert form.shows(Question)
        await form.press(key)
        await form.settle()
        assert (form.result == []) == open_still
        assert len(pending(tmp_path)) == kept
        if open_still:
            assert form.field("text").value == "words"


async def test_a_draft_that_cannot_be_written_is_said_and_the_form_goes_on(tmp_path: Path) -> None:
    (tmp_path / "drafts").write_text("in the way")
    async with open_form(follow_up, tmp_path) as form:
        await form.write("text", "words")
        assert await form.form.write_draft() is False
        assert "cannot be" in str(form.form.query_one(".form--trouble").render())
        await form.write("due", "11-25")
        before = len(form.case(NUTS).follow_ups)
        await form.save()
        assert len(form.case(NUTS).follow_ups) == before + 1


async def test_nothing_written_into_a_draft_or_a_case_acts_on_the_terminal(tmp_path: Path) -> None:
    """Every hostile text stands in a draft, is taken into the form, is drawn, and is saved inert."""
    nasty = "\n".join(HOSTILE)
    with desk("zh") as context:
        hostile = structs.replace(context, places=structs.replace(context.places, state_folder=tmp_path))
        subject = structs.replace(follow_up(hostile).typed.subject, form="contact")
        left = Drafts(tmp_path / "drafts").open(subject)
        names = ("name", "role", "staff_no", "said", "promise", "due", "channel")
        left.keep({name: nasty.encode("utf-8", "replace").decode() for name in names}, context.casebook.now())
        left.close()
        async with bench(hostile, contact, size=(60, 60)) as form:
            assert offer(form)
            assert offences(form.app) == []
            await form.press("f8")
            assert offences(form.app) == []
            await form.press("escape", "ctrl+r")
            assert form.field("said").value
            assert offences(form.app) == []
            await form.save()
            assert form.field("channel").error or form.field("due").error
            assert offences(form.app) == []
