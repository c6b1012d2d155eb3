"""What IT left for this account: an enrolment code in a file of its own."""

import os
import sys
from pathlib import Path

import platformdirs

from app.desktop.ports import Installed
from app.domain.errors import UnavailableError

OTHERS = 0o077


def installed() -> Installed:
    """What IT said: nothing but the code, which an image lays into the person's configuration folder."""
    return Installed(code=OwnersCode(Path(platformdirs.user_config_dir("safeseat", appauthor=False)) / "enrol"))


class OwnersCode:
    """A plain file that its owner alone may read; taken by the owner's agent only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, sealed: bytes) -> bytearray:
        """The code; UnavailableError when others could have read it."""
        about = self.path.stat()
        if sys.platform == "win32" or about.st_uid != os.getuid() or about.st_mode & OTHERS:
            raise UnavailableError(f"The file {self.path} may be read by others, so its enrolment code is not used.")
        return bytearray(sealed)
