"""SafeSeat's bench tests.
"""
