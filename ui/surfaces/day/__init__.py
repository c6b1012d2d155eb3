"""My day: one picture of the day, breaks kept, and the mood notes; everything of it stays on this PC.

Opened by a person; drawn from what the agent read of the local file.
"""
