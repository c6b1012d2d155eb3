"""What can be wrong with bytes that came from somebody else; each class names a cause that callers treat differently."""

from app.domain.errors import SafeSeatError


class ProtocolError(SafeSeatError):
    """Bytes, a message or a signature that the protocol does not allow; nothing of it may be used."""


class BadSignatureError(ProtocolError):
    """The signature, mac or digest does not belong to these bytes under the registered key."""


class StaleError(ProtocolError):
    """`created`, a key, a vouch or a document is outside its time."""


class ReplayedError(ProtocolError):
    """A nonce, beat, event number or version that did not rise."""


class TooLargeError(ProtocolError):
    """More bytes, records or levels than the limits of the protocol allow."""
