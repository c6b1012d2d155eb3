"""`safeseat redact`: text in, masked text out, line by line, while it comes.

A line waits for the next one only when it ends in what could go on there: digits, or a word such as 手机. Nothing else is
held, so that the command can stand in a pipe. Bytes that are no UTF-8 pass through unchanged (as U+FFFD in JSON).
"""

import codecs
import json
import re
from collections.abc import Generator, Sequence
from typing import BinaryIO, Final

from app.privacy.masking.api import mask, split
from app.privacy.masking.digits import ENGLISH_WORDS, SPOKEN_HAN
from app.privacy.masking.flat import Flat
from app.privacy.masking.values import Masked, Span

Part = tuple[str, tuple[Span, ...]]

_ESCAPES: Final = re.compile("[\udc80-\udcff]")
_LINE: Final = re.compile(r"([^\r\n]*(?:\r(?!\n)[^\r\n]*)*)(\r?\n|$)")
_PIECE: Final = 16384
_HELD: Final = 8192
_BEHIND: Final = 1024
_OPEN: Final = re.compile(
    rf"(?:[0-9{SPOKEN_HAN}xX叉+@:,、(.·号號路街道弄巷段村栋棟幢座码碼机機话話证證卡箱-]|(?<![A-Za-z])(?:{'|'.join(ENGLISH_WORDS)}))$", re.I
)

class Redactor:
    """Takes text in pieces, gives back originals that are certain with their spans; `finish` gives the rest. Not thread-safe."""

    def __init__(self, language: str | None = None) -> None:
        self._language = language
        self._pending = ""

    def feed(self, piece: str) -> Part:
        """What can go out now: original text and the spans in it; may be empty."""
        self._pending += piece
        if len(self._pending) > _HELD:
            return self._part()
        if not self._pending.endswith("\n") or self._is_open():
            return "", ()
        return self.finish()

    def finish(self) -> Part:
        """What is left."""
        rest, self._pending = self._pending, ""
        return rest, mask(rest, self._language).spans

    def _is_open(self) -> bool:
        return _OPEN.search(Flat(self._pending[-64:]).text.rstrip(" \t\r\n")) is not None

    def _part(self) -> Part:
        """All but the end of what is held, cut where nothing is masked and, if there is one, at a line's end."""
        spans = mask(self._pending, self._language).spans
        cut = _outside(spans, len(self._pending) - _BEHIND)
        line = self._pending.rfind("\n", max(0, cut - _BEHIND), cut) + 1
        if line and _outside(spans, line) == line:
            cut = line
        text, self._pending = self._pending[:cut], self._pending[cut:]
        return text, tuple(span for span in spans if span.end <= cut)


def _outside(spans: tuple[Span, ...], place: int) -> int:
    """The place, or the end of the span that it lies in."""
    return next((span.end for span in spans if span.start < place < span.end), place)


def redact(source: BinaryIO, out: BinaryIO, language: str | None, as_json: bool) -> bool:
    """Mask a stream to its end; whether all of it was UTF-8. What is certain is written and flushed at once."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    redactor = Redactor(language)
    write = _json_lines(out) if as_json else _plain(out)
    next(write)
    clean = True
    while chunk := source.readline(_PIECE):
        text = decoder.decode(chunk)
        clean = clean and not _escaped(text)
        write.send(redactor.feed(text))
    text = decoder.decode(b"", final=True)
    write.send(redactor.feed(text))
    write.send(redactor.finish())
    write.close()
    return clean and not _escaped(text)


def _plain(out: BinaryIO) -> Generator[None, Part, None]:
    while True:
        text, spans = yield
        if text:
            _put(out, "".join(one.text + end for _, one, end in _lines(text, spans)))


def _json_lines(out: BinaryIO) -> Generator[None, Part, None]:
    text, spans, number = "", list[Span](), 0
    try:
        while True:
            more, new = yield
            spans += [Span(one.kind, one.start + len(text), one.end + len(text), one.mark) for one in new]
            text += more
            if text.endswith("\n"):
                number = _objects(out, text, spans, number)
                text, spans = "", []
    finally:
        _objects(out, text, spans, number)


def _objects(out: BinaryIO, text: str, spans: Sequence[Span], number: int) -> int:
    """Print one object for each line; the number of the last one."""
    for _, one, _ in _lines(text, spans):
        number += 1
        found = [{"kind": span.kind.value, "start": span.start, "end": span.end, "mark": span.mark} for span in one.spans]
        line = json.dumps({"line": number, "text": one.text, "found": found}, ensure_ascii=False) + "\n"
        out.write(_ESCAPES.sub("\ufffd", line).encode())
    out.flush()
    return number


def _lines(text: str, spans: Sequence[Span]) -> list[tuple[str, Masked, str]]:
    """Each line: its original, itself masked, its end; a span over a line's end is marked in both lines."""
    hits = [hit for hit in _LINE.finditer(text) if hit[0]]
    whole = [hit[1] for hit in hits]
    return list(zip(whole, split(whole, [hit.start() for hit in hits], spans), (hit[2] for hit in hits), strict=True))


def _put(out: BinaryIO, text: str) -> None:
    out.write(text.encode("utf-8", "surrogateescape"))
    out.flush()


def _escaped(text: str) -> bool:
    return _ESCAPES.search(text) is not None
