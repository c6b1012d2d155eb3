"""Real programs on virtual desktops: the main job while programs die, and the demo that plays it; no part is a stand-in."""
