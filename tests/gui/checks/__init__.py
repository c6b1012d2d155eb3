"""Tests of the shift checks on a real screen, and their picture states."""
