"""What only Windows can show of its adapters: registry, key store, refusals. Collected on Windows and Wine alone.

Rules of the product and what every desktop must keep are tested elsewhere.
"""
