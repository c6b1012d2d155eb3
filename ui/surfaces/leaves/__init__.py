"""What leaves this PC: the generated table, the last entries as sent, what stays, who read it, the export.

Opened by a person. Nothing is listed here that the agent did not read from the declarations or the journal.
"""
