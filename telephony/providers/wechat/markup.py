"""The XML of the platform: small, flat and without a document type, or it is not read at all."""

from xml.parsers import expat

LARGEST_BYTES = 64_000
_DEEPEST = 4


class BadMarkup(Exception):
    """This is no message of the platform."""


def fields_of(body: bytes) -> dict[str, str]:
    """The text of each element just below the root, the first of each name. Raises BadMarkup."""
    if len(body) > LARGEST_BYTES:
        raise BadMarkup("the message is too large")
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)
    except expat.ExpatError as error:
        raise BadMarkup(str(error)) from error
    return reader.fields


class _Reader:
    """Collects while expat reads. Document types are refused, for they bring entities that grow or reach out."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._path: list[str] = []
        self._words: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._open
        self.parser.EndElementHandler = self._close
        self.parser.CharacterDataHandler = self._words.append

    def _refuse(self, *_declared: object) -> None:
        raise BadMarkup("a document type is declared")

    def _open(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            raise BadMarkup("it is nested too deeply")
        self._path.append(name)
        self._words.clear()

    def _close(self, name: str) -> None:
        if len(self._path) == 2:
            self.fields.setdefault(name, "".join(self._words).strip())
        self._path.pop()
        self._words.clear()
