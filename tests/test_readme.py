"""What the READMEs show is what the program is."""

from __future__ import annotations

import re

import pytest

from pddtui.speech import Language
from tests.readme import READMES, ROOT, made


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pictures_and_keys_are_up_to_date(language: Language) -> None:
    assert READMES[language].read_text(encoding="utf-8") == made(language), "run python -m tests.readme"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_link_into_the_repository_leads_somewhere(language: Language) -> None:
    text = READMES[language].read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
    paths = [link.partition("#")[0].replace("%5B", "[").replace("%5D", "]") for link in links]
    assert [path for path in paths if not (ROOT / path).exists()] == []
