"""Tests of the report form on a real screen, and its picture states.
"""
