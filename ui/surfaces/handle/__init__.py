"""The edge handle: a slim grip at the right edge of the main screen that carries the help sign.

Click opens the flyout, a hold of 1 s asks for help, a drag moves it.
"""
