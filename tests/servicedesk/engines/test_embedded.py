"""The engines start, keep their data, and recover from whatever a kill left behind."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from redis import Redis

from servicedesk.engines.addresses import socket_dir, valkey_socket
from servicedesk.engines.embedded import Engines
from servicedesk.engines.locks import FileLock
from servicedesk.engines.process import wait_until


@pytest.fixture(autouse=True)
def _no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="desk-engines-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def engines(data: Path) -> Iterator[Engines]:
    """Started on data that the tests of this module share."""
    engines = started(data)
    yield engines
    engines.stop()


def started(data: Path) -> Engines:
    engines = Engines(data, durable=False)
    assert engines.own(seconds=10)
    engines.start()
    return engines


def connect(data: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=str(socket_dir(data)), user="postgres", dbname="desk", autocommit=True)


def redis(data: Path) -> "Redis[bytes]":
    return Redis(unix_socket_path=str(valkey_socket(data)))


def write_and_read(data: Path) -> None:
    with connect(data) as database:
        database.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        database.execute("INSERT INTO kept VALUES ('x')")
    redis(data).set("kept", "x")


def test_both_answer_in_utf8_and_utc(engines: Engines, data: Path) -> None:
    with connect(data) as database:
        assert database.execute("SELECT '客户' < '客服', current_setting('timezone')").fetchone() == (
            True,
            "UTC",
        )
    assert redis(data).ping()


def test_nobody_else_gets_in(engines: Engines, data: Path) -> None:
    assert socket_dir(data).stat().st_mode & 0o077 == 0


def test_data_outlives_a_stop(data: Path) -> None:
    engines = started(data)
    write_and_read(data)
    engines.stop()
    engines = started(data)
    with connect(data) as database:
        assert database.execute("SELECT count(*) > 0 FROM kept").fetchone() == (True,)
    engines.stop()


def test_second_owner_is_refused(engines: Engines, data: Path) -> None:
    assert not Engines(data).own(seconds=0.1)


def test_kill_of_both_leaves_nothing_that_stops_the_next_start(data: Path) -> None:
    engines = started(data)
    write_and_read(data)
    for child in engines.children:
        assert child.process is not None
        child.process.kill()
        child.process.wait()
    engines.stop()
    engines = started(data)
    assert engines.answer()
    engines.stop()


def test_pid_file_whose_number_was_reused_is_removed(data: Path) -> None:
    started(data).stop()
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    for trace in (data / "postgres" / "postmaster.pid", Path(f"{socket_dir(data)}/.s.PGSQL.5432.lock")):
        trace.write_text(f"{stranger.pid}\n/elsewhere\n0\n5432\n")
    engines = started(data)
    assert engines.answer()
    assert stranger.poll() is None
    engines.stop()
    stranger.kill()
    stranger.wait()


def test_killed_owner_leaves_no_engine_running(data: Path) -> None:
    program = f"""
import sys, time
from pathlib import Path
from servicedesk.engines.embedded import Engines
engines = Engines(Path({str(data)!r}), durable=False)
engines.own(seconds=10)
engines.start()
print("up", flush=True)
time.sleep(60)
"""
    owner = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "up\n"
    owner.kill()
    owner.wait()
    owner.stdout.close()
    idle = Engines(data)
    assert wait_until(lambda: not any(engine.ready() for engine in idle.wanted), seconds=10)


def test_interrupted_first_start_begins_anew(tmp_path: Path) -> None:
    draft = tmp_path / "data" / "postgres.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    tmp_path.chmod(0o755)
    engines = started(tmp_path / "data")
    assert engines.answer()
    assert not draft.exists()
    engines.stop()


def test_long_path_works(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 30)
    engines = started(data)
    write_and_read(data)
    engines.stop()
    shutil.rmtree(socket_dir(data))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root needs the disguise")
def test_root_runs_them_where_nobody_else_can_reach(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    engines = started(private / "data")
    write_and_read(private / "data")
    assert engines.children[0].account.prefix
    engines.stop()


def test_given_urls_need_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/desk")
    monkeypatch.setenv("REDIS_URL", "redis://cache")
    engines = Engines(tmp_path)
    engines.start()
    assert engines.children == []


def test_borrower_keeps_the_engines_until_it_gives_them_back(engines: Engines, data: Path) -> None:
    borrower, wish_to_stop = Engines(data), FileLock(data / "engines.lent")
    assert borrower.borrow()
    assert not wish_to_stop.take()
    borrower.give_back()
    assert wish_to_stop.take()
    wish_to_stop.release()
