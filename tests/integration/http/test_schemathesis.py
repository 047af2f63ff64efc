"""Schemathesis sends requests that each service's OpenAPI allows and forbids: every answer matches the document.

Here it runs briefly and at random. After a change to the HTTP edge run everything, which takes minutes:
`SCHEMATHESIS_PHASES=examples,coverage,fuzzing,stateful make test ARGS="-k schemathesis"`.
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from local.development.serving import serving
from shared.domain.actor import OFFICE_ROLES
from tests.harness.asked import ALL
from tests.harness.installation import Client, Installation, installed
from tests.harness.parts import Addresses
from tests.harness.wrong import somebody

CHECKS = [
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "negative_data_rejection", "unsupported_method",
]  # fmt: skip
PHASES = os.environ.get("SCHEMATHESIS_PHASES", "fuzzing")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")


@pytest.fixture(scope="module")
async def alone(addresses: Addresses) -> AsyncGenerator[Installation]:
    """A separate installation, because random requests may erase the operator that other tests need."""
    async with installed(addresses) as installation:
        yield installation


@pytest.fixture(scope="module")
async def officer(alone: Installation) -> Client:
    """A person with every role."""
    return await somebody(alone, *OFFICE_ROLES)


@pytest.mark.parametrize("service", list(ALL))
async def test_a_service_conforms_to_its_openapi(
    alone: Installation, officer: Client, service: str, tmp_path: Path
) -> None:
    """It answers allowed requests as documented and refuses all others."""
    token = alone.issuer.token(officer.subject)
    async with serving(alone.services[service].app) as address:
        found = await asyncio.create_subprocess_exec(
            SCHEMATHESIS, "run", f"{address}/openapi.json", "--header", f"Authorization: Bearer {token}",
            "--checks", ",".join(CHECKS), "--phases", PHASES, "--mode", "all",
            "--max-examples", "4", "--seed", "1", "--continue-on-failure", "--no-color",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            cwd=tmp_path,  # Schemathesis leaves a cache there
        )  # fmt: skip
        output, _ = await found.communicate()

    assert found.returncode == 0, output.decode()[-20_000:]
