"""A receiver of notices on this machine: it keeps what came, and answers as it is told."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Received:
    path: str
    headers: dict[str, str]  # by their names in lower case
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """`answer` is the status of the next answers. `waits` holds an answer back until it is set."""

    url: str = ""
    answer: int = 200
    got: list[Received] = field(default_factory=list)
    waits: threading.Event = field(default_factory=threading.Event)

    @property
    def ids(self) -> list[str]:
        return [received.headers["x-gridwall-id"] for received in self.got]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free loopback port, gone at the end."""
    receiver = Receiver()
    receiver.waits.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(
                Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            )
            receiver.waits.wait(20)
            self.send_response(receiver.answer)
            if receiver.answer in (301, 302, 307):
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the test looks at what came."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.waits.set()
        server.shutdown()
        thread.join()
        server.server_close()
