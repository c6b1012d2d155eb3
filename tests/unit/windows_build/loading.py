"""Loads a module of packaging/windows, which is no package."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parents[3] / "packaging" / "windows"


def loaded(name: str) -> ModuleType:
    """Return a module by its file's name, once for all tests; its neighbours find each other by the path that they set."""
    before = list(sys.path)
    known = sys.modules.get(f"windows_{name}")
    if known is not None:
        return known
    spec = importlib.util.spec_from_file_location(f"windows_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look themselves up there
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module
