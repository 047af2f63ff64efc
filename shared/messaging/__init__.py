"""The delivery kit: envelope, outbox, relay, consumer, position, dead letter, timer. It knows no service."""
