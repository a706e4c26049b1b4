import pytest

from data.domain.errors import InvalidFact
from serving.settings import Settings


def test_the_environment_is_read(monkeypatch, tmp_path):
    """Variables begin with DOORCAST_; paths hang on the state folder."""
    monkeypatch.setenv("DOORCAST_STATE_FOLDER", str(tmp_path))
    monkeypatch.setenv("DOORCAST_PORT", "9000")
    settings = Settings()

    assert settings.store_url == f"sqlite:///{tmp_path}/doorcast.sqlite3"
    assert settings.registry_folder == tmp_path / "models"
    assert settings.address == "http://127.0.0.1:9000"


@pytest.mark.parametrize(
    ("name", "value"), [("DOORCAST_PORT", "many"), ("DOORCAST_API_KEYS", "secret-value"), ("DOORCAST_LOG_LEVEL", "LOUD")]
)
def test_a_wrong_setting_is_named_and_its_value_is_not_told(monkeypatch, name, value):
    """One clear error for the command line; a value may be a secret."""
    monkeypatch.setenv(name, value)
    with pytest.raises(InvalidFact) as refused:
        Settings()

    assert name.removeprefix("DOORCAST_").lower() in str(refused.value).lower()
    assert value not in str(refused.value)


def test_a_key_is_never_a_setting():
    """Only hashes are taken, so a key cannot stand in the environment by mistake."""
    with pytest.raises(InvalidFact, match="API_KEYS"):
        Settings(api_keys={"dc_" + "k" * 40: {"write"}})


def test_a_key_in_the_place_of_its_hash_is_not_told():
    """The name of the setting is told, and no part of what stands in it."""
    with pytest.raises(InvalidFact) as refused:
        Settings(api_keys={"my-secret-key": {"write"}})

    assert "my-secret-key" not in str(refused.value).lower()
