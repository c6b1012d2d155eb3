"""Texts and content packs that ship with the program, and their loading and search.

The only place that reads the `resources` package; no Qt, no network.
"""
