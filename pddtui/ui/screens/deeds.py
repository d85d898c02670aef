"""What the keys do to cases: each deed takes the selection, asks what it must, saves, and reports.

The desk and the case page have the same deeds. A deed returns what to say afterwards, or None when
the person thought better of it; what the store refuses is raised for the screen to show.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from msgspec import Struct
from textual.app import ReturnType
from textual.screen import Screen

from pddtui.domain.case import PROMISE_STATES, Case, Clash, Contact, Evidence, Promise, PromiseState
from pddtui.domain.history import Change
from pddtui.domain.table import Act
from pddtui.domain.threads import Thread
from pddtui.errors import CannotWrite, Refused
from pddtui.message import Message, msg, plural
from pddtui.services.clashes import clash_place, side_words
from pddtui.services.inputs import newest_filing
from pddtui.services.undoing import Undone
from pddtui.services.words import action
from pddtui.ui.actions import BY_ID
from pddtui.ui.bindings import ActionScreen
from pddtui.ui.context import Context
from pddtui.ui.forms.brief import BriefScreen
from pddtui.ui.forms.capture import CaptureLine
from pddtui.ui.forms.case import CaseForm
from pddtui.ui.forms.confirm import Confirm, Question
from pddtui.ui.forms.contact import ContactForm
from pddtui.ui.forms.contact_fields import Saying
from pddtui.ui.forms.evidence import EvidenceForm
from pddtui.ui.forms.filing import FilingForm, FilingStateForm, MilestoneForm, ResolveForm
from pddtui.ui.forms.follow_up import FollowUpForm, SnoozeForm
from pddtui.ui.forms.form import Saved
from pddtui.ui.forms.promise import PromiseForm
from pddtui.ui.forms.tags import TagsForm
from pddtui.ui.screens.export import ExportScreen
from pddtui.ui.screens.letter import LetterScreen
from pddtui.ui.selection import Selection, record_text, why_not
from pddtui.ui.widgets.fields import ChoiceOption

__all__ = ["CaseActions"]


_SETTLED: Mapping[PromiseState, Message] = {
    "kept": msg("Kept"),
    "broken": msg("Broken"),
    "replaced": msg("Replaced by a new promise"),
    "waived": msg("Waived"),
    "open": msg("Open again"),
}
"""What may have become of a promise, as it is asked."""


def _act(on: Selection, action_id: str) -> Act | None:
    """The act under the cursor, where this action does it."""
    step = on.step_of(action_id)
    return step.act if step is not None else None


def _saying(on: Selection) -> Saying | None:
    """What the act under the cursor has me say to whom."""
    act = _act(on, "log.contact")
    return Saying(on.channel, demand=act.deed == "tell") if act is not None else None


def _thread_of(on: Selection) -> Thread | None:
    """The thread that the chosen line of what is due is about; none where the case alone is chosen."""
    if on.thread is not None:
        return on.thread
    return on.flag.situation.thread if on.flag is not None and not on.flags else None


class Done(Struct, frozen=True, kw_only=True):
    """A deed that was done."""

    case_id: str | None
    """The case to show afterwards."""
    thing: str | None = None
    message: str


class CaseActions:
    """The deeds of one screen, which lends its place for forms and questions."""

    def __init__(self, context: Context, screen: ActionScreen[ReturnType]) -> None:
        self._context = context
        self._screen = screen
        self._anywhere: dict[str, Callable[[Selection | None], Awaitable[Done | None]]] = {
            "case.new": lambda _: self._form(CaseForm(context, None)),
            "program.export": self._export,
            "program.undo": self._undo,
            "program.redo": lambda _: self._redo(),
        }
        self._on_a_case: dict[str, Callable[[Selection], Awaitable[Done | None]]] = {
            "case.edit": self._edit,
            "case.tags": lambda on: self._form(TagsForm(context, on.case, marked=on.marked)),
            "case.escalate": lambda on: self._form(FilingForm(context, on.case, act=_act(on, "case.escalate"))),
            "case.filing": self._decide,
            "case.evidence": self._evidence,
            "case.letter": self._letter,
            "case.resolve": self._resolve,
            "case.trash": self._delete,
            "log.contact": self._log,
            "log.line": lambda on: self._form(CaptureLine(context, on.case)),
            "log.paste": self._paste,
            "log.brief": self._brief,
            "log.call": lambda on: self._form(ContactForm(context, on.case, call=True, channel=on.channel)),
            "log.promise-broken": self._promise_broken,
            "due.follow-up": lambda on: self._form(FollowUpForm(context, on.case)),
            "due.settle": self._settle,
            "due.snooze": self._snooze,
            "page.milestone": self._milestone,
            "program.copy": self._copy,
        }

    @property
    def ids(self) -> frozenset[str]:
        """The actions that are done here."""
        return frozenset(self._anywhere) | frozenset(self._on_a_case)

    async def do(self, action_id: str, on: Selection | None) -> Done | None:
        """Do it. Raises the errors of `pddtui.errors`; `CannotWrite` at once where the file is read-only."""
        action = BY_ID[action_id]
        read_only = self._context.casebook.store.read_only
        if read_only is not None and not action.reads_only:
            raise CannotWrite(read_only)
        if (reason := why_not(action, on)) is not None:  # the screen was asked before; the case may be gone since
            raise Refused(reason)
        if (act := self._anywhere.get(action_id)) is not None:
            return await act(on)
        return await self._on_a_case[action_id](on) if on is not None else None

    async def _clerk(self, work: Callable[[], ReturnType]) -> ReturnType:
        return await self._context.clerk.do(work)

    async def _form(self, form: Screen[Saved | None]) -> Done | None:
        saved = await self._screen.app.push_screen_wait(form)
        return Done(case_id=saved.case_id, thing=saved.thing, message=saved.message) if saved is not None else None

    async def _log(self, on: Selection) -> Done | None:
        saying = _saying(on)
        if saying is None and self._context.settings.log_with == "line":
            return await self._form(CaptureLine(self._context, on.case))
        return await self._form(ContactForm(self._context, on.case, saying=saying))

    async def _paste(self, on: Selection) -> Done | None:
        from pddtui.ui.screens.paste import PasteScreen  # with all that reads pasted texts

        return await self._form(PasteScreen(self._context, on.case))

    async def _brief(self, on: Selection) -> Done | None:
        """What to know before one speaks with them; a call may begin from there."""
        casebook = self._context.casebook
        if casebook.store.cases().get(on.case.id) is None:
            return None
        channel = await self._screen.app.push_screen_wait(BriefScreen(self._context, on.case.id, first=_thread_of(on)))
        if channel is None:
            return None
        if casebook.store.read_only is not None:
            raise CannotWrite(casebook.store.read_only)
        return await self._form(ContactForm(self._context, on.case, call=True, channel=channel or None))

    async def _edit(self, on: Selection) -> Done | None:
        if on.flags:
            return await self._form(CaseForm(self._context, on.case))
        if on.promise is not None and on.contact is not None:
            return await self._form(PromiseForm(self._context, on.case, on.contact, on.promise))
        if on.contact is not None:
            return await self._form(ContactForm(self._context, on.case, contact=on.contact))
        if on.evidence is not None:
            return await self._form(EvidenceForm(self._context, on.case, record=on.evidence))
        return await self._form(CaseForm(self._context, on.case))

    async def _evidence(self, on: Selection) -> Done | None:
        act = _act(on, "case.evidence")
        kind = next(iter(act.evidence), None) if act is not None else None
        return await self._form(EvidenceForm(self._context, on.case, contact=on.chosen_contact, kind=kind))

    async def _letter(self, on: Selection) -> Done | None:
        act = _act(on, "case.letter")
        return await self._form(LetterScreen(self._context, on.case, kind=act.letter if act is not None else None))

    async def _milestone(self, on: Selection) -> Done | None:
        act = _act(on, "page.milestone")
        return await self._form(MilestoneForm(self._context, on.case, event=act.event if act is not None else None))

    async def _decide(self, on: Selection) -> Done | None:
        filing = on.filing or (on.asked_in if on.step_of("case.filing") is not None else None) or newest_filing(on.case)
        return await self._form(FilingStateForm(self._context, on.case, filing)) if filing is not None else None

    async def _resolve(self, on: Selection) -> Done | None:
        if on.case.status == "open":
            return await self._form(ResolveForm(self._context, on.case))
        speech = self._context.speech
        question = speech("Reopen {ref} “{title}”?", ref=on.case.ref, title=on.case.title)
        sure = await self._screen.app.push_screen_wait(
            Confirm(question, yes=speech("Reopen"), no=speech("No, leave it closed"))
        )
        if not sure:
            return None
        saved = await self._clerk(lambda: self._context.casebook.reopen(on.case.id))
        return self._done(saved, None, msg("{ref} is open again.", ref=saved.ref))

    async def _delete(self, on: Selection) -> Done | None:
        return await self._remove(on.case, on.evidence) if on.evidence is not None else await self._trash(on)

    async def _remove(self, case: Case, record: Evidence) -> Done | None:
        """Take a piece of evidence out of the case."""
        speech, kind = self._context.speech, self._context.handbook.evidence_types.get(record.kind)
        name = record.original_name or record.place or record.proves or (kind.label if kind is not None else "")
        sure = Confirm(
            speech("Remove the evidence “{name}” from {ref}?", name=name, ref=case.ref),
            yes=speech("Remove"),
            no=speech("Keep"),
            detail=speech("Its file stays in the evidence folder.") if record.file is not None else "",
        )
        if not await self._screen.app.push_screen_wait(sure):
            return None
        saved = await self._clerk(lambda: self._context.casebook.remove_evidence(case.id, record.id))
        gone = msg("“{name}” is no longer evidence of {ref}; press u to undo.", name=name, ref=case.ref)
        return self._done(saved, None, gone)

    async def _trash(self, on: Selection) -> Done | None:
        if len(on.marked) > 1:
            return await self._trash_all(on.marked)
        speech, case = self._context.speech, on.marked[0] if on.marked else on.case
        question = speech("Move {ref} “{title}” to the trash?", ref=case.ref, title=case.title)
        sure = await self._screen.app.push_screen_wait(Confirm(question, yes=speech("Delete"), no=speech("Keep")))
        if not sure:
            return None
        await self._clerk(lambda: self._context.casebook.trash(case.id))
        return Done(case_id=None, message=speech("{ref} is in the trash; press u to undo.", ref=case.ref))

    async def _trash_all(self, cases: Sequence[Case]) -> Done | None:
        """Put the marked cases into the trash, in one save."""
        speech, refs = self._context.speech, tuple(case.ref for case in cases)
        question = speech("Move {n} cases to the trash?", n=len(cases))
        sure = Confirm(question, yes=speech("Delete"), no=speech("Keep"), detail=speech.render(refs))
        if not await self._screen.app.push_screen_wait(sure):
            return None
        gone = await self._clerk(lambda: self._context.casebook.trash_all(case.id for case in cases))
        words = plural(
            "{n} case is in the trash; press T to see it.",
            "{n} cases are in the trash; press T to see them.",
            len(gone),
        )
        return Done(case_id=None, message=speech.say(words))

    async def _promise_broken(self, on: Selection) -> Done | None:
        promise, speech = on.promise, self._context.speech
        if promise is None or not await self._meant(on, speech("Was it broken?"), promise.text):
            return None
        saved = await self._clerk(lambda: self._context.casebook.settle_promise(on.case.id, promise.id, "broken"))
        return self._done(saved, promise.id, msg("Recorded as broken: {text}", text=promise.text))

    async def _settle(self, on: Selection) -> Done | None:
        casebook, promise, task = self._context.casebook, on.promise, on.task
        if promise is not None and on.contact is not None:
            return await self._settle_promise(on.case, on.contact, promise)
        if task is not None:
            if not await self._meant(on, self._context.speech("Is it done?"), task.text):
                return None
            saved = await self._clerk(lambda: casebook.settle_follow_up(on.case.id, task.id, "done"))
            return self._done(saved, task.id, msg("Done: {text}", text=task.text))
        if on.clash is not None:
            return await self._settle_clash(on.case, on.clash)
        if on.thread is not None:
            thread = on.thread.id
            saved = await self._clerk(lambda: casebook.look(on.case.id, thread))
            return self._done(saved, thread, msg("Noted in {ref}: looked, nothing new.", ref=saved.ref))
        if on.verify:
            saved = await self._clerk(lambda: casebook.verify(on.case.id))
            return self._done(saved, None, msg("The money has arrived. {ref} is closed for good.", ref=saved.ref))
        return None

    async def _settle_clash(self, case: Case, clash: Clash) -> Done | None:
        """Ask which side holds. What is shown stays unless another is chosen."""
        speech, context = self._context.speech, self._context
        answers = [ChoiceOption("", speech("Change nothing"))]
        answers += [
            ChoiceOption(str(n), speech.render(side_words(clash, side, case, context.handbook)))
            for n, side in enumerate(clash.sides)
        ]
        place = speech.render(clash_place(clash, case, context.handbook))
        question = Question(speech("Two machines disagree: which one holds?"), answers, safe="", detail=place)
        answer = await self._screen.app.push_screen_wait(question)
        if not answer:
            return None
        saved = await self._clerk(lambda: context.casebook.settle_clash(case.id, clash.id, int(answer)))
        return self._done(saved, None, msg("Settled in {ref}: {title}", ref=saved.ref, title=saved.title))

    async def _settle_promise(self, case: Case, contact: Contact, promise: Promise) -> Done | None:
        """Ask what became of it. Nothing is settled by the key that asked: it is pressed twice before one knows."""
        speech, casebook = self._context.speech, self._context.casebook
        states: list[PromiseState] = [
            state
            for state in ("kept", "broken", "replaced", "waived", "open")
            if state != promise.state and (state != "replaced" or promise.state == "open")
        ]
        answers = [ChoiceOption("", speech("Leave it as it is"))]
        answers += [ChoiceOption(state, speech.say(_SETTLED[state])) for state in states]
        who = contact.person.called or msg("they")
        said = speech("{who}: {text}", who=who, text=promise.text)
        due = speech("Due {due}.", due=promise.due) if promise.due is not None else ""
        question = Question(
            speech("What became of this promise?"),
            answers,
            safe="",
            detail=f"{said}\n{due}" if due else said,
        )
        answer = await self._screen.app.push_screen_wait(question)
        state = next((known for known in states if known == answer), None)
        if state is None:
            return None
        if state == "replaced":
            return await self._form(PromiseForm(self._context, case, contact, promise, state="replaced"))
        saved = await self._clerk(lambda: casebook.settle_promise(case.id, promise.id, state))
        word = PROMISE_STATES[state].word
        return self._done(saved, promise.id, msg("Recorded as {state}: {text}", state=word, text=promise.text))

    async def _meant(self, on: Selection, question: str, words: str) -> bool:
        """Whether the thing was meant. It is asked where only the case is chosen, and what it is about shown."""
        if not on.flags:
            return True
        speech = self._context.speech
        sure = Confirm(question, yes=speech("Yes, record it"), no=speech("No, do not record it"), detail=words)
        return await self._screen.app.push_screen_wait(sure)

    async def _snooze(self, on: Selection) -> Done | None:
        return await self._form(SnoozeForm(self._context, on.case, on.task)) if on.task is not None else None

    async def _copy(self, on: Selection) -> Done | None:
        self._screen.app.copy_to_clipboard(record_text(on, self._context.speech))
        return None

    async def _export(self, on: Selection | None) -> Done | None:
        """Let this case or all of them out. Nothing in a case is changed by it."""
        case = on.case if on is not None else None
        marked = on.marked if on is not None else ()
        shown = marked[0] if marked else case
        saved = await self._screen.app.push_screen_wait(ExportScreen(self._context, shown, marked=marked))
        return Done(case_id=case.id if case is not None else None, message=saved.message) if saved is not None else None

    async def _undo(self, on: Selection | None) -> Done | None:
        """Take back the newest save of this machine; on a line of the history it is asked whether that one is meant."""
        casebook, change = self._context.casebook, on.change if on is not None else None
        if change is None:
            undone = await self._clerk(casebook.undo)
        elif (wanted := await self._which_to_undo(change)) is None:
            return None
        else:
            undone = await self._clerk(lambda: casebook.undo(change.id if wanted == "this" else None))
        return self._turned(undone, msg("Undone: {what} in {refs}.", what=_what(undone), refs=_refs(undone)))

    async def _which_to_undo(self, change: Change) -> str | None:
        speech = self._context.speech
        this = speech("This change: {what}, {at}", what=action(change), at=change.at)
        answers = [
            ChoiceOption("", speech("Change nothing")),
            ChoiceOption("this", this),
            ChoiceOption("last", speech("The latest save of this machine")),
        ]
        question = Question(speech("Undo which one?"), answers, safe="")
        return await self._screen.app.push_screen_wait(question) or None

    async def _redo(self) -> Done:
        redone = await self._clerk(self._context.casebook.redo)
        return self._turned(redone, msg("Redone: {what} in {refs}.", what=_what(redone), refs=_refs(redone)))

    def _turned(self, changes: Sequence[Undone], message: Message) -> Done:
        return self._done(changes[0].case, None, message)

    def _done(self, case: Case, thing: str | None, message: Message) -> Done:
        return Done(case_id=case.id, thing=thing, message=self._context.speech.say(message))


def _what(changes: Sequence[Undone]) -> tuple[Message, ...]:
    words: list[Message] = []
    for each in changes:
        if (word := action(each.change)) not in words:
            words.append(word)
    return tuple(words)


def _refs(changes: Sequence[Undone]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.case.ref for each in changes))
