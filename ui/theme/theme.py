"""The one theme of the running program: palette, fonts, icons, motion; it follows the system and switches at once."""

import sys
from functools import cache, lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme import icons
from ui.theme.style import style_sheet
from ui.theme.tokens import (
    CONTRAST,
    CONTRAST_LIGHT,
    DARK,
    LIGHT,
    MOTION_IN_MS,
    MOTION_OUT_MS,
    MOTION_REDUCED_MS,
    PALETTES,
    TYPE_SCALE,
    Palette,
)

SYSTEM_SIZED = ("QMenu", "QMessageBox", "QTipLabel")
"""Widgets that Windows gives a font of its own (11 or 12 px), which the program's font does not replace."""
SYSTEM_DRAWS = sys.platform == "win32"
"""Whether title bars and native menus take Qt's colour scheme. On X11 the window manager draws them, and Qt does not find
back to the system's scheme once one was set."""
NORMAL, MEDIUM, BOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold
_CJK = {
    "zh_CN": ["Microsoft YaHei UI", "Noto Sans CJK SC", "Noto Sans SC", "WenQuanYi Micro Hei"],
    "zh_TW": ["Microsoft JhengHei UI", "Noto Sans CJK TC", "Noto Sans TC", "WenQuanYi Micro Hei"],
    "en": ["Segoe UI", "Microsoft YaHei UI", "Noto Sans CJK SC", "WenQuanYi Micro Hei"],
}
_POOR = ("sans", "sans serif", "sans-serif", "dejavu sans", "helvetica")
"""Names of X11 defaults that are no designed system font; there the CJK family draws the Latin letters too."""


class Theme(QObject):
    """Roles to colours, sizes to fonts. Qt thread only; `changed` comes after everything has switched."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette = LIGHT
        self.language = "zh_CN"
        self.reduce_motion = False
        self._wish = "system"
        self._told = "system"
        self._applied: tuple[str, str, Qt.ColorScheme] | None = None
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        if hasattr(hints, "accessibility"):
            hints.accessibility().contrastPreferenceChanged.connect(self._follow)

    def choose(self, wish: str, language: str | None = None, reduce_motion: bool | None = None) -> None:
        """Use `wish` (system, light, dark, contrast, contrast_light; others count as system) from now on."""
        self._wish = wish if wish in PALETTES else "system"
        self.language = language or self.language
        self.reduce_motion = self.reduce_motion if reduce_motion is None else reduce_motion
        self._tell_system()
        self._follow()

    def colour(self, role: str, alpha: float = 1.0) -> QColor:
        """The colour of a role, with `alpha` 0..1."""
        found = QColor(self.palette.colour(role))
        found.setAlphaF(alpha)
        return found

    def icon(self, name: str, role: str = "text", size: int = 24) -> QIcon:
        """A line icon in a role's colour, sharp on the densest screen."""
        app = QGuiApplication.instance()
        ratio = app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0
        return icons.icon(name, self.colour(role), size, ratio)

    def font(self, px: int, weight: QFont.Weight = NORMAL, tabular: bool = False) -> QFont:
        """The interface font in one of the sizes of the type scale (others: ValueError); `tabular` for figures."""
        if px not in TYPE_SCALE:
            raise ValueError(f"{px} px is not in the type scale {TYPE_SCALE}")
        return QFont(_font(self.language, px, weight, tabular))

    @property
    def motion_in_ms(self) -> int:
        """How long a window comes in."""
        return MOTION_REDUCED_MS if self.reduce_motion else MOTION_IN_MS

    @property
    def motion_out_ms(self) -> int:
        """How long a window goes out."""
        return MOTION_REDUCED_MS if self.reduce_motion else MOTION_OUT_MS

    def _tell_system(self) -> None:
        """A chosen appearance holds for what the system draws too (title bars, native menus); without one it is the system's."""
        if not SYSTEM_DRAWS or self._wish == self._told:
            return
        self._told = self._wish
        hints, chosen = QGuiApplication.styleHints(), PALETTES.get(self._wish)
        if chosen is None:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if chosen.dark else Qt.ColorScheme.Light)

    def _follow(self) -> None:
        self.palette = PALETTES.get(self._wish) or _of_system()
        # a change of the system's scheme brings its own colours and fonts, over which ours are laid again
        applied = (self.palette.name, self.language, QGuiApplication.styleHints().colorScheme())
        if applied == self._applied:
            return
        before, self._applied = self._applied, applied
        self._apply()
        if before is None or before[:2] != applied[:2]:
            self.changed.emit()

    def _apply(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setFont(self.font(14))
            app.setPalette(self._qt_palette())
            app.setStyleSheet(style_sheet(self.palette))
            for kind in SYSTEM_SIZED:  # after the sheet, which brings the system's own back
                app.setFont(self.font(14), kind)  # type: ignore[arg-type]  # PySide takes text, its stub says bytes

    def _qt_palette(self) -> QPalette:
        role, made = QPalette.ColorRole, QPalette()
        for group, name in (
            (role.Window, "surface"), (role.Base, "raised"), (role.AlternateBase, "hover"), (role.Button, "raised"),
            (role.ToolTipBase, "raised"), (role.WindowText, "text"), (role.Text, "text"), (role.ButtonText, "text"),
            (role.ToolTipText, "text"), (role.PlaceholderText, "muted"), (role.Highlight, "accent"),
            (role.HighlightedText, "on_accent"),
        ):
            made.setColor(group, self.colour(name))
        return made


def _of_system() -> Palette:
    hints = QGuiApplication.styleHints()
    dark = hints.colorScheme() == Qt.ColorScheme.Dark
    if hasattr(hints, "accessibility") and hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return CONTRAST if dark else CONTRAST_LIGHT
    return DARK if dark else LIGHT


@lru_cache(maxsize=64)
def _font(language: str, px: int, weight: QFont.Weight, tabular: bool) -> QFont:
    system = QFont().families() if sys.platform == "win32" else _SYSTEM[:]
    families = _CJK.get(language, _CJK["zh_CN"])
    made = QFont()
    made.setFamilies([*system, *families] if language == "en" or sys.platform != "win32" else [*families, *system])
    made.setPixelSize(px)
    made.setWeight(weight)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


_SYSTEM: list[str] = []


@cache
def theme() -> Theme:
    """The theme of this program, made on first use (a QApplication must exist)."""
    _SYSTEM[:] = [name for name in QGuiApplication.font().families() if name.lower() not in _POOR]
    made = Theme()
    made.choose("system")
    return made


def forget_theme() -> None:
    """Drop the theme before its QApplication goes; the next `theme()` makes a new one."""
    theme.cache_clear()
