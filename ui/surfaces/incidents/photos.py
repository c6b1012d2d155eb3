"""Photos of a report: made anew by Qt, so that neither the original nor what a camera wrote into it is ever kept."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageReader, QPainter, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.agent.reports import PHOTOS_MAX
from ui.theme.tokens import space
from ui.widgets.buttons import push_button
from ui.widgets.page import row_of
from ui.widgets.plain import PlainLabel, set_names, set_tip

LONGEST_SIDE = 1600
MOST_BYTES = 512 * 1024
QUALITIES = (85, 75, 60, 45, 30)
ALLOWED_MIB = 256
"""A picture that would need more memory is not opened."""
THUMB = 72
ENDINGS = "*.jpg *.jpeg *.png *.bmp *.webp *.gif"


def made_anew(image: QImage) -> bytes:
    """The picture as JPEG: at most 1600 px and 512 KiB, on white, nothing but pixels; empty when that cannot be had."""
    if image.isNull():
        return b""
    if max(image.width(), image.height()) > LONGEST_SIDE:
        ratio, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(QSize(LONGEST_SIDE, LONGEST_SIDE), ratio, smooth)
    clean = QImage(image.size(), QImage.Format.Format_RGB32)
    clean.fill(0xFFFFFFFF)  # a picture of its own, whatever the theme
    painter = QPainter(clean)
    image.setDevicePixelRatio(1.0)
    painter.drawImage(0, 0, image)
    painter.end()
    for quality in QUALITIES:
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if clean.save(buffer, "JPEG", quality) and data.size() <= MOST_BYTES:  # type: ignore[call-overload]  # the stub lacks this form
            return bytes(data.data())
    return b""


def read(path: str) -> QImage:
    """The picture of a file, upright; a null one if it cannot be read."""
    QImageReader.setAllocationLimit(ALLOWED_MIB)
    reader = QImageReader(path)
    reader.setAutoTransform(True)
    return reader.read()


class Photos(QWidget):
    """The row of photos; `added` carries JPEG bytes, `dropped` a digest."""

    added = Signal(bytes)
    dropped = Signal(bytes)

    def __init__(self, t: Callable[..., str]) -> None:
        super().__init__()
        self.setProperty("ground", "none")
        self._t = t
        self._known: dict[bytes, QPixmap] = {}
        self._digests: tuple[bytes, ...] = ()
        self._locked = False
        self.choose, self.paste = push_button("", "plain", 36), push_button("", "plain", 36)
        self.choose.setObjectName("incidents.photo_choose")
        self.paste.setObjectName("incidents.photo_paste")
        self.choose.clicked.connect(self._choose)
        self.paste.clicked.connect(self._paste)
        self.fault = PlainLabel("", 12, "caution", wrap=True)
        self.fault.hide()
        self._row = QHBoxLayout()
        self._row.setSpacing(space(2))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(2))
        column.addWidget(row_of(self.choose, self.paste, None))
        column.addWidget(self.fault)
        column.addLayout(self._row)
        self.speak()

    def speak(self) -> None:
        """The words of now."""
        for button, key in ((self.choose, "photo_choose"), (self.paste, "photo_paste")):
            button.setText(self._t(f"incidents.{key}"))
            set_names(button, button.text(), self._t("incidents.photos"))

    def lock(self, locked: bool) -> None:
        """Nothing can be added or taken off."""
        self._locked = locked
        self._able()

    def show_digests(self, digests: Sequence[bytes]) -> None:
        """Show these photos; those of an earlier run are only counted."""
        if tuple(digests) == self._digests:
            return
        self._digests = tuple(digests)
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for number, digest in enumerate(self._digests, 1):
            self._row.addWidget(self._thumb(number, digest))
        self._row.addStretch(1)
        self._able()

    def add(self, image: QImage) -> None:
        """Take a picture, if it can be had small enough."""
        from hashlib import sha256

        data = made_anew(image)
        self._say("" if data else "photo_unread")
        if data:
            pixmap = QPixmap()
            pixmap.loadFromData(data)
            self._known[sha256(data).digest()] = pixmap
            self.added.emit(data)

    def _thumb(self, number: int, digest: bytes) -> QWidget:
        picture = PlainLabel(self._t("incidents.photo_number", n=number), 12, "muted")
        if digest in self._known:
            ratio, smooth = Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
            shown = self._known[digest].scaled(QSize(THUMB, THUMB), ratio, smooth)
            picture.setPixmap(shown.copy((shown.width() - THUMB) // 2, (shown.height() - THUMB) // 2, THUMB, THUMB))
        picture.setAccessibleName(self._t("incidents.photo_number", n=number))
        drop = push_button("×", "quiet", 28)
        name = self._t("incidents.photo_drop", n=number)
        set_names(drop, name)
        set_tip(drop, name)
        drop.clicked.connect(lambda _=False: self.dropped.emit(digest))
        return row_of(picture, drop, spacing=1)

    def _able(self) -> None:
        room = not self._locked and len(self._digests) < PHOTOS_MAX
        self.choose.setEnabled(room)
        self.paste.setEnabled(room)

    def _choose(self) -> None:
        names = f"{self._t('incidents.photo_filter')} ({ENDINGS})"
        paths, _ = QFileDialog.getOpenFileNames(self.window(), self._t("incidents.photo_choose"), "", names)
        for path in paths[: PHOTOS_MAX - len(self._digests)]:
            self.add(read(path))

    def _paste(self) -> None:
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._say("photo_none")
        else:
            self.add(image)

    def _say(self, key: str) -> None:
        self.fault.setText(self._t(f"incidents.{key}") if key else "")
        self.fault.setVisible(bool(key))
