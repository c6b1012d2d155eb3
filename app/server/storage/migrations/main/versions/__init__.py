"""One module per version of the main tables; each creates or changes tables with explicit statements.

Imports nothing of the program, so that an old version stays what it was.
"""
