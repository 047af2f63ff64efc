"""Readable headers: replaces names of headers that are not UTF-8, in record batches as Kafka sends them.

aiokafka decodes names itself, a whole batch at a time, and stops at a batch that it cannot decode.
"""

import re
from collections.abc import Callable, Iterator

import structlog
from aiokafka.codec import gzip_decode, lz4_decode, snappy_decode, zstd_decode
from aiokafka.errors import KafkaError
from aiokafka.record.default_records import DefaultRecordBase, DefaultRecordBatch
from aiokafka.record.util import calc_crc32c, decode_varint

HEAD = DefaultRecordBase.HEADER_STRUCT.size
"""Bytes of a batch before its records."""
LENGTH, CRC, ATTRIBUTES, COUNT = slice(8, 12), slice(17, 21), slice(21, 23), slice(57, 61)
MAGIC = 16
DECODERS: dict[int, Callable[[bytes], bytes]] = {
    DefaultRecordBase.CODEC_NONE: bytes,
    DefaultRecordBase.CODEC_GZIP: gzip_decode,
    DefaultRecordBase.CODEC_SNAPPY: snappy_decode,
    DefaultRecordBase.CODEC_LZ4: lz4_decode,
    DefaultRecordBase.CODEC_ZSTD: zstd_decode,
}
SURROGATES = re.compile("[\udc80-\udcff]")

log = structlog.get_logger()


def is_name_error(problem: BaseException) -> bool:
    """Whether this is what aiokafka raises for a name that is not UTF-8."""
    return isinstance(problem, UnicodeDecodeError) or isinstance(problem.__cause__, UnicodeDecodeError)


def with_readable_names(topic: str, partition: int, records: bytes) -> bytes:
    """The same batches, with readable names of headers. It decodes every record once more than aiokafka does."""
    return b"".join(_checked(topic, partition, batch) for batch in _batches(records))


def _checked(topic: str, partition: int, batch: bytes) -> bytes:
    if _is_readable(batch):
        return batch
    offset = int.from_bytes(batch[:8], "big")
    log.warning("a header's name is not UTF-8", topic=topic, partition=partition, batch=offset)
    return _made_readable(batch)


def _batches(records: bytes) -> Iterator[bytes]:
    """The last one may be cut off."""
    start = 0
    while start < len(records):
        end = start + LENGTH.stop + int.from_bytes(records[start + LENGTH.start : start + LENGTH.stop], "big")
        yield records[start:end]
        start = end


def _is_readable(batch: bytes) -> bool:
    """Whether no name in it, as far as it can be read, is broken."""
    if len(batch) < HEAD or len(batch) != LENGTH.stop + int.from_bytes(batch[LENGTH], "big") or batch[MAGIC] < 2:
        return True
    try:
        decoded = DefaultRecordBatch(batch)
        if decoded.validate_crc():
            for _ in decoded:
                pass
    except (UnicodeDecodeError, KafkaError) as problem:
        return not is_name_error(problem)
    return True


def _made_readable(batch: bytes) -> bytes:
    """The same records under the same offsets, uncompressed; each byte of a name that is not UTF-8 becomes "?"."""
    attributes = int.from_bytes(batch[ATTRIBUTES], "big")
    decode = DECODERS[attributes & DefaultRecordBase.CODEC_MASK]
    head, body = bytearray(batch[:HEAD]), bytearray(decode(batch[HEAD:]))
    _replace_names(body, int.from_bytes(batch[COUNT], "big"))
    head[LENGTH] = (HEAD - LENGTH.stop + len(body)).to_bytes(4, "big")
    head[ATTRIBUTES] = (attributes & ~DefaultRecordBase.CODEC_MASK).to_bytes(2, "big")
    head[CRC] = calc_crc32c(bytes(head[ATTRIBUTES.start :] + body)).to_bytes(4, "big")
    return bytes(head + body)


def _replace_names(body: bytearray, records: int) -> None:
    """Walks the records of a batch as Kafka's protocol lays them out; no length changes."""
    pos = 0
    for _ in range(records):
        length, pos = decode_varint(body, pos)
        end = pos + length
        pos = _skip_numbers(body, pos + 1, 2)  # attributes; time and offset
        pos = _skip_bytes(body, _skip_bytes(body, pos))  # key and value
        headers, pos = decode_varint(body, pos)
        for _ in range(headers):
            size, pos = decode_varint(body, pos)
            body[pos : pos + size] = _utf8(bytes(body[pos : pos + size]))
            pos = _skip_bytes(body, pos + size)
        pos = end


def _utf8(name: bytes) -> bytes:
    return SURROGATES.sub("?", name.decode(errors="surrogateescape")).encode()


def _skip_numbers(body: bytearray, pos: int, count: int) -> int:
    for _ in range(count):
        _, pos = decode_varint(body, pos)
    return pos


def _skip_bytes(body: bytearray, pos: int) -> int:
    size, pos = decode_varint(body, pos)
    return pos + max(size, 0)
