"""Words that must not occur in the Chinese: second names of one thing, slang, translated English, and English itself.

Each rule says where it holds and what stands there instead. Whoever needs such a word all the same names the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from pddtui.domain.text import clean
from pddtui.handbook.book import Handbook
from pddtui.services.chapters.contents import Pages
from pddtui.speech import Speech
from tests import catalogue

ROOT = Path(__file__).resolve().parent.parent
ZH = Speech("zh", ZoneInfo("Asia/Shanghai"))

CATALOGUE, DATA, README, HANDBOOK, LETTERS = "catalogue", "data", "readme", "handbook", "letters"
EVERYWHERE = (CATALOGUE, DATA, README, HANDBOOK, LETTERS)
SCREENS = (CATALOGUE, DATA, README, HANDBOOK)

RULES = [
    # what must not occur, where, what stands there instead
    ("打码|脱敏", EVERYWHERE, "遮盖"),
    ("隐去", SCREENS, "遮盖"),
    ("应用(?!市场)", EVERYWHERE, "App"),
    ("静默|沉默", EVERYWHERE, "无答复"),
    ("限期(?!补正|改正)|限度", EVERYWHERE, "时限 for a limit, 期限 for a date"),
    ("函件|信函", SCREENS, "文书"),
    ("(?<!一次性)了结(?!果)", EVERYWHERE, "结案 for a case, 记录结果 for a promise"),
    ("打印(?=编号|出)", SCREENS, "输出"),
    ("食言|落空", EVERYWHERE, "未兑现"),
    ("打勾|勾掉", EVERYWHERE, "勾选"),
    ("样例", SCREENS, "示例"),
    ("桌面(?!端)", SCREENS, "工作台"),
    ("职务|角色", SCREENS, "职位"),
    ("下一级|上一级|走上级|往上走|往上一级", EVERYWHERE, "更高一级, 前一层级, 升级"),
    ("上级", EVERYWHERE, "主管, or 更高一级渠道"),
    ("没人理|敷衍", EVERYWHERE, "无人答复, 未实质答复"),
    ("窍门|当心|通往|读作", SCREENS, "提示, 注意, 下一步, 理解为"),
    ("我方(?:请求|诉求)|我的要求", SCREENS, "我的诉求, 提出诉求"),
    ("步骤指引", SCREENS, "分步指南"),
    ("压缩包", SCREENS, "证据包"),
    ("主题", (CATALOGUE,), "配色"),
    ("立案|立一个案", (CATALOGUE, README), "建档, 新建; 立案 is of courts and reports"),
    ("(?<!无)门槛", SCREENS, "时限, 条件"),
    ("低可信|长度不明|长度见", SCREENS, "未核实, 时长"),
    ("(?i)text file|stored copy|public repositor|own measurement|law mirror|third[ _]party", SCREENS, "its Chinese"),
    ("expire_time|speed_refund_flag|tel_[a-e]|this Sunday|tomorrow \\d|today \\d", SCREENS, "its Chinese"),
]

ALLOWED: Mapping[str, str] = {
    "请上级处理": "the name of a letter, by which a log knows those that were sent",
    "主管/上级": "the glossary has both words",
    "提出20元券了结": "what somebody said",
}

ADDRESSED = re.compile("贵姓|您的|您好|给您|与您|向您|请您")
"""Words to somebody else; the reader of a screen is 你."""


def texts(where: str) -> Iterator[tuple[str, str]]:
    """Where each text stands, and the text."""
    match where:
        case "catalogue":
            for (template, _), said in catalogue.translations(catalogue.read(catalogue.PO)).items():
                yield from ((str(template), each) for each in said)
        case "data":
            for file in sorted((ROOT / "data").glob("*.yaml")):
                yield from ((file.name, text) for text in _chinese(yaml.safe_load(file.read_text(encoding="utf-8"))))
        case "readme":
            yield from enumerated(ROOT / "README.zh-CN.md")
        case "letters":
            for file in sorted((ROOT / "data" / "letters").glob("*zh.j2")):
                yield from enumerated(file)
        case "handbook":
            yield from pages()


def enumerated(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        yield f"{file.name}:{number}", line


def _chinese(thing: object) -> Iterator[str]:
    match thing:
        case dict():
            for name, value in thing.items():
                if isinstance(value, str) and (name == "zh" or str(name).endswith("_zh")):
                    yield value
                elif name != "former":
                    yield from _chinese(value)
        case list():
            for value in thing:
                yield from _chinese(value)


@cache
def pages() -> tuple[tuple[str, str], ...]:
    """All that the handbook shows to a Chinese reader, but for the glossary, which is in both languages."""
    book = Pages(Handbook(), date(2026, 11, 22), ZH.spellings)
    said = []
    for page in book.search(""):
        if page.chapter != "words":
            facts = (part for fact in page.facts for part in (fact.name or "", fact.words))
            said += [(page.key, ZH.say(words)) for words in (page.title, page.detail, *facts)]
    return tuple(said)


@pytest.mark.parametrize(("pattern", "places", "instead"), RULES, ids=[rule[0] for rule in RULES])
def test_a_word_that_must_not_occur_does_not(pattern: str, places: tuple[str, ...], instead: str) -> None:
    found = [
        f"{where} {place}: {text}"
        for where in places
        for place, text in texts(where)
        if re.search(pattern, text) and not any(sentence in text for sentence in ALLOWED)
    ]
    assert (instead, found) == (instead, [])


@pytest.mark.parametrize("where", EVERYWHERE)
def test_there_is_chinese_to_be_read(where: str) -> None:
    assert sum(1 for _, text in texts(where) if re.search("[一-鿿]", text)) > 40


def test_every_exception_is_still_needed() -> None:
    said = [text for where in EVERYWHERE for _, text in texts(where)]
    broken = {
        sentence
        for sentence in ALLOWED
        for text in said
        if sentence in text and any(re.search(pattern, text) for pattern, _, _ in RULES)
    }
    assert set(ALLOWED) - broken == set()


ENGLISH = {
    *("App", "ODR", "CVV", "Python", "GB", "VIP", "QQ", "AI", "custom_templates", "pendulum", "chinesecalendar"),
    *("holiday", "cn", "py"),
}
"""What a Chinese page writes in Latin letters: names."""


def test_no_english_word_stands_on_a_chinese_page_of_the_handbook() -> None:
    bare = ((key, re.sub(r"https?://\S+(?: [\w/.@-]+)?|`[^`]*`", "", text)) for key, text in pages())
    found = {
        (key, word) for key, text in bare for word in re.findall("[A-Za-z][A-Za-z_]+", text) if word not in ENGLISH
    }
    assert found == set()


def test_a_reader_is_you_and_only_others_are_addressed() -> None:
    assert [said for _, said in texts(CATALOGUE) if "您" in said and not ADDRESSED.search(said)] == []


def test_han_and_latin_letters_stand_apart_in_the_sentences_of_the_program() -> None:
    found = []
    for _, said in texts(CATALOGUE):
        bare = re.sub(r"\{\w+\}|`[^`]*`", "", said)
        if re.search("[一-鿿][A-Za-z]|[A-Za-z][一-鿿]", bare):
            found.append(said)
    assert found == []


def test_the_sentences_of_the_program_have_chinese_marks() -> None:
    found = []
    for _, said in texts(CATALOGUE):
        bare = re.sub(r"\{\w+\}|`[^`]*`|“[^”]*”", "", said)
        if re.search("[一-鿿][(),;!?]|[(),;!?][一-鿿]", bare) or re.search("[，。；：？！] ", said.replace("： ", "")):
            found.append(said)
    assert found == []


def test_every_text_is_as_it_is_shown() -> None:
    assert [text for where in (CATALOGUE, DATA) for _, text in texts(where) if clean(text) != text] == []
