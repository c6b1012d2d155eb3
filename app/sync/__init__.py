"""Delivery, sans-IO at its core: enrolment, batches, alarm lane, live stream; takes Outbox, Signer, Transport and Clock.

Never opens the journal's files itself, never decides what an alarm means.
"""
