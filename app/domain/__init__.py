"""The rules: pure step functions over frozen values for seat, alarm ledger, escalation and clocks.

Time, ids and randomness arrive as input; nothing here reads a clock, opens a file or knows an operating system.
"""
