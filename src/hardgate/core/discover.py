"""The folder is the registry: find the one value of each module of a package.

A concept is one file: `capacity/trigger.py` holds `gate = Gate(name="capacity.trigger", ...)` and nothing lists it.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import Any


def modules(package: ModuleType) -> Iterator[ModuleType]:
    """Yield the modules directly inside a package, by name."""
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda found: found.name):
        if not info.ispkg:
            yield importlib.import_module(f"{package.__name__}.{info.name}")


def discover(package: ModuleType, attribute: str) -> dict[str, Any]:
    """Return what each module of a package calls `attribute`, by that value's own name.

    Raises:
        ValueError: a value's name does not end in its module's name.

    """
    found: dict[str, Any] = {}
    for module in modules(package):
        value = getattr(module, attribute, None)
        if value is None:
            continue
        stem = module.__name__.rsplit(".", 1)[1]
        if value.name.rsplit(".", 1)[-1] != stem:
            message = (
                f"{module.__name__}.{attribute} is called {value.name!r}: dots are slashes, so it must end in {stem!r}"
            )
            raise ValueError(message)
        found[value.name] = value
    return found
