"""The one base class of errors that are told to a person in one sentence."""


class SafeSeatError(Exception):
    """Something that a person or a peer got wrong; `str()` of it is one clear sentence without a traceback."""


class UsageError(SafeSeatError):
    """Bad input (file, policy, packet, form, argument); the command line turns it into exit code 2."""


class UnavailableError(SafeSeatError):
    """The system lacks something (vault, screen, server, package); the command line turns it into exit code 3."""
