"""Keep the secrets that Doorcast makes for itself: one file each in the state folder, readable by the owner alone."""

import os
import secrets
from pathlib import Path

from data.domain.errors import Unavailable

__all__ = ["kept_secret"]


def kept_secret(folder: Path, name: str, *, prefix: str = "") -> str:
    """Give the secret of this name, making it (256 random bits, file mode 0600) on first use.

    Two processes that start at once agree: the file is written aside and linked into place, so the first one wins and nobody reads a
    half-written secret.
    """
    path = folder / name
    try:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            aside = folder / f".{name}.{os.getpid()}.{secrets.token_hex(4)}"
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(prefix + secrets.token_urlsafe(32))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(aside, path)
            except FileExistsError:
                pass  # Another process was first; its secret counts.
            finally:
                aside.unlink()
        secret = path.read_bytes().decode("ascii", "replace").strip()
    except OSError as error:
        raise Unavailable(f"{path} cannot be kept: {error.strerror}; check that {folder} is a folder you may write to.") from error
    if not secret.isascii() or not secret.isprintable():
        raise Unavailable(f"{path} holds what is no printable ASCII; restore it from a backup, or delete it to have a new one made.")
    if len(secret) < 32:
        raise Unavailable(f"{path} holds {len(secret)} characters, a secret has at least 32; delete the file to have a new one made.")
    return secret
