"""The schema of scenario files."""

from typing import Any

import jsonschema_rs

from scenarios.catalogue import catalogue
from scenarios.schema import scenario_schema


def test_it_is_valid_json_schema_without_dangling_references() -> None:
    """Its metaschema accepts it, and each `$ref` leads to one of its definitions."""
    schema = scenario_schema(catalogue())

    jsonschema_rs.meta.validate(schema)
    assert set(_references(schema)) <= {f"#/$defs/{name}" for name in schema["$defs"]}


def test_every_use_case_is_a_step_with_all_its_fields() -> None:
    """A step, or one of several concurrent calls, takes and requires exactly the fields of its command."""
    definitions = scenario_schema(catalogue())["$defs"]

    for name, use_case in catalogue().use_cases.items():
        fields, defined = use_case.row.ask.model_fields, definitions[name]
        assert set(defined.get("properties", {})) == set(fields), name
        assert set(defined.get("required", [])) == {f for f, each in fields.items() if each.is_required()}, name
        for kind in ("Step", "Call"):
            assert definitions[kind]["properties"][name] == {"$ref": f"#/$defs/{name}"}


def test_every_list_and_event_can_be_expected() -> None:
    """Expectations accept each service's documents and other queries, each event and each refusal."""
    expectation = scenario_schema(catalogue())["$defs"]["Expectation"]["properties"]

    for service, own in catalogue().documents.items():
        assert [next(iter(each["if"]["required"])) for each in expectation[service]["allOf"]] == list(own)
    assert list(catalogue().documents["partners"])[-5:] == [
        "agreements", "delivery", "amendments", "initiatives", "initiative_delivery",
    ]  # fmt: skip
    assert "entente.partners.agreement.in-force.v1" in expectation["event"]["enum"]
    assert "places-promised" in expectation["refused"]["enum"]


def _references(node: Any) -> list[str]:
    if isinstance(node, dict):
        found = [node["$ref"]] if "$ref" in node else []
        return found + [each for value in node.values() for each in _references(value)]
    return [each for value in node for each in _references(value)] if isinstance(node, list) else []
