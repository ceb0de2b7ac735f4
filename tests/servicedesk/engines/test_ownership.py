"""Which account may run PostgreSQL on a given folder."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicedesk.engines.ownership import Account, account_for, reachable

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a choice of accounts")


def test_private_folder_is_out_of_reach_of_strangers(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "inner").mkdir()
    assert not reachable(tmp_path / "inner", uid=tmp_path.stat().st_uid + 1)


def test_open_folders_can_be_passed() -> None:
    assert reachable(Path("/usr/bin"), uid=12345)


@pytest.mark.skipif(os.geteuid() == 0, reason="root never runs PostgreSQL as itself")
def test_ordinary_user_stays_itself(tmp_path: Path) -> None:
    assert account_for(tmp_path / "data", Path("/usr/bin")) == Account()


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder with a cluster, in a place that everybody can reach."""
    with tempfile.TemporaryDirectory(prefix="desk-owner-") as folder:
        (Path(folder) / "postgres").mkdir()
        yield Path(folder)


@as_root
def test_root_takes_the_owner_of_the_cluster(data: Path) -> None:
    os.chown(data / "postgres", 12345, 12345)
    assert account_for(data, Path("/usr/bin")) == Account(12345, 12345)


@as_root
def test_root_stays_in_disguise_once_the_cluster_is_its_own(data: Path) -> None:
    assert account_for(data, Path("/usr/bin")).prefix


@as_root
def test_root_goes_in_disguise_where_nobody_else_can_reach(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    assert account_for(tmp_path / "data", Path("/usr/bin")).prefix[:1] == ("unshare",)
