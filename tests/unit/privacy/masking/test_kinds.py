import pytest

from app.privacy.masking import Kind, mask

FOUND = [
    # identity numbers; the first is the standard's own example
    ("客户身份证11010519491231002X，请核对", "客户身份证[身份证 …002X]，请核对"),
    ("证件 110105 19491231 002x。", "证件 [身份证 …002X]。"),
    ("１１０１０５１９４９１２３１００２Ｘ", "[身份证 …002X]"),
    ("一一零一零五 一九四九一二三一 零零二叉", "[身份证 …002X]"),
    ("老证130503670401001还在用", "老证[身份证 …1001]还在用"),
    ("身份证号 110105194912310021 打错一位", "身份证号 [身份证 …0021] 打错一位"),
    ("工单里写着 11010519491231002X", "工单里写着 [身份证 …002X]"),
    ("身份证 1101051949 没说完", "身份证 [身份证 …1949] 没说完"),
    ("身分證A123456789，請核對", "身分證[身分證 …6789]，請核對"),
    ("居留證 AC01234567 或統一證號 A800000014", "居留證 [身分證 …4567] 或統一證號 [身分證 …0014]"),
    ("HKID is A123456(3), thanks", "HKID is [Hong Kong ID], thanks"),
    ("香港身份证Ｇ１２３４５６（Ａ）", "香港身份证[香港身份证]"),
    ("his ID: AB987654(2).", "his ID: [Hong Kong ID]."),
    ("澳门身份证 5/123456/7 和 1234567(8)", "澳门身份证 [澳门身份证] 和 [澳门身份证]"),
    ("澳門身份證51234567", "澳門身份證[澳門身分證]"),
    ("外国人居留证 USA123456789012", "外国人居留证 [身份证 …9012]"),
    # cards
    ("卡号6222 0212 3456 7890 128。", "卡号[银行卡 …0128]。"),
    ("card 4111-1111-1111-1111 was charged", "card [card …1111] was charged"),
    ("他报了 378282246310005", "他报了 [银行卡 …0005]"),
    ("银行账号 0302 1234 5678", "银行账号 [银行卡 …5678]"),
    # phones
    ("打 13800138000 找我", "打 [电话 …8000] 找我"),
    ("+86 138-0013-8000", "[电话 …8000]"),
    ("8613800138000和（86）13900139000", "[电话 …8000]和[电话 …9000]"),
    ("号码是幺三八，零零幺三，八零零零。", "号码是[电话 …8000]。"),
    ("幺三八 嗯 零零幺三 然后 八零零零", "[电话 …8000]"),
    ("call one three eight double zero one three eight triple zero please", "call [phone …8000] please"),
    ("010-62345678 或（021）6234 5678", "[电话 …5678] 或[电话 …5678]"),
    ("02162345678、0755-1234567", "[电话 …5678]、[电话 …4567]"),
    ("手機0912-345-678，市話 02-2345-6789", "手機[電話 …5678]，市話 [電話 …6789]"),
    ("Hong Kong 9123 4567, +852 2345 6789", "Hong Kong [phone …4567], [phone …6789]"),
    ("电话 62345678 或 62345679", "电话 [电话 …5678] 或 [电话 …5679]"),
    ("电话 62345678、62345679和62345670", "电话 [电话 …5678]、[电话 …5679]和[电话 …5670]"),
    ("00852 9123 4567 或 852-9123-4568", "[电话 …4567] 或 [电话 …4568]"),
    ("国贸大厦1203室", "[地址]"),
    ("写着1 400 0000000", "写着[电话 …0000]"),
    ("visa4111111111111111", "visa[card …1111]"),
    ("电话：\n62345678", "电话：\n[电话 …5678]"),
    ("+44 20 7946 0958 and 001 415 555 2671", "[phone …0958] and [phone …2671]"),
    ("415-555-2671 or (415) 555-2671", "[phone …2671] or [phone …2671]"),
    ("0086 138 0013 8000", "[电话 …8000]"),
    ("0411 234 567", "[电话 …4567]"),
    ("电话 01234567890", "电话 [电话 …7890]"),
    ("0 9 1 2 3 4 5 6 7 8", "[电话 …5678]"),
    ("1️⃣3️⃣8️⃣00138000", "[电话 …8000]"),
    ("138\u200b0013\u200b8000", "[电话 …8000]"),
    ("微信13800138000", "微信[电话 …8000]"),
    ("recording_13800138000.wav", "recording_13800138000.wav"),
    # mail
    ("写到zhang.san+kf@qq.com。谢谢", "写到[邮箱]。谢谢"),
    ("ｚｈａｎｇ＠ｑｑ．ｃｏｍ", "[邮箱]"),
    ("zhang艾特qq点com", "[邮箱]"),
    ("write to li at example dot com now", "write to [mail] now"),
    ("li (at) example.com", "[mail]"),
    # addresses
    ("住在上海市浦东新区张江路123弄45号6楼501室，有事", "住在[地址]，有事"),
    ("寄到北京市朝阳区建国门外大街1号国贸大厦2座1203室。", "寄到[地址]。"),
    ("台北市信義區信義路五段7號12樓之3", "[地址]"),
    ("九龍彌敦道123號A座15樓B室，請寄", "[地址]，請寄"),
    ("阳光花园3栋2单元501室", "[地址]"),
    ("他家2栋501", "[地址]"),
    ("翠竹苑1203室", "[地址]"),
    ("Flat 12B, 5/F, Block 3, 123 Nathan Road, Kowloon, Hong Kong. He called.", "[address]. He called."),
    ("lives at 12 nathan road since 2010", "lives at [address] since 2010"),
    ("No. 7, Sec. 5, Xinyi Rd., Xinyi Dist., Taipei City 110", "[address]"),
    ("unit 5, 88 queen's road in the rain", "[address] in the rain"),
    ("Flat C, 15/F, Block 12, City One Shatin", "[address]"),
    ("10 Downing Street, London SW1A 2AA.", "[address]."),
    ("P.O. Box 1234", "[address]"),
    # plates
    ("车牌粤B12345，新能源沪AD12345", "车牌[车牌]，新能源[车牌]"),
    ("京A·幺二三四五", "[车牌]"),
    ("车号 ABC-1234 停在门口", "车号 [车牌] 停在门口"),
    ("WJ京12345 使123456", "[车牌] [车牌]"),
    # passports
    ("护照E12345678、EA1234567", "护照[护照]、[护照]"),
    ("passport no. 300123456", "passport no. [passport]"),
    ("回乡证H1234567890", "回乡证[护照]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), FOUND)
def test_personal_data_is_replaced_by_its_mark(text: str, wanted: str) -> None:
    assert mask(text).text == wanted


def test_a_span_tells_kind_place_and_mark() -> None:
    span = mask("手机 138 0013 8000。").spans[0]
    assert (span.kind, span.start, span.end, span.mark) == (Kind.PHONE, 3, 16, "[电话 …8000]")


def test_the_language_of_the_marks_can_be_given() -> None:
    assert [mask("13800138000", language).text for language in (None, "zh_TW", "en")] == [
        "[电话 …8000]", "[電話 …8000]", "[phone …8000]",
    ]  # fmt: skip


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="not in"):
        mask("13800138000", "fr")
