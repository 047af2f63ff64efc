"""How expected errors are explained."""

from pathlib import Path

import asyncpg
import pytest
from aiokafka.errors import KafkaConnectionError
from pydantic import ValidationError

from local import Failed, StateHeld
from local.errors import CommandError
from local.jars import JarUnavailable
from local.terminal.explain import explain
from shared.contracts.person import Account
from shared.domain.refused import Invalid
from shared.service.settings import Settings, SettingsError

EXPECTED = [
    (CommandError("it is\n  so"), "it is so", 1),
    (
        StateHeld(Path("/here"), "7"),
        "Another run (process 7) holds /here. Stop it, or set ENTENTE_STATE to another folder.",
        1,
    ),
    (Failed("kafka", 1, Path("/log")), "kafka ended with status 1. See its log: /log", 1),
    (Invalid(reason="it is not"), "What was asked is not possible: it is not.", 1),
    (SettingsError("set it"), "set it", 2),
    (asyncpg.InvalidPasswordError("no entry"), "InvalidPasswordError: no entry", 1),
    (KafkaConnectionError("no way"), "KafkaConnectionError: no way", 1),
    (TimeoutError(), "TimeoutError:", 1),
]


@pytest.mark.parametrize(("error", "sentence", "status"), EXPECTED, ids=lambda value: type(value).__name__)
def test_an_expected_error_is_one_line(error: Exception, sentence: str, status: int) -> None:
    """Each expected error has its sentence on one line and its exit status."""
    found = explain(error)
    assert found is not None
    assert (found[0].strip(), found[1]) == (sentence, status)


def test_a_jar_that_cannot_be_fetched_says_what_to_do() -> None:
    """Without a network, the sentence names the variable that helps."""
    found = explain(JarUnavailable("https://repo.example.org/a.jar", OSError("unreachable")))
    assert found is not None
    assert "ENTENTE_MAVEN" in found[0]


def test_wrong_settings_are_all_named() -> None:
    """All wrong settings are named by their variables, on one line."""
    with pytest.raises(ValidationError) as wrong:
        Settings.model_validate({"kafka": "nowhere", "kafka_replicas": 0, "development": True})
    found = explain(wrong.value)
    assert found is not None
    assert found[1] == 2
    assert found[0].startswith("ENTENTE_KAFKA: write it as host:port; ENTENTE_KAFKA_REPLICAS: ")


def test_wrong_fields_are_named() -> None:
    """A wrong field is named with its error."""
    with pytest.raises(ValidationError) as wrong:
        Account(issuer="", subject="somebody")
    found = explain(wrong.value)
    assert found is not None
    assert found[0].startswith("issuer: ")


@pytest.mark.parametrize("fault", [KeyError("x"), AssertionError(), RuntimeError("x")], ids=repr)
def test_a_bug_is_not_explained(fault: Exception) -> None:
    """An unexpected exception keeps its traceback."""
    assert explain(fault) is None
