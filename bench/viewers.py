"""Synthetic screens: each holds the live stream open, fetches what changed as the page's script does, counts bytes."""

import json
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field


@dataclass
class Viewer:
    """One screen on one thread. Times are epoch seconds of this machine, as the server under test uses them too."""

    port: int
    wall: str = "main"
    idle_bytes: list[int] = field(default_factory=list)  # one live event without a new version
    change_bytes: list[int] = field(default_factory=list)  # event and answer of one new version
    heard: list[float] = field(default_factory=list)  # epoch seconds of each new version
    lags: list[float] = field(default_factory=list)  # seconds from event to whole answer
    _version: int | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _stream: socket.socket | None = None

    def start(self) -> "Viewer":
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        self._stop.set()
        if self._stream is not None:
            with suppress(OSError):
                self._stream.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join(5)

    def _watch(self) -> None:
        self._stream = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        self._stream.sendall(request("/api/events"))
        pending = b""
        with self._stream, suppress(OSError):
            while not self._stop.is_set():
                piece = self._stream.recv(65536)
                if not piece:
                    return
                pending += piece
                *events, pending = pending.split(b"\n\n")
                for event in events:
                    self._hear(event)

    def _hear(self, event: bytes) -> None:
        lines = [line[5:] for line in event.split(b"\n") if line.startswith(b"data:")]
        if not lines:
            return
        version = json.loads(lines[0])["v"]
        if version == self._version:
            self.idle_bytes.append(len(event) + 2)
            return
        self.heard.append(time.time())
        began = time.monotonic()
        have = "" if self._version is None else f"?have={self._version}"
        size = fetch(self.port, f"/api/view/{self.wall}{have}")
        if self._version is not None:  # the first answer is the whole picture, not a change
            self.change_bytes.append(len(event) + 2 + size)
            self.lags.append(time.monotonic() - began)
        self._version = version


def request(path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    ).encode()


def fetch(port: int, path: str) -> int:
    """The number of bytes, headers included, of one answer."""
    total = 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(request(path))
        while piece := connection.recv(65536):
            if not total and b" 200 " not in piece[:20]:
                raise RuntimeError(f"{path} answered {piece[:60]!r}")
            total += len(piece)
    return total
