"""What a recovery would write or has written, in counts and in words."""

from __future__ import annotations

from msgspec import Struct

from pddtui.message import Message, msg, plural

__all__ = ["Plan"]


class Plan(Struct, frozen=True, kw_only=True):
    """What `recover` would write."""

    needed: bool
    """False when the file opens as it is."""
    cases: int
    from_file: int
    from_backup: int
    from_journal: int
    lost: int
    """Lines of the damaged file that cannot be read."""
    unreadable: int
    """Documents that are no cases; they are kept aside in the file."""
    journal_lost: int
    """Lines of the journal that cannot be read."""
    recoded: bool
    """The file was saved in the encoding GB 18030 and is read from it."""
    kept: bool
    """There is something that is kept with the backups."""

    @property
    def sentences(self) -> tuple[Message, ...]:
        """The plan in words, for the question and for the report."""
        if not self.needed:
            return (msg("The data file is sound: there is nothing to recover."),)
        said = [
            plural(
                "{n} case can be recovered: {file} from the file, {backup} from a backup, {journal} from the journal.",
                "{n} cases can be recovered: {file} from the file, {backup} from a backup, {journal} from the journal.",
                self.cases,
                file=self.from_file,
                backup=self.from_backup,
                journal=self.from_journal,
            )
        ]
        if self.recoded:
            said.append(msg("The file was saved in another encoding (GB 18030): it will be UTF-8 again."))
        if self.lost:
            said.append(
                plural(
                    "{n} line of the file cannot be read any more.",
                    "{n} lines of the file cannot be read any more.",
                    self.lost,
                )
            )
        if self.journal_lost:
            said.append(
                plural(
                    "{n} line of the journal cannot be read any more.",
                    "{n} lines of the journal cannot be read any more.",
                    self.journal_lost,
                )
            )
        if self.unreadable:
            said.append(
                plural(
                    "{n} document is not a case and is kept aside in the file.",
                    "{n} documents are not cases and are kept aside in the file.",
                    self.unreadable,
                )
            )
        return tuple(said)
