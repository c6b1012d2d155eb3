"""Tables, migrations and queries by database URL (SQLite, PostgreSQL); the site is the leading column of every key.

Knows nothing of HTTP and decides nothing.
"""
