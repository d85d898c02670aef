"""Papers as Markdown (CommonMark with GitHub's tables) in which nothing that somebody wrote is markup or a link."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pddtui.services.exchange.paper import Dossier, Papers, Section, Table

__all__ = ["escaped", "to_markdown"]

_SIGNS = re.compile(r"[\\`*_\[\]<>|#&~@$]|(?<=:)//|(?<=\bwww)\.", re.IGNORECASE)
_LIST = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)]))", re.MULTILINE)


def to_markdown(papers: Papers) -> bytes:
    """The document, as UTF-8."""
    return ("\n".join(_document(papers)).rstrip("\n") + "\n").encode("utf-8", "replace")


def escaped(text: str) -> str:
    """The text as it will be read. An address does not become a link."""
    text = _SIGNS.sub(lambda found: "".join(f"\\{sign}" for sign in found[0]), text)
    return _LIST.sub(lambda it: f"{it[1]}\\{it[2]}" if it[2] else f"{it[1]}{it[3]}\\{it[4]}", text)


def _document(papers: Papers) -> Iterator[str]:
    several = len(papers.dossiers) != 1
    if several:
        yield f"# {escaped(papers.title)}\n"
    for dossier in papers.dossiers:
        yield from _dossier(dossier)
    if papers.gauges:
        yield f"{'#' if several else '##'} {escaped(papers.numbers)}\n"
    for section in papers.gauges:
        yield f"**{escaped(section.title)}**\n"
        yield "\n".join(f"- {_cell(row.label)}: {_cell(row.told)}" for row in section.rows) + "\n"
    yield "---\n"
    yield escaped(papers.prepared) + "\n"
    for sentence in papers.closing:
        yield escaped(sentence) + "\n"


def _dossier(dossier: Dossier) -> Iterator[str]:
    yield f"# {escaped(dossier.ref)} {_cell(dossier.title)}\n"
    yield f"{_cell(dossier.standing)}\n"
    yield " · ".join(f"**{escaped(number)}** {escaped(what)}" for number, what in dossier.figures) + "\n"
    for section in dossier.sections:
        if section.chart is None:
            yield from _section(section)


def _section(section: Section) -> Iterator[str]:
    yield f"## {escaped(section.title)}\n"
    if section.facts:
        yield "\n".join(f"- **{escaped(name)}** {_cell(value)}" for name, value in section.facts) + "\n"
    if section.text:
        yield "  \n".join(escaped(line.strip()) for line in section.text.splitlines()) + "\n"
    if section.table is not None:
        yield "\n".join(_table(section.table)) + "\n"
    if section.note:
        yield escaped(section.note) + "\n"


def _table(table: Table) -> Iterator[str]:
    yield _row(map(_cell, table.columns))
    yield _row("---" for _ in table.columns)
    for row in table.rows:
        yield _row(map(_cell, row.cells))


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(text: str) -> str:
    return "<br>".join(escaped(line) for line in text.splitlines())
