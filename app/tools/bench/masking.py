"""Masking: a report of 2,000 characters, and 64 KiB of the dearest text that is known."""

import time

from app.tools.bench.figures import spread

ROUNDS = 20
_REPORT = "客户说他的手机是13800138000，订单号 202611210003123456，从10:42等到11:05，要主管回电。住在文三路478号。"
_LONGEST = 65536


def measure(rounds: int = ROUNDS) -> dict[str, object]:
    """Milliseconds for `mask` and for `mask_draft` as each pause in typing calls it."""
    from app.privacy.masking import mask, mask_draft

    report = (_REPORT * 40)[:2000]
    found = {}
    for name, function in (("report", mask), ("draft", mask_draft)):
        samples = []
        for _ in range(rounds):
            began = time.perf_counter()
            function(report)
            samples.append((time.perf_counter() - began) * 1000)
        found[name] = spread(samples, "ms")
    began = time.perf_counter()
    mask(("1-" * _LONGEST)[:_LONGEST])
    return {**found, "hostile_64_kib_ms": round((time.perf_counter() - began) * 1000)}
