"""Papers as one HTML page that needs nothing else: no script, no font, no picture from elsewhere; made to be printed.

Every text is escaped by the template engine. The page forbids itself to load or run anything, should it hold
something it should not.
"""

from __future__ import annotations

from pddtui import assets
from pddtui.services.exchange.paper import Papers
from pddtui.services.templates import render

__all__ = ["to_html"]


def to_html(papers: Papers) -> bytes:
    """The page, as UTF-8."""
    page = render([assets.path("data/export")], "papers.html.j2", {"papers": papers}, html=True)
    return page.encode("utf-8", "replace")
