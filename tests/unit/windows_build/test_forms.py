"""The forms of the values that IT gives the installer, as its own library checks them; compiled here for this machine."""

import ctypes
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.protocol.enrol import Token, parse_token
from app.protocol.errors import ProtocolError
from tests.unit.windows_build.loading import FOLDER

SOURCE = """
#include "handover_forms.h"
int token(const unit *text, size_t size, char *out) { return forms_token(text, size, out); }
int key(const unit *text, size_t size) { return forms_key(text, size); }
int site(const unit *text, size_t size) { return forms_site(text, size); }
int url(const unit *text, size_t size) { return forms_url(text, size); }
size_t from_file(const unsigned char *data, size_t size, unit *out) { return forms_file(data, size, out); }
"""

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="needs a C compiler")


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    folder = tmp_path_factory.mktemp("forms")
    (folder / "forms.c").write_text(SOURCE, encoding="ascii")
    flags = ["-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-fsanitize=undefined", "-fno-sanitize-recover=all"]
    library = folder / "forms.so"
    subprocess.run(["gcc", *flags, f"-I{FOLDER}", folder / "forms.c", "-o", library], check=True, timeout=60)
    made = ctypes.CDLL(str(library))
    made.from_file.restype = ctypes.c_size_t
    return made


def units(text: str) -> tuple[ctypes.Array[ctypes.c_uint16], ctypes.c_size_t]:
    data = text.encode("utf-16-le", "surrogatepass")
    return (ctypes.c_uint16 * (len(data) // 2 or 1)).from_buffer_copy(data or b"\0\0"), ctypes.c_size_t(len(data) // 2)


def well(function: Callable[..., int], text: str) -> bool:
    return bool(function(*units(text)))


def code_in(forms: ctypes.CDLL, text: str) -> str | None:
    """The letters that the library would seal, None if it refuses."""
    out = ctypes.create_string_buffer(b"\xff" * 77, 78)
    taken = forms.token(*units(text), out)
    if not taken:
        assert out.raw == bytes(78)
    return out.value.decode("ascii") if taken else None


def meant(text: str) -> str | None:
    try:
        return parse_token(text).text()
    except ProtocolError:
        return None


CODES = st.builds(Token, st.binary(min_size=8, max_size=8), st.binary(min_size=20, max_size=20), st.binary(min_size=20, max_size=20)).map(Token.text)


@given(CODES)
def test_a_code_is_taken_however_it_was_pasted_just_as_the_program_reads_it(forms: ctypes.CDLL, code: str) -> None:
    pasted = "  " + "-".join(code[at : at + 4].lower() for at in range(0, 77, 4)) + "\r\n"
    assert code_in(forms, pasted) == meant(pasted)
    assert code_in(forms, code) == meant(code)


@given(CODES, st.integers(0, 76), st.sampled_from("A7B1089= -!é中\0"), st.sampled_from(["replace", "insert", "drop"]))
def test_a_wrong_code_is_refused_just_as_the_program_refuses_it(forms: ctypes.CDLL, code: str, at: int, other: str, how: str) -> None:
    wrong = code[:at] + ("" if how == "drop" else other) + code[at + (how != "insert") :]
    assert code_in(forms, wrong) == meant(wrong)


@given(st.text(max_size=120))
def test_no_text_at_all_makes_the_library_take_what_the_program_would_not(forms: ctypes.CDLL, text: str) -> None:
    assert code_in(forms, text) in {meant(text), None}


def test_a_code_without_a_name_is_refused(forms: ctypes.CDLL) -> None:
    assert code_in(forms, Token(bytes(8), b"s" * 20, b"f" * 20).text()) is None
    assert code_in(forms, Token(bytes(7) + b"\x01", b"s" * 20, b"f" * 20).text()) is not None
    assert code_in(forms, Token(bytes(7) + b"\x10", b"s" * 20, b"f" * 20).text()) is not None


def test_the_fingerprint_has_the_form_that_the_server_prints(forms: ctypes.CDLL) -> None:
    assert well(forms.key, bytes(range(20)).hex())
    assert well(forms.key, bytes(range(20)).hex().upper())
    for wrong in ("", "ab" * 19, "ab" * 21, "ab" * 19 + "ag", "ab" * 19 + " a"):
        assert not well(forms.key, wrong)


@pytest.mark.parametrize("name", ["A", "天河三樓", "Tianhe 3F (north)", "é" * 64, "𠮷" * 64])
def test_a_site_may_have_any_printable_name(forms: ctypes.CDLL, name: str) -> None:
    assert well(forms.site, name)


@pytest.mark.parametrize(
    "name", ["", " A", "A ", "a\tb", "a\nb", "x" * 65, "𠮷" * 65, "a\u202eb", "a\u200bb", "\ufeffa", "\ud800", "a\udc00", "a\x7fb", "a\uffff", "\ue000"]
)
def test_a_site_with_hidden_turned_or_too_many_characters_is_refused(forms: ctypes.CDLL, name: str) -> None:
    assert not well(forms.site, name)


@pytest.mark.parametrize("address", ["https://a", "https://a.example:8443", "https://a.example/", "http://localhost", "http://localhost:8080/", "http://[::1]:1", "http://127.0.0.1:80"])
def test_a_server_has_an_address_over_tls_or_on_this_pc(forms: ctypes.CDLL, address: str) -> None:
    assert well(forms.url, address)


@pytest.mark.parametrize(
    "address",
    ["", "https://", "https:///", "http://a.example", "http://localhost.evil", "http://localhost:", "http://localhost:123456", "http://localhost:8x", "http://localhost//",
     "https://a/b", "https://a?b", "https://u@a", "https://a b", 'https://a"b', "ftp://a", "https://" + "a" * 500],
)  # fmt: skip
def test_any_other_address_is_refused(forms: ctypes.CDLL, address: str) -> None:
    assert not well(forms.url, address)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_is_read_as_editors_and_the_command_line_write_it(forms: ctypes.CDLL, encoding: str, tmp_path: Path) -> None:
    code = Token(b"i" * 8, b"s" * 20, b"f" * 20).text()
    data = f"{code}\r\n".encode(encoding)
    out = (ctypes.c_uint16 * 1024)()
    size = forms.from_file(data, ctypes.c_size_t(len(data)), out)
    assert "".join(map(chr, out[:size])) == f"{code}\r\n"


@given(st.binary(max_size=1024))
def test_any_file_of_one_kibibyte_fits_the_room(forms: ctypes.CDLL, data: bytes) -> None:
    out = (ctypes.c_uint16 * 1025)(*[0] * 1024, 0xBEEF)
    assert forms.from_file(data, ctypes.c_size_t(len(data)), out) <= 1024
    assert out[1024] == 0xBEEF
