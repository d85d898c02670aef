"""Every flag and date explains itself: reason, sum, source, how sure it is, next step."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from pddtui.domain.case import Case, Override
from pddtui.domain.deadlines import deadlines
from pddtui.domain.flags import Flag
from pddtui.domain.moves import CaseEdit
from pddtui.services.explain import why_deadline, why_flag, why_follow_up, why_promise, why_step
from pddtui.ui.context import Context
from tests.domain.build import at, filing
from tests.domain.build import case as made
from tests.domain.build import said as spoken
from tests.ui.cases import KETTLE, NUTS, SUITCASE, case, desk


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("en") as context:
        yield context


def flags(context: Context, ref: str, kind: str) -> list[Flag]:
    return [flag for flag in context.casebook.attention(case(context, ref)).flags if flag.kind == kind]


def said(context: Context, shown: Case, flag: Flag) -> str:
    lines = why_flag(context.casebook, shown, flag, context.handbook)
    return "\n".join(map(context.speech.say, lines))


def clock(context: Context, ref: str, rule: str) -> str:
    """What is said of the clock of that rule."""
    casebook = context.casebook
    found = deadlines(case(context, ref), casebook.now(), casebook.rules, casebook.calendar)
    deadline = next(each for each in found if each.rule.id == rule)
    return "\n".join(map(context.speech.say, why_deadline(deadline, context.handbook)))


def test_a_promise_names_who_said_it_the_words_and_the_skipped_days(context: Context) -> None:
    (flag,) = flags(context, KETTLE, "promise")
    text = said(context, case(context, KETTLE), flag)
    assert "平台客服 (staff no. **07) promised on Fri 20 Nov 15:00" in text
    assert "“3个工作日内”" in text
    assert "Sat 21 Nov to Sun 22 Nov do not count" in text
    assert "Due by the end of Wed 25 Nov." in text
    assert "There is a written record." in text


def test_an_overdue_oral_promise_asks_to_be_settled_and_written_down(context: Context) -> None:
    (flag,) = flags(context, NUTS, "promise")
    text = said(context, case(context, NUTS), flag)
    assert "only oral" in text
    assert "the promise is not settled" in text
    assert flag.steps[0].act.id == "settle_promise"
    assert f"Next: {context.speech.say(flag.next_step)}\n" in text


def test_quiet_gives_both_limits_their_source_and_the_attempts(context: Context) -> None:
    (flag,) = flags(context, SUITCASE, "quiet")
    text = said(context, case(context, SUITCASE), flag)
    assert "amber after 3 working days and red after 5 working days" in text
    assert "? No rule gives this limit" in text
    assert "This does not restart their silence." in text
    assert "Sat 14 Nov to Sun 15 Nov do not count" in text


def test_what_was_asked_before_the_silence_began_is_no_asking_again(context: Context) -> None:
    accepted = filing(at(20, month=10), "regulator", "c12315", state="accepted", accepted_at=at(1))
    asked = made(spoken(at(10, month=10)), filings=(accepted,), opened_at=at(10, month=10))
    chased = replace(asked, contacts=(*asked.contacts, spoken(at(10), channel="c12315")))
    (before,), (after,) = (
        [flag for flag in context.casebook.attention(shown).flags if flag.kind == "quiet"] for shown in (asked, chased)
    )
    assert "asked again" not in said(context, asked, before)
    assert "Times asked again since: 1." in said(context, chased, after)


def test_a_silence_that_waited_for_a_clock_shows_the_sum_of_that_clock(context: Context) -> None:
    asked = made(filings=(filing(at(24, month=9), "direct", "courier_cs"),), opened_at=at(24, month=9))
    (flag,) = (flag for flag in context.casebook.attention(asked).flags if flag.kind == "quiet")
    text = said(context, asked, flag)
    assert "“courier answers” ended on Thu 8 Oct" in text
    assert "red when “courier answers” has ended (Thu 8 Oct)" in text
    assert "so the period ends on the next working day" in text


def test_a_limit_of_my_own_is_said_to_be_mine(context: Context) -> None:
    mine = CaseEdit(quiet=Override(amber="24h", red="48h"))
    shown = context.casebook.edit(case(context, SUITCASE).id, mine)
    (flag,) = flags(context, SUITCASE, "quiet")
    assert "You have set this limit yourself." in said(context, shown, flag)


def test_a_deadline_cites_its_article_and_its_source(context: Context) -> None:
    text = clock(context, SUITCASE, "refund_7d_after_return")
    assert "Article 25, paragraph 3, of the Consumer Rights Protection Law" in text
    assert "Source: Consumer Rights Protection Law" in text
    assert "The deadline has passed without a result." in text
    assert "source is weak" not in text


def test_a_deadline_from_memory_has_its_question_mark(context: Context) -> None:
    assert "? The source is weak" in clock(context, SUITCASE, "pdd_intervene_decide")


def test_the_flag_of_a_deadline_is_explained_like_the_deadline(context: Context) -> None:
    flag = next(flag for flag in flags(context, KETTLE, "deadline") if flag.thing == "stall_15d_demand")
    assert clock(context, KETTLE, "stall_15d_demand") in said(context, case(context, KETTLE), flag)


def test_every_flag_of_every_case_says_its_next_step_and_who_says_so_in_both_languages() -> None:
    for language in ("zh", "en"):
        with desk("zh" if language == "zh" else "en") as context:
            for entry in context.casebook.attentions():
                for flag in entry.flags:
                    lines = why_flag(context.casebook, entry.case, flag, context.handbook)
                    assert len(lines) > 3
                    step = flag.steps[0]
                    told = why_step(step, context.handbook)
                    assert lines[-len(told) :] == told
                    assert told[0].values["step"] == flag.next_step
                    assert told[1].values["reason"] == step.act.reason
                    assert step.row.id in context.speech.say(told[-1])
                    assert all(map(context.speech.say, lines))


def test_a_promise_without_a_date_says_that_nothing_can_fall_due(context: Context) -> None:
    contact, promise = case(context, KETTLE).promises[-1]
    lines = why_promise(context.casebook, contact, replace(promise, due=None, due_phrase=None))
    assert any("No date was given" in str(line) for line in lines)


def test_a_date_set_otherwise_since_is_not_explained_by_the_words(context: Context) -> None:
    (task,) = case(context, KETTLE).follow_ups
    moved = replace(task, due=task.due.replace(day=27), snoozed=2)
    text = "\n".join(map(context.speech.say, why_follow_up(context.casebook, moved)))
    assert "It is due on Fri 27 Nov." in text
    assert "Times put off so far: 2." in text
    assert "Wed 25 Nov" not in text


def test_what_was_met_says_when(context: Context) -> None:
    assert "It was done in time, on Sun 15 Nov 19:20." in clock(context, KETTLE, "return_7d_quality")
