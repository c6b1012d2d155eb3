"""`python -m ui` is the tray."""

import sys

from ui.main import main

sys.exit(main())
