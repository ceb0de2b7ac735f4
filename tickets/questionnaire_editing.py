"""Changes of a questionnaire's document: each takes one and returns another."""

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]


def add_question(document: Document, values: Mapping[str, Any]) -> Document:
    """One more question, at the end, under a code that stays."""
    rows = document.get("questions", [])
    taken = {row["code"] for row in rows}
    code = next(code for n in range(len(rows) + 1) if (code := f"q{len(rows) + 1 + n}") not in taken)
    return {"questions": [*rows, {"code": code, **values}]}


def take_question(document: Document, values: Mapping[str, Any]) -> Document:
    """A copy of a question of the library; one with the same words and answers is there already."""
    asked = {name: value for name, value in values.items() if name != "branches"}
    is_there = any({name: row.get(name) for name in asked} == asked for row in document.get("questions", []))
    return document if is_there else add_question(document, values)


def write_question(document: Document, code: str, values: Mapping[str, Any]) -> Document:
    """Other values for a question; its code stays."""
    rows = document.get("questions", [])
    return {"questions": [{**row, **values} if row["code"] == code else row for row in rows]}


def remove_question(document: Document, code: str) -> Document:
    """Without the question, and without the ways that led to it."""
    kept = [row for row in document.get("questions", []) if row["code"] != code]
    return {"questions": [{**row, "branches": _without(row.get("branches", {}), code)} for row in kept]}


def move_question(document: Document, code: str, *, up: bool) -> Document:
    """One place up or down."""
    rows = list(document.get("questions", []))
    at = next((place for place, row in enumerate(rows) if row["code"] == code), None)
    to = None if at is None else at + (-1 if up else 1)
    if at is not None and to is not None and 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    return {"questions": rows}


def _without(branches: Mapping[str, str], code: str) -> dict[str, str]:
    return {answer: to for answer, to in branches.items() if to != code}
