"""Opening the file for the desk. While it cannot be opened the person is shown why and asked what to do.

Only a recovery writes, after consent. Whoever leaves instead gets the reason in one line and its exit code.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress

from msgspec import structs

from pddtui.cli.compose import Session
from pddtui.errors import Busy, CannotWrite, Damaged, PddError
from pddtui.message import msg
from pddtui.ui.before import before_textual

__all__ = ["open_for_the_desk"]


def open_for_the_desk(session: Session) -> None:
    """Open the store of the session, whatever it takes. Raises the reason when the person gives up."""
    session.depth = "cases"  # so that damage shows before anything else
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
    from pddtui.ui.screens.trouble import Rescue, TroubleScreen
    from pddtui.ui.trouble_app import TroubleApp

    file, around = session.places.data_file, session.surroundings
    rescue = Rescue()
    if isinstance(wrong, Damaged):
        with suppress(PddError):  # nothing can be had of a folder or of a file that cannot be read
            planned = plan(file, around)
            possible = planned.needed and planned.cases
            rescue = Rescue(plan=planned.sentences if possible else (), backup=newest_backup(file, around))
    return TroubleApp(TroubleScreen(session.speech, wrong, file, rescue), session.settings).run()


def _recover(session: Session) -> None:
    from pddtui.store.recover import recover

    recover(session.places.data_file, session.surroundings)


def _open_backup(session: Session) -> None:
    """Let the session look at the newest backup instead of the file; nothing can be saved then."""
    from pddtui.services.looking import LookingOnly
    from pddtui.store.recover import newest_backup
    from pddtui.store.tiny import TinyCaseStore

    backup = newest_backup(session.places.data_file, session.surroundings)
    if backup is None:
        return
    why = msg("This is the backup {name}: look, but to change something recover the file first.", name=backup.name)
    session.store = LookingOnly(TinyCaseStore.open(backup, surroundings=session.surroundings), why)
    session.places = structs.replace(session.places, data_file=backup)
