import pytest

from data.domain.errors import Unavailable
from serving.secrets_on_disk import kept_secret


def test_a_secret_is_made_once_and_kept(tmp_path):
    """Readable by its owner alone, and the same the next time."""
    made = kept_secret(tmp_path / "state", "key")

    assert kept_secret(tmp_path / "state", "key") == made
    assert (tmp_path / "state" / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 50, b"line\n" * 20])
def test_a_damaged_secret_is_refused(tmp_path, content):
    """And it is left as it is: who has a backup can restore it."""
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(Unavailable, match=r"key holds .*delete"):
        kept_secret(tmp_path, "key")

    assert (tmp_path / "key").read_bytes() == content


def test_a_folder_in_its_place_is_refused(tmp_path):
    """One clear error, no traceback."""
    (tmp_path / "key").mkdir()
    with pytest.raises(Unavailable, match="cannot be kept"):
        kept_secret(tmp_path, "key")
