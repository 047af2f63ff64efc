"""The kit's database and topics, for its faults."""

from tests.integration.messaging.conftest import pool, topic

__all__ = ["pool", "topic"]
