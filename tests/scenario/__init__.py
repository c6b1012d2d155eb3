"""SafeSeat's scenario tests.
"""
