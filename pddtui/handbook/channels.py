"""Where a complaint can be taken, and lines that look like channels for it but are not."""

from __future__ import annotations

from typing import Literal

from pddtui.domain.rules import Side
from pddtui.handbook.model import Confidence, Entry, Strict
from pddtui.message import Label

__all__ = ["Channel", "ChannelFile", "ChannelKind", "NotChannel", "PhoneNumber"]

ChannelKind = Literal[
    "private",
    "platform_form",
    "phone",
    "web",
    "public_or_private",
    "public",
    "mediation",
    "government",
    "court",
    "arbitration",
    "emergency",
]


class PhoneNumber(Strict, frozen=True, kw_only=True):
    """A number somebody claims for a line. Sources contradict each other, so all are kept."""

    number: str
    conf: Confidence
    src: tuple[str, ...]
    contra: tuple[str, ...] = ()
    """Sources that say otherwise."""


class Channel(Entry, frozen=True, kw_only=True):
    """A way to reach somebody: what it is for, what it needs, and what to beware of."""

    tier: int
    """Roughly how far up it is: 1 the counterpart itself, 5 the authorities, 7 the court; 0 is not for consumers."""
    kind: ChannelKind
    side: Side
    first: bool = False
    """The place to begin."""
    display_only: bool = False
    """Known so that nobody takes it for a consumer line; never offered for a contact."""
    entry: Label | None = None
    """Where to find it."""
    numbers: tuple[PhoneNumber, ...] = ()
    """Disputed numbers, the likeliest first. To be checked in the app before dialling."""
    phone: str | None = None
    """A public short number nobody disputes."""
    phone_src: tuple[str, ...] = ()
    """Where `phone` comes from, if not from `src`."""
    url: str | None = None
    url_src: tuple[str, ...] = ()
    purpose: Label | None = None
    when: Label | None = None
    """At what moment it can be used."""
    scope: Label | None = None
    prereq: Label | None = None
    """What must have happened before."""
    need: Label | None = None
    """What has to be handed in."""
    also: Label | None = None
    """Other doors to the same desk."""
    account: Label | None = None
    hours: Label | None = None
    reference: Label | None = None
    """What their number for the matter is called."""
    evidence: Label | None = None
    """How to keep what was said there."""
    tip: Label | None = None
    warn: Label | None = None
    note: Label | None = None
    clock: str | None = None
    """The deadline that using it starts."""
    basis: tuple[str, ...] = ()
    """Article ids."""

    @property
    def public(self) -> bool:
        """Whether everybody can read what is said there, so that it must be masked first."""
        return self.kind in ("public", "public_or_private")


class NotChannel(Entry, frozen=True, kw_only=True):
    """A number people try in vain."""

    reason: Label


class ChannelFile(Strict, frozen=True, kw_only=True):
    channels: tuple[Channel, ...]
    not_channels: tuple[NotChannel, ...]
