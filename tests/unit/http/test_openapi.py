"""The OpenAPI documents suit client generators and readers: valid, fully named and in plain words."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI
from pydantic import create_model
from schemathesis.specs.openapi.definitions import OPENAPI_31

from services import SERVICES
from shared.http.openapi import OpenApi
from shared.http.schemas import REF
from shared.service.rows import Lists
from shared.service.serve import build_app
from shared.service.settings import Settings
from tests.harness.asked import ALL

METHODS = {"get", "post"}
UNREFERENCED = {"Problem"}
"""The schema that all problems share, for clients that treat them alike."""
ANY: Any = None


def document(service: str, **settings: Any) -> dict[str, Any]:
    """The OpenAPI document of a service, built without Kafka or Postgres."""
    made = SERVICES[service](Settings(development=True, **settings))
    return build_app(made, ANY, ANY, ANY, ANY, ANY).openapi()


DOCUMENTS = {name: document(name) for name in SERVICES}
each = pytest.mark.parametrize("service", list(SERVICES))


def nodes(node: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every object of a document, with its path."""
    if isinstance(node, dict):
        yield where, node
    for name, one in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from nodes(one, (*where, str(name)))


def operations(service: str) -> dict[str, dict[str, Any]]:
    """The operations of a service, by id."""
    paths = DOCUMENTS[service]["paths"].values()
    return {one["operationId"]: one for path in paths for method, one in path.items() if method in METHODS}


def parameters(operation: dict[str, Any]) -> set[str]:
    """The names of an operation's parameters."""
    return {parameter["name"] for parameter in operation.get("parameters", ())}


@each
def test_the_document_is_valid(service: str) -> None:
    """It conforms to the specification's own schema of OpenAPI 3.1, and each of its schemas is JSON Schema."""
    assert DOCUMENTS[service]["openapi"].startswith("3.1")
    jsonschema_rs.validator_for(OPENAPI_31).validate(DOCUMENTS[service])
    for schema in DOCUMENTS[service]["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


@each
def test_references_and_components_match(service: str) -> None:
    """No reference is dangling and no component is unused."""
    referred = {node["$ref"].removeprefix(REF) for _, node in nodes(DOCUMENTS[service]) if "$ref" in node}

    assert referred == DOCUMENTS[service]["components"]["schemas"].keys() - UNREFERENCED


@each
def test_each_object_has_a_name(service: str) -> None:
    """Every schema with fields, and every enum, is a component with a name in camel case."""
    components: dict[str, Any] = DOCUMENTS[service]["components"]["schemas"]
    nameless = [
        where for where, node in nodes(DOCUMENTS[service])
        if (isinstance(node.get("properties"), dict) or "enum" in node) and where[:-1] != ("components", "schemas")
        and where[-2:] not in {("properties", "status")} and "parameters" not in where
    ]  # fmt: skip

    assert nameless == []
    assert [name for name in components if not re.fullmatch(r"([A-Z][a-z]*)+", name)] == []
    assert [where for where, node in nodes(DOCUMENTS[service]) if isinstance(node.get("title"), str)] == [("info",)]


@each
def test_no_name_confuses_code_generators(service: str) -> None:
    """No field has the name of its class, which some generators mix up; each sort order has a name."""
    components: dict[str, Any] = DOCUMENTS[service]["components"]["schemas"]
    words = {name: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in components}

    assert [name for name, one in components.items() if words[name] in one.get("properties", ())] == []
    for order in (one for name, one in components.items() if name.endswith("Sort")):
        assert all(re.fullmatch("[A-Z_]+", name) for name in order["x-enum-varnames"])
        assert len(order["x-enum-varnames"]) == len(order["enum"])


@each
def test_each_operation_is_tagged_with_its_aggregate(service: str) -> None:
    """An operation has one tag, with a description, the id of its row, and a summary in words."""
    described = {tag["name"] for tag in DOCUMENTS[service]["tags"] if tag["description"]}
    tagged = {name: operation["tags"] for name, operation in operations(service).items()}
    rows = {row.name for row in (*ALL[service].commands, *ALL[service].imports)}

    assert {len(tags) for tags in tagged.values()} == {1}
    assert {tag for tags in tagged.values() for tag in tags} == described
    assert rows <= tagged.keys()
    assert all(re.fullmatch(r"[A-Z][a-z ]+", operation["summary"]) for operation in operations(service).values())


@each
def test_each_command_declares_its_headers(service: str) -> None:
    """Each POST takes Idempotency-Key, each change of an aggregate If-Match; open routes take neither."""
    for row in (*ALL[service].commands, *ALL[service].imports):
        taken = parameters(operations(service)[row.name])
        wanted = (not row.anybody, not row.anybody and not row.creates)
        assert ("Idempotency-Key" in taken, "If-Match" in taken) == wanted, row.name


@each
def test_each_answer_declares_its_headers(service: str) -> None:
    """One aggregate has ETag, a created one Location too, 401 has WWW-Authenticate and 503 Retry-After."""
    single = {f"get_{row.kind.noun()}" for row in ALL[service].queries if isinstance(row, Lists)}
    created = {row.name for row in ALL[service].commands if row.creates}
    changed = {row.name for row in ALL[service].commands if not row.anybody} - created
    for name, operation in operations(service).items():
        found = {status: set(answer.get("headers", ())) for status, answer in operation["responses"].items()}
        ok = found.get("201") or found.get("200")
        wanted = {"ETag", "Location"} if name in created else {"ETag"} if name in single | changed else set()
        assert ok == wanted, name
        if "security" in operation:
            assert (found["401"], found["503"]) == ({"WWW-Authenticate"}, {"Retry-After"}), name


@each
def test_a_list_says_how_to_get_the_next_page(service: str) -> None:
    """A page describes the cursor of the next one, and the operation takes it."""
    for row in (row for row in ALL[service].queries if isinstance(row, Lists)):
        page = DOCUMENTS[service]["components"]["schemas"][f"{row.kind.__name__}Page"]
        assert (page["required"], "cursor" in page["properties"]["next"]["description"]) == (["items", "next"], True)
        assert {"cursor", "limit", *row.filters} <= parameters(DOCUMENTS[service]["paths"][row.path]["get"])


@each
def test_all_fields_of_a_document_are_required(service: str) -> None:
    """Generated clients need not check for fields that are always present."""
    for row in (row for row in ALL[service].queries if isinstance(row, Lists)):
        schema = DOCUMENTS[service]["components"]["schemas"][row.kind.__name__]
        assert set(schema["required"]) == schema["properties"].keys(), row.kind.__name__


@each
def test_each_problem_has_a_type_and_its_facts(service: str) -> None:
    """Its `type` is a constant; its facts have names and types."""
    components: dict[str, Any] = DOCUMENTS[service]["components"]["schemas"]
    problems = {name: one for name, one in components.items() if name.endswith("Problem") and name not in UNREFERENCED}
    types = [one["properties"]["type"]["const"] for one in problems.values()]

    assert len(set(types)) == len(problems) > 15
    for name, problem in problems.items():
        if (facts := problem["properties"].get("facts")) is not None:
            assert facts == {"$ref": REF + name.removesuffix("Problem") + "Facts"}
            assert components[name.removesuffix("Problem") + "Facts"]["required"], name
    assert "facts" in problems["NotFoundProblem"]["required"]


@each
def test_descriptions_are_free_of_code(service: str) -> None:
    """They have no Python names, no markup of docstrings and nothing about the implementation."""
    code = re.compile(
        r"``|:\w+:`|`[A-Z]\w+\.|\w\(\)|\b[Rr]aises?\b|\bSee the module|\bNone\b|`[a-z]+(_[a-z]+)+`|\bself\b"
    )
    fields = {name for _, node in nodes(DOCUMENTS[service]) for name in node.get("properties", ()) if "_" in name}
    found = [
        (where, node["description"]) for where, node in nodes(DOCUMENTS[service])
        if isinstance(node.get("description"), str)
        for match in code.finditer(node["description"]) if match[0].strip("`") not in fields
    ]  # fmt: skip

    assert found == []


def test_the_document_says_how_to_get_a_token() -> None:
    """It names the command for the development issuer, or the identity provider if one is configured."""
    ours = document("partners")
    theirs = document("partners", issuer="https://login.example.org")

    for said in (ours["components"]["securitySchemes"]["token"]["description"], ours["info"]["description"]):
        assert "`entente token PERSON`" in said
    for said in (theirs["components"]["securitySchemes"]["token"]["description"], theirs["info"]["description"]):
        assert "https://login.example.org/.well-known/openid-configuration" in said
        assert "entente token" not in said
    assert [one for one in operations("partners").values() if one.get("security") not in (None, [{"token": []}])] == []


def test_two_classes_of_one_name_are_refused() -> None:
    """A second class with the same component name fails here, not in a client."""

    def named(field: str) -> type[Any]:
        return create_model("Same", **{field: (str, ...)})  # pyright: ignore[reportCallIssue, reportArgumentType]

    openapi = OpenApi(ALL["partners"], "")
    openapi.operation("one", named("one"))
    openapi.operation("other", named("other"))
    with pytest.raises(TypeError, match="two classes of one service are called Same"):
        openapi.whole(FastAPI())
