"""The whole agent on a simulated desktop against the real server in this process; every wait is for a Snapshot."""
