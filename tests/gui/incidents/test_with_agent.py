"""The form on a running agent: what is typed with real keys is in the encrypted file when the pause is over, masked."""

from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.agent.reports import FIELDS, unpack_state
from app.tools.stage import Stage
from tests.helpers.agent import machine, running
from ui.bridge import Bridge
from ui.faces import Entry, Faces

TEXT = FIELDS.index("text")


def test_typed_with_real_keys_saved_masked_and_there_again_after_a_restart(
    stage: Stage, qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    on = machine()
    registry = (Entry("incidents", lambda _: False),)
    with running(tmp_path, on) as pc:
        pc.seen.until(lambda shown: shown.reports.loaded, "the files")
        bridge = Bridge(pc.agent)
        faces = Faces(bridge, registry)
        faces.open("incidents", QRect())
        surface = faces.built["incidents"]
        qtbot.waitUntil(surface.window.isActiveWindow)  # type: ignore[attr-defined]  # the surface of this registry
        form = surface.window.form  # type: ignore[attr-defined]  # the surface of this registry
        form.fields["text"].setFocus()
        stage.type_text("call 13812345678 back")
        qtbot.waitUntil(lambda: form.fields["text"].written.endswith("back"), timeout=10_000)
        qtbot.waitUntil(lambda: bool(bridge.snapshot.reports.drafts and bridge.snapshot.reports.drafts[0].saved), timeout=10_000)
        form.fields["place"].setFocus()
        qtbot.waitUntil(lambda: "13812345678" not in form.fields["text"].written, timeout=10_000)
        surface.window.close()  # type: ignore[attr-defined]  # the surface of this registry
        qtbot.waitUntil(lambda: "incidents" not in faces.built)
        faces.close()
        bridge.close()
    with running(tmp_path, on) as pc:
        shown = pc.seen.until(lambda shown: shown.reports.drafts, "the draft of the last run")
        assert shown.reports.drafts[0].fields[TEXT] == "call [phone …5678] back"
        local = pc.agent._files.local
        assert local is not None
        state = unpack_state(local.get("reports") or b"")
        assert state is not None
        assert b"13812345678" not in (local.get("reports") or b"")
