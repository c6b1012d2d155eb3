"""A whole desktop in memory with a script handle: for the simulator's lab, headless trials and tests of the agent.

It keeps the same contract as a real one and knows no rule of the product.
"""

from app.desktop.simulated.machine import Machine

__all__ = ["Machine"]
