"""The rules of the house, as tests: short files, short functions, typed returns, small templates."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("servicedesk", "telephony", "knowledgebase", "tickets", "crmcore")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_TEMPLATE = 120
NAMELESS_ROOMS = {"utils.py", "helpers.py", "services.py", "signals.py", "constants.py", "mixins.py"}
# Path -> why it may be longer.
EXEMPT: dict[str, str] = {}


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (
            path
            for path in sorted((ROOT / package).rglob("*.py"))
            if "migrations" not in path.parts and str(path.relative_to(ROOT)) not in EXEMPT
        )


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_files_have_one_subject() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules()}
    long = {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE}
    assert not long


def test_rooms_are_named_after_their_subject() -> None:
    assert not [path for path in modules() if path.name in NAMELESS_ROOMS]


def test_modules_say_what_they_are_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_functions_are_short_and_typed() -> None:
    faults = []
    for path in modules():
        for function in functions(path):
            where = f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"
            if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION:
                faults.append(f"{where} is long")
            if function.returns is None:
                faults.append(f"{where} has no return type")
    assert not faults


def test_templates_are_small() -> None:
    templates = [*ROOT.glob("templates/**/*.html")]
    assert not [
        str(path.relative_to(ROOT)) for path in templates if len(path.read_text().splitlines()) > LONGEST_TEMPLATE
    ]


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("inline style", re.compile(r"<[a-z][^>]*\sstyle=")),
        ("inline handler", re.compile(r"<[a-z][^>]*\son[a-z]+=")),
        ("inline script", re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")[^>]*>")),
    ],
)
def test_templates_keep_the_content_policy(what: str, pattern: re.Pattern[str]) -> None:
    offenders = [
        str(path.relative_to(ROOT)) for path in ROOT.glob("templates/**/*.html") if pattern.search(path.read_text())
    ]
    assert not offenders, what


def test_every_environment_variable_is_documented() -> None:
    read = set()
    for path in modules():
        read |= set(re.findall(r"\benv\.(?:text|flag|number|words|secret)\(\s*\"([A-Z_]+)\"", path.read_text()))
    documented = (ROOT / "docs" / "configuration.md").read_text()
    assert not [name for name in sorted(read) if f"`{name}`" not in documented]


def test_every_event_is_documented() -> None:
    kinds = set()
    for path in modules():
        if path.name == "events.py":
            kinds |= set(re.findall(r'kind: ClassVar\[str\] = "([a-z.]+)"', path.read_text()))
    documented = (ROOT / "docs" / "live-events.md").read_text()
    assert not [kind for kind in sorted(kinds) if f"`{kind}`" not in documented]


def test_documents_name_tests_that_exist() -> None:
    pages = "".join((ROOT / "docs" / page).read_text() for page in ("telephony.md", "sla.md"))
    named = re.findall(r"`((?:\w+/)+test_\w+\.py)(?:::(\w+))?`", pages)
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / "tests" / path).exists() or (test and f"def {test}(" not in (ROOT / "tests" / path).read_text())
    ]
    assert named
    assert not missing


def test_texts_are_marked_by_names_that_the_collection_knows() -> None:
    known = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
    aliases = [
        f"{path.relative_to(ROOT)}: {alias}"
        for path in modules()
        for alias in re.findall(r"import [np]{0,2}gettext(?:_lazy)? as (\w+)", path.read_text())
        if alias not in known
    ]
    assert not aliases
