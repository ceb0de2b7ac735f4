"""Where the engines are, from the environment."""

from pathlib import Path

import pytest

from servicedesk.engines import addresses
from servicedesk.env import BadSetting


@pytest.fixture(autouse=True)
def _no_servers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DATABASE_URL", "REDIS_URL", "DB_POOL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


def test_without_urls_both_engines_are_sockets_below_the_data(tmp_path: Path) -> None:
    assert addresses.database_settings()["HOST"] == str(tmp_path / "run")
    assert addresses.redis_url() == f"unix://{tmp_path}/run/valkey.sock"


def test_celery_spells_a_socket_its_own_way(tmp_path: Path) -> None:
    assert addresses.celery_broker_url() == f"redis+socket://{tmp_path}/run/valkey.sock"


def test_celery_takes_a_network_address_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "rediss://cache:6379/1")
    assert addresses.celery_broker_url() == "rediss://cache:6379/1"


def test_long_path_gets_short_sockets() -> None:
    folder = addresses.socket_dir(Path("/home") / ("深" * 30))
    assert len(bytes(folder)) < 60
    assert folder != addresses.socket_dir(Path("/home") / ("浅" * 30))


def test_given_database_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me:secret@db:5433/desk")
    settings = addresses.database_settings()
    assert (settings["HOST"], settings["PORT"], settings["NAME"]) == ("db", 5433, "desk")


@pytest.mark.parametrize(
    "url", ["desk", "mysql://me@db/desk", "postgresql://db", "postgresql://db:port/desk", "sqlite:///x"]
)
def test_other_database_urls_are_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(BadSetting, match="DATABASE_URL"):
        addresses.database_settings()


def test_other_redis_urls_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "localhost:6379")
    with pytest.raises(BadSetting, match="REDIS_URL"):
        addresses.redis_url()


def test_pool_is_off_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "pool" not in addresses.database_settings()["OPTIONS"]
    monkeypatch.setenv("DB_POOL", "8")
    assert addresses.database_settings()["OPTIONS"]["pool"]["max_size"] == 8
