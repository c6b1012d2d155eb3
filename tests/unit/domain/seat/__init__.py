"""The seat from inside: exact loads, inputs of a real PC, what is drawn, when idle time is asked for."""
