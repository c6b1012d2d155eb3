"""Reusable parts with no knowledge of the product: rings, hold buttons, plain labels, cards.

They know the theme and Qt, nothing else.
"""
