"""Speech: what the program says, in the language of the person, Chinese or English.

A `Speech` translates the template of a message, renders its values and fills them in. English is the language of the
templates, so only Chinese has a catalogue (`data/locale/zh`) and only Chinese loads gettext.

The catalogue is made from the source (`python -m tests.catalogue`): a template is a literal that is the first argument,
and in `plural` also the second, of a call named `msg`, `plural`, `say` or `speech` (`self.speech("Due")` is one). A
literal `context` says which sense of the English is meant where Chinese has a word for each. Words of a person or a
file are never a template; they are values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from pddtui import assets
from pddtui.message import WEEKDAYS, Filled, Hours, Label, Language, Message, Sum, Value, Words, msg

if TYPE_CHECKING:
    from gettext import NullTranslations

__all__ = ["LANGUAGES", "SIGNS", "Language", "Speech", "choose_language"]

LANGUAGES: Mapping[Language, str] = {"zh": "中文", "en": "English"}
"""Each language by its own name."""

SIGNS: Mapping[Language, str] = {"zh": "中", "en": "EN"}
"""The same in two cells."""

_END_OF_DAY = time(23, 59, 59)
_NO_TIME = time()
"""How a day without a time is stored where something happened on it."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def choose_language(
    environ: Mapping[str, str], *, option: Language | None = None, setting: Language | Literal["auto"] = "auto"
) -> Language:
    """The language of `--lang`, else of the settings, else of the locale: Chinese for a Chinese one, else English."""
    if option is not None:
        return option
    if setting != "auto":
        return setting
    names = (environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((name for name in names if name), "")
    return "zh" if locale.lower().startswith("zh") else "en"


class Speech:
    """One language, one zone, and the year that goes without saying."""

    def __init__(
        self,
        language: Language,
        zone: ZoneInfo,
        *,
        year: int | None = None,
        now: datetime | None = None,
        options: str = "",
    ) -> None:
        """`year` is the reader's own: a date in it is shown without its year. None shows the year always.

        `now` tells a midnight to come, by which something is due, from a day on which something happened. `options` are
        those with which the program was started, as a shell takes them: a command that it names has them, too, so that
        it can be pasted and means the same file.
        """
        self.language: Language = language
        self.zone = zone
        self.year = year
        self._now = now
        self._called = f"`pddtui {options} ".replace("{", "{{").replace("}", "}}") if options else ""
        self._catalogue = _chinese() if language == "zh" else None

    def go_by(self, now: datetime) -> None:
        """Have the year of that moment go without saying, unless every year is said."""
        year = now.astimezone(self.zone).year
        for speech in (self, self._in_english, self._in_chinese):
            speech._now = now
            if speech.year is not None:
                speech.year = year

    def __call__(self, template: str, /, *, context: str = "", **values: Value) -> str:
        """Say a template at once: `speech("{n} cases", n=3)`."""
        return self.say(msg(template, context=context, **values))

    def say(self, message: Words) -> str:
        """The sentence in this language. A plain string is a template without fields."""
        if isinstance(message, Label):
            return message.zh if self.language == "zh" else message.en
        if isinstance(message, str):
            return self._translate(message)
        if isinstance(message, Filled):
            return self.say(message.label).format(
                **{name: self.render(value) for name, value in message.values.items()}
            )
        template = self._template(message)
        if self._called and "`pddtui " in template:
            template = template.replace("`pddtui ", self._called)
        return template.format(**{name: self.render(value) for name, value in message.values.items()})

    def spellings(self, words: Words) -> tuple[str, str]:
        """The English and the Chinese of it, whatever language this is; a text of somebody's own has but one."""
        if isinstance(words, str):
            return words, words
        return self._in_english.say(words), self._in_chinese.say(words)

    def sentences(self, said: Iterable[str]) -> str:
        """Whole sentences, one after the other."""
        return ("" if self.language == "zh" else " ").join(said)

    @cached_property
    def _in_english(self) -> Speech:
        return self if self.language == "en" else Speech("en", self.zone, year=self.year, now=self._now)

    @cached_property
    def _in_chinese(self) -> Speech:
        return self if self.language == "zh" else Speech("zh", self.zone, year=self.year, now=self._now)

    def render(self, value: Value) -> str:
        """A value as it stands in a sentence; a string is what somebody wrote and stays as it is."""
        match value:
            case str():
                return value
            case Message() | Label() | Filled():
                return self.say(value)
            case tuple():
                return ("、" if self.language == "zh" else ", ").join(map(self.render, value))
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case Decimal():
                return f"{value:f}"
            case Hours(days=(days, hours)) if self.language == "zh":
                return f"{days}天{hours}小时" if hours else f"{days}天"
            case int() | Sum() | Hours():
                return str(value)

    def day(self, value: date, *, full: bool = False) -> str:
        """`11-25 周三` or `Wed 25 Nov`; with its year when that is not the reader's, or when `full`."""
        weekday = self.say(WEEKDAYS[value.weekday()])
        with_year = full or value.year != self.year
        if self.language == "zh":
            return f"{value.year}-{value:%m-%d} {weekday}" if with_year else f"{value:%m-%d} {weekday}"
        day = f"{weekday} {value.day} {_MONTHS[value.month - 1]}"
        return f"{day} {value.year}" if with_year else day

    def formal_day(self, value: date) -> str:
        """`2026年11月25日` or `25 Nov 2026`, as a letter dates itself."""
        if self.language == "zh":
            return f"{value.year}年{value.month}月{value.day}日"
        return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"

    def clock(self, value: datetime) -> str:
        """The time of day in the zone, `18:00`."""
        return f"{value.astimezone(self.zone):%H:%M}"

    def time_of(self, value: datetime) -> str:
        """The time of day at which something happened; "" where only the day was given."""
        return "" if value.astimezone(self.zone).time() == _NO_TIME else self.clock(value)

    def moment(self, value: datetime, *, full: bool = False) -> str:
        """Day and time in the zone; the day alone for one without a time.

        Such a day is stored as its end, 23:59:59, where something is due on it, and as its beginning where something
        happened. A midnight to come is a time, which Chinese counts to the day before.
        """
        local = value.astimezone(self.zone)
        if local.time() == _NO_TIME and self._now is not None and value > self._now:
            if self.language == "zh":
                return f"{self.day(local.date() - timedelta(days=1), full=full)} 24:00"
            return f"{self.day(local.date(), full=full)} 00:00"
        day = self.day(local.date(), full=full)
        return day if local.time() in (_END_OF_DAY, _NO_TIME) else f"{day} {local:%H:%M}"

    def money(self, amount: Decimal, currency: str = "CNY") -> str:
        return str(Sum(amount, currency))

    def _template(self, message: Message) -> str:
        if message.plural is None:
            return self._translate(message.template, message.context)
        n = message.values["n"]
        if not isinstance(n, int):
            raise TypeError(f"the count of a plural is a whole number, not {n!r}")
        if self._catalogue is not None:
            if message.context:
                return self._catalogue.npgettext(message.context, message.template, message.plural, n)
            return self._catalogue.ngettext(message.template, message.plural, n)
        return message.template if n == 1 else message.plural

    def _translate(self, template: str, context: str = "") -> str:
        if self._catalogue is None or not template:  # the empty template is the header of a catalogue
            return template
        return self._catalogue.pgettext(context, template) if context else self._catalogue.gettext(template)


@cache
def _chinese() -> NullTranslations:
    from gettext import GNUTranslations  # 7 ms that English need not pay

    with assets.path("data/locale/zh/LC_MESSAGES/pddtui.mo").open("rb") as file:
        return GNUTranslations(file)
