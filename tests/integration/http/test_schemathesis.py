"""Schemathesis reads each service's OpenAPI and asks what it allows, and what not: every answer is as described.

Here it tries at random and is short. All that it can do takes minutes, after a change of the edge:
`SCHEMATHESIS_PHASES=examples,coverage,fuzzing,stateful make test ARGS="-k schemathesis"`.
"""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from local.development.serving import serving
from shared.domain.actor import Role
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
    """An installation of its own: what it asks at random may erase the operator whom other tests need."""
    async with installed(addresses) as installation:
        yield installation


@pytest.fixture(scope="module")
async def officer(alone: Installation) -> Client:
    """Somebody who may do everything."""
    return await somebody(alone, *Role)


@pytest.mark.parametrize("service", list(ALL))
async def test_the_openapi_is_what_the_service_does(
    alone: Installation, officer: Client, service: str, tmp_path: Path
) -> None:
    """Whatever the OpenAPI of a service allows is answered as it says, whatever it does not allow is refused."""
    token = alone.issuer.token(officer.subject)
    async with serving(alone.services[service].app) as address:
        found = await asyncio.create_subprocess_exec(
            SCHEMATHESIS, "run", f"{address}/openapi.json", "--header", f"Authorization: Bearer {token}",
            "--checks", ",".join(CHECKS), "--phases", PHASES, "--mode", "all",
            "--max-examples", "4", "--seed", "1", "--continue-on-failure", "--no-color",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            cwd=tmp_path,  # it leaves a cache there
        )  # fmt: skip
        said, _ = await found.communicate()

    assert found.returncode == 0, said.decode()[-20_000:]
