"""Which refusals a use case can answer with, read from its code and from the code that it calls.

Annotations say what each name is, so a call leads to one function: `agreement.sign(...)` leads to `Agreement.sign`,
since `work.agreements` is a `Repository[Agreement]`. A port is read in the class that the service provides for it.
Calls on a value of type `Any` are not followed; the tests compare every refusal that they provoke with the result.
"""

import ast
import inspect
import textwrap
from collections.abc import Mapping
from functools import cache
from types import FunctionType, ModuleType, UnionType
from typing import Annotated, Any, NamedTuple, Self, TypeVar, Union, get_args, get_origin, get_type_hints

from shared.domain.refused import Refused
from shared.service.rows import Change, Port, Reads, Service
from shared.service.work import UnitOfWork

Hint = Any
"""What a value is: an annotation, or None where nothing is known."""


class Kind(NamedTuple):
    """A class itself, not a value of it."""

    of: Hint


class Method(NamedTuple):
    """A function of a class, on a value of `owner`."""

    function: FunctionType
    owner: Hint


def refusals_of(service: Service, row: Change | Reads) -> list[type[Refused]]:
    """The refusals that the row's use case can raise, by name. What the kit and the edge refuse is not among them."""
    reading = _Reading(row.run.__module__.partition(".")[0], service.ports)
    reading.read(inspect.unwrap(row.run), None)
    return sorted(reading.found, key=lambda kind: kind.slug())


class _Reading:
    """Follows calls from function to function, and reads each once for each class that it is called on."""

    def __init__(self, package: str, ports: Mapping[str, Port]) -> None:
        self.ports = ports
        self.found: set[type[Refused]] = set()
        self._packages = {package, __name__.partition(".")[0]}
        self._seen: set[tuple[Any, str]] = set()

    def read(self, function: Any, owner: Hint) -> None:
        """Reads a function of this project; those of others refuse nothing."""
        if function.__module__.partition(".")[0] not in self._packages or (function, str(owner)) in self._seen:
            return
        self._seen.add((function, str(owner)))
        known = {name: _resolved(hint, owner) for name, hint in _hints(function).items()}
        first = next(iter(inspect.signature(function).parameters), "")
        if owner is not None and first in ("self", "cls"):
            known[first] = owner
        _Body(self, function.__globals__, known).visit(_tree(function))


class _Body(ast.NodeVisitor):
    """Reads the body of one function: what its names are, what it raises, what it calls."""

    def __init__(self, reading: _Reading, module: Mapping[str, Any], known: dict[str, Hint]) -> None:
        self._reading, self._module, self._known = reading, module, known

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        for target in node.targets:
            self._bind(target, self._infer(node.value))

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.generic_visit(node)
        self._bind(node.target, self._infer(node.value))

    def visit_For(self, node: ast.For) -> None:
        self._bind(node.target, _element(self._infer(node.iter)))
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        self._bind(node.target, _element(self._infer(node.iter)))
        self.generic_visit(node)

    def generic_visit(self, node: ast.AST) -> None:
        # A comprehension's generators bind the names in its element, but come after it.
        for child in sorted(ast.iter_child_nodes(node), key=lambda one: not isinstance(one, ast.comprehension)):
            self.visit(child)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.generic_visit(node)
        match self._infer(node.exc.func if isinstance(node.exc, ast.Call) else node.exc):
            case Kind(of) if issubclass(of, Refused):
                self._reading.found.add(of)
            case _:
                pass

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        match self._infer(node.func):
            case Method(function, owner):
                self._reading.read(function, owner)
            case FunctionType() as function:
                self._reading.read(function, None)
            case Kind(of):
                for name in ("__init__", "__post_init__"):
                    self._read_method(of, name)
            case _:
                pass

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.generic_visit(node)
        self._read_method(self._infer(node.value), node.attr, of=property)

    def _read_method(self, owner: Hint, name: str, of: type[Any] = FunctionType) -> None:
        found = inspect.getattr_static(_class(owner), name, None)
        if isinstance(found, of):
            self._reading.read(found.fget if isinstance(found, property) else found, owner)

    def _bind(self, target: ast.expr, hint: Hint) -> None:
        if isinstance(target, ast.Name):
            self._known[target.id] = hint
        elif isinstance(target, ast.Tuple) and get_origin(hint) is tuple:
            for one, part in zip(target.elts, get_args(hint), strict=False):
                self._bind(one, part)

    def _infer(self, node: ast.expr | None) -> Hint:
        match node:
            case ast.Name(id):
                return self._known[id] if id in self._known else _value(self._module.get(id))
            case ast.Attribute(value, attr):
                return self._member(self._infer(value), attr)
            case ast.Call(func):
                return _returned(self._infer(func))
            case ast.Await(value) | ast.NamedExpr(_, value):
                return self._infer(value)
            case ast.Subscript(value):
                return _element(self._infer(value))
            case ast.BoolOp(_, values):
                return next(filter(None, map(self._infer, values)), None)
            case ast.IfExp(_, body, orelse):
                return self._infer(body) or self._infer(orelse)
            case _:
                return None

    def _member(self, owner: Hint, name: str) -> Hint:
        kind = _class(owner)
        if issubclass(kind, UnitOfWork) and name in self._reading.ports:
            port = self._reading.ports[name]
            return port if isinstance(port, type) else _hints(port).get("return")
        return _member(owner, kind, name)


def _member(owner: Hint, kind: type[Any], name: str) -> Hint:
    if isinstance(owner, ModuleType):
        return _value(getattr(owner, name, None))
    if name in (hints := _hints(kind)) and not isinstance(owner, Kind):
        return _resolved(hints[name], owner)
    match inspect.getattr_static(kind, name, None):
        case FunctionType() as function:
            return Method(function, owner)
        case classmethod() as method:
            return Method(method.__func__, owner if isinstance(owner, Kind) else Kind(owner))
        case property() as getter:
            return _resolved(_hints(getter.fget).get("return"), owner)
        case _:
            return None


def _value(found: object) -> Hint:
    """What a global of a module is: a class, a function, a module, or a value of some class."""
    if isinstance(found, type):
        return Kind(found)
    return found if isinstance(found, FunctionType | ModuleType) else type(found)


def _returned(called: Hint) -> Hint:
    match called:
        case Method(function, owner):
            return _resolved(_hints(function).get("return"), owner)
        case FunctionType() as function:
            return _resolved(_hints(function).get("return"), None)
        case Kind(of):
            return of
        case _:
            return None


def _resolved(hint: Hint, owner: Hint) -> Hint:
    """The annotation for a value of `owner`: its type variables and `Self` replaced, `None` and `Annotated` gone."""
    owner = owner.of if isinstance(owner, Kind) else owner
    if hint is Self:
        return owner
    if isinstance(hint, TypeVar):
        given: dict[Any, Hint] = dict(zip(_parameters(get_origin(owner)), get_args(owner), strict=False))
        return given.get(hint)
    match get_origin(hint):
        case None:
            return hint
        case origin if origin in (Union, UnionType):
            return _resolved(next(one for one in get_args(hint) if one is not type(None)), owner)
        case origin if origin is Annotated:
            return _resolved(get_args(hint)[0], owner)
        case origin if origin is type:
            return Kind(_resolved(get_args(hint)[0], owner))
        case _:
            return hint[tuple(_resolved(one, owner) for one in _parameters(hint))] if _parameters(hint) else hint


def _parameters(hint: Hint) -> tuple[TypeVar, ...]:
    return getattr(hint, "__parameters__", ())


def _element(hint: Hint) -> Hint:
    """What an iteration over it gives, or an index: for a mapping its value."""
    return _resolved(get_args(hint)[-1], None) if get_args(hint) else None


def _class(hint: Hint) -> type[Any]:
    hint = hint.of if isinstance(hint, Kind) else hint
    found = get_origin(hint) or hint
    return found if isinstance(found, type) else object


@cache
def _hints(of: Any) -> dict[str, Hint]:
    try:
        return get_type_hints(of)
    except (NameError, TypeError):
        return {}


@cache
def _tree(function: FunctionType) -> ast.AST:
    try:
        return ast.parse(textwrap.dedent(inspect.getsource(function)))
    except OSError:
        return ast.Module([], [])  # written by a decorator, such as a dataclass's `__init__`
