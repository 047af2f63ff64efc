"""The jars of Apache Kafka: fetched once into a user's cache, each held to a pinned SHA-256."""

import hashlib
import json
import os
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

VERSION = "4.1.1"
LISTING = Path(__file__).with_name("kafka-jars.sha256")
AT_ONCE, TRIES, TIMEOUT = 8, 3, 30.0
VERIFIED = "verified.json"

Progress = Callable[[int, int], None]
"""Called with the bytes had so far and the bytes of all jars together, from any thread."""


class JarUnavailable(Exception):
    """A jar could not be fetched."""

    def __init__(self, address: str, reason: BaseException) -> None:
        super().__init__(
            f"{address} could not be fetched ({reason}). Check the network and HTTPS_PROXY, "
            "or name a mirror of Maven Central in ENTENTE_MAVEN, then start again: what was fetched is kept."
        )


class WrongSum(Exception):
    """A fetched jar is not the one that was pinned."""

    def __init__(self, name: str, address: str, expected: str, seen: str) -> None:
        super().__init__(
            f"{name} from {address} is not the pinned file: SHA-256 expected {expected}, seen {seen}. "
            "Nothing was kept of it. Something between here and the repository changes files: "
            "name another mirror in ENTENTE_MAVEN, or ask who runs your proxy."
        )


@dataclass(frozen=True)
class Jar:
    """A pinned jar: its SHA-256 in hex and its path in a Maven repository."""

    sha256: str
    path: str

    @property
    def name(self) -> str:
        """The file's name, unique among the jars."""
        return self.path.rpartition("/")[2]


def read_listing(listing: Path = LISTING) -> tuple[list[Jar], int]:
    """Return the pinned jars and their bytes together, from lines `sha256  path` below `# bytes N`."""
    lines = listing.read_text().splitlines()
    total = next(int(line.removeprefix("# bytes ")) for line in lines if line.startswith("# bytes "))
    return [Jar(*line.split()) for line in lines if line and not line.startswith("#")], total


def cache_folder() -> Path:
    """Return the folder of the jars: below ENTENTE_CACHE, else XDG_CACHE_HOME/entente, else ~/.cache/entente."""
    if own := os.environ.get("ENTENTE_CACHE"):
        return Path(own).absolute() / f"kafka-{VERSION}"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "entente" / f"kafka-{VERSION}"


def repository() -> str:
    """Return the Maven repository's base address: ENTENTE_MAVEN, else the default of the Maven client jgo."""
    if own := os.environ.get("ENTENTE_MAVEN"):
        return own.rstrip("/")
    # Only a download needs it, and it takes a tenth of a second to import.
    from jgo.constants import MAVEN_CENTRAL_URL

    return MAVEN_CENTRAL_URL


def kafka_jars(progress: Progress, folder: Path | None = None, listing: Path = LISTING) -> list[Path]:
    """Return the paths of all jars, fetching those that `folder` lacks; blocking, so run it in a thread.

    Needs no network when all are there. Several at once, in any number of processes, do no harm.

    Raises:
        JarUnavailable: a jar could not be fetched.
        WrongSum: a jar is not the pinned one.
    """
    folder = folder or cache_folder()
    jars, total = read_listing(listing)
    folder.mkdir(parents=True, exist_ok=True)
    missing = _missing(jars, folder)
    if missing:
        _fetch_all(
            missing, folder, total, sum(_size(folder / jar.name) for jar in jars if jar not in missing), progress
        )
        _remember(jars, folder)
    return [folder / jar.name for jar in jars]


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


def _missing(jars: Sequence[Jar], folder: Path) -> list[Jar]:
    """Trust a file whose size and sum were seen here before; hash any other."""
    seen = _remembered(folder)
    unknown = [jar for jar in jars if seen.get(jar.name) != [jar.sha256, _size(folder / jar.name)]]
    missing = [jar for jar in unknown if not _holds(folder / jar.name, jar.sha256)]
    if unknown and not missing:
        _remember(jars, folder)
    return missing


def _holds(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _remembered(folder: Path) -> dict[str, object]:
    try:
        return json.loads((folder / VERIFIED).read_text())
    except (FileNotFoundError, ValueError):
        return {}


def _remember(jars: Sequence[Jar], folder: Path) -> None:
    sizes = {jar.name: [jar.sha256, _size(folder / jar.name)] for jar in jars}
    _write_whole(folder / VERIFIED, json.dumps(sizes).encode())


def _write_whole(path: Path, content: bytes) -> None:
    """Write by temporary file and rename: a reader and a second writer see a whole file or none."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as part:
        part.write(content)
    Path(part.name).replace(path)


def _fetch_all(jars: Sequence[Jar], folder: Path, total: int, had: int, progress: Progress) -> None:
    counted, lock, base = had, threading.Lock(), repository()

    def count(read: int) -> None:
        nonlocal counted
        with lock:
            counted += read
            progress(counted, total)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = [pool.submit(_fetch, jar, f"{base}/{jar.path}", folder, count) for jar in jars]
        try:
            for done in waiting:
                done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _fetch(jar: Jar, address: str, folder: Path, count: Callable[[int], None]) -> None:
    content = _download(address, count)
    seen = hashlib.sha256(content).hexdigest()
    if seen != jar.sha256:
        raise WrongSum(jar.name, address, jar.sha256, seen)
    _write_whole(folder / jar.name, content)


def _download(address: str, count: Callable[[int], None]) -> bytes:
    for attempt in range(1, TRIES + 1):
        content = bytearray()
        try:
            with urllib.request.urlopen(address, timeout=TIMEOUT) as answer:  # noqa: S310 - the repository is configuration
                while chunk := answer.read(1 << 16):
                    content += chunk
                    count(len(chunk))
            return bytes(content)
        except OSError as reason:
            count(-len(content))
            if attempt == TRIES:
                raise JarUnavailable(address, reason) from reason
            time.sleep(0.5 * attempt)
    raise AssertionError("unreachable: the last attempt returned or raised")
