"""The emergency cards: ten large tiles, and a card with steps to read from a metre away, numbers and the site's places.

Only a person opens them. Works without any network; a code word is never shown. The one surface of agents with red.
"""
