"""The script palette: search, six tiles, the steps of a script with what to say and what not, warnings, help.

Only a person opens it, so it may have the focus; it shows what the pack holds and posts what the person does.
"""
