"""What leaves the house: the same case in every form, with nothing in it that acts on who opens it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from msgspec import structs

from pddtui import assets
from pddtui.domain.case import Case, Contact, Demand, Evidence, Filing, Order, Person
from pddtui.domain.deadlines import deadlines
from pddtui.domain.mask import MaskLevel, Own
from pddtui.domain.rules import Rules
from pddtui.errors import BadInput, Refused
from pddtui.handbook.book import Handbook
from pddtui.services.casebook import UlidSource
from pddtui.services.evidence import EvidenceFolder, keep_file
from pddtui.services.export.document import CHART_WIDTH, chart, escaped
from pddtui.services.export.export import FORMATS, Exporter, TextFormat, Wishes
from pddtui.services.export.ical import alarm_ahead
from pddtui.services.import_.read_json import read_export
from pddtui.services.inputs import NewContact, NewEvidence, NewFollowUp, NewPromise
from pddtui.services.insights import insights
from pddtui.speech import Language, Speech
from pddtui.ui.context import Context
from tests.domain.build import at, case, filing, heard, promise, said
from tests.ui.cases import KETTLE, NOW, NUTS, SHANGHAI, desk
from tests.ui.hostile import HOSTILE

FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "|cmd", "＝1", "＋1", "－1", "＠x", " =1", "　=1", "\t=1", "\r=1", "\n=1")
TEXT_FORMATS: tuple[TextFormat, ...] = ("json", "csv", "markdown", "html", "ics")


def press(context: Context, language: Language = "zh") -> Exporter:
    folder = EvidenceFolder(context.places.evidence)
    return Exporter(context.casebook, context.handbook, folder, Speech(language, SHANGHAI).render, language)


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("zh") as context:
        yield context


@pytest.fixture
def kettle(context: Context) -> Case:
    return context.casebook.find(KETTLE)


def hostile(case: Case, text: str) -> Case:
    """The case with that text everywhere somebody else could have put it."""
    person = Person(name=text, role=text, staff_no=text)
    contacts = tuple(
        structs.replace(
            contact,
            summary=text,
            person=person,
            promises=tuple(structs.replace(it, text=text, due_phrase=text) for it in contact.promises),
        )
        for contact in case.contacts
    )
    filings = tuple(structs.replace(filing, reference=text) for filing in case.filings)
    evidence = tuple(structs.replace(it, proves=text, place=text, original_name=text) for it in case.evidence)
    order = structs.replace(case.order, number=text, product=text, courier=text, tracking=text)
    return structs.replace(
        case,
        title=text,
        description=text,
        merchant=text,
        order=order,
        contacts=contacts,
        filings=filings,
        evidence=evidence,
        follow_ups=tuple(structs.replace(task, text=text) for task in case.follow_ups),
    )


class Tags(HTMLParser):
    """Every tag and attribute of a page, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words.append(data)


# The page.


def test_the_page_has_what_the_next_instance_asks_for(context: Context, kettle: Case) -> None:
    page = "".join(Tags(press(context, "en").text([kettle], "html").decode()).words)
    for wanted in (
        kettle.ref,
        kettle.title,
        "Parties and order",
        "Chronology",
        "Promises",
        "Time without an answer",
        "Deadlines",
    ):
        assert wanted in page
    for contact in kettle.contacts:
        assert contact.summary in page


def test_the_page_needs_and_runs_nothing_from_elsewhere(context: Context, kettle: Case) -> None:
    content = press(context).text([kettle], "html").decode()
    page = Tags(content)
    assert not {"script", "link", "iframe", "object", "embed", "img", "form", "base"} & set(page.tags)
    assert [name for name, _ in page.attributes if name.startswith("on")] == []
    assert [value for name, value in page.attributes if name in ("href", "src") and value and value[0] != "#"] == []
    assert "url(" not in content
    assert "@import" not in content
    assert "default-src 'none'" in content


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_was_written_becomes_a_tag(context: Context, kettle: Case, text: str) -> None:
    clean = Tags(press(context).text([hostile(kettle, "x")], "html").decode())
    dirty = Tags(press(context).text([hostile(kettle, text)], "html").decode())
    assert set(dirty.tags) <= {*clean.tags, "br"}
    assert {name for name, _ in dirty.attributes} == {name for name, _ in clean.attributes}


def test_a_text_that_looks_like_a_tag_is_read_as_it_was_written(context: Context, kettle: Case) -> None:
    text = '<script>alert("1")</script> </td><b onclick=x>&lt;'
    assert text in "".join(Tags(press(context).text([hostile(kettle, text)], "html").decode()).words)


def test_broken_promises_come_first(context: Context, kettle: Case) -> None:
    assert [promise.state for _, promise in kettle.promises] == ["broken", "open"]
    running, broken = (next(it.text for _, it in kettle.promises if it.state == state) for state in ("open", "broken"))
    promises = press(context).text([kettle], "html").decode().split('class="promises"')[1].split("</table>")[0]
    assert promises.index(broken) < promises.index(running)


def test_neither_the_bottom_line_nor_the_next_step_is_given_away(context: Context, kettle: Case) -> None:
    demand = structs.replace(kettle.demand, bottom_line="SEVENTY-ONE")
    case = structs.replace(kettle, demand=demand)
    step = Speech("zh", SHANGHAI).say(context.casebook.attention(case).next_step)
    for form in ("html", "markdown", "csv", "ics"):
        text = press(context).text([case], form).decode()
        assert "SEVENTY-ONE" not in text
        assert step not in text


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_a_hash_of_a_file_that_is_gone_or_changed_is_marked(context: Context, tmp_path: Path, form: TextFormat) -> None:
    source = tmp_path / "crack.jpg"
    source.write_bytes(b"crack")
    folder = EvidenceFolder(tmp_path / "evidence")
    found = context.casebook.find(KETTLE).id
    kept = keep_file(context.casebook, folder, found, source, NewEvidence(), ids=UlidSource())
    printing = Exporter(context.casebook, context.handbook, folder, Speech("en", SHANGHAI).render, "en")
    path = folder.path_of(kept.record)
    assert path is not None

    def page() -> str:
        text = printing.text([kept.case], form).decode()
        assert str(kept.record.sha256) in text
        return text

    marks = "file is missing", "was changed"
    assert [mark in page() for mark in marks] == [False, False]
    path.write_bytes(b"something longer")
    assert [mark in page() for mark in marks] == [False, True]
    path.unlink()
    assert [mark in page() for mark in marks] == [True, False]


def test_a_case_is_as_old_as_its_first_contact(context: Context, kettle: Case) -> None:
    late = structs.replace(kettle, opened_at=NOW)
    figures = press(context, "en").text([late], "html").decode().split('class="figures"')[1].split("</dl>")[0]
    numbers = [int(number) for number in re.findall(r"<dd>(\d+)</dd>", figures)]
    assert numbers[0] == (NOW.date() - kettle.contacts[0].at.date()).days
    assert numbers[0] >= numbers[1] > 0


def addressees(context: Context, case: Case) -> list[list[str]]:
    """The rows of the table that tells of each addressee."""
    page = press(context, "en").text([case], "markdown").decode().split("## Time without an answer")[1].split("##")[0]
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return rows[2:]


def test_each_addressee_has_a_row_of_its_own_with_what_came_of_it(context: Context) -> None:
    asked, again = said(at(9), channel="merchant_chat"), said(at(11), channel="merchant_chat")
    courier = said(at(9), channel="courier_cs")
    refused = heard(at(12), channel="courier_cs", reply="refused")
    filed = filing(at(13), rung="regulator", channel="c12315", reference="T7")
    shop, carrier, office = addressees(context, case(asked, courier, again, refused, filings=(filed,)))
    assert shop[0] == "the merchant<br>in the shop chat"
    assert shop[1:] == ["I asked<br>Mon 9 Nov 2026 12:00", "no answer so far", "13", "9", "1", "–"]
    assert carrier[0].startswith("the courier<br>")
    assert carrier[2:] == ["refused on Thu 12 Nov 2026 12:00", "3", "3", "0", "–"]
    assert office[0] == "the authority<br>A · Filed a complaint through the national 12315 platform<br>T7"
    assert office[1:3] == ["filed<br>Fri 13 Nov 2026 12:00", "no answer so far"]


def test_a_wait_that_went_into_a_filing_says_into_which(context: Context) -> None:
    filed = filing(at(12), rung="request", channel="app_aftersale", reference="SH1")
    chat, app = addressees(context, case(said(at(9), channel="merchant_chat"), filings=(filed,)))
    assert chat[2:5] == ["no answer; taken on as A on Thu 12 Nov 2026 12:00", "3", "3"]
    assert (app[2], app[3]) == ("no answer so far", "10")


def test_promises_are_counted_where_they_were_given(context: Context) -> None:
    broken = promise(due=at(10), state="broken", settled_at=at(11))
    passed = promise(id="P2", due=at(14))
    shop, platform = addressees(
        context,
        case(
            said(at(9), channel="merchant_chat"),
            heard(at(9, 13), "holding", channel="merchant_chat", promises=(broken,)),
            said(at(12), channel="app_official_cs"),
            heard(at(12, 13), "holding", channel="app_official_cs", promises=(passed, promise(id="P3", due=at(28)))),
        ),
    )
    assert (shop[-1], platform[-1]) == ("1 of 1", "1 of 2")


def test_while_goods_are_on_their_way_back_nobody_owes_an_answer(context: Context) -> None:
    filed = filing(at(9), rung="request", channel="app_aftersale", aftersale_state=7, aftersale_turn="mine")
    filed = structs.replace(filed, aftersale_at=at(10))
    sent = case(filings=(filed,), milestones={"return_shipped": at(11)})
    asked, back = addressees(context, sent)
    assert asked[2].startswith("the app showed on Tue 10 Nov 2026 12:00")
    assert back[1:5] == ["goods sent back<br>Wed 11 Nov 2026 12:00", "on their way", "–", "–"]
    page = press(context, "en").text([sent], "markdown").decode()
    assert "**1** day of waiting for them" in page
    assert "return shipped on Wed 11 Nov 2026 12:00" in page.split("## Filings")[1].split("##")[0]


def test_what_an_authority_has_taken_up_is_no_longer_the_silence_of_the_shop(context: Context) -> None:
    filed = filing(at(12), rung="regulator", channel="c12315", state="accepted", accepted_at=at(16))
    shop, office = addressees(context, case(said(at(9), channel="merchant_chat"), filings=(filed,)))
    assert shop[2:4] == ["no answer; taken up higher up on Mon 16 Nov 2026 12:00", "7"]
    assert office[2] == "accepted on Mon 16 Nov 2026 12:00<br>no result so far"


@pytest.mark.parametrize(
    ("channel", "written", "form"),
    [
        ("merchant_chat", False, ""),
        ("app_official_cs", False, ""),
        ("pdd_hotline_consumer", False, "<br>口头"),
        (None, False, "<br>口头"),
        ("merchant_chat", True, "<br>书面"),
        ("pdd_hotline_consumer", True, "<br>书面"),
    ],
)
def test_only_what_was_said_on_the_telephone_is_oral(
    context: Context, channel: str | None, written: bool, form: str
) -> None:
    told = case(heard(at(9), "holding", channel=channel, promises=(promise(at(12), text="回电", written=written),)))
    page = press(context).text([told], "markdown").decode()
    assert f"| 回电{form} |" in page


def test_a_paper_for_others_says_nothing_in_the_words_of_the_program(context: Context) -> None:
    agent = Person(name="小鹿", role="平台客服")
    told = case(
        said(at(9), channel="merchant_chat"),
        heard(at(10), channel="merchant_chat"),
        heard(at(10, 13), id="K9", channel="merchant_chat", person=agent),  # the platform joins the chat
        said(at(11), channel="courier_cs"),
        filings=(
            filing(at(12), "request", "app_aftersale", reference="SH1"),
            filing(at(13), "platform", "app_intervene"),
            filing(at(14), "supervisor", "app_official_cs"),
        ),
    )
    page = press(context).text([told], "markdown").decode()
    assert "尚未解决 · 最近一步：2026-11-14 周六 12:00 通过App在线会话提出诉求" in page
    for sides in ("我 → 商家<br>通过店铺聊天", "商家 → 我<br>小王<br>", "平台 → 我<br>小鹿", "我 → 快递企业<br>"):
        assert sides in page
    for lodged in ("| 提交售后申请 | SH1 |", "| 申请平台介入 |", "商家<br>A · 提交售后申请<br>SH1 |"):
        assert lodged in page
    assert "通过App在线会话提出诉求<br>主管/专员与书面催告" in page  # the channel alone does not say that
    wrong = (
        "待我处理",
        "待对方 ·",
        "与商家协商",
        "未遮盖",
        "对方 → 我",
        "我 → 对方",
        "仅口头",
        "聊天)",
        "介入/官方客服",
    )
    assert [word for word in wrong if word in page] == []
    assert "个人信息已遮盖" in press(context).text([told], "markdown", "public").decode()


def test_a_law_has_its_full_name_where_a_reader_first_meets_it_and_words_of_others_stay(context: Context) -> None:
    words = "依《消费者权益保护法》第五十五条退一赔三"
    told = case(
        said(at(1, 9), channel="merchant_chat", summary=words),
        problem="counterfeit",
        demand=Demand(remedy="punitive3"),
        order=Order(amount=Decimal(459), received_at=at(1, 8)),
        filings=(filing(at(2), "request", "app_aftersale"),),
    )
    page = press(context).text([told], "markdown").decode()
    assert words in page
    ours = page.replace(words, "")
    demand, clocks = ours.split("## 诉求")[1].split("##")[0], ours.split("## 期限")[1].split("##")[0]
    assert "《中华人民共和国消费者权益保护法》第五十五条" in demand
    for law in ("消费者权益保护法", "民法典"):
        assert ours.count(f"《中华人民共和国{law}》") == 1
        assert ours.index(f"《中华人民共和国{law}》") < ours.index(f"《{law}》") or f"《{law}》" not in ours
    assert "重新计算3年" in clocks
    assert clocks.count("第一百九十五条") == 1
    assert [
        found for found in (re.search(r"\d (?:年|天|小时|个工作日)", clocks), re.search(r"第\d+条", page)) if found
    ] == []


def test_the_drawing_has_a_lane_for_each_silent_side(context: Context) -> None:
    both = case(said(at(9), channel="merchant_chat"), said(at(10), channel="courier_cs"))
    page = press(context, "en").text([both], "html").decode()
    assert re.findall(r'class="lane"[^>]*>unanswered: ([\w ]+)<', page) == ["merchant", "courier"]


def test_the_complainant_is_named_or_left_to_be_filled_in_but_not_where_it_is_masked(
    context: Context, kettle: Case
) -> None:
    def parties(book: Handbook, mask: MaskLevel) -> str:
        folder = EvidenceFolder(context.places.evidence)
        page = Exporter(context.casebook, book, folder, Speech("en", SHANGHAI).render, "en").text(
            [kettle], "html", mask
        )
        return page.decode().split('class="parties"')[1].split("</section>")[0]

    mine = Handbook(own=Own(name="Ada Li", phone="13800138000"))
    for name in ("Complainant", "Phone", "Address"):
        assert f"<dt>{name}</dt><dd>____" in parties(context.handbook, "none")
        assert f"<dt>{name}</dt>" not in parties(mine, "public")
        assert f"<dt>{name}</dt>" not in parties(mine, "partial")
    known = parties(mine, "none")
    assert [text in known for text in ("Ada Li", "13800138000")] == [True, True]
    assert known.count("<dd>____") == 1


def test_the_sum_demanded_is_worked_out_as_in_a_letter(context: Context, kettle: Case) -> None:
    demand = structs.replace(kettle.demand, remedy="punitive3", amount=None)
    page = press(context, "en").text([structs.replace(kettle, demand=demand)], "markdown").decode()
    assert "if fraud is found, on top of it: CNY 89.00 x 3 = CNY 267.00, less than CNY 500.00, so CNY 500.00" in page
    assert "in all: CNY 589.00" in page


def test_a_document_speaks_soberly(context: Context) -> None:
    cases = context.casebook.cases()
    assert any(contact.substance == "holding" for case in cases for contact in case.contacts)
    for form in ("html", "markdown", "csv", "ics"):
        text = press(context).text(cases, form).decode()
        assert [word for word in ("敷衍", "静默", "来源存疑") if word in text] == []
    page = press(context).text(cases, "html").decode()
    assert [word in page for word in ("未作实质答复", "来源待核实", "未答复")] == [True, True, True]


def test_marks_bear_the_numbers_of_the_tables(context: Context, kettle: Case) -> None:
    page = press(context, "en").text([kettle], "html").decode()
    drawing = page.split("<svg", 1)[1].split("</svg>")[0]
    numbers = re.findall(r'class="number"[^>]*>(\w+)<', drawing)
    assert {str(number) for number in range(1, len(kettle.contacts) + 1)} <= set(numbers)
    assert {"ABC"[place] for place in range(len(kettle.filings))} <= set(numbers)
    assert re.findall(r'class="lane"[^>]*>(promise \d+)<', drawing) == ["promise 1", "promise 2"]
    for section in ("filings", "promises", "chronology", "clocks"):
        table = page.split(f'class="{section}"')[1].split("</table>")[0]
        assert '<tr><th scope="col">No.</th>' in table
    texts = [promise.text for _, promise in kettle.promises]
    rows = page.split('class="promises"')[1].split("</table>")[0]
    for number, text in enumerate(texts, 1):
        assert re.search(rf"<td>{number}</td><td>[^\n]*?</td><td>{re.escape(text)}<br>", rows)


def test_marks_that_are_near_have_a_level_of_their_own(context: Context, kettle: Case) -> None:
    many = tuple(
        structs.replace(kettle.contacts[0], id=str(n), at=kettle.contacts[0].at + timedelta(minutes=n))
        for n in range(5)
    )
    later = structs.replace(kettle.contacts[0], id="later", at=kettle.contacts[0].at + timedelta(days=4))
    crowded = structs.replace(kettle, contacts=(*many, later), filings=())
    lanes = chart(crowded, (), NOW, Rules(), str).lanes
    assert [mark.lift for mark in lanes[0].marks] == [0, 1, 2, 3, 4, 0]


def test_the_print_can_be_read_and_english_has_english_quotes() -> None:
    sheet = assets.read_text("data/export/papers.css")
    (size,) = re.findall(r"svg text {[^}]*font-size: (\d+)px", sheet)
    assert int(size) * (210 - 2 * 16) / 25.4 * 72 / (CHART_WIDTH + 104) >= 7
    (english,) = re.findall(r"html:lang\(en\) {[^}]*font-family: ([^;]+);", sheet)
    assert english.index("Arial") < english.index("CJK")
    assert not re.search(r"\.bad td[^{]*{[^}]*padding", sheet)
    assert re.search(r"\.legend li {[^}]*white-space: nowrap", sheet)
    assert re.search(r"\ntr {[^}]*break-inside: avoid", sheet)


def test_a_drawing_looks_the_same_where_no_style_sheet_reaches_it(context: Context) -> None:
    page = press(context).text(context.casebook.cases(), "html").decode()
    drawn = re.findall(
        r"<(path|circle|line|rect|text)\b([^>]*)>", "".join(re.findall(r"<svg.*?</svg>", page, re.DOTALL))
    )
    assert {tag for tag, _ in drawn} == {"path", "circle", "line", "rect", "text"}
    for tag, attributes in drawn:
        wanted = {"text": ("fill", "font-size", "text-anchor"), "line": ("stroke", "stroke-width")}.get(tag, ("fill",))
        assert [name for name in wanted if f' {name}="' not in attributes] == [], attributes
        if tag == "path" and ' fill="none"' in attributes:
            assert ' stroke="#' in attributes
    template, sheet = assets.read_text("data/export/papers.html.j2"), assets.read_text("data/export/papers.css")
    colours = dict(re.findall(r"--(\w+): (#\w+)", sheet))
    for name, fill in re.findall(r"svg \.(\w+) {[^}]*?fill: (#\w+|var\(--\w+\))", sheet):  # one look, written twice
        colour = colours.get(fill.removeprefix("var(--").removesuffix(")"), fill)
        assert re.search(rf'"{name}(?: fill)?": .fill="{colour}"', template), name


def test_the_last_day_of_a_drawing_stands_inside_it(context: Context, kettle: Case) -> None:
    half_a_day_name = 20  # of five characters of 12 units
    for days in range(1, 60):
        later = structs.replace(kettle, opened_at=kettle.opened_at - timedelta(days=days))
        page = press(context).text([later], "html").decode()
        left, _, width, _ = (float(n) for n in re.findall(r'<svg viewBox="([^"]+)" width="100%" font', page)[0].split())
        places = [float(x) for x in re.findall(r'<text class="day" x="([\d.]+)"', page)]
        assert max(places) + half_a_day_name <= left + width


def test_several_cases_are_listed_and_each_begins_a_page(context: Context) -> None:
    cases = context.casebook.cases()
    page = Tags(press(context).text(cases, "html").decode())
    assert page.tags.count("article") == len(cases) == 3
    assert [value for name, value in page.attributes if name == "href"] == ["#case-1", "#case-2", "#case-3"]


def test_what_the_cases_say_together_is_drawn_and_told(context: Context) -> None:
    cases = context.casebook.cases()
    page = press(context, "en").text(cases, "html").decode()
    numbers = page.split('class="numbers"')[1].split("</nav>")[0]
    telling = "".join(Tags(numbers).words)
    found = insights(cases, NOW, context.casebook.rules)
    assert f"{found.promises.broken} broken, {found.promises.overdue} overdue" in telling
    for heading in ("Promises by side", "Days without an answer by side", "Money", "What it cost me"):
        assert heading in telling
    for kind in ("broken", "overdue", "running"):
        assert f'<rect class="{kind}"' in numbers
    widths = [float(width) for width in re.findall(r'<rect class="\w+" x="[\d.]+" y="0" width="([\d.]+)"', numbers)]
    assert all(0 < width <= 100 for width in widths)
    assert max(widths) == 100


def test_of_one_case_it_tells_only_what_is_new(context: Context, kettle: Case) -> None:
    page = press(context, "en").text([kettle], "html").decode().split('class="numbers"')[1]
    telling = "".join(Tags(page).words)
    assert "Promises by side" in telling
    assert "Money" not in telling


def test_the_silence_is_drawn_with_its_days(context: Context, kettle: Case) -> None:
    drawing = press(context).text([kettle], "html").decode().split("<svg", 1)[1].split("</svg>")[0]
    assert 'class="silence"' in drawing
    numbers = [float(number) for number in re.findall(r'x="(-?[\d.]+)"', drawing)]
    assert all(-20 <= number <= 730 for number in numbers)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", TEXT_FORMATS)
def test_a_case_of_which_nothing_is_known_can_be_exported(form: TextFormat, language: Language) -> None:
    with desk(language) as context:
        bare = Case(id="1", ref="PDD-2026-0009", title="bare", opened_at=NOW, recorded_at=NOW)
        assert press(context, language).text([bare], form)
        assert press(context, language).text([], form)


# Markdown.


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("<b>x</b>", r"\<b\>x\</b\>"),
        ("[a](b)", r"\[a\](b)"),
        ("| a |", r"\| a \|"),
        ("# a", r"\# a"),
        ("- a\n+ b\n1. c\n2) d", "\\- a\n\\+ b\n1\\. c\n2\\) d"),
        ("`a` **b** _c_ ~d~", r"\`a\` \*\*b\*\* \_c\_ \~d\~"),
        ("https://a.example www.a.example a@b.example", r"https:\/\/a.example www\.a.example a\@b.example"),
        ("shop.com/x, a.b.cn 和 photo.png", r"shop\.com/x, a.b\.cn 和 photo.png"),
        ("&lt; \\", r"\&lt; \\"),
        ("退款 89.00 元，3-5 天", "退款 89.00 元，3-5 天"),
    ],
)
def test_what_was_written_is_no_markdown(text: str, written: str) -> None:
    assert escaped(text) == written


def test_a_line_break_does_not_break_the_table(context: Context, kettle: Case) -> None:
    text = press(context).text([hostile(kettle, "a\n| b |\n\n# c")], "markdown").decode()
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert rows
    assert all(line.endswith("|") for line in rows)
    assert "\n# c" not in text


# The spreadsheet.


def rows(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_contact_and_promise_has_its_row(context: Context, kettle: Case) -> None:
    head, *body = rows(press(context, "en").text([kettle], "csv"))
    assert len(body) == len(kettle.contacts) + len(kettle.promises)
    assert {len(row) for row in body} == {len(head)}
    assert {row[-1] for row in body} == {it.id for it in kettle.contacts} | {it.id for _, it in kettle.promises}


@pytest.mark.parametrize("text", [*FORMULAS, *HOSTILE])
def test_no_cell_is_a_formula(context: Context, kettle: Case, text: str) -> None:
    for row in rows(press(context).text([hostile(kettle, text)], "csv")):
        for cell in row:
            assert not cell.lstrip(" 　\t\r\n").startswith(tuple("=+-@|＝＋－＠")), cell


LOOK_ALIKES = "\u2212\u207a\u207b\u207c\u208a\u208b\u208c\u2a75\ufb29\ufe62\ufe63\ufe66\ufe6b\uff5c"
"""Signs that are small, raised, lowered or from mathematics: some programs take them for the ordinary ones."""


@pytest.mark.parametrize("sign", LOOK_ALIKES)
def test_no_cell_begins_with_what_is_taken_for_the_sign_of_a_formula(context: Context, kettle: Case, sign: str) -> None:
    cells = {cell for row in rows(press(context).text([hostile(kettle, f"{sign}1+1")], "csv")) for cell in row}
    assert f"'{sign}1+1" in cells
    assert not any(cell.startswith(sign) for cell in cells)


def test_every_field_is_quoted(context: Context, kettle: Case) -> None:
    """So that nothing in it can begin a field of its own, whatever sign a spreadsheet was told to split at."""
    first, *_ = press(context).text([kettle], "csv").decode("utf-8-sig").splitlines()
    assert first.startswith('"')
    assert first.endswith('"')
    assert first.count('","') == len(rows(press(context).text([kettle], "csv"))[0]) - 1


def test_a_page_for_a_telephone_makes_no_link_of_a_number(context: Context, kettle: Case) -> None:
    page = press(context).text([hostile(kettle, "https://a.example a@b.example 13800138000")], "html").decode()
    assert "telephone=no" in page
    assert not re.search(r"<a [^>]*(?:https?:|mailto:|tel:)", page)


@pytest.mark.parametrize(
    "text", ["086", "0", "123456789012345678", "12E5", "261118-123456789012345", "SF0123", "10086"]
)
def test_no_number_is_shortened_by_a_spreadsheet(context: Context, kettle: Case, text: str) -> None:
    """A spreadsheet makes 86 of 086, 1.23457E+17 of a long number and 1200000 of 12E5, unless they begin as text."""
    cells = {row[8] for row in rows(press(context).text([hostile(kettle, text)], "csv"))[1:]}
    assert cells == {f"'{text}" if text in ("086", "123456789012345678", "12E5") else text}


def test_times_stay_times_in_a_spreadsheet(context: Context, kettle: Case) -> None:
    for row in rows(press(context).text([kettle], "csv"))[1:]:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", row[3])


def test_lines_end_as_a_spreadsheet_expects_and_quotes_hold(context: Context, kettle: Case) -> None:
    content = press(context).text([hostile(kettle, 'a,"b"\nc')], "csv")
    assert content.endswith(b"\r\n")
    assert any('a,"b"\nc' in row for row in rows(content))


# The calendar.


def events(content: bytes) -> dict[str, Any]:
    return {str(event["UID"]): event for event in Calendar.from_ical(content).walk("VEVENT")}


def test_the_same_thing_has_the_same_uid_and_a_later_sequence(context: Context, kettle: Case) -> None:
    before = events(press(context).text([kettle], "ics"))
    promise = next(it for _, it in kettle.promises if it.state == "open")
    later = context.casebook.settle_promise(kettle.id, promise.id, "kept")
    after = events(press(context).text([later], "ics"))
    assert set(before) <= set(after)
    assert f"{promise.id}@pddtui" in before
    sequence = [int(str(found[f"{promise.id}@pddtui"]["SEQUENCE"])) for found in (before, after)]
    assert sequence[0] < sequence[1]


def test_what_is_due_on_a_day_is_all_day_and_what_has_an_hour_has_one(context: Context, kettle: Case) -> None:
    contact = NewContact(
        direction="in",
        said="x",
        promises=(NewPromise(text="whole", due_phrase="11-25"), NewPromise(text="hour", due_phrase="11-25 18:00")),
    )
    case, logged = context.casebook.log(kettle.id, contact)
    found = Calendar.from_ical(press(context).text([case], "ics")).walk("VEVENT")
    starts = {str(event["UID"]): (event.decoded("DTSTART"), event.decoded("DTEND")) for event in found}
    whole, hour = (starts[f"{promise.id}@pddtui"] for promise in logged.promises)
    day = datetime(2026, 11, 25, tzinfo=SHANGHAI).date()
    assert whole == (day, day + timedelta(days=1))
    assert hour[1] == datetime(2026, 11, 25, 18, tzinfo=SHANGHAI)


def title(content: bytes, uid: str) -> str:
    return str(events(content)[uid]["SUMMARY"])


def test_what_has_ended_says_so_in_its_title_and_wakes_nobody(context: Context, kettle: Case) -> None:
    book, wishes = context.casebook, Wishes(alarm=timedelta(days=1))
    case, task = book.follow_up(kettle.id, NewFollowUp(text="call", due_phrase="tomorrow"))
    promise = next(it for _, it in case.promises if it.state == "open")
    printing = press(context, "en")
    content = printing.text([case], "ics", wishes=wishes)
    assert title(content, f"{task.id}@pddtui") == f"{case.ref} call"
    assert content.count(b"BEGIN:VALARM") >= 2
    case = book.settle_follow_up(case.id, task.id, "done")
    case = book.settle_promise(case.id, promise.id, "broken")
    content = printing.text([case], "ics")
    assert title(content, f"{task.id}@pddtui") == f"{case.ref} [done] call"
    assert title(content, f"{promise.id}@pddtui").startswith(f"{case.ref} [broken] promised: ")
    counted = deadlines(case, book.now(), book.rules, book.calendar)
    clocks = {f"{case.id}.{clock.key}@pddtui": clock for clock in counted}
    said = {uid: title(content, uid) for uid in events(content) if uid in clocks}
    assert said
    assert all(("[" in text) == (not clocks[uid].runs) for uid, text in said.items()), said


@pytest.mark.parametrize("end", ["resolve", "trash"])
def test_nothing_of_a_case_that_is_over_looks_as_if_it_were_ahead(context: Context, kettle: Case, end: str) -> None:
    book = context.casebook
    ended = book.resolve(kettle.id, "full", "resolved") if end == "resolve" else book.trash(kettle.id)
    content = press(context, "en").text([ended], "ics", wishes=Wishes(alarm=timedelta(hours=2)))
    found = [event for event in events(content).values() if str(event["CATEGORIES"].cats[0]) != "follow-up"]
    assert found
    assert all(str(event["SUMMARY"]).startswith(f"{kettle.ref} [") for event in found)
    assert [event.walk("VALARM") for event in found] == [[]] * len(found)
    if end == "trash":  # what I planned in a case that was resolved is still to be done
        assert b"VALARM" not in content
        assert all(event["STATUS"] == "CANCELLED" for event in events(content).values())


def test_an_alarm_comes_so_long_before_a_thing_is_due(context: Context, kettle: Case) -> None:
    book = context.casebook
    _, hour = book.follow_up(kettle.id, NewFollowUp(text="hour", due_phrase="11-25 18:00"))
    case, day = book.follow_up(kettle.id, NewFollowUp(text="day", due_phrase="11-25"))
    for hours, at_hour, on_day in ((0, 30, 540), (2, -90, 420), (24, -1410, -900)):
        found = events(press(context).text([case], "ics", wishes=Wishes(alarm=timedelta(hours=hours))))
        wakes = [found[f"{task.id}@pddtui"].walk("VALARM")[0]["TRIGGER"].dt for task in (hour, day)]
        assert wakes == [timedelta(minutes=at_hour), timedelta(minutes=on_day)]


@pytest.mark.parametrize(("typed", "hours"), [("2h", 2), ("1d", 24), ("0", 0), ("0d", 0), ("２ｈ", 2), ("48h", 48)])
def test_how_long_before_is_typed_as_a_length(typed: str, hours: int) -> None:
    assert alarm_ahead(typed) == timedelta(hours=hours)


@pytest.mark.parametrize("typed", ["", "1wd", "1m", "soon", "-1d", "1"])
def test_a_length_that_no_alarm_has_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        alarm_ahead(typed)


def test_an_empty_calendar_is_one_all_the_same(context: Context) -> None:
    content = press(context).text([], "ics")
    assert Calendar.from_ical(content).walk("VEVENT") == []
    assert [part.name for part in Calendar.from_ical(content).subcomponents] == ["VTIMEZONE"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_adds_a_line_to_the_calendar(context: Context, kettle: Case, text: str) -> None:
    def shape(case: Case) -> list[str]:
        content = press(context).text([case], "ics").replace(b"\r\n ", b"")
        return [line.split(b":")[0].split(b";")[0].decode() for line in content.split(b"\r\n")]

    assert shape(hostile(kettle, text + "\r\nATTACH:x\nBEGIN:VALARM")) == shape(hostile(kettle, "x"))


# Masks, and what is said of them.


@pytest.mark.parametrize("form", TEXT_FORMATS)
def test_a_public_export_names_nobody(context: Context, form: TextFormat) -> None:
    case = hostile(context.casebook.find(NUTS), "张三丰 13800138000")
    assert "13800138000" in press(context).text([case], form).decode()
    text = press(context).text([case], form, "public").decode()
    assert "13800138000" not in text
    assert "张三丰" not in text


def test_a_masked_export_says_so_and_is_not_taken_back(context: Context, kettle: Case) -> None:
    content = press(context).text([kettle], "json", "partial")
    document = json.loads(content)
    assert (document["mask"], document["cases"][0]["history"]) == ("partial", [])
    with pytest.raises(BadInput, match="masked"):
        read_export(content, "export.json")
    plain = press(context).text([kettle], "json")
    assert [case.id for case in read_export(plain, "export.json")] == [kettle.id]


def test_every_form_has_a_suffix_of_its_own() -> None:
    from pddtui.services.export.export import SUFFIXES

    assert len(set(SUFFIXES.values())) == len(FORMATS)


def test_an_office_reads_the_matter_in_sentences_and_the_days_by_what_they_are(context: Context) -> None:
    """Also in the dossier nothing that never came was received, and no two names are said of one agent."""
    opened = NOW - timedelta(days=20)
    agent = Person(role="店铺客服", name="店铺客服果果")
    refused = Filing(id="f", rung="request", channel="app_aftersale", filed_at=opened, state="refused", ended_at=NOW)
    said = Contact(
        id="c", at=opened, recorded_at=opened, channel="merchant_chat", direction="in", person=agent, summary="在查"
    )
    lost = Case(
        id="L",
        ref="PDD-2026-0050",
        title="没收到",
        problem="fake_sign",
        opened_at=opened,
        recorded_at=opened,
        order=Order(amount=Decimal(89), received_at=opened),
        demand=Demand(remedy="refund_only"),
        contacts=(said,),
        filings=(refused,),
        evidence=(Evidence(id="e", kind="authority_doc", added_at=opened),),
    )
    page = press(context, "zh").text([lost], "markdown").decode()
    assert "纠纷已持续 **20** 天 · 累计等待对方 **" in page
    assert "**诉求** 退还货款89.00元（未收到货）" in page
    assert "**问题** 签收与实际不符" in page
    assert "（本人未收到）" in page
    assert "**签收**" not in page
    assert "商家已驳回" in page
    assert "受理部门出具的告知文书" in page
    assert "店铺客服果果 · 店铺客服" not in page
    closed = structs.replace(lost, status="closed", closed_at=NOW - timedelta(days=1))
    assert "**19** days from beginning to end" in press(context, "en").text([closed], "markdown").decode()
