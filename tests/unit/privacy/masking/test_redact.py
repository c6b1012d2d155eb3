import io
import json
import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from app.privacy.masking.redact import Redactor, redact


def through(text: bytes, language: str | None = None, as_json: bool = False) -> tuple[bytes, bool]:
    out = io.BytesIO()
    clean = redact(io.BytesIO(text), out, language, as_json)
    return out.getvalue(), clean


def test_lines_go_out_masked_with_their_own_ends() -> None:
    text = "手机 13800138000。\r\n普通的一行\n\n最后13800138000"
    assert through(text.encode()) == ("手机 [电话 …8000]。\r\n普通的一行\n\n最后[电话 …8000]".encode(), True)


def test_a_number_broken_over_lines_is_marked_in_each() -> None:
    text = "身份证110105\n19491231\n002X，好\n"
    assert through(text.encode())[0].decode() == "身份证[身份证 …002X]\n[…]\n[…]，好\n"


def test_json_lines_tell_kinds_and_places_in_the_line() -> None:
    out, _ = through("好\n手机\n13800138000 与 a@b.cn\n".encode(), "en", as_json=True)
    assert [json.loads(line) for line in out.splitlines()] == [
        {"line": 1, "text": "好", "found": []},
        {"line": 2, "text": "手机", "found": []},
        {
            "line": 3,
            "text": "[phone …8000] 与 [mail]",
            "found": [
                {"kind": "phone", "start": 0, "end": 11, "mark": "[phone …8000]"},
                {"kind": "mail", "start": 14, "end": 20, "mark": "[mail]"},
            ],
        },
    ]


def test_bytes_that_are_no_text_pass_unchanged_and_are_told() -> None:
    assert through(b"a\xff\xfe\n13800138000\xe4\n") == (b"a\xff\xfe\n" + "[电话 …8000]".encode() + b"\xe4\n", False)
    out, clean = through(b"a\xff", as_json=True)
    assert (json.loads(out)["text"], clean) == ("a\ufffd", False)
    assert through(b"a\n\xe4")[1] is False


def test_a_line_waits_only_if_a_number_may_go_on_in_the_next() -> None:
    redactor = Redactor()
    assert redactor.feed("完了。\n")[0] == "完了。\n"
    assert redactor.feed("手机是\n")[0] == "手机是\n"
    for open_end in ("138\n", "幺三八 \r\n", "one three\n", "电话：\n"):
        assert redactor.feed(open_end) == ("", ())
        assert redactor.feed("好。\n")[0] == open_end + "好。\n"
    assert redactor.finish() == ("", ())


def test_a_file_of_numbers_only_is_not_held_for_ever() -> None:
    redactor = Redactor()
    held, given_out, worst = 0, 0, 0
    for number in range(3000):
        line = f"13800{number:06}\n"
        held += len(line)
        given_out += len(redactor.feed(line)[0])
        worst = max(worst, held - given_out)
    assert worst < 10_000
    text = "".join(f"13800{number:06}\n" for number in range(3000))
    masked = through(text.encode())[0].decode().splitlines()
    assert masked == [f"[电话 …{number:06}"[:5] + f"{number % 10000:04}]" for number in range(3000)]


def test_one_line_without_end_is_cut_only_where_nothing_is_masked() -> None:
    text = "手机13800138000，" * 6000
    assert through(text.encode())[0].decode() == "手机[电话 …8000]，" * 6000
    out, _ = through(text.encode(), as_json=True)
    line = json.loads(out)
    assert line["text"] == "手机[电话 …8000]，" * 6000
    assert all(text[found["start"] : found["end"]] == "13800138000" for found in line["found"])


def test_a_cut_never_falls_into_a_number() -> None:
    for behind in range(1004, 1026, 3):
        text = "。" * 7180 + "110105194912\n31002X" + "。" * behind
        assert through(text.encode())[0].decode() == "。" * 7180 + "[身份证 …002X]\n[…]" + "。" * behind


@settings(max_examples=60)
@given(st.text(), st.integers(1, 9))
def test_a_stream_loses_nothing(text: str, size: int) -> None:
    redactor = Redactor()
    parts = [redactor.feed(text[at : at + size]) for at in range(0, len(text), size)]
    parts.append(redactor.finish())
    assert "".join(part for part, _ in parts) == text
    assert through(text.encode())[1] is True


def test_the_command_masks_a_pipe() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "redact", "--lang", "zh_TW"],
        input="手机13800138000\xff".encode("latin-1", "ignore") + "手机 13800138000".encode(), capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.decode("utf-8", "surrogateescape").endswith("手机 [電話 …8000]")
    assert b"no UTF-8" in done.stderr
