"""The style sheet of the standard controls, made from a palette; custom-painted widgets ask the theme themselves."""

from ui.theme.tokens import RADIUS, RADIUS_SMALL, Palette

_SHEET = """
QWidget {{ color: {text}; }}
QMainWindow, QDialog, QWidget[ground="surface"] {{ background: {surface}; }}
QLabel {{ background: transparent; }}
QLabel[role="text"] {{ color: {text}; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="accent"] {{ color: {accent}; }}
QLabel[role="calm"] {{ color: {calm}; }}
QLabel[role="caution"] {{ color: {caution}; }}
QLabel[role="danger"] {{ color: {danger}; }}
QPushButton {{ background: {raised}; color: {text}; border: 1px solid {edge}; border-radius: {small}px; padding: 4px 12px;
  outline: none; }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:pressed {{ background: {line}; }}
QPushButton:disabled {{ color: {muted}; border-color: {line}; }}
QPushButton:focus {{ border: 2px solid {focus}; padding: 3px 11px; }}
QPushButton[kind="primary"] {{ background: {accent}; color: {on_accent}; border: 1px solid {accent}; }}
QPushButton[kind="primary"]:disabled {{ background: {hover}; color: {muted}; border: 1px solid {line}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {text}; }}
QPushButton[kind="quiet"] {{ background: transparent; border: 1px solid transparent; color: {accent}; padding: 4px 8px; }}
QPushButton[kind="quiet"]:hover {{ background: {hover}; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {focus}; padding: 3px 7px; }}
QPushButton[kind="choice"]:checked {{ background: {accent}; color: {on_accent}; border: 1px solid {accent}; }}
QPushButton[kind="choice"]:checked:focus {{ border: 2px solid {text}; }}
QLineEdit, QPlainTextEdit {{ background: {raised}; color: {text}; placeholder-text-color: {muted}; border: 1px solid {edge};
  border-radius: {small}px; padding: 4px 8px; selection-background-color: {accent}; selection-color: {on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {focus}; padding: 3px 7px; }}
QListView {{ background: {surface}; border: none; outline: none; }}
QScrollArea, QScrollArea > QWidget > QWidget[ground="none"] {{ background: transparent; border: none; }}
QScrollBar:vertical {{ background: transparent; width: 8px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {edge}; border-radius: 4px; min-height: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{ background: none; height: 0; }}
QMenu {{ background: {raised}; color: {text}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 8px 24px 8px 8px; border-radius: 4px; }}
QMenu::indicator {{ width: 16px; height: 16px; left: 4px; }}
QMenu::item:selected {{ background: {accent}; color: {on_accent}; }}
QMenu::item:disabled {{ color: {muted}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QToolTip {{ background: {raised}; color: {text}; border: 1px solid {edge}; padding: 4px 8px; }}
QCheckBox, QRadioButton {{ color: {text}; spacing: 8px; }}
"""


def style_sheet(palette: Palette) -> str:
    """The application's style sheet in the colours of `palette`."""
    roles = {role: palette.colour(role) for role in (
        "surface", "raised", "hover", "text", "muted", "accent", "on_accent", "calm", "caution", "danger", "edge", "line",
        "focus",
    )}
    return _SHEET.format(small=RADIUS_SMALL, radius=RADIUS, **roles)
