"""Changing a stage flow's document: stages added, written, moved and taken out, the ways between them kept whole."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from tickets.stage_flow import END

Document = dict[str, Any]


def add_stage(document: Document, name: str, name_zh: str, code: str) -> Document:
    """A new stage at the end of the line: what ended before goes on to it."""
    changed = deepcopy(document)
    stages = changed.setdefault("stages", [])
    for row in stages[-1:]:
        row["next"] = [code if way == END else way for way in row.get("next", [])] or [code]
    tier = stages[-1].get("tier", "") if stages else ""
    stages.append({"code": code, "name": name, "name_zh": name_zh, "tier": tier, "next": [END]})
    return changed


def write_stage(document: Document, code: str, values: Mapping[str, Any]) -> Document:
    """Replace what a stage says; its code and place stay."""
    changed = deepcopy(document)
    for at, row in enumerate(changed.get("stages", [])):
        if row["code"] == code:
            changed["stages"][at] = {"code": code, **values}
    return changed


def remove_stage(document: Document, code: str) -> Document:
    """Take a stage out: ways to it lead where it led."""
    changed = deepcopy(document)
    gone = next((row for row in changed.get("stages", []) if row["code"] == code), None)
    if gone is None:
        return changed
    changed["stages"].remove(gone)
    for row in changed["stages"]:
        if code in row.get("next", []):
            ways = [way for old in row["next"] for way in (gone.get("next", []) if old == code else [old])]
            row["next"] = [way for way in dict.fromkeys(ways) if way not in (code, row["code"])]
    return changed


def move_stage(document: Document, code: str, *, up: bool) -> Document:
    """One place up or down in the line; the ways stay as they are."""
    changed = deepcopy(document)
    stages = changed.get("stages", [])
    at = next((index for index, row in enumerate(stages) if row["code"] == code), None)
    to = None if at is None else at + (-1 if up else 1)
    if at is not None and to is not None and 0 <= to < len(stages):
        stages[at], stages[to] = stages[to], stages[at]
    return changed
