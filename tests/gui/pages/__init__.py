"""What the pages of the person's own have in common: nothing is cut at any scale, and they go with the program.
"""
