"""Shift checks: the lists of the content pack with what the PC already answered, and the quiet offer at the start of a shift.

The texts come from the pack, the facts from the agent; nothing is decided here.
"""
