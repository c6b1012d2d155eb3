"""The report form with the real part behind it: typed with keys alone, saved, masked, sent, read by a screen reader."""

import os
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.agent import commands
from app.agent.events.reports import (
    CommitReport,
    DropPhotos,
    KeepPhoto,
    KeepReports,
    MaskNote,
    MaskReport,
    PhotoKept,
    ReportCommitted,
    ReportsKept,
    ReportsLoaded,
)
from app.agent.parts.reports import ReportsPart
from app.agent.reportmask import mask_note, mask_report
from app.agent.reports import FIELDS, PHOTOS_MAX, unpack_state
from app.agent.snapshot import HazardView, SiteFace
from app.content.texts import LANGUAGES
from app.protocol.report_kinds import ReportNote, ReportSent
from tests.gui.incidents.picture_states import KEEP as BUILT
from tests.gui.incidents.picture_states import STATES, build
from tests.helpers.qt import START, FakeSource, bridge_for, cut_labels, deliver, nameless_controls, snapshot_of
from ui.surfaces.incidents.inputs import place_of
from ui.surfaces.incidents.photos import MOST_BYTES, made_anew, read
from ui.surfaces.incidents.surface import PAUSE_MS, Incidents
from ui.surfaces.incidents.tiles import Tile
from ui.surfaces.incidents.words import code_text
from ui.theme.theme import theme

ID = "11010519491231002X"
TEXT = FIELDS.index("text")


class Desk:
    """The surface over the real part; lanes answer at once, `kept` holds every version that was stored."""

    def __init__(self) -> None:
        self.part = ReportsPart(lambda: b"\x09" * 16)
        self.kept: list[bytes] = []
        self.records: list[ReportSent | ReportNote] = []
        self.bridge, self.source = bridge_for(snapshot_of())
        self.refuse = ""
        self.give(ReportsLoaded(True))
        self.surface = Incidents(self.bridge)
        self.kept.clear()
        self.source.post = self.post  # type: ignore[method-assign]  # the part answers instead of a list

    def post(self, command: object) -> None:
        FakeSource.post(self.source, command)  # type: ignore[arg-type]  # any command
        self.give(command)

    def give(self, item: object) -> None:
        pending = list(self.part.handle(item, START))
        while pending:
            pending = [more for one in pending for answer in self.carry(one) for more in self.part.handle(answer, START)]
        self.source.push(self.part.face(self.source.snapshot, START))
        deliver()
        if hasattr(self, "surface"):
            self.surface.show_snapshot(self.bridge.snapshot)

    def carry(self, effect: object) -> list[object]:
        match effect:
            case MaskReport():
                return list(mask_report(effect))
            case MaskNote():
                return list(mask_note(effect))
            case KeepReports(blob):
                if not self.refuse:
                    self.kept.append(blob)
                return [ReportsKept(not self.refuse, self.refuse)]
            case KeepPhoto(report, data):
                return [PhotoKept(report, sha256(data).digest(), True)]
            case DropPhotos():
                return []
            case CommitReport(record):
                self.records.append(record)
                return [ReportCommitted(record, True)]
        raise AssertionError(effect)

    @property
    def state(self) -> str:
        return self.surface.window.state.text()


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk()
    made.surface.show_snapshot(made.bridge.snapshot)
    made.surface.open(QRect())
    qtbot.waitExposed(made.surface.window)
    qtbot.waitUntil(made.surface.window.isActiveWindow)
    yield made
    made.surface.close()
    made.bridge.close()


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key) -> None:
    QTest.keyClick(focused(), key)


def tab_to(widget: QWidget) -> None:
    """Tab on until `widget` has the focus."""
    for _ in range(40):
        if focused() is widget:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reached {widget.accessibleName()}")


def test_a_report_is_written_and_sent_by_keys_alone(desk: Desk, qtbot: QtBot) -> None:
    form = desk.surface.window.form
    assert focused() is form.kinds.tiles["threat"]
    press(Qt.Key.Key_Space)
    tab_to(form.levels.tiles["1"])
    press(Qt.Key.Key_Space)
    tab_to(form.fields["text"])
    QTest.keyClicks(focused(), "He shouted.")
    for name in ("when", "place", "scope", "measures", "suggested", "follow_up", "named"):
        press(Qt.Key.Key_Tab)
        assert focused().objectName() == f"incidents.{name}"
    tab_to(form.to.tiles["lead"])
    press(Qt.Key.Key_Right)
    tab_to(desk.surface.window.send)
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(desk.records))
    record = desk.records[0]
    assert isinstance(record, ReportSent)
    assert (record.kind, record.level, record.text, record.to) == ("threat", 1, "He shouted.", "officer")
    assert desk.surface.window.right.currentWidget() is desk.surface.window.sent
    assert desk.surface.window.sent.lines["number"].text().startswith("LOCAL-")


def test_it_saves_itself_at_a_pause_and_hides_the_digits_that_are_being_typed(desk: Desk, qtbot: QtBot) -> None:
    field = desk.surface.window.form.fields["text"]
    field.setFocus()
    QTest.keyClicks(field, f"ID {ID}")
    qtbot.waitUntil(lambda: bool(desk.kept), timeout=PAUSE_MS * 10)
    assert ID.encode() not in desk.kept[-1]
    assert field.written == f"ID {ID}", "what is being typed is not taken out of the hand"
    assert desk.state.startswith("草稿已存")
    press(Qt.Key.Key_Tab)
    assert field.written == "ID [ID number …002X]"
    assert desk.state.endswith("已隐去 1 个身份证号")
    assert all(ID.encode() not in blob for blob in desk.kept)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert ID not in field.written, "what was masked cannot be undone"


def test_closing_keeps_the_last_word_without_waiting_for_the_pause(desk: Desk) -> None:
    field = desk.surface.window.form.fields["text"]
    field.setFocus()
    QTest.keyClicks(field, "last word")
    desk.surface.window.close()
    found = unpack_state(desk.kept[-1])
    assert found is not None
    assert found.drafts[0].fields[TEXT] == "last word"
    assert desk.surface.at_rest


def test_turning_to_another_window_does_not_leave_the_field(desk: Desk) -> None:
    field = desk.surface.window.form.fields["text"]
    field.setFocus()
    QTest.keyClicks(field, "1381234")
    desk.surface.save()
    other = QPushButton("elsewhere")
    other.show()
    other.activateWindow()
    deliver()
    assert b"1381234" not in desk.kept[-1]
    other.close()


def test_a_full_disk_is_said_and_the_text_stays(desk: Desk) -> None:
    desk.refuse = "full"
    field = desk.surface.window.form.fields["text"]
    field.setFocus()
    QTest.keyClicks(field, "kept in memory")
    desk.surface.save()
    assert desk.state == "磁盘满了，还没存下。先别关窗口，一有空间就存"
    assert field.written == "kept in memory"


def test_a_part_that_was_built_anew_is_told_everything_again(desk: Desk, qtbot: QtBot) -> None:
    QTest.keyClicks(desk.surface.window.form.fields["text"], "the last word")
    desk.surface.save()
    desk.part, desk.kept[:] = ReportsPart(lambda: b"\x09" * 16), []
    desk.give(ReportsLoaded(True))
    assert not desk.bridge.snapshot.reports.drafts
    desk.source.push(replace(desk.source.snapshot, faults=("part_failed",)))
    deliver()
    desk.surface.show_snapshot(desk.bridge.snapshot)
    qtbot.waitUntil(lambda: bool(desk.bridge.snapshot.reports.drafts))
    shown = [one.fields[TEXT] for one in desk.bridge.snapshot.reports.drafts]
    assert shown == ["the last word"]


def test_what_is_missing_is_said_and_nothing_is_sent(desk: Desk) -> None:
    desk.surface.window.form.fields["text"].setFocus()
    QTest.keyClicks(desk.surface.window.form.fields["text"], "words")
    desk.surface.window.send.click()
    assert (desk.records, desk.state) == ([], "还差一步：选一个类别")
    assert desk.surface.window.form.fields["text"].written == "words"


def test_a_draft_is_deleted_only_by_a_second_press(desk: Desk) -> None:
    field = desk.surface.window.form.fields["text"]
    QTest.keyClicks(field, "away")
    desk.surface.save(left=True)
    desk.surface.window.discard.click()
    assert desk.bridge.snapshot.reports.drafts
    desk.surface.window.discard.click()
    assert desk.bridge.snapshot.reports.drafts == ()
    assert field.written == ""


def test_a_report_begun_by_a_card_is_shown(desk: Desk) -> None:
    desk.post(commands.StartReport("threat", "来电说有炸弹"))
    assert desk.surface.window.form.fields["text"].written == "来电说有炸弹"
    assert desk.surface.window.form.kinds.chosen == "threat"


def test_the_cursor_is_told_in_characters_after_an_emoji_too(desk: Desk) -> None:
    field = desk.surface.window.form.fields["text"]
    field.setFocus()
    field.put("😀12")
    QTest.keyClick(field, Qt.Key.Key_End)
    assert field.place == 3
    assert place_of("😀12", 2) == 1


def test_an_instant_can_be_typed_and_nonsense_gives_way(desk: Desk) -> None:
    when = desk.surface.window.form.when
    when.show_ms(START.wall_ms)
    day = when.text()[:10]
    when.setText("9:05")
    when.editingFinished.emit()
    assert when.text() == f"{day} 09:05"
    when.setText("soon")
    when.editingFinished.emit()
    assert when.text() == f"{day} 09:05"


def test_a_note_goes_beside_a_report(desk: Desk) -> None:
    QTest.keyClicks(desk.surface.window.form.fields["text"], "words")
    desk.surface.window.form.kinds.tiles["fire"].click()
    desk.surface.window.form.levels.tiles["3"].click()
    desk.surface.window.send.click()
    QTest.keyClicks(desk.surface.window.sent.field, f"again, {ID}")
    desk.surface.window.sent.button.click()
    note = desk.records[-1]
    assert isinstance(note, ReportNote)
    assert ID not in note.text
    assert desk.surface.window.sent.lines["notes"].text() == "已补充 1 次"


def picture(width: int, height: int) -> QImage:
    """Noise, which compresses badly."""
    return QImage(os.urandom(width * height * 4), width, height, QImage.Format.Format_RGB32).copy()


def test_a_photo_is_made_anew_small_and_without_what_the_camera_wrote(tmp_path: Path) -> None:
    image = picture(2400, 1800)
    image.setText("Comment", "canary-of-the-camera")
    for name in ("a.jpg", "a.png"):
        assert image.save(str(tmp_path / name))
        assert b"canary" in (tmp_path / name).read_bytes()
        data = made_anew(read(str(tmp_path / name)))
        found = QImage.fromData(data)
        assert (data[:2], found.width(), found.height()) == (b"\xff\xd8", 1600, 1200)
        assert len(data) <= MOST_BYTES
        assert b"canary" not in data
        assert b"Exif" not in data
    (tmp_path / "b.jpg").write_bytes(b"no picture")
    assert made_anew(read(str(tmp_path / "b.jpg"))) == b""


def test_a_photo_before_the_first_word_makes_a_draft_and_leaves_with_its_report(desk: Desk) -> None:
    photos = desk.surface.window.form.photos
    photos.add(picture(40, 30))
    (draft,) = desk.bridge.snapshot.reports.drafts
    assert len(draft.photos) == 1
    for _ in range(PHOTOS_MAX):
        photos.add(picture(40, 30))
    assert len(desk.bridge.snapshot.reports.drafts[0].photos) == PHOTOS_MAX
    assert not photos.choose.isEnabled()
    photos.dropped.emit(draft.photos[0])
    assert draft.photos[0] not in desk.bridge.snapshot.reports.drafts[0].photos
    photos.add(QImage())
    assert photos.fault.text() == "这张图片打不开，换一张试试"


def test_an_open_hazard_of_the_same_kind_is_named_while_one_writes(desk: Desk) -> None:
    form = desk.surface.window.form
    form.sorts.tiles["hazard"].click()
    assert commands.AskHazards() in desk.source.posted
    shown = desk.source.snapshot
    hazards = (HazardView("SH-1", "fire", 1, "北门", "in_hand", START.wall_ms),)
    desk.source.push(replace(shown, site=SiteFace(hazards=hazards, asked_ms=1)))
    deliver()
    desk.surface.show_snapshot(desk.bridge.snapshot)
    assert not form.known.isVisible()
    form.kinds.tiles["fire"].click()
    assert form.known.text() == "已经有人报过：北门的火险，处理中"


def test_a_suggestion_is_dropped_in_and_its_code_shown_once(desk: Desk) -> None:
    page = desk.surface.window.suggest
    desk.surface.window.choose("suggest")
    assert not desk.surface.window.send.isVisible()
    QTest.keyClicks(page.field, "more water")
    desk.surface.window.close()
    assert not desk.surface.at_rest, "what is typed there is kept nowhere else"
    page.send.click()
    assert commands.Suggest("more water") in desk.source.posted
    code = bytes(range(16))
    shown = desk.source.snapshot
    desk.source.push(replace(shown, site=SiteFace(code=code, suggestion="full")))
    deliver()
    desk.surface.show_snapshot(desk.bridge.snapshot)
    desk.surface.open(QRect())
    desk.surface.window.choose("suggest")
    assert page.code.text() == code_text(code)
    assert page.labels["suggest_unkept"].isVisible()
    page.done.click()
    assert commands.PutCodeAway() in desk.source.posted
    page.asked.setText(code_text(code).lower())
    page.look.click()
    assert commands.AskAnswer(code) in desk.source.posted
    page.asked.setText("short")
    page.look.click()
    assert page.reply.text() == "回执码是 26 个字母和数字。"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_control_has_a_name_and_nothing_is_cut(qtbot: QtBot, state: str, language: str) -> None:
    theme().choose("light", language)
    (window,) = build(state)
    qtbot.waitExposed(window)
    deliver()
    assert nameless_controls(window) == []
    assert cut_labels(window) == []
    assert [tile.text() for tile in window.findChildren(Tile) if tile.isVisibleTo(window) and not tile.words_fit()] == []
    surface = BUILT[2]
    assert isinstance(surface, Incidents)
    surface.close()


def test_another_language_is_spoken_at_once(desk: Desk) -> None:
    shown = desk.source.snapshot
    desk.source.push(replace(shown, settings=replace(shown.settings, language="en")))
    deliver()
    desk.surface.show_snapshot(desk.bridge.snapshot)
    assert desk.surface.window.send.text() == "Send"
    assert desk.surface.window.form.kinds.tiles["fire"].text() == "Fire risk"
