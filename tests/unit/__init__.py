"""SafeSeat's unit tests.
"""
