"""The report form: drafts that save themselves, the list of own reports, notes beside them.

Only a person opens it. What is typed goes to the agent, which masks it before anything is stored; nothing is kept here.
"""
