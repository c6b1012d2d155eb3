"""Tests of the exact bytes: vectors, golden wire files, round trips, every flipped bit, parsers under fuzzing.

`samples` holds the fixed keys and one value of every message and record; `golden` writes and compares the wire files.
"""
