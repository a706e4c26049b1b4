"""Write logs as one JSON object a line, on standard error; without keys and tokens."""

import logging
import re
import sys
from typing import Any

import structlog

__all__ = ["configure_logs"]

SECRET_NAMES = re.compile(r"token|secret|password|authorization|cookie|api_?key|ticket", re.IGNORECASE)
SECRET_VALUES = re.compile(r"dc_[\w-]{20,}|(?<=/track/)[\w-]+|(?<=/ops/enter/)[\w.-]+")


def without_secrets(_logger: Any, _method: str, event: Any) -> Any:
    """Hide values whose name says that they are secret, and our keys and links inside other text."""
    return {
        name: "hidden" if SECRET_NAMES.search(name) else SECRET_VALUES.sub("hidden", value) if isinstance(value, str) else value
        for name, value in event.items()
    }


def configure_logs(level: str = "INFO") -> None:
    """Set up logging for this process: called by commands, never at import."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            without_secrets,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
