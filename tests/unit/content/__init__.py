"""Tests of content: what the checker refuses, what the search finds, which packs are taken, and that the shipped pack is whole.

Samples stand in `samples.py`; the shipped pack is opened as it lies in the work tree.
"""
