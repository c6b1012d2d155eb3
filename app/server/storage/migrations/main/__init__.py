"""Versions of the main tables.

Run by `app.server.storage.migrate` only.
"""
