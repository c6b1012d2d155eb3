"""Calls as the calls part settled them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CallChanged:
    """A call as the calls part settled it between explicit and inferred sources."""

    id: str
    on: bool
    hard: bool = False
