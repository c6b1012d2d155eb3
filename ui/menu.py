"""The menu of choices that tray and flyout share: language, appearance, handle, what is recorded, the person's own pages, quit."""

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from app.agent.commands import ChangeSetting, Quit
from ui.bridge import Bridge

LANGUAGES = (("zh_CN", "简体中文"), ("zh_TW", "繁體中文"), ("en", "English"))
"""Each language is named in itself, so that anybody finds the way back."""
PAGES = ("checks", "training", "day", "leaves")
"""Pages of the person's own, in the order of the menu."""
THEMES = ("system", "light", "dark", "contrast")


def add_choices(menu: QMenu, bridge: Bridge) -> None:
    """Append the choices as they stand now; everything posts a command and takes effect with the next Snapshot."""
    settings = bridge.snapshot.settings
    language = menu.addMenu(bridge.t("tray.language"))
    _radio(language, [(name, text, name == bridge.texts.language) for name, text in LANGUAGES], "language", bridge)
    appearance = menu.addMenu(bridge.t("tray.theme"))
    themes = [(name, bridge.t(f"tray.theme_{name}"), name == settings.theme) for name in THEMES]
    _radio(appearance, themes, "theme", bridge)
    handle = menu.addAction(bridge.t("tray.handle"))
    handle.setCheckable(True)
    handle.setChecked(settings.handle_shown)
    handle.toggled.connect(lambda on: bridge.post(ChangeSetting("edge_handle", "true" if on else "false")))
    menu.addAction(bridge.t("tray.records")).triggered.connect(lambda: bridge.open("firststart"))
    for page in PAGES:
        menu.addAction(bridge.t(f"{page}.menu")).triggered.connect(lambda _=False, page=page: bridge.open(page))
    menu.addSeparator()
    leave = menu.addAction(bridge.t("tray.quit" if settings.may_quit else "tray.quit_refused"))
    leave.setEnabled(settings.may_quit)
    leave.triggered.connect(lambda: bridge.post(Quit()))


def _radio(menu: QMenu, rows: list[tuple[str, str, bool]], key: str, bridge: Bridge) -> None:
    group = QActionGroup(menu)
    for value, text, chosen in rows:
        action = QAction(text, menu)
        action.setCheckable(True)
        action.setChecked(chosen)
        action.triggered.connect(lambda _=False, value=value: bridge.post(ChangeSetting(key, value)))
        group.addAction(action)
        menu.addAction(action)
