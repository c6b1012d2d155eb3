"""Tests of the firststart on a real screen, and its picture states.
"""
