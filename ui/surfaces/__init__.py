"""What people see, one folder a surface; no surface imports another.

Each takes a Snapshot and a post function.
"""
