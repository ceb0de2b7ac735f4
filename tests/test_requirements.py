"""The page of requirements names every feature once, and every test that it names exists."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "requirements.md"

# How many features each section of the source documents has; forms and flows go by single numbers.
SECTIONS = {
    "CUS": 28,
    "CON": 16,
    "LED": 13,
    "OPP": 11,
    "QOC": 11,
    "MKT": 13,
    "ACT": 8,
    "VIS": 14,
    "CAR": 8,
    "SEG": 16,
    "CMP": 4,
    "CLB": 6,
    "IMP": 4,
    "PRM": 12,
}
FORMS = (*range(1, 11), 14, 15, 16)
FLOWS = (6, 9, 10, 11, 12, 15, 16, 17, 18, 20)


def rows() -> list[list[str]]:
    """The cells of every line of the tables: number, feature, state, where, shown by."""
    lines = [line for line in PAGE.read_text().splitlines() if re.match(r"\| [A-Z]+-\d\d ", line)]
    return [[cell.strip() for cell in line.strip("|").split(" |")] for line in lines]


def test_no_feature_is_missing_or_named_twice() -> None:
    wanted = [f"{section}-{number:02}" for section, count in SECTIONS.items() for number in range(1, count + 1)]
    wanted += [f"F-{number:02}" for number in FORMS] + [f"FLW-{number:02}" for number in FLOWS]
    assert sorted(row[0] for row in rows()) == sorted(wanted)


def test_what_is_done_has_its_place_and_its_test() -> None:
    for number, _feature, state, where, shown in rows():
        assert state in {"done", "in part", "not done"}, number
        if state == "not done":
            assert shown, f"{number} says no reason"
        else:
            assert where, f"{number} says no place"
            assert "`tests/" in shown, f"{number} names no test"


def test_every_named_test_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE.read_text())
    assert named
    assert not [f"{path}::{test}" for path, test in named if test not in _tests_of(ROOT / path)]


def _tests_of(path: Path) -> set[str]:
    if not path.exists():
        return set()
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)}
