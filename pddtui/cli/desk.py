"""Starting the desk, on the user's file or on a throw-away copy of the samples. Textual is loaded only here.

Where the file does not open, a recovery or the newest backup is offered; whoever leaves instead gets the reason in one
line and its exit code.
"""

from __future__ import annotations

import difflib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import click
from msgspec import structs

from pddtui.cli.compose import Options, Session, open_session
from pddtui.cli.crash import crashed
from pddtui.cli.grammar import command, flag
from pddtui.durable import Lock, is_locked
from pddtui.errors import Busy, CannotWrite, Damaged, NotFound, PddError, Refused
from pddtui.message import Message, msg

if TYPE_CHECKING:
    from pddtui.ui.context import Copies

__all__ = ["before_textual"]


def before_textual(environ: MutableMapping[str, str]) -> None:
    """Set right what Textual reads of the environment, most of it once, when it is imported.

    The kitty keyboard mode is left out in iTerm2, which drops the text of input methods under it; a setting of the
    user's own stands. A size that was exported is that of another moment or another window.
    """
    for stale in ("COLUMNS", "LINES"):
        environ.pop(stale, None)
    if environ.get("TERM_PROGRAM") == "iTerm.app" or environ.get("LC_TERMINAL") == "iTerm2":
        environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")


def open_for_the_desk(session: Session) -> None:
    """Open the store of the session, whatever it takes. Raises the reason when the person gives up."""
    session.depth = "cases"  # so that damage is found before the desk is there
    wrong = _failure(lambda: session.store)
    while wrong is not None:
        match _chosen(session, wrong):
            case "retry":
                wrong = _failure(lambda: session.store)
            case "recover":
                wrong = _failure(lambda: _recover(session)) or _failure(lambda: session.store)
            case "backup":
                wrong = _failure(lambda: _open_backup(session))
            case _:
                raise wrong


def _failure(act: Callable[[], object]) -> PddError | None:
    try:
        act()
    except (Damaged, Busy, CannotWrite) as error:
        return error
    return None


def _chosen(session: Session, wrong: PddError) -> str | None:
    before_textual(os.environ)
    from pddtui.store.recover import newest_backup, plan
    from pddtui.ui.screens.trouble import Rescue, TroubleApp, TroubleScreen

    file, around = session.places.data_file, session.surroundings
    rescue = Rescue()
    if isinstance(wrong, Damaged):
        with suppress(PddError):  # nothing can be had of a folder or of a file that cannot be read
            planned = plan(file, around)
            possible = planned.needed and planned.cases
            rescue = Rescue(plan=planned.sentences if possible else (), backup=newest_backup(file, around))
    app = TroubleApp(TroubleScreen(session.speech, wrong, file, rescue), session.settings)
    chosen = app.run()
    _leave_as(app.fault, app.return_code)
    return chosen


def _recover(session: Session) -> None:
    from pddtui.store.recover import recover

    recover(session.places.data_file, session.surroundings)


def _open_backup(session: Session) -> None:
    """Let the session look at the newest backup instead of the file; nothing can be saved then."""
    from pddtui.services.casebook import ReadOnlyStore
    from pddtui.store.recover import newest_backup
    from pddtui.store.tiny import TinyCaseStore

    backup = newest_backup(session.places.data_file, session.surroundings)
    if backup is None:
        return
    why = msg(
        "This is the backup {name}, which is read-only: to change something, recover the file first.", name=backup.name
    )
    session.store = ReadOnlyStore(TinyCaseStore.open(backup, surroundings=session.surroundings), why)
    session.places = structs.replace(session.places, data_file=backup)


@command("desk", msg("Open the desk, or one case on it if a case number is given."))
@click.argument("ref", required=False)
@click.pass_context
def desk_command(ctx: click.Context, *, ref: str | None = None) -> int:
    session = open_session(ctx)
    if _no_desk() is None:
        open_for_the_desk(session)
    if ref is not None:
        _check(session, ctx, ref)
    return _run(session, ref, ctx.find_root().ensure_object(Options))


def _no_desk() -> Message | None:
    """Why there can be no desk here; None when there can."""
    if "TEXTUAL_DRIVER" in os.environ:
        return None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return msg("The desk needs a terminal; without one, use `pddtui list` or `pddtui due`.")
    term = os.environ.get("TERM")
    if term in _CANNOT_DRAW:
        return msg(
            "The desk needs a terminal that it can draw on; in this one (TERM={term}), use `pddtui list` or "
            "`pddtui due`.",
            term=term,
        )
    return None


_CANNOT_DRAW = frozenset({"dumb", "unknown"})


def _check(session: Session, ctx: click.Context, ref: str) -> None:
    """Refuse a ref without a case; a word without a digit was meant as a command."""
    try:
        session.casebook.find(ref)
    except NotFound as error:
        if any(char.isdecimal() for char in ref):
            raise
        root = ctx.find_root()
        commands = root.command.list_commands(root) if isinstance(root.command, click.Group) else []
        close = tuple(difflib.get_close_matches(ref, commands))
        if close:
            raise Refused(msg("There is no command “{word}”. Did you mean {close}?", word=ref, close=close)) from error
        raise Refused(msg("“{word}” is neither a command nor a case number; see `pddtui --help`.", word=ref)) from error


def _run(session: Session, ref: str | None, options: Options) -> int:
    """Show the desk; whoever leaves it for the samples comes back to it afterwards."""
    if (why_not := _no_desk()) is not None:
        raise Refused(why_not)
    while (left_for := _show(session, ref)) is not None:
        ref = None
        _run_samples(options, tour=left_for == "tour")
        session.__dict__.pop("settings", None)  # they may have been changed there
    return 0


def _show(session: Session, ref: str | None = None, *, samples: bool = False, tour: bool = False) -> str | None:
    """Show the desk until it is left; gives back for what, None at the end."""
    before_textual(os.environ)
    from pddtui.ui.app import DeskApp
    from pddtui.ui.context import Clerk, Context

    context = Context(
        casebook=session.casebook,
        open_handbook=lambda: session.handbook,
        speech=session.speech,
        settings=session.settings,
        places=session.places,
        clerk=Clerk(),
        copies=None if samples else _copies(session),
        samples=samples,
    )
    app = DeskApp(context, ref, tour=tour)
    app.run()
    _leave_as(app.fault, app.return_code)
    return app.left_for or None


def _copies(session: Session) -> Copies | None:
    from pddtui.store.copies import strays, unite_strays
    from pddtui.store.tiny import TinyCaseStore
    from pddtui.ui.context import Copies

    store = session.store
    if not isinstance(store, TinyCaseStore):  # it only looks
        return None
    return Copies(lambda: strays(store), lambda: unite_strays(store))


def _leave_as(fault: Exception | None, code: int | None) -> None:
    """Go on only when a person has left the program: neither a fault of it, nor a signal."""
    if fault is not None:
        raise crashed(fault) from fault
    if code:
        raise click.exceptions.Exit(code)


@command("demo", msg("Open the desk on ten sample cases, dated around today, in a temporary file."))
@flag("--no-desk", words=msg("Only write the sample cases to the file given with --file."))
@click.pass_context
def demo_command(ctx: click.Context, *, no_desk: bool) -> int:
    options = ctx.find_root().ensure_object(Options)
    if no_desk:
        if options.file is None:
            raise Refused(msg("Give the file for the sample cases with --file."))
        session = open_session(ctx)
        session.pretend()
        if session.places.data_file.exists():
            raise CannotWrite(
                msg("{file} already exists: the sample cases need a new file.", file=str(session.places.data_file))
            )
        _fill(session)
        return 0
    if (why_not := _no_desk()) is not None:
        raise Refused(why_not)
    _run_samples(options)
    return 0


def _run_samples(options: Options, *, tour: bool = False) -> None:
    """Show the desk on the sample cases, in a file that is thrown away."""
    with _throw_away_folder() as folder:
        session = Session(structs.replace(options, file=str(folder / "demo.json")), os.environ)
        session.pretend()
        session.places = structs.replace(session.places, state_folder=folder)
        try:
            _fill(session)
            _show(session, samples=True, tour=tour)
        finally:
            session.close()


_DEMO = "pddtui-demo-"


@contextmanager
def _throw_away_folder() -> Iterator[Path]:
    """A folder that goes when the block is left, by a signal too; what a killed program left goes before."""
    before_textual(os.environ)
    from pddtui.ui.terminal import fatal_signals

    for used in Path(gettempdir()).glob(f"{_DEMO}*/{_IN_USE}"):
        with suppress(OSError):
            if used.parent.lstat().st_uid == os.getuid() and not is_locked(used):
                shutil.rmtree(used.parent, ignore_errors=True)
    caught = [number for number in fatal_signals() if signal.getsignal(number) is not signal.SIG_IGN]
    with TemporaryDirectory(prefix=_DEMO, ignore_cleanup_errors=True) as name:
        before = {number: signal.signal(number, _leave) for number in caught}
        lock = Lock(Path(name) / _IN_USE, patience=0)
        try:
            lock.acquire()
            yield Path(name)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            lock.close()


_IN_USE = "in-use"


def _leave(number: int, _: FrameType | None) -> NoReturn:
    raise click.exceptions.Exit(128 + number)


def _fill(session: Session) -> None:
    from pddtui.services.demo import fill_with_samples

    fill_with_samples(
        session.store,
        session.handbook,
        rules=session.rules,
        calendar=session.calendar,
        ids=session.ids,
        now=session.now,
        say=session.speech.render,
    )
