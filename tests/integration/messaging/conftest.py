"""A database and topics for the messaging kit alone, without a service."""

import uuid
from collections.abc import AsyncGenerator

import pytest

from shared.contracts import load_all
from shared.kafka_admin.topics import Topics
from shared.messaging.outbox import Pool
from tests.harness.parts import Addresses
from tests.integration.messaging.scene import database
from tests.integration.messaging.subscribing import Topic


@pytest.fixture(scope="module")
async def pool(addresses: Addresses) -> AsyncGenerator[Pool]:
    """A database with the kit's tables that no service uses."""
    async with database(addresses) as pool:
        yield pool


@pytest.fixture
async def topic(addresses: Addresses) -> Topic:
    """Empty topics."""
    prefix = f"{uuid.uuid4().hex[:8]}."
    await Topics(addresses.kafka, load_all().values(), prefix).make()
    return Topic(addresses.kafka, prefix)
