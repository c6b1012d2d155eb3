"""Masking of typed text: kinds, what stays, properties, drafts, the stream of `redact`.

Numbers are made here with real check digits, from other sources than the rules; no test knows a rule's insides.
"""
