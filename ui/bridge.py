"""The one bridge from the agent to Qt: Snapshots come in from any thread, one signal goes out on the Qt thread."""

from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QRect, Qt, Signal

from app.agent.bootclock import machine_boot
from app.agent.commands import Command
from app.agent.snapshot import Snapshot
from app.content.texts import Texts, system_language

if TYPE_CHECKING:
    from app.content.library import Library

NS = 1_000_000_000


class Source(Protocol):
    """What the bridge needs of an agent: the running one, or a fake one in tests and pictures."""

    @property
    def snapshot(self) -> Snapshot: ...

    def subscribe(self, callback: Callable[[Snapshot], None]) -> Callable[[], None] | None:
        """Call `callback` with every new Snapshot, on any thread; may return a function that ends it."""

    def post(self, command: Command) -> None: ...


def language_of(snapshot: Snapshot) -> str:
    """The language to show, with "system" resolved."""
    chosen = snapshot.settings.language
    return system_language() if chosen == "system" else chosen


class Surface(Protocol):
    """One surface. Each folder `ui/surfaces/NAME/surface.py` has `build(bridge: Bridge) -> Surface`.

    `show_snapshot` is called once after building and then for every new Snapshot (and after a change of language or
    theme); a surface shows or hides its own windows by it. `at_rest` is True while nothing of it is on screen and nothing
    is to be kept: then the registry may `close` and drop it. All on the Qt thread.
    """

    def show_snapshot(self, snapshot: Snapshot) -> None: ...

    @property
    def at_rest(self) -> bool: ...

    def close(self) -> None: ...


class Opened(Surface, Protocol):
    """A surface that a person opens; `open` may be called again while it is open."""

    def open(self, anchor: QRect) -> None: ...


class Bridge(QObject):
    """Carries Snapshots to surfaces (`changed`) and their commands to the agent (`post`).

    Many Snapshots between two turns of the event loop become one signal with the newest. `opened` asks the registry to
    open a surface by name (flyout, ...), beside a rectangle on the screen (empty: beside the pointer),
    `rested` tells it that a surface came to rest and may be dropped.
    """

    changed = Signal(object)
    opened = Signal(str, QRect)
    rested = Signal()
    _arrived = Signal()

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self._gate = Lock()
        self._newest: Snapshot | None = None
        self._closed = False
        self.snapshot: Snapshot = source.snapshot
        self.texts = Texts(language_of(self.snapshot))
        self._arrived.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = source.subscribe(self._take)

    @property
    def boot(self) -> Callable[[], int]:
        """The clock of the Snapshots: the source's own `boot`, else this machine's, read as the agent reads it."""
        return getattr(self._source, "boot", None) or machine_boot()

    def t(self, key: str, **args: object) -> str:
        """The sentence of `key` in the language of now."""
        return self.texts.t(key, **args)

    def library(self) -> "Library":
        """The content in the language of now, with the site's own over the shipped; read anew, see `Snapshot.content`."""
        from app.content.library import Library

        given: Callable[[str], Library] = getattr(self._source, "library", None) or Library
        return given(self.texts.language)

    def post(self, command: Command) -> None:
        """Give a command to the agent; returns at once."""
        self._source.post(command)

    def open(self, surface: str, anchor: QRect | None = None) -> None:
        """Open a surface by name beside `anchor` (global px), for example the flyout beside the tray icon."""
        self.opened.emit(surface, anchor or QRect())

    def close(self) -> None:
        """No signal comes after this."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._closed = True

    def _take(self, snapshot: Snapshot) -> None:
        with self._gate:
            waiting, self._newest = self._newest is not None, snapshot
        if not waiting:
            self._arrived.emit()

    def _deliver(self) -> None:
        with self._gate:
            newest, self._newest = self._newest, None
        if newest is not None and not self._closed:
            self.snapshot = newest
            if language_of(newest) != self.texts.language:
                self.texts = Texts(language_of(newest))
            self.changed.emit(newest)
