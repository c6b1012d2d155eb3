"""Tests that read like stories, from rules (unit, scenario) to real parts (integration, gui, end2end).

Helpers start real servers and desktops; there are no stand-ins but the simulated desktop.
"""
