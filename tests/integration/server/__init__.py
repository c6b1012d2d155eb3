"""The real server on a real port, spoken to by a small client that uses the same protocol package.

The same stories on SQLite and on a real PostgreSQL.
"""
