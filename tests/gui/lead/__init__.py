"""Stories of the ui/surfaces/lead faces on a real X screen, beside another X client, and their picture states.

What a person sees, hears and may press; the Snapshots are made up, nothing of the faces is.
"""
