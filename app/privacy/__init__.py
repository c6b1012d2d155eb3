"""What leaves the PC, why, who reads it and how long: declarations, the table made of them; masking of typed text.

Knows records and settings; never reads a journal, never talks to a network.
"""
