"""The OpenAPI documents are what a client's engineer wants: valid, named throughout, and in words for people."""

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
"""What each problem has, for clients that do not tell them apart."""
ANY: Any = None


def document(service: str, **settings: Any) -> dict[str, Any]:
    """The document of a service, which needs nothing to run for that."""
    made = SERVICES[service](Settings(development=True, **settings))
    return build_app(made, ANY, ANY, ANY, ANY, ANY).openapi()


DOCUMENTS = {name: document(name) for name in SERVICES}
each = pytest.mark.parametrize("service", list(SERVICES))


def nodes(node: Any, where: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every object of a document, with the way to it."""
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
    """It is OpenAPI 3.1 by the specification's own schema, and each of its schemas is JSON Schema."""
    assert DOCUMENTS[service]["openapi"].startswith("3.1")
    jsonschema_rs.validator_for(OPENAPI_31).validate(DOCUMENTS[service])
    for schema in DOCUMENTS[service]["components"]["schemas"].values():
        jsonschema_rs.meta.validate({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema})


@each
def test_each_reference_leads_to_a_component_and_each_component_is_referred_to(service: str) -> None:
    """Nothing dangles, and nothing is left over."""
    referred = {node["$ref"].removeprefix(REF) for _, node in nodes(DOCUMENTS[service]) if "$ref" in node}

    assert referred == DOCUMENTS[service]["components"]["schemas"].keys() - UNREFERENCED


@each
def test_each_object_has_a_name(service: str) -> None:
    """Every schema with fields, and every list of codes, is a component under a name that reads well."""
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
def test_no_name_makes_generators_stumble(service: str) -> None:
    """A field is not called as its class, which some take for one variable; each order of a list has a name."""
    components: dict[str, Any] = DOCUMENTS[service]["components"]["schemas"]
    words = {name: re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower() for name in components}

    assert [name for name, one in components.items() if words[name] in one.get("properties", ())] == []
    for order in (one for name, one in components.items() if name.endswith("Sort")):
        assert all(re.fullmatch("[A-Z_]+", name) for name in order["x-enum-varnames"])
        assert len(order["x-enum-varnames"]) == len(order["enum"])


@each
def test_each_operation_stands_under_its_aggregate(service: str) -> None:
    """An operation has one tag, which the document describes, the name of its row, and a summary in words."""
    described = {tag["name"] for tag in DOCUMENTS[service]["tags"] if tag["description"]}
    tagged = {name: operation["tags"] for name, operation in operations(service).items()}
    rows = {row.name for row in (*ALL[service].commands, *ALL[service].imports)}

    assert {len(tags) for tags in tagged.values()} == {1}
    assert {tag for tags in tagged.values() for tag in tags} == described
    assert rows <= tagged.keys()
    assert all(re.fullmatch(r"[A-Z][a-z ]+", operation["summary"]) for operation in operations(service).values())


@each
def test_each_command_takes_a_key_and_each_change_an_etag(service: str) -> None:
    """Idempotency-Key stands on each POST, If-Match on changes of an aggregate; neither where anybody may call."""
    for row in (*ALL[service].commands, *ALL[service].imports):
        taken = parameters(operations(service)[row.name])
        wanted = (not row.anybody, not row.anybody and not row.creates)
        assert ("Idempotency-Key" in taken, "If-Match" in taken) == wanted, row.name


@each
def test_each_answer_declares_its_headers(service: str) -> None:
    """An answer with one aggregate has an ETag, that to its creation a Location too; 401 and 503 say what to do."""
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
    """A page has the cursor of the next one, and the operation takes it."""
    for row in (row for row in ALL[service].queries if isinstance(row, Lists)):
        page = DOCUMENTS[service]["components"]["schemas"][f"{row.kind.__name__}Page"]
        assert (page["required"], "cursor" in page["properties"]["next"]["description"]) == (["items", "next"], True)
        assert {"cursor", "limit", *row.filters} <= parameters(DOCUMENTS[service]["paths"][row.path]["get"])


@each
def test_an_answer_has_all_its_fields(service: str) -> None:
    """Fields that are always there are required: all of a document's."""
    for row in (row for row in ALL[service].queries if isinstance(row, Lists)):
        schema = DOCUMENTS[service]["components"]["schemas"][row.kind.__name__]
        assert set(schema["required"]) == schema["properties"].keys(), row.kind.__name__


@each
def test_each_problem_has_a_type_and_its_facts(service: str) -> None:
    """A problem is told by a constant `type`; its facts have names and types."""
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
def test_descriptions_are_for_people(service: str) -> None:
    """No name of a function or class, no markup of Python's documentation, nothing of how the code does it."""
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
    """By a command for the development issuer, and from the identity provider where there is one."""
    ours = document("partners")
    theirs = document("partners", issuer="https://login.example.org")

    for said in (ours["components"]["securitySchemes"]["token"]["description"], ours["info"]["description"]):
        assert "`entente token PERSON`" in said
    for said in (theirs["components"]["securitySchemes"]["token"]["description"], theirs["info"]["description"]):
        assert "https://login.example.org/.well-known/openid-configuration" in said
        assert "entente token" not in said
    assert [one for one in operations("partners").values() if one.get("security") not in (None, [{"token": []}])] == []


def test_two_classes_of_one_name_are_refused() -> None:
    """A component is one class: a second class of the same name fails here, not in a client."""

    def named(field: str) -> type[Any]:
        return create_model("Same", **{field: (str, ...)})  # pyright: ignore[reportCallIssue, reportArgumentType]

    openapi = OpenApi(ALL["partners"], "")
    openapi.operation("one", named("one"))
    openapi.operation("other", named("other"))
    with pytest.raises(TypeError, match="two classes of one service are called Same"):
        openapi.whole(FastAPI())
