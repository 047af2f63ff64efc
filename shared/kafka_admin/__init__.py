"""Kafka's administration, beside the kit: make and check topics, and check that a consumer may start on them."""
