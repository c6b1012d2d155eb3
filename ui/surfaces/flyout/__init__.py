"""The flyout: today in one sentence, the next break, the help button, six buttons and the sync sentence.

Opened by a person from tray or handle, so it has the focus; closed by Esc or a click outside.
"""
