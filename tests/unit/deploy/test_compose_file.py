"""What docker-compose.yml gives to each container, as it is written; tests/compose has docker read it."""

from typing import Any

import pytest
from ruamel.yaml import YAML

from local.installation import ROOT
from services import SERVICES

SENDERS = ("exchanges", "notifications")
"""The services that send mail: exchanges to participants, notifications to everybody else."""
MAIL = {name + suffix for name in SENDERS for suffix in ("", "-work")}
OF_MAIL = ("ENTENTE_SMTP", "ENTENTE_PARTICIPANT_PAGE")


@pytest.fixture(scope="module")
def containers() -> dict[str, Any]:
    """The compose file's services, with what they have from others."""
    return YAML(typ="safe", pure=True).load((ROOT / "docker-compose.yml").read_text())["services"]


def test_only_who_sends_mail_is_told_how_to_log_in_to_the_mail_server(containers: dict[str, Any]) -> None:
    """No container has the mail server's password but the senders'; the mailbox is told where it listens."""
    told = {
        name: [v for v in of.get("environment", {}) if v.startswith("ENTENTE_SMTP")] for name, of in containers.items()
    }
    named = ["ENTENTE_SMTP", *(f"ENTENTE_SMTP_{each}" for each in ("FROM", "USER", "PASSWORD", "TLS"))]
    assert {name: of for name, of in told.items() if of} == {name: named for name in MAIL} | {
        "mailbox": ["ENTENTE_SMTP"]
    }


def test_services_are_told_the_same_but_for_mail(containers: dict[str, Any]) -> None:
    """Every service and every worker has the same settings, and an API knows whether its worker is apart."""
    for suffix in ("", "-work"):
        told = {
            service: {name: value for name, value in containers[service + suffix]["environment"].items()
                      if not name.startswith(OF_MAIL)} for service in SERVICES
        }  # fmt: skip
        assert [service for service, of in told.items() if of != told["partners"]] == []


def test_what_runs_first_sees_the_number_of_workers(containers: dict[str, Any]) -> None:
    """A number that settings refuse, with which nobody would do the work, ends `up` before a service starts."""
    assert containers["prepare"]["environment"]["ENTENTE_WORKERS"] == "${ENTENTE_WORKERS:-}"
