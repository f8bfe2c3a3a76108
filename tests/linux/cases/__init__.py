# SPDX-License-Identifier: MIT
"""The cases: each module here is a group, its CASES a table of name → steps."""
from __future__ import annotations

import importlib
import pathlib


def groups() -> "dict[str, dict[str, list[str]]]":
    """Group → case → steps; a case is named group/name."""
    found = {}
    for path in sorted(pathlib.Path(__file__).parent.glob("[a-z]*.py")):
        if path.stem == "common":
            continue
        module = importlib.import_module(f"cases.{path.stem}")
        found[path.stem] = {f"{path.stem}/{name}": steps for name, steps in module.CASES.items()}
    return found
