"""Programs for people who look after SafeSeat: simulate, demo, bench.

They drive the same domain and child processes; no Qt is imported here.
"""
