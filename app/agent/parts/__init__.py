"""The parts of the actor: each owns one slice of state, its inputs, its effects and its slice of the Snapshot.

Parts do not import each other; what one needs of another travels as an input.
"""
