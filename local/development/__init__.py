"""Servers for development and the demo only: an identity provider, and a mail server that delivers nothing."""
