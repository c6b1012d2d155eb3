"""The exact bytes between PC, server and lead desk: codec, chain, signatures, messages, record types, limits.

Pure functions over frozen values: no input or output, no clock, no stored state; times and randomness are arguments.
Heavy packages (zstandard, argon2, HPKE) are imported only inside the functions that need them.
"""
