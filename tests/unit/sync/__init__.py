"""SafeSeat's unit tests of delivery: batches, alarm lane, live stream, transport, enrolment."""
