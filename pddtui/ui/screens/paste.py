"""Pasted text, message by message, before any of it is logged: whose each is, what it says, what is there already.

First the text comes in, by a paste or typed; then every message has a line of its own, to be given a side, changed or
left out. Nothing is saved before Ctrl+S, and that saves all of it at once. Gives back what was saved, or None.
"""

from __future__ import annotations

from time import monotonic

from textual import events, on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message as Posted
from textual.widgets import Static

from pddtui.domain.case import FILING_STATES, Case, Direction
from pddtui.domain.text import clean
from pddtui.errors import PddError
from pddtui.message import Message, msg, plural
from pddtui.services.drafts import Drafts, DraftSubject
from pddtui.services.evidence import EvidenceFolder
from pddtui.services.pasting.memory import my_names, remember_names
from pddtui.services.pasting.proposal import PasteProposal, propose_for
from pddtui.services.pasting.taking import (
    TakenPaste,
    case_of_order,
    filing_of,
    has_something,
    nothing_words,
    page_changes,
    take,
)
from pddtui.ui import show, themes
from pddtui.ui.actions import Need
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.forms.confirm import QUESTION_WIDTHS, Confirm, Question
from pddtui.ui.forms.form import Saved, Typed
from pddtui.ui.forms.pasted import PastedForm
from pddtui.ui.show import TextPart, Tone
from pddtui.ui.widgets.fields import ChoiceOption, TextBox
from pddtui.ui.widgets.key_line import KeyLine
from pddtui.ui.widgets.lines import LineList
from pddtui.ui.widgets.pasted_list import PastedList

__all__ = ["PasteScreen", "is_more_than_words"]

_ONE_PASTE = 5.0
"""Seconds within which what comes is a part of the same paste; later it begins a line of its own."""

PASTE_HEIGHTS: list[tuple[int, str]] = [(0, "-low"), (28, "-high")]


def pasted_proposal(context: Context, case: Case, text: str) -> PasteProposal:
    """What the text would become in that case. Raises `BadInput` for one that is too long."""
    mine = my_names(context.places, context.settings)
    return propose_for(text, case, context.casebook, context.handbook, me=mine)


def is_more_than_words(context: Context, case: Case, text: str) -> bool:
    """Whether the text is a chat, a notice, a mail or an order page, and not what one contact said."""
    try:
        found = pasted_proposal(context, case, clean(text))
    except PddError:
        return False
    return found.kind in ("order", "mail") or found.notice is not None or len(found.messages) > 1


class PasteBox(TextBox):
    """Takes a paste as a whole, in place of what was left behind there: it is read at once."""

    left_behind = ""

    class Given(Posted):
        """A text was pasted into the empty box."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def on_paste(self, event: events.Paste) -> None:
        """Before `TextArea` puts it in, unless it is kept from that."""
        if not self.text.strip() or self.text == self.left_behind:
            event.stop()
            event.prevent_default()
            self.post_message(self.Given(event.text))


class PasteScreen(ActionScreen[Saved | None]):
    CSS_PATH = themes.OTHER_SHEETS
    PLACE = "paste"
    HORIZONTAL_BREAKPOINTS = QUESTION_WIDTHS
    VERTICAL_BREAKPOINTS = PASTE_HEIGHTS
    AUTO_FOCUS = ""

    def __init__(self, context: Context, case: Case, text: str = "") -> None:
        """With a `text` that one is shown at once, as when it was pasted elsewhere."""
        super().__init__()
        self.context = context
        self.speech = context.speech
        self._case = case
        self._text = text
        self._proposal: PasteProposal | None = None
        self._draft = Typed(Drafts(context.places.drafts).open(DraftSubject(form="paste", case=case.id)))
        self._came = 0.0
        """When the text came, or the last of it."""
        self._touched = False
        self._keeps = False
        self._saving = False
        self._title = Static(id="paste-title")
        self._box = PasteBox(id="paste-text", placeholder=self.speech("Paste here what you copied."))
        self._list = PastedList(self.speech, id="paste-list")
        self._facts = Static(id="paste-facts")
        self._detail = Static(id="paste-detail")
        self._trouble = Static(id="paste-trouble")

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._facts
        yield self._box
        yield self._list
        yield self._detail
        yield self._trouble
        yield KeyLine(self.context, rows=3)

    def on_mount(self) -> None:
        self._show_stage()
        if self._text:
            self._read(self._text)
        else:
            self.run_worker(self._offer_draft(), group="draft")

    def on_unmount(self) -> None:
        text = self._text or self._box.text
        self._draft.end_now({"text": text} if text.strip() else None, self.context.casebook.now())

    async def _offer_draft(self) -> None:
        """Put back what was pasted when the program ended under it."""
        draft = await self._draft.offered()
        if draft is None or self._box.text.strip() or self._proposal is not None:
            return
        await self._draft.take(draft)
        self._box.value = self._box.left_behind = draft.values.get("text", "")
        words = self.speech(
            "The text from {moment} was not taken in: Ctrl+S reads it, a paste replaces it.", moment=draft.at
        )
        self._facts.update(show.plain(f"✎ {words}", Tone.AMBER))

    async def _close(self, saved: Saved | None) -> None:
        await self._draft.end(dropped=True)
        self.dismiss(saved)

    def _show_stage(self) -> None:
        """The text while nothing was read of it, then the messages."""
        reading = self._proposal is not None
        self._box.display = not reading
        for widget in (self._list, self._detail, self._facts):
            widget.display = reading
        if not reading:
            words = self.speech(
                "A chat, a text message, a mail or an order page: paste it, or type it and press Ctrl+S."
            )
            self._facts.update(show.plain(words, Tone.QUIET))
            self._facts.display = True
        self._show_title()
        (self._list if reading else self._box).focus()
        self.refresh_bindings()

    def _show_title(self) -> None:
        case, speech = self._case, self.speech
        parts: list[TextPart | Content] = [
            (speech("Paste"), Tone.ACCENT), (case.title, Tone.STRONG), (case.ref, Tone.QUIET),
        ]  # fmt: skip
        self._title.update(show.join("  ", parts))

    # The text.

    @on(PasteBox.Given)
    def _given(self, event: PasteBox.Given) -> None:
        self._read(event.text)

    @on(events.Paste)
    def _more(self, event: events.Paste) -> None:
        """What is pasted over the messages goes on with them: a terminal hands a long text over in parts."""
        event.stop()
        if self._touched:
            self._say_trouble(msg("You have changed some of it: save it first, or leave, and then paste the rest."))
        else:
            another = monotonic() - self._came > _ONE_PASTE and not self._text.endswith("\n")
            self._read("\n".join([self._text, event.text]) if another else f"{self._text}{event.text}")

    @work(exclusive=True, group="read")
    async def _read(self, text: str) -> None:
        self._text = plain = clean(text)
        self._came = monotonic()
        if not plain.strip():
            self._say_trouble(Need.PASTED.value)
            return
        case = self._case
        try:
            found = await self.context.clerk.do(lambda: pasted_proposal(self.context, case, plain))
        except PddError as error:
            self._say_trouble(error.message)
            return
        self._say_trouble("")
        self._proposal, self._touched = found, False
        try:
            await self._draft.keep({"text": plain}, self.context.casebook.now())
        except PddError as error:
            self._say_trouble(error.message)
        self._show_rows()
        self._show_stage()

    # The messages.

    def _show_rows(self) -> None:
        found = self._proposal
        if found is None:
            return
        self._list.show_paste(found)
        self._show_facts(found)
        self._show_detail()
        self.refresh_bindings()

    def _show_facts(self, found: PasteProposal) -> None:
        """How much of it is new, undecided, there, and what else it says."""
        speech, messages = self.speech, found.messages
        undecided, secrets = found.undecided, found.secrets
        taken, there = sum(one.taken for one in messages), sum(one.there for one in messages)
        left = sum(not one.kept for one in messages)
        facts = sum(there is None for _, there, _ in page_changes(found))
        parts: list[TextPart | Content] = []
        counts: tuple[tuple[int, str, Tone], ...] = (
            (undecided, speech("? {n}: mine or theirs", n=undecided), Tone.AMBER),
            (taken, speech("{n} to log", n=taken), Tone.STRONG),
            (there, speech("{n} already there", n=there), Tone.QUIET),
            (left, speech("{n} left out", n=left), Tone.QUIET),
            (facts, speech("{n} facts to fill in", n=facts), Tone.STRONG),
            (found.ahead, speech("! {n} dated in the future", n=found.ahead), Tone.AMBER),
            (secrets, speech("{n} with a one-time password, which is blotted out", n=secrets), Tone.AMBER),
        )
        parts += [(words, tone) for n, words, tone in counts if n]
        channel = self.context.handbook.channels.get(found.channel)
        if channel is not None:
            parts.append((speech.say(channel.label), Tone.QUIET))
        elif found.homeless:
            parts.append((speech("? where it was said"), Tone.AMBER))
        if self._keeps:
            parts.append((speech("the text is kept as evidence"), Tone.GOOD))
        lines = [show.join((" · ", Tone.FAINT), parts)]
        if found.other_order is not None:
            wrong = speech(
                "The text names the order {other}, and this case has {known}.",
                other=found.other_order,
                known=found.case.order.number or "",
            )
            owner = case_of_order(self.context.casebook.cases(), found.other_order)
            owned = speech(" {owner} has that order.", owner=owner.ref) if owner is not None else ""
            lines.append(show.plain(f"! {wrong}{owned}", Tone.AMBER))
        notice = found.notice
        if notice is not None:
            channel = self.context.handbook.channels.get(notice.channel)
            name = speech.say(channel.label) if channel is not None else notice.channel
            state = FILING_STATES[notice.state]
            news: list[TextPart | Content] = [
                name,
                show.mark_words(state, speech),
                (notice.reference or "", Tone.QUIET),
            ]
            if filing_of(self._case, notice) is None:
                news.append((speech("no such filing is recorded: only the contact is logged"), Tone.AMBER))
            lines.append(show.join((" · ", Tone.FAINT), news))
        self._facts.update(Content("\n").join(lines))

    def _show_detail(self) -> None:
        """All of the message under the cursor, and how it was read."""
        at, found = self._list.place, self._proposal
        if found is None or at is None:
            self._detail.update(show.plain(""))
            return
        message, speech = found.messages[at], self.speech
        meaning = found.meaning(at)
        channel = self.context.handbook.channels.get(message.channel)
        head: list[TextPart | Content] = [
            (speech.moment(message.at), Tone.QUIET),
            (message.name, Tone.QUIET),
            (speech.say(channel.label) if channel is not None else "", Tone.QUIET),
        ]
        if message.there:
            head.append((speech("already there"), Tone.QUIET))
        promised = [
            show.line((speech("promise") + " ", Tone.STRONG), one.text, (f"  {speech.render(one.due.at)}", Tone.STRONG))
            for one in meaning.promises
            if one.due is not None
        ]
        lines = [show.join((" · ", Tone.FAINT), head), *promised, show.plain(message.said)]
        self._detail.update(Content("\n").join(lines))

    @on(LineList.Highlighted)
    def _led(self) -> None:
        self._show_detail()
        self.refresh_bindings()

    @on(LineList.Opened)
    def _opened(self) -> None:
        if self._list.place is not None:
            self.action_change()

    def met(self, need: Need) -> bool:
        match need:
            case Need.PASTED:
                return self._proposal is not None
            case Need.PASTED_MESSAGE:
                return self._list.place is not None
            case Need.PASTED_NAME:
                found, at = self._proposal, self._list.place
                return found is not None and at is not None and bool(found.messages[at].name)
        return True

    # Decisions.

    def _decided(self) -> None:
        self._touched = True
        self._show_rows()

    def action_side(self, side: str) -> None:
        found, at = self._proposal, self._list.place
        if found is None or at is None:
            return
        direction: Direction = "out" if side == "out" else "in"
        message = found.messages[at]
        alike = [
            place for place, one in enumerate(found.messages) if one.name == message.name and one.name and one.undecided
        ]
        for place in alike if message.undecided and alike else [at]:
            found.set_side(place, direction)
        self._decided()

    def action_flip(self) -> None:
        if self._proposal is not None and self._list.place is not None:
            self._proposal.flip(self._list.place, onwards=True)
            self._decided()

    def action_me(self) -> None:
        found, at = self._proposal, self._list.place
        if found is not None and at is not None and found.messages[at].name:
            found.this_is_me(found.messages[at].name)
            self._decided()

    def action_leave(self) -> None:
        found, at = self._proposal, self._list.place
        if found is not None and at is not None:
            found.keep(at, kept=found.messages[at].there or not found.messages[at].kept)
            self._decided()
            self._list.action_move(1)

    @work(exclusive=True, group="channel")
    async def action_channel(self) -> None:
        found, speech = self._proposal, self.speech
        if found is None:
            return
        spoken = [each for each in self.context.handbook.channels if each.kind == "private" and not each.display_only]
        known = self.context.handbook.channels.get(found.channel)
        offered = {each.key: each for each in (*([known] if known is not None else []), *spoken)}
        answers = [ChoiceOption("", speech("Change nothing"))]
        answers += [ChoiceOption(key, speech.say(each.label)) for key, each in offered.items()]
        chosen = await self.app.push_screen_wait(Question(speech("Where was it said?"), answers, safe=""))
        if chosen:
            found.set_channel(chosen)
            self._decided()

    def action_keep(self) -> None:
        self._keeps = not self._keeps
        if self._proposal is not None:
            self._show_facts(self._proposal)

    @work(exclusive=True, group="change")
    async def action_change(self) -> None:
        found, at = self._proposal, self._list.place
        if found is None or at is None:
            return
        before = found.messages[at]
        form = PastedForm(self.context, self._case, before, found.meaning(at))
        if await self.app.push_screen_wait(form) is None:
            return
        changed = form.changed_to
        found.put(at, changed)
        if changed.channel is not None and changed.channel != before.channel:  # a chat has one channel
            found.set_channel(changed.channel, before.channel)
        self._decided()

    # The end.

    def action_save(self) -> None:
        if self._saving:
            return
        if self._proposal is None:
            self._read(self._box.text)
            return
        self._saving = True
        self.run_worker(self._save(self._proposal), group="save")

    async def _save(self, found: PasteProposal) -> None:
        try:
            saved = await self._save_surely(found)
        except PddError as error:
            self._say_trouble(error.message)
            return
        finally:
            self._saving = False
        if saved is not None:
            self._saving = True
            await self._close(saved)

    async def _save_surely(self, found: PasteProposal) -> Saved | None:
        speech = self.speech
        if not has_something(found):
            self._say_trouble(nothing_words(found))
            return None
        if found.other_order is not None:
            question = speech("The text names the order {other}: does it belong to {ref}?",
                              other=found.other_order, ref=self._case.ref)  # fmt: skip
            if not await self.app.push_screen_wait(
                Confirm(question, yes=speech("It belongs here"), no=speech("Go back"))
            ):
                return None
        if found.undecided:
            question = speech.say(
                plural(
                    "Nobody knows whose {n} message is. Leave it out?",
                    "Nobody knows whose {n} messages are. Leave them out?",
                    found.undecided,
                )
            )
            if not await self.app.push_screen_wait(Confirm(question, yes=speech("Leave out"), no=speech("Go back"))):
                return None
        context, text = self.context, self._text
        folder = EvidenceFolder(context.places.evidence) if self._keeps else None
        taken = await context.clerk.do(lambda: take(found, context.casebook, text=text, folder=folder))
        await context.clerk.do(lambda: remember_names(context.places, found.me, found.not_me))
        return Saved(case_id=taken.case.id, thing=_newest(taken), message=self._what_came(taken))

    def _what_came(self, taken: TakenPaste) -> str:
        speech = self.speech
        if not taken.contacts:
            return speech("Facts filled in: {ref}.", ref=taken.case.ref)
        return speech(
            "Logged in {ref}: {messages} in {contacts}.",
            ref=taken.case.ref,
            messages=plural("{n} message", "{n} messages", taken.messages),
            contacts=plural("{n} contact", "{n} contacts", len(taken.contacts)),
        )

    def _say_trouble(self, words: Message | str) -> None:
        sentence = self.speech.say(words)
        self._trouble.update(show.plain(f"✗ {sentence}" if sentence else "", Tone.RED))
        self._trouble.display = bool(sentence)

    def action_back(self) -> None:
        if not self._saving:
            self.run_worker(self._leave(), group="leave", exclusive=True)

    async def _leave(self) -> None:
        speech = self.speech
        changed = self._touched if self._proposal is not None else bool(self._box.text.strip())
        if changed and not await self.app.push_screen_wait(
            Confirm(speech("Leave without taking anything in?"), yes=speech("Leave"), no=speech("Stay"))
        ):
            return
        await self._close(None)

    def take_in(self, changed: frozenset[str]) -> None:
        """Another window changed the case: what is there already may be more."""
        case = self.context.casebook.store.cases().get(self._case.id)
        if case is not None and case.id in changed and self._proposal is not None:
            self._case = case
            self._proposal = self._proposal.seen_in(case)
            self._show_rows()


def _newest(taken: TakenPaste) -> str | None:
    return taken.contacts[-1].id if taken.contacts else None
