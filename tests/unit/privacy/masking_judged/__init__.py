"""Judges masking by sentences of another hand (tests/data/masking/judged.toml) and keeps the figures.

Knows the rules only by what they hide; nothing here looks into them, and no sentence is bent to fit them.
"""
