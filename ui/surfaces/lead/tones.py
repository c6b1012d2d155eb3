"""The lead's tone: two soft notes, made by arithmetic, so that the shipped files can be made again bit by bit.

`python -m ui.surfaces.lead.tones FOLDER` writes them; a test compares them with the shipped ones. No Qt.
"""

import io
import math
import sys
import wave
from array import array
from pathlib import Path

RATE = 16_000
NOTES = ((440.0, 0.0), (554.365, 0.32))
"""A4, then C sharp 5 a third of a second later: a major third up sounds like a question, not like a siren."""

LENGTH = 0.96
ATTACK, DECAY = 0.03, 0.16
STEPS = 6
STEP_DB = 3.0
"""Six files, 3 dB apart: every 4 s the next, so the set volume is reached after 20 s (ux measures, lead's sound)."""

PEAK = 0.5
NAMES = tuple(f"tone-{step}.wav" for step in range(1, STEPS + 1))
SILENCE = "silence.wav"


def tone(step: int) -> bytes:
    """The WAV file of step 1 (softest) to 6 (the set volume): mono, 16 bit, 16 kHz."""
    gain = PEAK * 10 ** (-(STEPS - step) * STEP_DB / 20)
    samples = array("h", (round(32767 * gain * _value(n / RATE)) for n in range(round(RATE * LENGTH))))
    return _file(samples)


def silence() -> bytes:
    """A twentieth of a second of nothing: asks whether there is a sound device, without being heard."""
    return _file(array("h", [0] * (RATE // 20)))


def _value(at: float) -> float:
    """The wave at `at` seconds, -1..1: each note with its octave faintly above, soft in, slowly out."""
    total = 0.0
    for pitch, begins in NOTES:
        since = at - begins
        if since >= 0:
            envelope = min(1.0, since / ATTACK) * math.exp(-max(0.0, since - ATTACK) / DECAY)
            turn = 2 * math.pi * pitch * since
            total += envelope * (0.88 * math.sin(turn) + 0.12 * math.sin(2 * turn)) * 0.8
    fade = min(1.0, (LENGTH - at) / 0.05)
    return max(-1.0, min(1.0, total * fade))


def _file(samples: "array[int]") -> bytes:
    if sys.byteorder == "big":
        samples.byteswap()
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())
    return made.getvalue()


def main(folder: Path) -> None:
    """Write all files into `folder`."""
    for step, name in enumerate(NAMES, 1):
        (folder / name).write_bytes(tone(step))
    (folder / SILENCE).write_bytes(silence())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
