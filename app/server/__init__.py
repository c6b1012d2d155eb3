"""The central server: api, console and reports over alerts over storage.

Imports nothing of the PC side (journal, sync, desktop, agent).
"""
