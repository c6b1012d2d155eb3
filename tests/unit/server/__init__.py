"""The server's rules without a network: fan-out, intake, limits, keys, roster.

Storage runs on SQLite in a temporary folder.
"""
