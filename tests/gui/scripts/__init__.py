"""Tests of the script palette on a real screen, and its picture states.
"""
