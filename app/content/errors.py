"""The one error of content that cannot be taken."""

from app.domain.errors import UsageError


class ContentError(UsageError):
    """A pack, a file or a value that is refused; one sentence."""
