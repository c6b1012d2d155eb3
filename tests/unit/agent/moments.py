"""Instants for parts that are driven by hand."""

from app.domain.moment import NS, Moment

START = Moment(3600 * NS, 3600 * NS, 1_795_000_000 * NS)


def at(seconds: float) -> Moment:
    """So many seconds after the start."""
    return START.later(round(seconds * NS))
