"""The public events of every service, one file per aggregate, and the values that they are made of."""

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path

from shared.contracts.event import TYPES, Event, State, Tombstone

SCHEMAS = Path(__file__).parent / "schemas"
"""The golden JSON Schemas, one file for each topic; written by `make contracts`."""
RELEASED = Path(__file__).parent / "released"
"""The golden JSON Schemas of the last release; written by a release only."""


@cache
def load_all() -> Mapping[str, type[Event]]:
    """Every public event by its type, sorted, the erasures of compacted topics among them.

    Imports all modules of this package, so that `TYPES` is complete afterwards.
    """
    for module in pkgutil.iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    public = [event for event in TYPES.values() if event.__module__.startswith(f"{__name__}.")]
    erasures = {Tombstone.of(event) for event in public if issubclass(event, State)}
    return {event.type: event for event in sorted([*public, *erasures], key=lambda event: event.type)}
