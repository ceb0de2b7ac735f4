"""Flows for tests."""

from typing import Any

LANGUAGES = ["en", "zh-hans"]


def says(text: str) -> dict[str, dict[str, str]]:
    """The same words in every language."""
    return {language: {"text": text} for language in LANGUAGES}


def named(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def tree(start: str, **nodes: dict[str, Any]) -> dict[str, Any]:
    return {"start": start, "languages": LANGUAGES, "nodes": nodes}


def menu(text: str = "Choose", *, labels: tuple[str, ...] = ("1", "2"), **exits: str) -> dict[str, Any]:
    """A menu; exits of keys are written `key1`."""
    return {
        "kind": "menu",
        "prompt": says(text),
        "labels": {key: named(f"Choice {key}") for key in labels},
        "exits": {name.removeprefix("key"): target for name, target in exits.items()},
        "timeout_s": 5,
        "tries": 2,
    }


def queue(code: str = "") -> dict[str, Any]:
    return {"kind": "queue", "queue": code}


def message(text: str, then: str) -> dict[str, Any]:
    return {"kind": "message", "prompt": says(text), "exits": {"next": then}}


def hang_up(text: str = "Goodbye") -> dict[str, Any]:
    return {"kind": "hang_up", "prompt": says(text)}


def whole() -> dict[str, Any]:
    """A flow that has one of nearly everything, without a fault."""
    return tree(
        "language",
        language={
            "kind": "language",
            "prompt": {"en": {"text": "For English press 1"}, "zh-hans": {"text": "中文请按2"}},
            "choices": {"1": "en", "2": "zh-hans"},
            "exits": {"next": "hours"},
        },
        hours={"kind": "hours", "calendar": "office", "exits": {"open": "hello", "closed": "bye"}},
        hello=message("Welcome", "menu"),
        menu=menu("What is it about?", key1="ticket", key2="sales", timeout="sales", wrong="bye"),
        ticket={
            "kind": "collect",
            "what": "ticket",
            "prompt": says("Your ticket number, then hash"),
            "exits": {"found": "grade", "not_found": "menu2"},
        },
        menu2=menu("No such ticket", key1="ticket", key2="sales", timeout="bye", wrong="bye"),
        grade={"kind": "grade", "boosts": {"A": 300}, "exits": {"next": "line"}},
        line=queue(),
        sales=queue("sales"),
        bye=hang_up(),
    )
