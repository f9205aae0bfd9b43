"""Real servers for the browser tests: started, watched until ready, killed and started again by process id."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY_S = 60.0


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def own_environment(data: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment of a server under test: none of the developer's own GRIDWALL settings reach it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GRIDWALL_")}
    return {**kept, "GRIDWALL_DATA": str(data), "PYTHONUNBUFFERED": "1", **extra}


@dataclass
class Server:
    """One `python app.py serve …` in its own process group. `start` again after `kill` comes back on the same port."""

    arguments: Sequence[str]
    data: Path
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, ready_s: float = READY_S, until: str = "/readyz") -> "Server":
        """Starts the process and returns when `until` says yes; fails with the end of its log otherwise."""
        command = [sys.executable, "app.py", "serve", "--host", "127.0.0.1", "--port", str(self.port), *self.arguments]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=own_environment(self.data, self.environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + ready_s
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.answers(until):
                return self
            time.sleep(0.05)
        status = self.process.poll()
        self.kill()
        raise AssertionError(f"the server was not ready (exit status {status}):\n{self.tail()}")

    def answers(self, path: str) -> bool:
        """Whether the server answers `path` with a good status at this moment."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:
                good: bool = answer.status == 200
                return good
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """Power cut: the whole process group is gone at once, nothing is said goodbye to."""
        self._end(signal.SIGKILL, 10)

    def stop(self) -> None:
        """An orderly end; a server that does not follow it in 10 s is killed, and that fails the test."""
        if not self._end(signal.SIGTERM, 10):
            self.kill()
            raise AssertionError(f"the server did not stop in 10 s:\n{self.tail()}")

    def tail(self) -> str:
        """The end of what the server said."""
        return self.log.read_text(errors="replace")[-4000:] if self.log.exists() else "(no log)"

    def _end(self, how: int, patience_s: float) -> bool:
        if self.process is None:
            return True
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, how)
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            return False
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)  # a worker that outlived its parent
        self.process = None
        return True
