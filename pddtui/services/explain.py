"""Why a flag or a date: the reason, the sum day by day, where the rule or limit comes from and how sure that is.

The desk and the command line say the same sentences. Each is a `Message`; the "?" of a doubtful fact is put into words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from pddtui.domain.acts import Step
from pddtui.domain.case import Case, Contact, FollowUp, Promise
from pddtui.domain.deadlines import Deadline, deadlines, outcome_words, rule_words, sum_words
from pddtui.domain.duetime import Due, add, explain, period
from pddtui.domain.flags import Flag
from pddtui.domain.ladder import RungStep
from pddtui.domain.rules import MINE, QuietLimit
from pddtui.domain.silence import Silence
from pddtui.errors import Refused
from pddtui.handbook.book import Handbook
from pddtui.handbook.model import Remedy
from pddtui.message import Label, Message, Sum, msg
from pddtui.services.casebook import Casebook
from pddtui.services.clashes import clash_lines
from pddtui.services.letters.words import reckoning

__all__ = [
    "NO_ADVICE",
    "why_amount",
    "why_deadline",
    "why_filing",
    "why_flag",
    "why_follow_up",
    "why_promise",
    "why_step",
]

NO_ADVICE = msg("This is information, not legal advice.")
"""What every explanation ends with."""

_OWN_CHOICE = "design"
"""The source of what this project chose itself."""


def why_flag(casebook: Casebook, case: Case, flag: Flag, handbook: Handbook) -> tuple[Message, ...]:
    """Everything behind one flag of the case, then what to do, why, and which row of the table says so."""
    first = next(iter(flag.steps), None)
    told = why_step(first, handbook) if first is not None else (msg("Next: {step}", step=flag.next_step),)
    return (*_flag(casebook, case, flag, handbook), *told)


def why_step(step: Step, handbook: Handbook) -> tuple[Message, ...]:
    """What to do, for which reason, by which law, and which row of the table of next acts says so with its source."""
    act, row = step.act, step.row
    said = [msg("Next: {step}", step=step.words), msg("Reason: {reason}.", reason=act.reason)]
    said += _articles(act.basis, handbook)
    sure = act.conf != "low" and row.conf != "low"
    told = msg(
        "By row “{row}” ({id}) of next.yaml, source: {sources}.",
        row=row.label,
        id=row.id,
        sources=sources(tuple(dict.fromkeys((*row.src, *act.src))), handbook),
    )
    said.append(told if sure else msg("? {told} The source is weak: check it before you rely on it.", told=told))
    return tuple(said)


def why_filing(step: RungStep) -> tuple[Message, ...]:
    """Where the case goes next: what that channel needs, what of it is there, and what stands against it."""
    return tuple(_filing(step))


def why_amount(case: Case, handbook: Handbook) -> tuple[Message, ...]:
    """How the sum that is demanded comes about, and by which articles; nothing where nothing is demanded."""
    remedy = handbook.remedies.get(case.demand.remedy)
    return tuple(_amount(case, remedy, handbook)) if remedy is not None or case.demand.amount is not None else ()


def why_promise(casebook: Casebook, contact: Contact, promise: Promise) -> tuple[Message, ...]:
    """Who promised it, in which words, whether it is in writing, and how the words became a date."""
    return tuple(_promise(casebook, contact, promise))


def why_follow_up(casebook: Casebook, task: FollowUp) -> tuple[Message, ...]:
    """How the date of a follow-up came about."""
    return tuple(_follow_up(casebook, task))


def why_deadline(deadline: Deadline, handbook: Handbook) -> tuple[Message, ...]:
    """Start, rule, sum and source of one clock, and what became of it."""
    return tuple(_deadline(deadline, handbook))


def sources(ids: tuple[str, ...], handbook: Handbook) -> tuple[Label | str, ...]:
    """The names of the handbook's sources; an id that it does not know stays as it is."""
    found = ((source_id, handbook.sources.get(source_id)) for source_id in ids)
    return tuple(source_id if source is None else source.label for source_id, source in found)


def _flag(casebook: Casebook, case: Case, flag: Flag, handbook: Handbook) -> Iterator[Message]:
    match flag.kind:
        case "promise":
            for contact, promise in case.promises:
                if promise.id == flag.thing:
                    yield from _promise(casebook, contact, promise)
        case "follow_up":
            yield from _planned(casebook, case, flag, handbook)
        case "deadline" | "my_deadline" | "right":
            found = deadlines(case, casebook.now(), casebook.rules, casebook.calendar)
            clock = next((clock for clock in found if clock.key == flag.thing), None)
            if clock is None:
                yield flag.why  # a request in the app that waits for me, and nobody knows until when
            else:
                yield from _deadline(clock, handbook)
        case "quiet":
            yield flag.why
            yield from _quiet(casebook, flag, handbook)
        case "turn" | "look":
            yield flag.why
        case "verify":
            yield flag.why
            yield msg("Seven days after a case was resolved, you are asked whether the money has really arrived.")


def _planned(casebook: Casebook, case: Case, flag: Flag, handbook: Handbook) -> Iterator[Message]:
    for task in case.follow_ups:
        if task.id == flag.thing:
            yield from _follow_up(casebook, task)
    for clash in case.clashes:
        if clash.id == flag.thing:
            yield flag.why
            yield from clash_lines(clash, case, handbook)


def _filing(step: RungStep) -> Iterator[Message]:
    if not step.gates:
        yield msg("Nothing has to be there first.")
    for gate in step.gates:
        if gate.there is not None:
            yield msg("✓ {needs}: {there}", needs=gate.needs, there=gate.there)
        elif gate.waived:
            yield msg("✓ {needs}: not needed on this way", needs=gate.needs)
        else:
            yield msg("✗ {needs}: missing", needs=gate.needs)
    for clash in step.clashes:
        yield msg("! conflict: {label}", label=clash.label)
    for bar in step.bars:
        yield msg("! afterwards: {label}", label=bar.label)


def _amount(case: Case, remedy: Remedy | None, handbook: Handbook) -> Iterator[Message]:
    paid, wanted, currency = case.order.amount, case.demand.amount, case.order.currency
    extra = handbook.extras.get(remedy.id) if remedy is not None else None
    lines = tuple(reckoning(case, handbook, lambda amount: Sum(amount, currency)))
    yield from (msg("{line}.", line=line) for line in lines)
    if wanted is not None and not lines:
        yield msg("You named the sum of {wanted} yourself.", wanted=Sum(wanted, currency))
        if paid is not None:
            yield msg("The price paid was {paid}.", paid=Sum(paid, currency))
    if paid is None and (wanted is None or extra is not None):
        yield msg("What was paid is not recorded, so there is nothing to calculate with.")
    if remedy is None:
        return
    if remedy.note is not None:
        yield msg("{note}.", note=remedy.note)
    problem = handbook.problems.get(case.problem)
    basis = (*remedy.basis, *(extra.basis if extra is not None else ())) or (
        problem.laws if problem is not None else ()
    )
    yield from _articles(tuple(dict.fromkeys(basis)), handbook)
    if extra is not None:
        yield msg("It is a claim: whether it is due is for others to find.")


def _promise(casebook: Casebook, contact: Contact, promise: Promise) -> Iterator[Message]:
    who = contact.person.called
    if who:
        yield msg("{who} promised on {at}: “{text}”.", who=who, at=contact.at, text=promise.text)
    else:
        yield msg("Promised on {at} by an unnamed person: “{text}”.", at=contact.at, text=promise.text)
    if promise.written:
        yield msg("There is a written record.")
    else:
        yield msg("It is only oral: ask for it in writing, so that you can prove it.")
    yield from _spoken(casebook, promise.due_phrase, contact.at, promise.due)
    if promise.settled_at is not None:
        yield _settled(promise, promise.settled_at)
    elif promise.due is not None and casebook.now() > promise.due:
        yield msg("The date has passed and the promise is not settled: was it kept, broken, or replaced by a new date?")
    elif promise.due is not None:
        yield msg("Until then their time is running, and no silence is flagged.")


def _settled(promise: Promise, at: datetime) -> Message:
    match promise.state:
        case "kept":
            return msg("It was kept on {at}.", at=at)
        case "broken":
            return msg("It was recorded as broken on {at}.", at=at)
        case "replaced":
            return msg("It was replaced by a new promise on {at}.", at=at)
    return msg("It was waived on {at}.", at=at)


def _follow_up(casebook: Casebook, task: FollowUp) -> Iterator[Message]:
    yield msg("You planned on {at}: “{text}”.", at=task.created_at, text=task.text)
    yield from _spoken(casebook, task.due_phrase, task.created_at, task.due)
    if task.snoozed:
        yield msg("Times put off so far: {n}.", n=task.snoozed)


def _spoken(casebook: Casebook, phrase: str | None, said_at: datetime, due: datetime | None) -> Iterator[Message]:
    """How words became a date: read again as they were read then, unless the date has been set otherwise since."""
    if due is None:
        yield msg("No date was given, so it can never be overdue: ask by when.")
        return
    if phrase is None:
        yield msg("It is due on {due}; the date was given directly.", due=due)
        return
    yield msg("The date was derived from the words “{phrase}”.", phrase=phrase)
    read = _read(casebook, phrase, said_at)
    if read is not None and read.at == due:
        yield from explain(read)
    else:
        yield msg("It is due on {due}.", due=due)


def _read(casebook: Casebook, phrase: str, said_at: datetime) -> Due | None:
    try:
        return casebook.due(phrase, said_at)
    except Refused:
        return None  # words that this version no longer reads; the date they gave stands


def _quiet(casebook: Casebook, flag: Flag, handbook: Handbook) -> Iterator[Message]:
    silence = next((found for found in flag.scene.silences if found.thread is flag.situation.thread), Silence())
    clock, limit = silence.clock, silence.limit
    reached = _reached(casebook, silence)
    if clock is not None and silence.level == "red":
        yield from sum_words(clock)
    elif reached is not None:
        yield from explain(reached)
    if limit is None:
        return
    amber = period(limit.amber.n, limit.amber.unit)
    if clock is not None:
        yield msg(
            "It turns amber after {amber}, and red when “{label}” has ended ({end}): until then their time is running.",
            amber=amber,
            label=clock.rule.label,
            end=clock.due.at.date(),
        )
    else:
        red = period(limit.red.n, limit.red.unit)
        yield msg("It turns amber after {amber} and red after {red}.", amber=amber, red=red)
    if silence.doubtful:
        yield msg("A promise with an estimated date has just passed: it turns red three days later.")
    yield _limit_source(limit, handbook)
    chased = silence.asked_again
    if chased:
        yield msg("Times asked again since: {n}. This does not restart their silence.", n=chased)


def _reached(casebook: Casebook, silence: Silence) -> Due | None:
    """The count to the threshold that was reached, unless a countdown of the app set it."""
    if silence.limit is None or silence.since is None:
        return None
    red = silence.level == "red"
    span = silence.limit.red if red else silence.limit.amber
    due = add(silence.since, span.n, span.unit, casebook.calendar)
    return due if due.at == (silence.red_at if red else silence.amber_at) else None


def _limit_source(limit: QuietLimit, handbook: Handbook) -> Message:
    if limit.source == MINE:
        return msg("You have set this limit yourself.")
    ids = tuple(part.strip() for part in limit.source.split(","))
    if ids == (_OWN_CHOICE,):
        return msg("? No rule gives this limit: it is a suggestion of pddtui, and you can set your own.")
    return msg("The limit follows {sources}.", sources=sources(ids, handbook))


def _articles(ids: tuple[str, ...], handbook: Handbook) -> Iterator[Message]:
    for article_id in ids:
        article = handbook.articles.get(article_id)
        if article is not None:
            law = handbook.laws.get(article.law)
            name = law.cite(article) if law is not None else article.number
            yield msg("{name}: {words}", name=name, words=article.gives)


def _deadline(deadline: Deadline, handbook: Handbook) -> Iterator[Message]:
    rule = deadline.rule
    yield from rule_words(deadline)
    yield from sum_words(deadline)
    yield from _articles(rule.basis, handbook)
    entry = handbook.deadlines.get(rule.id) or handbook.platform_clocks.get(rule.id)
    if entry is not None and entry.note is not None:
        yield msg("{note}.", note=entry.note)
    source_ids = rule.sources or (entry.src if entry is not None else ())
    if source_ids:
        yield msg("Source: {sources}.", sources=sources(source_ids, handbook))
    if not rule.sure:
        yield msg("? The source is weak: check it before you rely on it.")
    yield from outcome_words(deadline)
