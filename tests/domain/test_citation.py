"""How an article is cited: numerals, parts, and the full name of a law where it first comes up."""

from __future__ import annotations

import re

import pytest

from pddtui import assets
from pddtui.domain.citation import LawName, article_number, citation, in_chinese, named_once
from pddtui.message import Label

CRPL = LawName.of(Label("中华人民共和国消费者权益保护法", "Consumer Rights Protection Law"))
ECL = LawName.of(Label("中华人民共和国电子商务法", "E-Commerce Law"))
MEASURES = LawName.of(Label("侵害消费者权益行为处罚办法", "Measures on penalties"))
SPC = LawName.of(
    Label("网络消费纠纷司法解释(一)", "SPC rules (1)"),
    Label("最高人民法院关于审理网络消费纠纷案件适用法律若干问题的规定(一)", "SPC Provisions (1)"),
)
CPL = LawName.of(
    Label("民事诉讼法司法解释", "SPC interpretation"),
    Label("最高人民法院关于适用《中华人民共和国民事诉讼法》的解释", "SPC Interpretation on the Law"),
)
LAWS = (CRPL, ECL, MEASURES, SPC, CPL)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (55, "五十五"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (148, "一百四十八"),
        (1000, "一千"),
        (1010, "一千零一十"),
        (1024, "一千零二十四"),
        (1100, "一千一百"),
        (9999, "九千九百九十九"),
    ],
)
def test_a_number_in_chinese(number: int, said: str) -> None:
    assert in_chinese(number) == said


@pytest.mark.parametrize(
    ("art", "paragraphs", "items", "zh", "en"),
    [
        ("55", (), (), "第五十五条", "Article 55"),
        ("55", (1,), (), "第五十五条第一款", "Article 55, paragraph 1"),
        ("26", (2, 3), (), "第二十六条第二款、第三款", "Article 26, paragraphs 2 and 3"),
        ("56", (1,), (8,), "第五十六条第一款第八项", "Article 56, paragraph 1, item 8"),
        ("34", (), (6, 10, 11), "第三十四条第六项、第十项、第十一项", "Article 34, items 6, 10 and 11"),
        ("120bis1", (2,), (), "第一百二十条之一第二款", "Article 120-1, paragraph 2"),
        ("200-203", (), (), "第二百条至第二百零三条", "Articles 200 to 203"),
    ],
)
def test_an_article_and_its_parts(
    art: str, paragraphs: tuple[int, ...], items: tuple[int, ...], zh: str, en: str
) -> None:
    assert article_number(art, paragraphs, items) == Label(zh, en)


def test_what_is_no_number_stands_as_it_is() -> None:
    assert article_number(Label("未读到条号", "number not read")) == Label("未读到条号", "number not read")


def test_the_wording_stands_beside_the_number() -> None:
    law = LawName.of(Label("快递暂行条例", "Express Delivery Regulations"))
    cited = citation(law, article_number("28"), Label("2019年文本", "2019 text"))
    assert cited.zh == "《快递暂行条例》（2019年文本）第二十八条"
    assert cited.en == "Article 28 of the Express Delivery Regulations (2019 text)"


FULL = "《中华人民共和国消费者权益保护法》"
SHORT = "《消费者权益保护法》"


@pytest.mark.parametrize(
    ("paper", "made"),
    [
        (f"{SHORT}第一条，{SHORT}第二条", f"{FULL}第一条，{SHORT}第二条"),
        (f"{FULL}、{FULL}", f"{FULL}、{SHORT}"),
        (f"他说：“{SHORT}不管”。{SHORT}第八条", f"他说：“{SHORT}不管”。{FULL}第八条"),
        ("《侵害消费者权益行为处罚办法》第八条", "《侵害消费者权益行为处罚办法》第八条"),
        ("《网络消费纠纷司法解释（一）》第十条", f"《{SPC.full.zh}》第十条"),
        ("《民事诉讼法司法解释》", "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》"),
        ("没有提到法律。", "没有提到法律。"),
    ],
)
def test_a_law_has_its_full_name_where_it_first_comes_up(paper: str, made: str) -> None:
    assert named_once(paper, LAWS, chinese=True) == made


def test_a_short_name_that_is_no_part_of_the_full_one_is_introduced() -> None:
    zh = named_once("《网络消费纠纷司法解释（一）》第三条、《网络消费纠纷司法解释（一）》第十条", LAWS, chinese=True)
    assert zh.endswith(
        "的规定（一）》（以下简称《网络消费纠纷司法解释（一）》）第三条、《网络消费纠纷司法解释（一）》第十条"
    )
    en = named_once("Article 3 of the SPC rules (1), Article 10 of the SPC rules (1)", LAWS, chinese=False)
    assert en == 'Article 3 of the SPC Provisions (1) ("SPC rules (1)"), Article 10 of the SPC rules (1)'


def test_an_english_paper_says_whose_law_it_is_once() -> None:
    made = named_once("the E-Commerce Law, the E-Commerce Law", LAWS, chinese=False)
    assert made == "the E-Commerce Law of the People's Republic of China, the E-Commerce Law"


def test_no_text_of_the_program_words_an_article_otherwise() -> None:
    """`第五十五条` as `citation` writes it, and never 第55条 or a short name without its marks."""
    files = [*assets.path("data").glob("*.yaml"), *assets.path("data").rglob("*.po")]
    wrong = re.compile(r"第 ?\d+ ?条|(?:民法典|消法|电商法)第?\d")
    assert [(file.name, found[0]) for file in files for found in wrong.finditer(file.read_text("utf-8"))] == []
