"""Tests of the emergency cards on a real screen, and their picture states.
"""
