"""Training: the quiz of the quarter, practice callers, and one's own practice call for help.

Texts come from the content pack; the score is shown to the person and told to nobody.
"""
