"""The order of the chapters, what each is called, and who makes its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from pddtui.handbook.book import Handbook
from pddtui.message import Label, Message, msg
from pddtui.services.chapters import aftersales, channels, clocks, demands, doubts, law, routes
from pddtui.services.page import Chapter, Fact, Page

__all__ = ["CONFIDENCE", "CONTENTS", "DISCLAIMER"]

DISCLAIMER = msg("Reference, not legal advice. “?” marks what is unverified.")

CONFIDENCE: Mapping[str, Message] = {
    "high": msg("high: the official text was read, or it was measured"),
    "mid": msg("medium: an official form, or several sources that agree"),
    "low": msg("unverified: one page of a third party, contradictory, or from memory"),
}

Builder = Callable[[Handbook], Iterable[Page]]


def _about(_: Handbook) -> Iterator[Page]:
    told = (
        msg("This handbook is reference material. It is no legal advice and replaces no lawyer."),
        msg("Laws are summarised in our own words, never quoted. Read the article before you cite it."),
        msg("Each fact names its source, and how much of that source was really read."),
        msg("“?” means unverified: a single third party, sources that contradict each other, or memory."),
        msg("Check a telephone number in the app before you dial it."),
        msg("Rules of the app are no law. The countdown that the app shows goes before every number here."),
        msg("A file of the same name in your config folder adds entries, or overrides them by id."),
    )
    yield Page(
        chapter="about",
        id="read_first",
        title=Label("使用前请读", "Read this first"),
        facts=(
            *(Fact(words=words) for words in told),
            Fact(words=msg("How sure a fact is"), heading=True),
            *(Fact(words=words, unsure=level == "low") for level, words in CONFIDENCE.items()),
        ),
    )


def _chapter(name: str, zh: str, en: str, about: Message, build: Builder) -> tuple[Chapter, Builder]:
    return Chapter(id=name, title=Label(zh, en), about=about), build


CONTENTS: tuple[tuple[Chapter, Builder], ...] = (
    _chapter("about", "说明", "About", msg("What this is, and what it is not."), _about),
    _chapter("rights", "权利", "Rights", msg("Nine rights, and five ways to pursue them."), law.right_pages),
    _chapter(
        "playbooks", "分步指南", "Playbooks", msg("Each way step by step, and what to record."), routes.playbook_pages
    ),
    _chapter("channels", "渠道", "Channels", msg("Whom to reach, how and when."), channels.channel_pages),
    _chapter(
        "problems", "问题类型", "Problems", msg("What went wrong, and what belongs to it."), demands.problem_pages
    ),
    _chapter("remedies", "诉求", "Remedies", msg("What can be demanded, with the arithmetic."), demands.remedy_pages),
    _chapter("outcomes", "结果", "Outcomes", msg("How a case can end."), demands.outcome_pages),
    _chapter("evidence", "证据", "Evidence", msg("What it must show, and how to keep it."), demands.evidence_pages),
    _chapter("ladder", "升级阶梯", "Ladder", msg("Rungs with gates, shortcuts and conflicts."), routes.ladder_pages),
    _chapter("laws", "法律", "Laws", msg("What each article gives, and from when to when."), law.law_pages),
    _chapter("deadlines", "期限", "Deadlines", msg("Clocks of the law and of the app."), clocks.deadline_pages),
    _chapter("events", "事件", "Events", msg("What starts a clock, and what ends it."), clocks.event_pages),
    _chapter("quiet", "沉默时限", "Silence", msg("After how long a channel has gone quiet."), clocks.quiet_pages),
    _chapter(
        "aftersales",
        "售后状态",
        "After-sales",
        msg("States in the app, and whose turn it is."),
        aftersales.aftersale_pages,
    ),
    _chapter("schemes", "服务标识", "Service marks", msg("Marks on a goods page that bind."), aftersales.scheme_pages),
    _chapter("masks", "脱敏", "Masking", msg("What to hide before going public."), doubts.mask_pages),
    _chapter("claims", "存疑说法", "Doubtful claims", msg("What is often said and is not so."), doubts.claim_pages),
    _chapter("open", "尚未核实", "Unverified", msg("What nobody has verified, and whom to ask."), doubts.open_pages),
    _chapter("words", "词汇", "Words", msg("The words of the field in both languages."), doubts.word_pages),
    _chapter("sources", "来源", "Sources", msg("Where each fact was found."), doubts.source_pages),
)
"""Every chapter in the order of the book."""
