"""Data shipped with the program: content packs, icons, sounds, translations, console assets, documentation.

Read only through `app.content.shipped`; no code lives here.
"""
