"""SafeSeat's gui tests.
"""
