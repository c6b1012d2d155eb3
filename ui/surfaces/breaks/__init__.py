"""Breaks on screen: the offer's card, the eyes ring that lets clicks through, the card of a running break.

When a break is due is the agent's business; here is only what is shown and what the person answers.
"""
