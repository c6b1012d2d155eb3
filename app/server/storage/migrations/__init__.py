"""Alembic scripts, one line of versions for the main tables and one for the alarm tables.

A released version is never edited; both lines may live in one PostgreSQL database.
"""
