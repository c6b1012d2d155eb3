"""An eight-hour shift through `simulate`, in process."""

import time
import tomllib

from app.tools.bench.figures import spread

ROUNDS = 30

SHIFT = """
start = 2026-11-23T09:00:00+08:00
end = "17:00:00"
"""


def measure(rounds: int = ROUNDS) -> dict[str, object]:
    """A busy shift: a call of six minutes every ten, absences, locks and answers; median of `rounds`."""
    from app.tools.simulate import simulate
    from app.tools.simulate_file import shift_of

    shift = shift_of(tomllib.loads(SHIFT + entries()), name="bench")
    simulate(shift)
    samples = []
    for _ in range(rounds):
        began = time.perf_counter()
        lines = simulate(shift)
        samples.append((time.perf_counter() - began) * 1000)
    return {"eight_hour_shift": spread(samples, "ms"), "events": len(lines)}


def entries() -> str:
    """A call every ten minutes, an absence each hour."""
    made = []
    for minute in range(5, 475, 10):
        made.append((minute, 'call = "start"'))
        made.append((minute + 6, 'call = "end"'))
    for hour in range(1, 8):
        made.append((hour * 60 + 3, 'input = "idle"'))
        made.append((hour * 60 + 4, 'input = "active"'))
    made.sort()
    return "".join(f'[[at]]\ntime = "+{minute // 60:02}:{minute % 60:02}:00"\n{what}\n' for minute, what in made)
