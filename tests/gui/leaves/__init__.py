"""Tests of the page on what leaves this PC on a real screen, and its picture states."""
