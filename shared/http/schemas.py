"""The schemas of an OpenAPI document: each class in a request or an answer is one component, under its own name."""

import inspect
from typing import Any, Literal

from pydantic import TypeAdapter
from pydantic.json_schema import CoreModeRef, DefsRef, GenerateJsonSchema

from shared.domain.aggregate import Aggregate
from shared.service.rows import Change
from shared.service.work import adapter

Schema = dict[str, Any]
JSON = "application/json"
REF = "#/components/schemas/"
OF_ITS_MODULE = ("Status",)
"""Names that need their module to be clear: `call.Status` is the component `CallStatus`."""
NOISE = ("ge", "le", "readOnly")
"""Bounds of days, for which JSON Schema has no keyword; and what generators make two classes of one for."""
VERSION: Schema = {"type": "integer", "description": "Rises with every change; the ETag without its quotes."}


class Named(GenerateJsonSchema):
    """Names each class by its own name, in requests as in answers; every field of an answer is required."""

    def get_defs_ref(self, core_mode_ref: CoreModeRef) -> DefsRef:
        """The component's name."""
        module, _, name = core_mode_ref[0].partition(":")[0].rpartition(".")
        if name in OF_ITS_MODULE:
            name = module.rpartition(".")[2].title().replace("_", "") + name
        found = DefsRef(name)
        self._prioritized_defsref_choices[found] = [found]
        return found

    def field_is_required(self, field: Any, total: bool) -> bool:
        """An answer has all its fields, even those that a request may leave out."""
        if self.mode == "serialization":
            return not field.get("serialization_exclude")
        return super().field_is_required(field, total)


class Schemas:
    """Collects the components of one document, as its routes name them."""

    def __init__(self) -> None:
        self._asked: Schema = {}
        self._answered: Schema = {}

    @property
    def components(self) -> Schema:
        """All of them, by name. What requests and answers share is as requests have it: closed, some fields optional.

        Raises TypeError for a class whose answers have other fields than its requests.
        """
        for name in self._asked.keys() & self._answered.keys():
            asked, answered = (of[name].get("properties", {}).keys() for of in (self._asked, self._answered))
            if asked != answered:
                raise TypeError(f"answers have other fields of {name} than requests: give the answers' class a name")
        return dict(sorted((self._answered | self._asked).items()))

    def answer(self, gives: Any) -> Schema:
        """The schema of an answer: an aggregate with its version, or any type that pydantic knows."""
        schema, found = _generated(gives, "serialization")
        if is_document(gives):
            document = found[gives.__name__]
            document["description"] = about(gives)
            document["properties"] |= {"version": VERSION}
            document["required"].append("version")
        self._put(self._answered, found)
        return schema

    def body(self, row: Change) -> Schema | None:
        """The request body of a command; None for a command that takes none."""
        whole = body_schema(row)
        found: Schema = whole.pop("$defs", {})
        if not whole["properties"]:
            return None
        self._put(self._asked, {**found, row.ask.__name__: whole})
        schema = {"$ref": REF + row.ask.__name__}
        return {"required": bool(whole["required"]), "content": {JSON: {"schema": schema}}}

    def add(self, name: str, schema: Schema) -> Schema:
        """Adds a component and returns a reference to it."""
        self._put(self._answered, {name: schema})
        return {"$ref": REF + name}

    @staticmethod
    def _put(components: Schema, more: Schema) -> None:
        for name, schema in more.items():
            if components.setdefault(name, schema) != schema:
                raise TypeError(f"two classes of one service are called {name}: call one of them otherwise")


def body_schema(row: Change) -> Schema:
    """The schema of a command without its path parameters, with its `$defs`; unknown names are refused."""
    _, found = _generated(row.ask, "validation")
    found = {name: _closed(schema) for name, schema in found.items()}
    whole = found.pop(row.ask.__name__)
    fields = {name: one for name, one in whole.get("properties", {}).items() if name not in row.path_fields}
    required = [name for name in whole.get("required", []) if name in fields]
    return {**whole, "properties": fields, "required": required} | ({"$defs": found} if found else {})


def schema_of(kind: type[Any]) -> tuple[Schema, Schema]:
    """The schema of the documents of an aggregate, and the components that it refers to, by name."""
    schema, found = _generated(kind, "serialization")
    document = found[schema["$ref"].removeprefix(REF)] if "$ref" in schema else schema
    return {**document, "properties": {**document["properties"], "version": VERSION}}, found


def is_document(gives: Any) -> bool:
    """Whether a route answers with an aggregate."""
    return isinstance(gives, type) and issubclass(gives, Aggregate)


def about(of: Any) -> str:
    """The description of an aggregate or a use case: the first paragraph of its module, if that is named after it.

    The second aggregate of a module, such as `Mutes` beside `Contact`, is described by its own docstring.
    """
    module = inspect.getmodule(of)
    second = is_document(of) and module is not None and not module.__name__.endswith(f".{of.noun()}")
    text = inspect.getdoc(of if second else module) or ""
    return " ".join(text.partition("\n\n")[0].split())


def _generated(kind: Any, mode: Literal["validation", "serialization"]) -> tuple[Schema, Schema]:
    """The schema of a type, and the components that it refers to, by name."""
    of: TypeAdapter[Any] = adapter(kind) if isinstance(kind, type) else TypeAdapter(kind)
    schemas, whole = TypeAdapter.json_schemas(
        [("", mode, of)], ref_template=REF + "{model}", schema_generator=Named
    )  # fmt: skip
    return plain(schemas["", mode], mode), plain(whole.get("$defs", {}), mode)


def plain(node: Any, mode: str = "validation") -> Any:
    """The schema without noise, and its descriptions without line breaks.

    Pydantic's titles repeat the names of fields, and an answer leaves no field to a default.
    """
    if isinstance(node, list):
        return [plain(one, mode) for one in node]
    if not isinstance(node, dict):
        return node
    noise = {*NOISE, *(["title"] if isinstance(node.get("title"), str) else [])}
    if "default" in node and (mode == "serialization" or node["default"] is None):
        noise.add("default")
    kept = {name: plain(one, mode) for name, one in node.items() if name not in noise}
    if isinstance(said := kept.get("description"), str):
        kept["description"] = "\n\n".join(" ".join(each.split()) for each in said.split("\n\n"))
    return kept


def _closed(node: Any) -> Any:
    """The schema with unknown names refused at every depth."""
    if isinstance(node, list):
        return [_closed(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {key: _closed(value) for key, value in node.items()}
    return {**found, "additionalProperties": False} if isinstance(found.get("properties"), dict) else found
