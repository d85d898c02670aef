"""Everything that a key does, each thing once: its id, keys, word and tip, where it works, what it needs, what it runs.

Bindings, key line, help, palette, the README's table and the settings for other keys are made from this table. Words
are shown on the key line, tips in help and palette; whoever shows them says them in the language of the person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Literal, get_args

from msgspec import Struct

from pddtui.domain.table import Deed
from pddtui.message import Message, msg

__all__ = [
    "ACTIONS",
    "ACTION_GROUPS",
    "BY_ID",
    "DEED_ACTIONS",
    "SECTIONS",
    "TOGETHER",
    "Action",
    "Need",
    "Place",
    "of_place",
    "rank_of",
]

Group = Literal["case", "log", "due", "view", "program", "move"]

ACTION_GROUPS: dict[Group, Message] = {
    "case": msg("Case"),
    "log": msg("Contact log"),
    "due": msg("What is due"),
    "view": msg("View"),
    "program": msg("Program"),
    "move": msg("Moving around"),
}
"""The parts of the help screen, in their order."""

_Screen = Literal[
    "desk", "case", "agenda", "handbook", "insights", "why", "help", "palette", "trash", "trouble", "settings",
    "paste", "form", "contact", "line", "letter", "plain", "question", "sentence", "brief",
]  # fmt: skip
_Widget = Literal["list", "contents", "reading", "month", "timeline", "choice", "answers", "text"]
Place = _Screen | _Widget
"""A screen, or a widget in several of them. A contact form is a form that can do more."""

TOGETHER: tuple[tuple[Place, ...], ...] = (
    ("desk", "list"),
    ("case", "list", "timeline"),
    ("agenda", "month"),
    ("agenda", "list"),
    ("handbook", "contents", "list"),
    ("insights", "reading"),
    ("why", "reading"),
    ("help", "list"),
    ("palette",),
    ("trash", "list"),
    ("settings", "list"),
    ("paste", "list"),
    ("paste", "text"),
    ("trouble", "reading"),
    ("form", "contact", "choice"),
    ("form", "contact", "text"),
    ("line",),
    ("letter", "choice"),
    ("letter", "text"),
    ("brief", "reading"),
    ("plain", "reading"),
    ("question", "answers"),
    ("sentence",),
)
"""The places that have the keys at one time: two actions of one line of this cannot have the same key."""


class Need(Enum):
    """What an action acts on. The value is what its key says while there is none."""

    CASE = msg("There is no case here: press n to open one.")
    SETTLEABLE = msg("There is nothing to settle here: choose a promise or a follow-up, or what is to be looked at.")
    PROMISE = msg("There is no promise here: choose one in the contact log or in Due.")
    FOLLOW_UP = msg("Only a follow-up can be put off: choose one in Due.")
    FILING = msg("The case is not filed yet: press E to file it.")
    DELETED_CASE = msg("The trash is empty.")
    STEP = msg("There is no step here: open the handbook from a case and choose a step of a playbook.")
    DRAFT = msg("No unsaved text is waiting here.")
    ROOM_FOR_PROMISE = msg("This form cannot take another promise.")
    CALL = msg("No call is running here: press C in a case to begin one.")
    ADDRESSEE = msg("There is nobody else here to speak with.")
    LETTER = msg("There is no letter here yet.")
    MASK = msg("Nothing is masked in this letter: this is the full text.")
    MASKED_PIECE = msg("Nothing is hidden in this letter.")
    FILTER = msg("There is nothing to clear here; q quits.")
    TOUR = msg("The tour is not on: type “tour” in the palette (:).")
    PASTED = msg("Nothing is pasted yet: paste the text first.")
    PASTED_MESSAGE = msg("There is no message here: choose one.")
    PASTED_NAME = msg("No name stands over this message.")
    RECOVERY = msg("There is nothing to recover from.")
    BACKUP = msg("There is no backup that can be opened.")


LAST = 8
"""The rank of an action that has none of its own; only what is one screen's business gives way before it."""


class Action(Struct, frozen=True):
    """One thing that a person can do with a key. It means the same in every place where it works."""

    id: str
    """Stable; the settings name it to give it another key. An action without `runs` is a deed of that name."""
    keys: str
    """Textual's key names, separated by commas; the first one is shown."""
    word: Message
    """One word or two, for the key line."""
    tip: Message
    """A sentence, for help and palette."""
    group: Group
    places: tuple[Place, ...]
    """Where it works."""
    runs: str = ""
    """The method `action_…` of the place, as Textual calls it; without one, `pddtui.ui.screens.deeds` does it."""
    needs: Need | None = None
    """What must be there for it; None when it can always be done."""
    shown: bool = False
    """Whether it is on the key line."""
    rank: int = LAST
    """On a key line too short for all, an action of a lower rank keeps its place before those of a higher one."""
    reads_only: bool = False
    """Whether a deed changes no case, so that it can be done in a file that cannot be written."""

    @property
    def calls(self) -> str:
        """What Textual runs for the key."""
        return self.runs or f"do('{self.id}')"


_CASES: tuple[Place, ...] = ("desk", "case")
_EVERYWHERE: tuple[Place, ...] = tuple(place for place in get_args(_Screen) if place != "contact")
_BACK: tuple[Place, ...] = ("case", "agenda", "handbook", "insights", "palette", "trash", "settings")
_HELPED: tuple[Place, ...] = ("desk", "case", "agenda", "handbook", "insights", "trash", "settings")

SECTIONS: tuple[Action, ...] = tuple(
    Action(
        f"page.section-{number}",
        str(number),
        word,
        msg("Go to this section of the case."),
        "view",
        ("case",),
        f"section({number - 1})",
    )
    for number, word in enumerate(
        (
            msg("Facts"),
            msg("Contact log"),
            msg("Promises"),
            msg("Evidence"),
            msg("Deadlines"),
            msg("Ladder"),
            msg("Timeline"),
            msg("History"),
        ),
        1,
    )
)
"""To the sections of the case page, in their order."""

# fmt: off
ACTIONS: tuple[Action, ...] = (
    # The way back.
    Action("page.back", "escape", msg("Back"), msg("Go back to the previous screen."),
           "view", _BACK, "back", shown=True, rank=1),
    Action("page.close", "escape,q,enter", msg("Close"), msg("Close this window."),
           "view", ("why", "brief"), "back", shown=True, rank=2),
    Action("help.close", "escape,question_mark,f1,q", msg("Close"), msg("Close this window."),
           "view", ("help",), "back", shown=True),
    Action("page.next-section", "tab,right_square_bracket", msg("Next section"),
           msg("Go to the next section of the case."), "view", ("case",), "turn(1)", shown=True),
    Action("page.previous-section", "shift+tab,left_square_bracket", msg("Previous section"),
           msg("Go to the previous section of the case."), "view", ("case",), "turn(-1)"),
    *SECTIONS,
    # Cases, their log, and what is due.
    Action("case.new", "n", msg("New case"), msg("Open a case: one dispute about one order."),
           "case", ("desk",), shown=True, rank=6),
    Action("case.edit", "e", msg("Edit"),
           msg("Change the facts of the case, or correct the selected contact, promise or evidence."),
           "case", _CASES, needs=Need.CASE),
    Action("case.tags", "number_sign", msg("Tags"), msg("Set the tags of the case, with those in use to choose from."),
           "case", _CASES, needs=Need.CASE),
    Action("case.escalate", "E", msg("Escalate"),
           msg("File the case at the next rung, and show what that rung still needs."),
           "case", _CASES, needs=Need.CASE, shown=True),
    Action("case.filing", "S", msg("Filing"),
           msg("Record the result of the selected filing, or of the newest: accepted, answered, refused, "
               "its number."),
           "case", _CASES, needs=Need.FILING),
    Action("case.evidence", "v", msg("Evidence"),
           msg("Add a piece of evidence: what it proves, where the original is, and a copy of its file."),
           "case", _CASES, needs=Need.CASE),
    Action("case.letter", "t", msg("Letter"),
           msg("Write a letter from the log: a chaser, a demand, a complaint to an authority, a masked post."),
           "case", _CASES, needs=Need.CASE, reads_only=True),
    Action("case.resolve", "R", msg("Resolve"), msg("Close the case with its outcome, or reopen a closed one."),
           "case", _CASES, needs=Need.CASE),
    Action("case.trash", "D", msg("Delete"),
           msg("Move the case to the trash, or remove the selected evidence. Asks first, and can be undone."),
           "case", _CASES, needs=Need.CASE),
    Action("log.contact", "l", msg("Log"), msg("Log a call, chat or message: who, what was said, what was promised."),
           "log", _CASES, needs=Need.CASE, shown=True, rank=3),
    Action("log.line", "greater_than_sign", msg("One line"),
           msg("Log a contact in one line: who: what was said; by when. Read while you type; Enter saves."),
           "log", _CASES, needs=Need.CASE),
    Action("log.paste", "P", msg("Paste"),
           msg("Take a copied chat, notice, mail or order page into the log: shown message by message first."),
           "log", _CASES, needs=Need.CASE, shown=True, rank=LAST + 1),
    Action("log.call", "C", msg("Call mode"),
           msg("Log a call while it is running: a timer, the questions in order, and a sentence to confirm "
               "it."),
           "log", (*_CASES, "brief"), needs=Need.CASE, shown=True, rank=LAST + 1),
    Action("log.brief", "c", msg("Brief"),
           msg("Before a call or chat: number, hours, order, demand, their promises, and what to ask now."),
           "log", _CASES, needs=Need.CASE, reads_only=True),
    Action("brief.other", "a", msg("Somebody else"), msg("Show the brief for the next addressee of the case."),
           "view", ("brief",), "other", needs=Need.ADDRESSEE, shown=True),
    Action("log.promise-broken", "b", msg("Broken"), msg("Mark the selected promise as broken."),
           "log", _CASES, needs=Need.PROMISE, shown=True, rank=4),
    Action("due.follow-up", "f", msg("Follow-up"), msg("Plan what you have to do, and by when."),
           "due", _CASES, needs=Need.CASE, shown=True),
    Action("due.settle", "space", msg("Settle"),
           msg("Mark the selected follow-up done, say what became of the selected promise, note that you looked, "
               "or confirm that it has arrived."),
           "due", _CASES, needs=Need.SETTLEABLE, shown=True, rank=4),
    Action("due.snooze", "s", msg("Snooze"), msg("Put the selected follow-up off."),
           "due", _CASES, needs=Need.FOLLOW_UP),
    Action("page.milestone", "m", msg("Milestone"),
           msg("Record when something happened that starts or stops a deadline: return shipped, accepted, "
               "notified."),
           "due", _CASES, needs=Need.CASE),
    Action("case.mark", "x", msg("Mark"),
           msg("Mark the case, or take its mark away: X exports, # tags and D deletes all that are marked."),
           "case", ("desk",), "mark", needs=Need.CASE),
    # What is looked at.
    Action("view.why", "w", msg("Why"), msg("Explain the selected flag or date, day by day."),
           "view", _CASES, "why", needs=Need.CASE, shown=True, rank=5),
    Action("view.filter", "slash", msg("Filter"),
           msg("Narrow the cases down while you type: words, turn:theirs, is:quiet …"),
           "view", ("desk", "help", "settings"), "filter", shown=True, rank=7),
    Action("view.saved", "F", msg("Saved filters"),
           msg("Choose a saved filter; keep the one that stands under a name, or take one out."),
           "view", ("desk",), "saved_filters"),
    Action("view.clear", "escape", msg("Clear"),
           msg("Take the filter away and show all cases again, or leave the tour."),
           "view", ("desk",), "clear_filter", needs=Need.FILTER, shown=True, rank=3),
    Action("view.cases", "1", msg("Cases"), msg("Go to the cases."), "view", ("desk",), "pane('cases')"),
    Action("view.log", "2", msg("Contact log"), msg("Go to the contact log of the case."),
           "view", ("desk",), "pane('log')"),
    Action("view.due", "3", msg("Due"), msg("Go to what is due."), "view", ("desk",), "pane('due')"),
    Action("view.zoom", "z", msg("Zoom"), msg("Give this pane the whole screen, or the others their room again."),
           "view", ("desk",), "zoom", shown=True),
    Action("view.unfold", "o", msg("Unfold waiting"),
           msg("List every clock that only runs and every thread to look at, or fold them into one line again."),
           "view", ("desk",), "unfold"),
    Action("view.agenda", "A", msg("Agenda"),
           msg("Show the month: working days, days off, and what is due on which day."), "view", ("desk",), "agenda"),
    Action("view.handbook", "H", msg("Handbook"),
           msg("Look up rights, channels, routes, laws and deadlines, with their sources."),
           "view", _CASES, "handbook"),
    Action("view.insights", "I", msg("Insights"),
           msg("Show statistics over all cases: promises, silence, money, effort."), "view", ("desk",), "insights"),
    Action("view.trash", "T", msg("Trash"), msg("Show the deleted cases: restore one, or erase them all for good."),
           "view", ("desk",), "show_trash"),
    # The handbook.
    Action("handbook.search", "slash", msg("Search"),
           msg("Search the whole handbook, in both languages, while you type."),
           "view", ("handbook",), "search", shown=True),
    Action("handbook.pane", "tab,shift+tab", msg("Other pane"), msg("Switch between the contents and the page."),
           "view", ("handbook",), "other_pane", shown=True),
    Action("handbook.tick", "space", msg("Tick"),
           msg("Tick the selected step of the playbook in the case, or untick it."),
           "case", ("handbook",), "tick", needs=Need.STEP, shown=True),
    Action("handbook.copy", "y", msg("Copy"), msg("Copy the page with its sources as text, also over SSH."),
           "program", ("handbook",), "copy", shown=True),
    # The agenda.
    Action("agenda.today", "0", msg("Today"), msg("Go to today."), "view", ("agenda",), "today", shown=True),
    Action("agenda.next-due", "right_square_bracket", msg("Next due"), msg("Go to the next day with something due."),
           "view", ("agenda",), "due(1)", shown=True),
    Action("agenda.previous-due", "left_square_bracket", msg("Due before"),
           msg("Go to the previous day with something due."), "view", ("agenda",), "due(-1)"),
    Action("agenda.pane", "tab,shift+tab", msg("Other pane"),
           msg("Switch between the month and what is due on the day."), "view", ("agenda",), "other_pane", shown=True),
    # The trash, and a file that cannot be opened.
    Action("trash.restore", "r", msg("Restore"), msg("Restore the selected case from the trash."),
           "case", ("trash",), "restore", needs=Need.DELETED_CASE, shown=True),
    Action("trash.empty", "W", msg("Empty"), msg("Erase all deleted cases for good. Asks first."),
           "case", ("trash",), "empty", needs=Need.DELETED_CASE, shown=True),
    Action("trouble.retry", "enter", msg("Try again"), msg("Try to open the file again."),
           "program", ("trouble",), "retry", shown=True),
    Action("trouble.recover", "B", msg("Recover"),
           msg("Rebuild the file from what can still be read. Asks first, and keeps the damaged file."),
           "program", ("trouble",), "recover", needs=Need.RECOVERY, shown=True),
    Action("trouble.backup", "N", msg("Newest backup"), msg("Open the newest backup, read-only."),
           "program", ("trouble",), "open_backup", needs=Need.BACKUP, shown=True),
    # The settings.
    Action("settings.change", "e", msg("Change"), msg("Change the selected setting."),
           "program", ("settings",), "change", shown=True, rank=3),
    Action("settings.default", "delete", msg("Default"), msg("Give the selected setting its default again."),
           "program", ("settings",), "default", shown=True, rank=5),
    # Forms.
    Action("form.save", "ctrl+s", msg("save"), msg("Save from any field. If saving fails, what you typed stays."),
           "program", ("form",), "save", shown=True),
    Action("form.back", "escape", msg("back"),
           msg("Leave the form. What you typed is never discarded without asking."),
           "program", ("form",), "back", shown=True),
    Action("form.next", "enter", msg("next field"), msg("Go to the next field; in a text of several lines, use Tab."),
           "program", ("form",), "next_field"),
    Action("form.take-draft", "ctrl+r", msg("restore"), msg("Continue with the text that was not saved."),
           "program", ("form",), "take_draft", needs=Need.DRAFT, shown=True),
    Action("form.throw-draft", "f8", msg("discard"),
           msg("Discard the text that was not saved. Asks first."),
           "program", ("form",), "throw_draft", needs=Need.DRAFT, shown=True),
    Action("form.promise", "ctrl+n", msg("another promise"), msg("Add another promise to the same contact."),
           "program", ("contact",), "more_promises", needs=Need.ROOM_FOR_PROMISE, shown=True),
    Action("form.card", "f2", msg("call card"),
           msg("Show all that is good to know during the call: number, order, demand, promises, what to ask."),
           "view", ("contact",), "card", needs=Need.CALL, shown=True, rank=6),
    Action("form.editor", "ctrl+x", msg("editor"),
           msg("Write this text in your own editor (VISUAL or EDITOR); save and leave it to come back."),
           "program", ("text",), "editor", shown=True, rank=LAST + 1),
    # The line in which a contact is typed.
    Action("line.save", "enter", msg("save"), msg("Save the contact as it was read."),
           "program", ("line",), "save", shown=True),
    Action("line.form", "tab", msg("form"), msg("Go on in the form, with all of it filled in."),
           "program", ("line",), "form", shown=True),
    Action("line.back", "escape", msg("back"), msg("Leave the line. What stands in it is kept for the next time."),
           "program", ("line",), "back", shown=True),
    # What was pasted.
    Action("paste.save", "ctrl+s", msg("save"),
           msg("Take in all that is decided, in one save; in the text, read it."),
           "program", ("paste",), "save", shown=True, rank=1),
    Action("paste.theirs", "left", msg("theirs"),
           msg("They said it: this message, or all of an unknown name."),
           "log", ("paste",), "side('in')", needs=Need.PASTED_MESSAGE, shown=True, rank=2),
    Action("paste.mine", "right", msg("mine"),
           msg("I said it: this message, or all of an unknown name."),
           "log", ("paste",), "side('out')", needs=Need.PASTED_MESSAGE, shown=True, rank=2),
    Action("paste.flip", "i", msg("flip from here"),
           msg("Give this message the other side, and all from here on that have the same."),
           "log", ("paste",), "flip", needs=Need.PASTED_MESSAGE, shown=True, rank=4),
    Action("paste.me", "M", msg("that is me"),
           msg("The name over this message is mine, and everybody else is them; again: it is not. It is remembered."),
           "log", ("paste",), "me", needs=Need.PASTED_NAME, shown=True, rank=3),
    Action("paste.channel", "p", msg("channel"), msg("Choose where the chat was, for all of its messages."),
           "log", ("paste",), "channel", needs=Need.PASTED, shown=True, rank=5),
    Action("paste.leave", "O", msg("leave out"), msg("Leave this message out, or take it after all."),
           "log", ("paste",), "leave", needs=Need.PASTED_MESSAGE, shown=True, rank=4),
    Action("paste.change", "e", msg("change"),
           msg("Change what was read of this message: who, when, what it was, what is promised."),
           "log", ("paste",), "change", needs=Need.PASTED_MESSAGE, shown=True, rank=5),
    Action("paste.keep", "v", msg("keep the text"),
           msg("Keep the whole text as evidence too, without one-time passwords; again: do not."),
           "log", ("paste",), "keep", needs=Need.PASTED, shown=True, rank=6),
    Action("paste.back", "escape", msg("back"), msg("Leave without taking anything in. Asks where you changed some."),
           "program", ("paste",), "back", shown=True, rank=1),
    # A letter. Its keys work while the text is being written, so all of them are Ctrl keys.
    Action("letter.back", "escape", msg("Back"),
           msg("Leave the letter. Changes are never discarded without asking."),
           "view", ("letter",), "back", shown=True),
    Action("letter.copy", "ctrl+y", msg("Copy"), msg("Copy the letter as it goes out, also over SSH."),
           "program", ("letter",), "copy", needs=Need.LETTER, shown=True),
    Action("letter.save", "ctrl+s", msg("To a file"), msg("Write the letter to a file; asks first which one."),
           "program", ("letter",), "save", needs=Need.LETTER, shown=True),
    Action("letter.sent", "ctrl+l", msg("Sent: log it"),
           msg("Log the letter as sent: an outgoing contact with the text that went out."),
           "log", ("letter",), "sent", needs=Need.LETTER, shown=True),
    Action("letter.plain", "ctrl+t", msg("Plain text"),
           msg("Show only the text that goes out, to read it or select it with the mouse."),
           "view", ("letter",), "plain", needs=Need.LETTER, shown=True),
    Action("letter.full", "ctrl+g", msg("Full text"),
           msg("Switch between the masked text that goes out and the full text, which can be edited."),
           "view", ("letter",), "full", needs=Need.MASK, shown=True),
    Action("letter.pieces", "ctrl+o", msg("Hidden pieces"),
           msg("Show a piece that should not be hidden, or hide it again."),
           "view", ("letter",), "pieces", needs=Need.MASKED_PIECE, shown=True),
    Action("letter.close-plain", "escape,q,enter,ctrl+t", msg("Back"), msg("Go back to where you were."),
           "view", ("plain",), "back"),
    # Questions, and the sentence after a call.
    Action("question.safe", "escape", msg("Back"), msg("Give the answer that changes nothing."),
           "view", ("question",), "safe"),
    Action("sentence.copy", "y,enter", msg("Copy"), msg("Copy the sentence as text, also over SSH."),
           "program", ("sentence",), "copy"),
    Action("sentence.close", "escape,q", msg("Close"), msg("Close this window."), "view", ("sentence",), "close"),
    # What works nearly everywhere, and stands last.
    Action("program.copy", "y", msg("Copy"), msg("Copy the selected record as text, also over SSH."),
           "program", _CASES, needs=Need.CASE, reads_only=True),
    Action("page.copy", "y", msg("Copy"), msg("Copy all of this as text, also over SSH."),
           "program", ("insights", "why", "brief"), "copy", shown=True),
    Action("program.plain", "ctrl+t", msg("Plain text"),
           msg("Show what was copied last and nothing else, to select it with the mouse."),
           "program", ("desk", "case", "handbook", "insights", "why", "sentence", "brief"), "app.plain"),
    Action("program.export", "X", msg("Export"),
           msg("Export this case or all of them to a file: page, Markdown, spreadsheet, calendar, JSON or "
               "bundle."),
           "program", ("desk",), reads_only=True),
    Action("program.undo", "u", msg("Undo"),
           msg("Undo the latest save of this machine, or the selected change of a history, and show which it was."),
           "program", _CASES, shown=True),
    Action("program.redo", "U", msg("Redo"), msg("Redo the change that was undone last."), "program", _CASES),
    Action("program.help", "question_mark,f1", msg("Help"), msg("Show every key of this screen."),
           "program", _HELPED, "help", shown=True, rank=0),
    Action("program.palette", "colon,ctrl+p", msg("Commands"), msg("Find any command by its name."),
           "program", ("desk", "case", "agenda", "handbook", "insights"), "command_palette", shown=True),
    Action("program.settings", "comma", msg("Settings"),
           msg("Change language, theme, time zone, limits, keys, name and private words."),
           "program", ("desk", "case", "agenda", "handbook", "insights"), "settings"),
    Action("program.quit", "q,ctrl+q", msg("Quit"), msg("Quit. Everything is already saved."),
           "program", ("desk", "case", "trouble"), "quit", shown=True),
    Action("program.suspend", "ctrl+z", msg("Suspend"),
           msg("Go back to the shell for a while; `fg` brings the program back. While you type, undo the typing."),
           "program", _EVERYWHERE, "app.suspend_process"),
    # Moving around. Whoever has the focus is asked before its screen.
    Action("list.down", "down,j", msg("Down"), msg("One row down."), "move", ("list",), "move(1)"),
    Action("list.up", "up,k", msg("Up"), msg("One row up."), "move", ("list",), "move(-1)"),
    Action("list.page-down", "pagedown", msg("Page down"), msg("A page down."), "move", ("list",), "page(1)"),
    Action("list.page-up", "pageup", msg("Page up"), msg("A page up."), "move", ("list",), "page(-1)"),
    Action("list.half-down", "ctrl+d", msg("Half down"), msg("Half a page down."), "move", ("list",), "page(0.5)"),
    Action("list.half-up", "ctrl+u", msg("Half up"), msg("Half a page up."), "move", ("list",), "page(-0.5)"),
    Action("list.first", "g,home", msg("First row"), msg("To the first row."), "move", ("list",), "end(-1)"),
    Action("list.last", "G,end", msg("Last row"), msg("To the last row."), "move", ("list",), "end(1)"),
    Action("list.open", "enter", msg("Open"), msg("Open the selected row."), "move", ("list",), "open",
           shown=True, rank=3),
    Action("tour.next", "right", msg("Next step"), msg("Go to the next step of the tour."),
           "move", ("desk",), "tour(1)", needs=Need.TOUR, shown=True, rank=1),
    Action("tour.back", "left", msg("Step before"), msg("Go to the step of the tour before."),
           "move", ("desk",), "tour(-1)", needs=Need.TOUR),
    Action("contents.unfold", "right", msg("Unfold"), msg("Show what is in the chapter."),
           "move", ("contents",), "unfold"),
    Action("contents.fold", "left", msg("Fold"), msg("Hide what is in the chapter."), "move", ("contents",), "fold"),
    Action("reading.down", "down,j", msg("Down"), msg("One line down."), "move", ("reading",), "by_lines(1)"),
    Action("reading.up", "up,k", msg("Up"), msg("One line up."), "move", ("reading",), "by_lines(-1)"),
    Action("reading.page-down", "pagedown,ctrl+d", msg("Page down"), msg("A page down."),
           "move", ("reading",), "by_pages(1)"),
    Action("reading.page-up", "pageup,ctrl+u", msg("Page up"), msg("A page up."),
           "move", ("reading",), "by_pages(-1)"),
    Action("reading.first", "home,g", msg("Beginning"), msg("To the beginning of the text."),
           "move", ("reading",), "to(0)"),
    Action("reading.last", "end,G", msg("End"), msg("To the end of the text."), "move", ("reading",), "to(1)"),
    Action("month.day-before", "left", msg("Previous day"), msg("One day back."), "move", ("month",), "move(-1)"),
    Action("month.next-day", "right", msg("Next day"), msg("One day forward."), "move", ("month",), "move(1)"),
    Action("month.week-before", "up,k", msg("Previous week"), msg("One week back."), "move", ("month",), "move(-7)"),
    Action("month.next-week", "down,j", msg("Next week"), msg("One week forward."), "move", ("month",), "move(7)"),
    Action("month.month-before", "pageup", msg("Previous month"), msg("One month back."),
           "move", ("month",), "turn(-1)"),
    Action("month.next-month", "pagedown", msg("Next month"), msg("One month forward."), "move", ("month",), "turn(1)"),
    Action("month.first", "g,home", msg("First day"), msg("To the first day of the month."),
           "move", ("month",), "edge(0)"),
    Action("month.last", "G,end", msg("Last day"), msg("To the last day of the month."), "move", ("month",), "edge(1)"),
    Action("month.open", "enter", msg("This day"), msg("Go to what is due on this day."), "move", ("month",), "open"),
    Action("timeline.before", "left", msg("Mark before"), msg("To what happened before."),
           "move", ("timeline",), "step(-1)"),
    Action("timeline.next", "right", msg("Next mark"), msg("To what happened next."),
           "move", ("timeline",), "step(1)", shown=True),
    Action("timeline.closer", "plus,equals_sign", msg("Closer"), msg("Show a month, a week, a day of the timeline."),
           "view", ("timeline",), "zoom(1)", shown=True),
    Action("timeline.wider", "minus", msg("Wider"), msg("Show more of the timeline, up to all of it."),
           "view", ("timeline",), "zoom(-1)", shown=True),
    Action("choice.previous", "left", msg("Previous option"), msg("Choose the previous option."),
           "move", ("choice",), "turn(-1)"),
    Action("choice.next", "right,space", msg("Next option"), msg("Choose the next option."),
           "move", ("choice",), "turn(1)"),
    Action("choice.first", "home", msg("First option"), msg("Choose the first option."), "move", ("choice",), "to(0)"),
    Action("choice.last", "end", msg("Last option"), msg("Choose the last option."), "move", ("choice",), "to(-1)"),
    Action("answer.previous", "up,left,k,shift+tab", msg("Previous answer"), msg("Go to the previous answer."),
           "move", ("answers",), "move(-1)"),
    Action("answer.next", "down,right,j,tab", msg("Next answer"), msg("Go to the next answer."),
           "move", ("answers",), "move(1)"),
    Action("answer.give", "enter,space", msg("Choose"), msg("Give the selected answer."), "move", ("answers",), "give"),
)
# fmt: on
"""Everything that a key does, in the order of the key line."""

BY_ID: dict[str, Action] = {action.id: action for action in ACTIONS}

DEED_ACTIONS: Mapping[Deed, str] = {
    "tell": "log.contact",
    "log": "log.contact",
    "letter": "case.letter",
    "file": "case.escalate",
    "note": "case.filing",
    "settle": "due.settle",
    "look": "due.settle",
    "resolve": "case.resolve",
    "evidence": "case.evidence",
    "edit": "case.edit",
    "milestone": "page.milestone",
}
"""The action that does an act of the table of next acts; what only waits has none."""


def rank_of(action_id: str) -> int:
    """The rank of the action with that id; of what is no action of ours, that of those that give way first."""
    known = BY_ID.get(action_id)
    return known.rank if known is not None else LAST


def of_place(*places: Place) -> Iterator[Action]:
    """What can be done in any of these places, in the order of the table."""
    return (action for action in ACTIONS if not set(places).isdisjoint(action.places))
