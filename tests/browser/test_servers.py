"""Servers under test come up, answer, and are gone when told to: what the other browser tests stand on."""

import socket
from pathlib import Path

import psutil

from tests.browser.conftest import StartServer
from tests.browser.servers import Server


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def family(server: Server) -> list[psutil.Process]:
    assert server.process is not None
    parent = psutil.Process(server.process.pid)
    return [parent, *parent.children(recursive=True)]


def test_a_killed_server_is_gone_with_its_workers_and_comes_back_on_its_port(server: StartServer) -> None:
    one = server("--demo", GRIDWALL_DEMO_HISTORY_DAYS="2", GRIDWALL_DEMO_CASES_PER_DAY="20")
    processes, url = family(one), one.url

    one.kill()

    assert not psutil.wait_procs(processes, timeout=5)[1]
    assert not listens(one.port)
    assert one.start().url == url


def test_a_stopped_server_leaves_nothing(server: StartServer) -> None:
    one = server("--demo", GRIDWALL_DEMO_HISTORY_DAYS="2", GRIDWALL_DEMO_CASES_PER_DAY="20")
    processes = family(one)

    one.stop()

    assert not psutil.wait_procs(processes, timeout=5)[1]


def test_a_servers_data_stay_in_its_own_folder(server: StartServer, tmp_path: Path) -> None:
    server("--demo", data=tmp_path / "here", GRIDWALL_DEMO_HISTORY_DAYS="2", GRIDWALL_DEMO_CASES_PER_DAY="20")

    assert (tmp_path / "here/demo.sqlite").exists()
