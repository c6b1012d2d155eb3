from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSystemTrayIcon
from pytestqt.qtbot import QtBot

from app.agent.commands import ChangeSetting, LockNow, Quit, TakeBreak
from app.agent.snapshot import BreakView, DeskFace, Sign, TrayState
from app.content.texts import LANGUAGES, Texts
from app.tools.stage import Stage
from tests.helpers.qt import START, FakeSource, bridge_for, deliver, snapshot_of
from tests.helpers.qt_focus import typist_on
from ui import words
from ui.bridge import Bridge
from ui.surfaces.tray.surface import Tray
from ui.theme.theme import theme
from ui.widgets.seatsign import STATES, STROKES, TRAY_SIZES, plan_of, seat_pixmap

Scene = tuple[Tray, FakeSource, Bridge]
BOOT = START.boot


def settled(tray: Tray) -> bool:
    """Whether the icon stays where it is for a while."""
    before = tray.icon.geometry()
    QTest.qWait(150)
    return before == tray.icon.geometry() and before.right() >= 1240


@pytest.fixture
def scene(qtbot: QtBot) -> Iterator[Scene]:
    bridge, source = bridge_for(snapshot_of())
    tray = Tray(bridge)
    tray.show_snapshot(source.snapshot)
    # the tray host moves a new icon about until its panel has the right width
    qtbot.waitUntil(lambda: tray.icon.geometry().width() > 0 and tray.icon.geometry().bottom() >= 760)
    qtbot.waitUntil(lambda: settled(tray))
    yield tray, source, bridge
    tray.close()
    bridge.close()
    deliver()


def pushed(scene: Scene, **changes: Any) -> None:
    tray, source, bridge = scene
    source.push(snapshot_of(**changes))
    deliver()
    theme().choose(source.snapshot.settings.theme, bridge.texts.language)
    tray.show_snapshot(bridge.snapshot)


def drawn(size: int, state: str, strokes: str, dot: bool = False) -> QImage:
    ink, mark, tile = QColor("#000000"), QColor("#b87400"), QColor("#ffffff")
    return seat_pixmap(size, state, strokes, dot, ink, mark, tile=tile).toImage()


def different(one: QImage, other: QImage) -> set[tuple[int, int]]:
    return {(x, y) for x in range(one.width()) for y in range(one.height()) if one.pixel(x, y) != other.pixel(x, y)}


@pytest.mark.parametrize("size", [16, 20, 22, 24])
@pytest.mark.parametrize(("strokes", "bars"), [("kept", 1), ("shown", 2), ("coming", 3)])
def test_the_sign_is_bars_of_8_by_2_px_2_apart_under_the_seat(size: int, strokes: str, bars: int) -> None:
    changed = different(drawn(size, "well", "none"), drawn(size, "well", strokes))
    left, top = plan_of(size).field
    rows = sorted({y for _, y in changed})
    assert len(changed) == bars * 16
    assert {x for x, _ in changed} == set(range(left, left + 8))
    assert [b - a for a, b in pairwise(rows)] == ([1, 3] * bars)[: 2 * bars - 1]
    assert rows[0] >= top > plan_of(size).seat + 1
    assert rows[-1] < size


@pytest.mark.parametrize("size", [16, 22, 24])
@pytest.mark.parametrize("state", STATES)
def test_a_sign_changes_only_its_own_field(size: int, state: str) -> None:
    left, top = plan_of(size).field
    field = QRect(left, top, 8, 10)
    for strokes in STROKES:
        changed = different(drawn(size, state, "none"), drawn(size, state, strokes))
        assert all(field.contains(x, y) for x, y in changed)
        assert bool(changed) == (strokes != "none")


def test_all_shapes_differ_without_colour() -> None:
    images = {}
    for state in STATES:
        for strokes in STROKES:
            picture = drawn(16, state, strokes).convertToFormat(QImage.Format.Format_Mono)
            images[(state, strokes)] = bytes(picture.constBits())
    assert len(set(images.values())) == len(images)


def test_a_lead_s_sentence_adds_a_dot_of_2_px() -> None:
    assert len(different(drawn(16, "well", "coming"), drawn(16, "well", "coming", dot=True))) == 4


def test_a_large_tray_gets_the_same_sign_at_double_scale() -> None:
    small, large = different(drawn(16, "well", "none"), drawn(16, "well", "coming")), drawn(32, "well", "coming")
    assert different(drawn(32, "well", "none"), large) == {
        (2 * x + dx, 2 * y + dy) for x, y in small for dx in (0, 1) for dy in (0, 1)
    }


def test_the_icon_stands_in_a_real_tray_in_the_size_that_it_asks_for(
    scene: Scene, stage: Stage, qtbot: QtBot
) -> None:
    icon = scene[0].icon
    assert QSystemTrayIcon.isSystemTrayAvailable()
    assert [size.width() for size in icon.icon().availableSizes()] == list(TRAY_SIZES)
    qtbot.waitUntil(lambda: icon.geometry().bottom() >= stage.setup.height - 40)


def test_a_real_click_opens_the_flyout_beside_the_icon(scene: Scene, stage: Stage, qtbot: QtBot) -> None:
    tray, _, bridge = scene
    middle = tray.icon.geometry().center()
    with qtbot.waitSignal(bridge.opened, timeout=5000) as opened:
        stage.click(middle.x(), middle.y())
    assert opened.args == ["flyout", tray.icon.geometry()]


def test_asking_for_help_changes_icon_pixels_and_nothing_else(scene: Scene) -> None:
    tray = scene[0]
    tip, before = tray.icon.toolTip(), tray.icon.icon().pixmap(16, 16).toImage()
    texts = [action.text() for action in tray.menu.actions()]
    windows = {window for window in QApplication.topLevelWidgets() if window.isVisible()}
    pushed(scene, help_={"sign": Sign.KEPT, "open": True})
    assert tray.icon.toolTip() == tip
    assert [action.text() for action in tray.menu.actions()] == texts
    assert len(different(before, tray.icon.icon().pixmap(16, 16).toImage())) == 16
    assert {window for window in QApplication.topLevelWidgets() if window.isVisible()} == windows


def test_the_icon_arriving_and_changing_leaves_the_keyboard_where_it_is(scene: Scene, stage: Stage) -> None:
    tray = scene[0]
    with typist_on(stage) as typist:
        typist.type_and_check("ab")
        for sign in Sign:
            pushed(scene, help_={"sign": sign, "open": True})
        tray.icon.hide()
        pushed(scene, tray=TrayState.UNPROTECTED)
        typist.type_and_check("cd")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tooltip_is_one_line_in_the_words_of_the_design(language: str) -> None:
    texts = Texts(language)
    line = {
        "zh_CN": "安席 · 一切正常，12 分钟后歇一下",
        "zh_TW": "安席 · 一切正常，12 分鐘後休息一下",
        "en": "SafeSeat · All well, a break in 12 min",
    }
    assert words.tray_line(snapshot_of(), texts, BOOT) == line[language]
    nobody = words.tray_line(snapshot_of(help_={"listeners": 0}), texts, BOOT)
    assert "8110" in nobody
    assert "\n" not in nobody
    resting = snapshot_of(seat={"running": BreakView("rest", BOOT, BOOT + 60)})
    for state in (snapshot_of(seat={"on_call": True}), snapshot_of(seat={"on_shift": False}), resting):
        assert words.tray_line(state, texts, BOOT).startswith(texts.t("tray.name"))


def test_the_minutes_run_down_between_snapshots() -> None:
    snapshot = snapshot_of()
    assert words.minutes_to_break(snapshot, BOOT) == 12
    assert words.minutes_to_break(snapshot, BOOT + 300 * 10**9) == 7
    assert words.minutes_to_break(snapshot, BOOT + 3000 * 10**9) == 1
    assert words.minutes_to_break(snapshot_of(seat={"on_call": True}), BOOT) is None


def test_faults_are_told_by_weight_and_unknown_ones_calmly() -> None:
    texts = Texts("zh_CN")
    both = snapshot_of(faults=("hotkey_missing", "vault_missing"))
    assert words.first_fault(both, texts) == texts.t("fault.vault_missing")
    assert words.first_fault(snapshot_of(faults=("new_thing",)), texts) == texts.t("fault.other")
    assert words.first_fault(snapshot_of(faults=("history_fork",)), texts) == texts.t("fault.history")
    assert words.first_fault(snapshot_of(faults=("notices_missing",)), texts) == ""
    taken = snapshot_of(hotkey_faults=(("<ctrl>+<alt>+1", "taken"),))
    assert "Ctrl+Alt+1" in words.first_fault(taken, texts)
    assert words.first_fault(snapshot_of(seat={"lock_failed": True}, faults=("vault_missing",)), texts) == texts.t(
        "fault.lock_failed"
    )


def test_the_menu_gives_every_act_to_the_keyboard(scene: Scene) -> None:
    tray, source, bridge = scene
    opened: list[str] = []
    bridge.opened.connect(lambda name, _: opened.append(name))
    texts = bridge.texts
    by_text = {action.text(): action for action in tray.menu.actions() if action.text()}
    for key in ("open", "help", "break", "lock_leave", "records", "quit"):
        by_text[texts.t(f"tray.{key}")].trigger()
    by_text[texts.t("tray.handle")].trigger()
    assert source.posted == [TakeBreak(), LockNow(leave=True), Quit(), ChangeSetting("edge_handle", "true")]
    assert opened == ["flyout", "flyout", "firststart"]


def test_only_a_lead_s_menu_opens_the_lead_desk(scene: Scene) -> None:
    tray, _, bridge = scene
    opened: list[str] = []
    bridge.opened.connect(lambda name, _: opened.append(name))
    assert "主管台" not in [action.text() for action in tray.menu.actions()]
    pushed(scene, desk=DeskFace())
    next(action for action in tray.menu.actions() if action.text() == "主管台").trigger()
    assert opened == ["lead"]


def test_the_menu_changes_language_at_once(scene: Scene) -> None:
    pushed(scene, language="en")
    texts = [action.text() for action in scene[0].menu.actions()]
    assert texts[0] == "Open SafeSeat"
    assert "Quit" in texts


def test_an_icon_host_that_starts_late_gets_the_icon(stage: Stage, qtbot: QtBot) -> None:
    stage.stop("tray")
    bridge, source = bridge_for(snapshot_of())
    tray = Tray(bridge)
    tray.show_snapshot(source.snapshot)
    deliver()
    stage.start_tray()
    qtbot.waitUntil(lambda: tray.icon.geometry().width() > 0, timeout=10000)
    tray.close()
    bridge.close()
