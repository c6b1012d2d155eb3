"""What can go wrong between this PC and a server, as far as anybody above delivery has to know."""

from app.domain.errors import SafeSeatError, UnavailableError


class NetworkError(UnavailableError):
    """No answer, or none that proves itself: name, route, connection, TLS, proxy, time-out. `code` is a word for the state line."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class EnrolError(SafeSeatError):
    """The server refused the enrolment, or it is not the server that the token names."""
