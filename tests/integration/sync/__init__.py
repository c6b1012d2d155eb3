"""SafeSeat's integration tests of delivery: batches, alarm lane, live stream, transport, enrolment."""
