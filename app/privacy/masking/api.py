"""The stable functions that forms, drafts and the command build on. Pure, thread-safe, for any text; linear time."""

from bisect import bisect_right
from collections.abc import Sequence

from app.privacy.masking.drafts import typing_at
from app.privacy.masking.flat import FIELD
from app.privacy.masking.marks import CONTINUED, LANGUAGES, language_of, mark_for
from app.privacy.masking.scan import scan
from app.privacy.masking.values import Found, Kind, Masked, Span


def mask(text: str, language: str | None = None) -> Masked:
    """The text with marks for personal data. `language` of the marks: zh_CN, zh_TW or en; by default the text's own.

    Masking masked text changes nothing; every character outside the spans stays. ValueError: unknown language.
    """
    return masked(text, scan(text), language)


def mask_fields(fields: Sequence[str], language: str | None = None) -> tuple[Masked, ...]:
    """Each field masked; a number that begins in one field and ends in a next one is found, and marked in each."""
    if not fields:
        return ()
    joined = FIELD.join(field.replace(FIELD, " ") for field in fields)
    starts = [0]
    for field in fields[:-1]:
        starts.append(starts[-1] + len(field) + 1)
    return split(list(fields), starts, masked(joined, scan(joined), language).spans)


def mask_draft(text: str, cursor: int | None = None, language: str | None = None) -> Masked:
    """For a version that is stored while somebody types: besides `mask`, four or more digits at the cursor go whole.

    `cursor`: a position in the text, by default its end; wherever digits are being typed, none of them is shown, not even
    the last four of a finished number, until the cursor is elsewhere.
    """
    found = scan(text)
    at = len(text) if cursor is None else max(0, min(cursor, len(text)))
    run = typing_at(text, at)
    if run is None:
        return masked(text, found, language)
    start, end = run
    for one in found:
        if one.start < end and one.end > start:
            start, end = min(start, one.start), max(end, one.end)
    apart = [one for one in found if one.end <= start or one.start >= end]
    return masked(text, sorted([*apart, Found(Kind.TYPING, start, end)], key=lambda one: one.start), language)


def masked(text: str, found: Sequence[Found], language: str | None) -> Masked:
    """The text with the marks of findings that rise and do not overlap."""
    if not found:
        return Masked(text, ())
    around = applied(text, [Span(one.kind, one.start, one.end, "") for one in found]).text
    speech = language or language_of(around) or language_of(text) or LANGUAGES[0]
    return applied(text, [Span(one.kind, one.start, one.end, mark_for(one.kind, one.last, speech)) for one in found])


def applied(text: str, spans: Sequence[Span]) -> Masked:
    """The text with each span replaced by its mark."""
    pieces: list[str] = []
    position = 0
    for span in spans:
        pieces += [text[position : span.start], span.mark]
        position = span.end
    return Masked("".join([*pieces, text[position:]]), tuple(spans))


def split(parts: Sequence[str], starts: Sequence[int], spans: Sequence[Span]) -> tuple[Masked, ...]:
    """Spans over a whole, handed out to its parts; the rest of a span in a later part gets the mark `[…]`."""
    own: list[list[Span]] = [[] for _ in parts]
    for span in spans:
        index = bisect_right(starts, span.start) - 1
        mark = span.mark
        while index < len(parts) and starts[index] < span.end:
            start = max(span.start - starts[index], 0)
            end = min(span.end - starts[index], len(parts[index]))
            if end > start:
                own[index].append(Span(span.kind, start, end, mark))
                mark = CONTINUED
            index += 1
    return tuple(applied(part, mine) for part, mine in zip(parts, own, strict=True))
