"""SafeSeat's end2end tests.
"""
