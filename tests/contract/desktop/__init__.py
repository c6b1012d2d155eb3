"""What every desktop adapter must keep, told once and run against each that the machine offers.

No test here may know which adapter it drives; what only one system can do belongs to the integration tests.
"""
