import pytest

from app.privacy.masking import Kind, mask_draft


@pytest.mark.parametrize(
    ("text", "cursor", "wanted"),
    [
        ("他的手机138", None, "他的手机138"),
        ("他的手机1380", None, "他的手机[输入中]"),
        ("他的手机138 0013 8000", None, "他的手机[输入中]"),
        ("他的手机138 0013 8000，", None, "他的手机[输入中]，"),
        ("他的手机138 0013 8000，明天", None, "他的手机[电话 …8000]，明天"),
        ("幺三八零", None, "[输入中]"),
        ("it is one three eight zero ze", None, "it is [typing] ze"),
        ("it is double five tri", None, "it is double five tri"),
        ("订单 20261121 说明", 6, "订单 [输入中] 说明"),
        ("订单 20261121 说明", None, "订单 20261121 说明"),
        ("订单 20261121 说明", 0, "订单 20261121 说明"),
        ("12345678 与 87654321", 10, "12345678 与 87654321"),
        ("1234", 99, "[输入中]"),
        ("1234", -5, "[输入中]"),
        ("護照號碼E1234", None, "護照號碼E[輸入中]"),
        ("13800138000 与 13900139000", None, "[电话 …8000] 与 [输入中]"),
        ("", None, ""),
    ],
)
def test_digits_at_the_cursor_are_not_stored(text: str, cursor: int | None, wanted: str) -> None:
    assert mask_draft(text, cursor).text == wanted


def test_what_was_found_around_the_cursor_goes_whole() -> None:
    masked = mask_draft("护照E12345678", 5)
    assert [(span.kind, span.start, span.end) for span in masked.spans] == [(Kind.TYPING, 2, 11)]


def test_a_number_typed_into_the_middle_of_a_text_is_hidden_too() -> None:
    assert mask_draft("客户  说他在家", 3).text == "客户  说他在家"
    for size in range(4, 12):
        assert mask_draft(f"客户 {'13800138000'[:size]} 说他在家", 3 + size).text == "客户 [输入中] 说他在家"
