"""Tests of the handle on a real screen, and its picture states.
"""
