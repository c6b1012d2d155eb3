"""Figures over what is stored, with the group sizes that privacy demands.

No figure per person.
"""
