"""The settings that docker-compose.yml gives each container, read as YAML; tests/compose runs it with Docker."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from local.installation import ROOT
from services import SERVICES

SENDERS = ("exchanges", "notifications")
"""The services that send mail: exchanges to participants, notifications to everyone else."""
MAIL = {name + suffix for name in SENDERS for suffix in ("", "-work")}
OF_MAIL = ("ENTENTE_SMTP", "ENTENTE_PARTICIPANT_PAGE")


@pytest.fixture(scope="module")
def containers() -> dict[str, Any]:
    """The services of the compose file, with anchors and merges resolved."""
    return YAML(typ="safe", pure=True).load((ROOT / "docker-compose.yml").read_text())["services"]


def test_only_senders_have_the_mail_servers_password(containers: dict[str, Any]) -> None:
    """Only the senders have it; the mailbox gets only the address that it listens on."""
    smtp = {
        name: [v for v in of.get("environment", {}) if v.startswith("ENTENTE_SMTP")] for name, of in containers.items()
    }
    named = ["ENTENTE_SMTP", *(f"ENTENTE_SMTP_{each}" for each in ("FROM", "USER", "PASSWORD", "TLS"))]
    assert {name: of for name, of in smtp.items() if of} == {name: named for name in MAIL} | {
        "mailbox": ["ENTENTE_SMTP"]
    }


def test_services_have_the_same_settings_except_for_mail(containers: dict[str, Any]) -> None:
    """This holds for the APIs, and for the workers."""
    for suffix in ("", "-work"):
        environments = {
            service: {name: value for name, value in containers[service + suffix]["environment"].items()
                      if not name.startswith(OF_MAIL)} for service in SERVICES
        }  # fmt: skip
        assert [service for service, of in environments.items() if of != environments["partners"]] == []


def test_prepare_checks_the_number_of_workers(containers: dict[str, Any]) -> None:
    """An invalid number of workers, such as zero, stops `up` before any service starts."""
    assert containers["prepare"]["environment"]["ENTENTE_WORKERS"] == "${ENTENTE_WORKERS:-}"
