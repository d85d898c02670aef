"""The handbook on the command line: its chapters, one of its pages, or what a search finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import aligned, command, cut_to_width, flag
from pddtui.handbook.model import Source
from pddtui.message import Message, Words, msg
from pddtui.services.chapters.contents import CONFIDENCE, DISCLAIMER, Pages, TopicAnswer
from pddtui.services.chapters.page import Chapter, Fact, Page
from pddtui.services.chapters.rights import SEEN

__all__ = ["handbook_command"]

Cells = tuple[str, ...]

_TITLE = 60
"""Cells of a title in a list."""


@command(
    "handbook",
    msg(
        "Look something up in the handbook: a chapter, an entry by id or name, or words; without a "
        "topic, list the chapters."
    ),
)
@click.argument("topic", required=False)
@flag("--json", "as_json", words=msg("Print JSON, for scripts."))
@click.pass_context
def handbook_command(ctx: click.Context, topic: str | None, as_json: bool) -> None:
    session = open_session(ctx)
    pages = Pages(session.handbook, session.now.date(), session.speech.spellings)
    found = pages.find(topic) if topic is not None else TopicAnswer()
    if as_json:
        session.print_json(_json(session, pages, found, all_chapters=topic is None))
    else:
        for line in _contents(session, pages) if topic is None else _answer(session, pages, found):
            click.echo(line)
        session.note(DISCLAIMER)
    session.note_each(session.handbook.warnings)


def _contents(session: Session, pages: Pages) -> Iterator[str]:
    say = session.say
    yield from aligned(
        (chapter.id, say(chapter.title), str(len(pages.of(chapter.id))), say(chapter.about))
        for chapter in pages.chapters
    )


def _answer(session: Session, pages: Pages, found: TopicAnswer) -> Iterator[str]:
    if found.page is not None:
        yield from _page(session, pages, found.page)
        if found.pages:
            also = tuple(page.key for page in found.pages)
            yield ""
            yield session.say(msg("Entries with the same name: {pages}", pages=also))
        return
    if found.chapter is not None:
        yield _bold(session, found.chapter.title)
        yield session.say(found.chapter.about)
    yield from aligned(_listed(session, page) for page in found.pages)


def _listed(session: Session, page: Page) -> Cells:
    marks = [session.say(mark) for mark in _marks(page)]
    detail = session.say(page.detail)
    return page.key, cut_to_width(session.say(page.title), _TITLE), " · ".join([*([detail] if detail else []), *marks])


def _marks(page: Page) -> Iterator[Message]:
    if page.unsure:
        yield msg("? unverified")
    if page.past:
        yield msg("no longer in force")


def _page(session: Session, pages: Pages, page: Page) -> Iterator[str]:
    say = session.say
    marks = "".join(f"  {say(mark)}" for mark in _marks(page))
    yield f"{_bold(session, page.title)}  {page.key}{marks}"
    rows = [*_fact_rows(session, page.facts), *_provenance(session, page)]
    sources = [
        (say(msg("Source")) if number == 0 else "", _cited(session, source))
        for number, source in enumerate(pages.sources(page))
    ]
    yield from (f"  {line}" for line in aligned([*rows, *sources]))


def _fact_rows(session: Session, facts: Iterable[Fact]) -> Iterator[Cells]:
    name, before, steps = "", "", 0
    for fact in facts:
        text = session.say(fact.words)
        if fact.unsure:
            text = session.say(msg("{words} (? unverified)", words=text))
        if fact.to is not None:
            text = f"{text}  [{fact.to}]"
        if fact.heading:
            yield session.say(msg("{title}:", title=fact.words)), ""
            before = ""
            continue
        name = session.say(fact.name) if fact.name is not None else ""
        if fact.step is not None:
            steps += 1
            name = f"{steps}."
        yield "" if name == before else name, text
        before = name


def _provenance(session: Session, page: Page) -> Iterator[Cells]:
    say = session.say
    if page.valid_from is not None:
        yield say(msg("Valid from")), page.valid_from.isoformat()
    if page.valid_to is not None:
        yield say(msg("Valid to")), page.valid_to.isoformat()
    if page.conf is not None:
        yield say(msg("Confidence")), say(CONFIDENCE[page.conf])


def _cited(session: Session, source: Source) -> str:
    say = session.say
    found = () if source.found is None else (say(source.found),)
    where = " ; ".join((*source.where, *found))
    return " · ".join(part for part in (say(source.cited), say(source.label), where, say(SEEN[source.seen])) if part)


def _bold(session: Session, words: Words) -> str:
    return click.style(session.say(words), bold=True)


def _json(session: Session, pages: Pages, found: TopicAnswer, *, all_chapters: bool) -> object:
    if all_chapters:
        return [_json_chapter(session, pages, chapter) for chapter in pages.chapters]
    if found.page is not None:
        return _json_page(session, pages, found.page)
    listed = [
        {"key": page.key, "title": _both(session, page.title), "unsure": page.unsure, "past": page.past}
        for page in found.pages
    ]
    return {**_json_chapter(session, pages, found.chapter), "entries": listed} if found.chapter is not None else listed


def _both(session: Session, words: Words) -> dict[str, str]:
    """Whatever language the reader has, a script finds a title in both."""
    en, zh = session.speech.spellings(words)
    return {"zh": zh, "en": en}


def _json_chapter(session: Session, pages: Pages, chapter: Chapter) -> dict[str, object]:
    return {"id": chapter.id, "title": _both(session, chapter.title), "pages": len(pages.of(chapter.id))}


def _json_page(session: Session, pages: Pages, page: Page) -> dict[str, object]:
    say = session.say
    return {
        "key": page.key,
        "chapter": page.chapter,
        "id": page.id,
        "title": _both(session, page.title),
        "confidence": page.conf,
        "valid_from": page.valid_from,
        "valid_to": page.valid_to,
        "past": page.past,
        "facts": [
            {
                "name": say(fact.name) if fact.name is not None else None,
                "text": say(fact.words),
                "unsure": fact.unsure,
                "to": fact.to,
            }
            for fact in page.facts
            if not fact.heading
        ],
        "sources": pages.sources(page),
        "entry": page.entry,
    }
