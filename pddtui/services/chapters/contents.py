"""The handbook as chapters and pages that can be leafed through, searched, and asked for by name.

A chapter is made when it is first opened. The search wants every word of the query, in either language; what is out
of force stands last. The first page says that none of it is legal advice.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import Source
from pddtui.message import Label, Message, Words, msg
from pddtui.services.chapters import procedure, rights
from pddtui.services.chapters.page import Chapter, Fact, Page, comparable
from pddtui.services.pinyin import fits, sounds_of

__all__ = ["CONFIDENCE", "DISCLAIMER", "Pages", "TopicAnswer"]

DISCLAIMER = msg("Reference, not legal advice. “?” marks what is unverified.")

CONFIDENCE: Mapping[str, Message] = {
    "high": msg("high: the official text was read, or it was measured"),
    "mid": msg("medium: an official form, or several sources that agree"),
    "low": msg("unverified: one page of a third party, contradictory, or from memory"),
}

Builder = Callable[[Handbook], Iterable[Page]]

WordSpellings = Callable[[Words], Iterable[str]]
"""How words are written in each language, to be asked for in any of them."""


def _about(_: Handbook) -> Iterator[Page]:
    sentences = (
        msg("This handbook is reference material. It is not legal advice and does not replace a lawyer."),
        msg("Laws are summarised in our own words, never quoted. Read the article before you cite it."),
        msg("Each fact names its source, and how much of that source was really read."),
        msg("“?” means unverified: a single third party, sources that contradict each other, or memory."),
        msg("Check a telephone number in the app before you dial it."),
        msg("App rules are not law. The countdown in the app takes precedence over every number here."),
        msg("A file of the same name in your config folder adds entries, or overrides them by id."),
    )
    yield Page(
        chapter="about",
        id="read_first",
        title=msg("Read this first"),
        facts=(
            *(Fact(words=words) for words in sentences),
            Fact(words=msg("How certain a fact is"), heading=True),
            *(Fact(words=words, unsure=level == "low") for level, words in CONFIDENCE.items()),
        ),
    )


def _chapter(name: str, title: Message, about: Message, build: Builder) -> tuple[Chapter, Builder]:
    return Chapter(id=name, title=title, about=about), build


CONTENTS: tuple[tuple[Chapter, Builder], ...] = (
    _chapter("about", msg("About"), msg("What this is, and what it is not."), _about),
    _chapter("rights", msg("Rights"), msg("Nine rights, and five routes to enforce them."), rights.right_pages),
    _chapter(
        "playbooks",
        msg("Playbooks"),
        msg("Each route step by step, and what to record."),
        procedure.playbook_pages,
    ),
    _chapter("channels", msg("Channels"), msg("Whom to reach, how and when."), procedure.channel_pages),
    _chapter("problems", msg("Problems"), msg("What can go wrong, and what to do about it."), rights.problem_pages),
    _chapter(
        "remedies", msg("Remedies"), msg("What can be demanded, and how the amount is calculated."), rights.remedy_pages
    ),
    _chapter("outcomes", msg("Outcomes"), msg("How a case can end."), rights.outcome_pages),
    _chapter("evidence", msg("Evidence"), msg("What evidence must show, and how to keep it."), rights.evidence_pages),
    _chapter(
        "ladder",
        msg("Ladder", context="chapter"),
        msg("Rungs with gates, shortcuts and conflicts."),
        procedure.ladder_pages,
    ),
    _chapter(
        "next",
        msg("Next acts"),
        msg("What to do at which moment, with which key, why, and by which source."),
        procedure.next_pages,
    ),
    _chapter("laws", msg("Laws"), msg("What each article says, and when it is in force."), rights.law_pages),
    _chapter("deadlines", msg("Deadlines"), msg("Time limits of the law and of the app."), procedure.deadline_pages),
    _chapter("events", msg("Events"), msg("What starts a deadline, and what ends it."), procedure.event_pages),
    _chapter(
        "quiet",
        msg("Silence"),
        msg("How long without an answer until a channel counts as quiet."),
        procedure.quiet_pages,
    ),
    _chapter(
        "aftersales",
        msg("After-sales"),
        msg("States in the app, and whose turn it is."),
        procedure.aftersale_pages,
    ),
    _chapter("schemes", msg("Service marks"), msg("Binding marks on product pages."), procedure.scheme_pages),
    _chapter("masks", msg("Masking"), msg("What to hide before going public."), rights.mask_pages),
    _chapter("claims", msg("Doubtful claims"), msg("What is often said but not true."), rights.claim_pages),
    _chapter("open", msg("Unverified"), msg("What is unverified, and whom to ask."), rights.open_pages),
    _chapter(
        "words", msg("Words", context="chapter"), msg("The words of the field in both languages."), rights.word_pages
    ),
    _chapter("sources", msg("Sources"), msg("Where each fact comes from."), rights.source_pages),
)
"""Every chapter in the order of the book."""


_CLOSE = 5
"""How many names are offered to choose from."""


class TopicAnswer(Struct, frozen=True, kw_only=True):
    """What a topic means: a chapter, a page, or the pages in which its words occur."""

    chapter: Chapter | None = None
    page: Page | None = None
    pages: tuple[Page, ...] = ()
    """The pages of the chapter, others of the same name, or what the search found."""


class Pages:
    """All pages, as of one day: what is out of force by then is marked and stands last."""

    def __init__(self, book: Handbook, today: date, spellings: WordSpellings) -> None:
        self.book = book
        self._today = today
        self._spellings = spellings
        self._made: dict[str, tuple[Page, ...]] = {}
        self._hay: dict[str, str] = {}

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return tuple(chapter for chapter, _ in CONTENTS)

    def of(self, chapter: str) -> tuple[Page, ...]:
        """The pages of the chapter with that id, those out of force last."""
        if chapter not in self._made:
            build = next(build for known, build in CONTENTS if known.id == chapter)
            pages = [self._dated(page) for page in build(self.book)]
            self._made[chapter] = tuple(sorted(pages, key=lambda page: page.past))
        return self._made[chapter]

    def page(self, key: str) -> Page | None:
        """The page with that key, `chapter/id`."""
        chapter = key.partition("/")[0]
        if not any(known.id == chapter for known, _ in CONTENTS):
            return None
        return next((page for page in self.of(chapter) if page.key == key), None)

    def sources(self, page: Page) -> tuple[Source, ...]:
        """Where the page was found."""
        found = (self.book.sources.get(name) for name in page.src)
        return tuple(source for source in found if source is not None)

    def search(self, query: str) -> tuple[Page, ...]:
        """The pages that have every word of the query, in the order of the book; all of them for none."""
        words = comparable(query).split()
        found = [page for page in self._all() if all(word in self._haystack(page) for word in words)]
        if not found and any(map(sounds_of, words)):  # what sounds alike by chance would be too much beside it
            found = [page for page in self._all() if all(self._sounds(word, page) for word in words)]
        return tuple(found)

    def find(self, typed: str) -> TopicAnswer:
        """What a person means by a chapter, the id or name of a page, the beginning of a name, or words in pages.

        Raises `Refused` when nothing has them, with the names that come close.
        """
        wanted = comparable(typed).strip()
        if not wanted:
            raise Refused(msg("Enter what to look up; `pddtui handbook` lists the chapters."))
        for chapter in self.chapters:
            if wanted in (chapter.id, *map(comparable, self._spellings(chapter.title))):
                return TopicAnswer(chapter=chapter, pages=self.of(chapter.id))
        pages = self._all()
        exact = [page for page in pages if wanted in self._names(page)]
        begin = [page for page in pages if any(name.startswith(wanted) for name in self._names(page))]
        if exact:
            return TopicAnswer(page=exact[0], pages=tuple(exact[1:]))
        found = tuple({page.key: page for page in (*begin, *self.search(typed))}.values())
        if len(found) == 1:
            return TopicAnswer(page=found[0])
        if found:
            return TopicAnswer(pages=found)
        raise Refused(self._nothing(typed, wanted))

    def _nothing(self, typed: str, wanted: str) -> Message:
        names = {name: page for page in self._all() if page.chapter != "sources" for name in self._names(page)}
        alike = difflib.get_close_matches(wanted, names, n=_CLOSE)
        close = {names[name].key: names[name] for name in alike}
        if not close:
            return msg("The handbook has nothing on “{typed}”; `pddtui handbook` lists its chapters.", typed=typed)
        offered = tuple(msg("{id} ({name})", id=page.id, name=page.title) for page in close.values())
        return msg("The handbook has nothing on “{typed}”. Did you mean {close}?", typed=typed, close=offered)

    def _all(self) -> Sequence[Page]:
        return tuple(page for chapter in self.chapters for page in self.of(chapter.id))

    def _sounds(self, word: str, page: Page) -> bool:
        """Whether the page has the word, or its name sounds like it; all of it for whole syllables."""
        hay = self._haystack(page)
        if word in hay or any(fits(word, name) for name in self._names(page)):
            return True
        sounds = sounds_of(word)
        return sounds is not None and sounds.spoken and sounds.within(hay)

    def _haystack(self, page: Page) -> str:
        if page.key not in self._hay:
            self._hay[page.key] = page.haystack(self._spellings)
        return self._hay[page.key]

    def _dated(self, page: Page) -> Page:
        if page.valid_to is not None and page.valid_to < self._today:
            return replace(page, past=True)
        return page

    def _names(self, page: Page) -> tuple[str, ...]:
        named = (page.id, page.key, *self._spellings(page.title))
        entry = getattr(page.entry, "label", None)
        own = (entry.zh, entry.en) if isinstance(entry, Label) else ()
        return tuple(dict.fromkeys(comparable(name).strip() for name in (*named, *own)))
