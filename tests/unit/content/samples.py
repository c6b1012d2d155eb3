"""Small content that is well, to be spoilt by tests, and what signed packs are made of."""

from collections.abc import Callable, Mapping
from typing import Any

from app.content.packs import countersign, packed, sign
from app.protocol.document import Held
from app.protocol.keys import Ed25519Signer
from app.protocol.keyset import KeySet, ServerKey, Use

SITE = bytes.fromhex("a1" * 16)
OTHER_SITE = bytes.fromhex("b2" * 16)
NOW = 1_795_478_400_000
DAY = 86_400_000
FIRST, SECOND, POLICY = (Ed25519Signer(bytes([number]) * 32) for number in (7, 8, 9))


def three(cn: Any, tw: Any, en: Any) -> dict[str, Any]:
    """A text in its three languages."""
    return {"zh_CN": cn, "zh_TW": tw, "en": en}


def step(cn: str = "您请说，我在听。", warn: int = 0) -> dict[str, Any]:
    """One step of a script."""
    made = {
        "name": three("先听", "先聽", "Listen first"),
        "say": three(cn, "您請說，我在聽。", "Please tell me, I am listening."),
        "avoid": three(["您冷静一下", "不归我管"], ["您冷靜一下", "不歸我管"], ["Calm down", "Not my job"]),
    }
    return made | ({"warn": warn} if warn else {})


def script(order: int = 10, **other: Any) -> dict[str, Any]:
    """A script that is well; `other` replaces keys."""
    return {
        "group": "abuse",
        "order": order,
        "title": three("客户骂人", "客戶罵人", "Insults"),
        "words": three(["辱骂", "脏话", "吼叫", "侮辱"], ["辱罵", "髒話", "吼叫", "侮辱"], ["insults", "swearing", "shouting", "rude"]),
        "signs": three(["说脏话", "大声喊", "点名骂"], ["說髒話", "大聲喊", "點名罵"], ["swears", "shouts", "calls you names"]),
        "aim": three("稳住自己。", "穩住自己。", "Stay calm."),
        "end": three("今天先到这里，再见。", "今天先到這裡，再見。", "Let us stop here for today. Goodbye."),
        "write": three(["原话", "时间"], ["原話", "時間"], ["the words", "the time"]),
        "step": [step(), step("我想帮您解决。"), step("我们一起看看。")],
    } | other


def card(order: int = 1, **other: Any) -> dict[str, Any]:
    """An emergency card that is well."""
    return {
        "order": order,
        "icon": "fire",
        "level": 1,
        "title": three("火灾", "火災", "Fire"),
        "when": three("看到火或闻到烟。", "看到火或聞到煙。", "You see fire or smell smoke."),
        "who": three("当班主管。", "當班主管。", "The lead on duty."),
        "numbers": ["fire", "internal"],
        "site": ["assembly_point", "internal_phone"],
        "step": [{"text": three("先报警。", "先報警。", "Raise the alarm first.")} for _ in range(5)],
        "never": [{"text": three("不要坐电梯。", "不要搭電梯。", "Never take a lift.")}],
    } | other


def keys(*uses: tuple[str, Ed25519Signer, Use]) -> KeySet:
    """A key set that holds now."""
    found = tuple(
        ServerKey(id=name, alg=1, pub=signer.pub33, use=use, from_ms=NOW - DAY, to_ms=NOW + 300 * DAY)
        for name, signer, use in uses
    )
    return KeySet(server=b"\xa0" * 16, generation=1, expires=NOW + 300 * DAY, keys=found)


KEYS = keys(("content-1", FIRST, "content"), ("content-2", SECOND, "content"), ("policy-1", POLICY, "policy"))


def content(entries: Mapping[str, Any] | None = None, **other: Any) -> dict[str, Any]:
    """The body of a pack before packing."""
    return {"schema": 1, "id": "harbour", "entries": entries or {}} | other


def pack(
    body: Mapping[str, Any] | None = None,
    version: int = 1,
    *,
    site: bytes = SITE,
    signer: Ed25519Signer = FIRST,
    second: Ed25519Signer | None = None,
    times: tuple[int, int] = (NOW - DAY, NOW + DAY),
    packing: Callable[[Mapping[str, Any]], bytes] = packed,
) -> bytes:
    """A signed pack file."""
    made = sign(packing(body or content()), version, site, times, signer)
    return countersign(made, second) if second else made


class Memory:
    """A state port that remembers in memory and counts how often it had to."""

    def __init__(self) -> None:
        self.kept: tuple[Held, bytes] | None = None
        self.times = 0

    def held(self) -> Held | None:
        return self.kept[0] if self.kept else None

    def file(self) -> bytes:
        return self.kept[1] if self.kept else b""

    def keep(self, held: Held, file: bytes) -> None:
        self.kept = (held, file)
        self.times += 1
