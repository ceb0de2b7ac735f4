"""Whether a webhook carries what it should: schemas of our own, as the carrier publishes none."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jsonschema import Draft202012Validator

_SCHEMAS = Path(__file__).with_name("payloads.json")


def complaint(path: str, fields: Mapping[str, object]) -> str:
    """The first field that is missing or of the wrong kind, empty when all is well or nothing is written down."""
    validator = _validators().get(path.rstrip("/").rpartition("/")[2])
    if validator is None:
        return ""
    error = next(validator.iter_errors(dict(fields)), None)
    if error is None:
        return ""
    return ".".join(str(part) for part in error.absolute_path) or str(error.message)[:100]


@cache
def _validators() -> dict[str, Draft202012Validator]:
    book = json.loads(_SCHEMAS.read_text())
    return {
        webhook: Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": book["$defs"]})
        for webhook, name in book["webhooks"].items()
    }
