"""The bill of materials, and the comparison of two installers."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.unit.windows_build.loading import FOLDER, loaded

LOCK = """
version = 1
[[package]]
name = "some-thing"
version = "1.2"
wheels = [
  { url = "https://x/some_thing-1.2-cp311-cp311-win_amd64.whl", hash = "sha256:311" },
  { url = "https://x/some_thing-1.2-cp312-cp312-win_amd64.whl", hash = "sha256:312" },
  { url = "https://x/some_thing-1.2-cp312-cp312-manylinux_2_17_x86_64.whl", hash = "sha256:linux" },
  { url = "https://x/some_thing-1.2-py3-none-any.whl", hash = "sha256:pure" },
]
[[package]]
name = "stable"
version = "2"
wheels = [
  { url = "https://x/stable-2-cp313-abi3-win_amd64.whl", hash = "sha256:new" },
  { url = "https://x/stable-2-cp39-abi3-win_amd64.whl", hash = "sha256:39" },
  { url = "https://x/stable-2-cp311-abi3-win_amd64.whl", hash = "sha256:311" },
  { url = "https://x/stable-2-cp39-abi3-win32.whl", hash = "sha256:32" },
]
[[package]]
name = "pure"
version = "3"
wheels = [{ url = "https://x/pure-3-py2.py3-none-any.whl", hash = "sha256:any" }]
[[package]]
name = "safeseat"
version = "0"
"""


@pytest.fixture
def lib(tmp_path: Path) -> Path:
    metadata = {
        "some_thing-1.2": "Name: Some_Thing\nVersion: 1.2\nLicense-Expression: MIT OR Apache-2.0\nLicense: ignored\n",
        "stable-2": "Name: stable\nVersion: 2\nLicense: BSD\n of three clauses\n",
        "pure-3": "Name: pure\nVersion: 3\nClassifier: Topic :: X\nClassifier: License :: OSI Approved :: ISC License (ISCL)\n",
        "silent-4": "Name: silent\nVersion: 4\n",
    }
    for name, text in metadata.items():
        folder = tmp_path / "lib" / f"{name}.dist-info"
        folder.mkdir(parents=True)
        (folder / "METADATA").write_text(f"Metadata-Version: 2.4\n{text}\nLicense: in the description\n", encoding="utf-8")
    (tmp_path / "runtime").mkdir()
    resource = "ProductVersion\0\0".encode("utf-16-le") + "3.12.9".encode("utf-16-le")
    (tmp_path / "runtime" / "python312.dll").write_bytes(b"MZ" + resource)
    return tmp_path


def test_every_package_stands_in_the_bill_with_version_hash_and_licence(lib: Path) -> None:
    bill = json.loads(loaded("materials").bill(lib / "lib", lib / "runtime", "1.2.3", LOCK))
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.5", 1)
    assert bill["serialNumber"].startswith("urn:uuid:")
    parts = {part["name"]: part for part in bill["components"]}
    assert set(parts) == {"CPython", "Some_Thing", "stable", "pure", "silent"}
    assert parts["CPython"]["version"] == "3.12.9"
    assert parts["CPython"]["hashes"][0]["content"] == hashlib.sha256((lib / "runtime" / "python312.dll").read_bytes()).hexdigest()
    assert parts["Some_Thing"]["purl"] == "pkg:pypi/some-thing@1.2"
    assert {name: part["hashes"][0]["content"] for name, part in parts.items() if name not in {"CPython", "silent"}} == {
        "Some_Thing": "312", "stable": "311", "pure": "any",
    }  # fmt: skip
    assert "hashes" not in parts["silent"]
    assert parts["Some_Thing"]["licenses"] == [{"expression": "MIT OR Apache-2.0"}]
    assert parts["stable"]["licenses"] == [{"license": {"name": "BSD"}}]
    assert parts["pure"]["licenses"] == [{"license": {"name": "ISC License (ISCL)"}}]
    assert parts["silent"]["licenses"] == [{"license": {"name": "see its licence file"}}]
    references = [part["bom-ref"] for part in bill["components"]]
    assert len(set(references)) == len(references)
    assert bill["dependencies"] == [{"ref": "safeseat", "dependsOn": references}]
    assert bill["metadata"]["component"]["version"] == "1.2.3"


def test_the_same_packages_give_the_same_bill(lib: Path) -> None:
    materials = loaded("materials")
    one, two = (materials.bill(lib / "lib", lib / "runtime", "1", LOCK) for _ in range(2))
    assert one == two
    assert json.loads(one)["serialNumber"] != json.loads(materials.bill(lib / "lib", lib / "runtime", "2", LOCK))["serialNumber"]


def test_the_projects_lock_has_a_windows_wheel_for_what_the_tray_needs() -> None:
    hashes = loaded("materials").wheel_hashes((FOLDER.parents[1] / "uv.lock").read_text(encoding="utf-8"))
    for name in ("msgspec", "cryptography", "sqlcipher3", "pyside6-essentials", "keyring", "psutil", "zstandard"):
        assert [digest for key, digest in hashes.items() if key.startswith(f"{name}==") and len(digest) == 64], name


def test_a_difference_between_two_installers_is_named_with_its_rows() -> None:
    compare = loaded("compare_msi")
    one = {"table Property": "Property\tValue\nA\t1\nB\t2", "file SafeSeat/a": "1", "stream Icon": "9"}
    two = {"table Property": "Property\tValue\nA\t1\nB\t3", "file SafeSeat/b": "1", "stream Icon": "9"}
    assert compare.differences(one, dict(one)) == []
    assert compare.differences(one, two) == [
        "file SafeSeat/a: only in the first", "file SafeSeat/b: only in the second", "table Property: differs: B 2 | B 3",
    ]  # fmt: skip
    assert compare.main(["one.msi"]) == 2
    assert compare.main(["none.msi", "none.msi"]) == 3
