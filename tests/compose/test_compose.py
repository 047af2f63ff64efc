"""The installation on docker compose is closed to outsiders, and the demo passes on it after any restart."""

import json
import re
import tomllib
from collections.abc import Generator
from pathlib import Path

import pytest

from services import SERVICES
from shared.database.migrations import KINDS
from shared.service.settings import DEVELOPMENT_ISSUER
from tests.compose.project import IMAGE, ROOT, Project, docker_is_missing, new_project, write_passwords

pytestmark = pytest.mark.compose

OURS = {"prepare", "migrate", "topics", "first-operator", "entente", "issuer", "mailbox"}
OFFICIAL = {"postgres": "postgres:18", "kafka": "apache/kafka:4.1.1"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Generator[Project]:
    """The project, without remains of an earlier run; removed afterwards."""
    if reason := docker_is_missing():
        pytest.skip(f"the installation on docker compose was not checked: {reason}")
    folder = tmp_path_factory.mktemp("compose")
    write_passwords(folder)
    made = new_project(folder / ".secrets")
    made.compose("down", "--volumes", "--timeout", "5")
    yield made
    made.compose("down", "--volumes", "--timeout", "5")


@pytest.fixture(scope="module")
def running(project: Project) -> Project:
    """The project, built and running."""
    project.compose("build")
    project.up()
    return project


def test_the_compose_file_has_every_service_and_worker(project: Project) -> None:
    """Every service in the code is there, with its worker and three passwords."""
    found = project.configured("demo", "tools")
    assert set(found["services"]) == OURS | set(OFFICIAL) | set(SERVICES) | {f"{name}-work" for name in SERVICES}
    wanted = {f"entente_password_{name}_{kind}" for name in SERVICES for kind in KINDS}
    assert set(found["secrets"]) == wanted | {"entente_password_postgres"}
    checked = found["services"]["entente"]["environment"]["ENTENTE_STATUS_URLS"].split()
    assert checked == [f"{name}=http://{name}:8080" for name in SERVICES]


def test_status_checks_separate_workers_too(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a worker knows the state of its relay and consumers."""
    monkeypatch.setenv("ENTENTE_WORKERS", "2")
    found = project.configured("tools")["services"]["entente"]["environment"]["ENTENTE_STATUS_URLS"].split()

    assert found == [f"{name}=http://{name}:8080" for name in (*SERVICES, *(f"{name}-work" for name in SERVICES))]


SENDERS = ("exchanges", "notifications")
"""The services that send mail."""


def test_a_service_has_its_own_password_only(project: Project) -> None:
    """A compromised service cannot read another's schema, or change its own as the owner."""
    services = project.configured("demo", "tools")["services"]
    for name in SERVICES:
        for container in (name, f"{name}-work"):
            given = [secret["source"] for secret in services[container]["secrets"]]
            assert given == [f"entente_password_{name}_service"]
            assert ("ENTENTE_SMTP_PASSWORD" in services[container]["environment"]) == (name in SENDERS)


def test_only_http_ports_are_published_on_loopback(project: Project) -> None:
    """Other machines can reach no port, and Kafka and Postgres have no published ports."""
    found = project.configured("demo", "tools")
    assert found["networks"]["data"]["internal"]
    for name, service in found["services"].items():
        for port in service.get("ports", []):
            assert (port["host_ip"], port["target"]) == ("127.0.0.1", 8080), name
        if name in OFFICIAL:
            assert list(service["networks"]) == ["data"]
            assert "ports" not in service


def test_images_are_pinned_to_versions(project: Project) -> None:
    """Official images have a fixed version, and the project's image has the version of the project."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    for name, service in project.configured("demo", "tools", more={"ENTENTE_IMAGE": ""})["services"].items():
        assert service["image"] == OFFICIAL.get(name, f"entente:{version}")


def test_containers_have_no_needless_privileges(project: Project) -> None:
    """No container has or can gain a capability; all but Kafka have a read-only root file system."""
    for name, service in project.configured("demo", "tools")["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("read_only", False) == (name != "kafka"), name
        assert service["deploy"]["resources"]["limits"]["memory"], name


def test_a_configured_identity_provider_is_the_only_one(project: Project) -> None:
    """If ENTENTE_ISSUER names a provider, no service trusts the development issuer or fetches its keys."""
    own = "https://id.example.org"
    services = project.configured("demo", more={"ENTENTE_ISSUER": own})["services"]
    for name in SERVICES:
        environment = services[name]["environment"]
        assert (environment["ENTENTE_ISSUER"], environment["ENTENTE_ISSUER_ADDRESS"]) == (own, own)
    default = project.configured()["services"]
    assert "issuer" not in default
    assert default["partners"]["environment"]["ENTENTE_ISSUER"] == DEVELOPMENT_ISSUER


def test_without_passwords_compose_says_what_to_do(project: Project) -> None:
    """There are no default passwords: without passwords nothing starts, and the error says how to create them."""
    error = project.compose("up", "--wait", fails=True, more={"ENTENTE_SECRETS": ""})
    assert "ENTENTE_SECRETS is missing" in error
    assert "make secrets" in error


def test_passwords_are_written_once(tmp_path: Path) -> None:
    """A second `make secrets` changes no password; all are long, distinct, and in a private folder."""
    assert re.match(r"\d+ passwords written", write_passwords(tmp_path))
    folder = tmp_path / ".secrets"
    first = {file.name: file.read_text() for file in folder.iterdir()}
    (folder / "entente_password_partners_owner").unlink()
    assert write_passwords(tmp_path).startswith("1 passwords written")
    second = {file.name: file.read_text() for file in folder.iterdir()}
    assert [name for name in first if first[name] != second[name]] == ["entente_password_partners_owner"]
    assert len({*second.values()}) == len(second) == 1 + len(SERVICES) * len(KINDS)
    assert all(len(password.strip()) == 48 for password in second.values())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / ".env").read_text().count("ENTENTE_SECRETS=") == 1


def test_the_image_is_small_and_unprivileged(running: Project) -> None:
    """The image has its own user and no compiler, and the command works on a read-only root file system."""
    image = json.loads(running.run("docker", "image", "inspect", IMAGE))[0]
    assert image["Config"]["User"] == "10001:10001"
    assert image["Size"] < 400_000_000
    closed = ["docker", "run", "--rm", "--read-only", "--cap-drop", "ALL", "--network", "none"]
    assert running.run(*closed, IMAGE, "--version").startswith("entente ")
    running.run(*closed, "--entrypoint", "sh", IMAGE, "-c", "! command -v gcc cc make")


def test_every_container_is_healthy_and_not_root(running: Project) -> None:
    """After `up --wait` every container is healthy, none runs as root, and every published port is on loopback."""
    containers = running.containers()
    names = {each["Config"]["Labels"]["com.docker.compose.service"] for each in containers}
    assert names == {*OFFICIAL, *SERVICES, "issuer", "mailbox"}
    for each in containers:
        assert each["State"]["Health"]["Status"] == "healthy", each["Name"]
        assert each["Config"]["User"] not in ("", "0", "root"), each["Name"]
        for bindings in each["NetworkSettings"]["Ports"].values():
            assert {binding["HostIp"] for binding in bindings or ()} <= {"127.0.0.1"}
    running.compose("exec", "-T", "partners", "sh", "-c", "! touch /opt/entente/here && touch /tmp/here")


def test_the_demo_passes(running: Project) -> None:
    """The whole story passes in containers."""
    assert running.demo()["ok"]


def test_operators_can_run_the_commands_in_a_container(running: Project) -> None:
    """`status`, `dead-letters`, `topics` and `doctor` work from a container of the profile `tools`."""
    for words in (["status"], ["dead-letters", "list"], ["topics", "--check"], ["doctor"]):
        running.compose("run", "--rm", "-T", "entente", *words, profiles=["tools"])


@pytest.mark.parametrize("parts", [["postgres"], ["kafka"], [*SERVICES, "issuer", "mailbox"]], ids=" ".join)
def test_the_demo_passes_after_a_restart(running: Project, parts: list[str]) -> None:
    """After a restart, parts and their dependants recover without help."""
    running.compose("restart", "--timeout", "30", *parts)
    assert running.demo()["ok"]


def test_data_survives_a_restart_with_separate_workers(running: Project) -> None:
    """After `down` and `up` with workers in separate containers the data is still there and the demo passes."""
    before = _count(running, "organisation")
    running.compose("down")
    somebody = {"subject": "first", "name": {"en": "First"}, "identifier": {"scheme": "ror", "value": "03angcq70"}}
    apart = {"ENTENTE_WORKERS": "1", "ENTENTE_FIRST_OPERATOR": json.dumps(somebody)}
    running.up(apart)
    assert _count(running, "organisation") == before
    assert _count(running, "account where subject = 'first'") == 1
    workers = running.compose("ps", "--format", "{{.Service}}", more=apart).split()
    assert {name: workers.count(f"{name}-work") for name in SERVICES} == dict.fromkeys(SERVICES, 1)
    assert running.demo(apart)["ok"]


def _count(project: Project, rows: str) -> int:
    count = f"select count(*) from partners.{rows}"
    printed = project.compose("exec", "-T", "postgres", "psql", "-U", "postgres", "-At", "-c", count, "entente")
    return int(printed)
