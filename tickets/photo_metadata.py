"""What cameras write into pictures besides the picture: taken out by bytes, with nothing decoded or drawn anew.

Where a photo was taken, when and with which device is nobody's business later. What stays is which side is up.
"""

import struct
from collections.abc import Iterator

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_EXIF = b"Exif\x00\x00"
_START_OF_SCAN, _APP0, _APP2, _APP15, _COMMENT = 0xDA, 0xE0, 0xE2, 0xEF, 0xFE
_PLAIN_PNG = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"acTL"}
) | {b"fcTL", b"fdAT"}
_TELLING_WEBP = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x08 | 0x04
_ORIENTATION = 0x0112


class BrokenPicture(ValueError):
    """The bytes end in the middle, or are not what they begin as."""


def without_metadata(data: bytes) -> bytes:
    """The same picture without what it tells of its making; kinds that tell nothing come back as they are.

    Raises BrokenPicture.
    """
    try:
        if data.startswith(_JPEG):
            return b"".join(_jpeg_parts(data))
        if data.startswith(_PNG):
            return _PNG + b"".join(chunk for kind, chunk in _png_chunks(data) if kind in _PLAIN_PNG)
        if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            return _webp(data)
    except (struct.error, IndexError) as error:
        raise BrokenPicture from error
    return data


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    """Everything but the segments of applications, of which the frame (APP0) and the colours (APP2) stay."""
    yield _JPEG
    at = 2
    while True:
        if data[at] != 0xFF:
            raise BrokenPicture
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == _START_OF_SCAN:
            yield data[at:]
            return
        end = at + 2 + int(struct.unpack_from(">H", data, at + 2)[0])
        segment = data[at:end]
        if end > len(data) or len(segment) < 4:
            raise BrokenPicture
        if segment[4:].startswith(_EXIF):
            yield _upright(_orientation(segment[4 + len(_EXIF) :]))
        elif not (_APP0 < marker <= _APP15 and marker != _APP2) and marker != _COMMENT:
            yield segment
        at = end


def _orientation(tiff: bytes) -> int:
    """Which side is up, 1 where nothing is said that can be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2], "")
    try:
        first = struct.unpack_from(f"{order}I", tiff, 4)[0] if order else 0
        count = struct.unpack_from(f"{order}H", tiff, first)[0] if order else 0
        for place in range(count):
            tag, _kind, _number, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * place)
            if tag == _ORIENTATION:
                return int(value) if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def _upright(orientation: int) -> bytes:
    """A segment that says which side is up and nothing else."""
    if orientation == 1:
        return b""
    tiff = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, orientation, 0, 0)
    body = _EXIF + tiff
    return struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + 12 + length
        if end > len(data):
            raise BrokenPicture
        yield kind, data[at:end]
        if kind == b"IEND":
            return
        at = end


def _webp(data: bytes) -> bytes:
    parts, at = [], 12
    while at + 8 <= len(data):
        kind, length = struct.unpack_from("<4sI", data, at)
        end = at + 8 + length + length % 2
        chunk = data[at:end]
        if at + 8 + length > len(data):
            raise BrokenPicture
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if kind not in _TELLING_WEBP:
            parts.append(chunk)
        at = end
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body
