"""The scripted machine in memory: time, sleep and input as a test or a shift file tells them.

What it shares with real desktops is in the contract suite.
"""
