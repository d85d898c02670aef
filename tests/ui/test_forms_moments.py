"""A phrase means what it meant when it was typed: what a form shows is what it stores, whenever it is saved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.widgets import Static

from pddtui.domain.case import Case
from pddtui.domain.duetime import FixedClock
from pddtui.services.drafts import Drafts, DraftSubject, Edits
from pddtui.services.explain import why_follow_up
from pddtui.services.inputs import NewFiling
from pddtui.ui.context import Context
from pddtui.ui.forms.case import CaseForm
from pddtui.ui.forms.confirm import Confirm
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.evidence import EvidenceForm
from pddtui.ui.forms.filing import FilingForm, FilingStateForm, MilestoneForm
from pddtui.ui.forms.follow_up import FollowUpForm, SnoozeForm
from pddtui.ui.forms.form import FormScreen
from pddtui.ui.forms.hints import by_when, due_hint, typed_moment, when_hint
from pddtui.ui.forms.promise import CallConfirmation, PromiseForm
from tests.ui.cases import KETTLE, NUTS, SHANGHAI, case, desk
from tests.ui.forms import Bench, Make, open_form

EVENING = datetime(2026, 11, 24, 23, 50, tzinfo=SHANGHAI)
"""A Tuesday; a quarter of an hour later it is Wednesday."""
LAST_EVENING = datetime(2026, 12, 31, 23, 50, tzinfo=SHANGHAI)
PAST_MIDNIGHT = timedelta(minutes=15)
NEXT_MORNING = timedelta(hours=9)
A_DAY_BACK = timedelta(days=-1)


def move(context: Context, by: timedelta) -> None:
    clock = context.casebook.clock
    assert isinstance(clock, FixedClock)
    clock.advance(by)


def opened(make: Make, at: datetime) -> Make:
    """The form as somebody opens it at that moment."""

    def form(context: Context) -> FormScreen:
        move(context, at - context.casebook.now())
        return make(context)

    return form


def follow_up(context: Context) -> FollowUpForm:
    return FollowUpForm(context, case(context, NUTS))


def snooze(context: Context) -> SnoozeForm:
    nuts = case(context, NUTS)
    return SnoozeForm(context, nuts, nuts.follow_ups[0])


def contact(context: Context) -> ContactForm:
    return ContactForm(context, case(context, NUTS))


def call(context: Context) -> ContactForm:
    return ContactForm(context, case(context, NUTS), call=True)


def correction(context: Context) -> ContactForm:
    nuts = case(context, NUTS)
    return ContactForm(context, nuts, contact=nuts.contacts[-1])


def promise(context: Context) -> PromiseForm:
    """Of a promise that is still open."""
    kettle = case(context, KETTLE)
    return PromiseForm(context, kettle, *kettle.promises[1])


def filing(context: Context) -> FilingForm:
    return FilingForm(context, case(context, NUTS))


def filing_state(context: Context) -> FilingStateForm:
    new = NewFiling(rung="request", channel="app_aftersale")
    nuts = context.casebook.file(case(context, NUTS).id, new, anyway=True)
    return FilingStateForm(context, nuts, nuts.filings[-1])


def milestone(context: Context) -> MilestoneForm:
    return MilestoneForm(context, case(context, NUTS))


def evidence(context: Context) -> EvidenceForm:
    return EvidenceForm(context, case(context, NUTS))


def new_case(context: Context) -> CaseForm:
    return CaseForm(context, None)


Stored = Callable[[Case, str], datetime | None]
"""What was stored, of the case and the id of the record that was saved."""


class Told(NamedTuple):
    """One form, what is typed into it, and what it stores of which field."""

    make: Make
    typed: Mapping[str, str]
    stored: Mapping[str, Stored]


def logged_at(saved: Case, thing: str) -> datetime:
    return next(contact.at for contact in saved.contacts if contact.id == thing)


def promised(saved: Case, thing: str) -> datetime | None:
    return next(contact.promises[0].due for contact in saved.contacts if contact.id == thing)


def filed_at(saved: Case, _: str) -> datetime:
    return saved.filings[-1].filed_at


def counted(saved: Case, _: str) -> datetime | None:
    return saved.filings[-1].countdown_until


SAID = {"said": "later", "promise": "parcel"}
TOLD = {
    "follow-up": Told(
        follow_up, {"text": "ask", "due": "tomorrow"}, {"due": lambda saved, _: saved.follow_ups[-1].due}
    ),
    "put off, quick": Told(snooze, {"quick": "tomorrow"}, {"due": lambda saved, _: saved.follow_ups[0].due}),
    "contact": Told(contact, {**SAID, "due": "tomorrow"}, {"at": logged_at, "due": promised}),
    "contact before": Told(
        contact, {**SAID, "at": "2 hours ago", "due": "24小时内"}, {"at": logged_at, "due": promised}
    ),
    "call": Told(call, {**SAID, "due": "明天18:00"}, {"at": logged_at, "due": promised}),
    "correction without": Told(correction, {"at": ""}, {"at": logged_at}),
    "replaced": Told(
        promise, {"state": "replaced", "due": "in 3 days"}, {"due": lambda saved, _: saved.promises[-1][1].due}
    ),
    "settled": Told(promise, {"state": "kept"}, {"at": lambda saved, _: saved.promises[1][1].settled_at}),
    "filing before": Told(
        filing, {"at": "yesterday 20:00", "countdown": "1天23时"}, {"at": filed_at, "countdown": counted}
    ),
    "result": Told(
        filing_state,
        {"state": "refused", "countdown": "23:59:59"},
        {"at": lambda saved, _: saved.filings[-1].ended_at, "countdown": counted},
    ),
    "seen before": Told(filing_state, {"at": "20:00", "countdown": "23:59:59"}, {"countdown": counted}),
    "filing": Told(filing, {}, {"at": filed_at}),
    "milestone": Told(
        milestone,
        {"event": "shipped", "at": "yesterday"},
        {"at": lambda saved, _: saved.milestones["shipped"]},
    ),
    "evidence": Told(
        evidence,
        {"place": "chat", "taken_at": "yesterday 20:00", "vanishes_at": "一周内"},
        {
            "taken_at": lambda saved, _: saved.evidence[-1].taken_at,
            "vanishes_at": lambda saved, _: saved.evidence[-1].vanishes_at,
        },
    ),
    "case": Told(
        new_case,
        {"title": "pot", "received_at": "昨天"},
        {
            "received_at": lambda saved, _: saved.order.received_at,
            "opened_at": lambda saved, _: saved.opened_at,
        },
    ),
}


def look(form: Bench) -> None:
    """The form hears what time it is."""
    form.form.hear(frozenset(), form.context.casebook.now())


async def test_what_was_shown_in_the_evening_is_stored_next_morning(tmp_path: Path) -> None:
    """One desk for all forms; each is opened on the last evening of the year."""
    wrong: list[str] = []
    async with open_form(opened(follow_up, LAST_EVENING), tmp_path) as first:
        context = first.context
        await first.press("escape")
        for name, told in TOLD.items():
            move(context, LAST_EVENING - context.casebook.now())
            form = Bench(first.app, first.pilot, context, told.make(context))
            first.app.result.clear()
            await first.app.push_screen(form.form, first.app.result.append)
            await form.settle()
            for field, text in told.typed.items():
                form.field(field).value = text
            await form.settle()
            typed = {field: form.field(field).hint for field in told.stored}
            move(context, NEXT_MORNING)
            look(form)
            renewed = {field: form.field(field).hint for field in told.stored}
            await form.save()
            if form.shows(Confirm) or form.shows(CallConfirmation):
                await form.press("y" if form.shows(Confirm) else "escape")
            (saved,) = form.result
            assert saved is not None, name
            after = context.casebook.case(saved.case_id)
            for field, stored in told.stored.items():
                at = stored(after, saved.thing or "")
                said = context.speech.moment(at) if at is not None else "nothing"
                if said not in renewed[field] or (told.typed and said not in typed[field]):
                    wrong.append(f"{name}, {field}: {typed[field]}, {renewed[field]}, and stored {said}")
            if after.history[-1].at != LAST_EVENING + NEXT_MORNING:
                wrong.append(f"{name} was put on record at {after.history[-1].at}")
    assert wrong == []


@pytest.mark.parametrize(("moved", "then"), [(PAST_MIDNIGHT, "Thu 26 Nov"), (A_DAY_BACK, "Tue 24 Nov")])
async def test_a_phrase_that_is_edited_again_means_what_it_means_by_then(
    tmp_path: Path, moved: timedelta, then: str
) -> None:
    async with open_form(opened(follow_up, EVENING), tmp_path) as form:
        await form.write("text", "ask")
        await form.write("due", "tomorrow")
        assert form.field("due").hint == "→ Wed 25 Nov"
        move(form.context, moved)
        await form.write("text", " again")
        look(form)
        assert form.field("due").hint == "→ Wed 25 Nov"
        await form.press("tab", "backspace", "w")
        assert form.field("due").hint == f"→ {then}"
        await form.save()
        task = form.case(NUTS).follow_ups[-1]
        assert form.context.speech.moment(task.due) == then
        assert task.created_at == EVENING + moved
        assert "It is due on" not in "\n".join(map(form.context.speech.say, why_follow_up(form.casebook, task)))


async def test_an_open_form_follows_the_clock_until_somebody_types(tmp_path: Path) -> None:
    async with open_form(opened(contact, LAST_EVENING), tmp_path) as form:
        at = form.field("at")
        assert at.hint == "now: Thu 31 Dec 23:50"
        move(form.context, PAST_MIDNIGHT)
        look(form)
        assert at.hint == "now: Fri 1 Jan 2027 00:05"
        move(form.context, timedelta(hours=-2))
        look(form)
        assert at.hint == "now: Thu 31 Dec 22:05"
        move(form.context, timedelta(minutes=20))
        look(form)
        assert at.hint == "now: Thu 31 Dec 22:05"  # nothing runs with the minutes
        await form.press("tab")
        assert at.hint == "now: Thu 31 Dec 22:25"
        move(form.context, timedelta(minutes=5))
        await form.write("said", "x")
        assert at.hint == "now: Thu 31 Dec 22:30"
        move(form.context, NEXT_MORNING)
        await form.write("said", "y")
        assert at.hint == "when you began: Thu 31 Dec 22:30"
        form.field("said").value = ""
        await form.settle()
        assert at.hint == "now: Fri 1 Jan 2027 07:30"
        form.context.speech.year = 2027
        look(form)
        assert at.hint == "now: Fri 1 Jan 07:30"


async def test_nothing_is_said_while_another_screen_is_in_front(tmp_path: Path) -> None:
    async with open_form(opened(contact, EVENING), tmp_path) as form:
        form.app.push_screen(Confirm("?", yes="y", no="n"))
        await form.settle()
        move(form.context, PAST_MIDNIGHT)
        look(form)
        assert form.field("at").hint == "now: Tue 24 Nov 23:50"
        await form.press("n")
        look(form)
        assert form.field("at").hint == "now: Wed 25 Nov 00:05"


async def test_a_draft_of_yesterday_says_and_stores_what_it_said_yesterday(tmp_path: Path) -> None:
    async with open_form(opened(contact, EVENING), tmp_path) as form:
        await form.write("said", "later")
        await form.write("promise", "parcel")
        move(form.context, timedelta(minutes=5))
        await form.write("due", "明天")
        assert form.field("due").hint == "→ Wed 25 Nov"
        move(form.context, NEXT_MORNING)
        await form.press("escape", "k")
    async with open_form(opened(contact, EVENING + timedelta(days=1)), tmp_path) as form:
        assert "The text from Tue 24 Nov 23:55 " in str(form.form.query_one(".form--offer", Static).render())
        await form.press("ctrl+r")
        await form.write("said", "maybe ")
        assert form.field("at").hint == "when you began: Tue 24 Nov 23:50"
        assert form.field("due").hint == "→ Wed 25 Nov"
        await form.save()
        logged = form.case(NUTS).contacts[-1]
        assert (logged.summary, logged.at, logged.recorded_at) == ("maybe later", EVENING, form.casebook.now())
        assert f"{logged.promises[0].due:%m-%d}" == "11-25"


@pytest.mark.parametrize("at", ["2026-11-24T23:50:00+08:00", "2026-11-24T15:50:00Z"])
async def test_a_draft_of_an_older_version_was_typed_when_the_last_of_it_was(tmp_path: Path, at: str) -> None:
    subject = {"form": "follow_up", "case": "", "thing": None, "file": None}

    def make(context: Context) -> FollowUpForm:
        subject["case"] = case(context, NUTS).id
        left = Drafts(tmp_path / "drafts").open(DraftSubject(form="follow_up", case=subject["case"]))
        left.keep({}, EVENING)
        (path,) = (tmp_path / "drafts").glob("*.json")
        values = {"text": "ask", "due": "tomorrow"}
        path.write_bytes(msgspec.json.encode({"subject": subject, "values": values, "at": at}))
        left.close()
        return follow_up(context)

    async with open_form(opened(make, EVENING + timedelta(days=2)), tmp_path) as form:
        await form.write("due", "tomorrow")
        assert form.field("due").hint == "→ Fri 27 Nov"
        await form.press("ctrl+r")
        assert form.field("due").hint == "→ Wed 25 Nov"
        await form.save()
        task = form.case(NUTS).follow_ups[-1]
        assert (f"{task.due:%m-%d}", task.created_at) == ("11-25", EVENING)


async def test_a_quick_choice_of_a_draft_is_the_one_of_the_draft(tmp_path: Path) -> None:
    async with open_form(opened(snooze, EVENING), tmp_path) as form:
        form.field("quick").value = "tomorrow"
        await form.settle()
    async with open_form(opened(snooze, EVENING + PAST_MIDNIGHT), tmp_path) as form:
        await form.press("ctrl+r")
        assert (form.field("quick").value, form.field("due").hint) == ("tomorrow", "→ Wed 25 Nov")
        form.field("due").value = ""
        await form.write("due", "tomorrow")
        assert (form.field("quick").value, form.field("due").hint) == ("", "→ Thu 26 Nov")


async def test_a_call_that_was_cut_off_keeps_its_beginning_and_goes_on_counting(tmp_path: Path) -> None:
    async with open_form(opened(call, EVENING), tmp_path) as form:
        move(form.context, timedelta(minutes=4))
        await form.write("said", "later")
        assert form.field("at").hint == "now: Tue 24 Nov 23:50"
    async with open_form(opened(call, EVENING + NEXT_MORNING), tmp_path) as form:
        await form.press("ctrl+r")
        move(form.context, timedelta(minutes=2))
        look(form)
        assert str(form.form.query_one(".form--remark", Static).render()) == "● 06:00  since Tue 24 Nov 23:50"
        await form.save()
        logged = form.case(NUTS).contacts[-1]
        assert (logged.at, logged.minutes) == (EVENING, 6)


async def test_the_ten_minutes_of_a_correction_run_out_while_it_is_open(tmp_path: Path) -> None:
    def make(context: Context) -> ContactForm:
        move(context, case(context, NUTS).contacts[-1].recorded_at - context.casebook.now() + timedelta(minutes=9))
        return correction(context)

    async with open_form(make, tmp_path) as form:
        remark = form.form.query_one(".form--remark", Static)
        assert "leaves no trace" in str(remark.render())
        move(form.context, timedelta(minutes=2))
        look(form)
        assert "stays readable" in str(remark.render())


async def test_a_countdown_runs_from_when_it_was_read_off_the_app(tmp_path: Path) -> None:
    async with open_form(opened(filing_state, EVENING), tmp_path) as form:
        form.field("state").value = "refused"
        await form.settle()
        move(form.context, PAST_MIDNIGHT)
        await form.write("countdown", "2h30m")
        assert form.field("countdown").hint == "→ Wed 25 Nov 02:35"
        form.context.speech.year = 2027
        look(form)
        assert form.field("countdown").hint == "→ Wed 25 Nov 2026 02:35"
        assert "filed Tue 24 Nov 2026 23:50" in str(form.form.query_one(".form--remark", Static).render())
        move(form.context, NEXT_MORNING)
        await form.save()
        filing = form.case(NUTS).filings[-1]
        assert (filing.ended_at, filing.countdown_until) == (EVENING, EVENING + timedelta(hours=2, minutes=45))


PHRASES = ("明天", "tomorrow 18:00", "in 3 days", "3个工作日内", "2小时内", "next working day", "周五", "月底", "18:00")
PAST_PHRASES = ("now", "2 hours ago", "昨天20:00", "yesterday", "11-22", "刚才", "20:15", "3天前", "大前天")
MOMENTS = st.datetimes(datetime(2026, 11, 1), datetime(2027, 3, 1)).map(lambda at: at.replace(tzinfo=SHANGHAI))  # noqa: DTZ001


@pytest.fixture(scope="module")
def context() -> Iterator[Context]:
    with desk("en") as context:
        yield context


@given(st.sampled_from(PHRASES), st.sampled_from(PAST_PHRASES), st.lists(MOMENTS, min_size=3, max_size=6))
def test_whatever_the_clock_does_the_last_hint_is_what_is_stored(
    context: Context, due: str, when: str, moments: list[datetime]
) -> None:
    start, typed, *later = moments
    edits = Edits(start)
    edits.stand({"due": "", "at": ""}, start)
    move(context, typed - context.casebook.now())
    edits.note("due", due, typed)
    edits.note("at", when, typed)
    for now in later:
        move(context, now - context.casebook.now())
        edits.moved_on(now)
        edits.note("due", due, now)
        edits.note("at", when, now)
    shown = due_hint(context, due, edits.of("due"))
    by = by_when(context, due, "due", edits.of("due")).at
    assert by == context.casebook.due(due, typed).at
    assert shown.startswith(f"→ {context.speech.moment(by)}")
    stored = typed_moment(when, edits.of("at"), "at")
    assert stored is not None
    assert when_hint(context, when, edits.of("at")).startswith(f"→ {context.speech.moment(stored)}")
    assert typed_moment("now", edits.of("at"), "at") == typed


@pytest.mark.parametrize("answer", ["y", "n"])
async def test_a_date_far_from_all_else_in_the_case_is_asked_about(tmp_path: Path, answer: str) -> None:
    async with open_form(lambda context: ContactForm(context, case(context, KETTLE)), tmp_path) as form:
        before = len(form.case(KETTLE).contacts)
        form.field("said").value = "hello"
        form.field("direction").value = "out"
        form.field("at").value = "2062-11-20"
        await form.pilot.press("ctrl+s")
        await form.pilot.pause()
        assert isinstance(form.app.screen, Confirm)
        await form.press("s" if answer == "y" else "c")
        await form.settle()
        assert len(form.case(KETTLE).contacts) - before == (1 if answer == "y" else 0)
        if answer == "n":
            assert "far away from everything else" in str(form.field("at").error)
            form.field("at").value = "yesterday"
            await form.save()
            assert len(form.case(KETTLE).contacts) - before == 1
