import random
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.privacy.masking import Kind, Masked, mask, mask_draft, mask_fields
from app.privacy.masking.digits import runs
from app.privacy.masking.flat import Flat
from tests.unit.privacy.masking.making import cards, identities, mobiles, written

FRAGMENTS = (
    "电话", "手机:", "13800138000", "138", "0013", "8000", "110101", "19900307", "1233", "6222", "0212345678901", "订单号", "身份证",
    "ID ", "card ", "one ", "double three ", "X", "x", "-", " ", "\n", ".", "(", ")", "（", "＋86", "+", "@", "qq.com", "zhang", "路",
    "5号", "栋", "501室", "住在", "[电话 …1234]", "[", "]", "…", "\u200b", "１２３", "一二三", "幺", "三", "号", "，", "。", "或",
    "2026-11-21", "10:42", "E", "E12345678", "A123456(3)", "粤B12345", "¥", "元", "/", "_", "tel", "\ue000", "\ue001", "\ue002",
    "\ud800", "😀", "护照", "passport ", " at ", " dot ", "12 Nathan Road", "Flat 5, ", "5/1234567/8", "叉", "嗯", "9123 4567", "0086", "\r\n",
    "車", "轎車", "的車主", "BGR-3906", "TR 6052", "LK19 ZPT", "福华三路", "国际商会中心", "2801", "天津市南开区", "-5", "#", "(a)", "A", "數字", "x22", "一直",
    "转8013", "#315", " ext. 22", "-803", "司機", "租賃車", "PA7203618", "护照是", "3号楼", "2单元", "412号楼1706", " Apt 5", "9F.-2, ", " nine hundred ", "4-7-2",
)  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(FRAGMENTS), max_size=16).map("".join))


def check(text: str, masked: Masked) -> None:
    pieces, position = [], 0
    for span in masked.spans:
        assert position <= span.start < span.end <= len(text)
        pieces += [text[position : span.start], span.mark]
        position = span.end
    assert "".join([*pieces, text[position:]]) == masked.text


@given(texts)
def test_every_character_outside_the_spans_stays(text: str) -> None:
    check(text, mask(text))


@settings(max_examples=200)
@given(texts)
def test_masking_twice_is_masking_once(text: str) -> None:
    once = mask(text).text
    assert mask(once) == Masked(once, ())


@given(st.lists(texts, max_size=5))
def test_fields_keep_their_other_characters_and_are_masked_once(fields: list[str]) -> None:
    masked = mask_fields(fields)
    assert len(masked) == len(fields)
    for field, one in zip(fields, masked, strict=True):
        check(field, one)
    assert [one.text for one in mask_fields([one.text for one in masked])] == [one.text for one in masked]


@given(texts, st.integers(-3, 60))
def test_a_draft_keeps_the_characters_outside_its_spans(text: str, cursor: int) -> None:
    check(text, mask_draft(text, cursor))


@given(identities().flatmap(written))
def test_an_identity_number_is_found_however_it_is_written(number: str) -> None:
    text = f"客户说：{number}，已记下"
    assert [(span.kind, text[span.start : span.end]) for span in mask(text).spans] == [(Kind.ID, number)]


@given(cards().flatmap(written))
def test_a_card_is_found_however_it_is_written(number: str) -> None:
    text = f"卡：{number}。"
    assert [(span.kind, text[span.start : span.end]) for span in mask(text).spans] == [(Kind.CARD, number)]


@given(mobiles.flatmap(written))
def test_a_mobile_number_is_found_however_it_is_written(number: str) -> None:
    text = f"回电：{number}。"
    assert [(span.kind, text[span.start : span.end]) for span in mask(text).spans] == [(Kind.PHONE, number)]


@given(st.one_of(identities(), cards(), mobiles), st.lists(st.integers(0, 19), max_size=2))
def test_a_number_split_over_fields_leaves_no_digit(number: str, cuts: list[int]) -> None:
    places = [0, *sorted(min(cut, len(number)) for cut in cuts), len(number)]
    fields = [number[start:end] for start, end in pairwise(places)]
    fields = ["张三 " + fields[0], *fields[1:]]
    shown = [piece.split("…")[0] for one in mask_fields(fields) for piece in [one.text]]
    assert not any(sign.isdigit() for piece in shown for sign in piece)


def in_progress(text: str) -> bool:
    """Whether four or more digits stand in the text as one run."""
    return any(sum(len(group.digits) for group in run) >= 4 for run in runs(Flat(text).text))


@settings(max_examples=40)
@given(st.one_of(identities(), cards(), mobiles).flatmap(written), st.booleans())
def test_no_version_stored_while_typing_holds_four_digits_in_a_row(number: str, after: bool) -> None:
    before, behind = "客户说他的号码是：", "\n明天再打" if after else ""
    for size in range(1, len(number) + 1):
        stored = mask_draft(before + number[:size] + behind, len(before) + size).text
        assert not in_progress(stored), (number[:size], stored)
        assert "…" not in stored


def test_hostile_texts_end_and_are_masked_at_their_end() -> None:
    dice = random.Random(7)
    for unit in ("1 ", "1-", "1.", "一", "double ", "a@", "路1号", "A1 ", "12 Aa ", "[电话 …", "京A1", "x@x.", "电话", "1\n"):
        text = (unit * 1500)[:1500] + "。\n\n手机：13800138000"
        assert mask(text).text.endswith("8000]")
    noise = "".join(dice.choice(FRAGMENTS) for _ in range(800))
    check(noise, mask(noise))


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f"手机 138{place:08} 与 11010519491231002X" for place in range(64)]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(mask, texts)) == [mask(text) for text in texts]
