"""A signed no: the status tells the PC what to do, the code why (design, "Delivery")."""

from app.domain.errors import SafeSeatError
from app.protocol.errors import BadSignatureError, ProtocolError, ReplayedError, StaleError, TooLargeError


class RefusedError(SafeSeatError):
    """Refuse a request: 400/422 bisect, 401 pause, 403 not allowed, 409 send from n + 1, 413 halve, 429/503 wait."""

    def __init__(self, status: int, code: str, text: str, *, retry_s: int = 0, n: int | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.retry_s = retry_s
        self.n = n


def refused(error: ProtocolError) -> RefusedError:
    """Return the refusal that says what is wrong with bytes that came in."""
    text = str(error)[:300]
    if isinstance(error, TooLargeError):
        return RefusedError(413, "too_large", text)
    if isinstance(error, StaleError):
        return RefusedError(401, "clock", text)
    if isinstance(error, ReplayedError):
        return RefusedError(401, "replayed", text)
    if isinstance(error, BadSignatureError):
        return RefusedError(401, "signature", text)
    return RefusedError(400, "malformed", text)
