"""SafeSeat's integration tests of the two encrypted files: chain, damage, room, retention, tools."""
