"""Tests of the whole: registry, bridge, start and end of the program, scales, language.
"""
