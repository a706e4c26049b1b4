"""Name everything that can go wrong, once.

::

    DoorcastError
    ├── InvalidFact(ValueError)         a value breaks a rule of the domain
    │   └── InvalidTable(ValueError)    a whole file or table cannot be read as facts
    ├── Conflict(ValueError)            a known id arrived again with other content
    ├── NotFound(LookupError)           nothing is known under this id
    ├── ModelRefused(ValueError)        a model bundle is damaged, unsigned or of another format
    ├── NotTrained(LookupError)         no model is serving yet
    ├── TooLittleData(ValueError)       not enough finished shipments to learn or judge from
    ├── Unavailable(ConnectionError)    the outside (weather, carrier, database) is away
    └── NotAllowed(PermissionError)     the caller may not do this

Each child also inherits the builtin that a caller would expect. The message holds the value, the rule and the next step; which
HTTP status an error becomes is decided in one table, in ``serving/errors.py``.
"""

__all__ = [
    "Conflict",
    "DoorcastError",
    "InvalidFact",
    "InvalidTable",
    "ModelRefused",
    "NotAllowed",
    "NotFound",
    "NotTrained",
    "TooLittleData",
    "Unavailable",
]


class DoorcastError(Exception):
    """Root of every error that Doorcast raises on purpose."""


class InvalidFact(DoorcastError, ValueError):
    """Refuse a value that breaks a rule of the domain."""


class InvalidTable(InvalidFact):
    """Refuse a file or table that cannot be read as facts."""


class Conflict(DoorcastError, ValueError):
    """Refuse a known id that arrived again with other content."""


class NotFound(DoorcastError, LookupError):
    """Say that nothing is known under this id."""


class ModelRefused(DoorcastError, ValueError):
    """Refuse a model bundle that is damaged, unsigned or of another format."""


class NotTrained(DoorcastError, LookupError):
    """Say that no model is serving yet."""


class TooLittleData(DoorcastError, ValueError):
    """Refuse to learn or judge from too few finished shipments."""


class Unavailable(DoorcastError, ConnectionError):
    """Say that an outside service is away."""


class NotAllowed(DoorcastError, PermissionError):
    """Say that the caller may not do this."""
