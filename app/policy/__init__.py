"""Every setting of the program, declared once, and how its value comes about: sources, bounds, origin, weakening.

Pure but for reading a policy file and writing generated documents; nothing here knows the agent, the server or Qt.
"""
