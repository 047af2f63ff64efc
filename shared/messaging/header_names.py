"""Header names: one that is not UTF-8 is made readable in what Kafka answers, before aiokafka stumbles over it.

aiokafka decodes names itself, a whole batch at a time, and cannot get past one that it cannot decode.
"""

import re
from collections.abc import Iterator
from typing import Any

import structlog
from aiokafka.errors import KafkaError
from aiokafka.protocol.fetch import FetchRequest
from aiokafka.record.default_records import DefaultRecordBase, DefaultRecordBatch, _DefaultRecordBatchPy  # pyright: ignore
from aiokafka.record.util import calc_crc32c, decode_varint

HEAD = DefaultRecordBase.HEADER_STRUCT.size
"""Bytes of a batch before its records."""
LENGTH, CRC, ATTRIBUTES = slice(8, 12), slice(17, 21), slice(21, 23)
MAGIC = 16
SURROGATES = re.compile("[\udc80-\udcff]")

log = structlog.get_logger()


def is_of_a_name(problem: BaseException) -> bool:
    """Whether this is what aiokafka raises for a name that is not UTF-8."""
    return isinstance(problem, UnicodeDecodeError) or isinstance(problem.__cause__, UnicodeDecodeError)


def mend_answers(client: Any) -> None:
    """From now on each record that `client`, an AIOKafkaClient, fetches has readable names of headers.

    It costs a second decoding of all records, so it is for those who have met such a name.
    """
    send = client.send

    async def send_and_mend(node: int, request: Any, **options: Any) -> Any:
        answer = await send(node, request, **options)
        if isinstance(request, FetchRequest):
            topics = answer.topics or []
            answer.topics = [(topic, [_mend(topic, *of) for of in partitions]) for topic, partitions in topics]
        return answer

    client.send = send_and_mend


def _mend(topic: str, partition: int, *rest: Any) -> tuple[Any, ...]:
    batches = list(_batches(rest[-1] or b""))
    mended = [batch if _is_readable(batch) else readable(batch) for batch in batches]
    for before, after in zip(batches, mended, strict=True):
        if before is not after:
            offset = int.from_bytes(before[:8], "big")
            log.warning("a name of a header is not UTF-8", topic=topic, partition=partition, batch=offset)
    return partition, *rest[:-1], b"".join(mended)


def _batches(records: bytes) -> Iterator[bytes]:
    """The last one may be cut off."""
    start = 0
    while start < len(records):
        end = start + LENGTH.stop + int.from_bytes(records[start + LENGTH.start : start + LENGTH.stop], "big")
        yield records[start:end]
        start = end


def _is_readable(batch: bytes) -> bool:
    """Whether there is no name in it, as far as it can be read, that is not UTF-8."""
    if len(batch) < HEAD or len(batch) != LENGTH.stop + int.from_bytes(batch[LENGTH], "big") or batch[MAGIC] < 2:
        return True
    try:
        decoded = DefaultRecordBatch(batch)
        if decoded.validate_crc():
            for _ in decoded:
                pass
    except (UnicodeDecodeError, KafkaError) as problem:
        return not is_of_a_name(problem)
    return True


def readable(batch: bytes) -> bytes:
    """The same records under the same offsets, without compression; in names "?" for each byte that is not UTF-8."""
    whole: Any = _DefaultRecordBatchPy(batch)
    whole._maybe_uncompress()
    head, body = bytearray(batch[:HEAD]), bytearray(whole._buffer[whole._pos :])
    _replace_names(body, whole._num_records)
    head[LENGTH] = (HEAD - LENGTH.stop + len(body)).to_bytes(4, "big")
    head[ATTRIBUTES] = (whole.attributes & 0xFFFF & ~DefaultRecordBase.CODEC_MASK).to_bytes(2, "big")
    head[CRC] = calc_crc32c(bytes(head[ATTRIBUTES.start :] + body)).to_bytes(4, "big")
    return bytes(head + body)


def _replace_names(body: bytearray, records: int) -> None:
    """Walks the records of a batch, as Kafka's protocol has them, and leaves the length of everything as it is."""
    pos = 0
    for _ in range(records):
        length, pos = decode_varint(body, pos)
        end = pos + length
        pos = _behind_numbers(body, pos + 1, 2)  # attributes; time and offset
        pos = _behind_bytes(body, _behind_bytes(body, pos))  # key and value
        headers, pos = decode_varint(body, pos)
        for _ in range(headers):
            size, pos = decode_varint(body, pos)
            body[pos : pos + size] = _utf8(bytes(body[pos : pos + size]))
            pos = _behind_bytes(body, pos + size)
        pos = end


def _utf8(name: bytes) -> bytes:
    return SURROGATES.sub("?", name.decode(errors="surrogateescape")).encode()


def _behind_numbers(body: bytearray, pos: int, count: int) -> int:
    for _ in range(count):
        _, pos = decode_varint(body, pos)
    return pos


def _behind_bytes(body: bytearray, pos: int) -> int:
    size, pos = decode_varint(body, pos)
    return pos + max(size, 0)
