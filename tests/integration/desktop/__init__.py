"""The Linux adapters and the virtual desktop against real programs and real faults.

What holds for every adapter belongs to the contract suite instead.
"""
