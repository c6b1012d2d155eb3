"""SafeSeat's integration tests.
"""
