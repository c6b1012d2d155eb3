"""SafeSeat's contract tests.
"""
