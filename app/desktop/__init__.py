"""The operating system behind small Protocols (`ports`), one folder per system plus `simulated`.

Adapters know nothing of rules, policy or the actor. One contract suite runs against every adapter the machine offers.
"""
