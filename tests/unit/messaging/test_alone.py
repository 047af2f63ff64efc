"""The messaging kit and its example do not import Entente."""

import subprocess
import sys

from tests.harness.parts import ROOT

IMPORT_ALL = """
import sys
from importlib import import_module
from pkgutil import iter_modules
import shared.messaging
for module in iter_modules(shared.messaging.__path__):
    import_module(f"shared.messaging.{module.name}")
import examples.kit.shop, examples.kit.warehouse
print(*sys.modules, sep="\\n")
"""
ROOMS = ("shared", "services", "local", "scenarios", "cli")
ALLOWED = ("shared.messaging.", "shared.contracts.event.")
PACKAGES = {"shared", "shared.contracts"}


def test_the_kit_and_its_example_import_nothing_of_entente() -> None:
    """In a fresh process they load `shared.contracts.event` and no other module of the project."""
    run = subprocess.run([sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=True)

    ours = {name for name in run.stdout.split() if name.split(".")[0] in ROOMS}
    assert "shared.messaging.relay" in ours
    assert {name for name in ours - PACKAGES if not f"{name}.".startswith(ALLOWED)} == set()
