"""The palette: opens where it was left, finds scripts while somebody types, walks their steps, posts what is done."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt

from app.agent.commands import (
    FillScript,
    LikeScript,
    OpenScript,
    PutPalette,
    RaiseAlarm,
    SayWarning,
    UnsayWarning,
    WalkScript,
)
from app.agent.snapshot import GuideFace, Snapshot
from app.content.library import Library
from app.content.model import Script
from ui.bridge import Bridge
from ui.surfaces.scripts.pages import Page, found_for, found_framework, page_of
from ui.surfaces.scripts.window import HOME, NOTHING, PAGE, RESULTS, Panel
from ui.widgets.motion import come_in
from ui.widgets.returning import Returning

OPEN_MS = 100


class Palette(QObject):
    """The surface. It decides nothing about calls: the steps and times that it shows are the Snapshot's."""

    def __init__(self, bridge: Bridge, library: Library | None = None) -> None:
        super().__init__()
        self._bridge = bridge
        self._given = library is not None
        self.library = library or bridge.library()
        self._returning = Returning()
        self._moved = False
        self.window = Panel(bridge)
        self.window.installEventFilter(self)
        self._drawn: tuple[object, ...] = ()
        self._connect()
        self._speak()

    def _connect(self) -> None:
        window, post = self.window, self._bridge.post
        window.leaving.connect(self.leave)
        window.moved.connect(lambda at: post(PutPalette(at.x(), at.y())))
        window.search.textChanged.connect(self._find)
        window.home.opened.connect(self._open_page)
        window.home.methods.connect(self._show_methods)
        window.page.back.connect(self._go_home)
        window.page.walked.connect(self._walked)
        window.page.liked.connect(self._like)
        window.page.filled_in.connect(lambda variable, value: post(FillScript(variable, value)))
        window.foot.warned.connect(self._warn)
        window.foot.unsaid.connect(self._unsay)
        window.foot.helped.connect(lambda: post(RaiseAlarm(pressed_boot=self._bridge.boot())))

    @property
    def at_rest(self) -> bool:
        """Whether it is closed; then it is dropped, and the pack with it."""
        return not self.window.isVisible()

    @property
    def guide(self) -> GuideFace:
        """The guide as the agent shows it now."""
        return self._bridge.snapshot.guide

    @property
    def page(self) -> Page | None:
        """The page on screen."""
        return self.window.page.page if self.window.stack.currentIndex() == PAGE else None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Redraw what the Snapshot changes: language, stars, times of warnings, values."""
        drawn = ((self._bridge.texts.language, snapshot.content.version), snapshot.guide)
        if drawn == self._drawn:
            return
        spoken = not self._drawn or self._drawn[0] != drawn[0]
        if spoken and self._drawn and not self._given:
            self.library = self._bridge.library()
        self._drawn = drawn
        if spoken:
            self._speak()
        self._show_home()
        self.window.page.show_guide(snapshot.guide)
        self.window.foot.show_page(self.page, snapshot.guide)

    def open(self, anchor: QRect) -> None:
        """Open it with the script of this conversation, or with the six tiles; asked again while it has the focus: close."""
        if self.window.isVisible() and self.window.isActiveWindow():
            self.leave()
            return
        if not self.window.isVisible():
            self._returning.remember()
            place = self.window.stand(self.guide.place)
            if not (self.guide.current and self._show_page(self.guide.current)):
                self._go_home()
            come_in(self.window, place, OPEN_MS)
        self.window.raise_()
        self.window.activateWindow()
        self.window.search.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Give the focus back to where it was and close."""
        self._returning.give_back()
        self.window.close()

    def close(self) -> None:
        """Close and free the window."""
        self.window.removeEventFilter(self)
        self.window.close()
        self.window.deleteLater()
        self.deleteLater()  # its connections keep it alive for Python until Qt lets go of them

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.window and event.type() == QEvent.Type.Hide:
            self._bridge.rested.emit()
        return False

    def _speak(self) -> None:
        """Take the language of now; what is open stays open."""
        language, page = self._bridge.texts.language, self.page
        if self.library.language != language and not self._given:
            self.library = self.library.other(language)
        self.window.speak()
        self._show_home()
        if page is not None:
            self._show_page(page.key, self.window.page.steps.currentRow())
        elif self.window.search.text():
            self._find(self.window.search.text())
        self.window.foot.show_page(self.page, self.guide)

    def _show_home(self) -> None:
        library, guide = self.library, self.guide
        liked = [one for name in reversed(guide.favourites) if (one := library.script(name)) is not None]
        recent = [one for name in guide.recent if (one := library.script(name)) is not None]
        self.window.home.show_choices(library.tiles, recent, liked, methods=bool(library.frameworks))

    def _find(self, text: str) -> None:
        if not text.strip():
            if self.window.stack.currentIndex() != PAGE:
                self._go_home()
            return
        found = found_for(self.library, text, dict(self.guide.used), self.guide.favourites)
        self.window.found.show_found(found, self._bridge.t("scripts.results", n=len(found)))
        self.window.view(RESULTS if found else NOTHING)
        self.window.foot.show_page(None, self.guide)

    def _show_methods(self) -> None:
        found = [found_framework(one) for one in self.library.frameworks]
        self.window.found.show_found(found, self._bridge.t("scripts.results", n=len(found)))
        self.window.view(RESULTS)
        self.window.search.setFocus()

    def _go_home(self) -> None:
        self.window.search.clear()
        self.window.view(HOME)
        self.window.foot.show_page(None, self.guide)
        self.window.search.setFocus()

    def _open_page(self, key: str) -> None:
        if self._show_page(key):
            script = self.library.script(key)
            if isinstance(script, Script):
                self._bridge.post(OpenScript(key))
            self.window.search.setFocus()

    def _show_page(self, key: str, at: int | None = None) -> bool:
        """Show a page at a row, else where this conversation was; says whether the pack has it."""
        page = page_of(self.library, key, self._bridge.texts)
        if page is None:
            return False
        self.window.view(PAGE)
        self.window.search.clear()
        self.window.page.show_page(page, dict(self.guide.places).get(key, 0) if at is None else at, self.guide)
        self.window.foot.show_page(page, self.guide)
        return True

    def _walked(self, at: int) -> None:
        page = self.window.page.page
        if page is not None and page.script and dict(self.guide.places).get(page.script, -1) != at:
            self._bridge.post(WalkScript(page.script, at))

    def _like(self, on: bool) -> None:
        page = self.window.page.page
        if page is not None and page.script:
            self._bridge.post(LikeScript(page.script, on))

    def _unsay(self) -> None:
        page = self.window.page.page
        if page is not None:
            self._bridge.post(UnsayWarning(page.script))

    def _warn(self, row: int, warn: int) -> None:
        page = self.window.page.page
        if page is not None:
            self.window.page.steps.setCurrentRow(row)
            self._bridge.post(SayWarning(page.script, row, warn))


def build(bridge: Bridge) -> Palette:
    """The surface for the registry."""
    return Palette(bridge)
