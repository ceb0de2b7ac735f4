"""Photos tell where they were taken, unless what cameras write beside the picture is taken out."""

import struct
import zlib

import pytest

from tests.tickets.field import PNG
from tickets.photo_metadata import BrokenPicture, without_metadata

PLACE = b"GPS 30.27N 120.15E"


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def exif(orientation: int, order: str = "<") -> bytes:
    """What a telephone writes: which side is up, and where."""
    first = struct.pack(f"{order}2sHIH", b"II" if order == "<" else b"MM", 42, 8, 2)
    tags = struct.pack(f"{order}HHIHH", 0x0112, 3, 1, orientation, 0) + struct.pack(f"{order}HHII", 0x8825, 4, 1, 38)
    return segment(0xE1, b"Exif\x00\x00" + first + tags + struct.pack(f"{order}I", 0) + PLACE)


def jpeg(*segments: bytes) -> bytes:
    """A picture with these segments; what comes after the scan's head is its business alone."""
    frame = segment(0xE0, b"JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00")
    table, scan = segment(0xDB, b"\x00" + bytes(64)), segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    return b"\xff\xd8" + frame + b"".join(segments) + table + scan + b"\x12\xff\x00\xff\xe1picture\xff\xd9"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


@pytest.mark.parametrize("order", ["<", ">"])
def test_place_goes_and_the_upper_side_stays(order: str) -> None:
    clean = without_metadata(jpeg(exif(6, order)))
    assert PLACE not in clean
    assert b"Exif\x00\x00MM" in clean
    assert clean.endswith(b"\x12\xff\x00\xff\xe1picture\xff\xd9")
    assert without_metadata(clean) == clean


def test_upright_pictures_say_nothing_at_all() -> None:
    assert without_metadata(jpeg(exif(1))) == jpeg()


def test_captions_and_comments_go_and_colours_stay() -> None:
    colours = segment(0xE2, b"ICC_PROFILE\x00\x01\x01rest")
    telling = [segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLACE), segment(0xED, PLACE), segment(0xFE, PLACE)]
    assert without_metadata(jpeg(*telling, colours)) == jpeg(colours)


def test_unreadable_metadata_goes_as_well() -> None:
    assert without_metadata(jpeg(segment(0xE1, b"Exif\x00\x00II" + PLACE))) == jpeg()


def test_texts_in_png_go_and_the_picture_stays() -> None:
    end = chunk(b"IEND", b"")
    body = PNG.removesuffix(end)
    assert without_metadata(body + chunk(b"eXIf", PLACE) + chunk(b"tEXt", b"Comment\x00" + PLACE) + end) == PNG


def test_webp_forgets_that_it_told_something() -> None:
    def riff(*parts: bytes) -> bytes:
        body = b"WEBP" + b"".join(parts)
        return b"RIFF" + struct.pack("<I", len(body)) + body

    def part(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)

    picture = part(b"VP8 ", b"picture")
    told = riff(part(b"VP8X", b"\x1c" + bytes(9)), picture, part(b"EXIF", PLACE), part(b"XMP ", PLACE + b"."))
    assert without_metadata(told) == riff(part(b"VP8X", b"\x10" + bytes(9)), picture)


def test_other_kinds_come_back_as_they_are() -> None:
    assert without_metadata(b"GIF89a...") == b"GIF89a..."


@pytest.mark.parametrize("broken", [b"\xff\xd8\xff", jpeg(exif(6))[:40], b"\xff\xd8nonsense", PNG[:30]])
def test_pictures_that_end_in_the_middle_are_refused(broken: bytes) -> None:
    with pytest.raises(BrokenPicture):
        without_metadata(broken)
