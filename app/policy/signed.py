"""Policy in a signed document: its bytes, what a change weakens, and which key may say so.

The frame (site, version, validity, signature) is `app.protocol.document`'s; here is only what stands in it. The online
`answer` key may tighten; whatever weakens needs IT's offline `policy` key (design, signed documents).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from app.policy.merge import Layer, Resolved, Source, merge
from app.policy.setting import PolicyError
from app.policy.settings import SETTINGS, Settings, value_of
from app.protocol.fields import canonical
from app.protocol.keyset import Use

LARGEST_PAYLOAD = 1 << 20
"""Bytes of a policy payload."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The policy that holds with the document on top; `weakened` keys have to be shown to the person."""

    resolved: Resolved
    weakened: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing changes, in one sentence."""

    reason: str


def weakens(old: Settings, new: Settings) -> list[str]:
    """Keys whose change from `old` to `new` weakens protection, in the order of declaration."""
    return [key for key, setting in SETTINGS.items() if setting.weakened(value_of(old, key), value_of(new, key))]


def payload(values: Mapping[str, object]) -> bytes:
    """The canonical bytes of a policy for signing; raises PolicyError for anything that a PC would not take.

    Old names of renamed keys are written as their present ones. Values left out are the ones built in.
    """
    resolved = merge([Layer(Source.DOCUMENT, "document", values)])
    for problem in resolved.problems:
        if not problem.taken:
            raise PolicyError(problem.text)
    return canonical({key: value_of(resolved.values, key) for key in resolved.origins})


def opened(data: bytes) -> dict[str, object]:
    """The values in a payload; PolicyError unless it is one canonical JSON object of moderate size."""
    if len(data) > LARGEST_PAYLOAD:
        raise PolicyError(f"The policy document is larger than {LARGEST_PAYLOAD} bytes.")
    try:
        values = msgspec.json.decode(data, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise PolicyError("The policy document is not a JSON object of keys and values.") from None
    # one form only: also catches keys that stand twice, of which a parser silently keeps one
    if canonical(values) != data:
        raise PolicyError("The policy document is not in canonical form.")
    return values


def accept(current: Settings, data: bytes, use: Use, below: Iterable[Layer] = ()) -> Accepted | Refused:
    """Decide about a verified document: `data` its payload, `use` that of the key that signed it.

    `current` is the policy that holds now, `below` the weaker sources that stay in place. What a document leaves out
    falls back to them, so dropping a key can weaken, too. Unknown keys and bad values stay on their items (a newer
    server may know more than this PC). Pure; never raises for what stands in the document.
    """
    if use not in ("policy", "answer"):
        return Refused(f"A key for {use} may not sign policies.")
    try:
        values = opened(data)
    except PolicyError as error:
        return Refused(str(error))
    resolved = merge([*below, Layer(Source.DOCUMENT, "signed document", values)])
    weakened = tuple(weakens(current, resolved.values))
    if weakened and use == "answer":
        return Refused(f"The online key may only tighten, but this weakens {', '.join(weakened)}.")
    return Accepted(resolved, weakened)
