"""SafeSeat without Qt: rules, protocol, journal, delivery, desktop adapters, agent, server and the command line.

Nothing here imports PySide6; the layers are listed in the design record and enforced by import contracts.
"""

__version__ = "0.1.0"
