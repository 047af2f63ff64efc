"""The jars of Apache Kafka: downloaded once into the user's cache and checked against a pinned SHA-256."""

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
"""Called from any thread with the bytes downloaded so far and the total of all jars."""


class JarUnavailable(Exception):
    """A jar could not be downloaded."""

    def __init__(self, address: str, reason: BaseException) -> None:
        super().__init__(
            f"{address} could not be downloaded ({reason}). Check the network and HTTPS_PROXY, or set ENTENTE_MAVEN "
            "to a mirror of Maven Central. Then start again; finished downloads are kept."
        )


class WrongSum(Exception):
    """A downloaded jar is not the pinned one."""

    def __init__(self, name: str, address: str, expected: str, seen: str) -> None:
        super().__init__(
            f"{name} from {address} is not the pinned file: expected SHA-256 {expected}, got {seen}. "
            "The file was discarded. Something between here and the repository changes files. "
            "Set ENTENTE_MAVEN to another mirror, or ask your proxy's administrator."
        )


@dataclass(frozen=True)
class Jar:
    """A pinned jar: its SHA-256 in hex and its path in a Maven repository."""

    sha256: str
    path: str

    @property
    def name(self) -> str:
        """The file name, unique among the jars."""
        return self.path.rpartition("/")[2]


def read_listing(listing: Path = LISTING) -> tuple[list[Jar], int]:
    """Return the pinned jars and their total bytes, from lines `sha256  path` below a line `# bytes N`."""
    lines = listing.read_text().splitlines()
    total = next(int(line.removeprefix("# bytes ")) for line in lines if line.startswith("# bytes "))
    return [Jar(*line.split()) for line in lines if line and not line.startswith("#")], total


def cache_folder() -> Path:
    """Return the folder of the jars: in ENTENTE_CACHE, else XDG_CACHE_HOME/entente, else ~/.cache/entente."""
    if own := os.environ.get("ENTENTE_CACHE"):
        return Path(own).absolute() / f"kafka-{VERSION}"
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "entente" / f"kafka-{VERSION}"


def repository() -> str:
    """Return the Maven repository's base address: ENTENTE_MAVEN, else jgo's default."""
    if own := os.environ.get("ENTENTE_MAVEN"):
        return own.rstrip("/")
    # Import it only for a download: it takes a tenth of a second.
    from jgo.constants import MAVEN_CENTRAL_URL

    return MAVEN_CENTRAL_URL


def kafka_jars(progress: Progress, folder: Path | None = None, listing: Path = LISTING) -> list[Path]:
    """Return the paths of all jars, and download those missing from `folder`. Blocks, so run it in a thread.

    If none is missing, this needs no network. Any number of processes may do this at once.

    Raises:
        JarUnavailable: a jar could not be downloaded.
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
    """Trust a file that was verified before and still has the same size; hash any other."""
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
    """Write to a temporary file and rename it, so that no reader or second writer sees a partial file."""
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
