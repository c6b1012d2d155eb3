"""What can be wrong with the two encrypted files; each class is a cause that the agent treats differently."""

from app.domain.errors import SafeSeatError, UnavailableError
from app.journal.values import Range


class JournalError(SafeSeatError):
    """Something about a journal file; the message is one sentence without its contents."""


class WrongKeyError(JournalError, UnavailableError):
    """The file is well as far as can be seen, but it was written with another key."""


class DamagedError(JournalError):
    """The key is right and the file does not hold together: a page fails its seal, or the chain is broken."""


class ForeignJournalError(JournalError):
    """The file belongs to another device or stream."""


class ClosedError(JournalError):
    """The file was closed before this call."""


class DiskFullError(JournalError, UnavailableError):
    """No room for ordinary records; `kept` names the essential ones of the same call, which were written all the same."""

    def __init__(self, kept: Range | None = None) -> None:
        super().__init__("there is no room on the disk for the journal")
        self.kept = kept
