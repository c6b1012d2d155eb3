"""Tests of the theme on a real screen, and its picture states.
"""
