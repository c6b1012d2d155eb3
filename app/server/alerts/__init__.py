"""The alarm ledger on the server: who is told, timers, escalation, channels, live fan-out.

Decides with the pure functions of the domain; persists through storage.
"""
