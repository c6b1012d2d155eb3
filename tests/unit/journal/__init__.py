"""SafeSeat's unit tests of the two encrypted files: chain, damage, room, retention, tools."""
