"""The installer's own actions: what runs as whom and when, and that what wixl writes is checked."""

from pathlib import Path

import pytest

from tests.unit.windows_build.loading import loaded

DEFERRED, ROLLBACK, COMMIT, AS_SYSTEM, HIDE_TARGET, CONTINUE = 1024, 256, 512, 2048, 8192, 64
HEAD = "a\tb\ns1\ts2\nT\ta\n"


def tables() -> tuple[list[str], list[str], list[str]]:
    actions = loaded("actions").ACTIONS
    custom = [f"{one.name}\t{one.kind}\t{one.source}\t{one.target}\t" for one in actions]
    places = [f"{one.name}\t{one.condition}\t{one.sequence}" for one in actions]
    window = [f"{one.name}\t{one.condition}\t{one.sequence}" for one in actions if one.in_window]
    return custom, [*places, "InstallInitialize\t\t1500", "RemoveExistingProducts\t\t1501"], window


def text(rows: list[str]) -> str:
    return HEAD + "\n".join(rows) + "\n"


def test_an_installer_as_it_is_meant_has_no_fault() -> None:
    custom, places, window = tables()
    assert loaded("actions").faults(text(custom), text(places), text(window)) == []


@pytest.mark.parametrize("which", [0, 1, 2])
def test_an_action_that_is_missing_or_changed_or_unknown_is_a_fault(which: int) -> None:
    actions = loaded("actions")
    for change in ("drop", "alter", "add"):
        rows = list(tables())
        altered = list(rows[which])
        if change == "drop":
            altered.pop(0)
        elif change == "alter":
            altered[0] = altered[0].replace("SERVER_URL", "SERVER_KEY", 1)
        else:
            altered.append(altered[0].replace("Save_", "Own_"))
        rows[which] = altered
        found = actions.faults(*(text(table) for table in rows))
        assert found or (change == "add" and which == 2)


def test_the_values_are_checked_before_anything_is_changed_and_trays_stop_before_files_in_use_are_looked_for() -> None:
    places = {one.name: one.sequence for one in loaded("actions").ACTIONS}
    assert 100 < places["CheckValues"] < places["StopTraysNow"] < 1400
    later = [name for name, number in places.items() if number > 1400]
    assert set(later) == {"StopTrays", "UndoEnrolment", "StoreEnrolment", "WipeSealedCode", "ForgetEnrolment", "EraseTokenFile", "StartTrays"}


def test_what_is_undone_stands_before_what_it_undoes_and_what_ends_only_after_success() -> None:
    actions = {one.name: one for one in loaded("actions").ACTIONS}
    assert actions["UndoEnrolment"].kind & (DEFERRED | ROLLBACK) == DEFERRED | ROLLBACK
    assert actions["UndoEnrolment"].sequence < actions["StoreEnrolment"].sequence
    for name in ("EraseTokenFile", "StartTrays"):
        assert actions[name].kind & (DEFERRED | COMMIT | CONTINUE) == DEFERRED | COMMIT | CONTINUE


def test_the_file_of_the_code_is_never_deleted_with_the_systems_rights() -> None:
    actions = {one.name: one for one in loaded("actions").ACTIONS}
    assert not actions["EraseTokenFile"].kind & AS_SYSTEM
    assert actions["StoreEnrolment"].kind & (AS_SYSTEM | HIDE_TARGET) == AS_SYSTEM | HIDE_TARGET


def test_the_sealed_code_is_wiped_from_the_properties_as_soon_as_it_is_on_its_way() -> None:
    actions = {one.name: one for one in loaded("actions").ACTIONS}
    wipe = actions["WipeSealedCode"]
    assert (wipe.kind, wipe.source, wipe.target) == (51, "StoreEnrolment", "")
    assert wipe.sequence == actions["StoreEnrolment"].sequence + 1
    assert not wipe.in_window


def test_no_tray_ever_fails_an_installation() -> None:
    for one in loaded("actions").ACTIONS:
        if "Trays" in one.name or "Erase" in one.name or "Forget" in one.name or "Undo" in one.name:
            assert one.kind & CONTINUE


def test_data_of_actions_cannot_be_given_on_a_command_line() -> None:
    """Windows Installer takes only names without small letters from a command line."""
    for one in loaded("actions").ACTIONS:
        assert not one.name.isupper()
        if one.target.startswith("[Given_"):
            assert not one.condition.isupper()


def test_a_warning_of_wixl_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = loaded("make_msi")
    monkeypatch.setattr(build, "OUT", tmp_path / "out")
    (tmp_path / "out" / "stage").mkdir(parents=True)
    wixl = tmp_path / "bin" / "wixl"
    wixl.parent.mkdir()
    wixl.write_text("#!/bin/sh\necho 'object class has no property named Secure' >&2\n")
    wixl.chmod(0o755)
    monkeypatch.setenv("PATH", str(wixl.parent), prepend=":")
    with pytest.raises(build.BuildError, match="wixl warned"):
        build.installer(tmp_path / "out" / "stage", "1.2.3")
