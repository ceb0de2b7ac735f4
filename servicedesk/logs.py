"""Structured logs: a line of JSON for machines, or short coloured lines when a person looks at the terminal.

Every line carries what was bound to its context: the request id, the call id.
"""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

# Addresses whose last part is a credential.
_TOKEN_PATHS = re.compile(r"(/(?:wallboard|telephony/cti)/)[^/?\s]+")


def bind_call(call_id: int) -> None:
    """Let every further line of this request or task name the call."""
    structlog.contextvars.bind_contextvars(call_id=call_id)


def logging_settings(*, level: str) -> dict[str, Any]:
    """Django's LOGGING, with structlog set up to feed it."""
    watched = sys.stderr.isatty()
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if watched else "iso", utc=not watched),
        hide_tokens,
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [ProcessorFormatter.remove_processors_meta, *_rendering(watched)],
            }
        },
        "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["terminal"], "level": level},
        "loggers": {name: {"level": quiet} for name, quiet in _quiet(watched).items()},
    }


def hide_tokens(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut credentials and search words out of the logged address."""
    if isinstance(event.get("request"), str):
        event["request"] = _TOKEN_PATHS.sub(r"\1…", event["request"].partition("?")[0])
    return event


def _rendering(watched: bool) -> list[Processor]:
    if watched:
        return [structlog.dev.ConsoleRenderer(pad_event_to=24)]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _quiet(watched: bool) -> dict[str, int]:
    """A person at the terminal does not read one line per request or per tick."""
    quiet = {
        "daphne": logging.WARNING,
        "django.request": logging.ERROR,
        "celery": logging.WARNING,
        "asyncio": logging.WARNING,
    }
    return quiet | ({"django_structlog": logging.ERROR} if watched else {})
