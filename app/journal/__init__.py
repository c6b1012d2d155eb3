"""Two encrypted files on the PC: the chained journal (may leave) and local (never leaves); keys, retention, verify.

One writer thread owns each file; nothing here knows the network or the rules.
"""
