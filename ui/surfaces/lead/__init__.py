"""The lead's desk: calls for help as rows, one button, the quiet tone, and the instant at which a row was really seen.

Who answers and what is settled is decided elsewhere; this folder draws `snapshot.desk` and posts acts.
"""
