"""Tests of the flyout on a real screen, and its picture states.
"""
