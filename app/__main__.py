"""`python -m app` is the `safeseat` command."""

import sys

from app.cli import main

sys.exit(main())
