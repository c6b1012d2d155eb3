"""The page of the first start: what the program does and records, in plain words; also opened from the menu."""
