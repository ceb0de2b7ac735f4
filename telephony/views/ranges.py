"""Sending a file whole or in part (RFC 9110, section 14)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

PIECE_BYTES = 64 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.ASCII)


class Unsatisfiable(Exception):
    """Nothing of the file lies in the range that was asked for."""


@dataclass(frozen=True)
class Span:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class Pieces:
    """The bytes of a span, read as they are sent; the file is closed at the end or when the reader goes away."""

    def __init__(self, file: IO[bytes], span: Span) -> None:
        self._file, self._span = file, span

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._span.first)
        left = self._span.size
        while left > 0 and (piece := self._file.read(min(PIECE_BYTES, left))):
            left -= len(piece)
            yield piece

    def close(self) -> None:
        self._file.close()


def asked_span(request: HttpRequest, *, size: int, etag: str) -> Span | None:
    """The one range that was asked for, None for the whole. Raises Unsatisfiable.

    Several ranges, a unit that we do not know, and a range of another version of the file count as the whole.
    """
    found = _RANGE.fullmatch(request.headers.get("Range", "").strip())
    if found is None or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = found.groups()
    if not first:
        if not last:
            return None
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return Span(max(0, size - int(last)), size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Span(int(first), min(int(last), size - 1) if last else size - 1)


def send(request: HttpRequest, file: IO[bytes], *, size: int, etag: str, content_type: str) -> HttpResponseBase:
    """The file or the part that was asked for; 416 where there is no such part. Closes the file."""
    try:
        span = asked_span(request, size=size, etag=etag)
    except Unsatisfiable:
        file.close()
        answer: HttpResponseBase = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{size}"
        return answer
    part, status = span or Span(0, size - 1), 206 if span else 200
    if request.method == "HEAD":
        file.close()
        answer = HttpResponse(status=status, content_type=content_type)
    else:
        answer = StreamingHttpResponse(Pieces(file, part), status=status, content_type=content_type)
    if span:
        answer["Content-Range"] = f"bytes {span.first}-{span.last}/{size}"
    answer["Content-Length"] = str(part.size)
    answer["ETag"] = etag
    answer["Accept-Ranges"] = "bytes"
    return answer
