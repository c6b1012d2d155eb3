"""SafeSeat's helpers tests.
"""
