"""Letters as their recipient gets them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from pddtui import assets
from pddtui.domain.case import Case, Person
from pddtui.errors import BadInput, Refused
from pddtui.handbook.book import Handbook
from pddtui.message import Language
from pddtui.services.demo import fill_with_samples
from pddtui.services.letters.letters import Letters
from pddtui.speech import Speech
from pddtui.ui.context import Context
from tests.conftest import SHANGHAI
from tests.ui.cases import KETTLE, NUTS, SUITCASE, desk

LANGUAGES: tuple[Language, ...] = ("zh", "en")
KINDS = Handbook().letters
NAMES = [kind.id for kind in KINDS]


@pytest.fixture
def context() -> Iterator[Context]:
    with desk("zh") as made:
        fill_with_samples(
            made.casebook.store,
            made.handbook,
            rules=made.casebook.rules,
            calendar=made.casebook.calendar,
            ids=made.casebook._ids,
            now=made.casebook.now(),
            say=Speech("zh", SHANGHAI).render,
        )
        yield made


@pytest.fixture
def letters(context: Context, tmp_path: Path) -> Letters:
    return Letters(context.casebook, context.handbook, tmp_path / "letters")


def written(letters: Letters, context: Context, ref: str, name: str, language: Language = "zh") -> str:
    return letters.write(context.casebook.find(ref), letters.kind(name), language).text


def own(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "letters").mkdir(exist_ok=True)
    (tmp_path / "letters" / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_every_letter_can_be_written_for_every_sample_and_for_an_empty_case(
    letters: Letters, context: Context, name: str, language: Language
) -> None:
    cases = context.casebook.cases()
    first = cases[0]
    bare = Case(id="B", ref="PDD-2026-0099", title="空", opened_at=first.opened_at, recorded_at=first.recorded_at)
    for case in (*cases, bare):
        text = letters.write(case, letters.kind(name), language).text
        assert text.endswith("\n")
        assert "None" not in text
        assert "\n\n\n" not in text
        assert "{" not in text
        assert "  " not in text
        assert "。。" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_claims_joint_liability_or_leans_on_the_notice_of_right_holders(
    letters: Letters, context: Context, language: Language
) -> None:
    for case in context.casebook.cases()[:: 1 if language == "zh" else 3]:
        for kind in KINDS:
            for line in letters.write(case, kind, language).text.splitlines():
                assert "电子商务法》第四十二条" not in line
                assert "Article 42 of the E-Commerce Law" not in line
                if "连带" in line or "jointly" in line:
                    assert "仅在" in line or "only where" in line


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_threatens(letters: Letters, context: Context, language: Language) -> None:
    threat = re.compile("曝光|后果自负|否则|追究到底|or else|consequences|expose", re.IGNORECASE)
    for kind in KINDS:
        assert threat.search(letters.write(context.casebook.find(KETTLE), kind, language).text) is None


def test_a_demand_tells_order_course_promise_silence_claim_and_date(letters: Letters, context: Context) -> None:
    text = written(letters, context, NUTS, "demand")
    assert text.startswith("催告函\n")
    assert "1. 2026年11月12日 12:10，我通过店铺聊天提出：“发送开箱视频和面单重量，要求补寄两袋。”" in text
    assert "店铺客服阿杰承诺“补寄两袋并给单号”（原话期限“11月20日前”，即2026年11月20日前），到期未兑现。" in text
    assert "已经10天没有收到实质答复" in text  # 239 hours; the dossier counts the same ten days
    assert "请求补寄缺少的商品（价值11.30元）。" in text
    assert "请在2026年11月30日前完成" in text  # seven days end on a Sunday and roll forward


def test_silence_is_told_in_the_unit_that_binds_the_other_side(letters: Letters, context: Context) -> None:
    assert "已经6个工作日没有收到实质答复，其间我又询问过1次" in written(letters, context, SUITCASE, "chaser")
    assert "6 working days so far, during which I have asked again once" in written(
        letters, context, SUITCASE, "chaser", "en"
    )


def test_the_silence_of_an_authority_is_no_fact_of_the_dispute(letters: Letters, context: Context) -> None:
    (fake,) = (case for case in context.casebook.cases() if case.title == "运动鞋疑似假货")
    assert "没有收到受理部门的实质答复" in letters.write(fake, letters.kind("silence"), "zh").text
    assert "实质答复" not in letters.write(fake, letters.kind("c12315"), "zh").text


def test_a_sum_beyond_the_price_is_worked_out_and_its_condition_named(letters: Letters, context: Context) -> None:
    (food,) = (case for case in context.casebook.cases() if case.problem == "food")
    text = letters.write(food, letters.kind("c12315"), "zh").text
    assert "退还已付货款：46.80元" in text
    assert (
        "如经认定不符合食品安全标准且销售者明知，或者由生产者承担责任，增加赔偿：46.80元×10＝468.00元，不足1000.00元，按1000.00元计算"
        in text
    )
    assert "合计：1046.80元" in text
    (fake,) = (case for case in context.casebook.cases() if case.title == "运动鞋疑似假货")
    promised = letters.write(fake, letters.kind("c12315"), "zh").text
    assert "商家承诺的赔付（属商家承诺，非法定标准）：3590.00元" in promised
    assert "《中华人民共和国消费者权益保护法》第五十五条第一款（如经认定构成欺诈）" in promised


def test_the_least_one_would_accept_is_nobody_s_business(letters: Letters, context: Context) -> None:
    case = context.casebook.find(NUTS)
    case = structs.replace(case, demand=structs.replace(case.demand, bottom_line="其实五块也行"))
    assert not any("五块" in letters.write(case, kind, "zh").text for kind in KINDS)


def test_every_condition_belongs_to_an_article_that_may_be_cited() -> None:
    articles = Handbook().articles
    assert [one.id for one in articles if one.only_if is not None and not one.cite] == []


def test_an_article_known_only_from_memory_is_not_cited(letters: Letters, context: Context) -> None:
    case = structs.replace(context.casebook.find(KETTLE), problem="warranty")
    assert "实施条例" not in letters.write(case, letters.kind("demand"), "zh").text


def test_a_written_confirmation_asks_for_the_latest_promise_that_is_only_oral(
    letters: Letters, context: Context
) -> None:
    text = written(letters, context, NUTS, "written_confirmation")
    assert "店铺客服阿杰通过店铺聊天承诺：“补寄两袋并给单号”，期限为2026年11月20日（原话“11月20日前”）" in text


def test_an_authority_gets_the_full_numbers_and_the_public_none(letters: Letters, context: Context) -> None:
    case = context.casebook.find(KETTLE)
    order = structs.replace(case.order, number="261109-123456789010101")
    said = structs.replace(case.contacts[0], summary="请打13800138000，小A，订单261109-123456789010101")
    case = structs.replace(case, order=order, contacts=(said, *case.contacts[1:]))
    complaint = letters.write(case, letters.kind("c12315"), "zh")
    assert "261109-123456789010101" in complaint.text
    assert (complaint.level, complaint.masked.spans) == ("none", ())
    post = letters.write(case, letters.kind("public"), "zh")
    assert post.level == "public"
    assert not any(private in post.text for private in ("261109", "13800138000", "小A"))
    assert "小家电店" in post.text
    assert "13800138000" in post.plain


def test_a_public_letter_cannot_be_unmasked(letters: Letters, context: Context) -> None:
    case = context.casebook.find(KETTLE)
    post = letters.write(case, letters.kind("public"), "zh")
    assert letters.mask(case, post, "none").level == "public"


def test_a_changed_text_is_masked_anew(letters: Letters, context: Context) -> None:
    case = context.casebook.find(KETTLE)
    post = letters.reworded(case, letters.write(case, letters.kind("public"), "zh"), "我的手机１３８００１３８０００")
    assert post.text == "我的手机〔手机号〕"


def test_the_fitting_kinds_come_first(letters: Letters, context: Context) -> None:
    """At the head that of the next act: where it goes up, no chaser."""
    suitcase = [kind.id for kind in letters.kinds_for(context.casebook.find(SUITCASE))]
    assert suitcase[0] == "c12315"
    nuts = [kind.id for kind in letters.kinds_for(context.casebook.find(NUTS))]
    assert nuts[0] == "app_text"
    assert set(nuts) == set(NAMES)
    assert set(nuts[-3:]) == {"courier", "postal", "payment"}  # nobody on the way had to do with it
    assert nuts.index("demand") < nuts.index("c12315")
    assert nuts.index("courier") > nuts.index("platform")


def test_what_the_next_acts_lead_to_is_offered(letters: Letters, context: Context) -> None:
    for case in context.casebook.cases():
        offered = {kind.id for kind in letters.offered_for(case)}
        acts = [step.act for step in context.casebook.attention(case).steps]
        assert {act.letter for act in acts if act.letter} <= offered
        filed = {act.channel for act in acts if act.deed == "file" and act.channel}
        assert {kind.id for kind in letters.kinds if kind.channel in filed} <= offered


def test_an_unknown_kind_is_refused_with_the_list(letters: Letters) -> None:
    with pytest.raises(Refused, match="chaser"):
        letters.kind("threat")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_its_text_in_both_languages(language: Language) -> None:
    assert [name for name in NAMES if not assets.path(f"data/letters/{name}.{language}.j2").is_file()] == []


# A person's own templates.


def test_one_s_own_template_goes_before_ours_and_may_add_a_kind(
    letters: Letters, context: Context, tmp_path: Path
) -> None:
    own(tmp_path, "chaser.zh.j2", "{% import '_zh.j2' as parts with context %}我的：{{ parts.demanded() }}")
    own(tmp_path, "thanks.j2", "谢谢{{ merchant }}")
    own(tmp_path, "_parts.j2", "no kind")
    assert written(letters, context, NUTS, "chaser") == "我的：补寄缺少的商品（价值11.30元）。\n"
    assert written(letters, context, NUTS, "thanks", "en") == "谢谢零食店（商家D）\n"
    assert {kind.id for kind in letters.kinds} == {*NAMES, "thanks"}
    assert "Could you please" in written(letters, context, NUTS, "chaser", "en")  # ours, as there is none in English


def test_one_s_own_letter_has_a_name_and_a_recipient_of_its_own(context: Context, tmp_path: Path) -> None:
    entry = "letters:\n  - {id: thanks, zh: 感谢信, en: Thanks, channel: courier_cs, answer_in: 5d, src: [design]}\n"
    (tmp_path / "letters.yaml").write_text(entry, encoding="utf-8")
    own(tmp_path, "thanks.j2", "{{ addressee }} {{ answer_by }}")
    letters = Letters(context.casebook, Handbook(user=tmp_path), tmp_path / "letters")
    letter = letters.write(context.casebook.find(NUTS), letters.kind("thanks"), "zh")
    assert (letter.kind.label.zh, letter.channel) == ("感谢信", "courier_cs")
    assert letter.text == "courier 2026年11月27日\n"
    assert [kind.id for kind in letters.kinds] == [*NAMES, "thanks"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("好\n{% if %}", 2),
        ("好\n\n{{ nobody }}", 3),
        ("{{ order.upper.down }}", 1),
        ("\n{{ 1 / 0 }}", 2),
        ("{{ ''.__class__.__mro__ }}", 1),
        ("\n\n{{ log.append(1) }}", 3),
        ("{% for x in range(10000000) %}{% endfor %}", 1),
        ("{% include '/etc/passwd' %}", 1),
        ("{% include '../cases.json' %}", 1),
        ("{{ order + 1 }}", 1),
    ],
)
def test_a_broken_or_prying_template_says_file_and_line(
    letters: Letters, context: Context, tmp_path: Path, text: str, line: int
) -> None:
    own(tmp_path, "mine.zh.j2", text)
    with pytest.raises(BadInput) as raised:
        written(letters, context, NUTS, "mine")
    assert "mine.zh.j2" in str(raised.value)
    assert f"line {line} " in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_others_wrote_is_no_template(letters: Letters, context: Context) -> None:
    case = context.casebook.find(NUTS)
    case = structs.replace(case, title="{{ 7 * 7 }}{% raw %}", merchant="<b>\x1b]0;x\x07", contacts=())
    text = letters.write(case, letters.kind("chaser"), "zh").text
    assert "{{ 7 * 7 }}{% raw %}" in text
    assert "<b>" in text
    assert "\x1b" not in text


def test_persons_are_named_as_far_as_they_are_known(letters: Letters, context: Context) -> None:
    case = context.casebook.find(KETTLE)
    told = [structs.replace(one, person=Person(staff_no="07")) for one in case.contacts]
    text = letters.write(structs.replace(case, contacts=tuple(told)), letters.kind("platform"), "zh").text
    assert "工号07的客服" in text
