"""Every command of every service refuses bad bodies with a problem detail, and changes nothing."""

import json
from collections.abc import AsyncGenerator

import pytest

from tests.harness.asked import Command, commands, wrong_bodies
from tests.harness.installation import Installation
from tests.harness.wrong import Callers, callers_of, nothing_done, raw, slug_of

MIB = 1024 * 1024
BROKEN = {
    "no JSON": b"{",
    "nothing but a space": b" ",
    "two values": b"{} {}",
    "a list": b"[]",
    "a word": b'"words"',
    "null": b"null",
    "bad UTF-8": b'{"words": "\xff\xfe"}',
    "UTF-16": '{"words": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a name twice": b'{"words": 1, "words": 2}',
    "NaN": b'{"words": NaN}',
    "Infinity": b'{"words": -Infinity}',
    "a number beyond bounds": b'{"words": 1e999}',
    "a number of 10,000 digits": b'{"words": ' + b"9" * 10_000 + b"}",
    "half a surrogate pair": rb'{"words": "\ud800"}',
    "half a surrogate pair in a name": rb'{"\udfff": 1}',
    "very deep lists": b'{"words": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "very deep objects": b'{"words": ' * 50_000 + b"1" + b"}" * 50_000,
}


@pytest.fixture(scope="module")
async def callers(entente: Installation) -> Callers:
    """People with every role, so that only the body can be refused."""
    return await callers_of(entente)


@pytest.mark.parametrize("command", commands(), ids=str)
async def test_a_body_wrong_in_one_place_is_refused(entente: Installation, callers: Callers, command: Command) -> None:
    """A body with one field missing, unknown, of another type or absurd is refused as invalid, and nothing changes."""
    path, good = command.path(), command.body()
    async with nothing_done(entente, command.service):
        for what, body in wrong_bodies(good, command.schema):
            answer = await raw(callers.of(command.row), command.service, path, json.dumps(body).encode())
            # Where the schema sets no bounds the number is valid, but nothing has it.
            found = slug_of(answer, *([404, 409, 422] if "beyond bounds" in what else [422]))
            assert found == "invalid" or "beyond bounds" in what, f"{what}: {answer.text[:500]}"


@pytest.mark.parametrize("command", commands(), ids=str)
async def test_what_is_no_json_object_is_refused(entente: Installation, callers: Callers, command: Command) -> None:
    """A body that is not exactly one unambiguous JSON object is refused before its fields are checked."""
    async with nothing_done(entente, command.service):
        found = {
            what: slug_of(await raw(callers.of(command.row), command.service, command.path(), body), 400)
            for what, body in BROKEN.items()
        }

    assert found == dict.fromkeys(BROKEN, "not-json")


@pytest.mark.parametrize("command", commands(), ids=str)
async def test_a_body_over_1_mib_is_refused(entente: Installation, callers: Callers, command: Command) -> None:
    """A body over 1 MiB is refused, whether its length is declared or not."""

    async def pieces() -> AsyncGenerator[bytes]:
        for _ in range(17):
            yield b" " * (MIB // 16)

    async with nothing_done(entente, command.service):
        declared = await raw(callers.of(command.row), command.service, command.path(), b" " * (MIB + 1))
        undeclared = await raw(callers.of(command.row), command.service, command.path(), pieces())

    assert (slug_of(declared, 413), slug_of(undeclared, 413)) == ("too-large", "too-large")


@pytest.mark.parametrize("command", commands(), ids=str)
async def test_a_body_of_another_kind_is_refused(entente: Installation, callers: Callers, command: Command) -> None:
    """A body that is not labelled as JSON is refused."""
    kinds = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "nonsense", ""]
    async with nothing_done(entente, command.service):
        body = json.dumps(command.body()).encode() or b"{}"
        answers = [
            await raw(callers.of(command.row), command.service, command.path(), body, Content_Type=kind)
            for kind in kinds
        ]

    assert {slug_of(answer, 415) for answer in answers} == {"unsupported-media-type"}
