"""Versions of the alarms tables.

Run by `app.server.storage.migrate` only.
"""
