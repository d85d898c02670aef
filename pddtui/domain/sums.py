"""Sums of money as people type them: 89, 89.00, ¥1,299, 49块5, １２元."""

from __future__ import annotations

import re
from decimal import Decimal

from pddtui.domain.text import halfwidth
from pddtui.errors import Refused
from pddtui.message import msg

__all__ = ["read_sum"]

_SUM = re.compile(
    r"(?:[¥$€]|rmb|cny)?\s*(?P<whole>\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(?P<cents>\d{1,2}))?"
    r"\s*(?:元|块|圆|rmb|cny|yuan)?(?:(?<=[元块圆])(?P<dimes>\d)(?:角|毛)?)?",
    re.IGNORECASE,
)


def read_sum(typed: str, field: str | None = None) -> Decimal | None:
    """The sum to the cent, None for nothing typed. Raises `Refused` at `field` for anything that is no sum."""
    text = halfwidth(typed).strip()
    if not text:
        return None
    found = _SUM.fullmatch(text)
    if found is None or (found["cents"] and found["dimes"]):
        raise Refused(
            msg("“{typed}” is no sum of money: write it like {example}.", typed=typed, example="89.00"), field=field
        )
    cents = found["cents"] or found["dimes"] or ""
    return Decimal(f"{found['whole'].replace(',', '')}.{cents:0<2}")
