"""Plays the lead's tone until somebody answers: a child process a note on Linux, the system's player on Windows.

QtMultimedia would cost tens of MB and is not in the packages; a child of `pw-play`, `paplay` or `aplay` costs nothing
while it is quiet. Nothing here blocks; whether there is a sound device is told by `fault`.
"""

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer, Signal

from app.content.shipped import shipped
from ui.surfaces.lead.tones import NAMES, SILENCE

EVERY_MS = 4000
CLOSE_MS = 500
PROGRAMS: dict[str, tuple[str, ...]] = {
    "pw-play": (), "paplay": ("--client-name=SafeSeat", "--stream-name=SafeSeat"), "aplay": ("-q",),
}
"""Looked for in this order, with what a volume mixer may say; the WAV file is the last argument."""


class Voice(QObject):
    """Plays one short WAV file at a time; `worked` tells after each whether it could be played."""

    worked = Signal(bool)

    def play(self, file: Path) -> None:
        """Start to play; returns at once."""
        raise NotImplementedError

    def stop(self) -> None:
        """Be quiet now."""
        raise NotImplementedError

    def close(self) -> None:
        """Be quiet, and leave nothing running."""
        self.stop()


class ChildVoice(Voice):
    """A child process of the desktop's own player; ended the moment somebody answers."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._then: Path | None = None
        self._wanted = False
        self._process = QProcess(self)
        for direct in ("setStandardInputFile", "setStandardOutputFile", "setStandardErrorFile"):
            getattr(self._process, direct)(QProcess.nullDevice())
        self._process.finished.connect(self._finished)
        self._process.errorOccurred.connect(self._failed)

    def play(self, file: Path) -> None:
        name, program = next(((name, found) for name in PROGRAMS if (found := shutil.which(name))), ("", ""))
        if not program:
            self.worked.emit(False)
        elif self._process.state() == QProcess.ProcessState.NotRunning:
            self._wanted = True
            self._process.start(program, [*PROGRAMS[name], str(file)])
        else:
            # still at a note of less than a second: it hangs, and must not silence the next one
            self._then = file
            self.worked.emit(False)
            self._process.kill()

    def stop(self) -> None:
        self._then, self._wanted = None, False
        self._process.kill()

    def close(self) -> None:
        self.stop()
        self._process.waitForFinished(CLOSE_MS)

    @property
    def child(self) -> int:
        """Process id of the note that plays now, 0 when it is quiet."""
        return self._process.processId()

    def _finished(self, code: int) -> None:
        then, self._then = self._then, None
        if then is not None:
            self.play(then)
        elif self._wanted:
            self._wanted = False
            self.worked.emit(code == 0 and self._process.exitStatus() == QProcess.ExitStatus.NormalExit)

    def _failed(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self.worked.emit(False)


class SystemVoice(Voice):
    """The player that Windows brings."""

    def play(self, file: Path) -> None:
        if sys.platform == "win32":
            import winsound

            try:
                winsound.PlaySound(str(file), winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
            except RuntimeError:
                self.worked.emit(False)
            else:
                self.worked.emit(True)

    def stop(self) -> None:
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(None, winsound.SND_PURGE)


def sound_file(name: str) -> Path:
    """A shipped sound as a file that another program can open."""
    return Path(str(shipped("sounds", name)))


class Tone(QObject):
    """Two soft notes at once and every 4 s, each time a step louder up to the set volume, while `sound(True)` holds."""

    def __init__(self, changed: Callable[[], None], voice: Voice | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.voice = voice or (SystemVoice(self) if sys.platform == "win32" else ChildVoice(self))
        self.voice.worked.connect(self._worked)
        self.fault = False
        self._changed = changed
        self._step = 0
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._next)

    @property
    def sounding(self) -> bool:
        """Whether it goes on until somebody answers."""
        return self._timer.isActive()

    def probe(self) -> None:
        """Find out, unheard, whether there is a sound device."""
        if not self.sounding:
            self.voice.play(sound_file(SILENCE))

    def sound(self, on: bool) -> None:
        """Begin or end; beginning again while it sounds changes nothing."""
        if on and not self.sounding:
            self._step = 0
            self._timer.start()
            self._next()
        elif not on and self.sounding:
            self._timer.stop()
            self.voice.stop()

    def close(self) -> None:
        """Quiet, and no child left."""
        self._timer.stop()
        self.voice.close()

    def _next(self) -> None:
        self.voice.play(sound_file(NAMES[self._step]))
        self._step = min(self._step + 1, len(NAMES) - 1)

    def _worked(self, well: bool) -> None:
        if self.fault is well:
            self.fault = not well
            self._changed()
