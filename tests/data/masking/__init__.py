"""Sentences with made-up personal data, marked by hand, for the rules of masking. Data only."""
