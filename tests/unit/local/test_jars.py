"""Kafka's jars are downloaded once, whole and checked."""

import hashlib
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from local.jars import JarUnavailable, WrongSum, kafka_jars, read_listing

CONTENTS = {f"org/example/part{n}/1.0/part{n}-1.0.jar": bytes([n]) * (100_000 + n) for n in range(12)}


class Repository:
    """A Maven repository on this machine. Records its requests, and has a listing that pins its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.listing = folder / "jars.sha256"
        self.cache = folder / "cache"
        self.requests: list[str] = []
        for path, content in CONTENTS.items():
            (self.folder / path).parent.mkdir(parents=True)
            (self.folder / path).write_bytes(content)
        lines = [f"{hashlib.sha256(content).hexdigest()}  {path}\n" for path, content in CONTENTS.items()]
        self.listing.write_text(f"# bytes {sum(map(len, CONTENTS.values()))}\n" + "".join(lines))
        handler = partial(_Handler, self.requests, directory=str(self.folder))
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def jars(self, progress: list[tuple[int, int]] | None = None) -> list[bytes]:
        seen = [] if progress is None else progress
        paths = kafka_jars(lambda had, total: seen.append((had, total)), self.cache, self.listing)
        return [path.read_bytes() for path in paths]


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, requests: list[str], *args: object, directory: str) -> None:
        self.requests = requests
        super().__init__(*args, directory=directory)  # pyright: ignore[reportArgumentType]

    def do_GET(self) -> None:
        self.requests.append(self.path)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    made = Repository(tmp_path)
    monkeypatch.setenv("ENTENTE_MAVEN", made.address)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("local.jars.TRIES", 1)
    thread = threading.Thread(target=made.server.serve_forever, args=(0.01,))  # seconds until it sees its shutdown
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def test_an_empty_cache_is_filled_with_progress_to_the_last_byte(repository: Repository) -> None:
    """All jars are downloaded, and the progress ends at the total size."""
    progress: list[tuple[int, int]] = []

    assert repository.jars(progress) == list(CONTENTS.values())
    assert progress[-1] == (1_200_066, 1_200_066)


def test_a_full_cache_sends_no_request(repository: Repository) -> None:
    """The second start needs no network."""
    repository.jars()
    repository.requests.clear()

    assert repository.jars() == list(CONTENTS.values())
    assert repository.requests == []


def test_only_a_damaged_file_is_fetched_again(repository: Repository) -> None:
    """If one cached file is truncated, only that file is downloaded again."""
    repository.jars()
    repository.requests.clear()
    (repository.cache / "part3-1.0.jar").write_bytes(b"short")

    assert repository.jars() == list(CONTENTS.values())
    assert repository.requests == ["/org/example/part3/1.0/part3-1.0.jar"]


def test_an_unverified_file_is_hashed(repository: Repository) -> None:
    """A file with the right size that was never verified is hashed and replaced."""
    repository.cache.mkdir()
    (repository.cache / "part3-1.0.jar").write_bytes(b"x" * 100_003)

    assert repository.jars() == list(CONTENTS.values())


def test_a_jar_with_a_wrong_checksum_is_refused_and_deleted(repository: Repository) -> None:
    """The error names both checksums; nothing of the jar remains in the cache."""
    path = "org/example/part5/1.0/part5-1.0.jar"
    (repository.folder / path).write_bytes(b"something else")

    with pytest.raises(WrongSum) as refused:
        repository.jars()

    sums = [hashlib.sha256(content).hexdigest() for content in (CONTENTS[path], b"something else")]
    assert [word for word in ("part5-1.0.jar", *sums) if word not in str(refused.value)] == []
    assert not list(repository.cache.glob("*part5*"))


def test_the_error_for_a_missing_jar_says_what_to_do(repository: Repository) -> None:
    """It names the jar's URL and the variable for a mirror."""
    (repository.folder / "org/example/part5/1.0/part5-1.0.jar").unlink()

    with pytest.raises(JarUnavailable, match=r"part5-1\.0\.jar could not be downloaded .*404.*ENTENTE_MAVEN"):
        repository.jars()


def test_concurrent_downloads_do_no_harm(repository: Repository) -> None:
    """Four concurrent downloads into one cache all end with complete files."""
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: repository.jars(), range(4)))

    assert results == [list(CONTENTS.values())] * 4
    assert not list(repository.cache.glob(".*"))


def test_the_pinned_list_is_complete() -> None:
    """Every jar in the list has a SHA-256 and a unique name; the broker and its logging are among them."""
    jars, total = read_listing()

    assert {len(jar.sha256) for jar in jars} == {64}
    assert len({jar.name for jar in jars}) == len(jars) == 46
    assert {"kafka_2.13-4.1.1.jar", "log4j-slf4j-impl-2.24.3.jar"} <= {jar.name for jar in jars}
    assert 40_000_000 < total < 50_000_000
