"""Signing what is built, and refusing a runtime that somebody else signed; with real programs and self-made certificates."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from tests.unit.windows_build.loading import loaded

MISSING = [name for name in ("osslsigncode", "x86_64-w64-mingw32-gcc", "x86_64-w64-mingw32-windres") if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"needs {', '.join(MISSING)} (packaging/dev.py msi installs them)")

REPORT = """
Signer's certificate:
\t------------------
\tSigner #0:
\t\tSubject: /C=DE/O={signer}/CN=x
\t\tIssuer : /C=US/O=Microsoft Corporation/CN=Microsoft ID Verified CS AOC CA 02

Timestamp verified using:
\tSigner #0:
\t\tSubject: /C=US/O=Microsoft Corporation/CN=Microsoft Public RSA Time Stamping Authority
"""


class Authority:
    """A certificate that signs programs, its key, and the command that `--sign` takes."""

    def __init__(self, folder: Path, organisation: str) -> None:
        key = rsa.generate_private_key(65537, 2048)
        name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation), x509.NameAttribute(NameOID.COMMON_NAME, "for a test")])
        now = dt.datetime.now(dt.UTC)
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
        builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
        folder.mkdir()
        self.certificate, private, script = folder / "own.pem", folder / "own.key", folder / "sign it.sh"
        self.certificate.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
        private.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        )
        script.write_text(
            f'set -e\nosslsigncode sign -certs "{self.certificate}" -key "{private}" -h sha256 -in "$1" -out "$1.new"\nmv "$1.new" "$1"\n', encoding="utf-8"
        )
        self.command = f"sh '{script}'"


@pytest.fixture(scope="module")
def launcher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real launcher, built as the installer's are but in a folder of the test."""
    build = loaded("make_msi")
    folder = tmp_path_factory.mktemp("launcher")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "OUT", folder)
        build.launcher(folder / "SafeSeat.exe", "SafeSeat", ['-DMODULE=L"ui"', "-DWINDOW", "-mwindows"], "1.2.3")
    return folder / "SafeSeat.exe"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("own") / "keys", "A Company's IT")


def test_the_signing_command_signs_what_carries_no_signature_and_leaves_the_rest(launcher: Path, own: Authority, tmp_path: Path) -> None:
    signatures = loaded("signatures")
    (tmp_path / "bin").mkdir()
    for name in ("SafeSeat.exe", "bin/safeseat.exe"):
        shutil.copy(launcher, tmp_path / name)
    (tmp_path / "readme.txt").write_text("no program")
    assert not signatures.is_signed((tmp_path / "SafeSeat.exe").read_bytes())
    assert signatures.sign_unsigned(tmp_path, None) == 0
    assert signatures.sign_unsigned(tmp_path, own.command) == 2
    assert signatures.is_signed((tmp_path / "bin" / "safeseat.exe").read_bytes())
    assert signatures.publisher(tmp_path / "SafeSeat.exe", own.certificate) == "A Company's IT"
    assert signatures.sign_unsigned(tmp_path, own.command) == 0


def test_a_signing_command_that_fails_stops_the_build(launcher: Path) -> None:
    with pytest.raises(loaded("make_msi").BuildError, match="false failed"):
        loaded("make_msi").signatures.sign(launcher, "false")


def test_a_program_that_was_changed_after_signing_has_no_publisher(launcher: Path, own: Authority, tmp_path: Path) -> None:
    signatures = loaded("signatures")
    file = Path(shutil.copy(launcher, tmp_path))
    signatures.sign(file, own.command)
    data = bytearray(file.read_bytes())
    data[0x600] ^= 1
    file.write_bytes(data)
    assert signatures.publisher(file, own.certificate) == ""


def test_a_program_of_an_authority_that_nobody_knows_has_no_publisher(launcher: Path, own: Authority, tmp_path: Path) -> None:
    signatures = loaded("signatures")
    stranger = Authority(tmp_path / "stranger", "Python Software Foundation")
    file = Path(shutil.copy(launcher, tmp_path))
    signatures.sign(file, stranger.command)
    assert signatures.publisher(file, own.certificate) == ""
    assert signatures.publisher(file, stranger.certificate) == "Python Software Foundation"


@pytest.mark.parametrize("signer", ["A Stranger", "Not the Python Software Foundation", "Microsoft Corporation Fans"])
def test_only_the_signer_counts_and_not_the_authority_or_the_time_stamp(signer: str) -> None:
    signatures = loaded("signatures")
    assert signatures.organisation(REPORT.format(signer=signer)) == signer
    assert signer not in signatures.PUBLISHERS
    assert signatures.organisation(REPORT.format(signer="Python Software Foundation")) in signatures.PUBLISHERS
    assert signatures.organisation("Succeeded") == ""


def runtime_folder(launcher: Path, folder: Path) -> Path:
    folder.mkdir()
    for name in ("python312.dll", "vcruntime140.dll", "_ctypes.pyd"):
        shutil.copy(launcher, folder / name)
    for name in ("python312.zip", "python312._pth", "LICENSE.txt", "python.cat"):
        (folder / name).write_bytes(b"")
    return folder


def test_a_runtime_of_the_right_publisher_is_taken_and_its_import_path_is_ours(launcher: Path, tmp_path: Path) -> None:
    payload = loaded("payload")
    publisher = Authority(tmp_path / "keys", "Python Software Foundation")
    given = runtime_folder(launcher, tmp_path / "given")
    assert loaded("signatures").sign_unsigned(given, publisher.command) == 3
    payload.runtime(tmp_path / "taken", given, publisher.certificate)
    assert sorted(file.name for file in (tmp_path / "taken").iterdir()) == [
        "LICENSE.txt", "_ctypes.pyd", "python312._pth", "python312.dll", "python312.zip", "vcruntime140.dll",
    ]  # fmt: skip
    assert (tmp_path / "taken" / "python312._pth").read_text() == payload.SEARCH_PATH


def test_a_runtime_that_is_not_signed_by_its_publisher_is_refused_with_a_sentence(launcher: Path, own: Authority, tmp_path: Path) -> None:
    payload = loaded("payload")
    given = runtime_folder(launcher, tmp_path / "given")
    with pytest.raises(payload.BuildError, match=r"^_ctypes\.pyd is not signed by the Python Software Foundation or Microsoft Corporation, or was changed"):
        payload.runtime(tmp_path / "unsigned", given, own.certificate)
    loaded("signatures").sign_unsigned(given, own.command)
    with pytest.raises(payload.BuildError, match="is not signed by the Python Software Foundation"):
        payload.runtime(tmp_path / "foreign", given, own.certificate)


@pytest.mark.parametrize(("change", "sentence"), [
    ("python312.zip", "holds no python312.zip"), ("+site-packages", "holds site-packages, which does not belong"),
    ("+sitecustomize.py", "holds sitecustomize.py, which does not belong"), ("~python312.dll", "not for 64-bit Windows"),
])  # fmt: skip
def test_a_folder_that_is_no_embeddable_package_is_refused_with_a_sentence(launcher: Path, tmp_path: Path, change: str, sentence: str) -> None:
    payload = loaded("payload")
    given = runtime_folder(launcher, tmp_path / "given")
    if change == "+site-packages":
        (given / "site-packages").mkdir()
    elif change.startswith("+"):
        (given / change[1:]).write_text("")
    elif change.startswith("~"):
        (given / change[1:]).write_bytes(b"MZ" + bytes(200))
    else:
        (given / change).unlink()
    with pytest.raises(payload.BuildError, match=sentence):
        payload.runtime(tmp_path / "taken", given, tmp_path / "none.pem")


def test_a_launcher_is_the_same_every_time_and_says_what_it_is(launcher: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = loaded("make_msi")
    monkeypatch.setattr(build, "OUT", tmp_path)
    build.launcher(tmp_path / "SafeSeat.exe", "SafeSeat", ['-DMODULE=L"ui"', "-DWINDOW", "-mwindows"], "1.2.3")
    assert (tmp_path / "SafeSeat.exe").read_bytes() == launcher.read_bytes()
    assert "1.2.3".encode("utf-16-le") in launcher.read_bytes()


def test_the_installers_own_library_offers_every_action_and_is_the_same_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = loaded("make_msi")
    monkeypatch.setattr(build, "OUT", tmp_path)
    for name in ("one.dll", "two.dll"):
        (tmp_path / name).mkdir()
        build.handover(tmp_path / name / "handover.dll", "1.2.3")
    one = tmp_path / "one.dll" / "handover.dll"
    assert one.read_bytes() == (tmp_path / "two.dll" / "handover.dll").read_bytes()
    said = subprocess.run(["x86_64-w64-mingw32-objdump", "-p", one], capture_output=True, text=True, check=True, timeout=30).stdout
    for action in loaded("actions").ACTIONS:
        if action.kind & 63 == 1:
            assert f"] {action.target}\n" in said.replace(" \n", "\n"), action.target
