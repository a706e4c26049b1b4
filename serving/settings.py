"""Read every setting from the environment, in one place.

Each setting is an environment variable ``DOORCAST_…`` (``DOORCAST_PORT=9000``); nothing else in the house reads the environment.
"""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import DirectoryPath, Field, IPvAnyNetwork, SecretStr, StringConstraints, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from data.domain.errors import InvalidFact

__all__ = ["KeyHash", "Settings"]

KeyHash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of an API key, in hex: the key itself is never a setting."""

Origin = Annotated[
    str, StringConstraints(pattern=r"^(https://[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?|http://(localhost|127\.0\.0\.1))(:[0-9]{1,5})?$")
]
"""Scheme, host and port of a shop's pages, in lower case, as a browser names it; without TLS only on this machine."""


class Settings(BaseSettings):
    """Hold the settings of one running Doorcast."""

    model_config = SettingsConfigDict(env_prefix="DOORCAST_", extra="ignore", frozen=True, hide_input_in_errors=True)

    state_folder: Path = Field(default=Path(".doorcast"), description="Where the database, the models and the keys live.")
    database_url: str | None = Field(
        default=None, description="sqlite:///… or postgresql+psycopg://…; by default doorcast.sqlite3 in the state folder."
    )
    models_folder: Path | None = Field(default=None, description="Signed model bundles; by default models/ in the state folder.")
    model_signing_key: SecretStr | None = Field(
        default=None, description="Key of the bundles' signatures; by default made once in the state folder."
    )
    api_keys: dict[KeyHash, frozenset[str]] = Field(
        default_factory=dict,
        description='SHA-256 of each further API key, with its scopes: {"<64 hex>": ["write", "operations"]}.',
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65_535, description="Port to listen on.")
    public_url: str | None = Field(default=None, description="Address that customers reach this server by; by default http://host:port.")
    embed_origins: tuple[Origin, ...] = Field(
        default=(), description='Origins whose pages may show /embed/… in a frame: ["https://shop.example"]; by default none.'
    )
    brands_file: Path | None = Field(
        default=None, description="TOML or JSON file with name, logo, colours and texts of each shop; see serving/pages/README.md."
    )
    templates_folder: DirectoryPath | None = Field(
        default=None, description="Folder of page templates of one's own, looked into before the packaged ones."
    )
    forecast_fresh_minutes: float = Field(default=15, gt=0, le=1_440, description="Age after which an ETA is computed anew when asked for.")
    learn_every_minutes: float = Field(
        default=60, gt=0, le=10_080, description="How often the serving model is told what became of shipments since it was trained."
    )
    private_reads: bool = Field(
        default=False, description="Ask for an API key also for the ETA and journey of one shipment (ids that can be guessed)."
    )
    live_streams: int = Field(
        default=500, ge=0, description="Streams of updates open at the same time; each is a connection and a file handle."
    )
    live_streams_per_network: int = Field(
        default=100, ge=0, description="The same for one IPv4 address or one IPv6 /64; a proxy in front must pass the address on."
    )
    live_streams_per_link: int = Field(default=20, ge=0, description="The same for one customer's link, or one shipment over the API.")
    updates_keep_days: float = Field(
        default=30, gt=0, le=36_500, description="Age after which what was new is forgotten; who was away for longer reads everything anew."
    )
    weather_url: str | None = Field(default=None, description="Address of an Open-Meteo server of one's own; by default open-meteo.com.")
    weather_api_key: SecretStr | None = Field(
        default=None, description="Key of a paid Open-Meteo plan; without it the free service is asked."
    )
    weather_model: str = Field(default="ecmwf_ifs", pattern="^[a-z0-9_]+$", description="Weather model whose single runs are fetched.")
    weather_calls_per_minute: float = Field(default=540, gt=0, description="Budget of weather calls, as Open-Meteo counts them.")
    weather_calls_per_hour: float = Field(default=4_500, gt=0, description="Budget of weather calls an hour.")
    weather_calls_per_day: float = Field(default=9_000, gt=0, description="Budget of weather calls a day.")
    routing_url: str | None = Field(default=None, description="Address of an OSRM or Valhalla server; without it the bundled roads answer.")
    routing_engine: Literal["osrm", "valhalla"] = Field(default="osrm", description="What answers at routing_url.")
    routing_profile: str | None = Field(default=None, description="OSRM's profile (driving) or Valhalla's costing (auto).")
    routing_calls_per_minute: float = Field(default=600, gt=0, description="Budget of routing calls.")
    outside_proxy: str | None = Field(
        default=None, description="Proxy for calls to the outside, http://host:port; none of the environment is used."
    )
    trusted_proxies: tuple[IPvAnyNetwork, ...] = Field(
        default=(),
        description='Networks of proxies of your own, ["10.0.0.0/8"]: only behind them X-Forwarded-For says who asks. None by default.',
    )
    lookups_per_number: int = Field(default=10, ge=1, description="Tries an hour to open the journey of one tracking or order number.")
    mails_per_number: int = Field(default=3, ge=1, description="Links an hour that can be asked for by mail for one number.")
    lookups_per_network: int = Field(default=60, ge=1, description="Tries in ten minutes of one network (IPv4 /24, IPv6 /48).")
    lookups_per_minute: int = Field(default=600, ge=1, description="Tries a minute of all networks together.")
    lookup_alarm_numbers: int = Field(
        default=20, ge=1, description="Different numbers from one network in ten minutes; more are logged and counted as an alarm."
    )
    lookup_link_minutes: int = Field(default=120, ge=1, le=10_080, description="How long the page stays open that the look-up opened.")
    link_days_after_end: int = Field(
        default=30, ge=1, le=3_650, description="Life of a link without a date of its own, from when we heard that the shipment had ended."
    )
    link_days_at_most: int = Field(
        default=180, ge=1, le=3_650, description="Life of such a link, from its issue, where no end is ever heard of."
    )
    smtp_host: str | None = Field(default=None, description="Mail server that links are mailed by; without it none are.")
    smtp_port: int | None = Field(default=None, ge=1, le=65_535, description="By default 587 (starttls), 465 (ssl) or 25 (none).")
    smtp_security: Literal["starttls", "ssl", "none"] = Field(
        default="starttls", description="How the way to the mail server is encrypted; never on in the clear where it cannot be."
    )
    smtp_user: str | None = Field(default=None, description="Name at the mail server.")
    smtp_password: SecretStr | None = Field(default=None, description="Password at the mail server.")
    smtp_ca_file: Path | None = Field(default=None, description="Certificates (PEM) to trust instead of the system's.")
    smtp_timeout_seconds: float = Field(default=10, gt=0, le=60, description="Patience with each answer of the mail server.")
    mail_from: str | None = Field(default=None, description="Sender of mails, parcels@shop.example; needed with smtp_host.")
    mail_name: str = Field(default="Doorcast", max_length=100, pattern=r"^[^\x00-\x1f\x7f]*$", description="Name beside the sender.")
    mail_reply_to: str | None = Field(default=None, description="Where answers to mails go.")
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level that is written.")

    def __init__(self, **values: Any) -> None:
        """Read the environment; ``values`` go before it. Raises `InvalidFact` naming the variable, never its value (it may be a secret)."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            wrong = error.errors()[0]
            name = str(wrong["loc"][0])  # the steps below it may be values, such as a key written where its hash belongs
            raise InvalidFact(f"setting DOORCAST_{name.upper()}: {wrong['msg']}; see serving/settings.py.") from error
        except SettingsError as error:
            raise InvalidFact(f"{error}; a setting of many parts is written as JSON, see serving/settings.py.") from error

    @property
    def store_url(self) -> str:
        """Give the address of the database."""
        return self.database_url or f"sqlite:///{self.state_folder.absolute() / 'doorcast.sqlite3'}"

    @property
    def registry_folder(self) -> Path:
        """Give the folder of the model bundles."""
        return self.models_folder or self.state_folder / "models"

    @property
    def outside_memory(self) -> Path:
        """Give the file that remembers outside calls: budgets spent, answers that still hold."""
        return self.state_folder / "outside.sqlite3"

    @property
    def address(self) -> str:
        """Give the address that customers reach this server by, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
