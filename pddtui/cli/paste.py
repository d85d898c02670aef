"""Text from the screen becomes the log: a chat, a notice, a mail or an order page is read, shown, decided and saved."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import click
from msgspec import structs

from pddtui.cli.compose import Session, open_session
from pddtui.cli.grammar import agreed, aligned, command, cut_to_width, flag, option
from pddtui.cli.streams import aside, opened_source, read_within
from pddtui.domain.case import FILING_STATES, REPLIES, SUBSTANCES, Case
from pddtui.domain.duetime import END_OF_DAY
from pddtui.domain.fields import CASE
from pddtui.domain.phrases.moment import parse_when
from pddtui.domain.text import decoded, fold, one_line
from pddtui.errors import BadInput, Refused
from pddtui.message import Message, Value, msg, plural
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.inputs import NewCase
from pddtui.services.json_rows import paste_answer
from pddtui.services.pasting.memory import my_names, names_set, remember_names, remembered_names
from pddtui.services.pasting.messages import PastedMessage
from pddtui.services.pasting.proposal import PasteProposal, propose_for
from pddtui.services.pasting.taking import (
    TakenPaste,
    built_of,
    case_of_order,
    groups_of,
    has_something,
    nothing_words,
    page_changes,
    take,
    title_of,
)

__all__ = ["opened_by_paste"]

_MOST_READ = 16 << 20
"""Bytes of a file that is pasted."""

_TEXT_WIDTH = 60


@command(
    "paste",
    msg("Take a chat, a notice, a mail or an order page into the log of a case and print the ids of the contacts."),
    reads=lambda _: True,
)
@click.argument("ref")
@click.argument("source", metavar="[FILE|-]", default="-")
@option("--me", "names", metavar="NAME", multiple=True, words=msg("My name in the chat; may be given several times."))
@option("--channel", metavar="ID", words=msg("The channel of all of it (default: as who speaks says)."))
@option("--at", metavar="WHEN", words=msg("When it was copied, from which “yesterday” counts (default: now)."))
@flag("--keep", words=msg("Also keep the whole text as evidence, without one-time passwords."))
@flag("--dry-run", words=msg("Only show what would happen."))
@flag("--json", "as_json", words=msg("Print JSON, for scripts."))
@flag("--yes", words=msg("Ask nothing: leave out what is not decided."))
@click.pass_context
def paste_command(
    ctx: click.Context,
    *,
    ref: str,
    source: str,
    names: Sequence[str],
    channel: str | None,
    at: str | None,
    keep: bool,
    dry_run: bool,
    as_json: bool,
    yes: bool,
) -> None:
    session = open_session(ctx)
    case = session.casebook.find(ref)
    through = session.handbook.channels.find(channel, field="channel").id if channel is not None else None
    text = _text(session, source)
    proposal = _proposed(session, text, case, names, at=at, channel=through)
    if dry_run:
        _show(session, proposal, as_json=as_json)
        return
    _decide(session, proposal, sure=yes)
    if not has_something(proposal):
        if proposal.undecided and not yes:
            raise Refused(nothing_words(proposal))
        _answer(session, proposal, as_json=as_json)
        session.note(nothing_words(proposal))
        _say_what_differs(session, proposal)
        _say_left(session, proposal)
        return
    folder = EvidenceFolder(session.places.evidence) if keep else None
    taken = take(proposal, session.casebook, text=text, folder=folder)
    _remember(session, proposal, names)
    _answer(session, proposal, as_json=as_json)
    if not as_json:
        for contact in taken.contacts:
            session.results.name(contact.id)
    _say_taken(session, proposal, taken)


def opened_by_paste(
    session: Session, source: str, title: str | None, given: Mapping[str, object], names: Sequence[str], *, sure: bool
) -> Case:
    """Open a case from what the text says, with what was typed in place of it. Raises `Refused` with nothing saved."""
    new = NewCase.of({**given, "title": title or "–"})
    blank = new.build("", "", session.now)
    text = _text(session, source)
    proposal = _proposed(session, text, blank, names, at=None, channel=None)
    new = structs.replace(new, title=title_of(proposal, title, new.product, new.merchant))
    _decide(session, proposal, sure=sure)
    case = session.casebook.open_case(new, built_of(proposal, session.casebook))
    _remember(session, proposal, names)
    session.note(msg("Opened: {title}", title=case.title))
    _say_taken(session, proposal, TakenPaste.of(proposal, case))
    return case


def _remember(session: Session, proposal: PasteProposal, names: Iterable[str]) -> None:
    """Keep what was learnt of my names; one that was given and is not in the text is none."""
    remember_names(session.places, [*filter(proposal.has_name, names), *proposal.me], proposal.not_me)


def _text(session: Session, source: str) -> str:
    if source == "-":
        if sys.stdin.isatty():
            session.note(msg("Paste the text, then end with Ctrl+D on a line of its own."))
        return session.typed.text()
    with opened_source(source, _MOST_READ) as content:
        raw = read_within(content, _MOST_READ)
    try:
        return decoded(raw)
    except UnicodeError as error:
        raise BadInput(msg("{file} is not text in UTF-8, UTF-16 or GB18030; nothing was done.", file=source)) from error


def _proposed(
    session: Session, text: str, case: Case, names: Sequence[str], *, at: str | None, channel: str | None
) -> PasteProposal:
    """The text as it is read; the names that were given go before those that are remembered, if they are in it."""
    seen_at: datetime = parse_when(at, session.now, default=END_OF_DAY) if at is not None else session.now
    if not text.strip():
        raise Refused(msg("There is no text: give a file, or paste it on standard input."))

    def proposed(mine: Iterable[str]) -> PasteProposal:
        return propose_for(text, case, session.casebook, session.handbook, me=mine, seen_at=seen_at, channel=channel)

    mine = (*names, *names_set(session.settings))
    found = proposed(mine) if names else None
    if found is None or not any(map(found.has_name, names)):
        return proposed((*names, *my_names(session.places, session.settings)))
    given = {fold(name).strip() for name in mine}
    there = filter(found.has_name, remembered_names(session.places))
    found.not_me |= {name for name in there if fold(name) not in given}
    return found


# What is asked.


def _decide(session: Session, proposal: PasteProposal, *, sure: bool) -> None:
    """Ask at a terminal for what the text does not say. Raises `Refused` where nobody can be asked, unless `sure`."""
    other = proposal.other_order
    asked = proposal.undecided or (other is not None and has_something(proposal))
    if not asked:
        return
    if sure or not sys.stdin.isatty():
        if not sure:
            raise Refused(_to_be_asked(session, proposal))
        if other is not None:
            proposal.leave_all_out()
        return
    if other is not None and not agreed(session, _other_order(session, proposal, other)):
        raise Refused(msg("Nothing was saved."))
    for name in proposal.names:
        if name in proposal.names:  # until somebody is known to be me
            mine = agreed(session, msg("Is “{name}” you?", name=name))
            proposal.this_is_me(name) if mine else proposal.this_is_them(name)
    _ask_each(session, proposal)


def _ask_each(session: Session, proposal: PasteProposal) -> None:
    """Ask whose each message is that has no name over it."""
    told = False
    for at in range(len(proposal.messages)):
        message = proposal.messages[at]
        if not message.undecided:
            continue
        if not told:
            told = True
            session.note(msg("Whose is it? i: theirs, o: mine, I or O: all from here on; anything else leaves it out."))
        aside(f"{_line(session, message)}  [i/o/I/O] ", nl=False)
        match one_line(sys.stdin.readline()):
            case "i":
                proposal.set_side(at, "in")
            case "o":
                proposal.set_side(at, "out")
            case "I":
                proposal.set_sides_from(at, "in")
            case "O":
                proposal.set_sides_from(at, "out")
            case _:
                proposal.keep(at, kept=False)


def _to_be_asked(session: Session, proposal: PasteProposal) -> Message:
    """What is to be decided, and how; nothing is saved before."""
    other = proposal.other_order
    if other is not None:
        return msg(
            "{question} Nothing was saved: run it at a terminal to be asked, or with --yes to leave it all out.",
            question=_other_order(session, proposal, other),
        )
    undecided = plural(
        "It is not known whose {n} message is, and nothing was saved.",
        "It is not known whose {n} messages are, and nothing was saved.",
        proposal.undecided,
    )
    if proposal.names:
        return msg(
            "{undecided} If you are {names}, say so with --me; --yes leaves out what is not decided.",
            undecided=undecided,
            names=proposal.names,
        )
    return msg(
        "{undecided} Run it at a terminal to be asked, or paste it on the desk; --yes leaves out what is not decided.",
        undecided=undecided,
    )


def _other_order(session: Session, proposal: PasteProposal, other: str) -> Message:
    known, owner = proposal.case.order.number or "", case_of_order(session.casebook.cases(), other)
    if owner is not None:
        return msg(
            "The text names the order {other}, which is that of {owner}; {ref} has {known}. Does it belong here?",
            other=other,
            owner=owner.ref,
            ref=proposal.case.ref,
            known=known,
        )
    return msg(
        "The text names the order {other}, and {ref} has {known}: does it belong here?",
        other=other,
        ref=proposal.case.ref,
        known=known,
    )


# What is said.


def _answer(session: Session, proposal: PasteProposal, *, as_json: bool) -> None:
    if as_json:
        session.print_json(paste_answer(proposal, session.speech.zone))


def _show(session: Session, proposal: PasteProposal, *, as_json: bool) -> None:
    _answer(session, proposal, as_json=as_json)
    if not as_json:
        lines = aligned([_columns(session, proposal, at) for at in range(len(proposal.messages))])
        for line in lines:
            click.echo(line)
        for words in _facts(session, proposal):
            click.echo(session.say(words))
    if proposal.undecided or proposal.other_order is not None:
        session.note(_to_be_asked(session, proposal))
    n = len(groups_of(proposal))
    session.note(plural("{n} contact would be logged.", "{n} contacts would be logged.", n))
    _say_left(session, proposal, decided=False)


def _line(session: Session, message: PastedMessage) -> str:
    said = cut_to_width(one_line(message.said), _TEXT_WIDTH)
    return f"{session.speech.moment(message.at)}  {said}"


def _columns(session: Session, proposal: PasteProposal, at: int) -> tuple[str, ...]:
    message, meaning = proposal.messages[at], proposal.meaning(at)
    heard = meaning.heard
    mark = REPLIES.get(heard.reply) if heard.reply else SUBSTANCES.get(heard.substance) if heard.substance else None
    words: Message | None = mark.word if mark is not None else msg("demand") if meaning.demand else None
    due = next((one.due.at for one in meaning.promises if one.due is not None), None)
    arrow = {"in": "←", "out": "→", None: "?"}[message.direction]
    return (
        "=" if message.there else "+" if message.taken else "-",
        session.speech.moment(message.at),
        arrow,
        " · ".join(session.say(part) for part in message.person.parts) or message.name,
        session.say(words) if words is not None else "",
        session.say(msg("by {due}", due=due)) if due is not None else "",
        cut_to_width(one_line(message.said), _TEXT_WIDTH),
    )


def _facts(session: Session, proposal: PasteProposal) -> Iterator[Message]:
    """What the page says of the order, and what the case has instead."""
    labels = {field.name: field.label for field in CASE}
    for name, there, value in page_changes(proposal):
        label = labels[name] or name
        if there is None:
            yield msg("{field}: {value}", field=label, value=_shown(value))
        else:
            yield _differs(label, there, value)
    notice = proposal.notice
    if notice is not None:
        channel = session.handbook.channels.get(notice.channel)
        yield msg(
            "{field}: {value}",
            field=channel.label if channel is not None else notice.channel,
            value=(FILING_STATES[notice.state].word, *filter(None, [notice.reference])),
        )


def _shown(value: object) -> Value:
    return value if isinstance(value, str | datetime) else str(value)


def _say_taken(session: Session, proposal: PasteProposal, taken: TakenPaste) -> None:
    if taken.contacts:
        session.note(
            msg(
                "Logged in {ref}: {messages} in {contacts}.",
                ref=taken.case.ref,
                messages=plural("{n} message", "{n} messages", taken.messages),
                contacts=plural("{n} contact", "{n} contacts", len(taken.contacts)),
            )
        )
    labels = {field.name: field.label or field.name for field in CASE}
    if taken.changed:
        session.note(msg("Filled in: {fields}", fields=tuple(labels[name] for name in taken.changed)))
    _say_what_differs(session, proposal)
    if proposal.ahead:
        session.note(
            plural(
                "{n} message is dated in the future; `pddtui undo` reverts this.",
                "{n} messages are dated in the future; `pddtui undo` reverts this.",
                proposal.ahead,
            )
        )
    for notice in taken.unfiled:
        channel = session.handbook.channels.get(notice.channel)
        session.note(
            msg(
                "No filing of {ref} fits the notice of {channel}: only the contact was logged. If you filed it, record "
                "that with `pddtui file {ref} {rung} --channel {id}`.",
                ref=taken.case.ref,
                rung=next((rung.id for rung in session.rules.ladder if notice.channel in rung.channels), "RUNG"),
                id=notice.channel,
                channel=channel.label if channel is not None else notice.channel,
            )
        )
    _say_left(session, proposal)


def _say_what_differs(session: Session, proposal: PasteProposal) -> None:
    labels = {field.name: field.label or field.name for field in CASE}
    for name, there, value in page_changes(proposal):
        if there is not None:
            session.note(_differs(labels[name], there, value))


def _differs(label: Value, there: object, value: object) -> Message:
    return msg(
        "{field}: the text says “{value}”, and “{there}” stays; `pddtui edit` changes it.",
        field=label,
        value=_shown(value),
        there=_shown(there),
    )


def _say_left(session: Session, proposal: PasteProposal, *, decided: bool = True) -> None:
    """What was not taken in; before it is `decided` nothing was left out."""
    there = sum(message.there for message in proposal.messages)
    left = sum(one.undecided or not (one.kept or one.there or one.secrets) for one in proposal.messages)
    if there:
        session.note(plural("{n} message was already there.", "{n} messages were already there.", there))
    if left and decided and proposal.left_out_for is None:
        session.note(plural("{n} message was left out: it is not known whose it is.",
                            "{n} messages were left out: it is not known whose they are.", left))  # fmt: skip
    if proposal.secrets:
        session.note(
            plural(
                "{n} one-time password was left out: nobody needs it here.",
                "{n} one-time passwords were left out: nobody needs them here.",
                proposal.secrets,
            )
        )
    if proposal.unread:
        session.note(plural("{n} line was not understood:", "{n} lines were not understood:", len(proposal.unread)))
        for line in proposal.unread[:_MOST_LINES]:
            aside(f"  {cut_to_width(line, _TEXT_WIDTH)}")


_MOST_LINES = 20
