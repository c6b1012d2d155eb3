"""The pure parts of the Windows adapters: tick arithmetic, chords, the consent store, clipping, startup, lock words.

They run on any system; what needs Windows itself is run by the contract suite there.
"""
