"""Tests that the shipped documents fit the code: generated pages, verbs, settings, records, routes, links, languages."""
