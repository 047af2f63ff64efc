"""The delivery kit: envelope, outbox, relay, consumer, position, dead letter, timer.

It needs Kafka, Postgres and `shared.contracts.event`, and knows nothing of Entente; `examples/kit` uses it alone.
"""
