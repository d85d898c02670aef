"""The composition root: the parts of one run of the program, each built when it is first asked for.

Heavy parts are imported where they are built, so that a command pays only for what it uses.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

import click
import msgspec
from msgspec import Struct

from pddtui import __version__
from pddtui.cli.streams import Results, TypedInput, aside
from pddtui.domain.duetime import Clock, FixedClock
from pddtui.domain.text import inert_json
from pddtui.errors import Damaged, Refused
from pddtui.message import Message, Value, msg, pasted
from pddtui.ownership import trusted
from pddtui.places import Places, find_places, is_there, typed_path
from pddtui.settings import Settings, read_settings
from pddtui.speech import Language, Speech, choose_language

if TYPE_CHECKING:
    from pddtui.domain.attention import Attention
    from pddtui.domain.ports import CaseStore
    from pddtui.domain.rules import Rules
    from pddtui.domain.workdays import Calendar
    from pddtui.handbook.book import Handbook
    from pddtui.handbook.cache import KeptRules
    from pddtui.services.casebook import Casebook, IdSource, Overview
    from pddtui.services.search import Found
    from pddtui.store.codec import Depth
    from pddtui.store.disk import Surroundings
    from pddtui.store.tiny import TinyCaseStore

__all__ = ["Options", "Session", "open_session"]


class Options(Struct):
    """The options that every command takes, before and after its name."""

    file: str | None = None
    as_of: str | None = None
    lang: Language | None = None
    config: str | None = None
    results: Results = msgspec.field(default_factory=Results)
    typed: TypedInput = msgspec.field(default_factory=TypedInput)

    @property
    def shell(self) -> str:
        """Those by which another command finds the same files, as a shell takes them."""
        found = (("--file", self.file), ("--config", self.config))
        return " ".join(f"{name} {pasted(value)}" for name, value in found if value is not None)


class Session:
    """One run: settings, language, store, rules and casebook."""

    def __init__(self, options: Options, environ: Mapping[str, str]) -> None:
        self._options = options
        self._environ = environ
        self.results = options.results
        self.typed = options.typed
        self.depth: Depth = "heads"
        """How much of every case will be asked for; to be set before the file is opened."""
        self._store: TinyCaseStore | None = None
        self._said: tuple[Message, ...] = ()
        self._noted: list[Message] = []
        self._looks_only = options.as_of is not None

    @cached_property
    def places(self) -> Places:
        """Where things are kept. Raises `Refused` for settings that were named and are not there."""
        file, config = self._options.file, self._options.config
        named = typed_path(config) if config else None
        if named is not None and not is_there(named):
            raise Refused(msg("There is no file or folder {file} for --config.", file=str(named)), field="config")
        places = find_places(self._environ, file=typed_path(file) if file else None, config=named)
        if (link := places.link) is not None and not trusted(link):
            raise Damaged(
                msg(
                    "{link} is a link that somebody else made, or that leads to what belongs to somebody else: it is "
                    "not followed. Name the file itself with --file.",
                    link=str(link),
                )
            )
        return places

    @cached_property
    def settings(self) -> Settings:
        return read_settings(self.places.config_file)

    @cached_property
    def speech(self) -> Speech:
        language = choose_language(self._environ, option=self._options.lang, setting=self.settings.language)
        return Speech(language, self.settings.tz, year=self.now.year, now=self.now, options=self._options.shell)

    @cached_property
    def clock(self) -> Clock:
        """The machine's clock, or one that stands still at `--as-of`."""
        from pddtui.services.casebook import SystemClock

        clock = SystemClock(self.settings.tz)
        if self._options.as_of is None:
            return clock
        from pddtui.domain.phrases.due import parse_due
        from pddtui.domain.phrases.moment import parse_when

        text, now = self._options.as_of, clock.now()
        try:
            return FixedClock(parse_when(text, now))
        except Refused as refusal:
            with suppress(Refused):  # nothing has happened "next Friday", but one can look from there
                return FixedClock(parse_due(text, now, self.calendar).at)
            raise refusal from None

    @cached_property
    def now(self) -> datetime:
        """The moment from which everything in this run is seen."""
        return self.clock.now()

    @cached_property
    def handbook(self) -> Handbook:
        from pddtui.domain.case import Complainant
        from pddtui.domain.mask import Own
        from pddtui.handbook.book import Handbook

        me, others = self.settings.myself, self.settings.others
        people = {
            short: Complainant(name=one.name, phone=one.phone, address=one.address) for short, one in others.items()
        }
        own = Own(
            name=me.name,
            phone=me.phone,
            address=me.address,
            words=(*self.settings.private, *self.settings.nicknames),
            people=people,
        )
        return Handbook(user=self.places.config_folder, settings=self.places.config_file.name, own=own)

    @cached_property
    def condensed(self) -> KeptRules:
        """What every command needs of the handbook; the YAML is only read when something in it has changed."""
        from pddtui.handbook import cache

        own = self._own_limits
        file = self.places.state_folder / "handbook.cache"
        stamp = cache.stamp_of_sources(__version__, own, self.places.config_folder)
        found = cache.kept(file, stamp)
        if found is None:
            from pddtui.handbook.rulebook import rules_to_keep

            found = rules_to_keep(self.handbook, own)
            wrong = (*self.handbook.warnings, *self.wrong_limits)
            self.note_each(wrong)
            if not wrong:  # a fault is reported every time
                cache.keep(file, stamp, found)
        return found

    @cached_property
    def wrong_limits(self) -> tuple[Message, ...]:
        """What is wrong with the limits of silence in the settings, which only shows beside the handbook."""
        from pddtui.domain.rules import MY_TURN
        from pddtui.handbook.rulebook import wrong_limits
        from pddtui.handbook.shelf import at_fault
        from pddtui.settings import line_of

        file = self.places.config_file
        return tuple(
            at_fault(file, line_of(file, where), where, problem)
            for name, problem in wrong_limits(self.handbook, self._own_limits)
            for where in (name if name == MY_TURN else f"quiet.{name}",)
        )

    @cached_property
    def wrong_wishes(self) -> tuple[Message, ...]:
        """What the desk cannot use of the settings: keys, theme, filters. Looks there only where there are any."""
        settings, file = self.settings, self.places.config_file
        if not settings.keys and not settings.filters and settings.theme == "auto":
            return ()
        from pddtui.services.search import reader_of, wrong_filters
        from pddtui.settings import line_of
        from pddtui.ui.bindings import usable_keys
        from pddtui.ui.themes import ALL_THEMES, choose

        reader = reader_of(self.rules, self.speech.spellings, settings.called)
        found = [*usable_keys(settings.keys)[1], *wrong_filters(settings.filters, reader)]
        try:
            choose(settings.theme, ALL_THEMES)
        except Refused as refused:
            found.append(refused)
        return tuple(
            msg(
                "{file}, line {line}: {problem} Until you fix this, the default is used.",
                file=str(file),
                line=line_of(file, each.field or ""),
                problem=each.message,
            )
            for each in found
        )

    @property
    def _own_limits(self) -> dict[str, tuple[str, str]]:
        from pddtui.domain.rules import MY_TURN

        mine = self.settings.mine
        limits = {name: (limit.amber, limit.red) for name, limit in self.settings.quiet.items()}
        return limits | {MY_TURN: (mine.amber, mine.red)}

    @property
    def rules(self) -> Rules:
        return self.condensed.rules

    @cached_property
    def calendar(self) -> Calendar:
        from pddtui.services.calendar_cn import ChinaCalendar

        return ChinaCalendar(self.condensed.years, self.condensed.feasts)

    @cached_property
    def ids(self) -> IdSource:
        from pddtui.services.casebook import UlidSource

        return UlidSource()

    @property
    def surroundings(self) -> Surroundings:
        """What the store takes from outside: the user's choices, and the machine as it is."""
        from pddtui.store.disk import Surroundings

        settings = self.settings
        return Surroundings(
            write_through=settings.write_through,
            trust_network=settings.trust_network,
            own_records=self.places.own_records,
            folders=self.places.folders,
        )

    @cached_property
    def store(self) -> CaseStore:
        from pddtui.store.tiny import TinyCaseStore

        store = TinyCaseStore.open(self.places.data_file, surroundings=self.surroundings, depth=self.depth)
        self._store, self._said = store, store.warnings
        for warning in self._said:
            self.note(warning)
        if not self._looks_only:
            return store
        from pddtui.services.casebook import ReadOnlyStore  # what was saved now would have a false time

        return ReadOnlyStore(
            store,
            msg("--as-of only shows; to change something, leave it out and give the time with --at."),
        )

    @cached_property
    def overview(self) -> Overview:
        """The casebook of a command that only looks."""
        from pddtui.services.casebook import Overview

        return Overview(self.store, self.clock, self.calendar, self.rules)

    @cached_property
    def casebook(self) -> Casebook:
        from pddtui.services.casebook import Casebook

        return Casebook(self.store, self.clock, self.calendar, self.rules, self.ids)

    def passing(self, text: str, entries: Sequence[Attention]) -> Found:
        """Those of the cases that pass a filter as it was typed. Raises `Refused` for one that cannot be read."""
        from pddtui.domain.query import haystack
        from pddtui.services.search import find_cases, reader_of, with_saved

        reader = reader_of(self.rules, self.speech.spellings, self.settings.called)
        wanted = with_saved(text, self.settings.filters)
        return find_cases(wanted, entries, lambda entry: haystack(entry.case, reader), reader)

    def pretend(self) -> None:
        """Let things be saved although `--as-of` fixes the clock: they are samples, and their times are made up."""
        self._looks_only = False

    def say(self, words: Value) -> str:
        """The words in the reader's language, on one line; a plain text is somebody's own and only made inert."""
        from pddtui.domain.text import one_line

        return one_line(self.speech.render(words))

    def note_each(self, faults: Iterable[Message]) -> None:
        """Say what is wrong with files of the user's, each fault once in a run."""
        for fault in faults:
            if fault not in self._noted:
                self._noted.append(fault)
                self.note(fault)

    def note(self, message: Message) -> None:
        """Say on stderr what is not a result."""
        aside(self.say(message))

    def print_json(self, value: object) -> None:
        """Print a result as JSON on one line."""
        self.results.tell(inert_json(msgspec.json.encode(value)))

    def tell(self, message: Message) -> None:
        """Say on stdout what came of a save."""
        self.results.tell(self.say(message))

    def close(self) -> None:
        """Bring the file up to date and let go of it."""
        if self._store is None:
            return
        self.results.saved |= self._store.saves > 0
        saving = self._store.warnings
        self._store.close()
        said = {self.say(warning) for warning in self._said}
        for warning in dict.fromkeys(map(self.say, (*saving, *self._store.warnings))):
            if warning not in said:
                aside(warning)


def open_session(context: click.Context) -> Session:
    """The session of this run, closed when the run ends."""
    root = context.find_root()
    options = root.obj if isinstance(root.obj, Options) else Options()
    session = Session(options, os.environ)
    root.call_on_close(session.close)
    return session
