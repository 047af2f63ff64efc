"""Stand-ins for development and the demo only: an identity provider and a catching mail server."""
