"""Doctor and support bundle: what is well on this PC and what is not, for the command line and the faces.

Reads only; everything it writes is masked and shown first.
"""
