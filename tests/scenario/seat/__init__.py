"""Stories of whole shifts through `simulate`: the contract's examples, each of its rules, and random shifts.

Nothing here looks into the seat's state except the tests of invariants.
"""
