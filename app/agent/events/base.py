"""The base of everything that a lane carries out."""


class Effect:
    """Base of everything that a lane carries out."""

    __slots__ = ()
