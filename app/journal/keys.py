"""Names and lengths of the two files' keys in the vault; the bytes themselves are brought by the caller."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from app.journal.errors import JournalError

KEY_BYTES = 32
"""Raw 256-bit keys (design, section 4): no password, hence no derivation at start."""
JOURNAL_FILE = "journal.db"
LOCAL_FILE = "local.db"


@dataclass(frozen=True, slots=True)
class JournalKeys:
    """The keys of the chained journal and of the local file; never shown in a log or traceback."""

    journal: bytes = field(repr=False)
    local: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.journal == self.local:
            raise JournalError("the journal and the local file must not share a key")
        for key in (self.journal, self.local):
            check_key(key)


def check_key(key: bytes) -> bytes:
    """Return a key of the right length; JournalError for another, so that a cut vault entry is told in words."""
    if len(key) != KEY_BYTES:
        raise JournalError(f"a journal key has {KEY_BYTES} bytes, not {len(key)}")
    return key


def vault_names(profile: Path) -> dict[str, str]:
    """Return the vault names of this profile's keys: `journal`, `local` and, while a re-key is under way, `*-next`.

    The profile's path is hashed: two profiles of one account do not share keys, and the vault tells no path.
    """
    mark = sha256(str(profile.absolute()).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return {name: f"safeseat/{mark}/{name}" for name in ("journal", "local", "journal-next", "local-next")}
