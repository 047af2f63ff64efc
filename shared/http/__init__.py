"""The edge of a service: routes made from its rows, bodies, documents, OpenAPI, problems, operations, identity."""
