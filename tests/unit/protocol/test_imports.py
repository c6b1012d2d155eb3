"""What importing the protocol costs: the tray pays for it."""

import subprocess
import sys

PROBE = """
import pkgutil, sys, importlib
import app.protocol
for found in pkgutil.iter_modules(app.protocol.__path__, "app.protocol."):
    importlib.import_module(found.name)
heavy = ("zstandard", "argon2", "cryptography.hazmat.primitives.hpke", "cryptography.hazmat.primitives.serialization.ssh",
         "asyncio", "http", "ssl")
print([name for name in heavy if name in sys.modules])
"""


def test_importing_all_of_the_protocol_loads_no_heavy_package() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"
