"""Design tokens, style sheet and icons: the one place where colours, sizes and motion are written.

Widgets ask for roles, never for literals.
"""
