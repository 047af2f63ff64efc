"""Fixtures of the messaging kit, for its fault tests."""

from tests.integration.messaging.conftest import pool, topic

__all__ = ["pool", "topic"]
