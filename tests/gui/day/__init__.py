"""Tests of the page on the own day on a real screen, and its picture states."""
