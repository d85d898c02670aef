"""The letters there are: to whom each goes, how fast an answer is asked for, how much of it is masked, when it fits."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from pddtui.domain.case import Case
from pddtui.domain.mask import Level
from pddtui.domain.rules import Side, Span
from pddtui.message import Label

__all__ = ["KINDS", "LetterKind", "fitting", "own_kind"]


class LetterKind(Struct, frozen=True, kw_only=True):
    """One kind of letter; its texts are `data/letters/<id>.<language>.j2`."""

    id: str
    label: Label
    channel: str | None = None
    """The channel it is written for; None goes to whoever was asked last."""
    answer_in: Span = Span(3, "working_day")
    """How long the letter leaves for an answer."""
    level: Level = "none"
    """Authorities, platform and courts must know who is complaining; the public must not."""
    rungs: tuple[str, ...] = ()
    """Rungs at which it is the thing to write, those it leads to included."""
    problems: tuple[str, ...] = ()
    """Only for these kinds of problem, where it is not for all."""
    articles: tuple[str, ...] = ()
    """Articles that it leans on, whatever the problem."""
    about: tuple[Side, ...] | None = None
    """Whose duties and whose silence it tells of; of the recipient's where left out."""
    lists: tuple[Side, ...] | None = None
    """Whose filings it lists; all that came before where left out."""
    demands: bool = True
    """Whether sending it states what I want, so that it is their turn."""


_OPPONENTS: tuple[Side, ...] = ("merchant", "platform")
_EVERYBODY: tuple[Side, ...] = (*_OPPONENTS, "courier", "payment", "authority", "association", "court")
_TRANSPORT = ("lost", "fake_sign", "damaged", "fake_shipping")

KINDS: tuple[LetterKind, ...] = (
    LetterKind(
        id="chaser",
        label=Label("催办", "Chaser"),
        answer_in=Span(2, "working_day"),
        rungs=("direct", "request", "platform", "supervisor", "settle", "regulator"),
    ),
    LetterKind(
        id="written_confirmation",
        demands=False,
        label=Label("请求书面确认", "Request for written confirmation"),
        answer_in=Span(1, "working_day"),
        rungs=("direct", "request", "platform", "supervisor"),
    ),
    LetterKind(
        id="demand",
        label=Label("催告函", "Formal demand"),
        channel="merchant_chat",
        answer_in=Span(7, "natural_day"),
        rungs=("direct", "request", "supervisor"),
        articles=("inf8", "ecl59"),
    ),
    LetterKind(
        id="platform",
        label=Label("请平台介入", "Complaint to the platform"),
        channel="app_intervene",
        rungs=("request", "platform"),
        articles=("ecl59", "ecl61", "crpl44"),
        about=_OPPONENTS,
    ),
    LetterKind(
        id="supervisor",
        label=Label("请上级处理", "Request for a supervisor"),
        channel="app_official_cs",
        answer_in=Span(2, "working_day"),
        rungs=("platform", "supervisor"),
        articles=("ecl59",),
        lists=_OPPONENTS,
    ),
    LetterKind(
        id="association",
        label=Label("消协投诉书", "Complaint to a consumers association"),
        channel="consumer_assoc",
        answer_in=Span(10, "working_day"),
        rungs=("settle",),
        articles=("crpl37", "crpl39"),
        about=_OPPONENTS,
    ),
    LetterKind(
        id="c12315",
        label=Label("12315投诉书", "12315 complaint"),
        channel="c12315",
        answer_in=Span(7, "working_day"),
        rungs=("settle", "regulator"),
        articles=("crpl39", "crpl46"),
        about=_OPPONENTS,
    ),
    LetterKind(
        id="report",
        demands=False,
        label=Label("12315举报书", "12315 report"),
        channel="r12315",
        answer_in=Span(15, "working_day"),
        rungs=("regulator",),
        about=("merchant",),
    ),
    LetterKind(
        id="courier",
        label=Label("快递企业投诉", "Complaint to the courier"),
        channel="courier_cs",
        answer_in=Span(7, "natural_day"),
        rungs=("direct", "request", "platform", "regulator"),
        problems=_TRANSPORT,
        articles=("exp27", "exp28"),
    ),
    LetterKind(
        id="postal",
        label=Label("邮政业申诉", "Appeal to the postal authority"),
        channel="p12305",
        answer_in=Span(30, "natural_day"),
        rungs=("regulator",),
        problems=_TRANSPORT,
        articles=("postal65", "exp28"),
        about=("courier",),
        lists=("courier",),
    ),
    LetterKind(
        id="payment",
        label=Label("支付争议申请", "Payment dispute"),
        channel="bank_payment",
        answer_in=Span(5, "working_day"),
        rungs=("supervisor", "regulator"),
        articles=("ecl53", "ecl55"),
    ),
    LetterKind(
        id="public",
        label=Label("公开说明（已遮盖）", "Public post (masked)"),
        channel="heimao",
        level="public",
        rungs=("public",),
        about=_OPPONENTS,
    ),
    LetterKind(
        id="silence",
        demands=False,
        label=Label("未答复情况说明", "Record of silence"),
        rungs=("supervisor", "settle", "regulator", "court"),
        about=_EVERYBODY,
    ),
)


def fitting(case: Case, rungs: Iterable[str], kinds: Iterable[LetterKind] = KINDS) -> tuple[LetterKind, ...]:
    """The kinds, those that fit the case at these rungs first."""
    here = set(rungs)

    def unfit(kind: LetterKind) -> bool:
        return not here & set(kind.rungs) or bool(kind.problems and case.problem not in kind.problems)

    return tuple(sorted(kinds, key=unfit))


def own_kind(name: str) -> LetterKind:
    """A kind that a person has added, of which nothing is known but its name."""
    return LetterKind(id=name, label=Label(name, name))
