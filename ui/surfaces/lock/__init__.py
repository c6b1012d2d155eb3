"""The lock's faces: the 15 s warning, the line after a lock that failed, the clean-desk reminder.

It only shows what the Snapshot says; no input is looked at here, and nothing takes the focus.
"""
