"""A separate compose project with its own names, ports, passwords and volumes."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from local.ports import free_port
from services import SERVICES

ROOT = Path(__file__).parents[2]
NAME, IMAGE = "entente-check", "entente:check"
FIRST_PORT = 28081

Variables = Mapping[str, str]
NONE: Variables = MappingProxyType({})


def docker_is_missing() -> str | None:
    """Why docker compose cannot run here; None if it can."""
    if shutil.which("docker") is None:
        return "docker is not installed"
    for words in (["docker", "info"], ["docker", "compose", "version"]):
        ran = subprocess.run(words, capture_output=True, text=True, timeout=60)
        if ran.returncode:
            return f"`{' '.join(words)}` does not succeed: {ran.stderr.strip()[-300:]}"
    return None


def write_passwords(folder: Path) -> str:
    """Runs the script behind `make secrets` in `folder` and returns its output."""
    shutil.copy(ROOT / "docker-compose.yml", folder)
    script = ROOT / "deploy" / "compose" / "secrets.sh"
    environment = {name: value for name, value in os.environ.items() if name != "ENTENTE_SECRETS"}
    return subprocess.run(
        ["sh", str(script)], cwd=folder, env=environment, capture_output=True, text=True, check=True
    ).stdout


@dataclass(frozen=True)
class Project:
    """The checkout's compose file, run with `environment` instead of `.env`."""

    environment: dict[str, str]

    def compose(
        self, *words: str, profiles: Iterable[str] = ("demo",), fails: bool = False, more: Variables = NONE
    ) -> str:
        """Runs docker compose and returns its output; `more` adds variables for this call."""
        flags = [word for profile in profiles for word in ("--profile", profile)]
        return self.run("docker", "compose", *flags, *words, fails=fails, more=more)

    def run(self, *words: str, fails: bool = False, more: Variables = NONE) -> str:
        """Runs a command in the checkout and returns its output; it must succeed, or fail if `fails` is set."""
        environment = os.environ | self.environment | dict(more)
        ran = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
        output = f"{' '.join(words)}: exit status {ran.returncode}\n{ran.stdout[-6000:]}\n{ran.stderr[-6000:]}"
        assert bool(ran.returncode) == fails, output
        return ran.stderr if fails else ran.stdout

    def up(self, more: Variables = NONE) -> None:
        """Runs `docker compose up --wait`; a failure shows the containers' logs."""
        try:
            self.compose("up", "--wait", "--wait-timeout", "180", more=more)
        except AssertionError as problem:
            print(self.compose("ps", "--all"), self.compose("logs", "--tail", "30"))
            raise problem

    def configured(self, *profiles: str, more: Variables = NONE) -> dict[str, Any]:
        """The compose file as docker compose resolves it."""
        return json.loads(self.compose("config", "--format", "json", profiles=profiles, more=more))

    def containers(self) -> list[dict[str, Any]]:
        """The output of `docker inspect` for each running container."""
        return json.loads(self.run("docker", "inspect", *self.compose("ps", "--quiet").split()))

    def demo(self, more: Variables = NONE) -> dict[str, Any]:
        """Plays the demo against the project and returns the JSON document that it prints."""
        command = [sys.executable, "-P", "-m", "cli", "demo", "--compose", "--json"]
        return json.loads(self.run(*command, more={**more, "PYTHONPATH": str(ROOT)}))


def new_project(secrets: Path) -> Project:
    """A project on free ports, with the passwords in `secrets`."""
    ports: dict[str, str] = {}
    port = FIRST_PORT
    for name in (*SERVICES, "issuer", "mailbox"):
        port = free_port(port)
        ports[f"ENTENTE_{name}_PORT".upper()] = str(port)
        port += 1
    own = {"COMPOSE_DISABLE_ENV_FILE": "1", "COMPOSE_PROJECT_NAME": NAME, "COMPOSE_PROGRESS": "plain"}
    return Project(own | ports | {"ENTENTE_IMAGE": IMAGE, "ENTENTE_SECRETS": str(secrets)})
