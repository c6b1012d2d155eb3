"""Tests of the training page on a real screen, and its picture states."""
