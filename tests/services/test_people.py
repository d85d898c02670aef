"""A form completes what was seen before, this case first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pddtui.domain.case import Case, Contact, Filing, Person
from pddtui.services.people import last_channel, matching, merchants, people_seen
from pddtui.services.who import side_of_role


def a_case(case_id: str, now: datetime, *contacts: Contact, merchant: str | None = None) -> Case:
    return Case(
        id=case_id,
        ref=f"PDD-2026-{case_id}",
        title="t",
        merchant=merchant,
        opened_at=now,
        recorded_at=now,
        contacts=contacts,
    )


def spoke(at: datetime, *, channel: str | None = None, **person: str) -> Contact:
    return Contact(
        id=f"{at.timestamp()}",
        at=at,
        recorded_at=at,
        direction="in",
        summary="x",
        channel=channel,
        person=Person(**person),
    )


def test_people_of_this_case_come_first_and_the_newest_of_each_group(now: datetime) -> None:
    hour = timedelta(hours=1)
    here = a_case("1", now, spoke(now, name="小A"), spoke(now + hour, name="小B"))
    there = a_case("2", now, spoke(now + 3 * hour, name="小C"), spoke(now + 2 * hour, name="小D"))
    seen = people_seen([there, here], "1")
    assert [person.person.name for person in seen] == ["小B", "小A", "小C", "小D"]
    assert [person.here for person in seen] == [True, True, False, False]


def test_a_person_is_offered_once_with_all_that_is_known(now: datetime) -> None:
    first = spoke(now, name="小A", role="客服", staff_no="07", channel="merchant_chat")
    again = spoke(now + timedelta(hours=1), name="小A", staff_no="07", channel="app_official_cs")
    seen = people_seen([a_case("1", now, first, again), a_case("2", now, first)], "1")
    assert [(each.person, each.channel) for each in seen] == [
        (Person(name="小A", role="客服", staff_no="07"), "app_official_cs")
    ]


def test_two_with_one_name_and_different_numbers_are_two(now: datetime) -> None:
    case = a_case("1", now, spoke(now, name="小A", staff_no="07"), spoke(now, name="小A", staff_no="08"))
    assert len(people_seen([case], None)) == 2


def test_somebody_without_name_and_number_is_nobody(now: datetime) -> None:
    assert people_seen([a_case("1", now, spoke(now, role="客服"))], "1") == ()


def test_a_name_is_found_by_any_part_or_by_the_number_and_beginnings_come_first(now: datetime) -> None:
    case = a_case(
        "1",
        now,
        spoke(now, name="小李", staff_no="12"),
        spoke(now, name="李娜"),
        spoke(now, name="Ｂob", staff_no="０３"),
    )
    seen = people_seen([case], "1")

    def names(typed: str) -> list[str | None]:
        return [each.person.name for each in matching(seen, typed)]

    assert names("李") == ["李娜", "小李"]
    assert names("12") == ["小李"]
    assert names("bO") == ["Ｂob"]
    assert names("03") == ["Ｂob"]
    assert names("王") == []


def test_merchants_are_offered_once_the_newest_case_first(now: datetime) -> None:
    day = timedelta(days=1)
    cases = [
        a_case("1", now, merchant="甲店"),
        a_case("2", now + day, merchant="乙店"),
        a_case("3", now + 2 * day, merchant="甲店"),
        a_case("4", now + 3 * day),
    ]
    assert merchants(cases) == ("甲店", "乙店")


def test_the_last_channel_is_that_of_the_newest_contact_else_of_the_filing(now: datetime) -> None:
    filed = Filing(id="f", rung="direct", channel="app_aftersale", filed_at=now)
    bare = Case(id="1", ref="r", title="t", opened_at=now, recorded_at=now, filings=(filed,))
    assert last_channel(bare) == "app_aftersale"
    later = spoke(now + timedelta(hours=1))
    said = a_case("1", now, spoke(now, channel="merchant_chat"), later)
    assert last_channel(said) == "merchant_chat"
    assert last_channel(a_case("1", now)) is None


@pytest.mark.parametrize(
    ("role", "side"),
    [
        ("shop agent", "merchant"), ("shop_agent", "merchant"), ("PDD客服", "platform"), ("店铺客服", "merchant"),
        ("Courtney", None), ("Storey", None), ("Bossert", None), ("客服", None), ("market officer", "authority"),
    ],
)  # fmt: skip
def test_a_role_says_whose_side_somebody_is_on_and_a_name_does_not(role: str, side: str | None) -> None:
    assert side_of_role(role) == side
