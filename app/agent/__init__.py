"""The actor on the PC: it puts senses together, asks the domain, carries effects out in lanes and shows one Snapshot.

`parts/` each own a slice of state and do not import each other; Qt, HTTP servers and SQLAlchemy have no place here.
"""
