"""The pure rules by stories and by invariants; nothing here needs a clock, a file or a screen."""
