"""HTTP routes that PCs and desks speak (protocol, HTTP): verify, hand to alerts and storage, answer signed.

No SQL here and no decisions on alarms.
"""
