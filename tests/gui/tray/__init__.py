"""Tests of the tray on a real screen, and its picture states.
"""
